"""GraphQL types of results: of lineage walks, recommendations, audits and counts."""

import strawberry

from api.graphql.describe import documented_type
from api.graphql.loader import Reader
from api.graphql.nodes import Node, Relation
from audit.check import Audit as RunAudit
from graph.log.checkpoint import Checkpoint as LogCheckpoint
from graph.queries.lineage import Walk
from graph.store import Counts, GraphStore
from recommend.directions import Directions as DirectionList
from recommend.related import Suggestions as SuggestionList


@documented_type
class Checkpoint:
    """A checkpoint of the log: the number of its bundles, and the RFC 6962 root over them."""

    size: int
    root: str


@documented_type
class Count:
    """The number of things or relations of one name."""

    name: str
    count: int


@documented_type
class Stats:
    """The numbers of things and relations in the graph, and of bundles in its log."""

    nodes: list[Count] = strawberry.field(description="The number of things by kind.")
    edges: list[Count] = strawberry.field(description="The number of relations by name.")
    bundles: int
    log: Checkpoint


@documented_type
class LineageNode:
    """A thing in a lineage, and its distance in steps."""

    node: Node
    depth: int


@documented_type
class More:
    """The number of a thing's relations that were not followed, because of the limit."""

    id: strawberry.ID
    count: int


@documented_type
class Lineage:
    """The lineage of a thing: what it came from, or what came of it, step by step."""

    start: Node
    nodes: list[LineageNode]
    relations: list[Relation]
    more: list[More] = strawberry.field(
        description="The things whose relations were not all followed."
    )


@documented_type
class Suggestion:
    """One suggestion, with its reasons and the path in the graph that explains it."""

    node: Node
    score: float
    reasons: list[str]
    path: list[Relation]


@documented_type
class Suggestions:
    """Related work, as of a checkpoint of the log; `whyEmpty` is the reason of an empty list."""

    as_of: Checkpoint
    model: str | None = strawberry.field(
        description="The embedding model; null where none was used."
    )
    items: list[Suggestion]
    why_empty: str | None


@documented_type
class DirectionSuggestion:
    """Two concepts that were never joined and might be, with the works on both sides."""

    concepts: list[Node]
    score: float
    reason: str
    bridging: list[Node]
    left: list[Node]
    right: list[Node]


@documented_type
class Directions:
    """Unexplored directions, as of a checkpoint of the log; `whyEmpty` is the reason of an empty list."""

    as_of: Checkpoint
    items: list[DirectionSuggestion]
    why_empty: str | None


@documented_type
class AuditCheck:
    """One check: its verdict is pass, fail, unknown or not applicable."""

    name: str
    verdict: str
    evidence: str
    remedy: str | None


@documented_type
class Audit:
    """An audit of a run: all that can be checked, each check with its evidence; there is no score."""

    node: Node
    checks: list[AuditCheck]


def checkpoint(found: LogCheckpoint) -> Checkpoint:
    """Return a checkpoint as a GraphQL type."""
    return Checkpoint(size=found.size, root=found.root)


def stats(store: GraphStore) -> Stats:
    """Return the counts of a store as a GraphQL type."""
    counts: Counts = store.counts()
    return Stats(
        nodes=[Count(name=name, count=count) for name, count in sorted(counts.nodes.items())],
        edges=[Count(name=name, count=count) for name, count in sorted(counts.edges.items())],
        bundles=counts.bundles,
        log=checkpoint(store.checkpoint()),
    )


async def lineage(reader: Reader, walk: Walk) -> Lineage:
    """Return a walk as a GraphQL type."""
    things = await reader.things(walk.nodes)
    return Lineage(
        start=Node(thing=await reader.thing(walk.start)),
        nodes=[LineageNode(node=Node(thing=one), depth=walk.depths[one.id]) for one in things],
        relations=[Relation(asserted=step.asserted) for step in walk.steps],
        more=[
            More(id=strawberry.ID(name), count=count) for name, count in sorted(walk.more.items())
        ],
    )


async def suggestions(reader: Reader, found: SuggestionList) -> Suggestions:
    """Return related work as a GraphQL type."""
    things = await reader.things(one.id for one in found.items)
    return Suggestions(
        as_of=checkpoint(found.as_of),
        model=found.model,
        items=[
            Suggestion(
                node=Node(thing=thing),
                score=one.score,
                reasons=list(one.reasons),
                path=[Relation(asserted=step) for step in one.path],
            )
            for thing, one in zip(things, found.items, strict=True)
        ],
        why_empty=found.why_empty,
    )


def directions(found: DirectionList) -> Directions:
    """Return unexplored directions as a GraphQL type."""
    return Directions(
        as_of=checkpoint(found.as_of),
        items=[
            DirectionSuggestion(
                concepts=[Node(thing=thing) for thing in one.concepts],
                score=one.score,
                reason=one.reason,
                bridging=[Node(thing=thing) for thing in one.bridging],
                left=[Node(thing=thing) for thing in one.left],
                right=[Node(thing=thing) for thing in one.right],
            )
            for one in found.items
        ],
        why_empty=found.why_empty,
    )


def audit(found: RunAudit) -> Audit:
    """Return an audit as a GraphQL type."""
    return Audit(
        node=Node(thing=found.node),
        checks=[
            AuditCheck(
                name=one.name,
                verdict=one.verdict.value,
                evidence=one.evidence,
                remedy=one.remedy,
            )
            for one in found.checks
        ],
    )
