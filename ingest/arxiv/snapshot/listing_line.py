"""Parse one line of arXiv's public bulk file, or of a list of announced papers, into a listing.

The bulk file's fields are those of https://www.kaggle.com/datasets/Cornell-University/arxiv: `id`, `submitter`,
`authors`, `title`, `comments`, `journal-ref`, `doi`, `report-no`, `categories`, `license`, `abstract`,
`versions`, `update_date`, `authors_parsed`. Lists made from arXiv's daily announcements give `authors` as
an array and the day as `announced`. Reading is generous: other fields are passed over, null and
the empty text are "not stated"; a value in a form that means nothing is a fault.
"""

import re
from typing import Any, Final

from graph.clock import is_date
from graph.errors import Fault
from ingest.arxiv.paper.author_line import authors_of
from ingest.arxiv.paper.identifiers import work_id
from ingest.arxiv.paper.listing import ListedAuthor, ListedVersion, Listing, ListingError
from ingest.arxiv.paper.subjects import Subjects, subjects_of
from ingest.arxiv.paper.tex_text import clean, line, paragraphs, served_line, served_name
from ingest.formats.timestamps import utc_of_rfc822

_VERSION: Final = re.compile(r"v?([1-9]\d{0,5})", re.ASCII)
_LONGEST_SHOWN: Final = 120


def read_value(value: Any, where: str) -> Listing:
    """Return the listing of one JSON value.

    Args:
        value: The parsed JSON.
        where: Its place in the file, for an error.

    Raises:
        ListingError: The value is invalid; lists all its faults.
    """
    if not isinstance(value, dict):
        raise ListingError(where, [Fault("value", "an object", repr(value)[:_LONGEST_SHOWN])])
    reader = _LineReader(value)
    listing = reader.listing()
    if reader.faults:
        raise ListingError(where, reader.faults)
    return listing


class _LineReader:
    """Reader of one value, which collects its faults."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.faults: list[Fault] = []

    def add_fault(self, where: str, expected: str, got: object) -> None:
        self.faults.append(Fault(where, expected, repr(got)[:_LONGEST_SHOWN]))

    def text(self, *keys: str) -> str | None:
        """Return the text of the first of these fields that is not blank."""
        for key in keys:
            value = self.value.get(key)
            if isinstance(value, str):
                if value.strip():
                    return value
            elif value is not None:
                self.add_fault(key, "a text or null", value)
        return None

    def line(self, *keys: str) -> str | None:
        return line(self.text(*keys) or "")

    def day(self, key: str) -> str | None:
        date = (self.text(key) or "")[:10] or None
        if date is not None and not (len(date) == 10 and is_date(date)):
            self.add_fault(key, "a day like 2026-11-20", date)
        return date

    def array(self, key: str) -> list[Any]:
        value = self.value.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.add_fault(key, "an array", value)
        return []

    def listing(self) -> Listing:
        name = work_id((self.text("id") or "").strip())
        if name is None:
            self.add_fault("id", "an id like 2401.01234 or hep-th/9901001", self.value.get("id"))
        title = clean(self.text("title") or "")
        if not title.strip():
            self.add_fault("title", "a text", self.value.get("title"))
        announced = self.day("announced")
        authors, names = self._authors()
        subjects = self._subjects()
        return Listing(
            id=name or "",
            day=self.day("update_date") or announced,
            title=title,
            authors=authors,
            names=names,
            categories=subjects.categories,
            versions=self._versions(),
            abstract=paragraphs(self.text("abstract") or ""),
            comment=self.line("comments", "comment"),
            journal_ref=self.line("journal-ref", "journal_ref"),
            report_no=self.line("report-no", "report_no"),
            msc_class=self.line("msc-class", "msc_class") or subjects.msc_class,
            acm_class=self.line("acm-class", "acm_class") or subjects.acm_class,
            doi=self.line("doi"),
            licence=self.line("license", "licence"),
            submitter=self.line("submitter"),
            proxy=self.line("proxy"),
            announced=announced,
        )

    def _authors(self) -> tuple[str | None, tuple[ListedAuthor, ...]]:
        """Return the author line and its names; of an array, which is no line, the names alone."""
        if isinstance(self.value.get("authors"), list):
            names = [
                served_name(entry) for entry in self.array("authors") if isinstance(entry, str)
            ]
            for entry in self.array("authors"):
                if not isinstance(entry, str):
                    self.add_fault("authors", "names", entry)
            return None, tuple(ListedAuthor(name) for name in names if name)
        text = self.line("authors")
        if text is None:
            return None, tuple(self._parsed_authors())
        return text, authors_of(served_line(self.text("authors") or ""))

    def _parsed_authors(self) -> list[ListedAuthor]:
        """Return the names of `authors_parsed`: family name, given names, suffix, then affiliations."""
        authors = []
        for parts in self.array("authors_parsed"):
            if not (isinstance(parts, list) and all(isinstance(part, str) for part in parts)):
                self.add_fault("authors_parsed", "arrays of texts", parts)
                continue
            family, given, suffix = (*parts[:3], "", "", "")[:3]
            name = served_name(served_line(f"{given} {family} {suffix}"))
            if name:
                authors.append(ListedAuthor(name, line("; ".join(parts[3:]))))
        return authors

    def _subjects(self) -> Subjects:
        """Return the categories; a daily list prints the ACM and MSC classes behind them."""
        value = self.value.get("categories")
        texts = value if isinstance(value, list) else [value or ""]
        if not all(isinstance(text, str) for text in texts):
            self.add_fault("categories", "a text or an array of texts", value)
            return Subjects((), None, None)
        words = [word for text in texts for word in text.split()]
        subjects = subjects_of(words)
        if words and not subjects.categories:
            self.add_fault("categories", "a code like cs.AI or hep-th first", words[0])
        return subjects

    def _versions(self) -> tuple[ListedVersion, ...]:
        versions: dict[int, ListedVersion] = {}
        for part in self.array("versions"):
            fields = part if isinstance(part, dict) else {"version": part}
            match = _VERSION.fullmatch(str(fields.get("version", "")))
            created = fields.get("created")
            submitted = utc_of_rfc822(created) if isinstance(created, str) else None
            if created is not None and submitted is None:
                self.add_fault(
                    "versions.created", "a time like Mon, 2 Apr 2007 12:02:40 GMT", created
                )
            if match is None or int(match[1]) in versions:
                self.add_fault(
                    "versions.version", "a number like v2, each once", fields.get("version")
                )
            else:
                versions[int(match[1])] = ListedVersion(int(match[1]), submitted)
        return tuple(versions[number] for number in sorted(versions))
