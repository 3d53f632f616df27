"""Batches of a log's bundles, each for one append: small enough to be held, large enough for the disk."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from graph.bundle.bundle import Bundle
from graph.store import RawBundle

_MAX_BUNDLES: Final = 1000
_MAX_BYTES: Final = 8 * 2**20


def bundle_batches(
    raws: Iterable[RawBundle], validate: Callable[[RawBundle], Bundle]
) -> Iterator[list[Bundle]]:
    """Yield the bundles in batches of 1,000, or of those that reach 8 MiB.

    Args:
        raws: The bundles as they came.
        validate: Returns the bundle behind one; what it raises ends the batches, the one under way included.
    """
    batch: list[Bundle] = []
    size_bytes = 0
    for raw in raws:
        batch.append(validate(raw))
        size_bytes += len(raw.header) + len(raw.body or b"")
        if len(batch) >= _MAX_BUNDLES or size_bytes >= _MAX_BYTES:
            yield batch
            batch, size_bytes = [], 0
    if batch:
        yield batch
