"""Related work: suggestions of what is close to a thing or a text, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.errors import Fault, IdentifierError, InputError, NotFoundError
from graph.log.checkpoint import Checkpoint
from graph.model.identifiers import canonical_id
from graph.model.vocabulary import Kind
from graph.queries.caveats import caveats_of
from graph.store import AssertedEdge, GraphReader, GraphStore, Thing
from recommend.aliases import group_of
from recommend.candidates import Candidates, candidates_of
from recommend.embed import Embedder
from recommend.embedding_text import EMBEDDED_KINDS, text_hash, text_of
from recommend.evidence import (
    Evidence,
    EvidenceById,
    Signal,
    author_evidence,
    link_evidence,
    subject_evidence,
)
from recommend.explanations import path_of, reasons_of
from recommend.fusion import fuse
from recommend.vectors import Matrix, VectorCache

WEIGHTS: Final[Mapping[Signal, float]] = {
    Signal.TEXT: 1.0,
    Signal.WORDS: 0.5,
    Signal.LINK: 1.0,
    Signal.COUPLING: 1.0,
    Signal.COCITATION: 1.0,
    Signal.AUTHORS: 0.5,
    Signal.SUBJECTS: 0.2,
}
MIN_COSINE: Final = 0.3
"""Below it texts count as unrelated: MiniLM gives two papers of one field 0.36 on average."""

_MAX_CANDIDATES: Final = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested thing, why, and the path in the graph from the query (empty: there is none).

    `score` is between 0 and 1: 1 is first by every signal with scores.
    """

    id: str
    title: str
    score: float
    reasons: tuple[str, ...]
    path: tuple[AssertedEdge, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Result as of a size of the log.

    `model` is the embedding model that was used, `None` where the result comes from citations and
    words alone. `why_empty` is there exactly when there are no items.
    """

    as_of: Checkpoint
    model: str | None
    items: tuple[Suggestion, ...]
    why_empty: str | None


@dataclass(frozen=True, slots=True)
class _Question:
    """Query: a thing with its versions and other names, or a text (`group` is empty)."""

    group: frozenset[str]
    text: str | None


def find_related(
    store: GraphStore,
    embedder: Embedder | None,
    query: str,
    *,
    limit: int,
    cache: VectorCache | None = None,
) -> Suggestions:
    """Return what is related to a thing or a text.

    Close texts (nearest neighbours of the embedding), words, citations in both directions, shared
    references, being cited together, identified authors and subjects are fused by rank. Never
    suggested are the thing itself, its versions and other names, and what its source has deleted;
    what is withdrawn or retracted says so first.

    Args:
        store: Where to look.
        embedder: Names the model whose vectors are used, and embeds what has none; `None`: citations and words.
        query: An identifier, else a text.
        limit: How many at most.
        cache: Keeps the vectors from one call to the next.

    Raises:
        InputError: The query is blank, or the limit is below 1.
        NotFoundError: It is an identifier that is not in this store.
    """
    _refuse(query, limit)
    as_of = store.checkpoint()
    question = _question(store, query)
    matrix = (cache or VectorCache()).matrix(store, embedder.model) if embedder else None
    signals: dict[Signal, EvidenceById] = {}
    if embedder is not None and matrix:
        signals[Signal.TEXT] = _text_evidence(store, embedder, matrix, question)
    if question.group:
        signals |= link_evidence(store, question.group)
        signals[Signal.AUTHORS] = author_evidence(store, question.group)
    else:
        signals[Signal.WORDS] = _word_evidence(store, question.text or "")
    candidates = candidates_of(store, signals, question.group)
    if question.group:
        subjects = subject_evidence(store, question.group, candidates.things)
        candidates = candidates.with_signal(Signal.SUBJECTS, subjects)
    items = _items(store, candidates, limit, about="this" if question.group else "your text")
    used = embedder.model if embedder is not None and matrix else None
    why = None if items else _why_empty(question, embedder, matrix)
    return Suggestions(as_of, used, items, why)


def _refuse(query: str, limit: int) -> None:
    faults = []
    if not query.strip():
        faults.append(Fault("query", "an identifier or a text", repr(query)))
    if limit < 1:
        faults.append(Fault("limit", "a number from 1", str(limit)))
    if faults:
        raise InputError("nothing to relate to", faults)


def _question(store: GraphReader, query: str) -> _Question:
    try:
        name = canonical_id(query)
    except IdentifierError:
        return _Question(frozenset(), query.strip())
    if not store.things([name]):
        raise NotFoundError(f"{name} is not in this store: ingest it first, or ask with a text")
    group = group_of(store, name)
    things = store.things(sorted(group))
    texts = [
        text
        for alias in _names_with_text(name, things)
        if (text := text_of(things[alias])) is not None
    ]
    return _Question(group, texts[0] if texts else None)


def _names_with_text(name: str, things: Mapping[str, Thing]) -> list[str]:
    """Return the queried id, then its other names that may have a text, by id."""
    kinds = {*EMBEDDED_KINDS, Kind.CONCEPT}
    return [
        alias
        for alias in sorted(things, key=lambda o: (o != name, o))
        if things[alias].kind in kinds
    ]


def _text_evidence(
    store: GraphStore, embedder: Embedder, matrix: Matrix, question: _Question
) -> dict[str, Evidence]:
    if question.text is None:
        return {}
    query_hash = text_hash(question.text)
    aliases = [name for name in sorted(question.group) if name in matrix.index]
    current = [name for name in aliases if matrix.texts[matrix.index[name]] == query_hash]
    row = matrix.row(current[0]) if current else embedder.embed([question.text])[0]
    if row is None:
        return {}
    near = matrix.nearest(row, limit=_MAX_CANDIDATES + len(aliases), at_least=MIN_COSINE)
    return {name: Evidence(cosine) for name, cosine in near if name not in question.group}


def _word_evidence(store: GraphReader, text: str) -> dict[str, Evidence]:
    ids = store.search(text, limit=_MAX_CANDIDATES)
    return {name: Evidence(1 / place) for place, name in enumerate(ids, 1)}


def _items(
    store: GraphReader, candidates: Candidates, limit: int, *, about: str
) -> tuple[Suggestion, ...]:
    scores = {
        signal.value: {
            name: signal_evidence.score for name, signal_evidence in evidence_by_id.items()
        }
        for signal, evidence_by_id in candidates.signals.items()
    }
    ranked = fuse(scores, {signal.value: weight for signal, weight in WEIGHTS.items()})[:limit]
    evidence = {name: candidates.evidence(name) for name, _ in ranked}
    between = {
        via
        for ways in evidence.values()
        for signal_evidence in ways.values()
        for via in signal_evidence.via
    }
    things = {**store.things(sorted(between)), **candidates.things}
    cautions = caveats_of(store, [candidates.things[name] for name, _ in ranked])
    return tuple(
        Suggestion(
            id=name,
            title=candidates.things[name].title,
            score=score,
            reasons=(
                *(f"take care: {caution}" for caution in cautions[name]),
                *reasons_of(evidence[name], things, about=about),
            ),
            path=path_of(evidence[name]),
        )
        for name, score in ranked
    )


def _why_empty(question: _Question, embedder: Embedder | None, matrix: Matrix | None) -> str:
    reasons = []
    if embedder is None:
        reasons.append("no embedding model is in use, so no texts were compared")
    elif not matrix:
        reasons.append(f"nothing in this store is embedded with {embedder.model} yet")
    elif question.text is None:
        reasons.append("it has no text of its own to compare")
    else:
        others = len(matrix) - sum(name in matrix.index for name in question.group)
        reasons.append(f"none of {others} embedded texts is close (cosine {MIN_COSINE} or more)")
    if question.group:
        reasons.append(
            "nothing that is described here cites it, is cited by it, shares a reference or an "
            "identified author with it"
        )
    else:
        reasons.append("no title or text here holds all of its words")
    return "; ".join(reasons)
