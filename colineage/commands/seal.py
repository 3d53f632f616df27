"""Commands for statements that are signed and logged now and read later: seal, open."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.resolve import require_readable
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_answer
from colineage.settings import settings_from

SealedOption = Annotated[
    Path | None,
    typer.Option(
        "--sealed",
        metavar="DIR",
        show_default=False,
        help="Keep the sealed bodies in this folder, readable by its owner alone; needed where the store is no file "
        "[default: the store's file and .sealed].",
    ),
]


def seal(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file of statements, in YAML or JSON.")
    ],
    *,
    sealed: SealedOption = None,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign and log statements whose words stay sealed. Anybody sees that something was said then, and can check it once it is opened.

    The words lie in a folder of yours, in no table of the store and in no export: back it up.
    """
    from colineage.answers.sealed import print_public_part, sealed_folder
    from colineage.answers.sealed import seal as seal_file
    from colineage.store_access import open_for_writing
    from colineage.views.sealed import seal_view
    from ingest.statements.ingest import read_drafts

    require_readable(file)
    drafts = read_drafts(file)  # so that a file with faults creates no store
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    folder = sealed_folder(settings, sealed)
    print_public_part(drafts)
    with open_for_writing(settings) as access:
        result = seal_file(access, file, folder)
    print_answer(result, seal_view, as_json=as_json)


def open_sealed(
    bundle: Annotated[
        str,
        typer.Argument(metavar="ID", help="A sealed statement, sha256:…, as `seal` printed it."),
    ],
    *,
    sealed: SealedOption = None,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a sealed statement. Its words join it, and a statement tells so; from then on it is as public as any other."""
    from colineage.answers.sealed import open_statement, sealed_folder
    from colineage.store_access import open_existing_for_writing
    from colineage.views.sealed import open_view

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    folder = sealed_folder(settings, sealed)
    with open_existing_for_writing(settings) as access:
        result = open_statement(access, bundle, folder)
    print_answer(result, open_view, as_json=as_json)
