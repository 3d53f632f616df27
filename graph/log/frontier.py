"""The peaks of a log: the roots of its greatest complete subtrees, from which it can be followed further.

They are the compact range of RFC 6962's tree: one hash for each bit of the size, the largest subtree
first. Whoever keeps them can tell whether a longer log begins with the one that they saw.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from graph.log.merkle import node_hash


@dataclass(frozen=True, slots=True)
class Peaks:
    """The peaks of a log of `size` bundles."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuses hashes that no log of this size has."""
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(
                f"expected one hash for each bit of a size from 0, got {len(self.hashes)} for {self.size}"
            )
        if any(len(one) != hashlib.sha256().digest_size for one in self.hashes):
            raise ValueError("expected hashes of 32 bytes as peaks, got others")

    def plus(self, leaves: Iterable[bytes]) -> "Peaks":
        """The peaks after more leaves."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            found, left = leaf, size
            while left & 1:
                found = node_hash(hashes.pop(), found)
                left >>= 1
            hashes.append(found)
            size += 1
        return Peaks(size, tuple(hashes))

    def root(self) -> str:
        """The root over the whole log (hex); that of an empty one is the hash of nothing."""
        if not self.hashes:
            return hashlib.sha256(b"").hexdigest()
        found = self.hashes[-1]
        for peak in reversed(self.hashes[:-1]):
            found = node_hash(peak, found)
        return found.hex()
