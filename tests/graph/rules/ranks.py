"""Ranks among those who speak for one author: that a higher word holds, and that who minted a thing describes it."""

import random
from collections.abc import Callable
from typing import Final, TypeVar

from graph.bundle.bundle import Bundle
from tests.graph.world import DAY, NOW, Voice, World, attack, content, history, key, node
from tests.oracle import Oracle
from tests.oracle_form import Rules

T = TypeVar("T")

NONE: Final[Rules] = frozenset()
_AT_LAST: Final = NOW + DAY


def a_higher_word_holds(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """What somebody retracted who may, is restored by nobody lower, however late."""
    world = history(dice, out)
    voices = world.voices("AWBCH")
    target = world.pick(_statements(world.oracle()) or [""])
    judge = world.pick(voices)
    if not target or not ask(world, judge, lambda oracle, me: oracle.may_end(me, target)):
        return world.bundles
    word = world.say(judge, answers=[("retracts", target)])
    mine = ask(world, judge, lambda oracle, me: oracle.rank(me))
    lower = [voice for voice in voices if ask(world, voice, lambda o, me: o.rank(me)) < mine]
    before = world.oracle()
    if not lower or word.id not in before.heads or not before.counts(word.id):
        return world.bundles
    if before.lives(target):  # somebody higher had restored it
        return world.bundles
    since = len(world.bundles)
    attack(world, lambda: [*lower, *world.thieves(since)], 3)
    world.say(world.pick(lower), answers=[("restores", target)], at=_AT_LAST)
    assert not world.oracle().lives(target), "lives"
    return world.bundles


def a_minter_is_heard(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Who may not end what minted a thing doesn't change what is shown of it."""
    world = history(dice, out)
    before = world.oracle()
    shown = [
        (name, before.shown[name], minter)
        for name, minter in before.minter.items()
        if name in before.shown and before.may_end(before.shown[name], minter)
    ]
    name, said, minter = world.pick(shown or [("", "", "")])
    if not name or before.author(said) != key("A"):
        return world.bundles
    intruders = [
        voice
        for voice in world.voices("AWBCH")
        if not ask(world, voice, lambda oracle, me: oracle.may_end(me, minter))
    ]
    if not intruders:
        return world.bundles
    since = len(world.bundles)
    attack(world, lambda: [*intruders, *world.thieves(since)], 2)
    world.say(world.pick(intruders), body=content(node(name, "intruded")), at=_AT_LAST)
    after = world.oracle()
    assert not after.lives(said) or after.shown[name] == said, "shown"
    return world.bundles


def ask(world: World, voice: Voice, question: Callable[[Oracle, str], T]) -> T:
    """Ask something about the next statement of a voice, by all the rules."""
    trial = World(world.dice, bundles=world.bundles)
    probe = trial.say(voice, at=0)
    return question(trial.oracle(), probe.id)


def _statements(oracle: Oracle) -> list[str]:
    """What A's people said, and counts."""
    statements = [name for name in oracle.heads if oracle.is_statement(name)]
    return [n for n in statements if oracle.author(n) == key("A") and oracle.counts(n)]
