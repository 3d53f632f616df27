"""Merkle tree of the log (RFC 6962, section 2.1): leaf and node hashes, root, proofs.

Hashes of complete subtrees of 256, 65,536, … leaves are kept, so that a root or a proof of a long
log reads a few hundred hashes and not all of them (the tiles of https://c2sp.org/tlog-tiles).
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from graph.errors import BrokenLogError

TILE: Final = 256
_HASH_BYTES: Final = 32

Hashes: TypeAlias = Callable[[int, int, int], Sequence[bytes]]
"""Function `hashes(level, start, stop)`: hashes of the complete subtrees of 256^level leaves, in order; 0 is leaves."""


def leaf_hash(header: bytes) -> bytes:
    """Return the hash of one leaf: a bundle's header."""
    return hashlib.sha256(b"\x00" + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, hashes: Hashes, *, tiles: bool = True) -> bytes:
    """Return the root of the first `size` leaves.

    Raises:
        BrokenLogError: Some hashes are not there.
    """
    if size == 0:
        return hashlib.sha256(b"").digest()
    return _Tree(hashes, tiles=tiles).subtree(0, size)


def inclusion_proof(position: int, size: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the audit path of a leaf, from the leaf upwards.

    Raises:
        ValueError: The leaf is not below `size`.
    """
    if not 0 <= position < size:
        raise ValueError(f"expected a position below {size}, got {position}")
    tree = _Tree(hashes, tiles=True)
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            path.append(tree.subtree(middle, high))
            high = middle
        else:
            path.append(tree.subtree(low, middle))
            low = middle
    return tuple(reversed(path))


def consistency_proof(first: int, second: int, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the proof that a log of the second size begins with that of the first (RFC 6962, 2.1.2).

    It is empty where the sizes are equal, and where the first is 0: every log begins with nothing.

    Raises:
        ValueError: The first size is above the second, or negative.
    """
    if not 0 <= first <= second:
        raise ValueError(f"expected a size from 0 to {second}, got {first}")
    if first in (0, second):
        return ()
    tree = _Tree(hashes, tiles=True)
    path: list[bytes] = []
    low, high, begins = 0, second, True
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(tree.subtree(middle, high))
            high = middle
        else:
            path.append(tree.subtree(low, middle))
            low, begins = middle, False
    if not begins:
        path.append(tree.subtree(low, high))
    return tuple(reversed(path))


def _are_hashes(path: Sequence[bytes]) -> bool:
    """Return whether each has the length of a hash.

    A node hashes the concatenation of two hashes. Cut elsewhere, the same bytes lead to the same old root, and to a
    new root that belongs to no log which still holds the old one.
    """
    return all(len(hash_) == _HASH_BYTES for hash_ in path)


def is_included(
    leaf: bytes, position: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """Return whether the audit path leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= position < size or not _are_hashes(path):
        return False
    node, last, computed_root = position, size - 1, leaf
    for hash_ in path:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            computed_root = node_hash(hash_, computed_root)
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            computed_root = node_hash(computed_root, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and computed_root == expected_root


def is_consistent(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Return whether the proof leads from one root to both (RFC 9162, section 2.1.4.2)."""
    if not 0 <= first <= second or not _are_hashes(path):
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == hashlib.sha256(b"").digest()
    if not path:
        return False
    # A first log that is a complete subtree is its own first hash, and not sent.
    start, *rest = path if first & (first - 1) else (first_root, *path)
    node, last = first - 1, second - 1
    while node % 2 == 1:
        node, last = node >> 1, last >> 1
    old = new = start
    for hash_ in rest:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def new_tiles(size: int, added: Sequence[bytes], hashes: Hashes) -> list[tuple[int, int, bytes]]:
    """Return the subtrees that become complete when leaves are added: `(level, index, hash)`, lowest first.

    Args:
        size: The number of leaves before.
        added: The hashes of the leaves that come after them.
        hashes: Reads the hashes stored already.
    """
    tiles: list[tuple[int, int, bytes]] = []
    level, start, new_hashes = 0, size, list(added)
    while new_hashes:
        first = start - start % TILE
        row = [*hashes(level, first, start), *new_hashes] if first < start else new_hashes
        complete = [_fold(row[k : k + TILE]) for k in range(0, len(row) - TILE + 1, TILE)]
        level, start, new_hashes = level + 1, first // TILE, complete
        tiles += [(level, start + k, hash_) for k, hash_ in enumerate(complete)]
    return tiles


def _split(size: int) -> int:
    """Return the greatest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _fold(row: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    while len(row) > 1:
        row = [node_hash(row[k], row[k + 1]) for k in range(0, len(row), 2)]
    return row[0]


class _Tree:
    """Reader of the hash of any subtree, from the highest stored hashes."""

    def __init__(self, hashes: Hashes, *, tiles: bool) -> None:
        self._hashes = hashes
        self._tiles = tiles

    def subtree(self, low: int, high: int) -> bytes:
        """Return the hash over the leaves `low` to below `high`, a subtree of RFC 6962."""
        size = high - low
        if size & (size - 1):
            middle = low + _split(size)
            return node_hash(self.subtree(low, middle), self.subtree(middle, high))
        level = 0
        while self._tiles and TILE ** (level + 1) <= size:
            level += 1
        start, stop = low // TILE**level, high // TILE**level
        row = self._hashes(level, start, stop)
        if len(row) != stop - start:
            raise BrokenLogError(
                f"expected the hashes {start} to {stop} of level {level} of the log, got {len(row)}: "
                "it lost some (colineage verify says what else)"
            )
        return _fold(row)
