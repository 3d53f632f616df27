from hypothesis import given
from hypothesis import strategies as st

from graph.model.vocabulary import Kind, Relation
from graph.store import GraphStore
from recommend.aliases import group_of, identities, representatives
from tests.recommend.graphs import edge, node, paper, say, work

PAIRS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=10)
DOI, OPENALEX = "doi:10.1000/one", "openalex:W1"


@given(PAIRS)
def test_joined_is_an_equivalence_whatever_the_order(pairs: list[tuple[str, str]]) -> None:
    found = representatives(pairs)
    assert found == representatives([(other, one) for one, other in reversed(pairs)])
    assert all(found[one] == found[other] for one, other in pairs)
    assert all(root <= name and found[root] == root for name, root in found.items())


def names(store: GraphStore) -> None:
    one = paper(1)
    say(
        store,
        [work(one, title="One"), node(one + "v1", Kind.VERSION), work(OPENALEX, title="One")],
        [
            edge(one + "v1", Relation.SPECIALIZATION_OF, one),
            edge(OPENALEX, Relation.ALTERNATE_OF, DOI),
            edge(one, Relation.ALTERNATE_OF, DOI),
        ],
    )


def test_a_thing_is_one_with_its_versions_and_other_names(store: GraphStore) -> None:
    names(store)
    expected = {paper(1), paper(1) + "v1", DOI, OPENALEX}
    assert all(group_of(store, name) == expected for name in expected)


def test_an_idea_that_specialises_another_is_another_thing(store: GraphStore) -> None:
    one, other = f"idea:{'1' * 64}", f"idea:{'2' * 64}"
    say(
        store,
        [node(one, Kind.IDEA, name="Wide"), node(other, Kind.IDEA, name="Narrow")],
        [edge(other, Relation.SPECIALIZATION_OF, one)],
    )
    assert group_of(store, one) == {one}


def test_names_of_one_thing_share_an_identity_through_a_third(store: GraphStore) -> None:
    names(store)
    say(store, [work(paper(2), title="Two")])
    found = identities(store, [paper(1), paper(1) + "v1", OPENALEX, paper(2)])
    assert found[paper(1)] == found[OPENALEX] == found[paper(1) + "v1"] == found[DOI]
    assert found[paper(2)] == paper(2)
