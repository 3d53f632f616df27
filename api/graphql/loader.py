"""Data loader of one GraphQL query: the reads of all fields on one level are batched into one read of the store.

A query runs in a thread and an event loop of its own, so a read may simply block.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from strawberry.dataloader import DataLoader

from api.principals_cache import PrincipalsCache
from api.recommender import Recommender
from graph.errors import NotFoundError
from graph.model.identifiers import kind_of
from graph.model.model import BundleId
from graph.model.vocabulary import Relation
from graph.proofs.proofs import InclusionProof, prove_inclusion
from graph.queries.attribution import Attribution, attributions
from graph.queries.caveats import caveats_of
from graph.queries.contributions import Contribution, contributions_of
from graph.store import AssertedEdge, GraphStore, StoredBundle, Thing

Side: TypeAlias = tuple[str, bool, frozenset[Relation] | None]
"""Edges of one node: its id, true for those that leave it, and their relations (`None` means all)."""
_EdgeQuery: TypeAlias = tuple[bool, frozenset[Relation] | None, int | None]
"""One batched read of edges: true for those that leave the nodes, their relations, and the most per node."""


class QueryLoader:
    """Batching loader for the fields of one query; used by one thread."""

    def __init__(
        self, store: GraphStore, recommender: Recommender, principals_cache: PrincipalsCache
    ) -> None:
        self.store = store
        self.recommender = recommender
        self.principals_cache = principals_cache
        self._things = DataLoader(self._read_things)
        self._edges = DataLoader(self._read_edges)
        self._limited_edges = DataLoader(self._read_limited_edges)
        self._bundles = DataLoader(self._read_bundles)
        self._contributions = DataLoader(self._read_contributions)
        self._caveats = DataLoader(self._read_caveats)
        self._proofs = DataLoader(self._read_proofs)
        self._attributions = DataLoader(self._read_attributions)

    async def thing(self, identifier: str) -> Thing:
        """Return a node; its bare id where it was removed meanwhile."""
        return await self._things.load(identifier) or _bare_thing(identifier)

    async def things(self, ids: Iterable[str]) -> list[Thing]:
        """Return nodes in the order of the given ids; a bare id for each that was removed meanwhile."""
        identifiers = list(ids)
        loaded_things = await self._things.load_many(identifiers)
        return [
            thing or _bare_thing(identifier)
            for identifier, thing in zip(identifiers, loaded_things, strict=True)
        ]

    async def thing_if_any(self, identifier: str) -> Thing | None:
        """Return a node, `None` where there is none."""
        return await self._things.load(identifier)

    async def edges(
        self, identifier: str, *, outgoing: bool, relations: frozenset[Relation] | None = None
    ) -> tuple[AssertedEdge, ...]:
        """Return the living edges that leave (or reach) a node."""
        return await self._edges.load((identifier, outgoing, relations))

    async def limited_edges(self, side: Side, limit: int) -> tuple[AssertedEdge, ...]:
        """Return at most so many of the living edges of a node, in the store's order."""
        return await self._limited_edges.load((side, limit))

    async def bundle_if_any(self, name: BundleId) -> StoredBundle | None:
        """Return a bundle of the log, `None` where there is none."""
        return await self._bundles.load(name)

    async def bundle(self, name: BundleId) -> StoredBundle:
        """Return a bundle of the log.

        Raises:
            NotFoundError: There is none.
        """
        entry = await self._bundles.load(name)
        if entry is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return entry

    async def bundles(self, names: Iterable[BundleId]) -> list[StoredBundle]:
        """Return bundles of the log; those that were removed meanwhile are left out."""
        return [entry for entry in await self._bundles.load_many(names) if entry is not None]

    async def attribution(self, name: BundleId) -> Attribution:
        """Return the attribution of a bundle.

        Raises:
            NotFoundError: There is none.
        """
        loaded_attribution = await self._attributions.load(name)
        if loaded_attribution is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return loaded_attribution

    async def attributions(self, names: Iterable[BundleId]) -> list[Attribution]:
        """Return the attribution of each bundle; those that were removed meanwhile are left out."""
        return [
            attribution
            for attribution in await self._attributions.load_many(names)
            if attribution is not None
        ]

    async def contributions(self, identifier: str) -> tuple[Contribution, ...]:
        """Return the contributions to a thing: the agents and their parts."""
        return await self._contributions.load(identifier)

    async def caveats(self, identifier: str) -> tuple[str, ...]:
        """Return the caveats of a thing, in words: what to know before relying on it."""
        return await self._caveats.load(identifier)

    async def proof(self, position: int) -> InclusionProof:
        """Return the proof that a bundle is in the log."""
        return await self._proofs.load(position)

    async def _read_things(self, ids: list[str]) -> list[Thing | None]:
        thing_by_id = self.store.things(ids)
        return [thing_by_id.get(identifier) for identifier in ids]

    async def _read_edges(self, sides: list[Side]) -> list[tuple[AssertedEdge, ...]]:
        return await self._read_limited_edges([(side, None) for side in sides])

    async def _read_limited_edges(
        self, requests: Sequence[tuple[Side, int | None]]
    ) -> list[tuple[AssertedEdge, ...]]:
        ids_by_query: dict[_EdgeQuery, list[str]] = defaultdict(list)
        for (identifier, outgoing, relations), limit in requests:
            ids_by_query[outgoing, relations, limit].append(identifier)
        edges_by_request: dict[tuple[Side, int | None], list[AssertedEdge]] = defaultdict(list)
        for (outgoing, relations, limit), ids in ids_by_query.items():
            edges = self.store.adjacent(ids, outgoing=outgoing, relations=relations, limit=limit)
            for assertion in edges:
                near = assertion.edge.source if outgoing else assertion.edge.target
                edges_by_request[(near, outgoing, relations), limit].append(assertion)
        return [tuple(edges_by_request.get(request, ())) for request in requests]

    async def _read_bundles(self, names: list[BundleId]) -> list[StoredBundle | None]:
        bundle_by_id = self.store.bundles_by_id(names)
        return [bundle_by_id.get(name) for name in names]

    async def _read_attributions(self, names: list[BundleId]) -> list[Attribution | None]:
        attribution_by_id = attributions(self.store, names)
        return [attribution_by_id.get(name) for name in names]

    async def _read_contributions(self, ids: list[str]) -> list[tuple[Contribution, ...]]:
        contributions_by_id = contributions_of(self.store, ids)
        return [contributions_by_id[identifier] for identifier in ids]

    async def _read_caveats(self, ids: list[str]) -> list[tuple[str, ...]]:
        caveats_by_id = caveats_of(self.store, await self.things(ids))
        return [caveats_by_id[identifier] for identifier in ids]

    async def _read_proofs(self, positions: list[int]) -> list[InclusionProof]:
        return [prove_inclusion(self.store, position) for position in positions]


def _bare_thing(identifier: str) -> Thing:
    return Thing(identifier, kind_of(identifier), None, ())
