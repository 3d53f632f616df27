"""Equality of a store with the oracle, whatever is delivered to it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from graph.bundle.bundle import Bundle
from graph.store import GraphStore
from tests.graph.statements import add, clock, seen
from tests.oracle import Graph, oracle
from tests.oracle_lives import Trust


def held_by(store: GraphStore) -> list[Bundle]:
    """The bundles of a store's log, with the bodies that it has."""
    return [entry.bundle for entry in store.bundles()]


def equals_the_oracle(
    store: GraphStore,
    batches: Sequence[Sequence[Bundle]],
    trust: Trust,
    now: datetime | None = None,
) -> str:
    """Deliver batches to an empty store that trusts these; returns the digest that it, the oracle and a rebuilt graph share.

    `now` is the clock of the store, if it isn't that of the tests.
    """
    now = now or clock()
    for batch in batches:
        add(store, *batch)
    every = [bundle for batch in batches for bundle in batch]
    _compare(seen(store, now), oracle(held_by(store), trust, now))
    add(store, *every)  # a body that was erased, and is so no longer
    expected = oracle(every, trust, now)
    _compare(seen(store, now), expected)
    held = [bundle.id for bundle in held_by(store)]
    assert sorted(held) == sorted({bundle.id for bundle in every}), "each once, understood or not"
    assert list(store.integrity_faults()) == []
    store.rebuild()
    _compare(seen(store, now), expected)
    assert list(store.integrity_faults()) == []
    assert [bundle.id for bundle in held_by(store)] == held
    return expected.digest


def _compare(graph: Graph, expected: Graph) -> None:
    """Tell what differs, and no more."""
    for part in fields(Graph):
        ours, theirs = getattr(graph, part.name), getattr(expected, part.name)
        assert ours == theirs, f"{part.name}: the store has {ours}, the oracle {theirs}"
