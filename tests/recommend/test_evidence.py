from math import isclose, log

from hypothesis import given
from hypothesis import strategies as st

from graph.model.model import Edge
from graph.model.vocabulary import Relation
from graph.store import AssertedEdge
from recommend.evidence import direct_links, shared_neighbours


def cites(source: str, target: str) -> AssertedEdge:
    return AssertedEdge(Edge(source, Relation.CITES, target), ("sha256:" + "0" * 64,))


EDGES = st.lists(
    st.builds(cites, st.sampled_from("abcd"), st.sampled_from("wxyz")), unique_by=str, max_size=16
)


def test_a_reference_that_few_share_says_more() -> None:
    near = [cites("q", "rare"), cites("q", "common")]
    far = [cites("a", "rare"), *(cites(name, "common") for name in "bcdef")]
    found = shared_neighbours(near, far, {"q"}, outgoing=True)
    assert found["a"].score > found["b"].score
    assert isclose(found["a"].score, 1 / log(2))
    assert isclose(found["b"].score, 1 / log(6))


def test_the_path_leads_from_the_question_through_what_says_most() -> None:
    near = [cites("q", "rare"), cites("q", "common")]
    far = [cites("a", "rare"), cites("a", "common"), cites("b", "common")]
    found = shared_neighbours(near, far, {"q"}, outgoing=True)["a"]
    assert found.path == (cites("q", "rare"), cites("a", "rare"))
    assert found.via == ("rare", "common")


def test_works_cited_together_meet_in_the_work_that_cites_both() -> None:
    near = [cites("citer", "q")]
    found = shared_neighbours(
        near, [cites("citer", "q"), cites("citer", "a")], {"q"}, outgoing=False
    )
    assert set(found) == {"a"}
    assert found["a"].path == (cites("citer", "q"), cites("citer", "a"))


def test_other_names_of_the_question_are_not_found() -> None:
    near = [cites("q", "r"), cites("q2", "r")]
    assert shared_neighbours(near, [*near, cites("a", "r")], {"q", "q2"}, outgoing=True).keys() == {
        "a"
    }


def test_what_is_cited_by_another_name_of_the_question_is_no_middle() -> None:
    assert (
        shared_neighbours([cites("q", "q2")], [cites("a", "q2")], {"q", "q2"}, outgoing=True) == {}
    )


@given(EDGES, EDGES)
def test_the_order_of_the_edges_decides_nothing(
    near: list[AssertedEdge], far: list[AssertedEdge]
) -> None:
    found = shared_neighbours(near, far, {"a"}, outgoing=True)
    assert found == shared_neighbours(near[::-1], far[::-1], {"a"}, outgoing=True)


def test_one_edge_tells_which_way_it_points() -> None:
    found = direct_links([cites("q", "a")], [cites("b", "q")], {"q"})
    assert (found["a"].leaving, found["b"].leaving) == (True, False)
    assert found["a"].path == (cites("q", "a"),)
