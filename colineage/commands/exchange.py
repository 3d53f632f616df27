"""Commands that exchange logs: export (backup), pull (synchronise), copy (migrate a store)."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.options import FromOption, JsonOption, KeyOption, StoreOption
from colineage.output import print_answer, progress
from colineage.settings import settings_from


def export(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder, or an earlier export of this log."),
    ],
    *,
    sealed: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Copy the sealed bodies of the store's file, which no export holds, into this other folder of yours.",
        ),
    ] = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export the log as plain signed files. They are a backup, and a copy for others to pull and verify.

    Repeated into the same folder, it writes only what is new.
    """
    from colineage.answers.exchange import export_log
    from colineage.answers.sealed import back_up_sealed
    from colineage.store_access import open_for_reading
    from colineage.views.exchange import export_view
    from graph.bundle.key_files import installation_key

    settings = settings_from(os.environ, store=store, key=key)
    sealed_bodies = None if sealed is None else back_up_sealed(settings, folder, sealed)
    with open_for_reading(settings) as graph_store, progress("export: bundles written") as update:
        result = export_log(graph_store, folder, installation_key(settings.key), update)
    result["sealed"] = sealed_bodies
    print_answer(result, export_view, as_json=as_json)


def pull(
    place: Annotated[
        str,
        typer.Argument(metavar="DIR|URL", help="An export, or the /log of a colineage serve."),
    ],
    *,
    from_key: FromOption = None,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Trust the key of that log: the records that it vouches for live here, too.",
        ),
    ] = False,
    seen: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Keep the last seen checkpoints of other logs in this folder "
            "[default: COLINEAGE_SEEN, else ~/.local/state/colineage/seen].",
        ),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pull the bundles of another log. All of it is verified first; no statement is made.

    Exit status 1 if that log does not verify, was rolled back or forked, or is signed by another key.
    """
    from colineage.answers.exchange import pull_log, seen_folder
    from colineage.views.exchange import pull_view

    settings = settings_from(os.environ, store=store)
    pins = seen_folder(os.environ, seen)
    with progress("pull: bundles") as update:
        result = pull_log(settings, place, pins, key=from_key, trust=trust, progress=update)
    print_answer(result, pull_view, as_json=as_json)


def copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="A store like sqlite:a.db, or an export's folder.")
    ],
    target: Annotated[
        str,
        typer.Argument(metavar="TO", help="A store: empty, or an unfinished copy of the same log."),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Copy a whole log into another store. The copy has the same bundles at the same positions, name and trust.

    After an interruption, the same command resumes. Restore a backup: colineage copy DIR sqlite:new.db.
    """
    from colineage.answers.exchange import copy_log
    from colineage.views.exchange import copy_view

    settings = settings_from(os.environ)
    with progress("copy: bundles") as update:
        result = copy_log(source, target, patience_s=settings.patience_s, progress=update)
    print_answer(result, copy_view, as_json=as_json)
