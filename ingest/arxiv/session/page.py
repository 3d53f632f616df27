"""Page of records to store, built from one answer of the service: records, their categories, refused ones."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from graph.bundle.bundle import Bundle, RecordDraft
from graph.clock import is_date
from graph.errors import SourceError
from graph.model.model import BundleId
from ingest.arxiv.paper.identifiers import OAI_PREFIX
from ingest.arxiv.paper.listing import Listing, ListingError, Listings, RefusedListing
from ingest.arxiv.paper.to_bundle import category_bundle, draft_of, newer_record, validate_draft
from ingest.formats.xml import excerpt
from ingest.http.client import HttpResponse

_LAST_DAY: Final = "9999-12-31"

BodiesPresent: TypeAlias = Callable[[Sequence[BundleId]], frozenset[BundleId]]
"""Type of `GraphStore.bodies_present`."""


def no_bodies_present(_: Sequence[BundleId]) -> frozenset[BundleId]:
    """Return no records, as for an empty store, so that every record is validated."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Page of records to store; `digest` identifies the answer as it came."""

    records: tuple[Bundle, ...]
    categories: tuple[Bundle, ...]
    refused: tuple[RefusedListing, ...]
    digest: str

    def first_records(self, count: int, news: frozenset[BundleId]) -> "RecordPage":
        """Return the page with at most this many of its records, those among the news first."""
        records = sorted(self.records, key=lambda record: record.id not in news)[:count]
        return replace(self, records=tuple(records))


def expect_type(fetched: HttpResponse, media_types: frozenset[str]) -> None:
    """Refuse an answer of another media type.

    Raises:
        SourceError: It is another; the message quotes its first words.
    """
    if fetched.media_type not in media_types:
        got = fetched.media_type or "no media type"
        expected = max(media_types)
        raise SourceError(f"expected {expected}, got {got}: {excerpt(fetched.body)}")


def days_around(first: str, last: str | None) -> tuple[str, str]:
    """Return the first and last day that the answer to a query may hold: its own span, and one more day at each end.

    A day in UTC is another elsewhere. No more is required, so that no clock of the service can stop all harvests.
    """
    day = timedelta(days=1)
    before = date.fromisoformat(first) - day
    return str(before), str(date.fromisoformat(last) + day) if last else _LAST_DAY


def expect_days(days: Iterable[str], span: tuple[str, str]) -> None:
    """Refuse the answer to another query, such as one out of somebody's cache: it looks complete.

    Args:
        days: The days that its records give; what is no day is left to the reader of the record.
        span: The first and the last day allowed.

    Raises:
        SourceError: One is outside.
    """
    first, last = span
    other = next((day for day in days if not first <= day <= last and is_date(day)), None)
    if other is not None:
        until = "on" if last == _LAST_DAY else f"to {last}"
        raise SourceError(f"expected records from {first} {until}, got one of {other}")


def build_page(
    listings: Listings,
    data: Mapping[str, bytes],
    body: bytes,
    *,
    mapping: str,
    latest: str,
    bodies_present: BodiesPresent = no_bodies_present,
) -> RecordPage:
    """Build the page to store from the listings of an answer.

    Args:
        listings: The listings, and the records refused already.
        data: The source bytes of each listing, by `oai:arXiv.org:` and its id.
        body: The whole answer.
        mapping: The mapping of the route that read it.
        latest: The latest time that a store admits.
        bodies_present: Returns the records that the store has: validated when they came, they are not again.
    """
    refused = list(listings.refused)

    def refuse(error: ListingError, listing: Listing) -> None:
        where = f"{OAI_PREFIX}{listing.id}"
        source_bytes = data.get(where, b"")
        refused.append(
            RefusedListing(
                where, error.reason, hashlib.sha256(source_bytes).hexdigest(), source_bytes
            )
        )

    drafts: list[tuple[Listing, RecordDraft]] = []
    for listing in listings.listings:
        try:
            drafts.append((listing, draft_of(listing, mapping, latest=latest)))
        except ListingError as error:
            refuse(error, listing)
    present = bodies_present([draft.id for _, draft in drafts])
    records: dict[str, Bundle] = {}
    category_names: dict[str, None] = {}
    for listing, draft in drafts:
        try:
            bundle = (
                draft.to_admitted_record()
                if draft.id in present
                else validate_draft(draft, listing)
            )
        except ListingError as error:
            refuse(error, listing)
            continue
        # The service may list a paper twice while its lists shift.
        records[listing.id] = newer_record(records.get(listing.id), bundle)
        category_names.update(dict.fromkeys(listing.categories))
    categories = tuple(map(category_bundle, category_names))
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    return RecordPage(tuple(records.values()), categories, tuple(refused), digest)
