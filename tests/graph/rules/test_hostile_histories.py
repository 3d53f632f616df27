"""Histories that somebody made to take over, or to take long."""

import pytest

from graph.bundle.bundle import Bundle, read, record
from graph.errors import BundleError
from graph.model.model import Body, Description, End, Grant, RecordSource
from graph.model.vocabulary import Kind, Scope, Verb
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import add, clock, idea, say, seen
from tests.oracle import oracle


def test_who_may_speak_cannot_let_itself_act(store: GraphStore) -> None:
    """Else every grant to `say` would be one to `act`: its key grants itself the rest."""
    hand = HANDS[0]
    base = say(ADA, idea("#1", "hers"))
    speaks = say(ADA, grants=Grant(hand.key, Scope.SAY), prev=(base,))
    acts = say(hand, under=speaks.id, grants=Grant(hand.key, Scope.ACT))
    kills = say(hand, under=acts.id, answers=((Verb.RETRACTS, base),))
    add(store, base, speaks, acts, kills)
    assert base.id in oracle([base, speaks, acts, kills], (), clock()).lives
    assert seen(store) == oracle([base, speaks, acts, kills], (), clock())


def test_a_grant_to_act_can_be_handed_down(store: GraphStore) -> None:
    """It ends what another grantee said, and nothing of those above it."""
    first, second = HANDS[:2]
    speaks = say(ADA, grants=Grant(ZED.key, Scope.SAY))
    base = say(ZED, idea("#1", "a grantee's"), under=speaks.id)
    hers = say(ADA, idea("#1", "hers"), prev=(speaks,))
    acts = say(ADA, grants=Grant(first.key, Scope.ACT), prev=(hers,))
    below = say(first, under=acts.id, grants=Grant(second.key, Scope.ACT))
    kills = say(second, under=below.id, answers=((Verb.RETRACTS, base), (Verb.RETRACTS, hers)))
    history = [speaks, base, hers, acts, below, kills]
    add(store, *history)
    expected = oracle(history, (), clock())
    assert (base.id in expected.lives, hers.id in expected.lives) == (False, True)
    assert seen(store) == expected


def test_one_statement_ended_and_restored_again_and_again(store: GraphStore) -> None:
    """The last word decides, however many were before: work that grows with the square of them would not end."""
    first = say(ZED, idea("#1", "hers"))
    words: list[Bundle] = []
    for number in range(300):
        verb = Verb.RESTORES if number % 2 else Verb.RETRACTS
        words.append(say(ZED, answers=((verb, first),), prev=tuple(words[-1:])))
    add(store, first, *words)
    assert seen(store) == oracle([first, *words], (), clock())
    # Words on words: those have their effect whether they live or not.
    for word in (words[-1], words[0]):
        add(store, say(ZED, answers=((Verb.RETRACTS, word),), prev=(words[-1],)))
    assert first.id in {entry.bundle.id for entry in store.bundles() if entry.lives}


def test_a_long_life_may_be_cut_in_the_middle(store: GraphStore) -> None:
    """A chain of a thousand statements under a grant, and its end: work that grows with its cube would not end."""
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    chain: list[Bundle] = []
    for number in range(1000):
        chain.append(say(HANDS[0], under=grant.id, prev=tuple(chain[-1:]), salt=f"{number:032x}"))
    end = say(ADA, ends=End(grant.id, (chain[499].id,)), prev=(grant,))
    add(store, grant, *chain, end)
    counts = {stored.bundle.id: stored.counts for stored in store.bundles()}
    assert [counts[one.id] for one in chain] == [True] * 500 + [False] * 500
    more = say(ADA, ends=End(grant.id, (chain[799].id,)), prev=(end,))
    add(store, more)
    counts = {stored.bundle.id: stored.counts for stored in store.bundles()}
    assert [counts[one.id] for one in chain] == [True] * 800 + [False] * 200


def test_a_body_and_a_grant_that_were_withheld_come_in_the_end(store: GraphStore) -> None:
    """The body first: while it waits for the grant, nobody can tell whether it may be said."""
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    said = say(HANDS[0], idea("#1", "waiting"), under=grant.id)
    withheld = read(said.header_bytes, None, said.signature)
    for one in (withheld, said, grant):
        add(store, one)
    assert seen(store) == oracle([grant, said], (), clock())


def test_what_a_writer_made_wrong_is_no_damage_of_the_store(store: GraphStore) -> None:
    def composes(_: object) -> list[Bundle]:
        node = Description("openalex:W1", Kind.WORK, {"title": "\ud800"})
        source = RecordSource("openalex:W1", "openalex-work/100")
        return [record("source:openalex", None, source, Body((node,)))]

    with pytest.raises(BundleError, match="lone surrogates"):
        store.append(composes)
