"""Unexplored directions: pairs of concepts that are likely to be joined and that no work joins yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from graph.canonical import Json
from graph.errors import Fault, InputError
from graph.store import Checkpoint, GraphStore, Thing
from graph.vocabulary import Kind, Relation
from recommend.cooccurrence import (
    MAX_SHARE,
    MIN_SUPPORT,
    Holdings,
    Numbers,
    Pairs,
    Table,
    holdings_of,
    score,
    table_of,
    unjoined,
)
from recommend.identity import identities
from recommend.nearness import Nearness, Witnesses, nearness_of, witnesses_of
from recommend.reasons import warnings_of
from recommend.vectors import Matrix, VectorCache

SURE: Final = 0.3
"""OpenAlex adds a concept's ancestors to a work whatever their score; from 0.3 on it means the concept
itself (https://docs.openalex.org/api-entities/concepts). No score is sure."""

SHOWN: Final = 3
"""How many works are named on each side and between."""

_MAX_EACH: Final = 2
_SORTED_EACH: Final = 200
_LOOKED_AT: Final = 4 * SHOWN
_PAGE: Final = 1000
_SUBJECT: Final = frozenset({Relation.HAS_SUBJECT})


@dataclass(frozen=True, slots=True)
class Direction:
    """Two concepts that no work joins.

    `left` and `right` are works on the first and the second that are nearest to the other one;
    `bridging` are works on neither that are near both. `score` is from 0 to 1: the share of the pairs
    never joined that this one outdoes.
    """

    concepts: tuple[Thing, Thing]
    score: float
    bridging: tuple[Thing, ...]
    left: tuple[Thing, ...]
    right: tuple[Thing, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Directions:
    """The answer as of a size of the log; `why_empty` is there exactly when there are no items."""

    as_of: Checkpoint
    items: tuple[Direction, ...]
    why_empty: str | None


def directions(
    store: GraphStore, *, limit: int, model: str | None = None, cache: VectorCache | None = None
) -> Directions:
    """Pairs of concepts that no work here joins, the likeliest to be joined first.

    A pair that any work holds, under any of its names, is never suggested. One concept stands in at
    most two directions.

    Args:
        store: Where to look.
        limit: How many at most.
        model: The embedding model whose kept vectors tell how close the texts of the two sides are
            (`Embedder.model`); `None`, or one without vectors here: concepts alone decide.
        cache: Keeps the vectors from one question to the next.

    Raises:
        InputError: The limit is below 1.
    """
    if limit < 1:
        raise InputError("no directions", [Fault("limit", "a number from 1", str(limit))])
    as_of = store.checkpoint()
    concepts = _concepts(store)
    holdings, names = _holdings(store, sorted(concepts))
    general = frozenset(name for name, one in concepts.items() if _is_general(one))
    table = table_of(holdings, general)
    matrix = (cache or VectorCache()).matrix(store, model) if model is not None else None
    near = _nearness(table, holdings, matrix, names)
    pairs = unjoined(table, near.means)
    scores = score(pairs)
    chosen = _chosen(pairs, scores, limit)
    found = [
        witnesses_of(near, int(pairs.left[at]), int(pairs.right[at]), limit=_LOOKED_AT)
        for at in chosen
    ]
    works = _named(store, found, names)
    items = tuple(
        Direction(
            concepts=(
                concepts[pairs.names[pairs.left[at]]],
                concepts[pairs.names[pairs.right[at]]],
            ),
            score=float(scores[at]),
            bridging=_shown(witnesses.bridging, works),
            left=_shown(witnesses.left, works),
            right=_shown(witnesses.right, works),
            reason=_reason(table, pairs, at, concepts, len(holdings.works)),
        )
        for at, witnesses in zip(chosen, found, strict=True)
    )
    return Directions(as_of, items, None if items else _why_empty(holdings, table))


def _concepts(store: GraphStore) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    after = ""
    while page := store.listed(Kind.CONCEPT, after=after, limit=_PAGE):
        found.update(store.things(page))
        after = page[-1]
    return found


def _is_general(concept: Thing) -> bool:
    said = concept.shown.description.attributes if concept.shown else {}
    return said.get("level") == 0


def _holdings(store: GraphStore, concepts: Sequence[str]) -> tuple[Holdings, dict[str, list[str]]]:
    """Who holds what, and the names of each holder: names of one thing are one holder."""
    edges = [
        asserted.edge
        for start in range(0, len(concepts), _PAGE)
        for asserted in store.adjacent(
            concepts[start : start + _PAGE], outgoing=False, relations=_SUBJECT
        )
    ]
    holders = {edge.source for edge in edges}
    same = identities(store, holders)
    names: dict[str, list[str]] = {}
    for name, one in sorted(same.items()):
        names.setdefault(one, []).append(name)
    return holdings_of((same[e.source], e.target, _is_sure(e.qualifiers)) for e in edges), names


def _is_sure(qualifiers: Mapping[str, Json]) -> bool:
    given = qualifiers.get("score")
    return not isinstance(given, str) or float(given) >= SURE


def _nearness(
    table: Table, holdings: Holdings, matrix: Matrix | None, names: Mapping[str, Sequence[str]]
) -> Nearness:
    if not matrix:
        return nearness_of(table, holdings, None, np.full(len(holdings.works), -1))
    row = [
        next((matrix.index[name] for name in names[work] if name in matrix.index), -1)
        for work in holdings.works
    ]
    return nearness_of(table, holdings, matrix.rows, np.array(row, dtype=np.int64))


def _chosen(pairs: Pairs, scores: Numbers, limit: int) -> list[int]:
    """The best pairs, ties by name, each concept at most twice so that none fills the list."""
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
    return found


def _named(
    store: GraphStore, found: Sequence[Witnesses], names: Mapping[str, Sequence[str]]
) -> dict[str, Thing]:
    """For each witness its first described name, without what was withdrawn, retracted or deleted."""
    works = sorted({work for one in found for work in (*one.left, *one.right, *one.bridging)})
    things = store.things([name for work in works for name in names[work]])
    answer: dict[str, Thing] = {}
    for work in works:
        known = [things[name] for name in names[work] if name in things and things[name].shown]
        if known and not any(warnings_of(one, None) for one in known):
            answer[work] = known[0]
    return answer


def _shown(works: Sequence[str], things: Mapping[str, Thing]) -> tuple[Thing, ...]:
    return tuple(islice((things[work] for work in works if work in things), SHOWN))


def _reason(table: Table, pairs: Pairs, at: int, concepts: Mapping[str, Thing], works: int) -> str:
    left, right = int(pairs.left[at]), int(pairs.right[at])
    support = np.diag(table.together)
    one, other = (
        f"“{concepts[table.names[end]].title}” ({_works(support[end])})" for end in (left, right)
    )
    # What each third concept adds to `expected`: the most telling first.
    beside = table.together[left] * table.together[right] / np.maximum(support, 1)
    beside[[left, right]] = 0
    third = [int(end) for end in np.lexsort((np.arange(len(beside)), -beside)) if beside[end] > 0]
    named = " and ".join(
        f"“{concepts[table.names[end]].title}” ({int(table.together[left, end])} and "
        f"{_works(table.together[right, end])})"
        for end in third[:2]
    )
    others = f", and with {len(third) - 2} more" if len(third) > 2 else ""
    texts = ""
    if not np.isnan(pairs.texts[at]):
        below = int((pairs.texts < pairs.texts[at]).sum())
        texts = (
            f" Their texts are closer than those of {below} of the {len(pairs.left)} such pairs."
        )
    return (
        f"None of the {works} works here that have subjects joins {one} and {other}, though both "
        f"stand together with {named}{others}.{texts}"
    )


def _works(count: float) -> str:
    return "1 work" if count == 1 else f"{int(count)} works"


def _why_empty(holdings: Holdings, table: Table) -> str:
    if not holdings.works:
        return "nothing here has a subject: directions are pairs of concepts that works have"
    fit = (
        f"{len(table.names)} of {len(holdings.concepts)} concepts are neither too rare nor too "
        f"general (at least {MIN_SUPPORT} works, at most {MAX_SHARE:.0%} of the {len(holdings.works)} "
        "that have subjects, no top-level field)"
    )
    if len(table.names) < 2:
        return f"{fit}: a direction needs two"
    return f"{fit}: each pair of them is joined by a work already, or shares no third concept"
