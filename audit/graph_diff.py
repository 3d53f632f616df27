"""Differences between a stored graph and the one rebuilt from its log: what is shown, who states it, who counts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.errors import BusyError
from graph.model.canonical import canonical_bytes
from graph.model.model import BundleId
from graph.store import AssertedEdge, GraphReader, GraphStore, Log, StoredBundle
from graph.view.state_digest import place_of

BATCH: Final = 1000
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class BundleFault:
    """Fault of a bundle, or of the log or the graph where `bundle` is `None`."""

    bundle: BundleId | None
    what: str


def graph_faults(
    store: GraphStore, replay: GraphStore, *, whole: bool
) -> tuple[str | None, list[BundleFault]]:
    """Return the digest of the graph as stored, and its differences from the rebuilt one.

    Args:
        store: The store to verify.
        replay: The store that its log was replayed into.
        whole: True when all of the log holds. Else what doesn't is not in the rebuilt graph, and bundles that
            answer it or speak under it have another standing there through no fault of their own.

    Raises:
        BusyError: Others write.
    """
    replay.append(lambda _: ())  # what was dated ahead takes effect, if its time has come meanwhile
    expected, waiting = replay.digest(), replay.waiting()
    try:
        if store.waiting() != waiting:
            store.append(lambda _: ())
        digest = store.digest()
        if store.waiting() != waiting:
            what = f"{store.waiting().bundles} bundles wait for their time, by the log {waiting.bundles} do"
            return digest, [BundleFault(None, what)]
        if expected != digest:
            what = f"the graph made again from the log has the digest {expected}, not {digest}"
            return digest, [BundleFault(None, what)]
        if not whole:
            return digest, []
        standing_faults = islice(_standing_faults(store, replay), MOST_SHOWN)
        return digest, [*_display_faults(store, replay), *standing_faults]
    except BusyError:
        raise
    except Exception as error:  # noqa: BLE001 - damaged bytes can make a store say anything
        what = f"the graph as stored can't be read: {type(error).__name__}: {error}"
        return None, [BundleFault(None, what)]


def _display_faults(store: GraphReader, replay: GraphReader) -> list[BundleFault]:
    """Return the things that show another description: the digest covers all descriptions, not which is shown."""
    faults: list[BundleFault] = []
    after = ""
    while len(faults) < MOST_SHOWN:
        ids = replay.list_ids(None, after=after, limit=BATCH)
        if not ids:
            break
        after = ids[-1]
        expected, stored = replay.things(ids), store.things(ids)
        faults += [
            BundleFault(None, f"{name} is not shown as the log says it is")
            for name in ids
            if expected[name] != stored.get(name)
        ]
        faults += _leaf_faults(store, replay, ids)
    return faults[:MOST_SHOWN]


def _leaf_faults(store: GraphReader, replay: GraphReader, ids: Sequence[str]) -> list[BundleFault]:
    """Return the things whose leaf in the tree of the digest is another: a branch above it may not tell."""
    places = [place_of(name) for name in ids]
    expected, stored = replay.digests_below(places), store.digests_below(places)
    return [
        BundleFault(None, f"the digest of {name} is not what the log makes it")
        for name, place in zip(ids, places, strict=True)
        if expected[place] != stored[place]
    ]


def _standing_faults(store: GraphStore, replay: GraphStore) -> Iterator[BundleFault]:
    """Yield the bundles whose stored standing differs from the one that the log gives them, and edges of other authors.

    Standing is who answers, vouches, lives: with a wrong one a graph can be right today and yet become wrong with
    the next bundle. And the digest covers what is stated, but not by whom.
    """
    sources: set[str] = set()
    hubs: set[str] = set()
    for stored, expected in _pairs(store, replay):
        if _standing(stored) != _standing(expected):
            what = "its standing is not what the log gives it: rebuild the graph"
            yield BundleFault(expected.bundle.id, what)
        if expected.lives:
            sources |= {edge.source for edge in expected.bundle.resolved_body().edges} - hubs
        if len(sources) >= BATCH:
            yield from _edge_faults(store, replay, sources, hubs)
            sources = set()
    yield from _edge_faults(store, replay, sources, hubs)


def _edge_faults(
    store: GraphStore, replay: GraphStore, sources: set[str], hubs: set[str]
) -> Iterator[BundleFault]:
    """Yield the things among these whose edges other bundles state; those with many edges are compared only once."""
    ids = sorted(sources)
    expected, stored = (
        {*map(_assertion, graph.adjacent(ids, outgoing=True))} for graph in (replay, store)
    )
    edges = Counter(source for source, *_ in expected)
    hubs |= {source for source, number in edges.items() if number > BATCH}
    for name in sorted({source for source, *_ in expected ^ stored}):
        yield BundleFault(None, f"the relations of {name} are not said by whom the log says")


def _assertion(asserted: AssertedEdge) -> tuple[str, str, str, bytes, tuple[BundleId, ...]]:
    edge = asserted.edge
    return (
        edge.source,
        edge.relation,
        edge.target,
        canonical_bytes(edge.qualifiers),
        asserted.bundles,
    )


def _pairs(store: Log, replay: Log) -> Iterator[tuple[StoredBundle, StoredBundle]]:
    """Yield the bundles of one store beside those of another, which may lack one that came twice."""
    rebuilt_bundles = replay.bundles()
    expected = next(rebuilt_bundles, None)
    for stored in store.bundles():
        if expected is None:
            return
        if stored.bundle.id == expected.bundle.id:
            yield stored, expected
            expected = next(rebuilt_bundles, None)


def _standing(stored: StoredBundle) -> tuple[object, ...]:
    return (
        *(stored.bundle.id, stored.state, stored.author),
        *(stored.bundle.is_unfit, stored.vouchers, stored.answered_by),
    )
