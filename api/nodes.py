"""Things, relations between them and contributions to them, as GraphQL types."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

import strawberry
from strawberry.scalars import JSON

from api.arguments import first_of, relations_named
from api.bundles import Bundle, Description, Info
from api.cautions import warnings_of
from api.cursors import Key, page
from api.documented import documented, documented_enum, documented_type
from api.paging import After, First, PageInfo, info_of
from api.reader import Reader
from graph.canonical import MAX_INTEGER, canonical, digest
from graph.contributions import Contribution as Contributed
from graph.store import Asserted, Thing
from graph.vocabulary import Relation as RelationName

_CITES: Final = frozenset({RelationName.CITES})
_SPECIALIZES: Final = frozenset({RelationName.SPECIALIZATION_OF})
_EDGE_KEY: Final = (str, int, str, str)


@documented_enum
class RelationDirection(Enum):
    """Relations that leave a node, or that reach it."""

    OUT = "out"
    IN = "in"


@documented_enum
class Nature(Enum):
    """What an agent is, where that is recorded."""

    PERSON = "person"
    AI = "ai"
    SOFTWARE = "software"
    ORGANIZATION = "organization"


@documented_type
class Node:
    """A thing: a work, an idea, a run, a person, an AI …, as all who speak of it tell."""

    thing: strawberry.Private[Thing]

    @documented
    def id(self) -> strawberry.ID:
        """Its identifier in canonical form."""
        return strawberry.ID(self.thing.id)

    @documented
    def kind(self) -> str | None:
        """What it is (`work`, `idea`, `run`, `person` …); null where nobody said."""
        return self.thing.kind.value if self.thing.kind else None

    @documented
    def title(self) -> str:
        """What to call it: its title or name, else its id."""
        return self.thing.title

    @documented
    def shown(self) -> Description | None:
        """The description that is shown: by the id's own source, else the newest."""
        return Description(said=self.thing.shown) if self.thing.shown else None

    @documented
    def also_stated(self) -> list[Description]:
        """What the other authors say of it."""
        return [Description(said=said) for said in self.thing.also]

    @documented
    async def relations(
        self,
        info: Info,
        direction: RelationDirection = RelationDirection.OUT,
        names: list[str] | None = None,
        first: First = 20,
        after: After = None,
    ) -> "RelationConnection":
        """Its relations, by name and then in the order they were given."""
        outgoing = direction is RelationDirection.OUT
        edges = await info.context.edges(
            self.thing.id, outgoing=outgoing, relations=relations_named(names)
        )

        found = page(
            f"relations/{direction.value}",
            edges,
            lambda one: _edge_key(one.edge.relation.value, one, outgoing=outgoing),
            shape=_EDGE_KEY,
            first=first_of(first),
            after=after,
        )
        return RelationConnection(
            edges=[
                RelationEdge(cursor=cursor, node=Relation(asserted=one))
                for one, cursor in zip(found.items, found.cursors, strict=True)
            ],
            page_info=info_of(found),
            total_count=len(edges),
        )

    @documented
    async def versions(self, info: Info) -> list["Node"]:
        """Its versions, the first one first."""
        edges = await info.context.edges(self.thing.id, outgoing=False, relations=_SPECIALIZES)
        things = await info.context.things(one.edge.source for one in edges)
        return [Node(thing=one) for one in sorted(things, key=_version_order)]

    @documented
    async def authors(
        self, info: Info, first: First = 20, after: After = None
    ) -> "ContributionConnection":
        """Who it is attributed to, in the order given."""
        found = [
            one
            for one in await info.context.contributions(self.thing.id)
            if one.asserted.edge.relation is RelationName.WAS_ATTRIBUTED_TO
        ]
        return _contribution_page("authors", found, first, after)

    @documented
    async def contributions(
        self, info: Info, first: First = 20, after: After = None
    ) -> "ContributionConnection":
        """Who contributed what to it, and to the activities that made it; human and AI alike."""
        found = await info.context.contributions(self.thing.id)
        return _contribution_page("contributions", found, first, after)

    @documented
    async def citations(
        self, info: Info, first: First = 20, after: After = None
    ) -> "NodeConnection":
        """What it cites."""
        edges = await info.context.edges(self.thing.id, outgoing=True, relations=_CITES)
        ids = sorted({one.edge.target for one in edges})
        return await node_page(info.context, "citations", ids, first, after)

    @documented
    async def cited_by(
        self, info: Info, first: First = 20, after: After = None
    ) -> "NodeConnection":
        """What cites it."""
        edges = await info.context.edges(self.thing.id, outgoing=False, relations=_CITES)
        ids = sorted({one.edge.source for one in edges})
        return await node_page(info.context, "citedBy", ids, first, after)

    @documented
    async def warnings(self, info: Info) -> list[str]:
        """What to know before relying on it, in words: withdrawn, retracted, deleted, disputed …."""
        return await warnings_of(info.context, self.thing)


@documented_type
class Relation:
    """A living relation between two things, with all who state it."""

    asserted: strawberry.Private[Asserted]

    @documented
    def name(self) -> str:
        """Its name in PROV or CiTO: wasDerivedFrom, cites …."""
        return self.asserted.edge.relation.value

    @documented
    def subtype(self) -> str | None:
        """How one was derived from the other, with wasDerivedFrom."""
        return _text(self.asserted, "subtype")

    @documented
    async def source(self, info: Info) -> Node:
        """The thing that it starts from."""
        return Node(thing=await info.context.thing(self.asserted.edge.source))

    @documented
    async def target(self, info: Info) -> Node:
        """The thing that it leads to."""
        return Node(thing=await info.context.thing(self.asserted.edge.target))

    @documented
    def qualifiers(self) -> JSON:
        """All that qualifies it: position, role, score, page …."""
        return JSON(self.asserted.edge.qualifiers)

    @documented
    async def bundles(self, info: Info) -> list[Bundle]:
        """The living bundles that state it."""
        return [Bundle(stored=one) for one in await info.context.stored_all(self.asserted.bundles)]


@documented_type
class Contribution:
    """Who contributed what: an agent's part in a thing; null is not recorded."""

    contributed: strawberry.Private[Contributed]

    @documented
    def agent(self) -> Node:
        """The person, AI, software or organization, or the name as printed."""
        return Node(thing=self.contributed.agent)

    @documented
    def nature(self) -> Nature | None:
        """What the agent is; null is not recorded."""
        return Nature(self.contributed.nature.value) if self.contributed.nature else None

    @documented
    def role(self) -> str | None:
        """The CRediT role."""
        return _text(self.contributed.asserted, "role")

    @documented
    def degree(self) -> str | None:
        """How much of the role: lead, equal, supporting."""
        return _text(self.contributed.asserted, "degree")

    @documented
    def autonomy(self) -> str | None:
        """How much a machine made: none, ai-assisted, ai-generated, autonomous."""
        return _text(self.contributed.asserted, "autonomy")

    @documented
    def activity(self) -> str | None:
        """Which of the twelve research activities."""
        return _text(self.contributed.asserted, "activity")

    @documented
    def initiative(self) -> str | None:
        """The id of who proposed it."""
        return _text(self.contributed.asserted, "initiative")

    @documented
    async def verified_by(self, info: Info) -> Node | None:
        """The human who checked it."""
        found = _text(self.contributed.asserted, "verified_by")
        return Node(thing=await info.context.thing(found)) if found else None

    @documented
    def position(self) -> int | None:
        """The place in the order given, as the source counts."""
        found = self.contributed.asserted.edge.qualifiers.get("position")
        return found if isinstance(found, int) and found < 2**31 else None

    @documented
    def relation(self) -> Relation:
        """The relation that says so, with who states it."""
        return Relation(asserted=self.contributed.asserted)


@documented_type
class NodeEdge:
    """A thing in a list."""

    cursor: str
    node: Node


@documented_type
class NodeConnection:
    """A page of things."""

    edges: list[NodeEdge]
    page_info: PageInfo


@documented_type
class RelationEdge:
    """A relation in a list."""

    cursor: str
    node: Relation


@documented_type
class RelationConnection:
    """A page of relations."""

    edges: list[RelationEdge]
    page_info: PageInfo
    total_count: int


@documented_type
class ContributionEdge:
    """A contribution in a list."""

    cursor: str
    node: Contribution


@documented_type
class ContributionConnection:
    """A page of contributions."""

    edges: list[ContributionEdge]
    page_info: PageInfo
    total_count: int


async def node_page(
    reader: Reader, listing: str, ids: list[str], first: int | None, after: str | None
) -> NodeConnection:
    """A page of the things of these ids, in their order."""
    found = page(listing, ids, lambda one: (one,), shape=(str,), first=first_of(first), after=after)
    things = await reader.things(found.items)
    return NodeConnection(
        edges=[
            NodeEdge(cursor=cursor, node=Node(thing=one))
            for one, cursor in zip(things, found.cursors, strict=True)
        ],
        page_info=info_of(found),
    )


def _contribution_page(
    listing: str, items: Sequence[Contributed], first: int | None, after: str | None
) -> ContributionConnection:
    found = page(
        listing,
        items,
        lambda one: _edge_key("", one.asserted, outgoing=True),
        shape=_EDGE_KEY,
        first=first_of(first),
        after=after,
    )
    return ContributionConnection(
        edges=[
            ContributionEdge(cursor=cursor, node=Contribution(contributed=one))
            for one, cursor in zip(found.items, found.cursors, strict=True)
        ],
        page_info=info_of(found),
        total_count=len(items),
    )


def _edge_key(name: str, one: Asserted, *, outgoing: bool) -> Key:
    """Relation, position (none is last), far end; and a hash, as many edges may join the same two."""
    position = one.edge.qualifiers.get("position")
    return (
        name,
        position if isinstance(position, int) else MAX_INTEGER,
        one.edge.target if outgoing else one.edge.source,
        digest(canonical(one.edge.to_json()))[7:23],
    )


def _version_order(thing: Thing) -> tuple[int, str]:
    number = thing.shown.description.attributes.get("number") if thing.shown else None
    return (number if isinstance(number, int) else MAX_INTEGER, thing.id)


def _text(asserted: Asserted, name: str) -> str | None:
    found = asserted.edge.qualifiers.get(name)
    return found if isinstance(found, str) else None
