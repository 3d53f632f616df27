"""Parse OAI-PMH records in the format arXivRaw into listings; all faults of a record are reported at once.

The format is that of arXiv's own service (github.com/arXiv/oaipmh, `templates/record_formats.xml`).
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from graph.clock import is_date
from graph.errors import Fault
from ingest.arxiv.oai.response import OaiRecord
from ingest.arxiv.paper.author_line import authors_of
from ingest.arxiv.paper.identifiers import CATEGORY, OAI_PREFIX, work_id
from ingest.arxiv.paper.listing import (
    ListedVersion,
    Listing,
    ListingError,
    Listings,
    RefusedListing,
)
from ingest.arxiv.paper.tex_text import clean, line, paragraphs, served_line
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


def read_records(records: tuple[OaiRecord, ...]) -> Listings:
    """Return the listings of one response; a record that can't be read is refused with its reason."""
    listings, refused = [], []
    for k, record in enumerate(records, start=1):
        try:
            listings.append(read_record(record))
        except ListingError as error:
            where = record.identifier or f"record {k}"
            digest = hashlib.sha256(record.data).hexdigest()
            refused.append(RefusedListing(where, error.reason, digest, record.data))
    return Listings(tuple(listings), tuple(refused))


def read_record(record: OaiRecord) -> Listing:
    """Return the listing of one record.

    Raises:
        ListingError: The record is invalid; lists all its faults.
    """
    reader = _RecordReader(record)
    listing = reader.deletion() if record.deleted else reader.listing()
    if reader.faults:
        raise ListingError(record.identifier or "record", reader.faults)
    return listing


class _RecordReader:
    """Reader of one record, which collects its faults."""

    def __init__(self, record: OaiRecord) -> None:
        self.record = record
        self.faults: list[Fault] = []
        self.elements: dict[str, str] = {}
        self.versions: list[ListedVersion] = []

    def add_fault(self, where: str, expected: str, got: object) -> None:
        self.faults.append(Fault(where, expected, str(got)[:120] if got else "nothing"))

    def deletion(self) -> Listing:
        name, day = self._head()
        return Listing(id=name, day=day, deleted=True)

    def _head(self) -> tuple[str, str]:
        identifier, day = self.record.identifier, self.record.datestamp[:10]
        name = (
            work_id(identifier.removeprefix(OAI_PREFIX))
            if identifier.startswith(OAI_PREFIX)
            else None
        )
        if name is None:
            self.add_fault("header.identifier", "one like oai:arXiv.org:2401.01234", identifier)
        if len(day) != 10 or not is_date(day):
            self.add_fault("header.datestamp", "a day like 2026-11-20", self.record.datestamp)
        return name or "", day

    def listing(self) -> Listing:
        name, day = self._head()
        if not self.record.raw:
            self.add_fault("metadata", "an arXivRaw element", "none")
            return Listing(id=name, day=day)
        self._collect()
        stated_id = work_id(self.elements.get("id", "").strip())
        if stated_id != name:
            self.add_fault("id", f"the one of the header, {name}", self.elements.get("id"))
        lines = {key: line(text) for key, text in self.elements.items() if key != "abstract"}
        for key in ("title", "authors"):
            if not lines.get(key):
                self.add_fault(key, "a text", None)
        if not self.versions:
            self.add_fault("version", "at least one", None)
        categories = tuple(dict.fromkeys((lines.get("categories") or "").split()))
        for category in categories:
            if not CATEGORY.fullmatch(category):
                self.add_fault("categories", "codes like cs.AI or hep-th", category)
        if not categories:
            self.add_fault("categories", "at least one", None)
        return Listing(
            id=name,
            day=day,
            title=clean(self.elements.get("title", "")),
            authors=lines.get("authors"),
            names=authors_of(served_line(self.elements.get("authors", ""))),
            categories=categories,
            versions=tuple(sorted(self.versions, key=lambda version: version.number)),
            abstract=paragraphs(self.elements.get("abstract", "")),
            comment=lines.get("comments"),
            journal_ref=lines.get("journal-ref"),
            report_no=lines.get("report-no"),
            msc_class=lines.get("msc-class"),
            acm_class=_acm_class(lines.get("acm-class"), lines.get("msc-class")),
            doi=lines.get("doi"),
            licence=lines.get("license"),
            submitter=lines.get("submitter"),
            proxy=lines.get("proxy"),
        )

    def _collect(self) -> None:
        """Sort the elements into those of the paper and those of its versions."""
        fields = iter(self.record.fields)
        part: dict[str, str] | None = None
        parts: list[dict[str, str]] = []
        for name, text in fields:
            if name == "version":
                part = {"version": text}
                parts.append(part)
            elif name == MARKUP:
                # A fault only in elements that are read; others, of a later form of the format, are passed over.
                if text in _TEXTS:
                    self.add_fault(text, "text alone", "an element in it")
            elif part is not None and name in {"date", "size", "source_type"}:
                part[name] = text
            elif name in self.elements:
                self.add_fault(name, "one such element", "a second")
            else:
                self.elements[name] = text
        self.versions = list(self._versions(parts))

    def _versions(self, parts: list[dict[str, str]]) -> Iterator[ListedVersion]:
        numbers: set[int] = set()
        for part in parts:
            match = _VERSION.fullmatch(part["version"])
            submitted = utc_of_rfc822(part.get("date", ""))
            where = f"version {part['version']}"
            if match is None:
                self.add_fault("version", "a number like v2", part["version"])
            elif int(match[1]) in numbers:
                self.add_fault(where, "each version once", "a second")
            if submitted is None:
                self.add_fault(
                    f"{where}.date", "a time like Mon, 2 Apr 2007 12:02:40 GMT", part.get("date")
                )
            if match is None or submitted is None:
                continue
            numbers.add(int(match[1]))
            size, kind = line(part.get("size", "")), line(part.get("source_type", ""))
            yield ListedVersion(int(match[1]), submitted, size, kind)


def _acm_class(acm: str | None, msc: str | None) -> str | None:
    """Return the ACM class, unless it can be the MSC class: arXiv's service prints that in its place.

    Seen in github.com/arXiv/oaipmh at 31f61ee: `<acm-class>{{ record.current_meta.msc_class }}`.
    """
    return None if acm in {msc, "None"} else acm
