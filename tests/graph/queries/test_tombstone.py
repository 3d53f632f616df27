"""Whose word erased a bundle: the one that decides, not the newest that was said."""

from graph.bundle.keys import signer_of
from graph.model.model import Grant
from graph.model.vocabulary import Scope, Verb
from graph.queries.tombstone import Tombstone, tombstone_of
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.statements import add, idea, paper, say

ADA, BEN, ZED = (signer_of(bytes([k]) * 32) for k in (1, 2, 3))
SAID = say(ADA, idea("#1", "x"))
LATE, LATER, LAST = (f"2026-01-0{day}T00:00:00Z" for day in (2, 3, 4))


def tombstone(store: GraphStore, name: str) -> Tombstone | None:
    return tombstone_of(store, store.bundles_by_id([name])[name])


def test_of_a_statement_the_highest_word_of_its_author_decides(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(BEN.key, Scope.SAY), prev=(SAID,))
    own = say(BEN, idea("#1", "y"), under=grant.id)
    senior = say(ADA, answers=((Verb.ERASES, own),), at=LATE, prev=(grant,), reason="Private.")
    junior = say(
        BEN, answers=((Verb.ERASES, own),), at=LATER, under=grant.id, prev=(own,), reason="Mine."
    )
    stranger = say(ZED, answers=((Verb.ERASES, own),), at=LAST, reason="Ha.")
    add(store, SAID, grant, own, senior, junior, stranger)
    found = tombstone(store, own.id)
    assert found == Tombstone(senior.id, f"person:{ADA.key}", ADA.key, LATE, "Private.")
    assert str(found) == f"person:{ADA.key}, {LATE}: Private."
    assert tombstone(store, SAID.id) is None


def test_who_speaks_for_another_is_named_with_the_author(store: GraphStore) -> None:
    say_grant, act_grant = (
        say(ADA, grants=Grant(*to)) for to in ((BEN.key, "say"), (ZED.key, "act"))
    )
    own = say(BEN, idea("#1", "y"), under=say_grant.id)
    by = "ai:" + "a" * 64
    word = say(ZED, answers=((Verb.ERASES, own),), at=LATE, under=act_grant.id, by=by)
    add(store, say_grant, act_grant, own, word)
    assert str(tombstone(store, own.id)) == f"{by} according to {ADA.key}, {LATE}: no reason given"


def test_of_a_record_the_earliest_place_in_the_trust_list_decides(store: GraphStore) -> None:
    record = paper("2401.00001", "A paper")
    words = [
        say(signer, answers=((Verb.ERASES, record),), at=at, reason=reason)
        for signer, at, reason in (
            (ADA, LATE, "First."),
            (BEN, LATER, "Second."),
            (ZED, LAST, "Ha."),
        )
    ]
    store.trust([TrustEntry(ADA.key), TrustEntry(BEN.key)])
    add(store, record, *words)
    found = tombstone(store, record.id)
    assert found is not None
    assert (found.bundle, found.reason) == (words[0].id, "First.")
