"""The batched questions of one query: what it asks on one level becomes one question to the store.

A query runs in a thread and an event loop of its own, so a question may simply wait for its answer.
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
"""The edges of one node: its id, whether those that leave it, and of which relations."""
_Question: TypeAlias = tuple[bool, frozenset[Relation] | None, int | None]
"""What is asked of many nodes at once: which edges, and how many of each node at most."""


class Reader:
    """What the fields of one query ask, gathered; used by one thread."""

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
        """A node; one that went away meanwhile is its bare id."""
        return await self._things.load(identifier) or _bare(identifier)

    async def things(self, ids: Iterable[str]) -> list[Thing]:
        """Nodes, in the order of their ids as given."""
        wanted = list(ids)
        found = await self._things.load_many(wanted)
        return [thing or _bare(one) for one, thing in zip(wanted, found, strict=True)]

    async def thing_if_any(self, identifier: str) -> Thing | None:
        """A node, `None` where there is none."""
        return await self._things.load(identifier)

    async def edges(
        self, identifier: str, *, outgoing: bool, relations: frozenset[Relation] | None = None
    ) -> tuple[Asserted, ...]:
        """The living edges that leave (or reach) a node."""
        return await self._edges.load((identifier, outgoing, relations))

    async def some_edges(self, side: Side, most: int) -> tuple[Asserted, ...]:
        """The living edges of a node, at most so many: which ones then, the store says."""
        return await self._some_edges.load((side, most))

    async def stored_if_any(self, name: BundleId) -> Stored | None:
        """A bundle of the log, `None` where there is none."""
        return await self._stored.load(name)

    async def stored(self, name: BundleId) -> Stored:
        """A bundle of the log.

        Raises:
            NotFoundError: There is none.
        """
        found = await self._stored.load(name)
        if found is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return found

    async def stored_all(self, names: Iterable[BundleId]) -> list[Stored]:
        """Bundles of the log; those that went away meanwhile are left out."""
        return [one for one in await self._stored.load_many(names) if one is not None]

    async def attribution(self, name: BundleId) -> Attribution:
        """Who is behind a bundle.

        Raises:
            NotFoundError: There is none.
        """
        found = await self._attributions.load(name)
        if found is None:
            raise NotFoundError(f"no bundle {name} in this log")
        return found

    async def attributions(self, names: Iterable[BundleId]) -> list[Attribution]:
        """Who is behind each of some bundles; those that went away meanwhile are left out."""
        return [one for one in await self._attributions.load_many(names) if one is not None]

    async def contributions(self, identifier: str) -> tuple[Contribution, ...]:
        """Who contributed what to a thing."""
        return await self._contributions.load(identifier)

    async def cautions(self, identifier: str) -> tuple[str, ...]:
        """What to know of a thing before relying on it, in words."""
        return await self._cautions.load(identifier)

    async def proof(self, position: int) -> Inclusion:
        """The proof that a bundle is in the log."""
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
            for one in edges:
                near = one.edge.source if outgoing else one.edge.target
                found[(near, outgoing, relations), most].append(one)
        return [tuple(found.get(one, ())) for one in wanted]

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
