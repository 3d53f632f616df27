"""Ingest a file of arXiv listings, one JSON object a line: each page of 1,000 is one append."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.clock import latest_admissible
from graph.errors import Fault, InputError
from graph.model.canonical import Json, canonical_bytes
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.missing_pdfs import new_version_params
from ingest.arxiv.paper.listing import ListingError
from ingest.arxiv.paper.to_bundle import SNAPSHOT, bundle_of, category_bundle, newer_record
from ingest.arxiv.snapshot.listing_line import read_value
from ingest.formats.json_lines import RefusedItem, file_digest, read_items
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import PAGE_SIZE, Report
from ingest.pipeline.quarantine import NO_QUARANTINE, Quarantine
from ingest.pipeline.run_log import commit_run

_MOST_REASONS: Final = 50
_MOST_BYTES: Final = 64 * 2**20
"""Most bytes of refused lines kept in memory; a line can have 16 MiB."""


def ingest_snapshot(
    store: GraphStore,
    speaker: Speaker,
    path: Path,
    *,
    quarantine: Quarantine = NO_QUARANTINE,
    progress: Callable[[int], None] | None = None,
    naming_new: bool = False,
) -> Report:
    """Ingest the listings of a file into the store.

    Args:
        store: The store to append to.
        speaker: The one who vouches for the records.
        path: One JSON object a line, plain or gzip, fields as `ingest.arxiv.snapshot.listing_line` says.
        quarantine: The file for refused lines.
        progress: Called after each page with the number of records seen.
        naming_new: True to let each run name the versions that it saw first (`ingest.arxiv.missing_pdfs`).

    Returns:
        The counts; lines that could not be read are counted as refused, their reasons are in the runs.

    Raises:
        InputError: The file can't be read, or holds no listing at all; the first reasons are listed.
    """
    name = query_of(path)
    run: dict[str, Json] = {"query": name, "answer": file_digest(path), "tool": SNAPSHOT}
    report = Report("arxiv", log_size=store.checkpoint().size)
    for number, page in enumerate(_pages(path, latest_admissible(speaker.clock())), start=1):
        if report.seen == 0 and not page.records:
            # So a file of something else is refused after its beginning, however long it is.
            faults = [Fault(refusal.where, "a listing", refusal.reason) for refusal in page.refused]
            nothing = [Fault("the file", "at least one listing", "none")]
            raise InputError(
                f"{path.name} holds nothing of arXiv", faults[:_MOST_REASONS] or nothing
            )
        quarantine.keep(name, page.refused)
        version_params = new_version_params(store, page.records.values()) if naming_new else []
        params: Json = sorted(
            [*version_params, {"name": "page", "value": str(number)}], key=canonical_bytes
        )
        report = _commit(store, speaker, page, run | {"params": params}, report)
        if progress:
            progress(report.seen)
    return replace(report, complete=True)


def query_of(path: Path) -> str:
    """Return the name of a file that its runs give as their query."""
    # A name on a Mac is not in NFC, and one on Linux may be no text at all.
    return one_line(path.name) or "?"


def works_of(path: Path) -> Iterator[str]:
    """Yield the works that a file lists, in its order.

    Raises:
        InputError: The file can't be read.
    """
    for item in read_items(path):
        if not isinstance(item, RefusedItem):
            with contextlib.suppress(ListingError):
                yield f"arxiv:{read_value(item.value, item.where).id}"


@dataclass(slots=True)
class _SnapshotPage:
    """Page of records by slot, the categories they name, and the lines refused between them."""

    records: dict[str, Bundle] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)
    refused: list[RefusedItem] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """True when it holds as many records, or as many refused lines or bytes of them, as a page may."""
        if max(len(self.records), len(self.refused)) >= PAGE_SIZE:
            return True
        return sum(len(refusal.data) for refusal in self.refused) > _MOST_BYTES


def _pages(path: Path, latest: str) -> Iterator[_SnapshotPage]:
    """Yield pages of 1,000 records; one holds none where only refused lines were left, or a page full of them follows."""
    page = _SnapshotPage()
    for item in read_items(path):
        if page.is_full:
            yield page
            page = _SnapshotPage()
        if isinstance(item, RefusedItem):
            page.refused.append(item)
            continue
        try:
            listing = read_value(item.value, item.where)
            bundle = bundle_of(listing, SNAPSHOT, latest=latest)
        except ListingError as error:
            page.refused.append(RefusedItem(item.where, error.reason, item.data))
            continue
        page.records[listing.id] = newer_record(page.records.get(listing.id), bundle)
        page.categories.update(dict.fromkeys(listing.categories))
    yield page


def _commit(
    store: GraphStore, speaker: Speaker, page: _SnapshotPage, run: dict[str, Json], report: Report
) -> Report:
    categories = [category_bundle(name) for name in page.categories]
    records = list(page.records.values())
    return commit_run(
        store, speaker, records, run, report, companions=categories, refusals=page.refused
    )
