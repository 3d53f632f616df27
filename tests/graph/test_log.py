"""The Merkle tree: roots and proofs by RFC 6962, also where complete subtrees are kept."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.log import TILE, inclusion_proof, is_included, leaf_hash, new_tiles, root, root_of

KNOWN = (
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
)
KNOWN_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The test vectors of Certificate Transparency's own reference implementation."""


class Kept:
    """Leaves and the hashes of complete subtrees, as a store keeps them."""

    def __init__(self) -> None:
        self.levels: dict[int, list[bytes]] = {0: []}

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        found = self.levels.get(level, [])[start:stop]
        assert len(found) == stop - start
        return found

    def add(self, leaves: Sequence[bytes]) -> None:
        for level, number, value in new_tiles(len(self.levels[0]), leaves, self.hashes):
            row = self.levels.setdefault(level, [])
            assert number == len(row)
            row.append(value)
        self.levels[0] += leaves


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(k).encode()) for k in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference_implementation(size: int) -> None:
    assert root_of([leaf_hash(one) for one in KNOWN[:size]]).hex() == KNOWN_ROOTS[size - 1]


def test_the_root_of_nothing() -> None:
    assert root_of([]) == hashlib.sha256(b"").digest()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3 * TILE), max_size=6))
def test_kept_subtrees_change_no_root(batches: list[int]) -> None:
    kept, every = Kept(), leaves(sum(batches))
    done = 0
    for count in batches:
        kept.add(every[done : done + count])
        done += count
        assert root(done, kept.hashes) == root_of(every[:done])


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3 * TILE), st.data())
def test_a_proof_leads_from_its_leaf_to_the_root_and_from_no_other(
    size: int, data: st.DataObject
) -> None:
    kept, every = Kept(), leaves(size)
    kept.add(every)
    top = root(size, kept.hashes)
    position = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(position, size, kept.hashes)
    assert is_included(every[position], position, size, path, top)
    assert not is_included(leaf_hash(b"another"), position, size, path, top)
    assert not is_included(every[position], position, size, [*path, top], top)
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda k: k != position))
        assert not is_included(every[position], other, size, path, top)
        assert not is_included(every[position], position, size, path[:-1], top)


def test_a_proof_of_what_is_not_there_is_refused() -> None:
    kept = Kept()
    kept.add(leaves(3))
    for position in (-1, 3):
        with pytest.raises(ValueError, match="below 3"):
            inclusion_proof(position, 3, kept.hashes)
        assert not is_included(b"", position, 3, [], b"")


def test_large_trees_have_tiles_above_tiles() -> None:
    kept, every = Kept(), leaves(TILE * TILE + 5)
    kept.add(every[:1000])
    kept.add(every[1000:])
    assert [len(kept.levels[level]) for level in (1, 2)] == [TILE, 1]
    assert root(len(every), kept.hashes) == root_of(every)
