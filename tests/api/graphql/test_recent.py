"""What came last comes first: things by what is shown of them, statements by when they came into the log."""

from typing import Any

import pytest

from api.graphql.cursors import cursor_of
from graph.model.model import Answer, Body, BundleId, Description
from graph.model.vocabulary import Kind, Verb
from graph.queries.newest import newest_statements, newest_things
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import OLDER, PAPER, SECOND, VOICE, World, clock, ingest, node, paper
from tests.graph.statements import RUN_BODY, add, idea
from tests.graph.statements import say as statement_of
from tests.graph.unfit import unfit, with_keys

NEWEST = """query($kind: String!, $first: Int, $after: String) {
  newest(kind: $kind, first: $first, after: $after) {
    edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
STATEMENTS = """query($first: Int, $after: String) { statements(first: $first, after: $after) {
  edges { node { bundle { id } describedCount relationCount describes(first: 2) { title }
    attribution { author words } } } pageInfo { hasNextPage endCursor } } }"""


def say(store: GraphStore, body: Body, **more: Any) -> BundleId:
    """A person says something."""
    speaker = Speaker(SECOND, f"person:{SECOND.key}", clock)
    return store.append(lambda look: [speaker.make_statement(look, body, **more)]).added[0]


def ids(page: Any) -> list[str]:
    return [one["node"]["id"] for one in page["edges"]]


def test_the_newest_works_come_first_and_one_that_is_revised_comes_up(
    world: World, store: GraphStore, data: Ask
) -> None:
    names = [f"arxiv:2301.1{k:04}" for k in range(5)]
    for name in names:
        ingest(store, paper(name, title="A paper"))
    assert ids(data(NEWEST, kind="work")["newest"])[:5] == names[::-1]
    ingest(store, paper(names[1], title="Revised", at="2026-02-02T00:00:00Z"))
    found = ids(data(NEWEST, kind="work")["newest"])
    assert found[:5] == [names[1], *names[:1:-1], names[0]]
    assert sorted(found) == sorted([*names, PAPER, OLDER]), "each once, and all that are described"


def test_a_reference_that_led_nowhere_is_no_news(
    world: World, store: GraphStore, data: Ask
) -> None:
    say(store, Body((Description("#r1", Kind.WORK, {"text": "Archer, A. (2010). Sheep."}),), ()))
    say(store, Body((Description("#w", Kind.WORK, {"title": "A work of ours"}),), ()))
    first, *rest = data(NEWEST.replace("id }", "id title }"), kind="work")["newest"]["edges"]
    assert first["node"]["title"] == "A work of ours"
    assert sorted(one["node"]["id"] for one in rest) == sorted([PAPER, OLDER])


def test_things_that_come_while_they_are_read(store: GraphStore, data: Ask) -> None:
    names = [f"arxiv:2301.1{k:04}" for k in range(23)]
    ingest(store, *(paper(one, title="A paper") for one in names[:20]))
    seen: list[str] = []
    page: Any = None
    after = None
    for more in (names[20], names[21], names[22], None):
        page = data(NEWEST, kind="work", first=6, after=after)["newest"]
        seen += ids(page)
        after = page["pageInfo"]["endCursor"]
        if more:
            ingest(store, paper(more, title="New"))
    assert page["pageInfo"]["hasNextPage"] is False
    assert sorted(seen) == names[:20], "nothing twice, nothing left out"


def test_what_others_say_of_a_work_does_not_bring_it_up(
    world: World, store: GraphStore, data: Ask
) -> None:
    before = ids(data(NEWEST, kind="work")["newest"])
    say(store, Body((node(OLDER, Kind.WORK, title="What I call it"),)))
    assert ids(data(NEWEST, kind="work")["newest"]) == before


def test_a_page_looks_back_so_far_and_goes_on(store: GraphStore) -> None:
    first = say(store, Body((node("#1", Kind.IDEA, title="The first"),)))
    ingest(store, *(paper(f"arxiv:2301.1{k:04}", title="A paper") for k in range(25)))
    found = newest_things(store, Kind.IDEA, after=None, first=5, max_bundles=10)
    steps = 1
    while not found.items:
        assert found.more is not None
        found = newest_things(store, Kind.IDEA, after=found.more, first=5, max_bundles=10)
        steps += 1
    assert steps == 3
    assert found.more is None
    said = newest_statements(store, after=None, first=5, max_bundles=10)
    assert said.items == ()
    assert said.more == (17, "")
    said = newest_statements(store, after=(10, ""), first=5, max_bundles=10)
    assert [one.bundle.id for _, one in said.items] == [first]
    assert said.more is None
    assert newest_things(store, Kind.RUN, after=None, first=5, max_bundles=10).more is None, (
        "none here"
    )


def test_statements_come_newest_first_with_who_is_behind_them(
    world: World, store: GraphStore, data: Ask
) -> None:
    second = say(store, Body((node("#1", Kind.IDEA, title="Another"),)))
    page = data(STATEMENTS)["statements"]
    found = [one["node"] for one in page["edges"]]
    assert [one["bundle"]["id"] for one in found] == [second, world.dispute, world.statement]
    assert [one["attribution"]["author"] for one in found] == [SECOND.key, SECOND.key, VOICE.key]
    assert found[0]["describes"] == [{"title": "Another"}]
    assert [(one["describedCount"], one["relationCount"]) for one in found] == [
        (1, 0),
        (0, 1),
        (4, 4),
    ]
    assert len(found[2]["describes"]) == 2
    assert page["pageInfo"]["hasNextPage"] is False
    say(store, Body(), answers=(Answer(Verb.RETRACTS, second),))
    again = [one["node"]["bundle"]["id"] for one in data(STATEMENTS)["statements"]["edges"]]
    assert second not in again, "what was retracted is not said any more"
    assert again[1:] == [world.dispute, world.statement]
    one = data(STATEMENTS, first=1)["statements"]
    rest = data(STATEMENTS, first=9, after=one["pageInfo"]["endCursor"])["statements"]
    assert [x["node"]["bundle"]["id"] for p in (one, rest) for x in p["edges"]] == again


def test_of_an_empty_log_there_is_nothing(store: GraphStore, data: Ask) -> None:
    nothing = {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    assert data(NEWEST, kind="work")["newest"] == nothing
    assert data(STATEMENTS)["statements"] == nothing


@pytest.mark.parametrize("after", ["", "nonsense", "WzEsIm5ld2VzdC93b3JrIiwieCIsInkiXQ"])
def test_a_wrong_cursor_is_refused(world: World, ask: Ask, after: str) -> None:
    [error] = ask(NEWEST, kind="work", after=after)["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert "a cursor that this service gave with the list newest/work" in error["message"]


def test_a_cursor_far_outside_is_no_harm(world: World, data: Ask) -> None:
    for position in (-5, 10**30):
        cursor = cursor_of("newest/work", (position, "x"))
        assert data(NEWEST, kind="work", after=cursor)["newest"]["edges"] is not None


def test_a_kind_that_is_none_is_refused(ask: Ask) -> None:
    [error] = ask(NEWEST, kind="papers")["errors"]
    assert "kind: expected one of work, version" in error["message"]


def test_bundles_with_words_and_keys_of_tomorrow(
    world: World, store: GraphStore, data: Ask
) -> None:
    """An idea in a body that doesn't fit is no news, and keys that mean nothing change nothing."""
    words = b'{"nodes":[{"id":"#1","kind":"idea"},{"id":"#2","kind":"pasture"}],"words":2}'
    said = with_keys(statement_of(SECOND, idea("#1", "New")), SECOND, weather="fair")
    record = with_keys(
        paper("arxiv:2301.00099", title="One"), None, extra={"key": VOICE.key, "n": 1}
    )
    add(store, unfit(SECOND, words), said, record)
    speaker = Speaker(VOICE, f"software:{VOICE.key}", clock)
    vouches = (record.id,)
    store.append(lambda look: [speaker.make_statement(look, RUN_BODY, vouches=vouches)])
    store.append(lambda look: [speaker.make_statement(look, RUN_BODY)])
    (minted,) = said.minted_ids()
    assert ids(data(NEWEST, kind="idea")["newest"])[0] == minted
    assert ids(data(NEWEST, kind="work")["newest"])[0] == "arxiv:2301.00099"
    shown = [one["node"]["bundle"]["id"] for one in data(STATEMENTS)["statements"]["edges"]]
    assert said.id in shown
    assert record.id not in shown
    runs = [one["node"]["describes"] for one in data(STATEMENTS)["statements"]["edges"][:2]]
    assert runs[0] == [{"title": "New"}], "runs are left out, also those that vouch for nothing"
