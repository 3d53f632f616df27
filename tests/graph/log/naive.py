"""The Merkle tree of RFC 6962 as section 2.1 defines it, by splitting: the oracle for roots."""

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
