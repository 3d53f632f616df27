"""GraphQL schema: its queries, each translated into a call of the packages below, and the cost rule."""

from collections.abc import Iterator
from typing import Annotated, Final

import strawberry
from graphql import GraphQLError, build_schema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from api.graphql import results
from api.graphql.arguments import (
    depth_of,
    first_of,
    identifier_of,
    kind_named,
    one_kind_named,
    text_of,
)
from api.graphql.bundles import Bundle, Info
from api.graphql.cost import refuse_dear
from api.graphql.cursors import Page, cursor_of, key_of
from api.graphql.describe import documented, documented_type
from api.graphql.enums import Direction
from api.graphql.nodes import Node, NodeConnection, connection_of
from api.graphql.page_info import After, First
from api.graphql.principals import Speakers
from api.graphql.recent import StatementConnection, newest_nodes, newest_said, place_of
from api.graphql.token_limit import refuse_long
from audit.run import audit_run
from graph.errors import Fault, InputError, NotFoundError
from graph.queries.lineage import lineage
from graph.queries.newest import newest_statements, newest_things

SEARCH_DEPTH: Final = 1_000

KindName = Annotated[
    str | None, strawberry.argument(description="Only things of this kind: work, idea, run …")
]
OneKind = Annotated[
    str, strawberry.argument(description="The kind of the things: work, idea, run …")
]
Identifier = Annotated[
    strawberry.ID,
    strawberry.argument(
        description="An identifier, or an address at arxiv.org, doi.org, orcid.org …"
    ),
]


@documented_type
class Query:
    """The queries that this service answers."""

    @documented
    async def node(self, info: Info, id: Identifier) -> Node | None:  # noqa: A002 - its public name
        """A thing by its identifier; null where nobody speaks of it."""
        found = await info.context.thing_if_any(identifier_of(id))
        return Node(thing=found) if found else None

    @documented
    async def search(
        self, info: Info, text: str, kind: KindName = None, first: First = 20, after: After = None
    ) -> NodeConnection:
        """Things whose title, name or text contains every word, best first.

        The best thousand can be paged through.
        """
        ids = info.context.store.search(text_of(text), kind=kind_named(kind), limit=SEARCH_DEPTH)
        return await connection_of(info.context, _search_page(list(ids), first_of(first), after))

    @documented
    async def nodes(
        self, info: Info, kind: KindName = None, first: First = 20, after: After = None
    ) -> NodeConnection:
        """All described things of a kind, in the order of their ids."""
        many = first_of(first)
        start = str(key_of("nodes", after, (str,))[0]) if after is not None else ""
        ids = info.context.store.listed(kind_named(kind), after=start, limit=many + 1)
        shown = tuple(ids[:many])
        cursors = tuple(cursor_of("nodes", (one,)) for one in shown)
        return await connection_of(info.context, Page(shown, cursors, len(ids) > many))

    @documented
    async def newest(
        self, info: Info, kind: OneKind, first: First = 20, after: After = None
    ) -> NodeConnection:
        """Things of a kind, newest first: by when their shown description came into the log.

        Works without a title (unresolved references) are left out.
        A page looks back over 10,000 bundles at most: it may be short or empty and still have a next page.
        """
        wanted = one_kind_named(kind)
        listing = f"newest/{wanted}"
        last = place_of(listing, after)
        found = newest_things(info.context.store, wanted, after=last, first=first_of(first))
        return await newest_nodes(info.context, listing, found)

    @documented
    def statements(self, info: Info, first: First = 20, after: After = None) -> StatementConnection:
        """Statements of people and AIs, newest first: the log's living statements without ingest runs.

        A page looks back over 10,000 bundles at most: it may be short or empty and still have a next page.
        """
        last = place_of("statements", after)
        found = newest_statements(info.context.store, after=last, first=first_of(first))
        return newest_said("statements", found)

    @documented
    async def lineage(
        self,
        info: Info,
        id: Identifier,  # noqa: A002 - its public name
        direction: Direction = Direction.UP,
        depth: Annotated[
            int | None, strawberry.argument(description="The maximum number of steps: 1 to 20.")
        ] = 3,
        first: First = 60,
    ) -> results.Lineage:
        """The lineage of a thing: what it came from (UP), or what came of it (DOWN)."""
        walk = lineage(
            info.context.store,
            await _known(info, id),
            up=direction is Direction.UP,
            depth=depth_of(depth),
            limit=first_of(first, default=60),
        )
        return await results.lineage(info.context, walk)

    @documented
    async def related(
        self,
        info: Info,
        id: strawberry.ID | None = None,  # noqa: A002 - its public name
        text: str | None = None,
        first: First = 10,
    ) -> results.Suggestions:
        """Work related to a thing, or to a text: give exactly one of them."""
        if (id is None) == (text is None):
            got = "both" if id is not None else "none"
            raise InputError("the query can't be answered", [Fault("id, text", "one of them", got)])
        query = await _known(info, id) if id is not None else text_of(text or "")
        many = first_of(first, default=10)
        found = info.context.recommender.related(info.context.store, query, limit=many)
        return await results.suggestions(info.context, found)

    @documented
    def directions(self, info: Info, first: First = 10) -> results.Directions:
        """Unexplored directions: concepts that were never joined and might be."""
        many = first_of(first, default=10)
        found = info.context.recommender.directions(info.context.store, limit=many)
        return results.directions(found)

    @documented
    async def bundle(self, info: Info, id: strawberry.ID) -> Bundle | None:  # noqa: A002 - its public name
        """A bundle of the log, by its hash."""
        found = await info.context.stored_if_any(identifier_of(id))
        return Bundle(stored=found) if found else None

    @documented
    def speakers(self, info: Info) -> Speakers:
        """The speakers in the log: its authors, their keys and grants, and whom this store trusts."""
        return Speakers(heard=info.context.listener.heard(info.context.store))

    @documented
    async def audit(self, info: Info, id: Identifier) -> results.Audit:  # noqa: A002 - its public name
        """An audit of a run: all that can be checked, with the evidence."""
        return results.audit(audit_run(info.context.store, await _known(info, id)))

    @documented
    def stats(self, info: Info) -> results.Stats:
        """The numbers of things and relations in the graph, and of bundles in its log."""
        return results.stats(info.context.store)


async def _known(info: Info, text: str) -> str:
    identifier = identifier_of(text)
    if await info.context.thing_if_any(identifier) is None:
        raise NotFoundError(
            f"nobody speaks of {identifier} here; search(text:) finds things by words"
        )
    return identifier


def _search_page(ids: list[str], first: int, after: str | None) -> Page[str]:
    """Return the hits after the last one seen; where that is no longer a hit, those after its rank."""
    start = 0
    if after is not None:
        last, rank = key_of("search", after, (str, int))
        start = (ids.index(str(last)) if last in ids else int(rank)) + 1
    shown = tuple(ids[start : start + first])
    cursors = tuple(cursor_of("search", (one, start + k)) for k, one in enumerate(shown))
    return Page(shown, cursors, len(ids) > start + first)


class CostRule(SchemaExtension):
    """Refuse a query that is too expensive before it is validated, and before anything of it is executed."""

    def on_operation(self) -> Iterator[None]:
        """Count the tokens before the text is parsed."""
        if self.execution_context.query:
            refuse_long(self.execution_context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        """Count the cost of the parsed query."""
        context = self.execution_context
        if context.graphql_document is not None:
            refuse_dear(
                _PLAN,
                context.graphql_document,
                variables=context.variables or {},
                operation=context.operation_name,
            )
        yield


class _Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave logging to `api.errors`, which decides what is logged."""


schema: Final = _Schema(query=Query, extensions=[CostRule])
_PLAN: Final = build_schema(
    schema.as_str()
)  # the cost rule reads the same schema text that clients read
