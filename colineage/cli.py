"""The commands `colineage` and `ingest`: they are put together here, and their errors end here."""

import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from colineage.commands import ask, hold, say, serve, suggest
from colineage.commands.ingest import app as ingest_app
from colineage.output import print_json, talk
from colineage.status import EXPLAINED, Status, error_to_json, status_of

app = typer.Typer(
    name="colineage",
    help="Which ideas came from whom, human or AI, and can I check it? " + EXPLAINED,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(ingest_app, name="ingest")
for command in (
    *(say.add,),
    *(ask.stats, ask.show, ask.search, ask.lineage, ask.who),
    *(suggest.embed, suggest.related, suggest.directions),
    *(hold.audit, hold.verify, hold.rebuild),
    *(serve.serve,),
):
    app.command()(command)


def main() -> None:
    """The command `colineage`."""
    sys.exit(run(app, "colineage", sys.argv[1:]))


def ingest() -> None:
    """The command `ingest`: the same as `colineage ingest`."""
    sys.exit(run(ingest_app, "ingest", sys.argv[1:]))


def run(commands: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Runs one command and turns what goes wrong into words and an exit status.

    Args:
        commands: Which commands there are.
        name: What the program is called.
        arguments: What was typed after the name.

    Returns:
        The exit status (`Status`).
    """
    as_json = "--json" in arguments[: _end_of_options(arguments)]
    _print_anything()
    try:
        found = commands(args=list(arguments), prog_name=name, standalone_mode=False)
    except KeyboardInterrupt:
        found = Status.INTERRUPTED
    except typer.TyperException as error:
        return _failed(error, Status.ASKED_WRONGLY, _usage(error, name), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last place where an error can be told
        status = status_of(error)
        if status is Status.OUR_FAULT:
            talk(traceback.format_exc())
        return _failed(error, status, _words(error, status), as_json=as_json)
    if found == Status.INTERRUPTED:
        words = "interrupted: what was stored stays, and the same command goes on from there"
        return _failed(KeyboardInterrupt(), Status.INTERRUPTED, words, as_json=as_json)
    return int(found or 0)


def _failed(error: BaseException, status: Status, words: str, *, as_json: bool) -> Status:
    if as_json:
        print_json(error_to_json(error, words))
    talk(f"Error: {words}")
    return status


def _usage(error: typer.TyperException, name: str) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else name
    return f"{error.format_message()} (see {path} --help)"


def _words(error: Exception, status: Status) -> str:
    if status is Status.OUR_FAULT:
        return f"this should not happen: {type(error).__name__}: {error}; please report it"
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}"
    return str(error)


def _end_of_options(arguments: Sequence[str]) -> int:
    """Where `--` ends the options: what follows is text, whatever it looks like."""
    return arguments.index("--") if "--" in arguments else len(arguments)


def _print_anything() -> None:
    """A character that the terminal's encoding lacks is shown by its number, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
