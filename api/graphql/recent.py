"""GraphQL types of recent entries: pages of things and of statements from the end of the log, newest first."""

from typing import Any

import strawberry

from api.graphql.arguments import first_of
from api.graphql.attribution import Attribution
from api.graphql.bundles import Bundle, Info
from api.graphql.cursors import cursor_of, key_of
from api.graphql.describe import documented, documented_type
from api.graphql.loader import Reader
from api.graphql.nodes import Node, NodeConnection, NodeEdge
from api.graphql.page_info import First, PageInfo
from graph.queries.newest import Newest, Place
from graph.store import Stored


@documented_type
class Statement:
    """A statement: a bundle signed by a key, with the things that it describes."""

    stored: strawberry.Private[Stored]

    @documented
    def bundle(self) -> Bundle:
        """The bundle of the statement."""
        return Bundle(stored=self.stored)

    @documented
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: who is behind it, through which key and grants."""
        return Attribution(found=await info.context.attribution(self.stored.bundle.id))

    @documented
    async def describes(self, info: Info, first: First = 3) -> list[Node]:
        """The things that it describes, in the order of their ids, as the graph shows them."""
        names = sorted(one.id for one in self.stored.bundle.said().nodes)
        things = await info.context.things(names[: first_of(first, default=3)])
        return [Node(thing=one) for one in things]

    @documented
    def described_count(self) -> int:
        """The number of things that it describes."""
        body = self.stored.bundle.body
        return len(body.nodes) if body else 0

    @documented
    def relation_count(self) -> int:
        """The number of relations that it states."""
        body = self.stored.bundle.body
        return len(body.edges) if body else 0


@documented_type
class StatementEdge:
    """A statement in a list."""

    cursor: str
    node: Statement


@documented_type
class StatementConnection:
    """A page of statements."""

    edges: list[StatementEdge]
    page_info: PageInfo


def place_of(listing: str, after: str | None) -> Place | None:
    """Return the place in the log inside a cursor.

    Raises:
        InputError: It is no cursor of this list.
    """
    if after is None:
        return None
    position, name = key_of(listing, after, (int, str))
    return int(position), str(name)


async def newest_nodes(reader: Reader, listing: str, found: Newest[str]) -> NodeConnection:
    """Return ids with their places as a page of their things."""
    things = await reader.things(name for _, name in found.items)
    return NodeConnection(
        edges=[
            NodeEdge(cursor=cursor_of(listing, place), node=Node(thing=thing))
            for thing, (place, _) in zip(things, found.items, strict=True)
        ],
        page_info=_page_info(listing, found),
    )


def newest_said(listing: str, found: Newest[Stored]) -> StatementConnection:
    """Return statements with their places as a page."""
    return StatementConnection(
        edges=[
            StatementEdge(cursor=cursor_of(listing, place), node=Statement(stored=one))
            for place, one in found.items
        ],
        page_info=_page_info(listing, found),
    )


def _page_info(listing: str, found: Newest[Any]) -> PageInfo:
    """Return the page info; a short page that goes on resumes where the search stopped, not after its last item."""
    last = found.items[-1][0] if found.items else None
    end = found.more or last
    return PageInfo(
        has_next_page=found.more is not None,
        end_cursor=None if end is None else cursor_of(listing, end),
    )
