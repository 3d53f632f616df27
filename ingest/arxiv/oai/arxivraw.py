"""Parse OAI-PMH records in the format arXivRaw into listings; all faults of a record are reported at once.

The format is that of arXiv's own service (github.com/arXiv/oaipmh, `templates/record_formats.xml`).
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from graph.clock import is_date
from graph.errors import Fault
from ingest.arxiv.oai.response import Item
from ingest.arxiv.paper.author_line import authors_of
from ingest.arxiv.paper.identifiers import CATEGORY, OAI_PREFIX, work_id
from ingest.arxiv.paper.listing import ListedVersion, Listing, ListingError, Listings, Refused
from ingest.arxiv.paper.tex_text import clean, line, paragraphs
from ingest.formats.timestamps import utc_of_rfc822
from ingest.formats.xml import MARKUP

_TEXTS: Final = frozenset(
    {
        *("id", "submitter", "date", "size", "source_type", "title", "authors", "categories"),
        *("comments", "proxy", "report-no", "msc-class", "acm-class", "journal-ref", "doi"),
        *("license", "abstract"),
    }
)
_VERSION: Final = re.compile(r"v([1-9]\d{0,5})", re.ASCII)


def read_page(items: tuple[Item, ...]) -> Listings:
    """Return the listings of one response; a record that can't be read is refused with its reason."""
    listings, refused = [], []
    for k, item in enumerate(items, start=1):
        try:
            listings.append(read_item(item))
        except ListingError as error:
            where = item.identifier or f"record {k}"
            digest = hashlib.sha256(item.data).hexdigest()
            refused.append(Refused(where, error.reason, digest, item.data))
    return Listings(tuple(listings), tuple(refused))


def read_item(item: Item) -> Listing:
    """Return the listing of one record.

    Raises:
        ListingError: The record is invalid; lists all its faults.
    """
    reading = _Reading(item)
    listing = reading.deletion() if item.deleted else reading.listing()
    if reading.faults:
        raise ListingError(item.identifier or "record", reading.faults)
    return listing


class _Reading:
    """Reader of one record, which collects its faults."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.faults: list[Fault] = []
        self.given: dict[str, str] = {}
        self.versions: list[ListedVersion] = []

    def fault(self, where: str, expected: str, got: object) -> None:
        self.faults.append(Fault(where, expected, str(got)[:120] if got else "nothing"))

    def deletion(self) -> Listing:
        name, day = self._head()
        return Listing(id=name, day=day, deleted=True)

    def _head(self) -> tuple[str, str]:
        identifier, day = self.item.identifier, self.item.datestamp[:10]
        name = (
            work_id(identifier.removeprefix(OAI_PREFIX))
            if identifier.startswith(OAI_PREFIX)
            else None
        )
        if name is None:
            self.fault("header.identifier", "one like oai:arXiv.org:2401.01234", identifier)
        if len(day) != 10 or not is_date(day):
            self.fault("header.datestamp", "a day like 2026-11-20", self.item.datestamp)
        return name or "", day

    def listing(self) -> Listing:
        name, day = self._head()
        if not self.item.raw:
            self.fault("metadata", "an arXivRaw element", "none")
            return Listing(id=name, day=day)
        self._collect()
        own = work_id(self.given.get("id", "").strip())
        if own != name:
            self.fault("id", f"the one of the header, {name}", self.given.get("id"))
        given = {key: line(text) for key, text in self.given.items() if key != "abstract"}
        for key in ("title", "authors"):
            if not given.get(key):
                self.fault(key, "a text", None)
        if not self.versions:
            self.fault("version", "at least one", None)
        categories = tuple(dict.fromkeys((given.get("categories") or "").split()))
        for category in categories:
            if not CATEGORY.fullmatch(category):
                self.fault("categories", "codes like cs.AI or hep-th", category)
        if not categories:
            self.fault("categories", "at least one", None)
        return Listing(
            id=name,
            day=day,
            title=clean(self.given.get("title", "")),
            authors=given.get("authors"),
            names=authors_of(given.get("authors") or ""),
            categories=categories,
            versions=tuple(sorted(self.versions, key=lambda version: version.number)),
            abstract=paragraphs(self.given.get("abstract", "")),
            comment=given.get("comments"),
            journal_ref=given.get("journal-ref"),
            report_no=given.get("report-no"),
            msc_class=given.get("msc-class"),
            acm_class=_acm(given.get("acm-class"), given.get("msc-class")),
            doi=given.get("doi"),
            licence=given.get("license"),
            submitter=given.get("submitter"),
            proxy=given.get("proxy"),
        )

    def _collect(self) -> None:
        """Sort the elements into those of the paper and those of its versions."""
        fields = iter(self.item.fields)
        part: dict[str, str] | None = None
        parts: list[dict[str, str]] = []
        for name, text in fields:
            if name == "version":
                part = {"version": text}
                parts.append(part)
            elif name == MARKUP:
                # A fault only in elements that are read; others, of a later form of the format, are passed over.
                if text in _TEXTS:
                    self.fault(text, "text alone", "an element in it")
            elif part is not None and name in {"date", "size", "source_type"}:
                part[name] = text
            elif name in self.given:
                self.fault(name, "one such element", "a second")
            else:
                self.given[name] = text
        self.versions = list(self._versions(parts))

    def _versions(self, parts: list[dict[str, str]]) -> Iterator[ListedVersion]:
        seen: set[int] = set()
        for part in parts:
            match = _VERSION.fullmatch(part["version"])
            submitted = utc_of_rfc822(part.get("date", ""))
            where = f"version {part['version']}"
            if match is None:
                self.fault("version", "a number like v2", part["version"])
            elif int(match[1]) in seen:
                self.fault(where, "each version once", "a second")
            if submitted is None:
                self.fault(
                    f"{where}.date", "a time like Mon, 2 Apr 2007 12:02:40 GMT", part.get("date")
                )
            if match is None or submitted is None:
                continue
            seen.add(int(match[1]))
            size, kind = line(part.get("size", "")), line(part.get("source_type", ""))
            yield ListedVersion(int(match[1]), submitted, size, kind)


def _acm(acm: str | None, msc: str | None) -> str | None:
    """Return the ACM class, unless it can be the MSC class: arXiv's service prints that in its place.

    Seen in github.com/arXiv/oaipmh at 31f61ee: `<acm-class>{{ record.current_meta.msc_class }}`.
    """
    return None if acm in {msc, "None"} else acm
