"""Graph traversal: lineage and paths; pure functions over batched adjacency.

Each step asks the store once for all nodes of a level, and a visited set ends every cycle.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, TypeAlias

from graph.model.canonical import canonical_bytes
from graph.model.vocabulary import Relation
from graph.store import AssertedEdge, GraphReader

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


_Hop: TypeAlias = tuple[str, str, AssertedEdge]
"""The node that an edge leads to, the one it was reached from, the edge."""

_Expand: TypeAlias = Callable[[Sequence[str]], list[_Hop]]


@dataclass(frozen=True, slots=True)
class Step:
    """Edge of a walk; `depth` is that of its further end, from 1."""

    depth: int
    asserted: AssertedEdge


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


def lineage(store: GraphReader, start: str, *, up: bool, depth: int, limit: int) -> Walk:
    """Return the lineage of a thing: what it came from (`up`), or what came from it.

    Args:
        store: Where to look.
        start: The id to start from.
        up: Towards the origin, else away from it.
        depth: How many steps at most.
        limit: How many nodes at most, `start` included.
    """

    def expand(ids: Sequence[str]) -> list[_Hop]:
        onward = store.adjacent(ids, outgoing=up, relations=TO_ORIGIN | BOTH_WAYS)
        aliases = store.adjacent(ids, outgoing=not up, relations=BOTH_WAYS)
        return _hops(onward, outgoing=up) + _hops(aliases, outgoing=not up)

    return _walk(start, expand, depth, limit)


def path(
    store: GraphReader,
    start: str,
    end: str,
    *,
    depth: int,
    relations: frozenset[Relation] | None = None,
) -> tuple[AssertedEdge, ...] | None:
    """Return a shortest path between two things along edges of any direction, `None` beyond `depth` steps."""
    incoming: dict[str, AssertedEdge | None] = {start: None}
    level = [start]
    for _ in range(depth):
        if end in incoming:
            break
        out = store.adjacent(level, outgoing=True, relations=relations)
        back = store.adjacent(level, outgoing=False, relations=relations)
        onward = _hops(out, outgoing=True) + _hops(back, outgoing=False)
        level = []
        for name, _, asserted in sorted(onward, key=_sort_key):
            if name not in incoming:
                incoming[name] = asserted
                level.append(name)
    return _trace_back(incoming, end) if end in incoming else None


def _trace_back(incoming: Mapping[str, AssertedEdge | None], end: str) -> tuple[AssertedEdge, ...]:
    steps: list[AssertedEdge] = []
    while (asserted := incoming[end]) is not None:
        steps.append(asserted)
        end = asserted.edge.source if asserted.edge.target == end else asserted.edge.target
    return tuple(reversed(steps))


def _hops(edges: Sequence[AssertedEdge], *, outgoing: bool) -> list[_Hop]:
    if outgoing:
        return [(asserted.edge.target, asserted.edge.source, asserted) for asserted in edges]
    return [(asserted.edge.source, asserted.edge.target, asserted) for asserted in edges]


def _sort_key(hop: _Hop) -> tuple[str, str, str, str, bytes]:
    """Return a sort key that is independent of arrival: the names, then the edge's bytes."""
    name, _, asserted = hop
    edge = asserted.edge
    qualifiers = canonical_bytes(edge.qualifiers) if edge.qualifiers else b""
    return name, edge.relation, edge.source, edge.target, qualifiers


def _walk(start: str, expand: _Expand, depth: int, limit: int) -> Walk:
    depths = {start: 0}
    steps: dict[tuple[str, str, str, bytes], Step] = {}
    omitted: Counter[str] = Counter()
    level = [start]
    for number in range(1, depth + 1):
        onward = sorted(expand(level), key=itemgetter(0))
        level, kept_hops = [], []
        for hop in onward:
            name = hop[0]
            if name not in depths:
                if len(depths) >= limit:
                    omitted[hop[1]] += 1
                    continue
                depths[name] = number
                level.append(name)
            kept_hops.append(hop)
        for _, _, asserted in sorted(kept_hops, key=_sort_key):
            edge = asserted.edge
            key = (edge.source, edge.relation, edge.target, canonical_bytes(edge.qualifiers))
            steps.setdefault(key, Step(number, asserted))
        if not level:
            break
    return Walk(start, tuple(depths), depths, tuple(steps.values()), dict(omitted))
