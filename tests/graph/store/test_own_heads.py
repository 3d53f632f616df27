"""Own heads: a place follows what it signed itself, whoever else signs with the same key."""

from collections.abc import Sequence

from graph.bundle.bundle import Bundle
from graph.model.model import Body, Description
from graph.model.vocabulary import Kind
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import AppendView, GraphStore, Heads
from tests.graph.conftest import clock
from tests.graph.histories import ADA
from tests.graph.statements import add, say


def test_own_heads_lie_behind_what_others_signed_with_the_same_key(store: GraphStore) -> None:
    first = say(ADA)
    own = say(ADA, prev=(first,), salt="0" * 32)
    theft = say(ADA, prev=(own,), salt="1" * 32)
    more = say(ADA, prev=(theft,), salt="2" * 32)
    fork = say(ADA, prev=(first,), salt="3" * 32)
    add(store, first, own, theft, more, fork)
    missing = "sha256:" + "0" * 64

    def own_heads(*names: str) -> Heads:
        found: list[Heads] = []

        def looks(look: AppendView) -> Sequence[Bundle]:
            found.append(look.own_heads(ADA.key, set(names)))
            return []

        store.append(looks)
        return found[0]

    assert own_heads(first.id, own.id) == Heads((own.id,), 2)
    assert own_heads(first.id, own.id, fork.id) == Heads(tuple(sorted([own.id, fork.id])), 2)
    assert own_heads(first.id, own.id, more.id) == Heads((more.id,), 4)
    assert own_heads(missing) == own_heads() == Heads((), 0)


class Listed:
    """The list of a place, in memory; it is asked before and told before the store is."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def names(self) -> set[str]:
        return self.ids

    def add(self, name: str) -> None:
        self.ids.add(name)


def test_a_speaker_lists_what_it_signs_and_follows_nothing_else(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    here, there = Listed(), Listed()
    places = [Speaker(ADA, f"person:{ADA.key}", clock, signed=one) for one in (here, there)]
    made: list[Bundle] = []

    def says(look: AppendView) -> Sequence[Bundle]:
        speaker = places[len(made) % 2]
        body = Body((Description("#run", Kind.INGEST, {"query": f"page {len(made)}"}),))
        made.append(speaker.make_statement(look, body))
        assert made[-1].id in (here.ids, there.ids)[(len(made) - 1) % 2]
        assert made[-1].id not in look.heads(ADA.key).heads
        return [made[-1]]

    for _ in range(4):
        store.append(says)
    prevs = [bundle.header.prev for bundle in made if bundle.header]
    assert prevs[2:] == [(made[0].id,), (made[1].id,)]
    assert prevs[:2] == [(), ()]
