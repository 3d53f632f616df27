"""Inclusion and consistency proofs over the log of a store (RFC 6962, section 2.1): hex hashes, and their checkpoint."""

from dataclasses import dataclass

from graph.errors import Fault, InputError
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import consistency_proof, inclusion_proof, root
from graph.store import Log


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Proof that the bundle at a position is in the log of a checkpoint: its audit path, from the leaf upwards."""

    position: int
    checkpoint: Checkpoint
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Proof that the log of the second checkpoint begins with that of the first: nothing was taken back."""

    first: Checkpoint
    second: Checkpoint
    hashes: tuple[str, ...]


def checkpoint_at(store: Log, size: int) -> Checkpoint:
    """Return the checkpoint of the log as it was when it held so many bundles.

    Raises:
        InputError: It never held so many.
    """
    now = store.checkpoint()
    if size == now.size:
        return now
    if not 0 <= size <= now.size:
        raise _beyond("size", f"from 0 to {now.size}, the size of this log", size)
    return Checkpoint(size, root(size, store.hashes).hex())


def prove_inclusion(store: Log, position: int, *, size: int | None = None) -> InclusionProof:
    """Prove that a bundle is in the log.

    Args:
        store: The store of the log.
        position: Of the bundle, counted from 0.
        size: Of the log that it is to be proven in; `None`: as it is now.

    Raises:
        InputError: The log never was so large, or the position is not below its size.
    """
    checkpoint = store.checkpoint() if size is None else checkpoint_at(store, size)
    if not 0 <= position < checkpoint.size:
        raise _beyond("position", f"from 0 to below {checkpoint.size}", position)
    path = inclusion_proof(position, checkpoint.size, store.hashes)
    return InclusionProof(position, checkpoint, tuple(hash_.hex() for hash_ in path))


def prove_consistency(store: Log, first: int, second: int | None = None) -> ConsistencyProof:
    """Prove that the log only grew from one size to another.

    Args:
        store: The store of the log.
        first: The smaller size.
        second: The larger one; `None`: the log as it is now.

    Raises:
        InputError: The log never was so large, or the first size is above the second.
    """
    now = store.checkpoint() if second is None else checkpoint_at(store, second)
    if not 0 <= first <= now.size:
        raise _beyond("first", f"from 0 to {now.size}, the second size", first)
    path = consistency_proof(first, now.size, store.hashes)
    return ConsistencyProof(checkpoint_at(store, first), now, tuple(hash_.hex() for hash_ in path))


def _beyond(where: str, expected: str, got: int) -> InputError:
    return InputError("the log can't prove this", [Fault(where, expected, str(got))])
