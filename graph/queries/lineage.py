"""Graph traversal: lineage, paths, neighbourhoods; pure functions over batched adjacency.

Each step asks the store once for all nodes of a level, and a visited set ends every cycle.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, TypeAlias

from graph.model.canonical import canonical
from graph.model.vocabulary import Relation
from graph.store import Asserted, GraphStore

TO_ORIGIN: Final = frozenset(
    {
        Relation.WAS_DERIVED_FROM,
        Relation.WAS_GENERATED_BY,
        Relation.USED,
        Relation.WAS_INFORMED_BY,
        Relation.SPECIALIZATION_OF,
        Relation.EXTENDS,
        Relation.CITES,
    }
)
"""Relations that lead from a thing to what it came from."""

BOTH_WAYS: Final = frozenset({Relation.ALTERNATE_OF})
"""Relations that join two names of one thing."""


_Reached: TypeAlias = tuple[str, str, Asserted]
"""The node that an edge leads to, the one it was reached from, the edge."""

_Reach: TypeAlias = Callable[[Sequence[str]], list[_Reached]]


@dataclass(frozen=True, slots=True)
class Step:
    """Edge of a walk; `depth` is that of its further end, from 1."""

    depth: int
    asserted: Asserted


@dataclass(frozen=True, slots=True)
class Walk:
    """Result of a traversal from `start`.

    `nodes` begins with `start` and goes on by depth; `depths` holds the depth of each. `steps` are the
    edges between these nodes that were walked. `more` counts, for a node, the edges that lead on to
    nodes that are left out because the limit was reached.
    """

    start: str
    nodes: tuple[str, ...]
    depths: Mapping[str, int]
    steps: tuple[Step, ...]
    more: Mapping[str, int]


def lineage(store: GraphStore, start: str, *, up: bool, depth: int, limit: int) -> Walk:
    """Return the lineage of a thing: what it came from (`up`), or what came from it.

    Args:
        store: Where to look.
        start: The id to start from.
        up: Towards the origin, else away from it.
        depth: How many steps at most.
        limit: How many nodes at most, `start` included.
    """

    def reach(ids: Sequence[str]) -> list[_Reached]:
        onward = store.adjacent(ids, outgoing=up, relations=TO_ORIGIN | BOTH_WAYS)
        alike = store.adjacent(ids, outgoing=not up, relations=BOTH_WAYS)
        return _away(onward, outgoing=up) + _away(alike, outgoing=not up)

    return _walk(start, reach, depth, limit)


def neighbourhood(
    store: GraphStore,
    start: str,
    *,
    depth: int,
    limit: int,
    relations: frozenset[Relation] | None = None,
) -> Walk:
    """Return the neighbourhood of a thing, along edges of any direction."""

    def reach(ids: Sequence[str]) -> list[_Reached]:
        out = store.adjacent(ids, outgoing=True, relations=relations)
        back = store.adjacent(ids, outgoing=False, relations=relations)
        return _away(out, outgoing=True) + _away(back, outgoing=False)

    return _walk(start, reach, depth, limit)


def path(
    store: GraphStore,
    start: str,
    end: str,
    *,
    depth: int,
    relations: frozenset[Relation] | None = None,
) -> tuple[Asserted, ...] | None:
    """Return a shortest path between two things along edges of any direction, `None` beyond `depth` steps."""
    came: dict[str, Asserted | None] = {start: None}
    level = [start]
    for _ in range(depth):
        if end in came:
            break
        out = store.adjacent(level, outgoing=True, relations=relations)
        back = store.adjacent(level, outgoing=False, relations=relations)
        onward = _away(out, outgoing=True) + _away(back, outgoing=False)
        level = []
        for name, _, asserted in sorted(onward, key=_order):
            if name not in came:
                came[name] = asserted
                level.append(name)
    return _traced(came, end) if end in came else None


def _traced(came: Mapping[str, Asserted | None], end: str) -> tuple[Asserted, ...]:
    steps: list[Asserted] = []
    while (asserted := came[end]) is not None:
        steps.append(asserted)
        end = asserted.edge.source if asserted.edge.target == end else asserted.edge.target
    return tuple(reversed(steps))


def _away(edges: Sequence[Asserted], *, outgoing: bool) -> list[_Reached]:
    if outgoing:
        return [(one.edge.target, one.edge.source, one) for one in edges]
    return [(one.edge.source, one.edge.target, one) for one in edges]


def _order(reached: _Reached) -> tuple[str, str, str, str, bytes]:
    """Return a sort key that is independent of arrival: the names, then the edge's bytes."""
    name, _, asserted = reached
    edge = asserted.edge
    qualifiers = canonical(edge.qualifiers) if edge.qualifiers else b""
    return name, edge.relation, edge.source, edge.target, qualifiers


def _walk(start: str, reach: _Reach, depth: int, limit: int) -> Walk:
    depths = {start: 0}
    steps: dict[tuple[str, str, str, bytes], Step] = {}
    more: Counter[str] = Counter()
    level = [start]
    for number in range(1, depth + 1):
        onward = sorted(reach(level), key=itemgetter(0))
        level, walked = [], []
        for reached in onward:
            name = reached[0]
            if name not in depths:
                if len(depths) >= limit:
                    more[reached[1]] += 1
                    continue
                depths[name] = number
                level.append(name)
            walked.append(reached)
        for _, _, asserted in sorted(walked, key=_order):
            edge = asserted.edge
            key = (edge.source, edge.relation, edge.target, canonical(edge.qualifiers))
            steps.setdefault(key, Step(number, asserted))
        if not level:
            break
    return Walk(start, tuple(depths), depths, tuple(steps.values()), dict(more))
