"""Parse an Atom feed of arXiv's query API strictly: bytes to the entries of one page.

The format is that of https://info.arxiv.org/help/api/user-manual.html, section 3.3. Nothing is
recovered: the `arxiv` package's own parser mends what is broken and leaves out entries that it can't read, so a
page cut in two looks like a short one to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from graph.errors import SourceError
from ingest.formats.xml import MARKUP, XmlFormat, open_parser, parse_whole

_ATOM: Final = "http://www.w3.org/2005/Atom "
_ARXIV: Final = "http://arxiv.org/schemas/atom "
_SEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/ "
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)
_ERROR: Final = re.compile(r"https?://arxiv\.org/api/errors(?:#(.*))?", re.DOTALL)
_MAX_DEPTH: Final = 16
_FEED: Final = XmlFormat("Atom", _ATOM + "feed", "feed of Atom")
_TEXTS: Final = frozenset(
    {_ATOM + name for name in ("id", "title", "summary", "updated", "published", "name")}
    | {_ARXIV + name for name in ("comment", "journal_ref", "doi", "affiliation")}
)


class AtomAuthor(msgspec.Struct, frozen=True, gc=False):
    """Author as printed, with the affiliations beside the name."""

    name: str
    affiliations: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, gc=False):
    """Entry of a feed (`<entry>`): its texts by element, and its bytes.

    `fields` are (element, text) of the elements that stand directly in it, `id` to `journal_ref`, and
    (`MARKUP`, element) where the text of one is broken up by another element;
    `links` are (title, href).
    """

    fields: tuple[tuple[str, str], ...]
    authors: tuple[AtomAuthor, ...]
    categories: tuple[str, ...]
    primary: str
    links: tuple[tuple[str, str], ...]
    data: bytes

    def text(self, name: str) -> str | None:
        """Return the text of the first element of this name; `None` where there is none."""
        return next((text for key, text in self.fields if key == name), None)


@dataclass(frozen=True, slots=True)
class Feed:
    """Feed of one page: the number of all matches, the number of the first, the entries, or the errors (fault, words).

    An entry whose id is an address of `api/errors` is an error, whatever stands beside it.
    """

    total: int
    start: int
    entries: tuple[Entry, ...]
    errors: tuple[tuple[str, str], ...]


def read_feed(data: bytes) -> Feed:
    """Return the feed in these bytes.

    Raises:
        SourceError: They are no answer to a query: not well-formed, another root (a web page, OAI-PMH), a
            document type, or without the number of matches.
    """
    reader = _FeedReader(data)
    parse_whole(reader.parser, data)
    return reader.feed()


class _FeedReader:
    """Reader of one feed, which collects its parts while expat walks it; `path` holds the open elements."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text: list[str] = []
        self.parser = open_parser(data, _FEED, self._start, self._end, self.text)
        self.path = [_FEED.root]
        self.counts: dict[str, str] = {}
        self.entries: list[Entry] = []
        self._begin_entry(0)

    def _begin_entry(self, at: int) -> None:
        self.entry_start = at
        self.fields: list[tuple[str, str]] = []
        self.authors: list[AtomAuthor] = []
        self.categories: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.primary = ""
        self._begin_author()

    def _begin_author(self) -> None:
        self.name = ""
        self.affiliations: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text.clear()
        self.path.append(name)
        depth = len(self.path)
        if depth > _MAX_DEPTH:
            raise SourceError(f"expected a page of Atom, got {depth} elements in one another")
        if depth == 2 and name == _ATOM + "entry":
            self._begin_entry(self.parser.CurrentByteIndex)
        elif depth == 3 and self.path[1] == _ATOM + "entry":
            self._start_entry_part(name, attributes)
        elif depth > 3 and self.path[-2] in _TEXTS:
            self.fields.append((MARKUP, self.path[-2].rpartition(" ")[2]))

    def _start_entry_part(self, name: str, attributes: dict[str, str]) -> None:
        if name == _ATOM + "author":
            self._begin_author()
        elif name == _ATOM + "category":
            self.categories.append(attributes.get("term", ""))
        elif name == _ARXIV + "primary_category":
            self.primary = attributes.get("term", "")
        elif name == _ATOM + "link":
            self.links.append((attributes.get("title", ""), attributes.get("href", "")))

    def _end(self, name: str) -> None:
        text = "".join(self.text)
        self.text.clear()
        depth = len(self.path)
        self.path.pop()
        if depth == 2:
            self._end_of_feed_part(name, text)
        elif depth == 3 and self.path[1] == _ATOM + "entry":
            if name == _ATOM + "author":
                self.authors.append(AtomAuthor(self.name, tuple(self.affiliations)))
            elif name.startswith((_ATOM, _ARXIV)):
                self.fields.append((name.rpartition(" ")[2], text))
        elif depth == 4 and self.path[2] == _ATOM + "author":
            if name == _ATOM + "name":
                self.name = text
            elif name == _ARXIV + "affiliation":
                self.affiliations.append(text)

    def _end_of_feed_part(self, name: str, text: str) -> None:
        if name == _ATOM + "entry":
            self.entries.append(self._entry())
        elif name.startswith(_SEARCH):
            self.counts[name.removeprefix(_SEARCH)] = text.strip()

    def _entry(self) -> Entry:
        end = self.data.find(b">", self.parser.CurrentByteIndex) + 1
        return Entry(
            tuple(self.fields),
            tuple(self.authors),
            tuple(self.categories),
            self.primary,
            tuple(self.links),
            self.data[self.entry_start : end],
        )

    def feed(self) -> Feed:
        errors, entries = [], []
        for entry in self.entries:
            fault = _ERROR.fullmatch((entry.text("id") or "").strip())
            if fault:
                words = entry.text("summary") or entry.text("title") or ""
                errors.append((fault[1] or "", " ".join(words.split())[:300]))
            else:
                entries.append(entry)
        count: Callable[[str], int] = lambda name: _count(name, self.counts.get(name, ""))  # noqa: E731
        if errors:
            return Feed(0, 0, tuple(entries), tuple(errors))
        return Feed(count("totalResults"), count("startIndex"), tuple(entries), ())


def _count(name: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise SourceError(f"expected a number in {name}, got {text[:40]!r}")
    return int(text)
