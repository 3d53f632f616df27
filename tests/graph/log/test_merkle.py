"""The Merkle tree: roots and proofs by RFC 6962, also where complete subtrees are kept."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import BrokenLogError
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import (
    TILE,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    new_tiles,
    node_hash,
    root,
)
from graph.log.signed_note import sign_checkpoint
from tests.graph.histories import ADA
from tests.graph.log.naive import root_of
from tests.stranger import check

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

# Proofs over the same leaves, from the tests of transparency-dev/merkle (proof/verify_test.go and
# testonly/reference_test.go), which got them from the C++ reference implementation: (position, size)
# and (first, second) with the hashes in order. Some are roots and leaves of the tree itself.
_N = {
    "0": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0-1": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "2-3": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "4": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4-5": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "6": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "6-7": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0-3": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4-7": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
}
KNOWN_INCLUSIONS = {
    (0, 1): (),
    (0, 8): ("1", "2-3", "4-7"),
    (5, 8): ("4", "6-7", "0-3"),
    (2, 3): ("0-1",),
    (1, 5): ("0", "2-3", "4"),
}
KNOWN_CONSISTENCIES = {
    (1, 1): (),
    (1, 8): ("1", "2-3", "4-7"),
    (6, 8): ("4-5", "6-7", "0-3"),
    (2, 5): ("2-3", "4"),
    (6, 7): ("4-5", "6", "0-3"),
}


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


def known(size: int) -> "Kept":
    kept = Kept()
    kept.add([leaf_hash(one) for one in KNOWN[:size]])
    return kept


@pytest.mark.parametrize(("position", "size"), KNOWN_INCLUSIONS)
def test_inclusions_of_the_reference_implementation(position: int, size: int) -> None:
    path = [bytes.fromhex(_N[name]) for name in KNOWN_INCLUSIONS[position, size]]
    assert list(inclusion_proof(position, size, known(size).hashes)) == path
    top = bytes.fromhex(KNOWN_ROOTS[size - 1])
    assert is_included(leaf_hash(KNOWN[position]), position, size, path, top)


@pytest.mark.parametrize(("first", "second"), KNOWN_CONSISTENCIES)
def test_consistencies_of_the_reference_implementation(first: int, second: int) -> None:
    path = [bytes.fromhex(_N[name]) for name in KNOWN_CONSISTENCIES[first, second]]
    assert list(consistency_proof(first, second, known(second).hashes)) == path
    roots = [bytes.fromhex(KNOWN_ROOTS[size - 1]) for size in (first, second)]
    assert is_consistent(first, second, path, roots[0], roots[1])


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


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3 * TILE), st.data())
def test_a_log_proves_that_it_only_grew(second: int, data: st.DataObject) -> None:
    kept, every = Kept(), leaves(second)
    kept.add(every)
    first = data.draw(st.integers(0, second))
    path = consistency_proof(first, second, kept.hashes)
    before, after = root_of(every[:first]), root_of(every)
    assert is_consistent(first, second, path, before, after)
    other = root_of([*every[:first], leaf_hash(b"another")])
    assert not is_consistent(first, second, path, other, after)
    assert not is_consistent(first, second, path, before, other) or first == 0
    assert not is_consistent(first, second, [*path, after], before, after)
    assert not is_consistent(first, second, [after, *path], before, after)
    if path:
        assert not is_consistent(first, second, path[:-1], before, after)
        assert not is_consistent(first, second, path[1:], before, after)


def test_going_back_and_other_logs_are_no_growth() -> None:
    roots = [root_of(leaves(size)) for size in range(4)]
    for first, second, path in ((3, 2, ()), (-1, 2, ()), (2, 2, (roots[2],)), (0, 2, (roots[2],))):
        assert not is_consistent(first, second, path, roots[first], roots[second])
    assert not is_consistent(2, 2, (), roots[2], roots[3])
    assert not is_consistent(0, 2, (), roots[1], roots[2])
    assert not is_consistent(3, 4, (), roots[3], root_of(leaves(4)))
    assert is_consistent(0, 0, (), roots[0], roots[0])


def test_a_growth_that_was_not_is_refused() -> None:
    kept = Kept()
    kept.add(leaves(3))
    for first in (-1, 4):
        with pytest.raises(ValueError, match="from 0 to 3"):
            consistency_proof(first, 3, kept.hashes)


@pytest.mark.parametrize("size", [1, 7, 256, 300])
def test_hashes_that_are_lost_are_told(size: int) -> None:
    leaves = [leaf_hash(bytes([k % 256])) for k in range(size - 1)]

    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        return leaves[start:stop] if level == 0 else []

    with pytest.raises(BrokenLogError, match="lost some"):
        root(size, hashes)
    with pytest.raises(BrokenLogError, match="lost some"):
        inclusion_proof(0, size + 1, hashes)


def test_large_trees_have_tiles_above_tiles() -> None:
    kept, every = Kept(), leaves(TILE * TILE + 5)
    kept.add(every[:1000])
    kept.add(every[1000:])
    assert [len(kept.levels[level]) for level in (1, 2)] == [TILE, 1]
    assert root(len(every), kept.hashes) == root_of(every)
    for first in (1, 256, 999, TILE * TILE, TILE * TILE + 4):
        path = consistency_proof(first, len(every), kept.hashes)
        before = root(first, kept.hashes)
        assert before == root_of(every[:first])
        assert is_consistent(first, len(every), path, before, root_of(every))


def test_hashes_cut_in_another_place_prove_nothing() -> None:
    """Of three leaves and four: 31 bytes of the first subtree, and its last byte before the third leaf.

    Both together are what the old root hashes, so the log's key could sign a second log that holds none of the first
    three in a way that can be proved, and yet prove that it begins with them.
    """
    leaves = [leaf_hash(bytes([number])) for number in range(4)]
    left = node_hash(leaves[0], leaves[1])
    before = root_of(leaves[:3])
    forged = [left[31:] + leaves[2], leaves[3], left[:31]]
    after = node_hash(forged[2], node_hash(forged[0], forged[1]))
    assert node_hash(forged[2], forged[0]) == before
    assert after != root_of(leaves)
    assert not is_consistent(3, 4, forged, before, after)
    assert is_consistent(3, 4, [leaves[2], leaves[3], left], before, root_of(leaves))
    assert not is_included(leaves[3], 3, 4, [forged[0], forged[2]], after)
    notes = [
        {"note": sign_checkpoint("colineage/test", Checkpoint(size, root.hex()), ADA)}
        for size, root in ((3, before), (4, after), (4, root_of(leaves)))
    ]
    proof = {"first": notes[0], "second": notes[1], "hashes": [one.hex() for one in forged]}
    with pytest.raises(ValueError, match="another length"):
        check(proof, ADA.key)
    true = [leaves[2].hex(), leaves[3].hex(), left.hex()]
    assert "begins with the 3" in check({**proof, "second": notes[2], "hashes": true}, ADA.key)
