"""Pages of the relations of a thing, also of a hub with very many.

Most things have few: those are read whole, and sorted by name and then the order given. Of a hub
(a category with a hundred thousand works) no more is read than is shown, in the store's own order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.graphql.arguments import parse_relations
from api.graphql.cursors import CursorPage, Key, cursor_of, key_of, keyset_page, listing_of
from api.graphql.loader import QueryLoader, Side
from api.graphql.sort_keys import EDGE_KEY, edge_key, edge_mark
from graph.model.model import Edge
from graph.store import AssertedEdge

HUB_THRESHOLD: Final = 2_000
_HUB_KEY: Final = (str, str, str)
_BEFORE_ALL: Final = {"": ""}
"""Qualifiers whose bytes sort before those of any edge, so that all edges of the same two ends follow."""


@dataclass(frozen=True, slots=True)
class EdgePage:
    """Page of relations; `counted` is the number of all, or a lower bound where not `all_counted`."""

    page: CursorPage[AssertedEdge]
    counted: int
    all_counted: bool


async def edge_page(loader: QueryLoader, side: Side, *, first: int, after: str | None) -> EdgePage:
    """Return a page of the relations on one side of a thing."""
    listing = f"relations/{'out' if side[1] else 'in'}"
    hub_listing = f"{listing}/many"
    if after is not None and listing_of(after) == hub_listing:
        return _hub_page_after(loader, side, hub_listing, first=first, after=after)
    edges: Sequence[AssertedEdge] = await loader.limited_edges(side, HUB_THRESHOLD + 1)
    if len(edges) > HUB_THRESHOLD and after is None:
        return _hub_page(side, hub_listing, edges, first=first, counted=HUB_THRESHOLD)
    if len(edges) > HUB_THRESHOLD:  # it became a hub between two pages
        edges = await loader.edges(side[0], outgoing=side[1], relations=side[2])
    edges_page = keyset_page(
        listing,
        edges,
        lambda assertion: edge_key(assertion.edge.relation.value, assertion, outgoing=side[1]),
        shape=EDGE_KEY,
        first=first,
        after=after,
    )
    return EdgePage(edges_page, len(edges), all_counted=True)


def _hub_page_after(
    loader: QueryLoader, side: Side, listing: str, *, first: int, after: str
) -> EdgePage:
    """Return the page of a hub's relations that follows a cursor."""
    name, outgoing, relations = side
    relation, far, mark = map(str, key_of(listing, after, _HUB_KEY))
    (known_relation,) = parse_relations([relation]) or frozenset()
    source, target = (name, far) if outgoing else (far, name)
    start, limit = Edge(source, known_relation, target, _BEFORE_ALL), first + 2
    while True:
        edges = loader.store.adjacent(
            [name], outgoing=outgoing, relations=relations, limit=limit, after=start
        )
        marks = [
            edge_mark(assertion)
            for assertion in edges
            if _ends(assertion) == (source, relation, target)
        ]
        skip = marks.index(mark) + 1 if mark in marks else 0
        is_placed = skip > 0 or len(marks) < limit  # else the edge may still come: read on
        if len(edges) < limit or (is_placed and len(edges) - skip > first):
            return _hub_page(side, listing, edges[skip:], first=first)
        limit *= 2


def _hub_page(
    side: Side, listing: str, edges: Sequence[AssertedEdge], *, first: int, counted: int = 0
) -> EdgePage:
    def key(assertion: AssertedEdge) -> Key:
        far = assertion.edge.target if side[1] else assertion.edge.source
        return assertion.edge.relation.value, far, edge_mark(assertion)

    items = tuple(edges[:first])
    cursors = tuple(cursor_of(listing, key(assertion)) for assertion in items)
    edges_page = CursorPage(items, cursors, len(edges) > first)
    return EdgePage(edges_page, max(counted, len(items)), all_counted=False)


def _ends(assertion: AssertedEdge) -> tuple[str, str, str]:
    return assertion.edge.source, assertion.edge.relation.value, assertion.edge.target
