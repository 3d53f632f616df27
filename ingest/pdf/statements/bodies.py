"""Statement bodies for a PDF's citations: citing work, cited works, joins to known works. Pure."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.bundle.bundle import Bundle
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge
from graph.model.vocabulary import Kind, Relation
from ingest.pdf.extract.extraction import IdentityClaim, PdfFacts, Reference
from ingest.pdf.match.match import Match
from ingest.pdf.statements.identity import Identity

LINKED: Final = ("link annotation", "0.99")
PRINTED: Final = ("identifier in the text", "0.97")
UNRESOLVED: Final = "not resolved"


@dataclass(frozen=True, slots=True)
class Reading:
    """A PDF as the store has it: its id, the record that states it, the facts of that record."""

    file: str
    record: str
    facts: PdfFacts


def citations(
    reading: Reading, identity: Identity, matches: Mapping[int, Match], known_ids: Container[str]
) -> Body:
    """Return the body of a PDF's first statement: the work that it is of, and what that cites.

    Args:
        reading: The PDF.
        identity: The work that it is of.
        matches: Known works by title, for each reference (its position from 1) that has one.
        known_ids: The ids that the store has a description of.
    """
    citing = identity.citing_work or reading.file
    nodes: list[Description] = []
    edges = [edge_of(reading.file, claim, _evidence(reading)) for claim in identity.claims]
    for position, reference in enumerate(reading.facts.references, start=1):
        qualifiers = _qualifiers(reading, position, reference)
        ids = [cited for cited in _ids(reference) if cited[0] != citing]
        match = matches.get(position)
        if match and match.work == citing:
            match = None
        for identifier, method, score in ids:
            edges.append(
                Edge(
                    citing,
                    Relation.CITES,
                    identifier,
                    qualifiers | _method_and_score(method, score),
                )
            )
        if match and not ids:
            edges.append(
                Edge(
                    citing,
                    Relation.CITES,
                    match.work,
                    qualifiers | _method_and_score(match.method, match.score),
                )
            )
        elif not ids:
            label = f"#r{position}"
            nodes.append(Description(label, Kind.WORK, {"text": reference.text}))
            edges.append(Edge(citing, Relation.CITES, label, qualifiers | {"method": UNRESOLVED}))
    targets = {
        position: reference.linked + reference.printed
        for position, reference in enumerate(reading.facts.references, start=1)
    }
    edges += joins(reading, targets, matches, known_ids)
    return Body(tuple(nodes), tuple(edges))


def edge_of(file: str, claim: IdentityClaim, evidence: Sequence[str]) -> Edge:
    """Return the edge that states that a file is of a work, with the method and score of the claim."""
    qualifiers: dict[str, Json] = {
        "method": claim.method,
        "score": claim.score,
        "evidence": sorted(evidence),
    }
    return Edge(file, Relation.SPECIALIZATION_OF, claim.id, qualifiers)


def is_about(body: Body, file: str, record: str | None = None) -> bool:
    """Return whether a body is about this PDF (read as this record): every edge has it as evidence."""
    expected = {file, record} - {None}
    evidence = [edge.qualifiers.get("evidence") for edge in body.edges]
    return bool(evidence) and all(
        isinstance(ids, list) and expected <= set(ids) for ids in evidence
    )


def joins(
    reading: Reading,
    targets: Mapping[int, Sequence[str]],
    matches: Mapping[int, Match],
    known_ids: Container[str],
) -> Iterator[Edge]:
    """Yield edges that join a cited id to a known work, where the store has no description of the cited one.

    Args:
        reading: The PDF.
        targets: The ids that each reference was stated to cite.
        matches: Known works by title, for each reference that has one.
        known_ids: The ids that the store has a description of; their own sources state their identity.
    """
    for position, match in sorted(matches.items()):
        cited = targets.get(position, ())
        if len(cited) == 1 and cited[0] not in known_ids and cited[0] != match.work:
            qualifiers: dict[str, Json] = {
                "number": position,
                "page": reading.facts.references[position - 1].page,
                "evidence": _evidence(reading),
            }
            yield Edge(
                cited[0],
                Relation.ALTERNATE_OF,
                match.work,
                qualifiers | _method_and_score(match.method, match.score),
            )


def targets_by_position(bundle: Bundle) -> dict[int, tuple[str, ...]]:
    """Return the ids that each reference cites in a statement of `citations`, those that it minted included."""
    by_number: dict[int, list[str]] = {}
    for edge in bundle.resolved_body().edges:
        number = edge.qualifiers.get("number")
        if edge.relation is Relation.CITES and isinstance(number, int):
            by_number.setdefault(number, []).append(edge.target)
    return {number: tuple(sorted(targets)) for number, targets in by_number.items()}


def references_by_position(bundle: Bundle) -> dict[int, tuple[str, ...]]:
    """Return the same without the references that a title had resolved when the statement was made."""
    body = bundle.resolved_body()
    other_methods = {LINKED[0], PRINTED[0], UNRESOLVED}
    by_title = {
        edge.qualifiers.get("number")
        for edge in body.edges
        if edge.qualifiers.get("method") not in other_methods
    }
    return {k: ids for k, ids in targets_by_position(bundle).items() if k not in by_title}


def _ids(reference: Reference) -> Iterator[tuple[str, str, str]]:
    for identifier in reference.linked:
        yield identifier, *LINKED
    for identifier in reference.printed:
        yield identifier, *PRINTED


def _qualifiers(reading: Reading, position: int, reference: Reference) -> dict[str, Json]:
    return {
        "number": position,
        "page": reference.page,
        "text": reference.text,
        "evidence": _evidence(reading),
    }


def _evidence(reading: Reading) -> list[str]:
    """Return the file and its record: by these its statements are found again."""
    return sorted((reading.file, reading.record))


def _method_and_score(method: str, score: str) -> dict[str, Json]:
    return {"method": method, "score": score}
