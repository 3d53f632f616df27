"""A thing with very many relations is read as far as it is shown, and its pages hold each of them once."""

from collections import Counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from api.graphql.cursors import cursor_of
from api.graphql.edges import HUB_THRESHOLD
from graph.model.model import Body
from graph.model.vocabulary import Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import CONCEPT, VOICE, clock, edge

WORKS = [f"arxiv:2401.{k:05}" for k in range(1, HUB_THRESHOLD + 1)]
PARALLEL = [edge(WORKS[7], Relation.HAS_SUBJECT, CONCEPT, number=k) for k in range(40)]
TURN = """query($first: Int, $after: String, $names: [String!]) { node(id: "concept:arxiv/cs.AI") {
  relations(direction: IN, names: $names, first: $first, after: $after) { counted allCounted
    edges { cursor node { name source { id } qualifiers } } pageInfo { hasNextPage endCursor } } } }"""
COUNT = '{ node(id: "concept:arxiv/cs.AI") { relations(direction: IN, first: 1) { totalCount } } }'


@pytest.fixture
def hub(store: GraphStore) -> GraphStore:
    """A category with a little more works than are counted, one of them joined to it 41 times."""
    say(store, *(edge(one, Relation.HAS_SUBJECT, CONCEPT) for one in WORKS), *PARALLEL)
    say(store, edge(WORKS[0], Relation.CITES, CONCEPT))
    return store


def say(store: GraphStore, *edges: Any) -> None:
    speaker = Speaker(VOICE, f"software:{VOICE.key}", clock)
    store.append(lambda look: [speaker.make_statement(look, Body((), edges))])


def turned(data: Ask, first: int, names: list[str] | None = None) -> Counter[str]:
    """What page after page holds."""
    found: Counter[str] = Counter()
    after = None
    while True:
        page = data(TURN, first=first, after=after, names=names)["node"]["relations"]
        assert len(page["edges"]) <= first
        found.update(str(one["node"]) for one in page["edges"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize("first", [40, 500])
def test_the_pages_of_a_hub_hold_each_relation_once(hub: GraphStore, data: Ask, first: int) -> None:
    names = None if first == 500 else ["cites", "hasSubject"]
    found = turned(data, first, names)
    assert set(found.values()) == {1}
    assert len(found) == len(WORKS) + len(PARALLEL) + 1
    assert len(turned(data, 500, ["cites"])) == 1


def test_its_pages_are_not_disturbed_by_what_comes_and_goes(hub: GraphStore, data: Ask) -> None:
    first = data(TURN, first=10)["node"]["relations"]
    before = {str(one["node"]) for one in first["edges"]}
    say(hub, edge("arxiv:2401.99999", Relation.HAS_SUBJECT, CONCEPT))
    after = first["pageInfo"]["endCursor"]
    second = data(TURN, first=500, after=after)["node"]["relations"]
    assert not before & {str(one["node"]) for one in second["edges"]}


def test_no_more_of_it_is_read_than_is_shown(hub: GraphStore) -> None:
    limits: list[Any] = []

    class Watching:
        """Passes every question on, and notes how many edges are asked for."""

        def __getattr__(self, name: str) -> Any:
            return getattr(hub, name)

        def adjacent(self, *given: Any, **named: Any) -> Any:
            limits.append(named.get("limit"))
            return hub.adjacent(*given, **named)

    with TestClient(make_app(Watching)) as client:
        variables: dict[str, Any] = {"first": 5}
        answer = client.post("/graphql", json={"query": TURN, "variables": variables}).json()
        page = answer["data"]["node"]["relations"]
        variables["after"] = page["pageInfo"]["endCursor"]
        client.post("/graphql", json={"query": TURN, "variables": variables})
    assert limits == [HUB_THRESHOLD + 1, 7], "the last one seen, five, and whether there is more"
    assert (page["counted"], page["allCounted"]) == (HUB_THRESHOLD, False)


def test_all_are_counted_for_who_asks(hub: GraphStore, data: Ask) -> None:
    assert data(COUNT)["node"]["relations"]["totalCount"] == len(WORKS) + len(PARALLEL) + 1


def test_a_thing_that_becomes_a_hub_while_it_is_read(store: GraphStore, data: Ask) -> None:
    say(store, *(edge(one, Relation.HAS_SUBJECT, CONCEPT) for one in WORKS[:100]))
    page = data(TURN, first=10)["node"]["relations"]
    assert (page["counted"], page["allCounted"]) == (100, True)
    say(store, *(edge(one, Relation.HAS_SUBJECT, CONCEPT) for one in WORKS[50:]))
    seen = [one["node"]["source"]["id"] for one in page["edges"]]
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = data(TURN, first=500, after=after)["node"]["relations"]
        seen += [one["node"]["source"]["id"] for one in page["edges"]]
    assert len(page["edges"]) > 0
    assert sorted(seen) == WORKS


@pytest.mark.parametrize(
    "key", [("nosuch", "arxiv:2401.00001", "ab"), ("cites", "x", "y"), ("cites",), (1, 2, 3)]
)
def test_a_cursor_that_somebody_made_up(hub: GraphStore, ask: Ask, key: tuple[Any, ...]) -> None:
    answer = ask(TURN, first=5, after=cursor_of("relations/in/many", key))
    if key == ("cites", "x", "y"):
        assert "errors" not in answer
        return
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"
