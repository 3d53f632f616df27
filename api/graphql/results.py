"""GraphQL types of results: of lineage walks, recommendations, audits and counts."""

import strawberry

from api.graphql.describe import graphql_type
from api.graphql.field_cost import cost_metadata
from api.graphql.loader import QueryLoader
from api.graphql.nodes import Node, Relation
from audit.check import Audit as RunAudit
from graph.log.checkpoint import Checkpoint as LogCheckpoint
from graph.queries.lineage import Walk
from graph.store import Counts, GraphStore
from recommend.directions import ResearchDirections as DirectionList
from recommend.related import Suggestions as SuggestionList


@graphql_type
class Checkpoint:
    """A checkpoint of the log: the number of its bundles, and the RFC 6962 root over them."""

    size: int
    root: str


@graphql_type
class Count:
    """The number of things or relations of one name."""

    name: str
    count: int


@graphql_type
class Stats:
    """The numbers of things and relations in the graph, and of bundles in its log."""

    nodes: list[Count] = strawberry.field(
        description="The number of things by kind.", metadata=cost_metadata(size=30)
    )
    edges: list[Count] = strawberry.field(
        description="The number of relations by name.", metadata=cost_metadata(size=30)
    )
    bundles: int
    log: Checkpoint


@graphql_type
class LineageNode:
    """A thing in a lineage, and its distance in steps."""

    node: Node
    depth: int


@graphql_type
class More:
    """The number of a thing's relations that were not followed, because of the limit."""

    id: strawberry.ID
    count: int


@graphql_type
class Lineage:
    """The lineage of a thing: what it came from, or what came of it, step by step."""

    start: Node
    nodes: list[LineageNode]
    relations: list[Relation]
    more: list[More] = strawberry.field(
        description="The things whose relations were not all followed."
    )


@graphql_type
class Suggestion:
    """One suggestion, with its reasons and the path in the graph that explains it."""

    node: Node
    score: float
    reasons: list[str]
    path: list[Relation] = strawberry.field(metadata=cost_metadata(size=4))


@graphql_type
class Suggestions:
    """Related work, as of a checkpoint of the log; `whyEmpty` is the reason of an empty list."""

    as_of: Checkpoint
    model: str | None = strawberry.field(
        description="The embedding model; null where none was used."
    )
    items: list[Suggestion]
    why_empty: str | None


@graphql_type
class DirectionSuggestion:
    """Two concepts that were never joined and might be, with the works on both sides."""

    concepts: list[Node] = strawberry.field(metadata=cost_metadata(size=2))
    score: float
    reason: str
    bridging: list[Node]
    left: list[Node]
    right: list[Node]


@graphql_type
class Directions:
    """Unexplored directions, as of a checkpoint of the log; `whyEmpty` is the reason of an empty list."""

    as_of: Checkpoint
    items: list[DirectionSuggestion]
    why_empty: str | None


@graphql_type
class AuditCheck:
    """One check: its verdict is pass, fail, unknown or not applicable."""

    name: str
    verdict: str
    evidence: str
    remedy: str | None


@graphql_type
class Audit:
    """An audit of a run: all that can be checked, each check with its evidence; there is no score."""

    node: Node
    checks: list[AuditCheck] = strawberry.field(metadata=cost_metadata(size=20))


def checkpoint(log_checkpoint: LogCheckpoint) -> Checkpoint:
    """Return a checkpoint as a GraphQL type."""
    return Checkpoint(size=log_checkpoint.size, root=log_checkpoint.root)


def stats(store: GraphStore) -> Stats:
    """Return the counts of a store as a GraphQL type."""
    counts: Counts = store.counts()
    return Stats(
        nodes=[Count(name=name, count=count) for name, count in sorted(counts.nodes.items())],
        edges=[Count(name=name, count=count) for name, count in sorted(counts.edges.items())],
        bundles=counts.bundles,
        log=checkpoint(store.checkpoint()),
    )


async def lineage(loader: QueryLoader, walk: Walk) -> Lineage:
    """Return a walk as a GraphQL type."""
    things = await loader.things(walk.nodes)
    return Lineage(
        start=Node(thing=await loader.thing(walk.start)),
        nodes=[
            LineageNode(node=Node(thing=thing), depth=walk.depths[thing.id]) for thing in things
        ],
        relations=[Relation(assertion=step.asserted) for step in walk.steps],
        more=[
            More(id=strawberry.ID(name), count=count) for name, count in sorted(walk.more.items())
        ],
    )


async def suggestions(loader: QueryLoader, result: SuggestionList) -> Suggestions:
    """Return related work as a GraphQL type."""
    things = await loader.things(item.id for item in result.items)
    return Suggestions(
        as_of=checkpoint(result.as_of),
        model=result.model,
        items=[
            Suggestion(
                node=Node(thing=thing),
                score=item.score,
                reasons=list(item.reasons),
                path=[Relation(assertion=step) for step in item.path],
            )
            for thing, item in zip(things, result.items, strict=True)
        ],
        why_empty=result.why_empty,
    )


def directions(result: DirectionList) -> Directions:
    """Return unexplored directions as a GraphQL type."""
    return Directions(
        as_of=checkpoint(result.as_of),
        items=[
            DirectionSuggestion(
                concepts=[Node(thing=thing) for thing in item.concepts],
                score=item.score,
                reason=item.reason,
                bridging=[Node(thing=thing) for thing in item.bridging],
                left=[Node(thing=thing) for thing in item.left],
                right=[Node(thing=thing) for thing in item.right],
            )
            for item in result.items
        ],
        why_empty=result.why_empty,
    )


def audit(run_audit: RunAudit) -> Audit:
    """Return an audit as a GraphQL type."""
    return Audit(
        node=Node(thing=run_audit.node),
        checks=[
            AuditCheck(
                name=check.name,
                verdict=check.verdict.value,
                evidence=check.evidence,
                remedy=check.remedy,
            )
            for check in run_audit.checks
        ],
    )
