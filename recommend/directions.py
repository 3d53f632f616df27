"""Unexplored research directions: pairs of concepts that are likely to be joined and that no work joins yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

import numpy as np

from graph.errors import Fault, InputError
from graph.log.checkpoint import Checkpoint
from graph.queries.caveats import stated_caveats
from graph.store import GraphReader, GraphStore, Thing
from recommend.concept_index import ConceptIndex, VocabularyIndex, read_concept_index
from recommend.cooccurrence import (
    MAX_SHARE,
    MIN_SUPPORT,
    ConceptPairs,
    Numbers,
    disjoint_pairs,
    score,
    table_of,
)
from recommend.proximity import ExampleWorks, Proximity, example_works, proximity_of
from recommend.vectors import Matrix, VectorCache

WORKS_EACH: Final = 3
"""Number of works that are named on each side and between."""

_MAX_EACH: Final = 2
_SORTED_EACH: Final = 200
_MAX_EXAMPLES: Final = 4 * WORKS_EACH


@dataclass(frozen=True, slots=True)
class ResearchDirection:
    """Two concepts that no work joins.

    `left` and `right` are works on the first and the second that are nearest to the other one;
    `bridging` are works on neither that are near both. `score` is from 0 to 1: the share of the pairs
    never joined that this one exceeds.
    """

    concepts: tuple[Thing, Thing]
    score: float
    bridging: tuple[Thing, ...]
    left: tuple[Thing, ...]
    right: tuple[Thing, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ResearchDirections:
    """Result as of a size of the log; `why_empty` is there exactly when there are no items."""

    as_of: Checkpoint
    items: tuple[ResearchDirection, ...]
    why_empty: str | None


def find_directions(
    store: GraphStore, *, limit: int, model: str | None = None, cache: VectorCache | None = None
) -> ResearchDirections:
    """Return pairs of concepts that no work here joins, the likeliest to be joined first.

    A pair that any work holds, under any of its names, is never suggested. Each vocabulary (arXiv's
    categories, OpenAlex's concepts) is judged on its own works, since they differ in grain and often
    name the same thing; they take turns, the one of the most works first, so `score` falls within a
    vocabulary. One concept stands in at most two directions.

    Args:
        store: Where to look.
        limit: How many at most.
        model: The embedding model whose kept vectors show how close the texts of the two sides are
            (`Embedder.model`); `None`, or one without vectors here: concepts alone decide.
        cache: Keeps the vectors from one call to the next.

    Raises:
        InputError: The limit is below 1.
    """
    if limit < 1:
        raise InputError("no directions", [Fault("limit", "a number from 1", str(limit))])
    as_of = store.checkpoint()
    concept_index = read_concept_index(store)
    matrix = (cache or VectorCache()).matrix(store, model) if model is not None else None
    rankings = [
        _rank_pairs(concept_index, vocabulary, matrix, limit)
        for vocabulary in concept_index.vocabularies
    ]
    turns = zip_longest(*([(ranking, at) for at in ranking.best] for ranking in rankings))
    picks = list(islice((pick for turn in turns for pick in turn if pick is not None), limit))
    examples = [
        example_works(
            ranking.proximity,
            int(ranking.pairs.left[at]),
            int(ranking.pairs.right[at]),
            limit=_MAX_EXAMPLES,
        )
        for ranking, at in picks
    ]
    works = _described_works(store, examples, concept_index.aliases)
    items = tuple(
        _direction(concept_index.concepts, ranking, at, example, works)
        for (ranking, at), example in zip(picks, examples, strict=True)
    )
    return ResearchDirections(as_of, items, None if items else _why_empty(rankings))


@dataclass(frozen=True, slots=True, eq=False)
class _PairRanking:
    """Ranking of the pairs of one vocabulary: how likely each is, and the positions of the best."""

    vocabulary: VocabularyIndex
    proximity: Proximity
    pairs: ConceptPairs
    scores: Numbers
    best: tuple[int, ...]


def _rank_pairs(
    concept_index: ConceptIndex, vocabulary: VocabularyIndex, matrix: Matrix | None, limit: int
) -> _PairRanking:
    table = table_of(vocabulary.incidence, concept_index.too_general)
    rows = None if matrix is None else matrix.rows
    proximity = proximity_of(
        table, vocabulary.incidence, rows, concept_index.vector_rows(vocabulary, matrix)
    )
    pairs = disjoint_pairs(table, proximity.means)
    scores = score(pairs)
    return _PairRanking(vocabulary, proximity, pairs, scores, _best_pairs(pairs, scores, limit))


def _best_pairs(pairs: ConceptPairs, scores: Numbers, limit: int) -> tuple[int, ...]:
    """Choose the best pairs, ties by name, each concept at most twice so that none fills the list."""
    uses: Counter[int] = Counter()
    positions: list[int] = []
    # Hundreds of thousands of pairs are not worth sorting for the first few.
    count = min(_SORTED_EACH * limit, len(scores))
    edge = np.partition(scores, -count)[-count] if count else 0.0
    first = np.flatnonzero(scores >= edge)
    for at in sorted(first, key=lambda at: (-scores[at], pairs.left[at], pairs.right[at])):
        ends = (int(pairs.left[at]), int(pairs.right[at]))
        if len(positions) < limit and all(uses[end] < _MAX_EACH for end in ends):
            positions.append(int(at))
            uses.update(ends)
    return tuple(positions)


def _described_works(
    store: GraphReader, examples: Sequence[ExampleWorks], names: Mapping[str, Sequence[str]]
) -> dict[str, Thing]:
    """Return each example work under its first described name, without those withdrawn, retracted or deleted."""
    works = sorted(
        {
            work
            for example in examples
            for work in (*example.left, *example.right, *example.bridging)
        }
    )
    things = store.things([name for work in works for name in names[work]])
    works_by_id: dict[str, Thing] = {}
    for work in works:
        described = [things[name] for name in names[work] if name in things and things[name].shown]
        if described and not any(stated_caveats(thing) for thing in described):
            works_by_id[work] = described[0]
    return works_by_id


def _first_described(works: Sequence[str], things: Mapping[str, Thing]) -> tuple[Thing, ...]:
    return tuple(islice((things[work] for work in works if work in things), WORKS_EACH))


def _direction(
    concepts: Mapping[str, Thing],
    ranking: _PairRanking,
    at: int,
    example: ExampleWorks,
    works: Mapping[str, Thing],
) -> ResearchDirection:
    left, right = (
        concepts[ranking.pairs.names[e[at]]] for e in (ranking.pairs.left, ranking.pairs.right)
    )
    return ResearchDirection(
        concepts=(left, right),
        score=float(ranking.scores[at]),
        bridging=_first_described(example.bridging, works),
        left=_first_described(example.left, works),
        right=_first_described(example.right, works),
        reason=_reason(concepts, ranking, at),
    )


def _reason(concepts: Mapping[str, Thing], ranking: _PairRanking, at: int) -> str:
    pairs, together = ranking.pairs, ranking.proximity.table.together
    titles = [f"“{concepts[name].title}”" for name in pairs.names]
    support = np.diag(together)
    left, right = int(pairs.left[at]), int(pairs.right[at])
    left_title, right_title = (f"{titles[end]} ({_works(support[end])})" for end in (left, right))
    # What each third concept adds to `expected`: the most telling first.
    beside = together[left] * together[right] / np.maximum(support, 1)
    beside[[left, right]] = 0
    third = [int(end) for end in np.lexsort((np.arange(len(beside)), -beside)) if beside[end] > 0]
    bridges = " and ".join(
        f"{titles[end]} ({int(together[left, end])} and {_works(together[right, end])})"
        for end in third[:2]
    )
    others = f", and with {len(third) - 2} more" if len(third) > 2 else ""
    texts, count = "", len(pairs.left) - 1
    if count and not np.isnan(pairs.texts[at]):
        below = int((pairs.texts < pairs.texts[at]).sum())
        texts = f" Their texts are closer than those of {below} of the {count} other such pairs."
    return (
        f"None of the {len(ranking.vocabulary.incidence.works)} works here with subjects of "
        f"{ranking.vocabulary.name} joins {left_title} and {right_title}, though both stand together with "
        f"{bridges}{others}.{texts}"
    )


def _works(count: float) -> str:
    return "1 work" if count == 1 else f"{int(count)} works"


def _why_empty(rankings: Sequence[_PairRanking]) -> str:
    if not rankings:
        return "nothing here has a subject: directions are pairs of concepts that works have"
    return "; ".join(map(_why_none, rankings))


def _why_none(ranking: _PairRanking) -> str:
    fit, incidence = len(ranking.proximity.table.names), ranking.vocabulary.incidence
    left_out = (
        f"{fit} of {len(incidence.concepts)} concepts of {ranking.vocabulary.name} are neither too rare "
        f"nor too general (at least {MIN_SUPPORT} works, at most {MAX_SHARE:.0%} of the "
        f"{len(incidence.works)} that have any, no top-level field)"
    )
    if fit < 2:
        return f"{left_out}, and a direction needs two"
    return f"{left_out}, and each pair of them is joined by a work or shares no third concept"
