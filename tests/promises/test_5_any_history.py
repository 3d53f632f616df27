"""Promise 5: whatever is said, in whatever order it arrives, both stores and the oracle agree.

In SQLite on two hundred histories of each kind, with `--soak` on ten thousand: those that Hypothesis searches (and makes
small, where one fails), and those by which the control takes out each rule. Those of the properties, and the attacks, are tried in
`tests/graph/store/test_store_withstands_attacks.py`.
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
from tests.graph.rules.trial_histories import WILD, delivery, wild_history
from tests.graph.statements import seen
from tests.graph.store.equality import equals_the_oracle, held_by
from tests.graph.store.test_store_equals_oracle import deliveries
from tests.oracle import oracle


def _stopped(now: datetime) -> datetime:
    """A clock that says one moment."""
    return now


@contextmanager
def opened(url: str) -> Iterator[GraphStore]:
    """An empty store with a trust list."""
    with closing(open_store(url, clock=clock)) as store:
        store.trust(TRUST)
        yield store


def test_any_history_in_sqlite(size: Size) -> None:
    for number in range(size(WILD, 50 * WILD)):
        with opened("sqlite::memory:") as store, opened("sqlite::memory:") as other:
            history = wild_history(number)
            digest = equals_the_oracle(store, delivery(history, number), TRUST)
            assert equals_the_oracle(other, [history], TRUST) == digest


@pytest.mark.neo4j
def test_any_history_in_both_stores(neo4j_servers: Servers, size: Size) -> None:
    for number in range(size(2, 2 * WILD)):
        batches = delivery(wild_history(number), number)
        with opened("sqlite::memory:") as ours, opened(emptied(neo4j_servers)) as theirs:
            assert equals_the_oracle(ours, batches, TRUST) == equals_the_oracle(
                theirs, batches, TRUST
            )
            assert seen(ours) == seen(theirs)
            assert ours.checkpoint() == theirs.checkpoint()


def test_any_history_that_hypothesis_finds(size: Size) -> None:
    @settings(max_examples=size(200, 50 * WILD))
    @given(deliveries(30))
    def law(batches: list[list[Bundle]]) -> None:
        with opened("sqlite::memory:") as store:
            equals_the_oracle(store, batches, TRUST)

    law()


@pytest.mark.neo4j
def test_any_history_that_hypothesis_finds_in_both_stores(
    neo4j_servers: Servers, size: Size
) -> None:
    @settings(max_examples=size(3, 2 * WILD))
    @given(deliveries(30))
    def law(batches: list[list[Bundle]]) -> None:
        with opened("sqlite::memory:") as ours, opened(emptied(neo4j_servers)) as theirs:
            assert equals_the_oracle(ours, batches, TRUST) == equals_the_oracle(
                theirs, batches, TRUST
            )
            assert ours.checkpoint() == theirs.checkpoint()

    law()


def test_the_graph_has_no_clock(tmp_path: Path, size: Size) -> None:
    """Rule 12: made again on another day, only what is dated more than a day ahead of that day is missing."""
    for number in range(size(4, 40)):
        url = f"sqlite:{tmp_path}/{number}.db"
        with opened(url) as store:
            equals_the_oracle(store, delivery(wild_history(number), number), TRUST)
            held = held_by(store)
        for now in (clock(), clock().replace(year=2126), clock().replace(year=3000)):
            with closing(open_store(url, clock=partial(_stopped, now))) as store:
                store.rebuild()
                assert store.digest() == oracle(held, TRUST, now).digest
                assert store.waiting().bundles == len(oracle(held, TRUST, now).waits)
