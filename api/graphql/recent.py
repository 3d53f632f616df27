"""GraphQL types of recent entries: pages of things and of statements from the end of the log, newest first."""

from typing import Any

import strawberry

from api.graphql.arguments import first_of
from api.graphql.attribution import Attribution
from api.graphql.bundles import Bundle, Info
from api.graphql.cursors import cursor_of, key_of
from api.graphql.describe import graphql_field, graphql_type
from api.graphql.loader import QueryLoader
from api.graphql.nodes import Node, NodeConnection, NodeEdge
from api.graphql.page_info import First, PageInfo
from graph.queries.newest import LogPosition, NewestPage
from graph.store import StoredBundle


@graphql_type
class Statement:
    """A statement: a bundle signed by a key, with the things that it describes."""

    stored: strawberry.Private[StoredBundle]

    @graphql_field
    def bundle(self) -> Bundle:
        """The bundle of the statement."""
        return Bundle(stored=self.stored)

    @graphql_field
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: who is behind it, through which key and grants."""
        return Attribution(attribution=await info.context.attribution(self.stored.bundle.id))

    @graphql_field
    async def describes(self, info: Info, first: First = 3) -> list[Node]:
        """The things that it describes, in the order of their ids, as the graph shows them."""
        ids = sorted(description.id for description in self.stored.bundle.resolved_body().nodes)
        things = await info.context.things(ids[: first_of(first, default=3)])
        return [Node(thing=thing) for thing in things]

    @graphql_field
    def described_count(self) -> int:
        """The number of things that it describes."""
        body = self.stored.bundle.body
        return len(body.nodes) if body else 0

    @graphql_field
    def relation_count(self) -> int:
        """The number of relations that it states."""
        body = self.stored.bundle.body
        return len(body.edges) if body else 0


@graphql_type
class StatementEdge:
    """A statement in a list."""

    cursor: str
    node: Statement


@graphql_type
class StatementConnection:
    """A page of statements."""

    edges: list[StatementEdge]
    page_info: PageInfo


def log_position_of(listing: str, after: str | None) -> LogPosition | None:
    """Return the position in the log inside a cursor, `None` at the start.

    Raises:
        InputError: It is no cursor of this list.
    """
    if after is None:
        return None
    position, name = key_of(listing, after, (int, str))
    return int(position), str(name)


async def node_page(loader: QueryLoader, listing: str, newest: NewestPage[str]) -> NodeConnection:
    """Return ids with their positions in the log as a page of their things."""
    things = await loader.things(name for _, name in newest.items)
    return NodeConnection(
        edges=[
            NodeEdge(cursor=cursor_of(listing, position), node=Node(thing=thing))
            for thing, (position, _) in zip(things, newest.items, strict=True)
        ],
        page_info=_page_info(listing, newest),
    )


def statement_page(listing: str, newest: NewestPage[StoredBundle]) -> StatementConnection:
    """Return statements with their positions in the log as a page."""
    return StatementConnection(
        edges=[
            StatementEdge(cursor=cursor_of(listing, position), node=Statement(stored=entry))
            for position, entry in newest.items
        ],
        page_info=_page_info(listing, newest),
    )


def _page_info(listing: str, newest: NewestPage[Any]) -> PageInfo:
    """Return the page info; a short page that goes on resumes where the search stopped, not after its last item."""
    last = newest.items[-1][0] if newest.items else None
    end = newest.more or last
    return PageInfo(
        has_next_page=newest.more is not None,
        end_cursor=None if end is None else cursor_of(listing, end),
    )
