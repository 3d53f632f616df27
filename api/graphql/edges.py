"""Pages of the relations of a thing, also of a hub with very many.

Most things have few: those are read whole, and sorted by name and then the order given. Of a hub
(a category with a hundred thousand works) no more is read than is shown, in the store's own order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.graphql.arguments import relations_named
from api.graphql.cursors import Key, Page, cursor_of, key_of, listing_of, page
from api.graphql.loader import Reader, Side
from api.graphql.sort_keys import EDGE_KEY, edge_key, edge_mark
from graph.model.model import Edge
from graph.store import Asserted

FEW: Final = 2_000
_MANY: Final = (str, str, str)
_BEFORE_ALL: Final = {"": ""}
"""Qualifiers whose bytes sort before those of any edge, so that all edges of the same two ends follow."""


@dataclass(frozen=True, slots=True)
class EdgePage:
    """Page of relations; `counted` is the number of all, or a lower bound where not `all_counted`."""

    page: Page[Asserted]
    counted: int
    all_counted: bool


async def edge_page(reader: Reader, side: Side, *, first: int, after: str | None) -> EdgePage:
    """Return a page of the relations on one side of a thing."""
    listing = f"relations/{'out' if side[1] else 'in'}"
    many = f"{listing}/many"
    if after is not None and listing_of(after) == many:
        return _behind(reader, side, many, first=first, after=after)
    edges: Sequence[Asserted] = await reader.some_edges(side, FEW + 1)
    if len(edges) > FEW and after is None:
        return _many(side, many, edges, first=first, counted=FEW)
    if len(edges) > FEW:  # it became a hub between two pages
        edges = await reader.edges(side[0], outgoing=side[1], relations=side[2])
    found = page(
        listing,
        edges,
        lambda one: edge_key(one.edge.relation.value, one, outgoing=side[1]),
        shape=EDGE_KEY,
        first=first,
        after=after,
    )
    return EdgePage(found, len(edges), all_counted=True)


def _behind(reader: Reader, side: Side, listing: str, *, first: int, after: str) -> EdgePage:
    """Return the page of a hub's relations that follows a cursor."""
    name, outgoing, relations = side
    relation, far, mark = map(str, key_of(listing, after, _MANY))
    (named,) = relations_named([relation]) or frozenset()
    source, target = (name, far) if outgoing else (far, name)
    start, limit = Edge(source, named, target, _BEFORE_ALL), first + 2
    while True:
        edges = reader.store.adjacent(
            [name], outgoing=outgoing, relations=relations, limit=limit, after=start
        )
        alike = [edge_mark(one) for one in edges if _ends(one) == (source, relation, target)]
        seen = alike.index(mark) + 1 if mark in alike else 0
        is_placed = seen > 0 or len(alike) < limit  # else the edge may still come: read on
        if len(edges) < limit or (is_placed and len(edges) - seen > first):
            return _many(side, listing, edges[seen:], first=first)
        limit *= 2


def _many(
    side: Side, listing: str, edges: Sequence[Asserted], *, first: int, counted: int = 0
) -> EdgePage:
    def key(assertion: Asserted) -> Key:
        far = assertion.edge.target if side[1] else assertion.edge.source
        return assertion.edge.relation.value, far, edge_mark(assertion)

    shown = tuple(edges[:first])
    cursors = tuple(cursor_of(listing, key(assertion)) for assertion in shown)
    found = Page(shown, cursors, len(edges) > first)
    return EdgePage(found, max(counted, len(shown)), all_counted=False)


def _ends(one: Asserted) -> tuple[str, str, str]:
    return one.edge.source, one.edge.relation.value, one.edge.target
