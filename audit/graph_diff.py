"""How a graph as it is stored differs from the one that its log makes: what is shown, by whom it is said, who counts."""

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
    """One thing that does not hold; `bundle` is `None` where it is of the log or the graph."""

    bundle: BundleId | None
    what: str


def graph_faults(
    store: GraphStore, again: GraphStore, *, whole: bool
) -> tuple[str | None, list[BundleFault]]:
    """The digest of the graph as stored, and how it differs from the one made again.

    Args:
        store: What is looked at.
        again: The graph made again from its log.
        whole: Whether all of the log holds. Else what doesn't is not in the graph made again, and bundles that
            answer it or speak under it stand there in another way through no fault of their own.

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
    """The things of which another description is shown: the digest tells all, but not which one."""
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
    """The bundles of which the store keeps another standing than the log gives them, and edges said by others.

    Who answers, vouches, lives: a graph can be right today and yet be built on the wrong standing by what comes
    tomorrow. And the digest tells what is said, but not by whom.
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
    """The things among these whose edges are said by other bundles; those with many edges are looked at once."""
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
    """The bundles of one store beside those of another, which may lack one that came twice."""
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
