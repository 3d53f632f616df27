"""GraphQL schema: its queries, each translated into a call of the packages below, and the cost rule."""

from collections.abc import Iterator
from typing import Annotated, Final

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from api.graphql import results
from api.graphql.arguments import (
    depth_of,
    first_of,
    parse_kind,
    parse_optional_kind,
    text_of,
)
from api.graphql.bundles import Bundle, Info
from api.graphql.cost import refuse_dear
from api.graphql.cursors import CursorPage, cursor_of, key_of
from api.graphql.describe import graphql_field, graphql_type
from api.graphql.enums import Direction
from api.graphql.nodes import Node, NodeConnection, connection_of
from api.graphql.page_info import After, First
from api.graphql.principals import Speakers
from api.graphql.recent import StatementConnection, log_position_of, node_page, statement_page
from api.graphql.token_limit import refuse_long
from audit.run import audit_run
from graph.errors import Fault, InputError, NotFoundError
from graph.model.identifiers import canonical_id
from graph.queries.lineage import lineage
from graph.queries.newest import newest_statements, newest_things

SEARCH_DEPTH: Final = 1_000

OptionalKindName = Annotated[
    str | None, strawberry.argument(description="Only things of this kind: work, idea, run …")
]
KindName = Annotated[
    str, strawberry.argument(description="The kind of the things: work, idea, run …")
]
Identifier = Annotated[
    strawberry.ID,
    strawberry.argument(
        description="An identifier, or an address at arxiv.org, doi.org, orcid.org …"
    ),
]


@graphql_type
class Query:
    """The queries that this service answers."""

    @graphql_field
    async def node(self, info: Info, id: Identifier) -> Node | None:  # noqa: A002 - its public name
        """A thing by its identifier; null where nobody speaks of it."""
        thing = await info.context.thing_if_any(canonical_id(id))
        return Node(thing=thing) if thing else None

    @graphql_field(cost=20)
    async def search(
        self,
        info: Info,
        text: str,
        kind: OptionalKindName = None,
        first: First = 20,
        after: After = None,
    ) -> NodeConnection:
        """Things whose title, name or text contains every word, best first.

        The best thousand can be paged through.
        """
        ids = info.context.store.search(
            text_of(text), kind=parse_optional_kind(kind), limit=SEARCH_DEPTH
        )
        return await connection_of(info.context, _search_page(list(ids), first_of(first), after))

    @graphql_field
    async def nodes(
        self, info: Info, kind: OptionalKindName = None, first: First = 20, after: After = None
    ) -> NodeConnection:
        """All described things of a kind, in the order of their ids."""
        limit = first_of(first)
        start = str(key_of("nodes", after, (str,))[0]) if after is not None else ""
        ids = info.context.store.list_ids(parse_optional_kind(kind), after=start, limit=limit + 1)
        page_ids = tuple(ids[:limit])
        cursors = tuple(cursor_of("nodes", (identifier,)) for identifier in page_ids)
        return await connection_of(info.context, CursorPage(page_ids, cursors, len(ids) > limit))

    @graphql_field(cost=200)
    async def newest(
        self, info: Info, kind: KindName, first: First = 20, after: After = None
    ) -> NodeConnection:
        """Things of a kind, newest first: by when their shown description came into the log.

        Works without a title (unresolved references) are left out.
        A page looks back over 10,000 bundles at most: it may be short or empty and still have a next page.
        """
        thing_kind = parse_kind(kind)
        listing = f"newest/{thing_kind}"
        last = log_position_of(listing, after)
        batch = newest_things(info.context.store, thing_kind, after=last, first=first_of(first))
        return await node_page(info.context, listing, batch)

    @graphql_field(cost=200)
    def statements(self, info: Info, first: First = 20, after: After = None) -> StatementConnection:
        """Statements of people and AIs, newest first: the log's living statements without ingest runs.

        A page looks back over 10,000 bundles at most: it may be short or empty and still have a next page.
        """
        last = log_position_of("statements", after)
        batch = newest_statements(info.context.store, after=last, first=first_of(first))
        return statement_page("statements", batch)

    @graphql_field
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
            await _resolve_id(info, id),
            up=direction is Direction.UP,
            depth=depth_of(depth),
            limit=first_of(first, default=60),
        )
        return await results.lineage(info.context, walk)

    @graphql_field(cost=300)
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
        query = await _resolve_id(info, id) if id is not None else text_of(text or "")
        limit = first_of(first, default=10)
        result = info.context.recommender.find_related_to(info.context.store, query, limit=limit)
        return await results.suggestions(info.context, result)

    @graphql_field(cost=4_000)
    def directions(self, info: Info, first: First = 10) -> results.Directions:
        """Unexplored directions: concepts that were never joined and might be."""
        limit = first_of(first, default=10)
        result = info.context.recommender.directions(info.context.store, limit=limit)
        return results.directions(result)

    @graphql_field
    async def bundle(self, info: Info, id: strawberry.ID) -> Bundle | None:  # noqa: A002 - its public name
        """A bundle of the log, by its hash."""
        entry = await info.context.bundle_if_any(canonical_id(id))
        return Bundle(stored=entry) if entry else None

    @graphql_field(cost=1_000)
    def speakers(self, info: Info) -> Speakers:
        """The speakers in the log: its authors, their keys and grants, and whom this store trusts."""
        return Speakers(snapshot=info.context.principals_cache.snapshot(info.context.store))

    @graphql_field(cost=200)
    async def audit(self, info: Info, id: Identifier) -> results.Audit:  # noqa: A002 - its public name
        """An audit of a run: all that can be checked, with the evidence."""
        return results.audit(audit_run(info.context.store, await _resolve_id(info, id)))

    @graphql_field(cost=100)
    def stats(self, info: Info) -> results.Stats:
        """The numbers of things and relations in the graph, and of bundles in its log."""
        return results.stats(info.context.store)


async def _resolve_id(info: Info, text: str) -> str:
    identifier = canonical_id(text)
    if await info.context.thing_if_any(identifier) is None:
        raise NotFoundError(
            f"nobody speaks of {identifier} here; search(text:) finds things by words"
        )
    return identifier


def _search_page(ids: list[str], first: int, after: str | None) -> CursorPage[str]:
    """Return the hits after the last one seen; where that is no longer a hit, those after its rank."""
    start = 0
    if after is not None:
        last, rank = key_of("search", after, (str, int))
        start = (ids.index(str(last)) if last in ids else int(rank)) + 1
    hits = tuple(ids[start : start + first])
    cursors = tuple(
        cursor_of("search", (identifier, start + k)) for k, identifier in enumerate(hits)
    )
    return CursorPage(hits, cursors, len(ids) > start + first)


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
                schema.executable,
                context.graphql_document,
                variables=context.variables or {},
                operation=context.operation_name,
            )
        yield


class _Schema(strawberry.Schema):
    @property
    def executable(self) -> GraphQLSchema:
        """Executable schema, in which the fields keep their cost figures."""
        return self._schema

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave logging to `api.errors`, which decides what is logged."""


schema: Final = _Schema(query=Query, extensions=[CostRule])
