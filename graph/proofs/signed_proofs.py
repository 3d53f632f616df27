"""Evidence for a stranger, as JSON: a signed checkpoint, and proofs with all that checking them takes.

Nothing here needs to be believed: anyone with the log's key can check it (docs/trust.md).
"""

from typing import Any, TypeAlias

from graph.bundle.header import is_hash
from graph.bundle.keys import Signer
from graph.errors import Fault, ForeignStoreError, InputError, NotFoundError
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import is_consistent, is_included, leaf_hash
from graph.log.signed_note import is_origin, sign_checkpoint, verifier_key
from graph.model.canonical import digest
from graph.proofs.proofs import prove_consistency, prove_inclusion
from graph.store import Log

Json: TypeAlias = dict[str, Any]


def checkpoint_evidence(store: Log, signer: Signer) -> Json:
    """Sign the log as it is now: `{"origin", "key", "verifier", "size", "root", "note"}`.

    `verifier` is the key in the form for other programs that read signed notes.
    """
    return _signed_checkpoint(store, store.checkpoint(), signer)


def inclusion_evidence(
    store: Log, position: int, signer: Signer, *, size: int | None = None
) -> Json:
    """Prove that a bundle is in the log: `{"bundle", "position", "header", "leaf", "hashes", "log"}`.

    `header` is the text of the bundle's header to the byte, `leaf` its hash, `hashes` the audit
    path from the leaf upwards, `log` the signed checkpoint that it leads to.

    Raises:
        InputError: The log never was so large, or the position is not below its size.
        ForeignStoreError: The store is damaged: what it holds proves nothing.
    """
    proof = prove_inclusion(store, position, size=size)
    raw = next(iter(store.raw_bundles(position)))
    leaf, at = leaf_hash(raw.header), proof.checkpoint
    if digest(raw.header) != raw.id or not is_included(
        leaf, position, at.size, _raw(proof.hashes), bytes.fromhex(at.root)
    ):
        raise _damage_error(f"position {position}")
    return {
        "bundle": raw.id,
        "position": position,
        "header": raw.header.decode(),
        "leaf": leaf.hex(),
        "hashes": list(proof.hashes),
        "log": _signed_checkpoint(store, proof.checkpoint, signer),
    }


def consistency_evidence(
    store: Log, first: int, signer: Signer, *, second: int | None = None
) -> Json:
    """Prove that the log only grew: `{"hashes", "first", "second"}`, signed checkpoints and what joins them.

    Raises:
        InputError: The log never was so large, or the first size is above the second.
        ForeignStoreError: The store is damaged: what it holds proves nothing.
    """
    proof = prove_consistency(store, first, second)
    roots = [bytes.fromhex(checkpoint.root) for checkpoint in (proof.first, proof.second)]
    if not is_consistent(
        proof.first.size, proof.second.size, _raw(proof.hashes), roots[0], roots[1]
    ):
        raise _damage_error(f"sizes {proof.first.size} and {proof.second.size}")
    return {
        "hashes": list(proof.hashes),
        "first": _signed_checkpoint(store, proof.first, signer),
        "second": _signed_checkpoint(store, proof.second, signer),
    }


def position_of(store: Log, name: str) -> int:
    """Return the position of a bundle in the log, given its id or its position.

    Raises:
        NotFoundError: It is not in the log.
        InputError: The text names no bundle.
    """
    if not is_hash(name):
        return parse_number(
            "bundle", name, expected="a bundle's `sha256:…`, or its position from 0"
        )
    bundle = store.bundles_by_id([name]).get(name)
    if bundle is None:
        raise NotFoundError(f"no bundle {name} in this log")
    return bundle.position


def parse_number(where: str, text: str, *, expected: str = "a number from 0") -> int:
    """Parse a position or a size that a person typed.

    Raises:
        InputError: It is no number from 0 to 2^53.
    """
    if text.isascii() and text.isdecimal() and len(text) <= 16 and int(text) <= 2**53:
        return int(text)
    got = repr(text if len(text) <= 40 else f"{text[:40]}…")
    raise InputError("the log can't prove this", [Fault(where, expected, got)])


def _signed_checkpoint(store: Log, checkpoint: Checkpoint, signer: Signer) -> Json:
    origin = store.origin()
    if not is_origin(origin):
        raise ForeignStoreError(f"the store is damaged: {origin[:80]!r} is no name of a log")
    return {
        "origin": origin,
        "key": signer.key,
        "verifier": verifier_key(origin, signer.key),
        "size": checkpoint.size,
        "root": checkpoint.root,
        "note": sign_checkpoint(origin, checkpoint, signer),
    }


def _raw(hashes: tuple[str, ...]) -> list[bytes]:
    return [bytes.fromhex(hash_) for hash_ in hashes]


def _damage_error(where: str) -> ForeignStoreError:
    return ForeignStoreError(
        f"what the store keeps of its log is damaged: the proof for {where} does not lead to the "
        "root: `colineage verify` names all that does not hold"
    )
