"""Commands that let a log out and bring one in: export, pull, copy."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.options import JsonOption, KeyOption, StoreOption
from colineage.output import answer, progress
from colineage.settings import settings_from

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="KEY",
        show_default=False,
        help="The key, ed25519:…, under which the other log must be signed [default: as it was "
        "seen before, else as it says].",
    ),
]


def export(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A new folder, or an earlier export of this log."),
    ],
    *,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Writes the log as plain files, signed: a backup, and what others can pull and check.

    Into the same folder again, only what is new is written.
    """
    from colineage.answers.exchange import export_of
    from colineage.store_access import reading
    from colineage.views.exchange import exported_view
    from graph.bundle.keys import installation_key

    settings = settings_from(os.environ, store=store, key=key)
    with reading(settings) as opened, progress("export: bundles written") as told:
        found = export_of(opened, folder, installation_key(settings.key), told)
    answer(found, exported_view, as_json=as_json)


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
            "--trust", help="From now on records live here by the word of that log's key."
        ),
    ] = False,
    seen: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Where it is kept what was seen of other logs "
            "[default: COLINEAGE_SEEN, else ~/.local/state/colineage/seen].",
        ),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Brings in the bundles of another log, once all of it holds; says nothing itself.

    Exit status 1 where that log does not hold, was rolled back or forked, or is signed by another key.
    """
    from colineage.answers.exchange import pull_of, seen_folder
    from colineage.views.exchange import pulled_view

    settings = settings_from(os.environ, store=store)
    pins = seen_folder(os.environ, seen)
    with progress("pull: bundles") as told:
        found = pull_of(settings, place, pins, key=from_key, trust=trust, progress=told)
    answer(found, pulled_view, as_json=as_json)


def copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="A store like sqlite:a.db, or an export's folder.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="A store: empty, or the beginning of a copy.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Copies a log whole into another store: the same bundles in the same places, name and trust.

    Stopped, the same command goes on. A backup is brought back so: colineage copy DIR sqlite:new.db.
    """
    from colineage.answers.exchange import copy_of
    from colineage.views.exchange import copied_view

    settings = settings_from(os.environ)
    with progress("copy: bundles") as told:
        found = copy_of(source, target, patience_s=settings.patience_s, progress=told)
    answer(found, copied_view, as_json=as_json)
