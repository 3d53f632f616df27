"""Attack: the smallest history of one, safe under the rules, and let through where some of them are taken out."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from tests.graph.rules.scene import Scene
from tests.oracle_form import Rule, Rules

History: TypeAlias = Callable[[Scene], bool]
"""Plays an attack; returns whether it came to nothing."""


class Attack(NamedTuple):
    """Attack, and the rules that must be out together so that it gets through."""

    plays: History
    through: Rules

    @property
    def name(self) -> str:
        return self.plays.__name__

    def comes_to_nothing(self, out: Rules = frozenset()) -> bool:
        """Whether it is safe by rules of which some are taken out."""
        return self.plays(Scene(out))


class Attacks:
    """Attacks by their name, in the order in which they are written down."""

    def __init__(self) -> None:
        self.by_name: dict[str, Attack] = {}

    def without(self, *rules: Rule) -> Callable[[History], History]:
        """Add an attack that gets through without these."""

        def add(plays: History) -> History:
            self.by_name[plays.__name__] = Attack(plays, frozenset(rules))
            return plays

        return add
