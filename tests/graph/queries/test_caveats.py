"""What to know of a thing before relying on it."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph.model.model import Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.queries.caveats import caveats_of, stated_caveats
from graph.store import GraphStore
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.statements import add, idea, say

IDEA, OTHER = IDEAS
PERSON = "orcid:0000-0002-1825-0097"
REVIEW = "review:" + "1" * 64
CLAIM = "claim:" + "2" * 64


class Counting:
    """A store that counts what it is asked."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self.store, name)


def of(store: GraphStore, *names: str) -> dict[str, Sequence[str]]:
    return {**caveats_of(store, store.things(names).values())}


def test_what_is_stated_names_its_authors(store: GraphStore) -> None:
    said = Description(IDEA, Kind.IDEA, {"title": "X", "retracted": True, "withdrawn": True})
    add(store, say(ADA, said), say(ZED, said))
    first = min(ADA.key, ZED.key)
    wanted = (f"withdrawn ({first} and 1 more)", f"retracted ({first} and 1 more)")
    assert of(store, IDEA) == {IDEA: wanted}
    assert stated_caveats(store.things([IDEA])[IDEA]) == wanted


def test_false_and_silence_are_no_caution(store: GraphStore) -> None:
    add(store, say(ADA, Description(IDEA, Kind.IDEA, {"title": "X", "withdrawn": False})))
    assert of(store, IDEA) == {IDEA: ()}


@pytest.mark.parametrize(
    ("relation", "word"),
    [
        (Relation.DISPUTES, "disputed"),
        (Relation.REFUTES, "refuted"),
        (Relation.VETOES, "vetoed"),
        (Relation.HANDS_BACK, "handed back"),
    ],
)
def test_a_stance_against_it_names_who_takes_it(
    store: GraphStore, relation: Relation, word: str
) -> None:
    add(
        store,
        say(
            ADA,
            idea(IDEA, "X"),
            Description(PERSON, Kind.PERSON, {"name": "Josiah Carberry"}),
            edges=(Edge(PERSON, relation, IDEA),),
        ),
    )
    assert of(store, IDEA) == {IDEA: (f"{word} by Josiah Carberry",)}


def test_titles_are_quoted_and_cut_and_ids_stand_where_there_is_none(store: GraphStore) -> None:
    claim = Description(CLAIM, Kind.CLAIM, {"text": "It does not hold. " * 9})
    against = Edge(CLAIM, Relation.DISPUTES, IDEA)
    ended = Edge(IDEA, Relation.WAS_INVALIDATED_BY, REVIEW)
    add(store, say(ADA, idea(IDEA, "X"), claim, edges=(against, ended)))
    invalidated, disputed = of(store, IDEA)[IDEA]
    assert invalidated == f"invalidated by {REVIEW}"
    assert disputed.startswith("disputed by “It does not hold. It")
    assert disputed.endswith("…”")
    assert len(disputed) < 100


def test_many_things_are_three_questions(store: GraphStore) -> None:
    edges = (Edge(REVIEW, Relation.REFUTES, IDEA), Edge(OTHER, Relation.SUPPORTS, IDEA))
    add(store, say(ADA, idea(IDEA, "X"), idea(OTHER, "Y"), edges=edges))
    counting: Any = Counting(store)
    found = caveats_of(counting, store.things([IDEA, OTHER]).values())
    assert found == {IDEA: (f"refuted by {REVIEW}",), OTHER: ()}
    assert counting.asked == 3


def test_of_nothing_there_is_nothing(store: GraphStore) -> None:
    assert caveats_of(store, []) == {}
