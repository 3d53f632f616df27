"""Command that signs and stores handwritten statements: add."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.resolve import require_readable
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_answer
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
    from colineage.answers.attribution import attribution_fields
    from colineage.store_access import open_for_writing
    from colineage.views.ingest import add_view
    from ingest.statements.ingest import add_file, read_drafts

    require_readable(file)
    read_drafts(file)  # so that a file with faults creates no store
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    with open_for_writing(settings) as access:
        outcome = add_file(access.store, access.speaker, file)
        attribution = attribution_fields(access.store, bundles=outcome.appended)
    result = {
        "file": str(file),
        "appended": list(outcome.appended),
        "unchanged": outcome.unchanged,
        "log_size": outcome.log_size,
        **attribution,
    }
    print_answer(result, add_view, as_json=as_json)
