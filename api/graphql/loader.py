"""Data loader of one GraphQL query: the reads of all fields on one level are batched into one read of the store.

A query runs in a thread and an event loop of its own, so a read may simply block.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from strawberry.dataloader import DataLoader

from api.principals_cache import Listener
from api.recommender import Recommender
from graph.errors import NotFoundError
from graph.model.identifiers import kind_of
from graph.model.model import BundleId
from graph.model.vocabulary import Relation
from graph.proofs.proofs import Inclusion, inclusion
from graph.queries.attribution import Attribution, attributions
from graph.queries.caveats import cautions_of
from graph.queries.contributions import Contribution, contributions_of
from graph.store import Asserted, GraphStore, Stored, Thing

Side: TypeAlias = tuple[str, bool, frozenset[Relation] | None]
"""Edges of one node: its id, true for those that leave it, and their relations (`None` means all)."""
_Question: TypeAlias = tuple[bool, frozenset[Relation] | None, int | None]
"""One batched read of edges: true for those that leave the nodes, their relations, and the most per node."""


class Reader:
    """Batching loader for the fields of one query; used by one thread."""

    def __init__(self, store: GraphStore, recommender: Recommender, listener: Listener) -> None:
        self.store = store
        self.recommender = recommender
        self.listener = listener
        self._things = DataLoader(self._read_things)
        self._edges = DataLoader(self._read_edges)
        self._some_edges = DataLoader(self._read_some_edges)
        self._stored = DataLoader(self._read_stored)
        self._contributions = DataLoader(self._read_contributions)
        self._cautions = DataLoader(self._read_cautions)
        self._proofs = DataLoader(self._read_proofs)
        self._attributions = DataLoader(self._read_attributions)

    async def thing(self, identifier: str) -> Thing:
        """Return a node; its bare id where it was removed meanwhile."""
        return await self._things.load(identifier) or _bare(identifier)

    async def things(self, ids: Iterable[str]) -> list[Thing]:
        """Return nodes in the order of the given ids; a bare id for each that was removed meanwhile."""
        wanted = list(ids)
        found = await self._things.load_many(wanted)
        return [thing or _bare(one) for one, thing in zip(wanted, found, strict=True)]

    async def thing_if_any(self, identifier: str) -> Thing | None:
        """Return a node, `None` where there is none."""
        return await self._things.load(identifier)

    async def edges(
        self, identifier: str, *, outgoing: bool, relations: frozenset[Relation] | None = None
    ) -> tuple[Asserted, ...]:
        """Return the living edges that leave (or reach) a node."""
        return await self._edges.load((identifier, outgoing, relations))

    async def some_edges(self, side: Side, most: int) -> tuple[Asserted, ...]:
        """Return at most so many of the living edges of a node, in the store's order."""
        return await self._some_edges.load((side, most))

    async def stored_if_any(self, name: BundleId) -> Stored | None:
        """Return a bundle of the log, `None` where there is none."""
        return await self._stored.load(name)

    async def stored(self, name: BundleId) -> Stored:
        """Return a bundle of the log.

        Raises:
            NotFoundError: There is none.
        """
        found = await self._stored.load(name)
        if found is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return found

    async def stored_all(self, names: Iterable[BundleId]) -> list[Stored]:
        """Return bundles of the log; those that were removed meanwhile are left out."""
        return [one for one in await self._stored.load_many(names) if one is not None]

    async def attribution(self, name: BundleId) -> Attribution:
        """Return the attribution of a bundle.

        Raises:
            NotFoundError: There is none.
        """
        found = await self._attributions.load(name)
        if found is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return found

    async def attributions(self, names: Iterable[BundleId]) -> list[Attribution]:
        """Return the attribution of each bundle; those that were removed meanwhile are left out."""
        return [one for one in await self._attributions.load_many(names) if one is not None]

    async def contributions(self, identifier: str) -> tuple[Contribution, ...]:
        """Return the contributions to a thing: the agents and their parts."""
        return await self._contributions.load(identifier)

    async def cautions(self, identifier: str) -> tuple[str, ...]:
        """Return the caveats of a thing, in words: what to know before relying on it."""
        return await self._cautions.load(identifier)

    async def proof(self, position: int) -> Inclusion:
        """Return the proof that a bundle is in the log."""
        return await self._proofs.load(position)

    async def _read_things(self, ids: list[str]) -> list[Thing | None]:
        found = self.store.things(ids)
        return [found.get(one) for one in ids]

    async def _read_edges(self, sides: list[Side]) -> list[tuple[Asserted, ...]]:
        return await self._read_some_edges([(side, None) for side in sides])

    async def _read_some_edges(
        self, wanted: Sequence[tuple[Side, int | None]]
    ) -> list[tuple[Asserted, ...]]:
        asked: dict[_Question, list[str]] = defaultdict(list)
        for (identifier, outgoing, relations), most in wanted:
            asked[outgoing, relations, most].append(identifier)
        found: dict[tuple[Side, int | None], list[Asserted]] = defaultdict(list)
        for (outgoing, relations, most), ids in asked.items():
            edges = self.store.adjacent(ids, outgoing=outgoing, relations=relations, limit=most)
            for assertion in edges:
                near = assertion.edge.source if outgoing else assertion.edge.target
                found[(near, outgoing, relations), most].append(assertion)
        return [tuple(found.get(request, ())) for request in wanted]

    async def _read_stored(self, names: list[BundleId]) -> list[Stored | None]:
        found = self.store.stored(names)
        return [found.get(name) for name in names]

    async def _read_attributions(self, names: list[BundleId]) -> list[Attribution | None]:
        found = attributions(self.store, names)
        return [found.get(name) for name in names]

    async def _read_contributions(self, ids: list[str]) -> list[tuple[Contribution, ...]]:
        found = contributions_of(self.store, ids)
        return [found[one] for one in ids]

    async def _read_cautions(self, ids: list[str]) -> list[tuple[str, ...]]:
        found = cautions_of(self.store, await self.things(ids))
        return [found[one] for one in ids]

    async def _read_proofs(self, positions: list[int]) -> list[Inclusion]:
        return [inclusion(self.store, position) for position in positions]


def _bare(identifier: str) -> Thing:
    return Thing(identifier, kind_of(identifier), None, ())
