"""Who speaks in a store, on every store."""

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.model.model import End, Grant
from graph.model.vocabulary import Scope
from graph.queries.principals import Actor, ActorState, PendingStatements, principals
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import add, paper, say

AI, SUB = HANDS


def actors(store: GraphStore) -> dict[str, Actor]:
    return {actor.id: actor for actor in principals(store).actors()}


def test_nobody_speaks_in_an_empty_store(store: GraphStore) -> None:
    assert (principals(store).authors, principals(store).pending) == ((), ())


def test_authors_with_what_they_said_and_whom_they_let_speak(store: GraphStore) -> None:
    record = paper("2401.00001", "One")
    first = say(ADA, grants=Grant(AI.key, Scope.ACT), at="2026-01-02T00:00:00Z")
    second = say(AI, under=first.id, grants=Grant(SUB.key, Scope.SAY), at="2026-01-03T00:00:00Z")
    said = say(SUB, under=second.id, at="2026-01-04T00:00:00Z")
    run = say(ADA, vouches=(record,), prev=(first,), at="2026-01-05T00:00:00Z")
    store.trust([TrustEntry(ADA.key)])
    add(store, record, first, second, said, run, say(ZED))
    found = principals(store)
    assert [(one.own.key, one.is_trusted) for one in found.authors] == sorted(
        [(ADA.key, True), (ZED.key, False)]
    )
    ada = next(one for one in found.authors if one.own.key == ADA.key)
    assert (ada.own.statements, ada.own.counting, ada.own.heads) == (2, 2, (run.id,))
    assert (ada.own.state, ada.own.names) == (ActorState.LIVING, (f"person:{ADA.key}",))
    assert ada.own.last == "2026-01-05T00:00:00Z"
    assert [(one.key, one.id) for one in ada.grants] == [(AI.key, first.id), (SUB.key, second.id)]
    below = ada.grants[1]
    assert below.grant
    assert (below.grant.scope, below.grant.granted_by) == (Scope.SAY, AI.key)
    assert (below.grant.under, below.grant.depth) == (first.id, 2)
    assert (below.heads, below.statements) == ((said.id,), 1)


def test_an_end_covers_what_is_below_it(store: GraphStore) -> None:
    first = say(ADA, grants=Grant(AI.key, Scope.ACT))
    kept = say(AI, under=first.id, salt="0" * 32)
    lost = say(AI, under=first.id, prev=(kept,), grants=Grant(SUB.key, Scope.SAY))
    end = say(ADA, ends=End(first.id, (kept.id,)), prev=(first,))
    add(store, first, kept, lost, end)
    found = actors(store)
    assert (found[first.id].state, found[first.id].ended_by) == (ActorState.ENDED, end.id)
    assert (found[first.id].statements, found[first.id].counting) == (2, 1)
    assert (found[lost.id].state, found[lost.id].ended_by) == (ActorState.ENDED, end.id)


def test_what_waits_and_what_claims_another_s_grant_is_told_apart_from_authors(
    store: GraphStore,
) -> None:
    missing = say(ADA, grants=Grant(AI.key, Scope.SAY))
    grant = say(ZED, grants=Grant(SUB.key, Scope.SAY))
    add(store, say(AI, under=missing.id), grant, say(AI, under=grant.id))
    found = principals(store)
    assert [one.own.key for one in found.authors] == [ZED.key]
    assert found.pending == tuple(
        PendingStatements(under, AI.key, 1) for under in sorted([missing.id, grant.id])
    )
    assert actors(store)[grant.id].statements == 0


def test_a_key_that_is_only_trusted_is_listed(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    (found,) = principals(store).authors
    assert (found.own.key, found.own.statements, found.own.last) == (ADA.key, 0, None)
    assert found.is_trusted


def test_a_long_ladder_of_grants_is_walked(store: GraphStore) -> None:
    """Longer than a recursion would go."""
    keys = [signer_of(number.to_bytes(32, "big")) for number in range(1, 402)]
    made: list[Bundle] = []
    for number, signer in enumerate(keys[:-1]):
        under = made[-1].id if made else None
        made.append(say(signer, under=under, grants=Grant(keys[number + 1].key, Scope.ACT)))
    add(store, *made)
    (author,) = principals(store).authors
    assert [one.grant.depth for one in author.grants if one.grant] == list(range(1, 401))
