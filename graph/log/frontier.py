"""Compact range of a log's Merkle tree: its peaks, from which the log can be verified further without its leaves.

The peaks are the roots of the greatest complete subtrees of RFC 6962's tree: one hash for each bit of the size, the
largest subtree first. Whoever keeps them can check whether a longer log begins with the one that they saw.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from graph.log.merkle import node_hash


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks of a log of `size` bundles, the largest subtree first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hashes that no log of this size has."""
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(
                f"expected one hash for each bit of a size from 0, got {len(self.hashes)} for {self.size}"
            )
        if any(len(hash_) != hashlib.sha256().digest_size for hash_ in self.hashes):
            raise ValueError("expected hashes of 32 bytes as peaks, got others")

    def plus(self, leaves: Iterable[bytes]) -> "Peaks":
        """Return the peaks after more leaves."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            hash_, remaining = leaf, size
            while remaining & 1:
                hash_ = node_hash(hashes.pop(), hash_)
                remaining >>= 1
            hashes.append(hash_)
            size += 1
        return Peaks(size, tuple(hashes))

    def root(self) -> str:
        """Return the root over the whole log (hex); that of an empty one is the hash of no bytes."""
        if not self.hashes:
            return hashlib.sha256(b"").hexdigest()
        hash_ = self.hashes[-1]
        for peak in reversed(self.hashes[:-1]):
            hash_ = node_hash(peak, hash_)
        return hash_.hex()
