"""Thefts of keys: that their owner can undo what a thief did, and how (docs/trust.md)."""

import random
from collections.abc import Iterable, Sequence
from typing import Final

from graph.bundle.bundle import Bundle
from tests.graph.world import (
    DAY,
    NOW,
    Voice,
    World,
    attack,
    header_of,
    history,
    idea,
    moment,
    number,
)
from tests.oracle import Oracle
from tests.oracle_form import RESIGNATION, Rule, Rules
from tests.oracle_lives import WORDS

OWNER: Final = Voice("A")
LATER: Final = moment(NOW + 2 * DAY)
NONE: Final[Rules] = frozenset()


def a_thief_of_the_working_key_is_undone(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """The owner of the root brings all back to what it was, even where honest words follow the thief's."""
    world = history(dice, out, dice.randrange(3, 9))
    since, working = len(world.bundles), Voice("W", world.bundles[0].id)
    stolen = attack(world, lambda: [working, *world.thieves(since)], dice.randrange(1, 4))
    for _ in range(dice.randrange(3)):  # she goes on, having pulled what the thief said
        world.say(working, **idea("later"))
    stolen_names = {bundle.id for bundle in stolen}
    honest = [bundle for bundle in world.bundles if bundle.id not in stolen_names]
    undo(world, honest, stolen)
    should, after = world.oracle(honest), world.oracle(now=LATER)
    for name in filter(should.is_statement, should.heads):
        assert after.counts(name) == should.counts(name), "counts"
        assert after.lives(name) == should.lives(name), "lives"
        assert after.said(name) == should.said(name), "said"
    for bundle in stolen:
        if header_of(bundle).keys() & {"answers", "mints", "body"} and bundle.id in after.heads:
            assert not after.is_statement(bundle.id) or not after.lives(bundle.id), "the thief's"
    return world.bundles


def a_thief_of_the_root_is_undone(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """What counted and lived can be made so again, a day later, as nobody dates further ahead."""
    world = history(dice, out, dice.randrange(3, 9))
    since, working = len(world.bundles), Voice("W", world.bundles[0].id)
    honest = world.bundles[:]

    def thieves() -> list[Voice]:
        return [OWNER, OWNER, working, *world.thieves(since)]

    undo(world, honest, attack(world, thieves, dice.randrange(1, 4)))
    if Rule.NO_RESIGNATION in out:
        world.say(OWNER, ends=RESIGNATION, at=NOW + DAY)
    should = world.oracle(honest)
    after = world.oracle(now=moment(NOW) if Rule.AHEAD_WAITS in out else LATER)
    for name in filter(should.is_statement, should.heads):
        if should.lives(name):
            assert after.counts(name), "counts"
            assert after.lives(name), "lives"
            assert after.said(name) == should.said(name), "said"
    return world.bundles


def undo(world: World, honest: Sequence[Bundle], stolen: Iterable[Bundle]) -> None:
    """Say what the owner of the root says after a theft: one by one, and nothing that is lost is honest."""
    should, now = world.oracle(honest), world.oracle(now=LATER)
    thefts = [*stolen, *(bundle for bundle in honest if _is_revived(bundle, should, now))]
    times = [number(head["at"]) for head in world.heads().values() if "key" in head]
    at = 2 + max(time for time in times if time <= NOW + DAY)
    for grant in sorted(_ended_by(thefts) & should.heads.keys()):
        kept = [name for name in should.heads if _is_kept(should, name, grant)]
        world.say(OWNER, ends=[grant, *kept], at=at)
    answers: set[tuple[str, str]] = set()
    for bundle in thefts:
        head = header_of(bundle)
        if "grants" in head:
            world.say(OWNER, ends=[bundle.id], at=at)
        elif "ends" not in head:
            answers.add(("retracts", bundle.id))
        answers |= _answers_again(world, bundle, should, {one.id for one in thefts}, at - 1)
    for answer in sorted(answers):
        world.say(OWNER, answers=[answer], at=at)


def _is_revived(bundle: Bundle, should: Oracle, now: Oracle) -> bool:
    """Whether an end cut it, and an end of the thief's made it count again."""
    head, name = header_of(bundle), bundle.id
    if "key" not in head or head.keys() & {"grants", "ends"} or name not in should.heads:
        return False
    return now.counts(name) and not should.counts(name)


def _ended_by(thefts: Iterable[Bundle]) -> set[str]:
    heads = map(header_of, thefts)
    return {head["ends"][0] for head in heads if head.get("ends", RESIGNATION) != RESIGNATION}


def _is_kept(should: Oracle, name: str, grant: str) -> bool:
    """Whether it is below a grant, and counts: an end of the grant must name it."""
    return (
        should.is_statement(name)
        and grant in (should.grants_above(name) or ())
        and should.counts(name)
    )


def _answers_again(
    world: World, bundle: Bundle, should: Oracle, stolen: set[str], before: int
) -> set[tuple[str, str]]:
    """What the owner answers anew of what the thief answered, so that it is as it was."""
    again: set[tuple[str, str]] = set()
    for verb, target in header_of(bundle).get("answers", ()):
        if target not in should.heads or target in stolen or verb not in WORDS:
            continue
        if not _is_ended(should, target):
            again.add(("restores", target))
            continue
        again.add(("retracts", target))
        if should.erased(target):
            again.add(("erases", target))
        elif verb == "erases":  # it had ended, and was not erased: only that is lifted
            world.say(OWNER, answers=[("restores", target)], at=before)
    return again


def _is_ended(should: Oracle, target: str) -> bool:
    if should.is_statement(target):
        return should.word_on(target, WORDS) != "restores"
    return not should.vouchers(target)
