"""Proximity of works to a concept: by their texts where vectors are kept, else by their concepts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.cooccurrence import ConceptTable, Incidence, Numbers, Places, means_of


@dataclass(frozen=True, slots=True, eq=False)
class Proximity:
    """Proximity of the works of `incidence` to the concepts of `table`.

    `means` as in `disjoint_pairs`, `None`: no vectors. `rows (m, d)` are the vectors less the mean of
    those of the works; `row` is for each work the position of its vector, -1 where it has none. `at` is
    for each concept of the incidence its position in the table, -1 where it is left out.
    """

    table: ConceptTable
    incidence: Incidence
    at: Places
    rows: NDArray[np.float32] | None
    row: Places
    means: Numbers | None

    def to_concept(self, concept: int) -> Numbers:
        """Return how near each work is to a concept of the table, `(works,)`; -1 where nothing is known."""
        if self.rows is None or self.means is None or np.isnan(self.means[concept]).any():
            return self._by_company(concept)
        proximities = np.full(len(self.incidence.works), -1.0)
        has_vector = self.row >= 0
        proximities[has_vector] = (self.rows @ self.means[concept].astype(np.float32))[
            self.row[has_vector]
        ]
        return proximities

    def _by_company(self, concept: int) -> Numbers:
        """Return how much the concepts that each work holds co-occur with this one (mean of the cosines)."""
        place = self.at[self.incidence.concept]
        counted = (place >= 0) & (place != concept)
        works, beside = self.incidence.work[counted], place[counted]
        support = np.maximum(np.diag(self.table.together), 1)
        share = self.table.together[:, concept] / np.sqrt(support * support[concept])
        likeness = share[beside]
        number = np.bincount(works, minlength=len(self.incidence.works))
        total = np.bincount(works, weights=likeness, minlength=len(self.incidence.works))
        return np.where(number > 0, total / np.maximum(number, 1), -1.0)

    def holders(self, concept: int, *, strongly: bool) -> Places:
        """Return the works that hold a concept of the table: those that surely do, or all."""
        mask = self.at[self.incidence.concept] == concept
        if strongly:
            mask &= self.incidence.strongly
        works: Places = self.incidence.work[mask]
        return works


def proximity_of(
    table: ConceptTable, incidence: Incidence, rows: NDArray[np.float32] | None, row: Places
) -> Proximity:
    """Prepare the vectors and means that proximities are computed from.

    Args:
        table: The concepts.
        incidence: Which works hold them.
        rows: `(m, d)`, rows of length 1, `None` where there are no vectors.
        row: For each work the position of its vector, -1 where it has none.
    """
    place = {name: at for at, name in enumerate(table.names)}
    at = np.array([place.get(name, -1) for name in incidence.concepts], dtype=np.int64)
    vector_rows = row[row >= 0]
    if rows is None or not len(vector_rows):
        return Proximity(table, incidence, at, None, row, None)
    means = means_of(table, incidence, rows, row)
    return Proximity(table, incidence, at, rows - rows[vector_rows].mean(axis=0), row, means)


@dataclass(frozen=True, slots=True)
class ExampleWorks:
    """Example works for a pair of concepts, nearest first: of the one side, of the other, between them."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    bridging: tuple[str, ...]


def example_works(proximity: Proximity, left: int, right: int, *, limit: int) -> ExampleWorks:
    """Return the works on each of two concepts that are nearest to the other, and those on neither near both.

    Args:
        proximity: How near works are to concepts.
        left: The position of one concept in the table.
        right: That of the other.
        limit: How many of each at most.
    """
    to_left, to_right = proximity.to_concept(left), proximity.to_concept(right)
    both = np.minimum(to_left, to_right)
    between = np.flatnonzero(both > 0)
    holders = [proximity.holders(left, strongly=False), proximity.holders(right, strongly=False)]
    between = np.setdiff1d(between, np.concatenate(holders))
    works = proximity.incidence.works
    return ExampleWorks(
        _best(works, proximity.holders(left, strongly=True), to_right, limit),
        _best(works, proximity.holders(right, strongly=True), to_left, limit),
        _best(works, between, both, limit),
    )


def _best(
    works: tuple[str, ...], places: Places, proximities: Numbers, limit: int
) -> tuple[str, ...]:
    order = np.lexsort((places, -proximities[places]))  # ties by id, as works are in byte order
    return tuple(works[at] for at in places[order][:limit])
