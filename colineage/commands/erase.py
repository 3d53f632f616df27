"""Command that erases what bundles say: erase."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from colineage.exit_status import ExitStatus
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_answer, print_message
from colineage.settings import settings_from
from graph.errors import Fault, InputError


def erase(
    bundles: Annotated[
        list[str],
        typer.Argument(
            metavar="ID…",
            help="Bundles, sha256:…, each yours to end, or a record that you vouch for.",
        ),
    ],
    *,
    reason: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="Why: anybody may read it, for good, in at most 4,096 bytes."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    sealed: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Remove sealed bodies from this folder [default: the store's file and .sealed].",
        ),
    ] = None,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> ExitStatus:
    """Erase what bundles say, for good: from the store, its files, and every store that pulls this.

    Their headers stay, and a tombstone: who erased it, when and why. Exit status 75 where bytes are left in the store's files as
    another process reads it: the same command removes them later.
    """
    from colineage.answers.erase import bundles_to_erase, print_loss
    from colineage.answers.erase import erase as erase_bundles
    from colineage.answers.sealed import sealed_folder_if_any
    from colineage.store_access import open_existing_for_writing
    from colineage.views.erase import erase_view

    if not reason.strip():
        fault = Fault("--reason", "why, in words", "nothing")
        raise InputError("nothing is erased", [fault])
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with open_existing_for_writing(settings) as access:
        stored = bundles_to_erase(access, bundles)
        print_loss(access.store, stored)
        if not yes and not _is_confirmed():
            print_message("Nothing is erased.")
            return ExitStatus.NO
        folder = sealed_folder_if_any(settings, sealed)
        result = erase_bundles(access, stored, reason, folder)
    print_answer(result, erase_view, as_json=as_json)
    if result["try_again"]:
        return ExitStatus.TRY_AGAIN_LATER
    return ExitStatus.NO if result["not_erased"] else ExitStatus.DONE


def _is_confirmed() -> bool:
    """Ask on the terminal.

    Raises:
        InputError: There is none.
    """
    if not sys.stdin.isatty():
        fault = Fault("--yes", "--yes, where no terminal can be asked", "neither")
        raise InputError("nothing is erased", [fault])
    return typer.confirm("Erase it?", default=False, err=True)
