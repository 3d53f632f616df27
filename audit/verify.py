"""Verification of a store: every bundle, the log's Merkle root, and the graph rebuilt from the log."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from audit.graph_diff import BATCH, BundleFault, graph_faults
from graph.bundle.bundle import Bundle, read_logged
from graph.errors import BundleError, BusyError, GraphError, StoreError
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import TILE, is_included, leaf_hash, node_hash
from graph.model.canonical import digest as digest_of
from graph.proofs.proofs import prove_inclusion
from graph.store import GraphStore, RawBundle

BATCH_BYTES: Final = 32 * 2**20
MAX_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class LogVerification:
    """Result of a verification: `ok` only if every check was made and held.

    `bundles` is how many were read, `silent` how many of them have a body that doesn't fit and says nothing,
    which is no fault. `digest` is that of the graph as stored, `None` where it can't be read.
    """

    ok: bool
    bundles: int
    silent: int
    checkpoint: Checkpoint
    digest: str | None
    faults: tuple[BundleFault, ...]


def verify(store: GraphStore, *, fresh: Callable[[], GraphStore]) -> LogVerification:
    """Read the whole log as stored, and rebuild its graph beside it.

    Each bundle: its header hashes to its id, its body to the hash in the header, its signature holds,
    and its header reads strictly. The log: positions without gaps or repeats, the RFC 6962 root over
    the headers, and proofs that lead to it. The graph: as rebuilt from the log it has the digest of the stored one,
    shows each thing in the same way, and gives each bundle the same standing.

    Args:
        store: The store to verify; nothing in it changes but that the tree of its digest is brought up to date, and
            that what was dated ahead takes effect if its time has come.
        fresh: Opens an empty store to rebuild the graph in; it is closed afterwards.

    Raises:
        BusyError: Others kept writing, so that no single moment could be verified.
    """
    with closing(fresh()) as replay:
        replay.trust(store.trust_list())
        log_replay = _LogReplay(store, replay)
        for _ in range(MAX_ATTEMPTS):
            checkpoint = store.checkpoint()
            log_replay.read_to(checkpoint.size)
            digest, graph_differences = graph_faults(store, replay, whole=not log_replay.faults)
            unproven = list(log_replay.proof_faults(checkpoint))
            if store.checkpoint() == checkpoint:
                integrity_faults = [BundleFault(None, what) for what in store.integrity_faults()]
                faults = (
                    *log_replay.faults,
                    *log_replay.log_faults(checkpoint),
                    *unproven,
                    *graph_differences,
                    *integrity_faults,
                )
                return LogVerification(
                    not faults, log_replay.count, log_replay.silent, checkpoint, digest, faults
                )
    raise BusyError(
        "somebody kept writing to the store while it was read: verify it again later, or an export of it, which may be "
        "made meanwhile (colineage export DIR, colineage verify DIR)"
    )


class _LogReplay:
    """Replay of a log into a fresh store, continued when the log has grown."""

    def __init__(self, store: GraphStore, replay: GraphStore) -> None:
        self.store = store
        self.replay = replay
        self.count = 0
        self.silent = 0
        self.faults: list[BundleFault] = []
        self._next = 0
        self._peaks: list[tuple[int, bytes]] = []
        self._probes: list[tuple[int, bytes]] = []
        self._is_broken = False

    def read_to(self, size: int) -> None:
        """Read the bundles up to a size of the log."""
        batch: list[Bundle] = []
        weight = 0
        for raw, leaf in self._read_raw(size):
            bundle = self._check_bundle(raw, leaf)
            if bundle is not None:
                batch.append(bundle)
                weight += len(raw.header) + len(raw.body or b"")
            if len(batch) >= BATCH or weight >= BATCH_BYTES:
                self._append(batch)
                batch, weight = [], 0
        self._append(batch)

    def log_faults(self, checkpoint: Checkpoint) -> Iterator[BundleFault]:
        """Yield the faults of the log as a whole: its size, its root, repeated bundles."""
        if self.count != checkpoint.size:
            what = f"expected {checkpoint.size} bundles in the log, got {self.count}"
            yield BundleFault(None, what)
        root = self._root()
        if root != checkpoint.root:
            what = f"expected the root {checkpoint.root} over the log, got {root}"
            yield BundleFault(None, what)
        rebuilt_size = self.replay.checkpoint().size
        if not self.faults and rebuilt_size != self.count:
            yield BundleFault(
                None, f"the log holds {self.count - rebuilt_size} bundles more than once"
            )

    def proof_faults(self, checkpoint: Checkpoint) -> Iterator[BundleFault]:
        """Yield a fault where the store fails to prove that a bundle is in its log: one of each tile (256) is tried."""
        if self.faults:
            return
        for position, leaf in self._probes:
            try:
                proof = prove_inclusion(self.store, position)
                proven, hashes = (
                    proof.checkpoint,
                    [bytes.fromhex(hex_hash) for hex_hash in proof.hashes],
                )
                root = bytes.fromhex(proven.root)
                holds = proven != checkpoint or is_included(
                    leaf, position, proven.size, hashes, root
                )
            except BusyError:
                raise
            except Exception:  # noqa: BLE001 - damaged bytes can make a store say anything
                holds = False
            if not holds:
                what = f"the stored proof of position {position} does not lead to the log's root"
                yield BundleFault(None, what)
                return

    def _read_raw(self, size: int) -> Iterator[tuple[RawBundle, bytes]]:
        """Yield the bundles as stored, with their leaves; a gap is a fault, an unreadable bundle is one and the end."""
        if self._is_broken:
            return
        try:
            for raw in self.store.raw_bundles(self._next):
                if raw.position >= size:
                    return
                if raw.position != self._next:
                    what = f"expected a bundle at position {self._next}, got {raw.position}"
                    self.faults.append(BundleFault(None, what))
                leaf = leaf_hash(raw.header)
                self.count += 1
                self._next = raw.position + 1
                yield raw, leaf
        except BusyError:
            raise
        except Exception as error:  # noqa: BLE001 - damaged bytes can make a store say anything
            self._is_broken = True
            what = f"the log can't be read from position {self._next}: {error}"
            self.faults.append(BundleFault(None, what))

    def _check_bundle(self, raw: RawBundle, leaf: bytes) -> Bundle | None:
        """Return the bundle where all of it holds, and keep its faults."""
        if raw.position % TILE == 0:
            self._probes.append((raw.position, leaf))
        self._push(leaf)
        messages: list[str] = []
        name = digest_of(raw.header)
        if name != raw.id:
            messages.append(f"expected a header whose hash is its id, got one with {name}")
        bundle = None
        try:
            bundle = read_logged(raw.header, raw.body, raw.signature)
        except BundleError as error:
            messages += map(str, error.faults)
        except TypeError:  # damage can turn bytes into text
            messages.append("expected bytes as its body and its signature, got another type")
        self.silent += bundle is not None and bundle.is_unfit
        self.faults += [BundleFault(raw.id, what) for what in messages]
        return None if messages else bundle

    def _append(self, batch: list[Bundle]) -> None:
        if not batch:
            return
        try:
            self.replay.append(lambda _: batch)
        except StoreError:  # of the temporary store: no fault of the verified one
            raise
        except GraphError as error:
            what = f"{batch[0].id} and those after it can't be appended again: {error}"
            self.faults.append(BundleFault(None, what))

    def _push(self, leaf: bytes) -> None:
        """Add a leaf to the roots of complete subtrees, so that memory grows with log n."""
        height, node = 0, leaf
        while self._peaks and self._peaks[-1][0] == height:
            node = node_hash(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    def _root(self) -> str:
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        *rest, (_, node) = self._peaks
        for _, peak in reversed(rest):
            node = node_hash(peak, node)
        return node.hex()
