"""Weighted reciprocal rank fusion: several rankings of the same things made one.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009, with a weight for each ranking. Ranks are fused and not scores, since a cosine,
a count of shared references and a keyword score have no common unit.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Final, TypeAlias

Scores: TypeAlias = Mapping[str, float]
"""Score by one signal of each thing it knows; greater is better, what it doesn't know is left out."""

RANK_CONSTANT: Final = 60
"""The k of the paper: how slowly the first ranks lose weight."""


def ranks(scores: Scores) -> dict[str, float]:
    """Return the rank of each thing from 1; things of one score share the mean of their ranks.

    So a signal that can't tell many things apart (all the references of a work) lifts none of them
    much; were they to share the best rank, they would crowd out what the other signals found.
    """
    order = sorted(scores, key=lambda name: -scores[name])
    rank_of: dict[str, float] = {}
    before = 0
    for _, ties in groupby(order, key=scores.__getitem__):
        names = list(ties)
        rank_of |= dict.fromkeys(names, before + (len(names) + 1) / 2)
        before += len(names)
    return rank_of


def fuse(signals: Mapping[str, Scores], weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """Fuse several rankings into one.

    Args:
        signals: The scores by each signal; one without scores doesn't count.
        weights: How much each signal counts, at least those of `signals`.

    Returns:
        Things with their score, best first, ties by id. The score is the weighted sum of
        `1 / (60 + rank)`, divided by what a thing ranked first alone by every signal with scores
        would get: 1 is the best possible.
    """
    totals: defaultdict[str, float] = defaultdict(float)
    best = 0.0
    for name, scores in sorted(signals.items()):
        if not scores:
            continue
        best += weights[name] / (RANK_CONSTANT + 1)
        for thing, rank in ranks(scores).items():
            totals[thing] += weights[name] / (RANK_CONSTANT + rank)
    ranked = sorted((-score / best, thing) for thing, score in totals.items())
    return [(thing, -score) for score, thing in ranked]
