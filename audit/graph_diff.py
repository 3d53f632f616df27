"""Differences between a stored graph and the one rebuilt from its log: what is shown, who states it, who counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.errors import BusyError
from graph.model.canonical import canonical
from graph.model.model import BundleId
from graph.store import Asserted, GraphStore, Stored

BATCH: Final = 1000
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class BundleFault:
    """Fault of a bundle, or of the log or the graph where `bundle` is `None`."""

    bundle: BundleId | None
    what: str


def graph_faults(
    store: GraphStore, again: GraphStore, *, whole: bool
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
    rebuilt = again.digest()
    try:
        digest = store.digest()
        if rebuilt != digest:
            what = f"the graph made again from the log has the digest {rebuilt}, not {digest}"
            return digest, [BundleFault(None, what)]
        if not whole:
            return digest, []
        judged = islice(_judged_otherwise(store, again), MOST_SHOWN)
        return digest, [*_shown_otherwise(store, again), *judged]
    except BusyError:
        raise
    except Exception as error:  # noqa: BLE001 - damaged bytes can make a store say anything
        what = f"the graph as stored can't be read: {type(error).__name__}: {error}"
        return None, [BundleFault(None, what)]


def _shown_otherwise(store: GraphStore, again: GraphStore) -> list[BundleFault]:
    """Return the things that show another description: the digest covers all descriptions, not which is shown."""
    found: list[BundleFault] = []
    after = ""
    while len(found) < MOST_SHOWN:
        ids = again.listed(None, after=after, limit=BATCH)
        if not ids:
            break
        after = ids[-1]
        made, stored = again.things(ids), store.things(ids)
        found += [
            BundleFault(None, f"{one} is not shown as the log says it is")
            for one in ids
            if made[one] != stored.get(one)
        ]
    return found[:MOST_SHOWN]


def _judged_otherwise(store: GraphStore, again: GraphStore) -> Iterator[BundleFault]:
    """Yield the bundles whose stored standing differs from the one that the log gives them, and edges of other authors.

    Standing is who answers, vouches, lives: with a wrong one a graph can be right today and yet become wrong with
    the next bundle. And the digest covers what is stated, but not by whom.
    """
    sources: set[str] = set()
    hubs: set[str] = set()
    for kept, made in _pairs(store, again):
        if _standing(kept) != _standing(made):
            what = "its standing is not what the log gives it: rebuild the graph"
            yield BundleFault(made.bundle.id, what)
        if made.lives:
            sources |= {edge.source for edge in made.bundle.said().edges} - hubs
        if len(sources) >= BATCH:
            yield from _said_otherwise(store, again, sources, hubs)
            sources = set()
    yield from _said_otherwise(store, again, sources, hubs)


def _said_otherwise(
    store: GraphStore, again: GraphStore, sources: set[str], hubs: set[str]
) -> Iterator[BundleFault]:
    """Yield the things among these whose edges other bundles state; those with many edges are compared only once."""
    ids = sorted(sources)
    made, kept = ({*map(_assertion, one.adjacent(ids, outgoing=True))} for one in (again, store))
    edges = Counter(source for source, *_ in made)
    hubs |= {source for source, number in edges.items() if number > BATCH}
    for name in sorted({source for source, *_ in made ^ kept}):
        yield BundleFault(None, f"the relations of {name} are not said by whom the log says")


def _assertion(found: Asserted) -> tuple[str, str, str, bytes, tuple[BundleId, ...]]:
    edge = found.edge
    return edge.source, edge.relation, edge.target, canonical(edge.qualifiers), found.bundles


def _pairs(store: GraphStore, again: GraphStore) -> Iterator[tuple[Stored, Stored]]:
    """Yield the bundles of one store beside those of another, which may lack one that came twice."""
    every = again.bundles()
    made = next(every, None)
    for kept in store.bundles():
        if made is None:
            return
        if kept.bundle.id == made.bundle.id:
            yield kept, made
            made = next(every, None)


def _standing(stored: Stored) -> tuple[object, ...]:
    return (
        *(stored.bundle.id, stored.counts, stored.lives, stored.author),
        *(stored.vouchers, stored.answered_by),
    )
