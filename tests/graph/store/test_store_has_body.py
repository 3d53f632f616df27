"""What a store holds, whatever became of it: on every store."""

from dataclasses import replace

from graph.model.vocabulary import Verb
from graph.store import GraphStore
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.statements import add, idea, paper, say

PAPER = paper("2401.00001", "A paper")


def test_it_holds_what_it_has_with_its_body(store: GraphStore) -> None:
    dead, whole = say(ADA, idea(IDEAS[0], "ö")), say(ZED, idea(IDEAS[1], "hidden"))
    withheld = replace(whole, body=None, body_bytes=None)
    add(store, PAPER, dead, say(ADA, prev=(dead,), answers=((Verb.RETRACTS, dead),)), withheld)
    unknown = "sha256:" + "0" * 64
    named = [PAPER.id, dead.id, withheld.id, unknown, PAPER.id]
    assert not any(one.lives for one in store.bundles() if one.bundle.id in named[:2])
    assert store.bodies_present(named) == {PAPER.id, dead.id}
    assert store.bodies_present([]) == frozenset()
    add(store, whole)
    assert store.bodies_present(named) == {PAPER.id, dead.id, whole.id}
    store.rebuild()
    assert store.bodies_present(named) == {PAPER.id, dead.id, whole.id}
