"""Ingest a file of arXiv listings, one JSON object a line: each page of 1,000 is one append."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.errors import Fault, InputError
from graph.model.canonical import Json
from ingest.arxiv.context import IngestContext
from ingest.arxiv.paper.listing import ListingError
from ingest.arxiv.paper.to_bundle import SNAPSHOT, bundle_of, category_bundle, newer_record
from ingest.arxiv.snapshot.listing_line import read_value
from ingest.formats.json_lines import RefusedItem, file_digest, read_items
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import PAGE_SIZE, Report

_MOST_REASONS: Final = 50
_MOST_BYTES: Final = 64 * 2**20
"""Most bytes of refused lines kept in memory; a line can have 16 MiB."""


def ingest_snapshot(context: IngestContext, path: Path) -> Report:
    """Ingest the listings of a file into the store.

    Args:
        context: The store, the speaker and what else all routes take.
        path: One JSON object a line, plain or gzip, fields as `ingest.arxiv.snapshot.listing_line` says.

    Returns:
        The counts; lines that could not be read are counted as refused, their reasons are in the runs.

    Raises:
        InputError: The file can't be read, or holds no listing at all; the first reasons are listed.
    """
    run: dict[str, Json] = {"query": query_of(path), "answer": file_digest(path), "tool": SNAPSHOT}
    report = context.empty_report()
    for number, page in enumerate(_pages(path, context.latest()), start=1):
        if report.seen == 0 and not page.records:
            # So a file of something else is refused after its beginning, however long it is.
            faults = [Fault(refusal.where, "a listing", refusal.reason) for refusal in page.refused]
            nothing = [Fault("the file", "at least one listing", "none")]
            raise InputError(
                f"{path.name} holds nothing of arXiv", faults[:_MOST_REASONS] or nothing
            )
        report = context.commit(
            list(page.records.values()),
            [category_bundle(category) for category in page.categories],
            page.refused,
            run=run,
            params=[{"name": "page", "value": str(number)}],
            report=report,
        )
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
