"""Random histories of promise 5: two hundred of thirty bundles, and each delivered in some other way."""

import random
from functools import cache
from typing import Final

from graph.bundle.bundle import Bundle
from tests.graph.histories import thrown

HISTORIES: Final = 200
BUNDLES: Final = 30
# Any seed will do for the stores; with this one, the rarest rule too decides in one of the histories.
_SEED: Final = 2


@cache
def history(number: int) -> tuple[Bundle, ...]:
    """One of the histories, with some bundles left out: what they answer or speak under is missing."""
    made = thrown(_dice(number), BUNDLES)
    return tuple(bundle for place, bundle in enumerate(made) if place % 7 != 3)


def delivery(number: int) -> list[list[Bundle]]:
    """The same bundles in another order, some of them twice, split into batches anyhow."""
    dice = _dice(-1 - number)
    waiting = [*history(number), *(one for one in history(number) if dice.random() < 0.2)]
    dice.shuffle(waiting)
    batches: list[list[Bundle]] = [[]]
    for bundle in waiting:
        if dice.random() < 0.4:
            batches.append([])
        batches[-1].append(bundle)
    return batches


def _dice(number: int) -> random.Random:
    return random.Random(f"{_SEED} {number}")  # noqa: S311 - which histories, and no secret
