"""Co-occurrence of concepts in works, and scores of pairs that never co-occurred but are likely to (pure arrays).

Measured on the 5,980 works of the six reviews that tests/recommend/data is chosen from: concepts of works
up to a year, and which of the pairs never joined by then were joined in works after it. Of the first 100
pairs by each way, joined later:

    year  all pairs  score  without texts  texts alone  common neighbours (Adamic and Adar)  popularity
    2008      1.9 %     65             59           58                                    21          13
    2012      1.7 %     62             57           38                                    22           9
    2016      1.2 %     38             36           19                                    20           6
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

MIN_SUPPORT: Final = 5
"""A concept held by fewer works says too little."""
MAX_SHARE: Final = 0.3
"""A concept held by more of the works is too general: to join it with another is no direction."""
MAX_CONCEPTS: Final = 2000
"""The most frequent ones are compared; time and memory grow with the square of this, not of the works."""
TWINS: Final = 0.5
"""Two concepts whose works overlap by more (Jaccard) are one subject under two names."""

_FLAT_LIMIT: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Incidence of works and concepts: `work[k]` holds `concept[k]`, positions in `works`, `concepts`.

    `strongly[k]` is true when the source was sure. Names are in byte order, each pair stands once.
    """

    works: tuple[str, ...]
    concepts: tuple[str, ...]
    work: Places
    concept: Places
    strongly: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ConceptPairs:
    """Pairs of concepts that no work joins but that both co-occur with a third one.

    `left[k]` and `right[k]` are positions in `names`. `expected`: joint works, were works to hold both by
    chance given each third concept, summed over these. `context`: how alike the concepts are that the two
    co-occur with (cosine of positive pointwise mutual information). `texts`: how close the texts of their works are
    (cosine of the means, the mean of all taken off), NaN where too few have vectors.
    """

    names: tuple[str, ...]
    left: Places
    right: Places
    expected: Numbers
    context: Numbers
    texts: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class ConceptTable:
    """Concepts that are neither too rare nor too general, and how they co-occur.

    `together (n, n)` counts works that surely hold both (the diagonal: works that hold it); `joined (n, n)`
    is true when any work holds both, surely or not; `context (n, n)` as in `ConceptPairs`.
    """

    names: tuple[str, ...]
    together: Numbers
    joined: NDArray[np.bool_]
    context: Numbers


def incidence_of(rows: Iterable[tuple[str, str, bool]]) -> Incidence:
    """Build the incidence from (work, concept, strongly), in any order; of repeated rows the surer counts."""
    sure: dict[tuple[str, str], bool] = {}
    for work, concept, strongly in rows:
        sure[work, concept] = sure.get((work, concept), False) or strongly
    works = tuple(sorted({work for work, _ in sure}))
    concepts = tuple(sorted({concept for _, concept in sure}))
    at_work = {name: at for at, name in enumerate(works)}
    at_concept = {name: at for at, name in enumerate(concepts)}
    keys = sorted(sure)
    return Incidence(
        works,
        concepts,
        np.array([at_work[work] for work, _ in keys], dtype=np.int64),
        np.array([at_concept[concept] for _, concept in keys], dtype=np.int64),
        np.array([sure[key] for key in keys], dtype=np.bool_),
    )


def table_of(incidence: Incidence, too_general: frozenset[str] = frozenset()) -> ConceptTable:
    """Count how the concepts co-occur.

    Left out are those in `too_general`, those that too few works hold and those that too many do.
    """
    support = np.bincount(
        incidence.concept[incidence.strongly], minlength=len(incidence.concepts)
    ).astype(np.int64)
    fits = (support >= MIN_SUPPORT) & (support <= MAX_SHARE * len(incidence.works))
    selection = [at for at in np.flatnonzero(fits) if incidence.concepts[at] not in too_general]
    selection = sorted(sorted(selection, key=lambda at: (-support[at], at))[:MAX_CONCEPTS])
    place = np.full(len(incidence.concepts), -1, dtype=np.int64)
    place[selection] = np.arange(len(selection))
    together = _joint_counts(incidence, place, len(selection), incidence.strongly)
    everywhere = _joint_counts(incidence, place, len(selection), np.ones_like(incidence.strongly))
    names = tuple(incidence.concepts[at] for at in selection)
    return ConceptTable(names, together, everywhere > 0, _context(together, len(incidence.works)))


def _joint_counts(
    incidence: Incidence, place: Places, size: int, selection: NDArray[np.bool_]
) -> Numbers:
    """Count the works that hold both of two concepts; each work costs the square of what it holds."""
    counts = np.zeros(size * size, dtype=np.float64)
    at = place[incidence.concept]
    mask = selection & (at >= 0)
    works, at = incidence.work[mask], at[mask]
    flat: list[Places] = []
    waiting = 0
    for work_concepts in np.split(at, np.flatnonzero(np.diff(works)) + 1):
        pairs = np.add.outer(work_concepts * size, work_concepts).ravel()
        flat.append(pairs)
        waiting += len(pairs)
        if waiting >= _FLAT_LIMIT:
            counts += np.bincount(np.concatenate(flat), minlength=size * size)
            flat, waiting = [], 0
    if flat:
        counts += np.bincount(np.concatenate(flat), minlength=size * size)
    return counts.reshape(size, size)


def _context(together: Numbers, works: int) -> Numbers:
    support = np.maximum(np.diag(together), 1)
    beside = together - np.diag(np.diag(together))
    ratio = beside * works / np.outer(support, support)
    company = np.log(np.maximum(ratio, 1))
    length = np.linalg.norm(company, axis=1)
    company /= np.where(length > 0, length, 1)[:, None]
    similarity: Numbers = company @ company.T
    return similarity


def disjoint_pairs(table: ConceptTable, means: Numbers | None = None) -> ConceptPairs:
    """Return the pairs that no work joins and that both co-occur with a third concept.

    A pair is left out too where the twin of one of the two (arXiv has two names for sound, for
    systems) is joined with the other.

    Args:
        table: How the concepts co-occur.
        means: `(n, d)`, for each concept the direction of its works' texts, of length 1, or NaN.
    """
    size = len(table.names)
    support = np.maximum(np.diag(table.together), 1)
    beside = table.together - np.diag(np.diag(table.together))
    expected = (beside / support) @ beside.T
    twins = table.together / (support[:, None] + support[None, :] - table.together) > TWINS
    joined = ((twins | np.eye(size, dtype=np.bool_)).astype(np.float64) @ table.joined) > 0
    left, right = np.nonzero(np.triu(~(joined | joined.T) & (expected > 0), 1))
    closeness = np.full((size, size), np.nan) if means is None else means @ means.T
    return ConceptPairs(
        table.names,
        left,
        right,
        expected[left, right],
        table.context[left, right],
        closeness[left, right],
    )


def score(pairs: ConceptPairs) -> Numbers:
    """Score how likely each pair is to be joined, against the other pairs, from 0 to 1.

    The mean of the shares of pairs that it exceeds by `expected`, by `context` and by `texts` (where
    there is none of the last, a pair exceeds half).
    """
    parts = [shares_exceeded(pairs.expected), shares_exceeded(pairs.context)]
    if not np.isnan(pairs.texts).all():
        parts.append(shares_exceeded(pairs.texts))
    scores: Numbers = np.mean(parts, axis=0) if len(pairs.left) else np.zeros(0)
    return scores


def shares_exceeded(values: Numbers) -> Numbers:
    """Return for each value the share of the others that it exceeds, ties half; NaN gets one half."""
    has_value = ~np.isnan(values)
    shares = np.full(len(values), 0.5)
    if has_value.sum() > 1:
        _, place, count = np.unique(values[has_value], return_inverse=True, return_counts=True)
        below = np.cumsum(count) - count
        shares[has_value] = ((below + (count - 1) / 2) / (has_value.sum() - 1))[place]
    return shares


def means_of(
    table: ConceptTable, incidence: Incidence, rows: NDArray[np.float32], row: Places
) -> Numbers:
    """Return the direction of the texts of each concept's works, `(n, d)` of length 1, else NaN.

    The mean of all is taken off first: what all works have in common says nothing about two of them.

    Args:
        table: The concepts.
        incidence: Which works hold them.
        rows: `(m, d)`, rows of length 1.
        row: For each work the position of its vector in `rows`, -1 where it has none.
    """
    vector_rows = row[row >= 0]
    middle = (
        rows[vector_rows].mean(axis=0)
        if len(vector_rows)
        else np.zeros(rows.shape[1], dtype=np.float32)
    )
    place = {name: at for at, name in enumerate(incidence.concepts)}
    order = np.argsort(incidence.concept, kind="stable")
    starts = np.searchsorted(incidence.concept[order], np.arange(len(incidence.concepts) + 1))
    means = np.full((len(table.names), rows.shape[1]), np.nan)
    for at, name in enumerate(table.names):
        entries = order[starts[place[name]] : starts[place[name] + 1]]
        concept_rows = row[incidence.work[entries[incidence.strongly[entries]]]]
        concept_rows = concept_rows[concept_rows >= 0]
        if len(concept_rows) >= MIN_SUPPORT:
            mean = rows[concept_rows].mean(axis=0) - middle
            means[at] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return means
