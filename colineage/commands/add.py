"""Command that signs and stores handwritten statements: add."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.resolve import readable
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import answer
from colineage.settings import settings_from


def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file of statements, in YAML or JSON.")
    ],
    *,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign and store statements written by hand. Statements already made are not repeated."""
    from colineage.answers.attribution import behind
    from colineage.store_access import writing
    from colineage.views.verify import added_view
    from ingest.statements.ingest import add_file, read_drafts

    readable(file)
    read_drafts(file)  # so that a file with faults creates no store
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with writing(settings) as opened:
        added = add_file(opened.store, opened.voice, file)
        told = behind(opened.store, bundles=added.appended)
    found = {
        "file": str(file),
        "appended": list(added.appended),
        "unchanged": added.unchanged,
        "log_size": added.log_size,
        **told,
    }
    answer(found, added_view, as_json=as_json)
