"""Promise 6: a flipped byte of a log is found and its bundle named; a proof holds to the bit.

Everything is exhaustive with `--soak`; otherwise one bit of each byte is tried, and of proofs a few.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import combinations, zip_longest
from pathlib import Path

import pytest

from audit.verify import verify
from graph.log.merkle import (
    Hashes,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
)
from graph.open import open_store
from graph.proofs.proofs import checkpoint_at, prove_consistency, prove_inclusion
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.conftest import Size
from tests.graph.conftest import clock
from tests.graph.histories import ADA
from tests.graph.log.naive import root_of
from tests.graph.statements import add, paper
from tests.promises.small import flipped, flips, small_log
from tests.stranger import climbed, grown

COLUMNS = ("header", "body", "signature")
LARGEST = 64


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    with closing(open_store(f"sqlite:{path}", clock=clock)) as store:
        store.trust([TrustEntry(ADA.key)])
        add(store, *small_log())
    return path


def faults_of(path: Path) -> dict[str | None, str]:
    """What `verify` says, by the bundle that it names."""
    with (
        closing(open_store(f"sqlite:{path}", clock=clock)) as store,
        closing(open_store("sqlite::memory:", clock=clock)) as again,
    ):
        verdict = verify(store, fresh=lambda: again)
    assert verdict.ok is (not verdict.faults)
    return {fault.bundle: fault.what for fault in verdict.faults}


def batches(lengths: Sequence[int], *, singly: bool) -> Iterator[dict[int, tuple[int, int]]]:
    """What to flip, by position: each byte alone; or one byte of each alone, then each of all bundles at once."""
    each = [list(flips(length, every=singly)) for length in lengths]
    if singly:
        yield from ({position: one} for position, found in enumerate(each) for one in found)
    else:
        yield from ({position: found[0]} for position, found in enumerate(each) if found)
        for wanted in zip_longest(*each):
            yield {position: one for position, one in enumerate(wanted) if one}


@pytest.mark.parametrize("column", COLUMNS)
def test_every_flipped_byte_of_a_stored_bundle_is_found(
    file: Path, column: str, size: Size
) -> None:
    names = [bundle.id for bundle in small_log()]
    read, write = (
        f"SELECT {column} FROM content ORDER BY position",  # noqa: S608 - one of three words
        f"UPDATE content SET {column} = ? WHERE position = ?",  # noqa: S608
    )
    assert faults_of(file) == {}
    with closing(sqlite3.connect(file, isolation_level=None)) as by_hand:
        stored = [row[0] for row in by_hand.execute(read)]
        tried = 0
        for changed in batches([len(one or b"") for one in stored], singly=bool(size(0, 1))):
            for position, (place, mask) in changed.items():
                by_hand.execute(write, (flipped(stored[position], place, mask), position))
            faults = faults_of(file)
            assert {names[position] for position in changed} == set(faults) - {None}, changed
            by_hand.executemany(write, [(stored[one], one) for one in changed])
            tried += len(changed)
    assert tried >= sum(len(one or b"") for one in stored) > 0
    assert faults_of(file) == {}


def test_every_flipped_byte_of_a_stored_id_is_found(file: Path) -> None:
    """The index by which a bundle is found is no part of it, and yet must not name another."""
    write = "UPDATE bundle SET id = ? WHERE position = ?"
    with closing(sqlite3.connect(file, isolation_level=None)) as by_hand:
        for position, bundle in enumerate(small_log()):
            raw = bytes.fromhex(bundle.id.removeprefix("sha256:"))
            for place, mask in flips(len(raw), every=False):
                by_hand.execute(write, (flipped(raw, place, mask), position))
                assert any(bundle.id in what for what in faults_of(file).values())
            by_hand.execute(write, (raw, position))
    assert faults_of(file) == {}


# Proofs.


@pytest.fixture(scope="module")
def log() -> Iterator[GraphStore]:
    """A log of 64 bundles."""
    with closing(open_store("sqlite::memory:", clock=clock)) as store:
        add(store, *(paper(f"2401.{number:05d}", "A paper") for number in range(LARGEST)))
        yield store


@pytest.fixture(scope="module")
def leaves(log: GraphStore) -> list[bytes]:
    return [leaf_hash(raw.header) for raw in log.raw_bundles()]


def raw_hashes(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


def changed_in_one_bit(hashes: Sequence[bytes], step: int) -> Iterator[list[bytes]]:
    """The same hashes with one bit changed: each bit, or every `step`-th of each hash."""
    for number, hash_ in enumerate(hashes):
        for bit in range(number % step, 256, step):
            other = flipped(hash_, bit // 8, 1 << bit % 8)
            yield [*hashes[:number], other, *hashes[number + 1 :]]


def test_all_inclusion_proofs_hold_and_none_with_a_bit_changed(
    log: GraphStore, leaves: list[bytes], size: Size
) -> None:
    step, proofs = size(61, 1), 0
    for length in range(1, LARGEST + 1):
        top = root_of(leaves[:length])
        assert checkpoint_at(log, length).root == top.hex()
        for position in range(length):
            proof = prove_inclusion(log, position, size=length)
            path = raw_hashes(proof.hashes)
            assert is_included(leaves[position], position, length, path, top)
            assert climbed(leaves[position], position, length, path) == top
            assert proof.checkpoint.root == top.hex()
            for leaf, root, *other in changed_in_one_bit([leaves[position], top, *path], step):
                assert not is_included(leaf, position, length, other, root)
            for bit in range(7):
                assert not is_included(leaves[position], position ^ 1 << bit, length, path, top)
            proofs += 1
    assert proofs == LARGEST * (LARGEST + 1) // 2


def test_all_consistency_proofs_hold_and_none_with_a_bit_changed(
    log: GraphStore, leaves: list[bytes], size: Size
) -> None:
    step, proofs = size(61, 1), 0
    roots = [root_of(leaves[:length]) for length in range(LARGEST + 1)]
    for first, second in combinations(range(LARGEST + 1), 2):
        proof = prove_consistency(log, first, second)
        path = raw_hashes(proof.hashes)
        before, after = roots[first], roots[second]
        assert (proof.first.root, proof.second.root) == (before.hex(), after.hex())
        assert is_consistent(first, second, path, before, after)
        if first:
            assert grown(first, second, path, before) == (before, after)
        for old, new, *other in changed_in_one_bit([before, after, *path], step):
            # Every log begins with nothing, whatever it is: its own root is the checkpoint's to sign.
            assert not is_consistent(first, second, other, old, new) or (first, old) == (0, before)
        proofs += 1
    assert proofs == LARGEST * (LARGEST + 1) // 2


def test_no_proof_joins_a_log_to_a_shorter_one(leaves: list[bytes]) -> None:
    """A rollback: whatever is sent as the proof, the smaller size is no later one."""
    roots = [root_of(leaves[:length]) for length in range(LARGEST + 1)]
    for second, first in combinations(range(LARGEST + 1), 2):
        path = consistency_proof(second, first, _hashes(leaves))
        assert not is_consistent(first, second, path, roots[first], roots[second])
        assert not is_consistent(first, second, (), roots[first], roots[second])
        # Nor when the size is lied about: the root at that size is another.
        assert not is_consistent(first, first, (), roots[first], roots[second])


def test_no_proof_joins_two_logs_that_parted(leaves: list[bytes], size: Size) -> None:
    """A fork: one bundle differs, and every proof of either log refuses the other's roots."""
    for parted in range(0, LARGEST, size(9, 1)):
        other = [*leaves[:parted], leaf_hash(b"another"), *leaves[parted + 1 :]]
        for first, second in combinations(range(1, LARGEST + 1), 2):
            path = consistency_proof(first, second, _hashes(other))
            old, new = root_of(leaves[:first]), root_of(other[:second])
            assert is_consistent(first, second, path, old, new) is (first <= parted)
        for position in (parted, 0, LARGEST - 1):
            path = inclusion_proof(position, LARGEST, _hashes(other))
            held = is_included(leaves[position], position, LARGEST, path, root_of(other))
            assert held is (position != parted)


def _hashes(leaves: Sequence[bytes]) -> Hashes:
    return lambda _level, start, stop: leaves[start:stop]
