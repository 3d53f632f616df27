"""Attacks on a store: of each attack, and of the histories in which the properties hold, it makes what the oracle makes.

With `--soak` each property gives five hundred histories.
"""

from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from graph.open import open_store
from graph.store import GraphStore
from tests.conftest import Size
from tests.graph.histories import TRUST
from tests.graph.rules.properties import PROPERTIES, Property, dice_of
from tests.graph.rules.trial_histories import delivery, small_histories
from tests.graph.store.equality import equals_the_oracle
from tests.graph.world import NOW, moment


def test_an_attack_comes_to_nothing_in_a_store(open_new: Callable[[], GraphStore]) -> None:
    for name, history in small_histories().items():
        with closing(open_new()) as store:
            store.trust(TRUST)
            equals_the_oracle(store, delivery(history, name), TRUST)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_sqlite_makes_the_same_of_hostile_histories(holds: Property, size: Size) -> None:
    for number in range(size(15, 500)):
        history = holds(dice_of(holds, number), frozenset())
        with closing(open_store("sqlite::memory:", clock=partial(moment, NOW))) as store:
            store.trust(TRUST)
            equals_the_oracle(store, delivery(history, number), TRUST, moment(NOW))


def test_each_store_makes_the_same_of_hostile_histories(
    open_new: Callable[[], GraphStore], size: Size
) -> None:
    for number in range(size(1, 20)):
        for holds in PROPERTIES:
            history = holds(dice_of(holds, number), frozenset())
            with closing(open_new()) as store:
                store.trust(TRUST)
                equals_the_oracle(store, delivery(history, number), TRUST)
