"""Convert one answer of the query API to a page to store, with the number of papers it announced."""

from dataclasses import dataclass
from typing import Final

from graph.errors import RefusedError, SourceError
from ingest.arxiv.api.atom import read_feed
from ingest.arxiv.api.query import name_of, read_entries
from ingest.arxiv.paper.to_bundle import API
from ingest.arxiv.session.page import (
    BodiesPresent,
    RecordPage,
    build_page,
    expect_type,
    no_bodies_present,
)
from ingest.http.client import HttpResponse

_ATOM: Final = frozenset({"application/atom+xml", "application/xml", "text/xml"})
# Words of the faults that lie in the query: https://info.arxiv.org/help/api/user-manual.html, section 3.4.
_OUR_FAULT: Final = ("incorrect", "malformed", "must", "non-negative", "exceed")


@dataclass(frozen=True, slots=True)
class WindowPage:
    """Page of a time window: `total` papers announced, `received` different ones, and `days` of first submission."""

    total: int
    received: int
    page: RecordPage
    days: tuple[str, ...] = ()


def window_page_of(
    fetched: HttpResponse,
    *,
    size: int,
    latest: str,
    bodies_present: BodiesPresent = no_bodies_present,
) -> WindowPage:
    """Return the page of an answer that was requested from its first entry on.

    Args:
        fetched: The HTTP response.
        size: Number of entries requested.
        latest: The latest time that a store admits.
        bodies_present: Returns the records that the store has.

    Raises:
        SourceError: It is no Atom feed, starts elsewhere, holds more than was requested or announced,
            or is an error that may pass; requesting it again may help.
        RefusedError: The service refuses the query.
    """
    expect_type(fetched, _ATOM)
    feed = read_feed(fetched.body)
    for fault, words in feed.errors:
        message = f"arXiv says {' '.join(fault.split())[:100] or 'error'}: {words}"
        if any(word in fault or word in words for word in _OUR_FAULT):
            raise RefusedError(f"{fetched.url}: {message}")
        raise SourceError(message)
    if feed.start != 0:
        raise SourceError(f"expected the page from entry 0 on, got it from {feed.start}")
    if len(feed.entries) > size:
        raise SourceError(f"expected at most {size} entries, got {len(feed.entries)}")
    data = {f"oai:arXiv.org:{name_of(entry)}": entry.data for entry in feed.entries}
    if len(data) > feed.total:
        raise SourceError(f"expected the {feed.total} papers announced, got {len(data)}")
    listings = read_entries(feed.entries)
    page = build_page(
        listings, data, fetched.body, mapping=API, latest=latest, bodies_present=bodies_present
    )
    days = tuple((entry.text("published") or "").strip()[:10] for entry in feed.entries)
    return WindowPage(feed.total, len(data), page, days)
