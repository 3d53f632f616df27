"""Pages: nothing twice and nothing left out, whatever is added between them."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.graphql.cursors import cursor_of, key_of, keyset_page
from graph.errors import InputError
from graph.model.vocabulary import Relation
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import build, edge, ingest, paper


def pages(data: Ask, query: str, *path: str, first: int) -> Iterator[list[dict[str, Any]]]:
    """The edges of page after page of the connection at a path."""
    after = None
    while True:
        found: Any = data(query, first=first, after=after)
        for key in path:
            found = found[key]
        yield found["edges"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def test_papers_that_come_while_a_list_is_read(store: GraphStore, data: Ask) -> None:
    build(store)
    ingest(store, *(paper(f"arxiv:2401.1{k:04}", title="A paper") for k in range(0, 40, 2)))
    query = """query($first: Int, $after: String) { nodes(kind: "work", first: $first, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
    before = {one for edges in pages(data, query, "nodes", first=7) for one in map(_id, edges)}
    seen: list[str] = []
    for number, edges in enumerate(pages(data, query, "nodes", first=7)):
        seen += map(_id, edges)
        odd = 2 * number + 1
        ingest(store, paper(f"arxiv:2401.1{odd:04}", title="New"), paper(f"arxiv:2401.09{odd:03}"))
    assert len(seen) == len(set(seen)), "nothing twice"
    assert before <= set(seen), "nothing left out"
    assert seen == sorted(seen)


def test_citations_that_come_while_they_are_read(store: GraphStore, data: Ask) -> None:
    old = [f"arxiv:2301.1{k:04}" for k in range(0, 30, 3)]
    ingest(store, *(_citing(one) for one in old))
    query = """query($first: Int, $after: String) { node(id: "arxiv:2201.00003") {
      relations(direction: IN, first: $first, after: $after) { totalCount
        edges { cursor node { source { id } } } pageInfo { hasNextPage endCursor } } } }"""
    seen: list[str] = []
    for number, edges in enumerate(pages(data, query, "node", "relations", first=4)):
        seen += [one["node"]["source"]["id"] for one in edges]
        ingest(
            store, _citing(f"arxiv:2301.0{number:04}"), _citing(f"arxiv:2301.1{3 * number + 1:04}")
        )
    assert len(seen) == len(set(seen))
    assert set(old) <= set(seen)


def test_search_goes_on_behind_the_last_one_seen(store: GraphStore, data: Ask) -> None:
    ingest(store, *(paper(f"arxiv:2301.1{k:04}", title=f"Mirrors {k}") for k in range(9)))
    query = """query($first: Int, $after: String) { search(text: "mirrors", first: $first, after: $after) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
    seen = [one for edges in pages(data, query, "search", first=4) for one in map(_id, edges)]
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "WzEsIm5vZGVzIl0",
        cursor_of("search", ("arxiv:2401.00001", 3)),
        base64.urlsafe_b64encode(json.dumps([2, "nodes", "x"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([1, "nodes", 7]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([1, "nodes", True]).encode()).decode(),
        base64.urlsafe_b64encode(b"[" * 3_000).decode(),
        base64.urlsafe_b64encode(b'[1,"nodes","\\ud800"]').decode(),
        "é" * 20,
        "W" * 5_000,
    ],
)
def test_a_bad_cursor_is_named(ask: Ask, cursor: str) -> None:
    answer = ask("query($c: String) { nodes(after: $c) { edges { cursor } } }", c=cursor)
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert "after: expected a cursor that this service gave with the list nodes" in error["message"]


@pytest.mark.parametrize("first", [0, -1, 501, 2**31 - 1])
def test_first_has_a_range(ask: Ask, first: int) -> None:
    literal = ask(f"{{ nodes(first: {first}) {{ edges {{ cursor }} }} }}")
    variable = ask("query($n: Int) { nodes(first: $n) { edges { cursor } } }", n=first)
    for answer in (literal, variable):
        [error] = answer["errors"]
        assert error["extensions"] == {"code": "BAD_INPUT"}
        assert (
            f"first: expected 1 to 500 (go on with `after` where there is more), got {first}"
            in (error["message"])
        )


def test_no_first_is_the_default(store: GraphStore, data: Ask) -> None:
    ingest(store, *(paper(f"arxiv:2301.1{k:04}", title="A paper") for k in range(30)))
    found = data('query($n: Int) { nodes(kind: "work", first: $n) { edges { cursor } } }', n=None)
    assert len(found["nodes"]["edges"]) == 20


keys = st.tuples(st.text(max_size=5), st.integers(0, 2**53))


@settings(deadline=None)
@given(st.sets(keys, max_size=30), st.sets(keys, max_size=10), st.integers(1, 7))
def test_pages_of_a_list_that_grows(
    old: set[tuple[str, int]], new: set[tuple[str, int]], first: int
) -> None:
    items, after, seen = set(old), None, list[tuple[str, int]]()
    arriving = sorted(new)
    while True:
        found = keyset_page(
            "l", sorted(items), lambda one: one, shape=(str, int), first=first, after=after
        )
        seen += found.items
        if not found.has_next:
            break
        after = found.cursors[-1]
        items |= set(arriving[:1])
        arriving = arriving[1:]
    assert seen == sorted(set(seen))
    assert old <= set(seen)


@settings(deadline=None)
@given(keys)
def test_a_cursor_gives_its_key_back(key: tuple[str, int]) -> None:
    assert key_of("list", cursor_of("list", key), (str, int)) == key
    with pytest.raises(InputError, match="a cursor of the list"):
        key_of("other", cursor_of("list", key), (str, int))


def _id(edge: dict[str, Any]) -> str:
    found: str = edge["node"]["id"]
    return found


def _citing(identifier: str) -> Any:
    return paper(identifier, edge(identifier, Relation.CITES, "arxiv:2201.00003"), title="It cites")
