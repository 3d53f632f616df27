"""Commands for keys: make, list, grant, end (revoke), forks, repair, trust, distrust."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from colineage.command_group import command_group
from colineage.exit_status import ExitStatus
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_answer, print_message
from colineage.settings import Settings, settings_from
from graph.errors import Fault, InputError
from graph.model.vocabulary import Scope

if TYPE_CHECKING:
    from colineage.store_access import WriteAccess

app = command_group(
    "key",
    "Manage keys, grants and trust. A grant lets a key speak for an author; records live by trusted runs.",
)

PublicKeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="A public key: ed25519: and 64 hex digits.")
]
RecoverOption = Annotated[
    bool,
    typer.Option(
        "--recover",
        help="Ask for the recovery words, and sign as the root: needed to end a working key's own grant.",
    ),
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="Sign without asking; needed where there is no terminal.")
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


@app.command("new-device")
def new_device(*, as_json: JsonOption = False) -> None:
    """Make your working key on another machine. At a terminal: asks for the recovery words, and shows none of them."""
    from colineage.answers.person import ask_for_root, make_working_key
    from colineage.terminal import refuse_without_terminal
    from colineage.views.key import person_view
    from graph.bundle.key_files import refuse_if_there
    from graph.clock import system_clock

    path = settings_from(os.environ).person_key
    refuse_without_terminal("the recovery words", "type them where you sit")
    refuse_if_there(path)
    result = make_working_key(path, ask_for_root(), system_clock)
    print_answer(result, person_view, as_json=as_json)


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
    target: Annotated[
        str,
        typer.Argument(
            metavar="GRANT|KEY",
            help="The id of a grant, sha256:… (`key list` shows them), or a key, ed25519:…, for all grants to it.",
        ),
    ],
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
    recover: RecoverOption = False,
    yes: YesOption = False,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """End a grant, or all grants to a key. What is said later under it doesn't count; earlier statements stay."""
    from colineage.answers.key_end import carry_out_end, plan_end
    from colineage.terminal import is_confirmed
    from colineage.views.key import end_view, plan_lines

    if none and head:
        fault = Fault("--none", "no --head beside it", ", ".join(head))
        raise InputError("what still counts can't be told", [fault])
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with _access_to_end(settings, recover=recover) as access:
        plan = plan_end(access, target, [] if none else head or None)
        print_message("\n".join(plan_lines(plan)))
        if not is_confirmed("End it?", is_agreed=yes):
            return ExitStatus.NO
        result = carry_out_end(access, plan, keeps_all=not none and not head)
    print_answer(result, end_view, as_json=as_json)
    return ExitStatus.DONE


def _access_to_end(settings: Settings, *, recover: bool) -> AbstractContextManager["WriteAccess"]:
    """Return the access of the speaker, or of the root that the recovery words are of."""
    from colineage.answers.person import ask_for_root
    from colineage.store_access import open_as_root, open_existing_for_writing
    from colineage.terminal import refuse_without_terminal

    if not recover:
        return open_existing_for_writing(settings)
    refuse_without_terminal("the recovery words", "type them where you sit")
    return open_as_root(settings, ask_for_root())


@app.command()
def forks(
    *,
    adopt: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Take this statement for your own from now on; may be repeated."
        ),
    ] = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was signed with the keys of this place elsewhere. It may be yours, or a thief's."""
    from colineage.answers.forks import adopt_forks, list_forks
    from colineage.own_key import keys_of_place
    from colineage.store_access import open_for_reading
    from colineage.views.key import forks_view

    settings = settings_from(os.environ, store=store, key=key)
    with open_for_reading(settings) as graph_store:
        keys = keys_of_place(settings)
        adopted = adopt_forks(graph_store, keys, adopt or [])
        result = {**list_forks(graph_store, keys), "adopted": adopted}
    print_answer(result, forks_view, as_json=as_json)


@app.command()
def repair(
    *,
    stolen: Annotated[
        str, typer.Option(metavar="KEY", help="The working key that was stolen, ed25519:….")
    ],
    good: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Your own last statement signed with it; may be repeated [default: shows candidates].",
        ),
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="Nothing that was signed with it is yours.")
    ] = False,
    bad: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="A statement of the thief's that lies before a good one; may be repeated.",
        ),
    ] = None,
    yes: YesOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Undo a theft of your working key. At a terminal: asks for the recovery words, and makes a new working key."""
    from colineage.answers.person import ask_for_root
    from colineage.answers.repair import carry_out_repair, refuse_without_heads
    from colineage.answers.repair_plan import plan_repair
    from colineage.store_access import open_as_root, open_for_reading
    from colineage.terminal import is_confirmed, refuse_without_terminal
    from colineage.views.repair import repair_lines, repair_view
    from graph.bundle.keys import parse_public_key

    key = parse_public_key(stolen)
    settings = settings_from(os.environ, store=store)
    if bool(good) == none:
        with open_for_reading(settings) as graph_store:
            refuse_without_heads(graph_store, key, settings.person_key)
    refuse_without_terminal("the recovery words", "type them where you sit")
    root = ask_for_root()
    with open_as_root(settings, root) as access:
        plan = plan_repair(access.store, access.speaker, key, good=good or [], bad=bad or [])
        print_message("\n".join(repair_lines(plan)))
        if not is_confirmed("Say this as the root, with a new working key?", is_agreed=yes):
            return ExitStatus.NO
        result = carry_out_repair(settings, access, root, key, plan)
    print_answer(result, repair_view, as_json=as_json)
    return ExitStatus.DONE


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
