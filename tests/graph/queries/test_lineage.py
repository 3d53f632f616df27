"""Lineage and paths, checked against the plainest search over the same edges."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.model import Edge
from graph.model.vocabulary import Relation
from graph.open import open_store
from graph.queries.lineage import lineage, path
from graph.store import GraphStore
from tests.graph.conftest import clock
from tests.graph.histories import ADA
from tests.graph.statements import add, say

NAMES = tuple("idea:" + hashlib.sha256(bytes([k])).hexdigest() for k in range(7))
UP = (Relation.WAS_DERIVED_FROM, Relation.CITES)
RELATIONS = (*UP, Relation.ALTERNATE_OF, Relation.SUPPORTS)
A, B, C, D = NAMES[:4]

edges = st.sets(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(RELATIONS), st.sampled_from(NAMES)),
    max_size=14,
).map(sorted)


@contextmanager
def holding(found: list[tuple[str, Relation, str]], seed: int = 0) -> Iterator[GraphStore]:
    """A store of these edges, each said by a statement of its own, in some order."""
    order = list(found)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, and no secret
    store = open_store("sqlite::memory:", clock=clock)
    for k, edge in enumerate(order):
        add(store, say(ADA, edges=(Edge(*edge),), salt=f"{k:032x}"))
    try:
        yield store
    finally:
        store.close()


def onward(name: str, found: list[tuple[str, Relation, str]], *, up: bool | None) -> set[str]:
    """One step: up, down, or (`None`) any way along any edge."""
    reached = set()
    for source, relation, target in found:
        both = up is None or relation is Relation.ALTERNATE_OF
        if relation is Relation.SUPPORTS and up is not None:
            continue
        if source == name and (both or up):
            reached.add(target)
        if target == name and (both or not up):
            reached.add(source)
    return reached


def distances(
    start: str, found: list[tuple[str, Relation, str]], depth: int, *, up: bool | None
) -> dict[str, int]:
    known = {start: 0}
    for number in range(1, depth + 1):
        for name in [name for name, at in known.items() if at == number - 1]:
            for other in onward(name, found, up=up):
                known.setdefault(other, number)
    return known


@settings(max_examples=60)
@given(edges, st.sampled_from(NAMES), st.booleans(), st.integers(0, 5))
def test_lineage_reaches_what_a_plain_search_reaches(
    found: list[tuple[str, Relation, str]], start: str, up: bool, depth: int
) -> None:
    with holding(found) as store:
        walk = lineage(store, start, up=up, depth=depth, limit=99)
    assert dict(walk.depths) == distances(start, found, depth, up=up)
    assert walk.nodes == tuple(walk.depths)
    assert [walk.depths[name] for name in walk.nodes] == sorted(walk.depths.values())
    assert walk.more == {}


@settings(max_examples=60)
@given(edges, st.sampled_from(NAMES), st.integers(1, 6), st.integers(1, 5))
def test_a_limit_leaves_out_and_tells_how_much(
    found: list[tuple[str, Relation, str]], start: str, limit: int, depth: int
) -> None:
    with holding(found) as store:
        whole = lineage(store, start, up=True, depth=depth, limit=99)
        walk = lineage(store, start, up=True, depth=depth, limit=limit)
    assert walk.nodes == whole.nodes[: len(walk.nodes)]
    assert len(walk.nodes) == min(limit, len(whole.nodes))
    assert bool(walk.more) == (len(whole.nodes) > limit)
    assert set(walk.more) <= set(walk.nodes)
    for step in walk.steps:
        assert {step.asserted.edge.source, step.asserted.edge.target} <= set(walk.nodes)


@settings(max_examples=60)
@given(edges, st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 5))
def test_a_path_is_a_shortest_one(
    found: list[tuple[str, Relation, str]], start: str, end: str, depth: int
) -> None:
    with holding(found) as store:
        steps = path(store, start, end, depth=depth)
    far = distances(start, found, depth, up=None).get(end)
    assert (steps is None) == (far is None)
    if steps is None:
        return
    assert len(steps) == far
    at = start
    for asserted in steps:
        edge = asserted.edge
        assert (edge.source, edge.relation, edge.target) in found
        assert at in {edge.source, edge.target}
        at = edge.target if edge.source == at else edge.source
    assert at == end


@settings(max_examples=30)
@given(edges, st.integers(0, 9), st.integers(1, 6))
def test_the_order_of_arrival_changes_no_picture(
    found: list[tuple[str, Relation, str]], seed: int, limit: int
) -> None:
    pictures = []
    for one in (seed, seed + 1):
        with holding(found, one) as store:
            walk = lineage(store, A, up=True, depth=3, limit=limit)
            way = path(store, A, B, depth=4) or ()
        pictures.append(
            (
                walk.nodes,
                walk.more,
                [(step.depth, step.asserted.edge) for step in walk.steps],
                [asserted.edge for asserted in way],
            )
        )
    assert pictures[0] == pictures[1]


def test_parallel_edges_are_all_walked() -> None:
    """Two edges that differ in their qualifiers alone are two steps, in one order always."""
    pictures = []
    for scores in (("0.1", "0.9"), ("0.9", "0.1")):
        store = open_store("sqlite::memory:", clock=clock)
        for score in scores:
            add(store, say(ADA, edges=(Edge(A, Relation.CITES, B, {"score": score}),)))
        walk = lineage(store, A, up=True, depth=2, limit=9)
        way = path(store, A, B, depth=2) or ()
        pictures.append(([s.asserted.edge for s in walk.steps], [one.edge for one in way]))
        store.close()
    assert len(pictures[0][0]) == 2
    assert pictures[0] == pictures[1]


def test_a_cycle_ends() -> None:
    circle = [(A, UP[0], B), (B, UP[0], C), (C, UP[0], A), (A, UP[0], A)]
    with holding(circle) as store:
        walk = lineage(store, A, up=True, depth=99, limit=99)
    assert set(walk.nodes) == {A, B, C}
    assert len(walk.steps) == 4


def test_a_thing_alone_is_a_walk_of_one() -> None:
    with holding([]) as store:
        walk = lineage(store, A, up=True, depth=9, limit=9)
        assert (walk.nodes, walk.steps, walk.more) == ((A,), (), {})
        assert path(store, A, A, depth=0) == ()
        assert path(store, A, B, depth=9) is None


def test_walks_keep_to_the_relations_asked_for() -> None:
    with holding([(A, Relation.CITES, B), (A, Relation.SUPPORTS, C)]) as store:
        only = frozenset({Relation.SUPPORTS})
        assert path(store, A, C, depth=1, relations=only) is not None
        assert path(store, A, B, depth=3, relations=only) is None


@pytest.mark.parametrize("relation", [Relation.SUPPORTS, Relation.DISPUTES, Relation.REPLIES_TO])
def test_an_opinion_is_no_origin(relation: Relation) -> None:
    with holding([(A, relation, B)]) as store:
        assert lineage(store, A, up=True, depth=2, limit=9).nodes == (A,)
        assert lineage(store, B, up=False, depth=2, limit=9).nodes == (B,)
