"""Commands for keys: make, list, grant, end (revoke), trust, distrust."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.command_group import command_group
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_answer
from colineage.settings import settings_from
from graph.errors import Fault, InputError
from graph.model.vocabulary import Scope

app = command_group(
    "key",
    "Manage keys, grants and trust. A grant lets a key speak for an author; records live by trusted runs.",
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
    from colineage.answers.key import make_key
    from colineage.views.key import new_view

    result = make_key(file or settings_from(os.environ, key=key).key)
    print_answer(result, new_view, as_json=as_json)


@app.command("list")
def list_keys(
    *, store: StoreOption = None, key: KeyOption = None, as_json: JsonOption = False
) -> None:
    """List this installation's key and all authors. Of each author in the store: its grants and what counts."""
    from colineage.answers.key import list_authors
    from colineage.store_access import may_exist, open_for_reading
    from colineage.views.key import list_view

    settings = settings_from(os.environ, store=store, key=key)
    if store is None and not may_exist(settings):
        result = list_authors(None, settings.key)
    else:
        with open_for_reading(settings) as graph_store:
            result = list_authors(graph_store, settings.key)
    print_answer(result, list_view, as_json=as_json)


@app.command()
def grant(
    public_key: PublicKeyArgument,
    *,
    scope: Annotated[
        Scope,
        typer.Option(
            metavar="say|harvest|act",
            help="Allow say: make statements; harvest: vouch for records, and take that back; or act: both, and "
            "end what the author stated.",
        ),
    ] = Scope.SAY,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grant a key the right to speak for an author. That key then names the printed grant with --under."""
    from colineage.answers.key import make_grant
    from colineage.store_access import open_for_writing
    from colineage.views.key import grant_view
    from graph.bundle.keys import parse_public_key

    parse_public_key(public_key)  # so that a wrong one creates no store
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with open_for_writing(settings) as access:
        result = make_grant(access, public_key, scope)
    print_answer(result, grant_view, as_json=as_json)


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
        bool,
        typer.Option(
            "--none", help="Let nothing that was said under the grant, or below it, count."
        ),
    ] = False,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a grant. What is said later under it, or below it, doesn't count; earlier statements stay."""
    from colineage.answers.key import end_grant
    from colineage.store_access import open_existing_for_writing
    from colineage.views.key import end_view

    if none and head:
        fault = Fault("--none", "no --head beside it", ", ".join(head))
        raise InputError("what still counts can't be told", [fault])
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with open_existing_for_writing(settings) as access:
        result = end_grant(access, grant_id, [] if none else head or None)
    print_answer(result, end_view, as_json=as_json)


@app.command()
def trust(
    public_key: PublicKeyArgument, *, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Trust an author. The records that its runs vouch for live here; this makes no statement and stays local."""
    from colineage.answers.key import trust_key
    from colineage.store_access import open_for_reading
    from colineage.views.key import trust_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = trust_key(graph_store, public_key)
    print_answer(result, trust_view, as_json=as_json)


@app.command()
def distrust(
    public_key: PublicKeyArgument, *, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Distrust an author. No record lives here by its runs alone; its statements stay."""
    from colineage.answers.key import distrust_key
    from colineage.store_access import open_for_reading
    from colineage.views.key import trust_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = distrust_key(graph_store, public_key)
    print_answer(result, trust_view, as_json=as_json)
