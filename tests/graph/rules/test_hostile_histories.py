"""Histories that somebody made to take over, or to take long."""

from collections.abc import Iterator
from itertools import count

import pytest

from graph.bundle.bundle import Bundle, record
from graph.errors import BundleError
from graph.model.model import Body, Description, End, Grant, RecordSource
from graph.model.vocabulary import Kind, Scope, Verb
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import add, idea, say, seen
from tests.oracle import oracle

TRUSTED = frozenset({ADA.key})


def test_who_may_speak_cannot_let_itself_act(store: GraphStore) -> None:
    """Else every grant to `say` would be one to `act`: its key grants itself the rest."""
    hand = HANDS[0]
    base = say(ADA, idea("#1", "hers"))
    speaks = say(ADA, grants=Grant(hand.key, Scope.SAY), prev=(base,))
    acts = say(hand, under=speaks.id, grants=Grant(hand.key, Scope.ACT))
    kills = say(hand, under=acts.id, answers=((Verb.RETRACTS, base),))
    add(store, base, speaks, acts, kills)
    assert base.id in oracle([base, speaks, acts, kills], TRUSTED).lives
    assert seen(store) == oracle([base, speaks, acts, kills], TRUSTED)


def test_a_grant_to_act_can_be_handed_down(store: GraphStore) -> None:
    first, second = HANDS[:2]
    base = say(ADA, idea("#1", "hers"))
    acts = say(ADA, grants=Grant(first.key, Scope.ACT), prev=(base,))
    below = say(first, under=acts.id, grants=Grant(second.key, Scope.ACT))
    kills = say(second, under=below.id, answers=((Verb.RETRACTS, base),))
    add(store, base, acts, below, kills)
    assert base.id not in oracle([base, acts, below, kills], TRUSTED).lives
    assert seen(store) == oracle([base, acts, below, kills], TRUSTED)


def _knots(first: Bundle, stages: int) -> Iterator[Bundle]:
    """Retractions tangled so that one change, followed depth first, is followed twice at each stage."""
    salts = (f"{number:032x}" for number in count(1))

    def ends(*targets: Bundle) -> Bundle:
        answers = tuple((Verb.RETRACTS, target) for target in sorted(targets, key=lambda b: b.id))
        return say(ZED, answers=answers, salt=next(salts))

    def ordered(over: Bundle, and_over: Bundle) -> tuple[Bundle, Bundle]:
        """What ends each of the two, the first with the greater id."""
        while True:
            great, small = ends(over), ends(and_over)
            if great.id > small.id:
                return great, small

    last = first
    for _ in range(stages):
        top = ends(last)
        left, right = ends(top), ends(top)
        over_left, over_right = ends(left), ends(right)
        a, b = ordered(left, over_left)
        d, c = ordered(over_right, right)
        last = ends(a, b, c, d)
        yield from (top, left, right, over_left, over_right, a, b, c, d, last)


def test_tangled_retractions_are_settled_once_each(store: GraphStore) -> None:
    """Three hundred statements: at twice the work a stage, this would not end."""
    first = say(ZED, idea("#1", "tangled"))
    history = [first, *_knots(first, 30)]
    add(store, *history)
    last = say(ZED, answers=((Verb.RETRACTS, history[-1]),))
    add(store, last)
    assert seen(store) == oracle([*history, last], TRUSTED)


def test_a_long_life_may_end_itself(store: GraphStore) -> None:
    """A chain of a thousand statements and a resignation: work that grows with its cube would not end."""
    chain: list[Bundle] = []
    for number in range(1000):
        chain.append(say(ADA, prev=tuple(chain[-1:]), salt=f"{number:032x}"))
    resigned = say(ADA, ends=End(None), prev=(chain[499],))
    add(store, *chain, resigned)
    flags = {stored.bundle.id: stored.counts for stored in store.bundles()}
    assert [flags[one.id] for one in chain] == [True] * 500 + [False] * 500
    assert flags[resigned.id]


def test_what_a_writer_made_wrong_is_no_damage_of_the_store(store: GraphStore) -> None:
    def composes(_: object) -> list[Bundle]:
        node = Description("openalex:W1", Kind.WORK, {"title": "e\u0301"})
        source = RecordSource("openalex:W1", "openalex-work/100")
        return [record("source:openalex", None, source, Body((node,)))]

    with pytest.raises(BundleError, match="NFC"):
        store.append(composes)
