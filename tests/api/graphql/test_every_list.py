"""A law for every list of the schema: pages of `first` items give ⌈n/first⌉ pages, the last full one included."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type

from api.graphql.schema import schema
from graph.bundle.keys import signer_of
from graph.model.model import Body
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import VOICE, clock, edge, node

COUNT: Final = 6
WORK: Final = "arxiv:2401.00001"
SIGNERS: Final = [
    VOICE,
    *(signer_of(bytes([k]) * 32) for k in range(2, COUNT + 1)),
]  # the store trusts VOICE
PAGE: Final = "{ edges { cursor } pageInfo { hasNextPage endCursor } }"
LISTS: Final = {
    "Query.nodes": 'nodes(kind: "idea", first: $first, after: $after)',
    "Query.search": 'search(text: "mirrors", first: $first, after: $after)',
    "Query.newest": 'newest(kind: "idea", first: $first, after: $after)',
    "Query.statements": "statements(first: $first, after: $after)",
    "Speakers.authors": "authors(first: $first, after: $after)",
    "Node.relations": 'relations(names: ["cites"], first: $first, after: $after)',
    "Node.authors": "authors(first: $first, after: $after)",
    "Node.contributions": "contributions(first: $first, after: $after)",
    "Node.citations": "citations(first: $first, after: $after)",
    "Node.citedBy": "citedBy(first: $first, after: $after)",
}
AROUND: Final = {
    "Query": "{{ {} }}",
    "Speakers": "{{ speakers {{ {} }} }}",
    "Node": f'{{{{ node(id: "{WORK}") {{{{ {{}} }}}} }}}}',
}


@pytest.fixture
def lists(store: GraphStore) -> GraphStore:
    """A store in which each list of `LISTS` has `COUNT` items: as many authors each state one thing."""
    for number, signer in enumerate(SIGNERS):
        speaker = Speaker(signer, f"software:{signer.key}", clock)
        person = f"person:{signer.key}"
        body = Body(
            (node("#idea", Kind.IDEA, title=f"Mirrors {number}"), node(person, Kind.PERSON)),
            (
                edge("#idea", Relation.CITES, WORK),
                edge(WORK, Relation.CITES, f"arxiv:2301.1000{number}"),
                edge(WORK, Relation.WAS_ATTRIBUTED_TO, person, position=number + 1),
            ),
        )
        say(store, speaker, body)
    return store


def say(store: GraphStore, speaker: Speaker, body: Body) -> None:
    store.append(lambda look: [speaker.make_statement(look, body)])


def test_no_list_of_the_schema_is_left_out() -> None:
    types = build_schema(schema.as_str()).type_map.values()
    connections = {
        f"{parent.name}.{name}"
        for parent in types
        if isinstance(parent, GraphQLObjectType)
        for name, field in parent.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    }
    assert connections == set(LISTS)


def pages(data: Ask, name: str, first: int) -> Iterator[list[str]]:
    """The cursors of page after page."""
    after = None
    parent = name.partition(".")[0]
    query = "query($first: Int, $after: String) " + AROUND[parent].format(f"{LISTS[name]} {PAGE}")
    while True:
        answer: Any = data(query, first=first, after=after)
        while "edges" not in answer:
            [answer] = answer.values()
        yield [item["cursor"] for item in answer["edges"]]
        if not answer["pageInfo"]["hasNextPage"]:
            return
        after = answer["pageInfo"]["endCursor"]


@pytest.mark.parametrize("first", [1, 2, 3, 4, COUNT - 1, COUNT, COUNT + 1])
@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_pages(lists: GraphStore, data: Ask, name: str, first: int) -> None:
    sizes = [len(cursors) for cursors in pages(data, name, first)]
    full, rest = divmod(COUNT, first)
    assert sizes == [first] * full + [rest] * (rest > 0)
