"""Related work: suggestions of what is close to a thing or a text, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.errors import Fault, IdentifierError, InputError, NotFoundError
from graph.log.checkpoint import Checkpoint
from graph.model.identifiers import canonical_id
from graph.model.vocabulary import Kind
from graph.queries.caveats import cautions_of
from graph.store import Asserted, GraphStore, Thing
from recommend.aliases import group_of
from recommend.candidates import Pool, pool_of
from recommend.embed import Embedder
from recommend.embedding_text import EMBEDDED_KINDS, text_hash, text_of
from recommend.evidence import (
    Evidence,
    Found,
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

_POOL: Final = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested thing, why, and the path in the graph from the query (empty: there is none).

    `score` is between 0 and 1: 1 is first by every signal with scores.
    """

    id: str
    title: str
    score: float
    reasons: tuple[str, ...]
    path: tuple[Asserted, ...]


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


def related(
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
    signals: dict[Signal, Found] = {}
    if embedder is not None and matrix:
        signals[Signal.TEXT] = _close(store, embedder, matrix, question)
    if question.group:
        signals |= link_evidence(store, question.group)
        signals[Signal.AUTHORS] = author_evidence(store, question.group)
    else:
        signals[Signal.WORDS] = _worded(store, question.text or "")
    pool = pool_of(store, signals, question.group)
    if question.group:
        subjects = subject_evidence(store, question.group, pool.things)
        pool = pool.with_signal(Signal.SUBJECTS, subjects)
    items = _items(store, pool, limit, about="this" if question.group else "your text")
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


def _question(store: GraphStore, query: str) -> _Question:
    try:
        name = canonical_id(query)
    except IdentifierError:
        return _Question(frozenset(), query.strip())
    if not store.things([name]):
        raise NotFoundError(f"{name} is not in this store: ingest it first, or ask with a text")
    group = group_of(store, name)
    things = store.things(sorted(group))
    texts = [text for one in _first(name, things) if (text := text_of(things[one])) is not None]
    return _Question(group, texts[0] if texts else None)


def _first(name: str, things: Mapping[str, Thing]) -> list[str]:
    """Return the queried id, then its other names that may have a text, by id."""
    kinds = {*EMBEDDED_KINDS, Kind.CONCEPT}
    return [
        one for one in sorted(things, key=lambda o: (o != name, o)) if things[one].kind in kinds
    ]


def _close(
    store: GraphStore, embedder: Embedder, matrix: Matrix, question: _Question
) -> dict[str, Evidence]:
    if question.text is None:
        return {}
    wanted = text_hash(question.text)
    kept = [name for name in sorted(question.group) if name in matrix.index]
    same = [name for name in kept if matrix.texts[matrix.index[name]] == wanted]
    row = matrix.row(same[0]) if same else embedder.embed([question.text])[0]
    if row is None:
        return {}
    near = matrix.nearest(row, limit=_POOL + len(kept), at_least=MIN_COSINE)
    return {name: Evidence(cosine) for name, cosine in near if name not in question.group}


def _worded(store: GraphStore, text: str) -> dict[str, Evidence]:
    found = store.search(text, limit=_POOL)
    return {name: Evidence(1 / place) for place, name in enumerate(found, 1)}


def _items(store: GraphStore, pool: Pool, limit: int, *, about: str) -> tuple[Suggestion, ...]:
    scores = {
        signal.value: {name: one.score for name, one in found.items()}
        for signal, found in pool.signals.items()
    }
    ranked = fuse(scores, {signal.value: weight for signal, weight in WEIGHTS.items()})[:limit]
    evidence = {name: pool.evidence(name) for name, _ in ranked}
    between = {via for ways in evidence.values() for one in ways.values() for via in one.via}
    known = {**store.things(sorted(between)), **pool.things}
    cautions = cautions_of(store, [pool.things[name] for name, _ in ranked])
    return tuple(
        Suggestion(
            id=name,
            title=pool.things[name].title,
            score=score,
            reasons=(
                *(f"take care: {caution}" for caution in cautions[name]),
                *reasons_of(evidence[name], known, about=about),
            ),
            path=path_of(evidence[name]),
        )
        for name, score in ranked
    )


def _why_empty(question: _Question, embedder: Embedder | None, matrix: Matrix | None) -> str:
    found = []
    if embedder is None:
        found.append("no embedding model is in use, so no texts were compared")
    elif not matrix:
        found.append(f"nothing in this store is embedded with {embedder.model} yet")
    elif question.text is None:
        found.append("it has no text of its own to compare")
    else:
        others = len(matrix) - sum(name in matrix.index for name in question.group)
        found.append(f"none of {others} embedded texts is close (cosine {MIN_COSINE} or more)")
    if question.group:
        found.append(
            "nothing that is described here cites it, is cited by it, shares a reference or an "
            "identified author with it"
        )
    else:
        found.append("no title or text here holds all of its words")
    return "; ".join(found)
