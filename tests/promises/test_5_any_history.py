"""Promise 5: whatever is said, in whatever order it arrives, both stores and the oracle agree.

With `--soak` on two hundred histories of thirty bundles of each kind: those that Hypothesis searches
(and makes small, where one fails), and those by which the control takes out each rule.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings

from graph.bundle.bundle import Bundle
from graph.open import open_store
from graph.store import GraphStore
from tests.conftest import Size, emptied
from tests.graph.conftest import clock
from tests.graph.histories import TRUST
from tests.graph.neo4j.server import Servers
from tests.graph.statements import add, seen
from tests.graph.store.test_store_equals_oracle import deliveries, held_by
from tests.oracle import oracle
from tests.promises.thrown import BUNDLES, HISTORIES, delivery, history


def _stopped(now: datetime) -> datetime:
    """A clock that says one moment."""
    return now


@contextmanager
def opened(url: str) -> Iterator[GraphStore]:
    """An empty store with a trust list."""
    with closing(open_store(url, clock=clock)) as store:
        store.trust(TRUST)
        yield store


def holds(store: GraphStore, batches: list[list[Bundle]]) -> str:
    """Delivers the batches, and gives the digest that the store, the oracle and a rebuilt graph share."""
    for batch in batches:
        add(store, *batch)
    every = [bundle for batch in batches for bundle in batch]
    assert seen(store) == oracle(held_by(store), TRUST, clock())
    add(store, *every)  # a body that was erased, and is so no longer
    expected = oracle(every, TRUST, clock())
    assert seen(store) == expected
    held = [one.bundle.id for one in store.bundles()]
    assert sorted(held) == sorted({bundle.id for bundle in every}), "each once, understood or not"
    assert list(store.integrity_faults()) == []
    store.rebuild()
    assert seen(store) == expected
    assert list(store.integrity_faults()) == []
    assert [one.bundle.id for one in store.bundles()] == held
    return expected.digest


def test_any_history_in_sqlite(size: Size) -> None:
    for number in range(size(25, HISTORIES)):
        with opened("sqlite::memory:") as store, opened("sqlite::memory:") as other:
            digest = holds(store, delivery(number))
            assert holds(other, [list(history(number))]) == digest


@pytest.mark.neo4j
def test_any_history_in_both_stores(neo4j_servers: Servers, size: Size) -> None:
    for number in range(size(2, 50)):
        batches = delivery(number)
        with opened("sqlite::memory:") as ours, opened(emptied(neo4j_servers)) as theirs:
            assert holds(ours, batches) == holds(theirs, batches)
            assert seen(ours) == seen(theirs)
            assert ours.checkpoint() == theirs.checkpoint()


def test_any_history_that_hypothesis_finds(size: Size) -> None:
    @settings(max_examples=size(40, HISTORIES))
    @given(deliveries(BUNDLES))
    def law(batches: list[list[Bundle]]) -> None:
        with opened("sqlite::memory:") as store:
            holds(store, batches)

    law()


@pytest.mark.neo4j
def test_any_history_that_hypothesis_finds_in_both_stores(
    neo4j_servers: Servers, size: Size
) -> None:
    @settings(max_examples=size(3, HISTORIES))
    @given(deliveries(BUNDLES))
    def law(batches: list[list[Bundle]]) -> None:
        with opened("sqlite::memory:") as ours, opened(emptied(neo4j_servers)) as theirs:
            assert holds(ours, batches) == holds(theirs, batches)
            assert ours.checkpoint() == theirs.checkpoint()

    law()


def test_the_graph_has_no_clock(tmp_path: Path, size: Size) -> None:
    """Rule 12: made again on another day, only what is dated more than a day ahead of that day is missing."""
    for number in range(size(4, 40)):
        url = f"sqlite:{tmp_path}/{number}.db"
        with opened(url) as store:
            holds(store, delivery(number))
            held = held_by(store)
        for now in (clock(), clock().replace(year=2126), clock().replace(year=3000)):
            with closing(open_store(url, clock=partial(_stopped, now))) as store:
                store.rebuild()
                assert store.digest() == oracle(held, TRUST, now).digest
                assert store.waiting().bundles == len(oracle(held, TRUST, now).waits)
