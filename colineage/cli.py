"""Command-line programs `colineage` and `ingest`: assembly of the commands, and error handling for all of them."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import typer

from colineage.command_group import command_group
from colineage.commands import add, erase, exchange, init, query, recommend, seal, serve, verify
from colineage.commands.ingest import app as ingest_app
from colineage.commands.key import app as key_app
from colineage.commands.log import app as log_app
from colineage.exit_status import EXIT_STATUS_HELP, ExitStatus, error_to_json, status_of
from colineage.output import print_json, print_message

app = command_group(
    "colineage",
    "Show which ideas came from whom, human or AI, and let anyone verify it. " + EXIT_STATUS_HELP,
)
for group in (ingest_app, key_app, log_app):
    app.add_typer(group)
for command in (
    *(init.init, add.add, seal.seal, erase.erase),
    *(query.stats, query.show, query.search, query.lineage, query.who),
    *(recommend.embed, recommend.related, recommend.directions),
    *(verify.audit, verify.verify, verify.rebuild),
    *(exchange.export, exchange.pull, exchange.copy),
    *(serve.serve,),
):
    app.command()(command)
app.command("open")(seal.open_sealed)


def main() -> None:
    """Run the command `colineage`."""
    gc.freeze()  # imported modules live until exit: no garbage collection needs to scan them
    sys.exit(run(app, "colineage", sys.argv[1:]))


def ingest() -> None:
    """Run the command `ingest`, the same as `colineage ingest`."""
    gc.freeze()
    sys.exit(run(ingest_app, "ingest", sys.argv[1:]))


def run(commands: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Run one command; turn an error into a message and an exit status.

    Args:
        commands: The program's commands.
        name: Name of the program, for usage messages.
        arguments: Command-line arguments after the name.

    Returns:
        The exit status (`ExitStatus`).
    """
    as_json = "--json" in arguments[: _end_of_options(arguments)]
    _prepare_streams()
    try:
        status = _run(commands, name, arguments, as_json=as_json)
        sys.stdout.flush()
    except (BrokenPipeError, _OutputClosed):
        _discard_output(sys.stdout)
        return ExitStatus.BROKEN_PIPE
    except OSError as error:
        _discard_output(sys.stdout)
        print_message(f"Error: stdout: {error.strerror or error}")
        return ExitStatus.UNUSABLE
    return status


class _OutputClosed(Exception):  # noqa: N818 - no error, like KeyboardInterrupt
    """Signal that the reader of stdout closed the pipe."""


def _run(commands: typer.Typer, name: str, arguments: Sequence[str], *, as_json: bool) -> int:
    try:
        result = commands(args=list(arguments), prog_name=name, standalone_mode=False)
    except SystemExit as error:
        # click ends a command so on a broken pipe; nothing else in it raises SystemExit.
        raise _OutputClosed from error
    except KeyboardInterrupt:
        result = ExitStatus.INTERRUPTED
    except typer.TyperException as error:
        return _report_error(
            error, ExitStatus.USAGE_ERROR, _usage_message(error, name), as_json=as_json
        )
    except Exception as error:  # noqa: BLE001 - the last place that can report an error
        status = status_of(error)
        if status is ExitStatus.INTERNAL_ERROR:
            print_message(traceback.format_exc())
        return _report_error(error, status, _error_message(error, status), as_json=as_json)
    if result == ExitStatus.INTERRUPTED:
        message = "interrupted: what was stored stays, and the same command goes on from there"
        return _report_error(KeyboardInterrupt(), ExitStatus.INTERRUPTED, message, as_json=as_json)
    return int(result or 0)


def _report_error(
    error: BaseException, status: ExitStatus, message: str, *, as_json: bool
) -> ExitStatus:
    if as_json:
        print_json(error_to_json(error, message))
    print_message(f"Error: {message}")
    return status


def _usage_message(error: typer.TyperException, name: str) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else name
    return f"{error.format_message()} (see {path} --help)"


def _error_message(error: Exception, status: ExitStatus) -> str:
    if status is ExitStatus.INTERNAL_ERROR:
        return f"this should not happen: {type(error).__name__}: {error}; please report it"
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}"
    return str(error)


def _end_of_options(arguments: Sequence[str]) -> int:
    """Return the index of `--`, after which every argument is text; without one, the number of arguments."""
    return arguments.index("--") if "--" in arguments else len(arguments)


def _discard_output(stream: TextIO) -> None:
    """Send unwritten output to the null device, so that Python's flush at exit doesn't fail again."""
    with suppress(OSError, ValueError):
        null_device = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null_device, stream.fileno())
        os.close(null_device)


def _prepare_streams() -> None:
    """Make stdout and stderr accept any text: a character that the encoding lacks is printed as its escape.

    A stream that was closed before the start is replaced by the null device.
    """
    null_device = Path(os.devnull)
    sys.stdout = sys.stdout or null_device.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or null_device.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
