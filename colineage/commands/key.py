"""Commands about keys: who may speak for whom here, and whose runs count."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from colineage.exit_status import Status
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import answer, talk
from colineage.settings import settings_from
from graph.errors import Fault, InputError
from graph.model.vocabulary import Scope

app = typer.Typer(
    name="key",
    help="Keys: who may speak for whom, and whose runs make records live here.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PublicKeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="A public key: ed25519: and 64 hex digits.")
]
GrantArgument = Annotated[
    str, typer.Argument(metavar="GRANT", help="The id of a grant, sha256:…; `key list` shows them.")
]


@app.command()
def new(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Where to keep it [default: where this installation's own key is kept].",
        ),
    ] = None,
    *,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """A new key in a file that only its owner reads; prints its public key, overwrites nothing."""
    from colineage.answers.key import made
    from colineage.views.key import made_view

    found = made(file or settings_from(os.environ, key=key).key)
    answer(found, made_view, as_json=as_json)


@app.command("list")
def list_keys(
    *, store: StoreOption = None, key: KeyOption = None, as_json: JsonOption = False
) -> None:
    """This installation's key; and who speaks in the store: authors, their grants, what counts."""
    from colineage.answers.key import listed
    from colineage.store_access import is_there, reading
    from colineage.views.key import listed_view

    settings = settings_from(os.environ, store=store, key=key)
    if store is None and not is_there(settings):
        found = listed(None, settings.key)
    else:
        with reading(settings) as opened:
            found = listed(opened, settings.key)
    answer(found, listed_view, as_json=as_json)


@app.command()
def grant(
    public_key: PublicKeyArgument,
    *,
    scope: Annotated[
        Scope,
        typer.Option(
            metavar="say|act", help="say: make statements; act: also retract for the author."
        ),
    ] = Scope.SAY,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lets another key speak for this author; prints the grant, which it then names with --under."""
    from colineage.answers.key import granted
    from colineage.store_access import writing
    from colineage.views.key import granted_view
    from graph.bundle.keys import checked_key

    checked_key(public_key)  # a wrong one makes no store
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with writing(settings) as opened:
        found = granted(opened, public_key, scope)
    answer(found, granted_view, as_json=as_json)


@app.command()
def end(
    grant_id: GrantArgument,
    *,
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="A last statement that still counts, with all before it; may be repeated "
            "[default: the last ones in this store].",
        ),
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="Nothing that was said under it counts any more.")
    ] = False,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ends a grant: from now on its key says nothing that counts; what it said before stays."""
    from colineage.answers.key import ended
    from colineage.store_access import speaking
    from colineage.views.key import ended_view

    if none and head:
        fault = Fault("--none", "no --head beside it", ", ".join(head))
        raise InputError("what still counts can't be told", [fault])
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with speaking(settings) as opened:
        found = ended(opened, grant_id, [] if none else head or None)
    answer(found, ended_view, as_json=as_json)


@app.command()
def resign(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask: it can't be taken back.")] = False,
    under: UnderOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ends this key itself (or lays down a grant): nothing it says later counts; never undone."""
    from colineage.answers.key import resigned
    from colineage.store_access import speaking
    from colineage.views.key import resigned_view

    settings = settings_from(os.environ, store=store, key=key, under=under)
    with speaking(settings) as opened:
        if not (yes or _agrees(opened.voice.actor, settings.store)):
            talk("Nothing was stored.")
            return Status.NO
        found = resigned(opened)
    answer(found, resigned_view, as_json=as_json)
    return Status.DONE


@app.command()
def trust(
    public_key: PublicKeyArgument, *, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """From now on this author's runs make records live here; it says nothing and is told nobody."""
    from colineage.answers.key import trusting
    from colineage.store_access import reading
    from colineage.views.key import trust_view

    with reading(settings_from(os.environ, store=store)) as opened:
        found = trusting(opened, public_key)
    answer(found, trust_view, as_json=as_json)


@app.command()
def distrust(
    public_key: PublicKeyArgument, *, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """From now on no record lives here by this author's runs alone; its statements stay."""
    from colineage.answers.key import distrusting
    from colineage.store_access import reading
    from colineage.views.key import trust_view

    with reading(settings_from(os.environ, store=store)) as opened:
        found = distrusting(opened, public_key)
    answer(found, trust_view, as_json=as_json)


def _agrees(actor: str, store: str) -> bool:
    """Whether the person at the terminal means it.

    Raises:
        InputError: There is no terminal to ask at.
    """
    if not (sys.stdin and sys.stdin.isatty()):
        raise InputError(
            "this can't be taken back",
            [Fault("--yes", "--yes, or a terminal to ask at", "neither")],
        )
    talk(f"{actor} will say nothing more that counts, in {store} or wherever this is pulled to.")
    talk("This can't be taken back. Type yes to go on:")
    return sys.stdin.readline().strip().lower() == "yes"
