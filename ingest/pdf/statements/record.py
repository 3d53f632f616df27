"""Convert the facts read from a PDF to the record that states them, and back."""

from collections.abc import Mapping
from typing import Any, Final

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, ReadingOutcome, Relation
from ingest.pdf.extract.extraction import IdentityClaim, PdfFacts, Reference

BY: Final = "source:pdf"
# One sequence (docs/decisions/0003): a record of an unread file gives way to one of a read file.
UNREAD: Final = "pdf-unread/1"
MAPPINGS: Final[Mapping[str, str]] = {"pdfium": "pdf-pdfium/100", "pypdf": "pdf-pypdf/200"}


def mapping_number(reader: str) -> int:
    """Return the rank of this reader's records: the greater replaces the lesser."""
    return int(MAPPINGS[reader].rpartition("/")[2])


def file_description(digest: str, facts: PdfFacts, size_bytes: int) -> Description:
    """Describe the file as a node: the outcome of its reading, and its contents."""
    attributes: dict[str, Json | None] = {
        "outcome": facts.outcome.value,
        "tool": facts.tool,
        "reason": facts.reason,
        "pages": facts.pages,
        "title": facts.title,
        "cut": facts.cut or None,
        "size_bytes": size_bytes,
        "references": _reference_list(facts.references) or None,
    }
    return Description(
        digest, Kind.FILE, {key: value for key, value in attributes.items() if value is not None}
    )


def file_record(digest: str, facts: PdfFacts, size_bytes: int, reader: str) -> Bundle:
    """Return the record of a PDF, a pure function of its bytes and of the reader.

    Raises:
        BundleError: It is too large for one bundle.
    """
    edges = tuple(
        Edge(
            digest,
            Relation.SPECIALIZATION_OF,
            claim.id,
            {"method": claim.method, "score": claim.score, "page": claim.page},
        )
        for claim in facts.names
    )
    mapping = MAPPINGS[reader] if facts.outcome is ReadingOutcome.OK else UNREAD
    node = file_description(digest, facts, size_bytes)
    return record(BY, None, RecordSource(digest, mapping, None), Body((node,), edges))


def facts_from(bundle: Bundle) -> PdfFacts | None:
    """Return the facts in a record of this source; `None` where it is another's or its body isn't here."""
    if bundle.body is None or bundle.header is None or bundle.header.by != BY:
        return None
    node = bundle.body.nodes[0]
    attributes: Mapping[str, Any] = node.attributes
    if "outcome" not in attributes or "tool" not in attributes:
        return None
    names = tuple(
        IdentityClaim(
            edge.target,
            str(edge.qualifiers["method"]),
            str(edge.qualifiers["score"]),
            int(str(edge.qualifiers["page"])),
        )
        for edge in bundle.body.edges
        if edge.relation is Relation.SPECIALIZATION_OF
    )
    return PdfFacts(
        outcome=ReadingOutcome(attributes["outcome"]),
        tool=attributes["tool"],
        reason=attributes.get("reason"),
        pages=attributes.get("pages"),
        title=attributes.get("title"),
        cut=attributes.get("cut", False),
        names=tuple(sorted(names, key=lambda claim: (-float(claim.score), claim.id))),
        references=tuple(
            Reference(
                entry["page"],
                entry["text"],
                tuple(entry.get("linked", ())),
                tuple(entry.get("printed", ())),
            )
            for entry in attributes.get("references", ())
        ),
    )


def _reference_list(references: tuple[Reference, ...]) -> list[Json]:
    return [_reference_json(k, reference) for k, reference in enumerate(references, start=1)]


def _reference_json(position: int, reference: Reference) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "position": position,
        "page": reference.page,
        "text": reference.text,
    }
    if reference.linked:
        fields["linked"] = list(reference.linked)
    if reference.printed:
        fields["printed"] = list(reference.printed)
    return fields
