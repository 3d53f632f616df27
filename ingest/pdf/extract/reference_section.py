"""Locate the reference list of a document: its lines, without running heads and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.pdf.extract.pages import PdfDocument, PdfPage

MAX_CANDIDATES: Final = 12
_EDGE: Final = 5
_HEADING: Final = re.compile(
    r"(?:[\dIVXivx]{1,4}[.:)]?|§\d*|[a-z]\.)?\s{0,3}(?:list of )?"
    r"(?:references|bibliography|literature cited|works cited|reference list|references and notes|"
    r"notes and references|references cited|literature|citations)\s*[:.]?\s*\d{0,4}",
    re.IGNORECASE,
)
_SPACED: Final = re.compile(r"(?:\d+\.?\s*)?r\s?e\s?f\s?e\s?r\s?e\s?n\s?c\s?e\s?s", re.IGNORECASE)
_END: Final = re.compile(
    r"(?:[A-Z]\.?\s{1,3}|\d{1,2}\.?\s{1,3})?(?:appendix|appendices|supplement(?:al|ary)?\b.{0,60}|"
    r"acknowledge?ments?|author contributions?|about the authors?|list of (?:figures|tables))\b.{0,60}",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"^\d{1,4}(?=\s|$)|(?<=\s)\d{1,4}$")
_LIGATURES: Final = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\u00ad": "-",
    }
)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line with its page (from 1), its number on it (from 0), and the position where it starts, in points."""

    text: str
    page: int
    number: int
    x: float
    y: float


def body_lines(document: PdfDocument) -> list[PrintedLine]:
    """Return the lines of a document in order, without running heads, feet and page numbers."""
    running = _running_heads(document.pages)
    return [line for page in document.pages for line in _printed_lines(page, running)]


def candidates(lines: Sequence[PrintedLine]) -> Iterator[Sequence[PrintedLine]]:
    """Yield the stretches that may be the reference list, the last heading first.

    Where no line is such a heading, there is none.
    """
    starts = [k for k, line in enumerate(lines) if is_heading(line.text)]
    for start in starts[: -MAX_CANDIDATES - 1 : -1]:
        yield lines[start + 1 : _end(lines, start + 1)]


def is_heading(text: str) -> bool:
    """Return whether a line is the heading of a reference list."""
    line = text.strip()
    if len(line) > 40:
        return False
    return bool(_HEADING.fullmatch(line) or _SPACED.fullmatch(line))


def _end(lines: Sequence[PrintedLine], start: int) -> int:
    for k in range(start, len(lines)):
        text = lines[k].text.strip()
        if len(text) < 80 and text[:1].isupper() and _END.fullmatch(text):
            return k
    return len(lines)


def _printed_lines(page: PdfPage, running: frozenset[str]) -> Iterator[PrintedLine]:
    numbered = [(k, line) for k, line in enumerate(page.lines) if line.text.strip()]
    last = len(numbered) - 1
    for place, (k, line) in enumerate(numbered):
        text = _plain(line.text)
        is_edge = place < _EDGE or place > last - _EDGE
        if is_edge and (_form(text) in running or (place in {0, last} and text.isdecimal())):
            continue
        yield PrintedLine(text, page.number, k, line.x, line.y)


def _plain(text: str) -> str:
    return (text if text.isascii() else text.translate(_LIGATURES)).strip()


def _form(text: str) -> str:
    return _NUMBER.sub("#", _plain(text))


def _running_heads(pages: Sequence[PdfPage]) -> frozenset[str]:
    """Return the forms of lines at the top or bottom edge of at least half of the pages, and of two."""
    counts: Counter[str] = Counter()
    for page in pages:
        texts = [line.text for line in page.lines if line.text.strip()]
        edges = texts[:_EDGE] + texts[_EDGE:][-_EDGE:]
        counts.update({_form(text) for text in edges if len(text) < 400})
    least = max(2, len(pages) // 2)
    return frozenset(form for form, n in counts.items() if n >= least and not is_heading(form))
