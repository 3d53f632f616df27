"""Whatever arrives, in whatever order, however split and repeated: each store equals the oracle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.bundle import Bundle
from graph.store import GraphStore
from tests.graph.histories import ADA, ZED, histories
from tests.graph.statements import add, seen
from tests.oracle import oracle

TRUSTED = frozenset({ADA.key})


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
            store.trust(TRUSTED)
            for batch in batches:
                add(store, *batch)
            expected = oracle([bundle for batch in batches for bundle in batch], TRUSTED)
            assert seen(store) == expected
            store.rebuild()
            assert seen(store) == expected

    law()


def test_every_prefix_is_right(open_new: Callable[[], GraphStore], tried: settings) -> None:
    @tried
    @given(deliveries())
    def law(batches: list[list[Bundle]]) -> None:
        with closing(open_new()) as store:
            store.trust(TRUSTED)
            arrived: list[Bundle] = []
            for batch in batches:
                add(store, *batch)
                arrived += batch
                assert seen(store) == oracle(arrived, TRUSTED)

    law()


def test_trust_may_come_late_and_go(open_new: Callable[[], GraphStore], tried: settings) -> None:
    @tried
    @given(histories(10), st.sets(st.sampled_from([ADA.key, ZED.key])))
    def law(history: list[Bundle], later: set[str]) -> None:
        with closing(open_new()) as store:
            store.trust(TRUSTED)
            add(store, *history)
            store.trust(frozenset(later))
            assert store.trusted_authors() == later
            assert seen(store) == oracle(history, frozenset(later))

    law()


def test_two_stores_that_pull_each_other_agree(
    open_new: Callable[[], GraphStore], tried: settings
) -> None:
    @tried
    @given(histories(8), histories(8))
    def law(mine: list[Bundle], yours: list[Bundle]) -> None:
        with closing(open_new()) as here, closing(open_new()) as there:
            here.trust(TRUSTED)
            there.trust(TRUSTED)
            for store, first, second in ((here, mine, yours), (there, yours, mine)):
                bodies = {b.id: b for b in mine + yours if b.body_bytes is not None}
                add(store, *(bodies.get(b.id, b) for b in first))
                add(store, *(bodies.get(b.id, b) for b in second))
            assert seen(here) == seen(there) == oracle(mine + yours, TRUSTED)

    law()
