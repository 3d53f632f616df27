"""Ingest an input of any source: make the records of its items, and commit them page by page."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.interface import Source, SourceItem
from ingest.pipeline.commit_file import Progress, SourceRecord, commit_records
from ingest.pipeline.commit_page import Report


def ingest_source(
    source: Source,
    store: GraphStore,
    speaker: Speaker,
    path: Path,
    *,
    progress: Progress | None = None,
) -> Report:
    """Ingest a file or folder of a source into the store.

    Items are counted; what several of them mention gets one record beside them. `refused` counts the items that
    could not be ingested and the single claims that were dropped; the runs record the reasons.

    Args:
        source: The source that reads it.
        store: The store to append to.
        speaker: The one who vouches for the records.
        path: The input.
        progress: Called with the number of records seen.

    Raises:
        InputError: It can't be read, or holds nothing of the source.
        SourceError: A program that reads it is missing.
    """
    run = {**source.run_attributes(path), "tool": f"colineage ingest {source.name}"}
    records = _source_records(source.read(path))
    return commit_records(store, speaker, source.name, records, run, progress=progress)


def _source_records(
    items: Iterable[SourceItem | RefusedItem],
) -> Iterator[SourceRecord | RefusedItem]:
    """Yield the record of each item, with its companions that no record before it had."""
    companion_keys: set[str] = set()
    for item in items:
        if isinstance(item, RefusedItem):
            yield item
            continue
        try:
            record = item.to_record()
        except BundleError as error:
            yield RefusedItem(item.where, str(error))
            continue
        companions = item.companions(companion_keys)
        companion_keys |= companions.keys()
        yield SourceRecord(record, tuple(companions.values()))
