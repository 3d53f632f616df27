"""Trial histories: those on which stores are tried. They are those of the attacks, ordinary ones, and wild ones."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from graph.bundle.bundle import Bundle
from tests.graph.rules.attacks import ATTACKS
from tests.graph.rules.ordinary import ORDINARY
from tests.graph.rules.scene import Scene
from tests.graph.world import hostile_history

WILD: Final = 200


@cache
def small_histories() -> dict[str, tuple[Bundle, ...]]:
    """By name the history of each attack, as far as a store takes it in, and the ordinary ones."""
    plays = {attack.name: attack.plays for attack in ATTACKS.values()} | ORDINARY
    histories = {}
    for name, play in plays.items():
        scene = Scene()
        play(scene)
        histories[name] = tuple(one for one in scene.bundles if one.header is not None)
    return histories


@cache
def wild_history(number: int) -> tuple[Bundle, ...]:
    """One of the wild histories, with some bodies and some bundles missing."""
    dice = _dice(f"wild {number}")
    return tuple(one for one in hostile_history(dice, 10) if dice.random() < 0.95)


def all_histories() -> Iterator[tuple[Bundle, ...]]:
    """All of them, the small ones first."""
    yield from small_histories().values()
    yield from map(wild_history, range(WILD))


def delivery(history: Sequence[Bundle], seed: object) -> list[list[Bundle]]:
    """The same bundles in another order, some of them twice, split into batches anyhow."""
    dice = _dice(f"delivery {seed}")
    waiting = [*history, *(one for one in history if dice.random() < 0.2)]
    dice.shuffle(waiting)
    batches: list[list[Bundle]] = [[]]
    for bundle in waiting:
        if dice.random() < 0.4:
            batches.append([])
        batches[-1].append(bundle)
    return batches


def _dice(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - which histories, and no secret
