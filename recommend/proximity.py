"""Proximity of works to a concept: by their texts where vectors are kept, else by their concepts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.cooccurrence import Holdings, Numbers, Places, Table, means_of


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """Proximity of the works of `incidence` to the concepts of `table`.

    `means` as in `disjoint_pairs`, `None`: no vectors. `rows (m, d)` are the vectors less the mean of
    those of the works; `row` is for each work the position of its vector, -1 where it has none. `at` is
    for each concept of the incidence its position in the table, -1 where it is left out.
    """

    table: Table
    holdings: Holdings
    at: Places
    rows: NDArray[np.float32] | None
    row: Places
    means: Numbers | None

    def to(self, concept: int) -> Numbers:
        """Return how near each work is to a concept of the table, `(works,)`; -1 where nothing is known."""
        if self.rows is None or self.means is None or np.isnan(self.means[concept]).any():
            return self._by_company(concept)
        found = np.full(len(self.holdings.works), -1.0)
        known = self.row >= 0
        found[known] = (self.rows @ self.means[concept].astype(np.float32))[self.row[known]]
        return found

    def _by_company(self, concept: int) -> Numbers:
        """Return how much the concepts that each work holds co-occur with this one (mean of the cosines)."""
        place = self.at[self.holdings.concept]
        counted = (place >= 0) & (place != concept)
        works, beside = self.holdings.work[counted], place[counted]
        support = np.maximum(np.diag(self.table.together), 1)
        share = self.table.together[:, concept] / np.sqrt(support * support[concept])
        likeness = share[beside]
        number = np.bincount(works, minlength=len(self.holdings.works))
        total = np.bincount(works, weights=likeness, minlength=len(self.holdings.works))
        return np.where(number > 0, total / np.maximum(number, 1), -1.0)

    def holders(self, concept: int, *, strongly: bool) -> Places:
        """Return the works that hold a concept of the table: those that surely do, or all."""
        mask = self.at[self.holdings.concept] == concept
        if strongly:
            mask &= self.holdings.strongly
        found: Places = self.holdings.work[mask]
        return found


def nearness_of(
    table: Table, holdings: Holdings, rows: NDArray[np.float32] | None, row: Places
) -> Nearness:
    """Prepare the vectors and means that proximities are computed from.

    Args:
        table: The concepts.
        incidence: Which works hold them.
        rows: `(m, d)`, rows of length 1, `None` where there are no vectors.
        row: For each work the position of its vector, -1 where it has none.
    """
    place = {name: at for at, name in enumerate(table.names)}
    at = np.array([place.get(name, -1) for name in holdings.concepts], dtype=np.int64)
    held = row[row >= 0]
    if rows is None or not len(held):
        return Nearness(table, holdings, at, None, row, None)
    means = means_of(table, holdings, rows, row)
    return Nearness(table, holdings, at, rows - rows[held].mean(axis=0), row, means)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Example works for a pair of concepts, nearest first: of the one side, of the other, between them."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    bridging: tuple[str, ...]


def witnesses_of(near: Nearness, left: int, right: int, *, limit: int) -> Witnesses:
    """Return the works on each of two concepts that are nearest to the other, and those on neither near both.

    Args:
        proximity: How near works are to concepts.
        left: The position of one concept in the table.
        right: That of the other.
        limit: How many of each at most.
    """
    to_left, to_right = near.to(left), near.to(right)
    both = np.minimum(to_left, to_right)
    between = np.flatnonzero(both > 0)
    holders = [near.holders(left, strongly=False), near.holders(right, strongly=False)]
    between = np.setdiff1d(between, np.concatenate(holders))
    works = near.holdings.works
    return Witnesses(
        _best(works, near.holders(left, strongly=True), to_right, limit),
        _best(works, near.holders(right, strongly=True), to_left, limit),
        _best(works, between, both, limit),
    )


def _best(works: tuple[str, ...], places: Places, nearness: Numbers, limit: int) -> tuple[str, ...]:
    order = np.lexsort((places, -nearness[places]))  # ties by id, as works are in byte order
    return tuple(works[at] for at in places[order][:limit])
