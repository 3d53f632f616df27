"""Directions: on graphs where the answer is known, and on real works."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest

from graph.errors import InputError
from graph.model.model import Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.store import GraphStore
from recommend.directions import ResearchDirections, find_directions
from recommend.embed import embed_store
from tests.recommend.graphs import about, concept, edge, node, paper, say, work
from tests.recommend.word_embedder import Words

MIDDLE = "middle"


def shelf(*works: Sequence[str]) -> tuple[list[Description], list[Edge]]:
    """One paper for each list of concept names, and the concepts."""
    names = sorted({name for held in works for name in held})
    nodes = [concept(name) for name in names]
    nodes += [work(paper(k), title=f"On {' and '.join(held)}") for k, held in enumerate(works)]
    edges = [found for k, held in enumerate(works) for found in about(paper(k), *held)]
    return nodes, edges


def gap() -> list[list[str]]:
    """`left` and `right` both stand beside `middle` and never together; the rest is apart."""
    return [*[["left", MIDDLE]] * 5, *[["right", MIDDLE]] * 6, *[["far"]] * 40, *[[MIDDLE]] * 3]


def pairs(found: ResearchDirections) -> list[tuple[str, str]]:
    return [(item.concepts[0].title, item.concepts[1].title) for item in found.items]


def test_the_gap_is_found_with_its_works_and_its_reason(store: GraphStore) -> None:
    say(store, *shelf(*gap()))
    found = find_directions(store, limit=5)
    assert (found.as_of, found.why_empty) == (store.checkpoint(), None)
    assert pairs(found) == [("left", "right")]
    [item] = found.items
    assert {one.title for one in item.left} == {"On left and middle"}
    assert {one.title for one in item.right} == {"On right and middle"}
    assert {one.title for one in item.bridging} == {"On middle"}
    assert [len(side) for side in (item.left, item.right, item.bridging)] == [3, 3, 3]
    assert item.reason == (
        "None of the 54 works here with subjects of test joins “left” (5 works) and “right” (6 works), "
        "though both stand together with “middle” (5 and 6 works)."
    )


def test_one_work_that_joins_them_ends_it(store: GraphStore) -> None:
    say(store, *shelf(*gap(), ["left", "right"]))
    found = find_directions(store, limit=5)
    assert found.items == ()
    assert found.why_empty == (
        "3 of 4 concepts of test are neither too rare nor too general (at least 5 works, at most 30% of "
        "the 55 that have any, no top-level field), and each pair of them is joined by a work or shares "
        "no third concept"
    )


def test_a_work_joins_them_under_another_of_its_names_too(store: GraphStore) -> None:
    nodes, edges = shelf(*gap(), ["left"])
    twin, last = "openalex:W5", paper(len(gap()))
    say(store, [*nodes, work(twin, title="On right")], [*edges, *about(twin, "right")])
    assert pairs(find_directions(store, limit=5)) == [("left", "right")]
    say(store, [], [edge(twin, Relation.ALTERNATE_OF, last)])
    assert find_directions(store, limit=5).items == ()


def test_a_top_level_field_is_too_general(store: GraphStore) -> None:
    nodes, edges = shelf(*gap())
    named = [node for node in nodes if node.id != f"concept:test/{MIDDLE}"]
    say(store, [*named, concept(MIDDLE, level=0)], edges)
    assert find_directions(store, limit=5).items == ()


def test_a_subject_that_the_source_hardly_believes_supports_nothing(store: GraphStore) -> None:
    nodes, edges = shelf(*gap())
    weak = [
        Edge(e.source, e.relation, e.target, {"score": "0.29"})
        if e.target == "concept:test/left"
        else e
        for e in edges
    ]
    say(store, nodes, weak)
    assert find_directions(store, limit=5).items == ()


def test_what_is_withdrawn_is_no_witness(store: GraphStore) -> None:
    nodes, edges = shelf(*gap())
    say(store, nodes, edges)
    for k in (0, 1, 2):
        say(store, [work(paper(k), title="gone", withdrawn=True)])
    [item] = find_directions(store, limit=5).items
    assert [one.id for one in item.left] == [paper(3), paper(4)]


def test_texts_choose_the_witnesses_where_vectors_are_kept(store: GraphStore) -> None:
    nodes, edges = shelf(*gap())
    titles = {paper(4): "right right right", paper(9): "left left left"}
    nodes = [work(node.id, title=titles[node.id]) if node.id in titles else node for node in nodes]
    say(store, nodes, edges)
    embed_store(store, Words())
    [item] = find_directions(store, limit=5, model=Words().model).items
    assert item.left[0].id == paper(4)
    assert item.right[0].id == paper(9)
    assert "Their texts" not in item.reason  # there is no other pair to compare with


def test_a_model_without_vectors_here_changes_nothing(store: GraphStore) -> None:
    say(store, *shelf(*gap()))
    assert find_directions(store, limit=5, model="other") == find_directions(store, limit=5)


def test_vocabularies_are_judged_apart_and_take_turns(store: GraphStore) -> None:
    """The small one's `left` and `right` would be lost, and its `middle` too rare, among the others."""
    nodes, edges = shelf(*gap())
    say(store, nodes, edges)
    names = ["one", "two", "three", "four"]
    works = [[name, "hub"] for name in names for _ in range(8)] + [["else"]] * 90
    for k, held in enumerate(works, 500):
        subjects = [edge(paper(k), Relation.HAS_SUBJECT, f"concept:other/{name}") for name in held]
        say(store, [work(paper(k), title="Other")], subjects)
    say(store, [node(f"concept:other/{n}", Kind.CONCEPT, name=n) for n in (*names, "hub", "else")])
    found = find_directions(store, limit=3)
    vocabularies = [item.concepts[0].id.partition("/")[0] for item in found.items]
    assert vocabularies == ["concept:other", "concept:test", "concept:other"]
    for item in found.items:
        assert len({one.id.partition("/")[0] for one in item.concepts}) == 1


def test_no_concept_fills_the_list(store: GraphStore) -> None:
    spokes = [[f"spoke{k}", MIDDLE] for k in range(6) for _ in range(5)]
    hub = [["hub", MIDDLE]] * 5
    say(store, *shelf(*spokes, *hub, *[["far"]] * 90))
    found = pairs(find_directions(store, limit=20))
    uses = [name for pair in found for name in pair]
    assert found
    assert max(uses.count(name) for name in uses) == 2


@pytest.mark.parametrize(
    ("works", "expected"),
    [
        ([], "nothing here has a subject"),
        ([["a", "b"]], "0 of 2 concepts of test are neither too rare nor too general"),
        (
            [["a"]] * 5 + [["b"]] * 20,
            "1 of 2 concepts of test are neither too rare nor too general",
        ),
    ],
)
def test_nothing_found_says_why(
    store: GraphStore, works: Sequence[Sequence[str]], expected: str
) -> None:
    if works:
        say(store, *shelf(*works))
    found = find_directions(store, limit=5)
    assert found.items == ()
    assert (found.why_empty or "").startswith(expected)


def test_a_limit_below_one_is_refused(store: GraphStore) -> None:
    with pytest.raises(InputError, match="expected a number from 1, got 0"):
        find_directions(store, limit=0)


def answers(found: ResearchDirections) -> list[object]:
    return [
        (
            item.score,
            item.reason,
            [[one.id for one in side] for side in (item.left, item.right, item.bridging)],
        )
        for item in found.items
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_appending_decides_nothing(seed: int, fresh: Callable[[], GraphStore]) -> None:
    rng = np.random.default_rng(seed)
    works = [sorted(set(map(str, rng.choice(list("abcdefghijklmnop"), 3)))) for _ in range(60)]
    nodes, edges = shelf(*works)
    found = []
    for order in (range(len(edges)), rng.permutation(len(edges))):
        store = fresh()
        say(store, (node for node in nodes if node.kind is Kind.CONCEPT))
        say(store, (node for node in nodes if node.kind is Kind.WORK))
        for part in np.array_split(np.array(order), 4):
            say(store, [], [edges[at] for at in part])
        embed_store(store, Words())
        found.append(answers(find_directions(store, limit=10, model=Words().model)))
        store.close()
    assert found[0] == found[1]
    assert found[0]


def joined(store: GraphStore, concepts: Iterable[str]) -> set[str]:
    edges = store.adjacent(
        list(concepts), outgoing=False, relations=frozenset({Relation.HAS_SUBJECT})
    )
    holders = [
        {found.edge.source for found in edges if found.edge.target == name} for name in concepts
    ]
    return set.intersection(*holders)


@pytest.mark.parametrize("model", [None, Words().model])
def test_real_works_give_directions_that_hold(library: GraphStore, model: str | None) -> None:
    found = find_directions(library, limit=10, model=model)
    assert len(found.items) == 10
    assert [item.score for item in found.items] == sorted(
        (item.score for item in found.items), reverse=True
    )
    for item in found.items:
        assert joined(library, [one.id for one in item.concepts]) == set()
        for side, name in ((item.left, item.concepts[0]), (item.right, item.concepts[1])):
            assert len(side) == 3
            assert all(joined(library, [name.id]) >= {one.id} for one in side)
        assert ("Their texts are closer than those of" in item.reason) is (model is not None)
        between = {one.id for one in item.bridging}
        assert not between & {one.id for one in (*item.left, *item.right)}
