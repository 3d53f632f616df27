"""Attacks: each comes to nothing under the rules, and gets through without the one that is there for it."""

import pytest

from tests.graph.rules.attack import Attack
from tests.graph.rules.attacks import ATTACKS

EACH = pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))


@EACH
def test_an_attack_comes_to_nothing(attack: Attack) -> None:
    assert attack.comes_to_nothing()


@EACH
def test_it_gets_through_without_its_rule(attack: Attack) -> None:
    """Else the history would show nothing."""
    assert not attack.comes_to_nothing(attack.through)


def test_there_are_all_of_them() -> None:
    assert len(ATTACKS) == 46
