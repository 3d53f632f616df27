"""Store interface: the methods of every graph store, and the values that they take and return.

Every promise made here is tested by `tests/graph/store/test_store.py`, which runs on each store.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec

from graph.bundle.bundle import Bundle
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation, Scope
from graph.rules.authorization import Denial
from graph.rules.facts import State, TrustEntry


@dataclass(frozen=True, slots=True)
class AuthoredDescription:
    """Description of a node by one author, and the bundle that it stands in.

    `author` is `source:…` for a record, the root key (`ed25519:…`) for a statement. `actor` is then the grant that it
    is said under, or the key; `by` the agent that speaks.
    """

    author: str
    actor: str
    by: str
    bundle: BundleId
    at: str | None
    description: Description


@dataclass(frozen=True, slots=True)
class Thing:
    """Node as it is shown.

    `shown` is the newest living description by the id's own source or minter, else the newest of the
    others; `None` where the node is only the end of an edge. `also` are the other authors' newest.
    `kind` is the shown one, else the one that the id alone implies, else `None` (unknown).
    """

    id: str
    kind: Kind | None
    shown: AuthoredDescription | None
    also: tuple[AuthoredDescription, ...]

    @property
    def title(self) -> str:
        """Label for people: its title or name, else its id."""
        attributes = self.shown.description.attributes if self.shown else {}
        for key in ("title", "name", "text", "message"):
            value = attributes.get(key)
            if isinstance(value, str):
                return value.partition("\n")[0] if key == "message" else value
        return self.id


class AssertedEdge(msgspec.Struct, frozen=True, gc=False):
    """Edge, and the living bundles that assert it (sorted)."""

    edge: Edge
    bundles: tuple[BundleId, ...]


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """Bundle in the log, and its state.

    `position` counts from 0. `author`: as in `AuthoredDescription`, `None` while a grant is missing. `vouchers`:
    of a record, the living runs that vouch for it. `answered_by`: the statements that answer it.
    """

    bundle: Bundle
    position: int
    state: State
    author: str | None
    vouchers: tuple[BundleId, ...]
    answered_by: tuple[BundleId, ...]

    @property
    def counts(self) -> bool:
        """Whether its key spoke with authority; always true of a record."""
        return self.state.counts

    @property
    def lives(self) -> bool:
        """Whether what it says is in the graph."""
        return self.state.lives

    @property
    def is_erased(self) -> bool:
        """Whether its body was dropped."""
        return self.state.erased


@dataclass(frozen=True, slots=True)
class RawBundle:
    """Bytes of a bundle as they lie in the store, unparsed: for verification and export."""

    position: int
    id: BundleId
    header: bytes
    body: bytes | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of nodes and edges by kind, and of bundles; kinds that nobody stated are counted under `unknown`."""

    nodes: Mapping[str, int]
    edges: Mapping[str, int]
    bundles: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Slot of a source, filled by one record at a time: the source and the uri."""

    by: str
    uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Winner of a slot, its rank, and the authors whose living runs vouch for it.

    `rank` is as in `graph.rules.records.Rank`: the greatest wins.
    """

    winner: BundleId
    rank: tuple[str, int, str, BundleId]
    vouched_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heads:
    """Heads of an actor: its statements that none of its others follows, and the number of the next one."""

    heads: tuple[BundleId, ...]
    next_n: int


@dataclass(frozen=True, slots=True)
class Vector:
    """Embedding of a node's text under one model.

    `text` is the SHA-256 of the text that was embedded; `data` is little-endian float32 of length 1.
    """

    node: str
    text: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """Bundles that are dated ahead, and have no effect until their time: how many, the first of their times, the last."""

    bundles: int
    first: str | None
    until: str | None


class AppendView(Protocol):
    """View of the store for a writer, inside the transaction that will append its bundles."""

    def heads(self, actor: str) -> Heads:
        """Return the heads of an actor in this store (`actor`: a key, or the id of a grant)."""
        ...

    def own_heads(self, actor: str, own: Set[BundleId]) -> Heads:
        """Return the heads among those statements of an actor that are in `own`, as if there were no others."""
        ...

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """Return the winner of each slot; slots without a winner are left out."""
        ...

    def upheld_records(self, records: Sequence[BundleId], author: str) -> frozenset[BundleId]:
        """Return the records among these that win their slot, with a body here and a living run of this author as voucher."""
        ...

    def has_said(self, actor: str, body: str) -> bool:
        """Return whether a living statement of this actor has this body (its hash)."""
        ...

    def denial(self, key: str, under: BundleId | None, right: Scope | None = None) -> Denial | None:
        """Return the reason why a new statement of this key, under this grant, would not count; `None` where it would."""
        ...

    def has_word_on(self, actor: str, name: BundleId) -> bool:
        """Return whether a word of an actor on a bundle, to end, erase or restore it, would be among those that decide."""
        ...


Compose: TypeAlias = Callable[[AppendView], Sequence[Bundle]]
"""Function that makes the bundles to append from the view; may be called twice, so it changes nothing else."""


@dataclass(frozen=True, slots=True)
class AppendResult:
    """Result of an append: the added ids (in log order, without what was there already), and the log after it."""

    added: tuple[BundleId, ...]
    checkpoint: Checkpoint


class Log(Protocol):
    """Log of bundles: append-only, in one order, with what proofs of it are made of."""

    def append(self, compose: Compose) -> AppendResult:
        """Add bundles, all or none, durable when it returns.

        What is dated more than a day ahead is added, and has no effect until its time.

        Raises:
            BusyError: Another process writes for too long.
        """
        ...

    def bundles(self, start: int = 0) -> Iterator[StoredBundle]:
        """Yield the log from a position."""
        ...

    def raw_bundles(self, start: int = 0) -> Iterator[RawBundle]:
        """Yield the log's bytes from a position, as they are stored."""
        ...

    def bundles_by_id(self, names: Iterable[BundleId]) -> Mapping[BundleId, StoredBundle]:
        """Return the bundles of these ids; those that are not here are left out."""
        ...

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """Return the bundles among these that are here and miss no body, living, erased or not; no body is read."""
        ...

    def erased_positions(self) -> Sequence[int]:
        """Return the positions of the bundles whose body was erased, ascending."""
        ...

    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint of the log as it is now."""
        ...

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Return hashes of the Merkle tree, for proofs (`graph.log.merkle.Hashes`); they never change."""
        ...

    def origin(self) -> str:
        """Return the log's own name: `colineage/` and 32 random hex digits, made with the store."""
        ...

    def adopt(self, origin: str) -> None:
        """Take the name of a log whose copy this store becomes.

        Raises:
            StoreError: Bundles are here already, under another name.
        """
        ...


class GraphReader(Protocol):
    """Graph that the living bundles make: nodes, edges, lists, search, counts, digest."""

    def things(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """Return the nodes of these ids; those that don't exist are left out."""
        ...

    def adjacent(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None = None,
        limit: int | None = None,
        after: Edge | None = None,
    ) -> Sequence[AssertedEdge]:
        """Return the living edges that leave (or reach) these nodes, in the order of the nodes' ids.

        Args:
            ids: The nodes.
            outgoing: True for the edges that leave them; else those that reach them.
            relations: Only edges of these; `None` for all.
            limit: At most so many of each node, the first in an order that is the store's own and stays
                as long as it is not rebuilt; no more of a node is read. `None` for all.
            after: An edge returned earlier in that order: of its node, only edges that come behind it.
        """
        ...

    def list_ids(self, kind: Kind | None, *, after: str = "", limit: int) -> Sequence[str]:
        """Return the ids of described nodes of a kind (`None`: all) in byte order, greater than `after`."""
        ...

    def search(self, text: str, *, kind: Kind | None = None, limit: int) -> Sequence[str]:
        """Return the ids of nodes whose title, name or text holds every word, best first (full-text search)."""
        ...

    def counts(self) -> Counts:
        """Return how much is in the graph."""
        ...

    def digest(self) -> str:
        """Return the state digest (docs/bundle.md, section 6), from what is stored, `sha256:…`."""
        ...

    def digests_below(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """Return the digests of prefixes (hex digits) of the state's tree: two stores find by them where they differ."""
        ...

    def waiting(self) -> Waiting:
        """Return how many bundles of the log wait for their time, and until when."""
        ...


class Trust(Protocol):
    """Trust list of a store: by whose runs records live in it, and whose words come first."""

    def trust(self, entries: Sequence[TrustEntry]) -> None:
        """Replace the trust list: from now on records live by the runs of these, in this order."""
        ...

    def change_trust(
        self, change: Callable[[tuple[TrustEntry, ...]], Sequence[TrustEntry]]
    ) -> None:
        """Replace the trust list by the one that `change` makes of the present one.

        Nobody else's change comes between; `change` may be called twice, so it changes nothing else.
        """
        ...

    def trust_list(self) -> tuple[TrustEntry, ...]:
        """Return whom the store trusts, in order."""
        ...


class Vectors(Protocol):
    """Embeddings that a store keeps beside the graph."""

    def keep_vectors(self, model: str, vectors: Iterable[Vector]) -> None:
        """Store embeddings of a model, one for each node: a later one replaces it."""
        ...

    def vectors(self, model: str) -> Iterator[Vector]:
        """Yield the embeddings stored for a model, by node id."""
        ...


class Maintenance(Protocol):
    """Care for a store: check it, rebuild it, close it."""

    def integrity_faults(self) -> Sequence[str]:
        """Return the faults that the store's own integrity check finds in its files, a sentence each; none when whole."""
        ...

    def rebuild(self) -> None:
        """Rebuild the graph from the log."""
        ...

    def purge(self) -> str | None:
        """Remove from the store's files the bytes that dropped bodies left there.

        Returns:
            What may hold some for ever and what to do, as a sentence; `None` where nothing does.

        Raises:
            StoreError: They are still there: another process writes or reads for too long, or there is no room for a copy of the
                store. It is tried again whenever the store is opened or closed.
        """
        ...

    def close(self) -> None:
        """Close the store."""
        ...


class GraphStore(Log, GraphReader, Trust, Vectors, Maintenance, Protocol):
    """A log of bundles and the graph that it makes: all that a store answers. Ask for the part that you use."""
