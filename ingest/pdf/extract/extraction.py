"""Facts read from a PDF: outcome, its own identifiers, its references. The wire format of the sandbox's answer."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from graph.bundle.attribute_values import is_number
from graph.model.identifiers import is_identifier
from graph.model.vocabulary import ReadingOutcome
from ingest.formats.cut import cut_short
from ingest.formats.text import one_line
from ingest.pdf.extract.pages import MAX_METADATA_CHARS

MAX_REFERENCES: Final = 2000
MAX_REFERENCE_CHARS: Final = 1200
MAX_LIST_BYTES: Final = 1_500_000
MAX_IDS: Final = 20
MAX_NAMES: Final = 8
MAX_REASON_CHARS: Final = 200
_MAX_ID_CHARS: Final = 300
# Addresses in memory and the like: the facts of the same bytes must be the same each time.
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]+|\d{9,}")


class IdentityClaim(msgspec.Struct, frozen=True):
    """Claim that a PDF is of a work: its id, the method that found it, and how sure it is (`"0.99"`)."""

    id: str
    method: str
    score: str
    page: int


class Reference(msgspec.Struct, frozen=True):
    """One entry of a reference list as printed, on one line.

    `linked` are the identifiers that link annotations on it name, `printed` those in its text alone.
    """

    page: int
    text: str
    linked: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


class PdfFacts(msgspec.Struct, frozen=True):
    """Facts read from a PDF; `unread` counts the pages whose text could not be read, `cut` marks a title that was cut.

    `reason` explains why the outcome is not `ok`, or what is missing.
    """

    outcome: ReadingOutcome
    tool: str
    reason: str | None = None
    pages: int | None = None
    unread: int = 0
    title: str | None = None
    names: tuple[IdentityClaim, ...] = ()
    references: tuple[Reference, ...] = ()
    cut: bool = False


def failure(
    outcome: ReadingOutcome, tool: str, reason: str, *, pages: int | None = None
) -> PdfFacts:
    """Return the facts of a PDF that could not be read."""
    return PdfFacts(outcome, tool, _text(_ADDRESS.sub("…", reason[:2000]), MAX_REASON_CHARS), pages)


def enforce_limits(facts: PdfFacts) -> PdfFacts:
    """Return the facts cut to the limits, each text clean: nothing in a file gets past them."""
    references = tuple(_fitting_references(facts.references))
    cut = f"{len(references)} of {len(facts.references)} references are kept"
    title, is_cut = _short_title(facts.title)
    reasons = [facts.reason, cut if len(references) < len(facts.references) else None]
    return PdfFacts(
        outcome=facts.outcome,
        tool=_text(facts.tool, 100) or "?",
        reason=_text("; ".join(reason for reason in reasons if reason), MAX_REASON_CHARS),
        pages=facts.pages if facts.pages is None else max(0, min(facts.pages, 2**31)),
        unread=max(0, min(facts.unread, 2**31)),
        title=title,
        names=tuple(clean for name in facts.names[:MAX_NAMES] if (clean := _clean_claim(name))),
        references=references,
        cut=title is not None and (facts.cut or is_cut),
    )


def parse_answer(data: bytes) -> PdfFacts:
    """Parse the facts in a child's answer, which is not to be trusted.

    Raises:
        ValueError: It is not such an answer.
    """
    try:
        return enforce_limits(msgspec.json.decode(data, type=PdfFacts))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def digest_of(data: bytes) -> str:
    """Return `sha256:` and the hash of the bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _fitting_references(references: tuple[Reference, ...]) -> Iterator[Reference]:
    """Yield the clean references, as many of the first as one bundle can hold."""
    bytes_left = MAX_LIST_BYTES
    for reference in references[:MAX_REFERENCES]:
        clean = _clean_reference(reference)
        if clean is None:
            continue
        bytes_left -= len(clean.text.encode()) + sum(map(len, clean.linked + clean.printed))
        if bytes_left < 0:
            return
        yield clean


def _text(text: str | None, longest: int) -> str | None:
    line = one_line(text[: 4 * longest]) if text else None
    return (line[:longest].strip() or None) if line else None


def _short_title(text: str | None) -> tuple[str | None, bool]:
    """Return a title on one line, as long as a bundle may hold, and whether it was cut."""
    line = one_line(text[:MAX_METADATA_CHARS]) if text else None
    if text is None or line is None:
        return None, False
    title, is_cut = cut_short(line)
    return title, is_cut or len(text) >= MAX_METADATA_CHARS


def _clean_reference(reference: Reference) -> Reference | None:
    text = _text(reference.text, MAX_REFERENCE_CHARS)
    if text is None or not 0 < reference.page < 2**31:
        return None
    return Reference(
        reference.page, text, _clean_ids(reference.linked), _clean_ids(reference.printed)
    )


def _clean_claim(claim: IdentityClaim) -> IdentityClaim | None:
    method = _text(claim.method, 100)
    sound = _is_id(claim.id) and is_number(claim.score) and 0 < claim.page < 2**31
    return IdentityClaim(claim.id, method, claim.score, claim.page) if method and sound else None


def _clean_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({identifier for identifier in ids if _is_id(identifier)}))[:MAX_IDS]


def _is_id(text: str) -> bool:
    return len(text) <= _MAX_ID_CHARS and text.isprintable() and is_identifier(text)
