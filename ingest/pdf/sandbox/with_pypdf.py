"""PDF reader on pypdf: pure Python, so the worst a file can do is to use up its limits."""

import io
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pypdf
from pypdf.errors import FileNotDecryptedError, LimitReachedError, WrongPasswordError

from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.pages import (
    MAX_METADATA_CHARS,
    Budget,
    Line,
    Link,
    PdfDocument,
    PdfLimits,
    PdfPage,
    ReadFailure,
)

MAX_LINKS_ON_PAGE: Final = 2000
_MAX_URI_CHARS: Final = 2000
_SLACK: Final = 3.0

Chunk = tuple[str, float, float]


class Pypdf:
    """PDF reader on pypdf."""

    @property
    def tool(self) -> str:
        """Name and version of the library."""
        return f"pypdf {pypdf.__version__}"

    def read(self, data: bytes, limits: PdfLimits) -> PdfDocument:
        """Parse the bytes of a PDF.

        Raises:
            ReadFailure: It can't be read.
        """
        logging.disable(logging.CRITICAL)
        with pypdf.apply_configuration(jbig2dec_binary=None, disable_legacy_handling=True):
            try:
                reader = pypdf.PdfReader(io.BytesIO(data))
                count = len(reader.pages)
                return _document(reader, count, limits)
            except (ReadFailure, MemoryError):
                raise
            except (FileNotDecryptedError, WrongPasswordError) as error:
                raise ReadFailure(ReadingOutcome.ENCRYPTED, "it asks for a password") from error
            except LimitReachedError as error:
                raise ReadFailure(ReadingOutcome.LIMIT, str(error)) from error
            except Exception as error:  # a damaged file raises whatever it likes
                raise ReadFailure(
                    ReadingOutcome.DAMAGED, f"{type(error).__name__}: {error}"
                ) from error


def _document(reader: pypdf.PdfReader, count: int, limits: PdfLimits) -> PdfDocument:
    budget = Budget(limits, count)
    pages: list[PdfPage] = []
    last: Exception | None = None
    for number in range(1, count + 1):
        try:
            page = _page(reader, number)
        except (FileNotDecryptedError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - see above; the other pages may be sound
            last = error
            continue
        budget.take(page.lines, page.links)
        pages.append(page)
    if last is not None and not pages:
        raise last
    return PdfDocument(count, tuple(pages), tuple(_metadata(reader)), count - len(pages))


def _page(reader: pypdf.PdfReader, number: int) -> PdfPage:
    page = reader.pages[number - 1]
    chunks: list[Chunk] = []

    def visit(text: str, cm: Any, tm: Any, _font: object, _size: object) -> None:
        if text:
            x, y = float(tm[4]), float(tm[5])
            chunks.append((text, x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]))

    page.extract_text(visitor_text=visit)
    lines, owners = _lines(chunks)
    try:
        links = tuple(_links(page, chunks, owners))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - damaged annotations leave the text as it is
        links = ()
    return PdfPage(number, lines, links)


def _lines(chunks: list[Chunk]) -> tuple[tuple[Line, ...], list[int]]:
    """Return the lines that chunks make, and for each chunk the number of the line that it starts on."""
    lines: list[Line] = []
    owners: list[int] = []
    parts: list[str] = []
    place: tuple[float, float] | None = None
    for text, x, y in chunks:
        if place is None and text.strip():
            place = (x, y)
        owners.append(len(lines))
        *complete, rest = text.split("\n")
        for part in complete:
            parts.append(part)
            lines.append(Line("".join(parts), *(place or (x, y))))
            parts, place = [], None
        if complete and rest.strip():
            place = (x, y)
        parts.append(rest)
    lines.append(Line("".join(parts), *(place or (0.0, 0.0))))
    return tuple(lines), owners


def _links(page: pypdf.PageObject, chunks: list[Chunk], owners: list[int]) -> Iterator[Link]:
    annotations = page.get("/Annots")
    annotations = annotations.get_object() if annotations is not None else None
    for item in list(annotations or ())[:MAX_LINKS_ON_PAGE]:
        annotation = item.get_object()
        if not isinstance(annotation, Mapping) or annotation.get("/Subtype") != "/Link":
            continue
        action = annotation.get("/A")
        action = action.get_object() if action is not None else None
        uri = action.get("/URI") if isinstance(action, Mapping) else None
        uri = uri.get_object() if uri is not None else None
        text = uri.decode("latin-1") if isinstance(uri, bytes) else uri
        if isinstance(text, str) and text:
            rectangle = annotation.get("/Rect")
            yield Link(text[:_MAX_URI_CHARS], _line_at(rectangle, chunks, owners))


def _line_at(rectangle: Any, chunks: list[Chunk], owners: list[int]) -> int | None:
    """Return the line under a rectangle: that of the nearest chunk that starts left of its left edge."""
    try:
        x0, y0, x1, y1 = (float(coordinate) for coordinate in rectangle)
    except (TypeError, ValueError):
        return None
    left, low, high = min(x0, x1), min(y0, y1) - 1, max(y0, y1) + 1
    right = max(x0, x1)
    best: tuple[bool, float, int] | None = None
    for k, (text, x, y) in enumerate(chunks):
        if low <= y <= high and x <= right and text.strip():
            rank = (x <= left + _SLACK, x, owners[k])
            if best is None or rank > best:
                best = rank
    return best[2] if best else None


def _metadata(reader: pypdf.PdfReader) -> Iterator[tuple[str, str]]:
    try:
        entries = dict(reader.metadata or {})
    except Exception:  # noqa: BLE001 - a damaged dictionary is none
        return
    for key, value in list(entries.items())[:50]:
        if isinstance(value, str):
            yield str(key).lstrip("/")[:100], value[:MAX_METADATA_CHARS]
