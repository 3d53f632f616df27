"""Whatever arrives, in whatever order, however split and repeated: each store equals the oracle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.bundle import Bundle
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.histories import ADA, LAB, TRUST, ZED, histories
from tests.graph.statements import add, clock, seen
from tests.graph.store.equality import equals_the_oracle, held_by
from tests.oracle import oracle

ENTRIES = [*TRUST, TrustEntry(ZED.key), TrustEntry(LAB.key), TrustEntry(ADA.key, frozenset())]


@st.composite
def deliveries(draw: st.DrawFn, size: int = 16) -> list[list[Bundle]]:
    """A history with gaps and repeats, in any order, split into batches anyhow."""
    history = draw(histories(size))
    kept = [bundle for bundle in history if draw(st.integers(0, 7)) != 1]
    again = [bundle for bundle in kept if draw(st.integers(0, 4)) == 1]
    waiting = draw(st.permutations(kept + again))
    batches: list[list[Bundle]] = [[]]
    for bundle in waiting:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append(bundle)
    return batches


@contextmanager
def closing(store: GraphStore) -> Iterator[GraphStore]:
    try:
        yield store
    finally:
        store.close()


def test_any_delivery_gives_the_graph_of_the_set(
    open_new: Callable[[], GraphStore], tried: settings
) -> None:
    @tried
    @given(deliveries())
    def law(batches: list[list[Bundle]]) -> None:
        with closing(open_new()) as store:
            store.trust(TRUST)
            equals_the_oracle(store, batches, TRUST)

    law()


def test_every_prefix_is_right(open_new: Callable[[], GraphStore], tried: settings) -> None:
    @tried
    @given(deliveries())
    def law(batches: list[list[Bundle]]) -> None:
        with closing(open_new()) as store:
            store.trust(TRUST)
            arrived: list[Bundle] = []
            for batch in batches:
                add(store, *batch)
                arrived += batch
                assert seen(store) == oracle(held_by(store), TRUST, clock())
                assert {bundle.id for bundle in held_by(store)} == {b.id for b in arrived}

    law()


def test_trust_may_come_late_and_go(open_new: Callable[[], GraphStore], tried: settings) -> None:
    @tried
    @given(histories(10), st.permutations(ENTRIES), st.integers(0, 3))
    def law(history: list[Bundle], entries: list[TrustEntry], number: int) -> None:
        with closing(open_new()) as store:
            store.trust(TRUST)
            add(store, *history)
            later = entries[:number]
            store.trust(later)
            assert list(store.trust_list()) == later
            assert seen(store) == oracle(held_by(store), later, clock())
            add(store, *history)
            assert seen(store) == oracle(history, later, clock())

    law()


def test_two_stores_that_pull_each_other_agree(
    open_new: Callable[[], GraphStore], tried: settings
) -> None:
    @tried
    @given(histories(8), histories(8))
    def law(mine: list[Bundle], yours: list[Bundle]) -> None:
        with closing(open_new()) as here, closing(open_new()) as there:
            here.trust(TRUST)
            there.trust(TRUST)
            for store, first, second in ((here, mine, yours), (there, yours, mine)):
                bodies = {b.id: b for b in mine + yours if b.body_bytes is not None}
                add(store, *(bodies.get(b.id, b) for b in first))
                add(store, *(bodies.get(b.id, b) for b in second))
                add(store, *bodies.values())
            assert seen(here) == seen(there) == oracle(mine + yours, TRUST, clock())

    law()
