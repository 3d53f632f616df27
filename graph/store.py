"""The port: the questions that a store answers, and the values it answers with.

Every promise made here is held by `tests/graph/store/test_store.py`, which runs on each store.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec

from graph.bundle.bundle import Bundle
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.rules.authorization import Silence


@dataclass(frozen=True, slots=True)
class Said:
    """One author's description of a node, and where it stands.

    `author` is `source:…` for a record, the root key (`ed25519:…`) for a statement.
    """

    author: str
    bundle: BundleId
    at: str | None
    description: Description


@dataclass(frozen=True, slots=True)
class Thing:
    """A node as it is shown.

    `shown` is the newest living description by the id's own source or minter, else the newest of the
    others; `None` where the node is only the end of an edge. `also` are the other authors' newest.
    `kind` is the shown one, else what the id alone tells, else `None` (unknown).
    """

    id: str
    kind: Kind | None
    shown: Said | None
    also: tuple[Said, ...]

    @property
    def title(self) -> str:
        """What to call it: its title or name, else its id."""
        attributes = self.shown.description.attributes if self.shown else {}
        for key in ("title", "name", "text", "message"):
            value = attributes.get(key)
            if isinstance(value, str):
                return value.partition("\n")[0] if key == "message" else value
        return self.id


class Asserted(msgspec.Struct, frozen=True, gc=False):
    """An edge, and the living bundles that assert it (sorted)."""

    edge: Edge
    bundles: tuple[BundleId, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A bundle in the log.

    `position` counts from 0. `counts`: a statement whose key spoke with authority (always true of a
    record). `lives`: what it says is in the graph. `author`: as in `Said`, `None` while a grant is
    missing. `vouchers`: of a record, the living runs that vouch for it. `answered_by`: the
    statements that answer it.
    """

    bundle: Bundle
    position: int
    counts: bool
    lives: bool
    author: str | None
    vouchers: tuple[BundleId, ...]
    answered_by: tuple[BundleId, ...]


@dataclass(frozen=True, slots=True)
class RawBundle:
    """A bundle's bytes as they lie in the store, unread: for those who check them."""

    position: int
    id: BundleId
    header: bytes
    body: bytes | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in the graph; kinds that nobody stated are counted under `unknown`."""

    nodes: Mapping[str, int]
    edges: Mapping[str, int]
    bundles: int


@dataclass(frozen=True, slots=True)
class Slot:
    """What a source may say once: the source and the uri."""

    by: str
    uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Who wins a slot, by what rank, and which authors' living runs vouch for the winner.

    `rank` is (`at`, mapping number, time of the latest voucher, id): the greatest wins.
    """

    winner: BundleId
    rank: tuple[str, int, str, BundleId]
    vouched_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heads:
    """The statements of an actor that none of its others follows, and the number of the next one."""

    heads: tuple[BundleId, ...]
    next_n: int


@dataclass(frozen=True, slots=True)
class Vector:
    """The embedding of a node's text under one model.

    `text` is the SHA-256 of the text that was embedded; `data` is little-endian float32 of length 1.
    """

    node: str
    text: str
    data: bytes


class Look(Protocol):
    """What a writer may ask inside the transaction that will append its bundles."""

    def heads(self, actor: str) -> Heads:
        """The heads of an actor in this store (`actor`: a key, or the id of a grant)."""
        ...

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """Who wins each slot; slots without a winner are left out."""
        ...

    def upheld(self, records: Sequence[BundleId], author: str) -> frozenset[BundleId]:
        """The records among these that win their slot, that a living run of this author vouches for, and whose body is here."""
        ...

    def has_said(self, actor: str, body: str) -> bool:
        """Whether a living statement of this actor has this body (its hash)."""
        ...

    def silence(self, key: str, under: BundleId | None) -> Silence | None:
        """What keeps a new statement of this key, under this grant, from counting, if anything."""
        ...


Compose: TypeAlias = Callable[[Look], Sequence[Bundle]]
"""Makes the bundles to append from what it sees; may be called twice, so it changes nothing else."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append added (in log order, without what was there already), and the log after it."""

    added: tuple[BundleId, ...]
    checkpoint: Checkpoint


class GraphStore(Protocol):
    """A log of bundles and the graph that it makes."""

    def append(self, compose: Compose) -> Appended:
        """Adds bundles, all or none, durable when it returns.

        Raises:
            TooEarlyError: One is dated more than a day ahead; none is added.
            BusyError: Another process writes for too long.
        """
        ...

    def trust(self, authors: frozenset[str]) -> None:
        """From now on records live by the runs of these authors (root keys)."""
        ...

    def change_trust(self, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        """From now on records live by the runs of the authors that `change` makes of those before.

        Nobody else's change comes between; `change` may be called twice, so it changes nothing else.
        """
        ...

    def trusted(self) -> frozenset[str]:
        """The authors whose runs count."""
        ...

    def bundles(self, start: int = 0) -> Iterator[Stored]:
        """The log from a position."""
        ...

    def raw(self, start: int = 0) -> Iterator[RawBundle]:
        """The log's bytes from a position, as they are stored."""
        ...

    def stored(self, names: Iterable[BundleId]) -> Mapping[BundleId, Stored]:
        """The bundles of these ids; those that are not here are left out."""
        ...

    def held(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """The bundles among these that are here with their body, living or not; none of it is read."""
        ...

    def things(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """The nodes of these ids; those that don't exist are left out."""
        ...

    def adjacent(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None = None,
        limit: int | None = None,
        after: Edge | None = None,
    ) -> Sequence[Asserted]:
        """The living edges that leave (or reach) these nodes, in the order of their ids.

        Args:
            ids: The nodes.
            outgoing: Whether the edges leave them; else those that reach them.
            relations: Only edges of these; `None` for all.
            limit: At most so many of each node, the first in an order that is the store's own and stays
                as long as it is not rebuilt; no more of a node is read. `None` for all.
            after: An edge that was got in that order: only those of its node that come behind it.
        """
        ...

    def listed(self, kind: Kind | None, *, after: str = "", limit: int) -> Sequence[str]:
        """Ids of described nodes of a kind (`None`: all) in byte order, greater than `after`."""
        ...

    def search(self, text: str, *, kind: Kind | None = None, limit: int) -> Sequence[str]:
        """Ids of nodes whose title, name or text holds every word, best first."""
        ...

    def counts(self) -> Counts:
        """How much is in the graph."""
        ...

    def digest(self) -> str:
        """The state digest (docs/bundle.md), from what is stored, `sha256:…`."""
        ...

    def checkpoint(self) -> Checkpoint:
        """The log as it is."""
        ...

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Hashes that proofs are made of (`graph.log.merkle.Hashes`); what is said once never changes."""
        ...

    def origin(self) -> str:
        """The log's own name: `colineage/` and 32 random hex digits, made with the store."""
        ...

    def adopt(self, origin: str) -> None:
        """Takes the name of a log whose copy this store becomes.

        Raises:
            StoreError: Bundles are here already, under another name.
        """
        ...

    def damage(self) -> Sequence[str]:
        """What the store's own check finds wrong with its files, a sentence each; none when whole."""
        ...

    def rebuild(self) -> None:
        """Makes the graph again from the log."""
        ...

    def keep_vectors(self, model: str, vectors: Iterable[Vector]) -> None:
        """Keeps embeddings of a model, one for each node: a later one replaces it."""
        ...

    def vectors(self, model: str) -> Iterator[Vector]:
        """The embeddings kept for a model, by node id."""
        ...

    def close(self) -> None:
        """Lets go of the store."""
        ...
