"""Convert the facts read from a PDF to the record that states them, and back."""

from collections.abc import Mapping
from typing import Any, Final

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge, Source
from graph.model.vocabulary import Kind, Outcome, Relation
from ingest.pdf.extract.extraction import Facts, Named, Reference

BY: Final = "source:pdf"
# One sequence (docs/decisions/0003): a record of an unread file gives way to one of a read file.
UNREAD: Final = "pdf-unread/1"
MAPPINGS: Final[Mapping[str, str]] = {"pdfium": "pdf-pdfium/100", "pypdf": "pdf-pypdf/200"}


def mapping_number(reader: str) -> int:
    """Return the rank of this reader's records: the greater replaces the lesser."""
    return int(MAPPINGS[reader].rpartition("/")[2])


def file_description(digest: str, facts: Facts, size_bytes: int) -> Description:
    """Describe the file as a node: the outcome of its reading, and its contents."""
    said: dict[str, Json | None] = {
        "outcome": facts.outcome.value,
        "tool": facts.tool,
        "reason": facts.reason,
        "pages": facts.pages,
        "title": facts.title,
        "size_bytes": size_bytes,
        "references": _listed(facts.references) or None,
    }
    return Description(
        digest, Kind.FILE, {key: one for key, one in said.items() if one is not None}
    )


def file_record(digest: str, facts: Facts, size_bytes: int, reader: str) -> Bundle:
    """Return the record of a PDF, a pure function of its bytes and of the reader.

    Raises:
        BundleError: It is too large for one bundle.
    """
    edges = tuple(
        Edge(
            digest,
            Relation.SPECIALIZATION_OF,
            named.id,
            {"method": named.method, "score": named.score, "page": named.page},
        )
        for named in facts.names
    )
    mapping = MAPPINGS[reader] if facts.outcome is Outcome.OK else UNREAD
    node = file_description(digest, facts, size_bytes)
    return record(BY, None, Source(digest, mapping, None), Body((node,), edges))


def facts_from(bundle: Bundle) -> Facts | None:
    """Return the facts in a record of this source; `None` where it is another's or its body isn't here."""
    if bundle.body is None or bundle.header is None or bundle.header.by != BY:
        return None
    node = bundle.body.nodes[0]
    said: Mapping[str, Any] = node.attributes
    if "outcome" not in said or "tool" not in said:
        return None
    names = tuple(
        Named(
            edge.target,
            str(edge.qualifiers["method"]),
            str(edge.qualifiers["score"]),
            int(str(edge.qualifiers["page"])),
        )
        for edge in bundle.body.edges
        if edge.relation is Relation.SPECIALIZATION_OF
    )
    return Facts(
        outcome=Outcome(said["outcome"]),
        tool=said["tool"],
        reason=said.get("reason"),
        pages=said.get("pages"),
        title=said.get("title"),
        names=tuple(sorted(names, key=lambda claim: (-float(claim.score), claim.id))),
        references=tuple(
            Reference(
                entry["page"],
                entry["text"],
                tuple(entry.get("linked", ())),
                tuple(entry.get("printed", ())),
            )
            for entry in said.get("references", ())
        ),
    )


def _listed(references: tuple[Reference, ...]) -> list[Json]:
    return [_one(k, reference) for k, reference in enumerate(references, start=1)]


def _one(position: int, reference: Reference) -> dict[str, Json]:
    found: dict[str, Json] = {
        "position": position,
        "page": reference.page,
        "text": reference.text,
    }
    if reference.linked:
        found["linked"] = list(reference.linked)
    if reference.printed:
        found["printed"] = list(reference.printed)
    return found
