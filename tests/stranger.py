"""A stranger who checks proofs: nothing of ours is imported, and nothing is believed but a key.

The tree is climbed as RFC 6962 defines it, by splitting, and not as `graph.log` does, bit by bit.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def read_checkpoint(note: str, key: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note that the key (`ed25519:…`) signed."""
    text, signature = note.split("\n\n")
    origin, size, root = text.split("\n")
    dash, name, encoded = signature.removesuffix("\n").split(" ")
    assert (dash, name) == ("\N{EM DASH}", origin)
    raw, blob = bytes.fromhex(key.removeprefix("ed25519:")), base64.b64decode(encoded)
    assert blob[:4] == hashlib.sha256(origin.encode() + b"\n\x01" + raw).digest()[:4]
    Ed25519PublicKey.from_public_bytes(raw).verify(blob[4:], (text + "\n").encode())
    return origin, int(size), base64.b64decode(root)


def check_inclusion(proof: Mapping[str, Any], key: str) -> None:
    """Fails unless the bundle is in the log that the key signed."""
    header = proof["header"].encode()
    assert proof["bundle"] == "sha256:" + hashlib.sha256(header).hexdigest()
    _, size, root = read_checkpoint(proof["log"]["note"], key)
    path = [bytes.fromhex(one) for one in proof["hashes"]]
    leaf = hashlib.sha256(b"\0" + header).digest()
    assert proof["leaf"] == leaf.hex()
    assert climbed(leaf, proof["position"], size, path) == root


def check_consistency(proof: Mapping[str, Any], key: str) -> None:
    """Fails unless the second log begins with the first."""
    origin, first, old = read_checkpoint(proof["first"]["note"], key)
    again, second, new = read_checkpoint(proof["second"]["note"], key)
    assert origin == again
    path = [bytes.fromhex(one) for one in proof["hashes"]]
    if first == 0:
        assert path == []
        assert old == hashlib.sha256(b"").digest()
    else:
        assert grown(first, second, path, old) == (old, new)


def climbed(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 6962, 2.1.1, read backwards)."""
    assert 0 <= position < size
    if size == 1:
        assert not path
        return leaf
    half = _half(size)
    if position < half:
        return _node(climbed(leaf, position, half, path[:-1]), path[-1])
    return _node(path[-1], climbed(leaf, position - half, size - half, path[:-1]))


def grown(
    first: int, second: int, path: Sequence[bytes], begins: bytes | None
) -> tuple[bytes, bytes]:
    """Both roots that a consistency proof leads to (RFC 6962, 2.1.2, read backwards).

    Args:
        first: The smaller size.
        second: The larger one.
        path: The proof.
        begins: The first root, where the subtree looked at begins the log: it is not in the proof.
    """
    assert 0 < first <= second
    if first == second and begins is not None:
        assert not path
        return begins, begins
    if first == second:
        [only] = path
        return only, only
    half = _half(second)
    if first <= half:
        old, new = grown(first, half, path[:-1], begins)
        return old, _node(new, path[-1])
    old, new = grown(first - half, second - half, path[:-1], None)
    return _node(path[-1], old), _node(path[-1], new)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _half(size: int) -> int:
    half = 1
    while half * 2 < size:
        half *= 2
    return half
