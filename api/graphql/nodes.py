"""GraphQL types of things, of the relations between them and of the contributions to them."""

from collections.abc import Sequence
from typing import Final

import strawberry
from strawberry.scalars import JSON

from api.graphql.arguments import first_of, parse_relations
from api.graphql.attribution import Attribution
from api.graphql.bundles import Bundle, Description, Info
from api.graphql.cursors import CursorPage, keyset_page
from api.graphql.describe import graphql_field, graphql_type
from api.graphql.edges import edge_page
from api.graphql.enums import Nature, RelationDirection
from api.graphql.loader import QueryLoader, Side
from api.graphql.page_info import After, First, PageInfo, page_info_of
from api.graphql.sort_keys import EDGE_KEY, edge_key, version_order
from graph.model.vocabulary import Relation as RelationName
from graph.queries.contributions import Contribution as GraphContribution
from graph.store import AssertedEdge, Thing

MAX_INT: Final = 2**31
"""Upper bound of GraphQL's Int, which ends below it (section 3.5.1)."""

_CITES: Final = frozenset({RelationName.CITES})
_SPECIALIZES: Final = frozenset({RelationName.SPECIALIZATION_OF})


@graphql_type
class Node:
    """A thing: a work, an idea, a run, a person, an AI …, as described by all who speak of it."""

    thing: strawberry.Private[Thing]

    @graphql_field
    def id(self) -> strawberry.ID:
        """The identifier in canonical form."""
        return strawberry.ID(self.thing.id)

    @graphql_field
    def kind(self) -> str | None:
        """The kind (`work`, `idea`, `run`, `person` …); null where nobody states it."""
        return self.thing.kind.value if self.thing.kind else None

    @graphql_field
    def title(self) -> str:
        """The title or name, else the id."""
        return self.thing.title

    @graphql_field
    def shown(self) -> Description | None:
        """The description that is shown: by the id's own source, else the newest."""
        return Description(authored=self.thing.shown) if self.thing.shown else None

    @graphql_field(size=3)
    def also_stated(self) -> list[Description]:
        """The descriptions by the other authors."""
        return [Description(authored=authored) for authored in self.thing.also]

    @graphql_field
    async def relations(
        self,
        info: Info,
        direction: RelationDirection = RelationDirection.OUT,
        names: list[str] | None = None,
        first: First = 20,
        after: After = None,
    ) -> "RelationConnection":
        """The relations, by name and then in the order they were given.

        Those of a thing with more than 2,000 come in the store's own order, which is stable.
        """
        side = (self.thing.id, direction is RelationDirection.OUT, parse_relations(names))
        edges_page = await edge_page(info.context, side, first=first_of(first), after=after)
        pairs = zip(edges_page.page.items, edges_page.page.cursors, strict=True)
        return RelationConnection(
            edges=[
                RelationEdge(cursor=cursor, node=Relation(assertion=assertion))
                for assertion, cursor in pairs
            ],
            page_info=page_info_of(edges_page.page),
            counted=edges_page.counted,
            all_counted=edges_page.all_counted,
            side=side,
        )

    @graphql_field
    async def versions(self, info: Info) -> list["Node"]:
        """The versions, the first one first."""
        edges = await info.context.edges(self.thing.id, outgoing=False, relations=_SPECIALIZES)
        # Two authors may state the same version, each with other qualifiers.
        ids = dict.fromkeys(assertion.edge.source for assertion in edges)
        things = await info.context.things(ids)
        return [Node(thing=thing) for thing in sorted(things, key=version_order)]

    @graphql_field
    async def authors(
        self, info: Info, first: First = 20, after: After = None
    ) -> "ContributionConnection":
        """The agents to whom it is attributed, in the order given."""
        author_contributions = [
            contribution
            for contribution in await info.context.contributions(self.thing.id)
            if contribution.asserted.edge.relation is RelationName.WAS_ATTRIBUTED_TO
        ]
        return _contribution_page("authors", author_contributions, first, after)

    @graphql_field
    async def contributions(
        self, info: Info, first: First = 20, after: After = None
    ) -> "ContributionConnection":
        """The contributions to it and to the activities that made it, by humans and AIs alike."""
        items = await info.context.contributions(self.thing.id)
        return _contribution_page("contributions", items, first, after)

    @graphql_field
    async def citations(
        self, info: Info, first: First = 20, after: After = None
    ) -> "NodeConnection":
        """The things that it cites."""
        return await _citation_page(info, self.thing, "citations", first, after, outgoing=True)

    @graphql_field
    async def cited_by(
        self, info: Info, first: First = 20, after: After = None
    ) -> "NodeConnection":
        """The things that cite it."""
        return await _citation_page(info, self.thing, "citedBy", first, after, outgoing=False)

    @graphql_field
    async def warnings(self, info: Info) -> list[str]:
        """The warnings to read before relying on it: withdrawn, retracted, deleted, disputed …."""
        return list(await info.context.caveats(self.thing.id))


@graphql_type
class Relation:
    """A living relation between two things, with all who state it."""

    assertion: strawberry.Private[AssertedEdge]

    @graphql_field
    def name(self) -> str:
        """The name in PROV or CiTO: wasDerivedFrom, cites …."""
        return self.assertion.edge.relation.value

    @graphql_field
    def subtype(self) -> str | None:
        """The kind of derivation, with wasDerivedFrom."""
        return _text_qualifier(self.assertion, "subtype")

    @graphql_field
    async def source(self, info: Info) -> Node:
        """The thing that it starts from."""
        return Node(thing=await info.context.thing(self.assertion.edge.source))

    @graphql_field
    async def target(self, info: Info) -> Node:
        """The thing that it leads to."""
        return Node(thing=await info.context.thing(self.assertion.edge.target))

    @graphql_field
    def qualifiers(self) -> JSON:
        """The qualifiers: position, role, score, page …."""
        return JSON(self.assertion.edge.qualifiers)

    @graphql_field(size=2)
    async def bundles(self, info: Info) -> list[Bundle]:
        """The living bundles that state it."""
        return [
            Bundle(stored=entry) for entry in await info.context.bundles(self.assertion.bundles)
        ]

    @graphql_field(size=2)
    async def attributions(self, info: Info) -> list[Attribution]:
        """The attribution of each living bundle that states it: the runs, or the key and grants."""
        return await _attributions(info, self.assertion)


@graphql_type
class Contribution:
    """A contribution: an agent's part in a thing; null means not recorded."""

    assertion: strawberry.Private[AssertedEdge]
    agent: Node = strawberry.field(
        description="The person, AI, software or organization, or the name as printed."
    )
    nature: Nature | None = strawberry.field(description="The nature of the agent.")
    role: str | None = strawberry.field(description="The CRediT role.")
    degree: str | None = strawberry.field(
        description="The degree of contribution: lead, equal, supporting."
    )
    autonomy: str | None = strawberry.field(
        description="The share of a machine: none, ai-assisted, ai-generated, autonomous."
    )
    activity: str | None = strawberry.field(description="The research activity, one of twelve.")
    initiative: str | None = strawberry.field(description="The id of the agent who proposed it.")
    position: int | None = strawberry.field(
        description="The position in the order given, as the source counts."
    )

    @graphql_field
    async def verified_by(self, info: Info) -> Node | None:
        """The human who verified it."""
        identifier = _text_qualifier(self.assertion, "verified_by")
        return Node(thing=await info.context.thing(identifier)) if identifier else None

    @graphql_field
    def relation(self) -> Relation:
        """The relation that states it, with its bundles."""
        return Relation(assertion=self.assertion)

    @graphql_field(size=2)
    async def attributions(self, info: Info) -> list[Attribution]:
        """The attribution of each living bundle that states it: the runs, or the key and grants."""
        return await _attributions(info, self.assertion)


@graphql_type
class NodeEdge:
    """A thing in a list."""

    cursor: str
    node: Node


@graphql_type
class NodeConnection:
    """A page of things."""

    edges: list[NodeEdge]
    page_info: PageInfo


@graphql_type
class RelationEdge:
    """A relation in a list."""

    cursor: str
    node: Relation


@graphql_type
class RelationConnection:
    """A page of relations."""

    edges: list[RelationEdge]
    page_info: PageInfo
    counted: int = strawberry.field(
        description="The number of relations; a lower bound where not all were counted."
    )
    all_counted: bool = strawberry.field(
        description="True when all were counted: up to 2,000 are, on the first page."
    )
    side: strawberry.Private[Side]

    @graphql_field
    async def total_count(self, info: Info) -> int:
        """The number of all relations; those of a thing with very many are read to be counted."""
        if self.all_counted:
            return self.counted
        identifier, outgoing, relations = self.side
        return len(await info.context.edges(identifier, outgoing=outgoing, relations=relations))


@graphql_type
class ContributionEdge:
    """A contribution in a list."""

    cursor: str
    node: Contribution


@graphql_type
class ContributionConnection:
    """A page of contributions."""

    edges: list[ContributionEdge]
    page_info: PageInfo
    total_count: int


async def connection_of(loader: QueryLoader, page: CursorPage[str]) -> NodeConnection:
    """Return a page of ids as a page of their things."""
    things = await loader.things(page.items)
    return NodeConnection(
        edges=[
            NodeEdge(cursor=cursor, node=Node(thing=thing))
            for thing, cursor in zip(things, page.cursors, strict=True)
        ],
        page_info=page_info_of(page),
    )


async def _attributions(info: Info, assertion: AssertedEdge) -> list[Attribution]:
    return [
        Attribution(attribution=attribution)
        for attribution in await info.context.attributions(assertion.bundles)
    ]


async def _citation_page(
    info: Info, thing: Thing, listing: str, first: int | None, after: str | None, *, outgoing: bool
) -> NodeConnection:
    edges = await info.context.edges(thing.id, outgoing=outgoing, relations=_CITES)
    ids = {assertion.edge.target if outgoing else assertion.edge.source for assertion in edges}
    limit = first_of(first)
    citing_page = keyset_page(
        listing, tuple(ids), lambda name: (name,), shape=(str,), first=limit, after=after
    )
    return await connection_of(info.context, citing_page)


def _contribution_page(
    listing: str, items: Sequence[GraphContribution], first: int | None, after: str | None
) -> ContributionConnection:
    contribution_page = keyset_page(
        listing,
        items,
        lambda contribution: edge_key("", contribution.asserted, outgoing=True),
        shape=EDGE_KEY,
        first=first_of(first),
        after=after,
    )
    return ContributionConnection(
        edges=[
            ContributionEdge(cursor=cursor, node=_contribution(contribution))
            for contribution, cursor in zip(
                contribution_page.items, contribution_page.cursors, strict=True
            )
        ],
        page_info=page_info_of(contribution_page),
        total_count=len(items),
    )


def _contribution(contribution: GraphContribution) -> Contribution:
    assertion = contribution.asserted
    position = assertion.edge.qualifiers.get("position")
    return Contribution(
        assertion=assertion,
        agent=Node(thing=contribution.agent),
        nature=Nature(contribution.nature.value) if contribution.nature else None,
        role=_text_qualifier(assertion, "role"),
        degree=_text_qualifier(assertion, "degree"),
        autonomy=_text_qualifier(assertion, "autonomy"),
        activity=_text_qualifier(assertion, "activity"),
        initiative=_text_qualifier(assertion, "initiative"),
        position=position if isinstance(position, int) and position < MAX_INT else None,
    )


def _text_qualifier(assertion: AssertedEdge, name: str) -> str | None:
    """Return the qualifier of an edge with this name, `None` where that is no text."""
    value = assertion.edge.qualifiers.get(name)
    return value if isinstance(value, str) else None
