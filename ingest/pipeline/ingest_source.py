"""Ingest an input of any source: make the records of its items, and commit them page by page."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.bundle.bundle import Bundle
from graph.clock import Clock
from graph.errors import BundleError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.interface import Companion, Source, SourceItem
from ingest.pipeline.commit_file import (
    Progress,
    SourceRecord,
    commit_records,
    refusal_if_ahead,
)
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
    records = _source_records(source.read(path), speaker.clock)
    return commit_records(store, speaker, source.name, records, run, progress=progress)


def _source_records(
    items: Iterable[SourceItem | RefusedItem], clock: Clock
) -> Iterator[SourceRecord | RefusedItem]:
    """Yield the record of each item, with those of its companions that say more than those before them."""
    companions = _Companions()
    for item in items:
        if isinstance(item, RefusedItem):
            yield item
            continue
        try:
            record = item.to_record()
        except BundleError as error:
            yield RefusedItem(item.where, str(error))
            continue
        # A record that is refused leaves its companions to the next one that has them.
        refusal = refusal_if_ahead(record, clock)
        yield refusal or SourceRecord(record, tuple(companions.records(item.companions())))


class _Companions:
    """Companions of the items so far: the time and the content of the newest of each."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[str, object]] = {}

    def records(self, companions: Iterable[Companion]) -> Iterator[Bundle]:
        """Yield the records of those that were not mentioned before, or say something else and are newer."""
        for companion in companions:
            at, content = companion.at or "", companion.content
            before = self._newest.get(companion.id)
            if before is not None and at <= before[0]:
                continue
            self._newest[companion.id] = (at, content)
            if before is None or content != before[1]:
                yield companion.to_record()
