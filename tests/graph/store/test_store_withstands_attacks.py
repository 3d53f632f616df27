"""Attacks on a store: of the smallest history of each, and of long ones with wild deeds in them, it makes what the oracle makes."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing

from hypothesis import settings

from graph.bundle.bundle import Bundle
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.rules.attacks import ATTACKS
from tests.graph.rules.scene import Scene
from tests.graph.statements import add, clock, seen
from tests.graph.world import TRUST, hostile_history
from tests.oracle import oracle


def equals_the_oracle(store: GraphStore, history: Sequence[Bundle], dice: random.Random) -> None:
    """Deliver a history in some order and some batches, twice, as an erased body may come back."""
    store.trust([TrustEntry(*entry) for entry in TRUST])
    delivery = dice.sample(history, len(history))
    while delivery:
        count = dice.randint(1, 4)
        add(store, *delivery[:count])
        delivery = delivery[count:]
    add(store, *history)
    expected = oracle(history, TRUST, clock())
    assert seen(store) == expected
    store.rebuild()
    assert seen(store) == expected


def test_an_attack_comes_to_nothing_in_a_store(open_new: Callable[[], GraphStore]) -> None:
    for attack in ATTACKS.values():
        scene = Scene()
        attack.plays(scene)
        history = [bundle for bundle in scene.bundles if bundle.header is not None]
        with closing(open_new()) as store:
            equals_the_oracle(store, history, random.Random(attack.name))  # noqa: S311 - an order


def test_wild_deeds_make_in_a_store_what_they_mean(
    open_new: Callable[[], GraphStore], tried: settings
) -> None:
    for number in range(tried.max_examples // 2):
        dice = random.Random(number)  # noqa: S311 - which history
        with closing(open_new()) as store:
            equals_the_oracle(store, hostile_history(dice, 10), dice)
