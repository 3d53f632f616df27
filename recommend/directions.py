"""Unexplored research directions: pairs of concepts that are likely to be joined and that no work joins yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

import numpy as np

from graph.errors import Fault, InputError
from graph.log.checkpoint import Checkpoint
from graph.queries.caveats import stated_of
from graph.store import GraphStore, Thing
from recommend.concept_index import Library, Shelf, library_of
from recommend.cooccurrence import (
    MAX_SHARE,
    MIN_SUPPORT,
    Numbers,
    Pairs,
    score,
    table_of,
    unjoined,
)
from recommend.proximity import Nearness, Witnesses, nearness_of, witnesses_of
from recommend.vectors import Matrix, VectorCache

SHOWN: Final = 3
"""Number of works that are named on each side and between."""

_MAX_EACH: Final = 2
_SORTED_EACH: Final = 200
_LOOKED_AT: Final = 4 * SHOWN


@dataclass(frozen=True, slots=True)
class Direction:
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
class Directions:
    """Result as of a size of the log; `why_empty` is there exactly when there are no items."""

    as_of: Checkpoint
    items: tuple[Direction, ...]
    why_empty: str | None


def directions(
    store: GraphStore, *, limit: int, model: str | None = None, cache: VectorCache | None = None
) -> Directions:
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
    library = library_of(store)
    matrix = (cache or VectorCache()).matrix(store, model) if model is not None else None
    studies = [_study(library, shelf, matrix, limit) for shelf in library.shelves]
    turns = zip_longest(*([(study, at) for at in study.chosen] for study in studies))
    chosen = list(islice((one for turn in turns for one in turn if one is not None), limit))
    witnesses = [
        witnesses_of(
            study.near, int(study.pairs.left[at]), int(study.pairs.right[at]), limit=_LOOKED_AT
        )
        for study, at in chosen
    ]
    works = _named(store, witnesses, library.names)
    items = tuple(
        _direction(library.concepts, study, at, found, works)
        for (study, at), found in zip(chosen, witnesses, strict=True)
    )
    return Directions(as_of, items, None if items else _why_empty(studies))


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """Ranking of the pairs of one vocabulary: how likely each is, and the positions of the best."""

    shelf: Shelf
    near: Nearness
    pairs: Pairs
    scores: Numbers
    chosen: tuple[int, ...]


def _study(library: Library, shelf: Shelf, matrix: Matrix | None, limit: int) -> _Study:
    table = table_of(shelf.holdings, library.too_general)
    rows = None if matrix is None else matrix.rows
    near = nearness_of(table, shelf.holdings, rows, library.rows(shelf, matrix))
    pairs = unjoined(table, near.means)
    scores = score(pairs)
    return _Study(shelf, near, pairs, scores, _chosen(pairs, scores, limit))


def _chosen(pairs: Pairs, scores: Numbers, limit: int) -> tuple[int, ...]:
    """Choose the best pairs, ties by name, each concept at most twice so that none fills the list."""
    uses: Counter[int] = Counter()
    found: list[int] = []
    # Hundreds of thousands of pairs are not worth sorting for the first few.
    count = min(_SORTED_EACH * limit, len(scores))
    edge = np.partition(scores, -count)[-count] if count else 0.0
    first = np.flatnonzero(scores >= edge)
    for at in sorted(first, key=lambda at: (-scores[at], pairs.left[at], pairs.right[at])):
        ends = (int(pairs.left[at]), int(pairs.right[at]))
        if len(found) < limit and all(uses[end] < _MAX_EACH for end in ends):
            found.append(int(at))
            uses.update(ends)
    return tuple(found)


def _named(
    store: GraphStore, found: Sequence[Witnesses], names: Mapping[str, Sequence[str]]
) -> dict[str, Thing]:
    """Return each example work under its first described name, without those withdrawn, retracted or deleted."""
    works = sorted(
        {work for witness in found for work in (*witness.left, *witness.right, *witness.bridging)}
    )
    things = store.things([name for work in works for name in names[work]])
    answer: dict[str, Thing] = {}
    for work in works:
        known = [things[name] for name in names[work] if name in things and things[name].shown]
        if known and not any(stated_of(thing) for thing in known):
            answer[work] = known[0]
    return answer


def _shown(works: Sequence[str], things: Mapping[str, Thing]) -> tuple[Thing, ...]:
    return tuple(islice((things[work] for work in works if work in things), SHOWN))


def _direction(
    concepts: Mapping[str, Thing],
    study: _Study,
    at: int,
    found: Witnesses,
    works: Mapping[str, Thing],
) -> Direction:
    left, right = (
        concepts[study.pairs.names[e[at]]] for e in (study.pairs.left, study.pairs.right)
    )
    return Direction(
        concepts=(left, right),
        score=float(study.scores[at]),
        bridging=_shown(found.bridging, works),
        left=_shown(found.left, works),
        right=_shown(found.right, works),
        reason=_reason(concepts, study, at),
    )


def _reason(concepts: Mapping[str, Thing], study: _Study, at: int) -> str:
    pairs, together = study.pairs, study.near.table.together
    titles = [f"“{concepts[name].title}”" for name in pairs.names]
    support = np.diag(together)
    left, right = int(pairs.left[at]), int(pairs.right[at])
    one, other = (f"{titles[end]} ({_works(support[end])})" for end in (left, right))
    # What each third concept adds to `expected`: the most telling first.
    beside = together[left] * together[right] / np.maximum(support, 1)
    beside[[left, right]] = 0
    third = [int(end) for end in np.lexsort((np.arange(len(beside)), -beside)) if beside[end] > 0]
    named = " and ".join(
        f"{titles[end]} ({int(together[left, end])} and {_works(together[right, end])})"
        for end in third[:2]
    )
    others = f", and with {len(third) - 2} more" if len(third) > 2 else ""
    texts, count = "", len(pairs.left) - 1
    if count and not np.isnan(pairs.texts[at]):
        below = int((pairs.texts < pairs.texts[at]).sum())
        texts = f" Their texts are closer than those of {below} of the {count} other such pairs."
    return (
        f"None of the {len(study.shelf.holdings.works)} works here with subjects of "
        f"{study.shelf.vocabulary} joins {one} and {other}, though both stand together with "
        f"{named}{others}.{texts}"
    )


def _works(count: float) -> str:
    return "1 work" if count == 1 else f"{int(count)} works"


def _why_empty(studies: Sequence[_Study]) -> str:
    if not studies:
        return "nothing here has a subject: directions are pairs of concepts that works have"
    return "; ".join(map(_why_none, studies))


def _why_none(study: _Study) -> str:
    fit, holdings = len(study.near.table.names), study.shelf.holdings
    left_out = (
        f"{fit} of {len(holdings.concepts)} concepts of {study.shelf.vocabulary} are neither too rare "
        f"nor too general (at least {MIN_SUPPORT} works, at most {MAX_SHARE:.0%} of the "
        f"{len(holdings.works)} that have any, no top-level field)"
    )
    if fit < 2:
        return f"{left_out}, and a direction needs two"
    return f"{left_out}, and each pair of them is joined by a work or shares no third concept"
