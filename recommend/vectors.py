"""Nearest-neighbour search among the vectors that a store keeps: exact, over one matrix in memory."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graph.log.checkpoint import Checkpoint
from graph.store import GraphStore, Vector

FRESH_FOR_S: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Vectors of one model: `ids` in byte order, `texts` their hashes, `rows (n, d) float32`."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    rows: NDArray[np.float32]
    index: dict[str, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, name: str) -> NDArray[np.float32] | None:
        """Return the vector of a node, `(d,)`, `None` where none is kept."""
        at = self.index.get(name)
        return None if at is None else self.rows[at]

    def closeness(self, row: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each kept vector with this one, `(n,)`, in the order of `ids`."""
        cosines: NDArray[np.float32] = self.rows @ row
        return cosines

    def nearest(
        self, row: NDArray[np.float32], *, limit: int, at_least: float
    ) -> list[tuple[str, float]]:
        """Return the nodes closest to a vector with their cosines, closest first, ties by id."""
        if not self.ids:
            return []
        cosines = self.closeness(row)
        count = min(limit, len(self.ids))
        # All that reach the count-th cosine, so that a tie at the edge is decided by id too.
        edge = np.partition(cosines, -count)[-count]
        positions = np.flatnonzero(cosines >= max(float(edge), at_least))
        ranked = sorted((-float(cosines[at]), self.ids[at]) for at in positions)
        return [(name, -cosine) for cosine, name in ranked[:limit]]


def matrix_of(vectors: Iterable[Vector]) -> Matrix:
    """Build the matrix of the vectors that a store keeps for one model."""
    by_node = sorted(vectors, key=lambda vector: vector.node)
    ids = tuple(vector.node for vector in by_node)
    flat = np.frombuffer(b"".join(vector.data for vector in by_node), dtype="<f4")
    rows = flat.reshape(len(by_node), -1) if by_node else np.empty((0, 0), dtype=np.float32)
    index = {name: at for at, name in enumerate(ids)}
    return Matrix(ids, tuple(vector.text for vector in by_node), rows, index)


class VectorCache:
    """Cache of the last matrix, for callers that ask often; pass one to each call that needs vectors.

    It is read again when another model is requested, when the log has grown, and when it is older
    than `fresh_for_s` seconds, because keeping vectors leaves the log as it is.
    """

    def __init__(
        self, *, fresh_for_s: float = FRESH_FOR_S, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._fresh_for_s = fresh_for_s
        self._seconds = seconds
        self._last: tuple[str, Checkpoint, float, Matrix] | None = None

    def matrix(self, store: GraphStore, model: str) -> Matrix:
        """Return the vectors that this store keeps for a model."""
        log, now = store.checkpoint(), self._seconds()
        if self._last is not None:
            kept_model, kept_log, read_at, matrix = self._last
            if (kept_model, kept_log) == (model, log) and now - read_at < self._fresh_for_s:
                return matrix
        matrix = matrix_of(store.vectors(model))
        self._last = (model, log, now, matrix)
        return matrix
