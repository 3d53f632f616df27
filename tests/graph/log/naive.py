"""The Merkle tree of RFC 6962 as section 2.1 defines it, by splitting: the oracle for roots and audit paths."""

import hashlib
from collections.abc import Sequence


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; that of no leaves is the hash of no bytes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_of(leaves[:split]), root_of(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_headers(headers: Sequence[bytes]) -> bytes:
    """Return the root over the leaves themselves."""
    return root_of([hashlib.sha256(b"\x00" + header).digest() for header in headers])


def climb(leaf: bytes, position: int, size: int, path: Sequence[str]) -> bytes:
    """Return the root that an audit path (section 2.1.1, hex) leads to from a leaf."""
    if size == 1:
        assert path == []
        return hashlib.sha256(b"\x00" + leaf).digest()
    split = 1 << (size - 1).bit_length() - 1
    sibling = bytes.fromhex(path[-1])
    if position < split:
        left = climb(leaf, position, split, path[:-1])
        return hashlib.sha256(b"\x01" + left + sibling).digest()
    right = climb(leaf, position - split, size - split, path[:-1])
    return hashlib.sha256(b"\x01" + sibling + right).digest()
