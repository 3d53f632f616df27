"""The peaks of a log against the root over all of its leaves."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.log.frontier import Peaks
from tests.graph.log.naive import root_of

LEAVES = [hashlib.sha256(b"%d" % number).digest() for number in range(300)]


def test_the_root_at_every_size_is_that_of_the_tree() -> None:
    peaks = Peaks()
    for size, leaf in enumerate(LEAVES):
        assert peaks.size == size
        assert peaks.root() == root_of(LEAVES[:size]).hex()
        peaks = peaks.plus([leaf])


@given(st.lists(st.integers(0, len(LEAVES)), max_size=5))
def test_it_is_the_same_in_any_parts(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(LEAVES)]
    peaks = Peaks()
    for start, stop in pairwise(places):
        peaks = peaks.plus(LEAVES[start:stop])
    assert peaks == Peaks().plus(LEAVES)


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(0, LEAVES[:1]), (1, ()), (3, LEAVES[:1]), (4, LEAVES[:2]), (-1, LEAVES[:1]), (1, [b"short"])],
)
def test_what_no_log_has_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Peaks(size, tuple(hashes))
