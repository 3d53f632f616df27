"""Short helpers to make bundles in a test, and to read the graph that a store makes of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from graph.bundle.bundle import Bundle, record, statement
from graph.bundle.keys import Signer
from graph.clock import latest_admissible
from graph.model.canonical import canonical_bytes
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.store import GraphStore, Waiting
from tests.oracle import Graph, Winner


def clock() -> datetime:
    """The moment at which these tests happen."""
    return datetime(2026, 1, 10, tzinfo=UTC)


RUN_BODY: Final = Body((Description("#run", Kind.INGEST),))
"""What a run says that vouches for records."""


def say(
    signer: Signer,
    *nodes: Description,
    edges: tuple[Edge, ...] = (),
    at: str = "2026-01-01T00:00:00Z",
    by: str | None = None,
    under: str | None = None,
    prev: tuple[Bundle, ...] = (),
    answers: tuple[tuple[str, Bundle], ...] = (),
    grants: Grant | None = None,
    ends: End | None = None,
    vouches: tuple[Bundle, ...] = (),
    reason: str | None = None,
    salt: str | None = None,
) -> Bundle:
    """A statement of a key, in its own name unless `by` is another; a run where it vouches.

    With another `salt` the same words are another body.
    """
    if salt is not None:
        signer = replace(signer, _salt_secret=salt.encode())
    header = Header(
        by=by or f"person:{signer.key}",
        at=at,
        under=under,
        prev=tuple(sorted(bundle.id for bundle in prev)),
        n=1 + max((b.header.n for b in prev if b.header), default=-1),
        answers=tuple(Answer(verb, bundle.id) for verb, bundle in answers),
        grants=grants,
        ends=ends,
        vouches=tuple(sorted(bundle.id for bundle in vouches)),
    )
    if grants or ends:
        return statement(header, None, signer)
    if vouches and not nodes:
        nodes = RUN_BODY.nodes
    return statement(header, Body(nodes, edges, reason), signer)


def paper(
    number: str,
    title: str,
    *edges: Edge,
    at: str | None = None,
    mapping: str = "arxiv-raw/300",
) -> Bundle:
    """arXiv's record of one paper."""
    body = Body((Description(f"arxiv:{number}", Kind.WORK, {"title": title}),), edges)
    return record("source:arxiv", at, RecordSource(f"arxiv:{number}", mapping, "CC0-1.0"), body)


def work(name: str, title: str) -> Description:
    """A work and its title."""
    return Description(name, Kind.WORK, {"title": title})


def idea(name: str, title: str) -> Description:
    """An idea and its title."""
    return Description(name, Kind.IDEA, {"title": title})


def cites(source: str, target: str, **qualifiers: str | int) -> Edge:
    """One citation."""
    return Edge(source, Relation.CITES, target, qualifiers)


def add(store: GraphStore, *bundles: Bundle) -> tuple[str, ...]:
    """Appends bundles together; gives back what was new."""
    return store.append(lambda _look: bundles).added


def ends_of(bundles: Iterable[Bundle]) -> list[str]:
    """Every id that bundles speak of."""
    found = {node.id for bundle in bundles for node in bundle.resolved_body().nodes}
    for bundle in bundles:
        for edge in bundle.resolved_body().edges:
            found |= {edge.source, edge.target}
    return sorted(found)


def seen(store: GraphStore, now: datetime | None = None) -> Graph:
    """What a store made of its log, in the words of the oracle; `now` is the clock of the store, if it isn't that of these tests."""
    stored = list(store.bundles())
    ids = ends_of([one.bundle for one in stored])
    things = store.things(ids)
    leaving = store.adjacent(ids, outgoing=True)
    waits = {}
    if store.waiting().bundles:
        latest = latest_admissible(now or clock())
        dated = ((one.bundle.id, one.bundle.header) for one in stored)
        waits = {name: h.at for name, h in dated if h and h.at and h.at > latest}
        assert store.waiting() == Waiting(len(waits), min(waits.values()), max(waits.values()))
    return Graph(
        counts=frozenset(one.bundle.id for one in stored if one.counts),
        lives=frozenset(one.bundle.id for one in stored if one.lives),
        erased=frozenset(one.bundle.id for one in stored if one.is_erased),
        waits=waits,
        descriptions={
            (thing.id, said.author, said.actor): Winner(said.description, said.bundle)
            for thing in things.values()
            for said in (*((thing.shown,) if thing.shown else ()), *thing.also)
        },
        shown={thing.id: thing.shown.bundle for thing in things.values() if thing.shown},
        asserted={canonical_bytes(one.edge.to_json()): frozenset(one.bundles) for one in leaving},
        digest=store.digest(),
    )
