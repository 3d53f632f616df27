"""Publish the citations of PDFs as signed statements: once for each reading, then joins to works known since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.bundle.bundle import Bundle, hash_of_said
from graph.model.identifiers import work_of
from graph.model.model import Answer, Body, Description, Edge
from graph.model.vocabulary import Relation, Scope, Verb
from graph.rules.authorization import Denial, Obstacle
from graph.speaker import Speaker
from graph.store import AppendView, GraphReader, GraphStore, Log, StoredBundle
from ingest.pdf.extract.extraction import IdentityClaim
from ingest.pdf.match.known_works import described_ids, first_authors, known_works
from ingest.pdf.match.match import Match, matches_of
from ingest.pdf.match.title_index import ReferenceIndex
from ingest.pdf.statements.bodies import (
    Reading,
    citations,
    edge_of,
    is_about,
    joins,
    references_by_position,
    targets_by_position,
)
from ingest.pdf.statements.identity import GIVEN, Identity, given_claim, identity_of

FILES_AT_ONCE: Final = 200
"""Number of files whose references are matched in one pass over the store's titles."""

_SAME: Final = frozenset({Relation.ALTERNATE_OF})


@dataclass(frozen=True, slots=True)
class CitingPdf:
    """A PDF whose citations are to be stated, and the work that it is of; `None`: as stated before."""

    reading: Reading
    identity: Identity | None


def may_say(store: Log, speaker: Speaker) -> bool:
    """Return whether the speaker has the right to say anything beside its runs: with a grant to harvest alone it has not."""
    if speaker.under is None:
        return True
    denials: list[Denial | None] = []

    def inspect(view: AppendView) -> Sequence[Bundle]:
        denials.append(view.denial(speaker.signer.key, speaker.under, Scope.SAY))
        return ()

    store.append(inspect)
    denial = denials[-1]
    return denial is None or denial.obstacle is not Obstacle.NO_RIGHT


def publish_citations(store: GraphStore, speaker: Speaker, papers: Sequence[CitingPdf]) -> int:
    """State the citations of each paper that this speaker has not stated yet; return the number of statements.

    For a paper that was read anew, or that turned out to be of another work, the new statement supersedes
    the old ones. A cited work that was unknown then and is known by now is joined to the known one.
    """
    count = 0
    for k in range(0, len(papers), FILES_AT_ONCE):
        batch = papers[k : k + FILES_AT_ONCE]
        matches = match_titles(store, [paper.reading for paper in batch])
        for paper in batch:
            count += _publish(store, speaker, paper, matches.get(paper.reading.file, {}))
    return count


def publish_outcome(
    store: GraphStore,
    speaker: Speaker,
    file: str,
    outcome: Description | None,
    *,
    claim: IdentityClaim | None = None,
) -> int:
    """State the outcome of a file that was not read, superseding earlier statements; return the number made.

    Args:
        store: The store to write to.
        speaker: The speaker.
        file: The file.
        outcome: Its outcome on this machine; `None` where a record states it.
        claim: The work that somebody stated for it.
    """
    statements = [
        stored
        for stored in _living_statements(store, speaker, _bundles_about(store, [file], None))
        if _is_outcome(stored, file)
    ]
    before = statements[-1].bundle.resolved_body().edges if statements else ()
    edges = (edge_of(file, claim, (file,)),) if claim else before
    body = Body((outcome,) if outcome else (), edges)
    if any(_says(stored, body) for stored in statements):
        return 0
    return _append(store, speaker, body, {stored.bundle.id for stored in statements})


def _says(stored: StoredBundle, body: Body) -> bool:
    """Return whether a statement says just this, whatever its salt."""
    other = stored.bundle.resolved_body()
    return (other.nodes, other.edges) == (body.nodes, body.edges)


def match_titles(store: GraphReader, readings: Sequence[Reading]) -> dict[str, dict[int, Match]]:
    """Return for each file the known works that its references name by title, by position from 1."""
    index = ReferenceIndex()
    references = {
        reading.file: [reference.text for reference in reading.facts.references]
        for reading in readings
    }
    for file, texts in references.items():
        index.add(file, texts)
    if not any(references.values()):
        return {}
    hits = [hit for work in known_works(store) for hit in index.hits(work)]
    authors = first_authors(store, {hit.work.id for hit in hits})
    by_file: dict[str, dict[int, Match]] = {}
    for (file, position), match in matches_of(hits, references, authors).items():
        by_file.setdefault(file, {})[position] = match
    return by_file


def _publish(
    store: GraphStore, speaker: Speaker, paper: CitingPdf, matches: Mapping[int, Match]
) -> int:
    reading = paper.reading
    cited_ids = {cited for ref in reading.facts.references for cited in ref.linked + ref.printed}
    known_ids = described_ids(store, cited_ids)
    before = _living_statements(store, speaker, _bundles_about(store, [reading.file], None))
    statements = [stored for stored in before if _is_replaceable(stored, reading)]
    paper = _with_given_work(paper, statements)
    first = next((stored for stored in statements if _is_current(stored, paper)), None)
    answers = {stored.bundle.id for stored in statements if stored is not first}
    if first is None and paper.identity is not None:
        for old in statements:
            answers |= {
                join.bundle.id for join in _join_statements(store, speaker, old, reading.file)
            }
        body = citations(reading, paper.identity, matches, known_ids)
        return _append(store, speaker, body, answers)
    if first is None:
        return 0
    targets = references_by_position(first.bundle)
    return _append(
        store,
        speaker,
        Body((), _new_edges(store, joins(reading, targets, matches, known_ids))),
        answers,
    )


def _append(store: Log, speaker: Speaker, body: Body, superseded: Iterable[str]) -> int:
    answers = tuple(Answer(Verb.SUPERSEDES, bundle_id) for bundle_id in sorted(superseded))
    if not (body.nodes or body.edges or answers):
        return 0
    said = hash_of_said(body, speaker.signer)

    def compose(look: AppendView) -> Sequence[Bundle]:
        if not answers and look.has_said(speaker.actor, said):
            return ()
        return [speaker.make_statement(look, body, answers=answers)]

    return len(store.append(compose).added)


def _bundles_about(
    store: GraphReader, ids: Sequence[str], relations: frozenset[Relation] | None
) -> frozenset[str]:
    """Return the bundles that assert edges of these things, or describe them."""
    edges = store.adjacent(ids, outgoing=True, relations=relations)
    bundles = {bundle for asserted in edges for bundle in asserted.bundles}
    if relations is None:
        for thing in store.things(ids).values():
            bundles |= {
                description.bundle for description in (thing.shown, *thing.also) if description
            }
    return frozenset(bundles)


def _living_statements(store: Log, speaker: Speaker, bundles: Iterable[str]) -> list[StoredBundle]:
    """Return those bundles that are living statements of this author, oldest first."""
    candidates = store.bundles_by_id(sorted(bundles)).values()
    statements = [
        stored for stored in candidates if stored.lives and stored.author == speaker.author
    ]
    return sorted(statements, key=lambda stored: stored.position)


def _is_replaceable(stored: StoredBundle, reading: Reading) -> bool:
    """Return whether a statement may be replaced: the citations of this file, or that it couldn't be read."""
    return _is_outcome(stored, reading.file) or is_about(
        stored.bundle.resolved_body(), reading.file
    )


def _is_outcome(stored: StoredBundle, file: str) -> bool:
    """Return whether it states the outcome of a file that was not read, or the work of such a file."""
    body = stored.bundle.resolved_body()
    of = all(edge.qualifiers.get("evidence") == [file] for edge in body.edges)
    return of and bool(body.nodes or body.edges) and {node.id for node in body.nodes} <= {file}


def _is_current(stored: StoredBundle, paper: CitingPdf) -> bool:
    """Return whether it states the citations of this very reading, as those of this work."""
    body = stored.bundle.resolved_body()
    if not is_about(body, paper.reading.file, paper.reading.record):
        return False
    if paper.identity is None or paper.identity.citing_work is None:
        return True
    works = {
        work_of(edge.target) or edge.target
        for edge in body.edges
        if edge.relation is Relation.SPECIALIZATION_OF
    }
    return paper.identity.citing_work in works


def _with_given_work(paper: CitingPdf, before: Iterable[StoredBundle]) -> CitingPdf:
    """Return the paper with the work that somebody stated for it, now or before: that outweighs any file name."""
    if paper.identity is None or any(claim.method == GIVEN for claim in paper.identity.claims):
        return paper
    for stored in before:
        for edge in stored.bundle.resolved_body().edges:
            qualifiers = edge.qualifiers
            if edge.relation is Relation.SPECIALIZATION_OF and qualifiers.get("method") == GIVEN:
                return CitingPdf(paper.reading, identity_of((), (), given_claim(edge.target)))
    return paper


def _join_statements(
    store: GraphStore, speaker: Speaker, first: StoredBundle, file: str
) -> list[StoredBundle]:
    """Return the later statements that joined what a first one cites to known works."""
    cited = targets_by_position(first.bundle)
    targets = sorted({target for ids in cited.values() for target in ids})
    statements = _living_statements(store, speaker, _bundles_about(store, targets, _SAME))
    return [stored for stored in statements if is_about(stored.bundle.resolved_body(), file)]


def _new_edges(store: GraphReader, edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return the edges that join what nobody joined yet."""
    candidates = tuple(edges)
    sources = sorted({edge.source for edge in candidates})
    joins_of_sources = store.adjacent(sources, outgoing=True, relations=_SAME) if sources else ()
    existing = {(asserted.edge.source, asserted.edge.target) for asserted in joins_of_sources}
    return tuple(edge for edge in candidates if (edge.source, edge.target) not in existing)
