"""Build queries for arXiv's query API, and read its entries into listings, by the models of the `arxiv` package.

The package's client is not used: it takes a web page for an empty answer, mends what is cut, and leaves out entries
that it can't read. It writes the unknown as "" and the year 1; here that is `None`.

Atom gives the newest version, its date, and the date of the first; arXiv numbers versions from 1 without a gap
(https://info.arxiv.org/help/versions.html), so those between exist, and nothing else is known of them.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from arxiv import Result, Search, SortCriterion, SortOrder

from graph.clock import is_time, stamp
from graph.errors import Fault
from ingest.arxiv.api.atom import Entry
from ingest.arxiv.paper.identifiers import work_id
from ingest.arxiv.paper.listing import (
    ListedAuthor,
    ListedVersion,
    Listing,
    ListingError,
    Listings,
    RefusedListing,
)
from ingest.arxiv.paper.subjects import subjects_of
from ingest.arxiv.paper.tex_text import clean, line, paragraphs, served_name
from ingest.formats.xml import MARKUP

_ABSTRACT_URL: Final = re.compile(
    r"https?://(?:[a-z]+\.)?arxiv\.org/abs/(\S+?)(?:v([1-9]\d{0,5}))?", re.ASCII
)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
# More is no paper's number: the greatest that arXiv has is below 200.
_MOST_VERSIONS: Final = 1000


def window_query(categories: tuple[str, ...], start: datetime, end: datetime) -> Search:
    """Return the query for papers first submitted from one minute to another, in any of the categories, the oldest first.

    The next window starts with the minute that this one ends with: whether or not the service includes the
    end of a range, no paper falls between two windows.
    """
    dates = f"submittedDate:[{start:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]"
    # An archive includes its subcategories: `math*` alone would be `math-ph` as well.
    terms_by_category = {
        name: (f"cat:{name}",) if "." in name else (f"cat:{name}", f"cat:{name}.*")
        for name in categories
    }
    names = " OR ".join(term for terms in terms_by_category.values() for term in terms)
    query = f"({names}) AND {dates}" if names else dates
    return Search(
        query=query,
        max_results=None,
        sort_by=SortCriterion.SubmittedDate,
        sort_order=SortOrder.Ascending,
    )


def address_of(search: Search, base_url: str, *, size: int) -> str:
    """Return the address that requests the first `size` results."""
    words = {
        "search_query": search.query,
        "sortBy": search.sort_by.value,
        "sortOrder": search.sort_order.value,
        "start": "0",
        "max_results": str(size),
    }
    return f"{base_url}?{urlencode(words, safe=':')}"


def name_of(entry: Entry) -> str:
    """Return a key that identifies an entry on its page: its paper's id, else the SHA-256 of its bytes."""
    match = _ABSTRACT_URL.fullmatch((entry.text("id") or "").strip())
    paper_id = work_id(match[1]) if match else None
    return paper_id or hashlib.sha256(entry.data).hexdigest()


def read_entries(entries: tuple[Entry, ...]) -> Listings:
    """Return the listings of one page's entries; an entry that can't be read is refused with its reason."""
    listings, refused = [], []
    for k, entry in enumerate(entries, start=1):
        where = line(entry.text("id") or "") or f"entry {k}"
        try:
            listings.append(listing_of(result_of(entry, where), where))
        except ListingError as error:
            digest = hashlib.sha256(entry.data).hexdigest()
            refused.append(RefusedListing(where[:200], error.reason, digest, entry.data))
    return Listings(tuple(listings), tuple(refused))


def result_of(entry: Entry, where: str) -> Result:
    """Convert an entry to the package's own model, with its texts as they came.

    Raises:
        ListingError: It has no dates, or elements within its texts; the model can't hold it.
    """
    moments = {name: _moment(entry.text(name)) for name in ("updated", "published")}
    faults = [
        Fault(name, "a time like 2026-11-20T08:00:00Z", str(entry.text(name) or "nothing")[:120])
        for name, moment in moments.items()
        if moment is None
    ]
    faults += [
        Fault(text, "text alone", "an element in it") for key, text in entry.fields if key == MARKUP
    ]
    updated, published = moments["updated"], moments["published"]
    if faults or updated is None or published is None:
        raise ListingError(where, faults)
    return Result(
        entry_id=(entry.text("id") or "").strip(),
        updated=updated,
        published=published,
        title=entry.text("title") or "",
        authors=[Result.Author(author.name, list(author.affiliations)) for author in entry.authors],
        summary=entry.text("summary") or "",
        comment=entry.text("comment") or "",
        journal_ref=entry.text("journal_ref") or "",
        doi=entry.text("doi") or "",
        primary_category=entry.primary,
        categories=list(entry.categories),
        links=[Result.Link(href, title) for title, href in entry.links],
    )


def listing_of(result: Result, where: str) -> Listing:
    """Return the listing of one result of the package.

    Raises:
        ListingError: The result is invalid; lists all its faults.
    """
    faults: list[Fault] = []
    match = _ABSTRACT_URL.fullmatch(result.entry_id or "")
    name = work_id(match[1]) if match else None
    number = int(match[2] or 0) if match else 0
    if name is None or not 0 < number <= _MOST_VERSIONS:
        expected = "one like http://arxiv.org/abs/2401.01234v1"
        faults.append(Fault("id", expected, str(result.entry_id or "nothing")[:120]))
    title = clean(result.title or "")
    names = tuple(
        ListedAuthor(printed_name, "; ".join(filter(None, map(line, author.affiliation))) or None)
        for author in result.authors
        if (printed_name := served_name(author.name))
    )
    words = [
        word
        for term in (result.primary_category or "", *result.categories)
        for word in term.split()
    ]
    subjects = subjects_of(words)
    faults += [
        Fault(where_in, "a text", "nothing")
        for where_in, value in (("title", title.strip()), ("author", names))
        if not value
    ]
    if not subjects.categories:
        faults.append(Fault("category", "a code like cs.AI or hep-th first", " ".join(words[:3])))
    if faults:
        raise ListingError(where, faults)
    return Listing(
        id=name or "",
        day=f"{result.updated:%Y-%m-%d}",
        title=title,
        names=names,
        categories=subjects.categories,
        versions=_versions(number, stamp(result.published), stamp(result.updated)),
        abstract=paragraphs((result.summary or "").strip()),
        comment=line(result.comment or ""),
        journal_ref=line(result.journal_ref or ""),
        msc_class=subjects.msc_class,
        acm_class=subjects.acm_class,
        doi=line(result.doi or ""),
    )


def _versions(number: int, first: str, newest: str) -> tuple[ListedVersion, ...]:
    times = {1: first, number: newest if number > 1 else first}
    return tuple(ListedVersion(k, times.get(k)) for k in range(1, number + 1))


def _moment(text: str | None) -> datetime | None:
    stripped = (text or "").strip()
    if not _MOMENT.fullmatch(stripped):
        return None
    try:
        moment = datetime.fromisoformat(stripped).astimezone(UTC)
        return moment if is_time(stamp(moment)) else None
    except (ValueError, OverflowError):
        return None
