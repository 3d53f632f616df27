"""Batches of bundles: as many as one append takes, by number and by size, in order."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.errors import BundleError, Fault
from graph.export.batches import bundle_batches
from graph.store import RawBundle


def raws(count: int, body: bytes | None) -> Iterator[RawBundle]:
    return (RawBundle(k, f"sha256:{k}", b"{}", body, None) for k in range(count))


def same(raw: RawBundle) -> Any:
    return raw.position


@pytest.mark.parametrize(
    ("count", "body", "sizes"),
    [
        (0, b"", []),
        (1, None, [1]),
        (1000, b"", [1000]),
        (2001, None, [1000, 1000, 1]),
        (9, b"x" * 2**21, [4, 4, 1]),
    ],
    ids=["none", "one", "full", "many", "large"],
)
def test_batches_end_at_a_number_or_a_size(
    count: int, body: bytes | None, sizes: list[int]
) -> None:
    batches: list[list[Any]] = [*bundle_batches(raws(count, body), same)]
    assert list(map(len, batches)) == sizes
    assert [position for batch in batches for position in batch] == list(range(count))


def test_a_bundle_that_is_refused_ends_the_batches() -> None:
    def validate(raw: RawBundle) -> Any:
        if raw.position == 1500:
            raise BundleError("refused", [Fault("id", "a hash", "none")])
        return raw.position

    batches = bundle_batches(raws(2000, None), validate)
    assert len(next(batches)) == 1000
    with pytest.raises(BundleError):
        next(batches)
