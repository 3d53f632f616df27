"""Commands for keys: make, list, grant, end (revoke), resign, trust, distrust."""

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
    help="Manage keys, grants and trust. A grant lets a key speak for an author; records live by trusted runs.",
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
            help="Write the key to this file [default: the file of this installation's own key].",
        ),
    ] = None,
    *,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new key file. Only its owner can read it; prints the public key, overwrites nothing."""
    from colineage.answers.key import made
    from colineage.views.key import made_view

    found = made(file or settings_from(os.environ, key=key).key)
    answer(found, made_view, as_json=as_json)


@app.command("list")
def list_keys(
    *, store: StoreOption = None, key: KeyOption = None, as_json: JsonOption = False
) -> None:
    """List this installation's key and all authors. Of each author in the store: its grants and what counts."""
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
            metavar="say|act",
            help="Allow say: make statements; or act: also retract for the author.",
        ),
    ] = Scope.SAY,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grant a key the right to speak for an author. That key then names the printed grant with --under."""
    from colineage.answers.key import granted
    from colineage.store_access import writing
    from colineage.views.key import granted_view
    from graph.bundle.keys import checked_key

    checked_key(public_key)  # so that a wrong one creates no store
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
            help="Keep this last statement, with all before it, counting; may be repeated "
            "[default: the last ones in this store].",
        ),
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="Let no statement made under the grant count any more.")
    ] = False,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a grant. Later statements of its key don't count; earlier ones stay."""
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
    yes: Annotated[
        bool, typer.Option("--yes", help="Don't ask for confirmation, although it can't be undone.")
    ] = False,
    under: UnderOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Resign this key (with --under, its grant). No later statement counts; can't be undone."""
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
    """Trust an author. The records that its runs vouch for live here; this makes no statement and stays local."""
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
    """Distrust an author. No record lives here by its runs alone; its statements stay."""
    from colineage.answers.key import distrusting
    from colineage.store_access import reading
    from colineage.views.key import trust_view

    with reading(settings_from(os.environ, store=store)) as opened:
        found = distrusting(opened, public_key)
    answer(found, trust_view, as_json=as_json)


def _agrees(actor: str, store: str) -> bool:
    """Ask the person at the terminal to confirm; return whether the answer is yes.

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
