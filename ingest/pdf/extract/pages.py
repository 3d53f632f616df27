"""Text of a PDF as a reader returns it: pages of lines with their positions, and links; resource limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from graph.model.vocabulary import ReadingOutcome


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """Resource limits for one PDF: on the child process that reads it, and on what is read.

    `memory_bytes` is the child's address space, `cpu_s` its CPU time, `wall_s` the time on the clock.
    """

    memory_bytes: int = 2**30
    cpu_s: int = 20
    wall_s: float = 60.0
    file_bytes: int = 200 * 2**20
    pages: int = 300
    text_chars: int = 20_000_000
    answer_bytes: int = 8 * 2**20


LIMITS: Final = PdfLimits()
MAX_METADATA_CHARS: Final = 20_000
"""Longest text of the information dictionary that is read; a title is cut to less than that."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it starts, in points from the page's lower left corner."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """URI of a link annotation, and the line (from 0) that it lies on, if any."""

    uri: str
    line: int | None


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page, numbered from 1."""

    number: int
    lines: tuple[Line, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfDocument:
    """Document as a reader returns it; `unread` counts pages that gave no text because of their faults.

    `metadata` are the texts of the information dictionary by key: `Title`, `doi`…
    """

    count: int
    pages: tuple[PdfPage, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    unread: int = 0


class ReadFailure(Exception):  # noqa: N818 - an outcome that never leaves the child, no error of ours
    """Raised in the child when the document can't be read; becomes the outcome that it names."""

    def __init__(self, outcome: ReadingOutcome, reason: str, pages: int | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.pages = pages


class PdfReader(Protocol):
    """A library that reads PDFs."""

    @property
    def tool(self) -> str:
        """Name and version of the library: `pypdf 7.1.0`."""
        ...

    def read(self, data: bytes, limits: PdfLimits) -> PdfDocument:
        """Parse the bytes of a PDF.

        Raises:
            ReadFailure: It can't be read.
        """
        ...


class Budget:
    """Budget of pages and characters for a document; more than the limit ends its reading."""

    def __init__(self, limits: PdfLimits, count: int) -> None:
        if count > limits.pages:
            reason = f"{count} pages, more than {limits.pages}"
            raise ReadFailure(ReadingOutcome.LIMIT, reason, count)
        if count < 1:
            raise ReadFailure(ReadingOutcome.DAMAGED, "no page", 0)
        self.chars_left = limits.text_chars
        self.reason = f"more than {limits.text_chars} characters of text"
        self.count = count

    def take(self, lines: Sequence[Line], links: Sequence[Link]) -> None:
        """Subtract the text and links of a page.

        Raises:
            ReadFailure: It is too much.
        """
        self.chars_left -= sum(len(line.text) + 1 for line in lines)
        self.chars_left -= sum(len(link.uri) + 1 for link in links)
        if self.chars_left < 0:
            raise ReadFailure(ReadingOutcome.LIMIT, self.reason, self.count)
