"""A body that doesn't fit is kept and served, and says nothing; its header counts all the same (docs/bundle.md, section 3)."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from graph.bundle.bundle import Bundle, read
from graph.model.canonical import canonical_bytes
from graph.model.model import Answer, Description, Mint
from graph.model.vocabulary import Kind, Verb
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.statements import add, idea, paper, say, seen
from tests.graph.unfit import UNFIT, unfit, unfit_record, with_keys
from tests.oracle import everything_by, oracle

MINTS = (Mint("#1", "idea"),)
EACH = pytest.mark.parametrize("body", UNFIT)


def shown(store: GraphStore, name: str) -> str | None:
    thing = store.things([name]).get(name)
    return str(thing.shown.description.attributes["title"]) if thing and thing.shown else None


def withheld(bundle: Bundle) -> Bundle:
    return replace(bundle, body=None, body_bytes=None)


@EACH
def test_it_is_kept_served_and_lives(store: GraphStore, body: bytes) -> None:
    bundle = unfit(ADA, body)
    assert add(store, bundle) == (bundle.id,)
    for _ in range(2):
        (stored,) = store.bundles()
        assert (stored.bundle, stored.bundle.body) == (bundle, None)
        assert (stored.author, stored.counts, stored.lives) == (ADA.key, True, True)
        (raw,) = store.raw_bundles()
        assert (raw.header, raw.body, raw.signature) == (
            bundle.header_bytes,
            body,
            bundle.signature,
        )
        assert list(store.integrity_faults()) == []
        store.rebuild()


@EACH
def test_the_graph_has_nothing_of_it(store: GraphStore, body: bytes) -> None:
    add(store, unfit(ADA, body))
    for _ in range(2):
        assert store.counts().nodes == {}
        assert seen(store) == oracle([unfit(ADA, body)], ())
        store.rebuild()


@EACH
def test_it_is_as_if_its_body_were_withheld(
    open_new: Callable[[], GraphStore], body: bytes
) -> None:
    """So stores that understand more than others, or hold more, tell where they differ: at this body's hash."""
    bundle = unfit(ADA, body, mints=MINTS)
    one, other = open_new(), open_new()
    add(one, bundle)
    empty = other.digest()
    add(other, withheld(bundle))
    assert one.digest() == other.digest() != empty
    add(other, bundle)
    assert one.digest() == other.digest()
    assert [raw.body for raw in other.raw_bundles()] == [body]
    assert list(other.integrity_faults()) == []


@EACH
def test_what_it_mints_is_its_author_s(store: GraphStore, body: bytes) -> None:
    bundle = unfit(ADA, body, mints=MINTS)
    (name,) = bundle.minted_ids()
    add(store, say(ADA, idea(name, "by its minter")))
    add(store, say(ZED, idea(name, "by a stranger"), at="2026-01-05T00:00:00Z"))
    assert shown(store, name) == "by a stranger"
    add(store, bundle)
    for _ in range(2):
        assert shown(store, name) == "by its minter"
        store.rebuild()


@EACH
def test_its_answers_and_its_vouching_count(store: GraphStore, body: bytes) -> None:
    store.trust([TrustEntry(ADA.key)])
    record, said = paper("2401.00001", "A paper"), say(ADA, idea(IDEAS[0], "mistaken"))
    run = unfit(ADA, body, mints=(Mint("#run", "ingest"),), vouches=(record,))
    taken_back = unfit(ADA, body, answers=(Answer(Verb.RETRACTS, said.id),))
    history = [record, said, run, taken_back]
    add(store, *history)
    for _ in range(2):
        assert shown(store, "arxiv:2401.00001") == "A paper"
        assert shown(store, IDEAS[0]) is None
        assert seen(store) == oracle(history, everything_by(ADA.key))
        store.rebuild()


@EACH
def test_a_record_that_says_nothing_has_its_slot(store: GraphStore, body: bytes) -> None:
    """The source served something else by now: what it served before is no longer what it says."""
    store.trust([TrustEntry(ADA.key)])
    older = paper("2401.00001", "as it was", at="2025-01-01T00:00:00Z")
    newer = unfit_record("arxiv:2401.00001", body, at="2025-02-01T00:00:00Z")
    history = [older, say(ADA, vouches=(older,)), newer]
    add(store, *history)
    assert shown(store, "arxiv:2401.00001") == "as it was"
    history.append(say(ADA, vouches=(newer,), at="2026-01-02T00:00:00Z"))
    add(store, *history)
    for _ in range(2):
        assert shown(store, "arxiv:2401.00001") is None
        assert seen(store) == oracle(history, everything_by(ADA.key))
        store.rebuild()


@EACH
def test_it_is_looked_up_as_what_is_there(store: GraphStore, body: bytes) -> None:
    """A pull doesn't ask again for a body that is here, though it says nothing."""
    bundle = unfit(ADA, body)
    add(store, bundle)
    assert add(store, bundle, withheld(bundle)) == ()
    (stored,) = store.bundles()
    assert not stored.bundle.is_withheld


def test_keys_of_a_header_that_mean_nothing_are_kept(store: GraphStore) -> None:
    said = say(ADA, idea("#1", "an idea"))
    odd = with_keys(said, ADA, weather={"wind": ["north", 3]})
    served = with_keys(paper("2401.00001", "A paper"), None, weather="fair")
    add(store, odd, served)
    for _ in range(2):
        raws = list(store.raw_bundles())
        assert [raw.header for raw in raws] == [odd.header_bytes, served.header_bytes]
        assert json.loads(raws[0].header)["weather"] == {"wind": ["north", 3]}
        assert [entry.bundle for entry in store.bundles()] == [odd, served]
        assert [shown(store, name) for name in odd.minted_ids()] == ["an idea"]
        assert seen(store) == oracle([odd, served], ())
        store.rebuild()


def test_a_kind_of_later_words_is_minted_and_not_understood(store: GraphStore) -> None:
    body = canonical_bytes(
        {"words": 2, "nodes": [{"id": "#1", "kind": "pasture"}], "salt": "0" * 32}
    )
    bundle = unfit(ADA, body, mints=(Mint("#1", "pasture"),))
    add(store, bundle)
    for _ in range(2):
        (name,) = bundle.minted_ids()
        assert name.startswith("pasture:")
        assert store.things([name]) == {}
        assert seen(store) == oracle([bundle], ())
        assert list(store.integrity_faults()) == []
        store.rebuild()


def test_a_salt_is_no_word(store: GraphStore) -> None:
    """The same said by two has two bodies, and one description each."""
    one, other = (say(key, Description(IDEAS[0], Kind.IDEA)) for key in (ADA, ZED))
    assert one.body_hash != other.body_hash
    add(store, one, other)
    thing = store.things(IDEAS)[IDEAS[0]]
    assert thing.shown is not None
    assert [said.description.attributes for said in (thing.shown, *thing.also)] == [{}, {}]


def test_bytes_that_are_no_text_come_back_as_they_were(store: GraphStore) -> None:
    bundle = unfit(ADA, b"\xff\x00")
    add(store, bundle)
    (raw,) = store.raw_bundles()
    assert read(raw.header, raw.body, raw.signature) == bundle
