"""Publish the citations of PDFs as signed statements: once for each reading, then joins to works known since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.bundle.body import body_to_json
from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical, digest
from graph.model.identifiers import work_of
from graph.model.model import Answer, Body, Description, Edge
from graph.model.vocabulary import Relation, Verb
from graph.speaker import Voice
from graph.store import GraphStore, Look, Stored
from ingest.pdf.extract.extraction import Named
from ingest.pdf.match.known_works import described, first_authors, known_works
from ingest.pdf.match.match import Match, matches_of
from ingest.pdf.match.title_index import ListIndex
from ingest.pdf.statements.bodies import (
    Reading,
    citations,
    cited_by_position,
    edge_of,
    is_about,
    joins,
    unknown_by_position,
)
from ingest.pdf.statements.identity import GIVEN, Identity, given, identity_of

FILES_AT_ONCE: Final = 200
"""Number of files whose references are matched in one pass over the store's titles."""

_SAME: Final = frozenset({Relation.ALTERNATE_OF})


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF whose citations are to be stated, and the work that it is of; `None`: as stated before."""

    reading: Reading
    identity: Identity | None


def say_citations(store: GraphStore, voice: Voice, papers: Sequence[Paper]) -> int:
    """State the citations of each paper that this speaker has not stated yet; return the number of statements.

    For a paper that was read anew, or that turned out to be of another work, the new statement supersedes
    the old ones. A cited work that was unknown then and is known by now is joined to the known one.
    """
    said = 0
    for k in range(0, len(papers), FILES_AT_ONCE):
        some = papers[k : k + FILES_AT_ONCE]
        matches = matched(store, [paper.reading for paper in some])
        for paper in some:
            said += _say(store, voice, paper, matches.get(paper.reading.file, {}))
    return said


def say_outcome(
    store: GraphStore,
    voice: Voice,
    file: str,
    outcome: Description | None,
    *,
    of: Named | None = None,
) -> int:
    """State the outcome of a file that was not read, superseding earlier statements; return the number made.

    Args:
        store: The store to write to.
        voice: The speaker.
        file: The file.
        outcome: Its outcome on this machine; `None` where a record states it.
        claim: The work that somebody stated for it.
    """
    ours = [
        one
        for one in _living(store, voice, _leading_to(store, [file], None))
        if _is_outcome(one, file)
    ]
    before = ours[-1].bundle.said().edges if ours else ()
    edges = (edge_of(file, of, (file,)),) if of else before
    body = Body((outcome,) if outcome else (), edges)
    if any(one.bundle.said() == body for one in ours):
        return 0
    return _append(store, voice, body, {one.bundle.id for one in ours})


def matched(store: GraphStore, readings: Sequence[Reading]) -> dict[str, dict[int, Match]]:
    """Return for each file the known works that its references name by title, by position from 1."""
    index = ListIndex()
    references = {
        reading.file: [reference.text for reference in reading.facts.references]
        for reading in readings
    }
    for file, texts in references.items():
        index.add(file, texts)
    if not any(references.values()):
        return {}
    hits = [hit for known in known_works(store) for hit in index.hits(known)]
    authors = first_authors(store, {hit.known.id for hit in hits})
    found: dict[str, dict[int, Match]] = {}
    for (file, position), match in matches_of(hits, references, authors).items():
        found.setdefault(file, {})[position] = match
    return found


def _say(store: GraphStore, voice: Voice, paper: Paper, matches: Mapping[int, Match]) -> int:
    reading = paper.reading
    named = {cited for ref in reading.facts.references for cited in ref.linked + ref.printed}
    known = described(store, named)
    before = _living(store, voice, _leading_to(store, [reading.file], None))
    ours = [stored for stored in before if _is_of(stored, reading)]
    paper = _as_given(paper, ours)
    first = next((stored for stored in ours if _is_current(stored, paper)), None)
    answers = {stored.bundle.id for stored in ours if stored is not first}
    if first is None and paper.identity is not None:
        for old in ours:
            answers |= {join.bundle.id for join in _joined(store, voice, old, reading.file)}
        body = citations(reading, paper.identity, matches, known)
        return _append(store, voice, body, answers)
    if first is None:
        return 0
    targets = unknown_by_position(first.bundle)
    return _append(
        store, voice, Body((), _new(store, joins(reading, targets, matches, known))), answers
    )


def _append(store: GraphStore, voice: Voice, body: Body, superseded: Iterable[str]) -> int:
    answers = tuple(Answer(Verb.SUPERSEDES, one) for one in sorted(superseded))
    if not (body.nodes or body.edges or answers):
        return 0
    hashed = digest(canonical(body_to_json(body)))

    def compose(look: Look) -> Sequence[Bundle]:
        if not answers and look.has_said(voice.actor, hashed):
            return ()
        return [voice.say(look, body, answers=answers)]

    return len(store.append(compose).added)


def _leading_to(
    store: GraphStore, ids: Sequence[str], relations: frozenset[Relation] | None
) -> frozenset[str]:
    """Return the bundles that assert edges of these things, or describe them."""
    edges = store.adjacent(ids, outgoing=True, relations=relations)
    found = {bundle for asserted in edges for bundle in asserted.bundles}
    if relations is None:
        for thing in store.things(ids).values():
            found |= {one.bundle for one in (thing.shown, *thing.also) if one}
    return frozenset(found)


def _living(store: GraphStore, voice: Voice, bundles: Iterable[str]) -> list[Stored]:
    """Return those bundles that are living statements of this author, oldest first."""
    found = store.stored(sorted(bundles)).values()
    ours = [one for one in found if one.lives and one.author == voice.author]
    return sorted(ours, key=lambda one: one.position)


def _is_of(stored: Stored, reading: Reading) -> bool:
    """Return whether a statement may be replaced: the citations of this file, or that it couldn't be read."""
    return _is_outcome(stored, reading.file) or is_about(stored.bundle.said(), reading.file)


def _is_outcome(stored: Stored, file: str) -> bool:
    """Return whether it states the outcome of a file that was not read, or the work of such a file."""
    body = stored.bundle.said()
    of = all(edge.qualifiers.get("evidence") == [file] for edge in body.edges)
    return of and bool(body.nodes or body.edges) and {node.id for node in body.nodes} <= {file}


def _is_current(stored: Stored, paper: Paper) -> bool:
    """Return whether it states the citations of this very reading, as those of this work."""
    body = stored.bundle.said()
    if not is_about(body, paper.reading.file, paper.reading.record):
        return False
    if paper.identity is None or paper.identity.cites is None:
        return True
    stated = {
        work_of(edge.target) or edge.target
        for edge in body.edges
        if edge.relation is Relation.SPECIALIZATION_OF
    }
    return paper.identity.cites in stated


def _as_given(paper: Paper, before: Iterable[Stored]) -> Paper:
    """Return the paper with the work that somebody stated for it, now or before: that outweighs any file name."""
    if paper.identity is None or any(named.method == GIVEN for named in paper.identity.said):
        return paper
    for one in before:
        for edge in one.bundle.said().edges:
            said = edge.qualifiers
            if edge.relation is Relation.SPECIALIZATION_OF and said.get("method") == GIVEN:
                return Paper(paper.reading, identity_of((), (), given(edge.target)))
    return paper


def _joined(store: GraphStore, voice: Voice, first: Stored, file: str) -> list[Stored]:
    """Return the later statements that joined what a first one cites to known works."""
    cited = cited_by_position(first.bundle)
    targets = sorted({target for ids in cited.values() for target in ids})
    found = _living(store, voice, _leading_to(store, targets, _SAME))
    return [one for one in found if is_about(one.bundle.said(), file)]


def _new(store: GraphStore, edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return the edges that join what nobody joined yet."""
    wanted = tuple(edges)
    sources = sorted({edge.source for edge in wanted})
    stated = store.adjacent(sources, outgoing=True, relations=_SAME) if sources else ()
    there = {(one.edge.source, one.edge.target) for one in stated}
    return tuple(edge for edge in wanted if (edge.source, edge.target) not in there)
