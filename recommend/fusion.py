"""Several rankings of the same things made one: weighted reciprocal rank fusion.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009, with a weight a ranking. Ranks are fused and not scores, since a cosine,
a count of shared references and a keyword score have no common unit.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Final, TypeAlias

Scores: TypeAlias = Mapping[str, float]
"""What one signal says of each thing it knows; greater is better, what it doesn't know is left out."""

RANK_CONSTANT: Final = 60
"""The k of the paper: how slowly the first ranks lose weight."""


def ranks(scores: Scores) -> dict[str, float]:
    """The rank of each thing from 1; things of one score share the mean of their ranks.

    So a signal that can't tell many things apart (all the references of a work) lifts none of them
    much; were they to share the best rank, they would crowd out what the other signals found.
    """
    order = sorted(scores, key=lambda name: -scores[name])
    found: dict[str, float] = {}
    before = 0
    for _, tied in groupby(order, key=scores.__getitem__):
        names = list(tied)
        found |= dict.fromkeys(names, before + (len(names) + 1) / 2)
        before += len(names)
    return found


def fuse(signals: Mapping[str, Scores], weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """One ranking out of several.

    Args:
        signals: The scores by each signal; one that knows nothing doesn't count.
        weights: How much each signal counts, at least those of `signals`.

    Returns:
        Things with their score, best first, ties by id. The score is the weighted sum of
        `1 / (60 + rank)`, divided by what the only first of every signal that knows anything would
        get: 1 is the best that could be.
    """
    found: defaultdict[str, float] = defaultdict(float)
    best = 0.0
    for name, scores in sorted(signals.items()):
        if not scores:
            continue
        best += weights[name] / (RANK_CONSTANT + 1)
        for thing, rank in ranks(scores).items():
            found[thing] += weights[name] / (RANK_CONSTANT + rank)
    ranked = sorted((-score / best, thing) for thing, score in found.items())
    return [(thing, -score) for score, thing in ranked]
