"""A repair makes of any theft what was before it, in random histories; and says no more than it must."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from colineage.answers.repair_plan import plan_repair, sign_repair
from graph.bundle.bundle import Bundle
from graph.errors import InputError
from graph.model.model import End, Grant
from graph.model.vocabulary import Scope, Verb
from graph.open import open_store
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.conftest import Size
from tests.graph.conftest import clock
from tests.graph.histories import ADA, HANDS, TRUST, ZED
from tests.graph.statements import add, idea, say, work
from tests.graph.world import hostile_history
from tests.promises.test_7_stolen_keys import Thief, honest_past

STOLEN, OTHER = HANDS
ROOT = Speaker(ADA, f"person:{ADA.key}", clock)
Flags = dict[str, tuple[bool, bool, bool, str | None]]


@contextmanager
def store_of(*bundles: Bundle) -> Iterator[GraphStore]:
    with closing(open_store("sqlite::memory:", clock=clock)) as store:
        store.trust(TRUST)
        add(store, *bundles)
        yield store


def flags(store: GraphStore) -> Flags:
    return {
        one.bundle.id: (one.counts, one.lives, one.is_erased, one.author) for one in store.bundles()
    }


def signed_by_stolen(bundles: list[Bundle]) -> list[str]:
    return [one.id for one in bundles if one.header and one.header.key == STOLEN.key]


def repair(store: GraphStore, good: list[str], bad: list[str]) -> None:
    here = {one.bundle.id for one in store.bundles() if one.author == ADA.key}
    plan = plan_repair(
        store,
        ROOT,
        STOLEN.key,
        good=[name for name in good if name in here],
        bad=[name for name in bad if name in here],
    )
    store.append(lambda view: sign_repair(plan, ROOT, view))


def histories(size: Size) -> Iterator[tuple[list[Bundle], list[Bundle]]]:
    """What was honestly said, with a grant to the key that is stolen then; and what the thief said."""
    for seed in range(size(12, 300)):
        dice = random.Random(seed)  # noqa: S311 - a seed
        past = honest_past(Scope.ACT) if seed % 3 == 0 else hostile_history(dice, 8)
        grants = [
            one
            for one in past
            if one.header
            and one.header.grants
            and one.header.key == ADA.key
            and not one.header.under
        ]
        mine = [one for one in grants if one.header and one.header.grants]
        grant = next(
            (
                one
                for one in mine
                if one.header and one.header.grants and one.header.grants.key == STOLEN.key
            ),
            None,
        )
        if grant is None:
            grant = say(ADA, grants=Grant(STOLEN.key, Scope.ACT), salt=None)
            past = [*past, grant]
        thief = Thief(seed, [one for one in past if one.header], grant)
        yield past, thief.words(8)


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_repair_makes_of_any_theft_what_was_before_it(size: Size, goes_on: bool) -> None:
    """Even where the owner took the thief's statements for its own, and went on after them."""
    changed = 0
    for past, stolen in histories(size):
        honest = list(past)
        if goes_on:
            grant = stolen[0].header.under if stolen[0].header else None
            later = say(STOLEN, idea("#1", "later"), under=grant, prev=tuple(stolen[-3:]))
            honest.append(later)
        with store_of(*honest) as store:
            before = flags(store)
        with store_of(*honest, *stolen) as store:
            changed += {name: flags(store)[name] for name in before} != before
            evil = [one.id for one in stolen if one.id not in before]
            repair(store, signed_by_stolen(honest), evil)
            after = flags(store)
            assert {name: after[name] for name in before} == before
            for one in stolen:
                if one.id in evil and one.header and not (one.header.grants or one.header.ends):
                    assert not after[one.id][1]
            assert list(store.integrity_faults()) == []
    assert changed > 3  # the control: without the repair it was another graph


def test_nothing_is_restored_that_the_end_gives_back(size: Size) -> None:
    """A root's `restores` would outlast whatever a new working key retracts later."""
    past = honest_past(Scope.ACT)
    hers, grant, last = past[1], past[3], past[-1]
    theft = say(STOLEN, answers=((Verb.RETRACTS, hers),), under=grant.id, prev=(last,))
    with store_of(*past, theft) as store:
        plan = plan_repair(store, ROOT, STOLEN.key, good=[last.id])
        assert plan.answers == ()
        assert [end.grant for end in plan.ends] == [grant.id]
        assert plan.theirs == (theft.id,)
        assert plan.ended_with_it == (OTHER.key,)


def test_what_the_owner_had_retracted_stays_so_where_a_thief_restored_it() -> None:
    past = honest_past(Scope.ACT)
    hers, grant, last = past[1], past[3], past[-1]
    retraction = say(ADA, answers=((Verb.RETRACTS, hers),), prev=(grant,))
    grants = say(ADA, grants=Grant(STOLEN.key, Scope.ACT), prev=(retraction,), salt=None)
    theft = say(STOLEN, answers=((Verb.RESTORES, hers),), under=grant.id, prev=(last,))
    adopted = say(STOLEN, work("arxiv:2401.00001", "later"), under=grant.id, prev=(theft,))
    with store_of(*past, retraction, grants, theft, adopted) as store:
        plan = plan_repair(store, ROOT, STOLEN.key, good=[adopted.id], bad=[theft.id])
        said = {(answer.verb, answer.target) for several in plan.answers for answer in several}
        assert said == {("retracts", theft.id), ("retracts", hers.id)}
        assert {end.grant for end in plan.ends} == {grant.id, grants.id}


def test_grants_that_the_thief_made_end_where_they_count_all_the_same() -> None:
    past = honest_past(Scope.ACT)
    grant, last = past[3], past[-1]
    theft = say(STOLEN, grants=Grant(ZED.key, Scope.ACT), under=grant.id, prev=(last,))
    evil = say(ZED, idea("#1", "evil"), under=theft.id)
    adopted = say(STOLEN, work("arxiv:2401.00001", "later"), under=grant.id, prev=(theft,))
    with store_of(*past, theft, evil, adopted) as store:
        plan = plan_repair(store, ROOT, STOLEN.key, good=[adopted.id], bad=[theft.id])
        assert End(theft.id) in plan.ends
        assert set(plan.theirs) == {theft.id, evil.id}


def test_no_repair_of_what_is_none() -> None:
    past = honest_past(Scope.ACT)
    with store_of(*past) as store:
        for stolen, good in ((ADA.key, []), (ZED.key, []), (STOLEN.key, [past[0].id])):
            with pytest.raises(InputError):
                plan_repair(store, ROOT, stolen, good=good)
        with pytest.raises(InputError, match="a key with a grant"):
            plan_repair(store, replace(ROOT, signer=ZED), STOLEN.key, good=[past[-1].id])
