"""The cost rule: what is too dear is refused before it is executed, with its cost and the way out."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
)

from api.graphql.cost import Price, refuse_dear
from api.graphql.field_cost import INTROSPECTION_LIST_SIZES, FieldCost, field_cost
from api.graphql.schema import schema
from api.graphql.token_limit import count_tokens
from graph.errors import InputError, TooDearError
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import PAPER


def price(query: str, operation: str | None = None, /, **variables: Any) -> Price:
    return refuse_dear(schema.executable, parse(query), variables=variables, operation=operation)


def object_fields() -> Iterator[tuple[str, GraphQLField, FieldCost]]:
    """All fields of the schema and of its introspection, with the figures that they state."""
    for parent in schema.executable.type_map.values():
        if isinstance(parent, GraphQLObjectType):
            for name, field in parent.fields.items():
                yield f"{parent.name}.{name}", field, field_cost(parent.name, name, field)


def is_object_list(field: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(field.type)) and isinstance(
        get_named_type(field.type), GraphQLObjectType
    )


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("{ stats { bundles } }", 101),
        ('{ node(id: "x") { id title } }', 1),
        ('{ a: node(id: "x") { id } b: node(id: "x") { id } }', 2),
        ("{ nodes(first: 500) { edges { node { id } } } }", 500),
        ("{ nodes { edges { node { id } } } }", 20),
        ("{ nodes(first: null) { edges { node { id } } } }", 20),
        ("{ nodes(first: 500) { pageInfo { endCursor } } }", 500),
        ("{ nodes(first: 50) { edges { node { authors(first: 9) { edges { node { agent { id } } } } } } } }",
         50 * (1 + 9 * 2)),
        ("{ nodes(first: 5) { edges { node { versions { id } } } } }", 5 * (1 + 10)),
        ("{ nodes(first: 5) { edges { node { ... on Node { versions { id } } } } } }", 55),
        ("query { nodes(first: 5) { ...P } } fragment P on NodeConnection { edges { node { versions { id } } } }",
         55),
        ('{ lineage(id: "x", first: 60) { nodes { node { id } } relations { target { id } } } }',
         60 * (1 + 1 + 1 + 1)),
        ('{ bundle(id: "x") { body proof { root } } }', 1 + 10 + 1 + 10),
        ('{ node(id: "x") { alsoStated { at } } }', 1 + 3),
        ("{ speakers { authors(first: 2) { edges { node { granted { key } } } } pending { key } } }",
         1_000 + 1 + 2 * (1 + 5) + 10),
        ('{ audit(id: "x") { checks { name } } }', 200 + 1 + 20),
        ('{ related(text: "x", first: 5) { items { path { name } } } }', 300 + 5 * (1 + 4)),
        ("{ __schema { types { fields { args { name } } } } }", 40 * (1 + 10 * (1 + 3))),
        ("{ __typename }", 0),
    ],
)  # fmt: skip
def test_prices(query: str, nodes: int) -> None:
    assert price(query).nodes == nodes


def test_each_stated_list_size_is_of_a_list_that_is_counted_by_it() -> None:
    sizes = {
        place: (field, stated.list_size)
        for place, field, stated in object_fields()
        if stated.list_size is not None
    }
    assert set(INTROSPECTION_LIST_SIZES) < set(sizes)
    for place, (field, size) in sizes.items():
        assert size >= 1, place
        assert is_object_list(field), place
        assert "first" not in field.args, f"the length of {place} is asked for"


def test_the_lists_of_the_default_size() -> None:
    # A list that is new here gets a `size` beside it, or a line below: a length that nobody knows better.
    fields = list(object_fields())
    pages = {
        get_named_type(field.type).name
        for _, field, _ in fields
        if "first" in field.args and not is_object_list(field)
    }
    lists = {
        place
        for place, field, stated in fields
        if is_object_list(field)
        and "first" not in field.args
        and stated.list_size is None
        and place.partition(".")[0] not in pages  # the `first` of a page counts its lists
    }
    assert lists == {
        "Node.versions",
        "Speakers.pending",
        "DirectionSuggestion.bridging",
        "DirectionSuggestion.left",
        "DirectionSuggestion.right",
        "__Type.fields",
    }
    assert price('{ node(id: "x") { versions { id } } }').nodes == 1 + 10


def test_variables_are_counted_as_given() -> None:
    query = "query($n: Int = 7) { nodes(first: $n) { edges { node { id } } } }"
    assert price(query).nodes == 7
    assert price(query, n=300).nodes == 300
    assert price(query, n=None).nodes == 20
    assert price(query, n=300.0).nodes == 300, "GraphQL takes it for an Int"


def test_the_operation_that_will_run_is_counted() -> None:
    query = (
        "query Small { nodes(first: 1) { edges { cursor } } } "
        "query Large { nodes(first: 400) { edges { cursor } } }"
    )
    assert price(query, "Small").nodes == 1
    assert price(query, "Large").nodes == 400
    assert price(query).nodes == 400


def test_skipping_makes_nothing_cheaper() -> None:
    query = "query($no: Boolean!) { nodes(first: 9) @skip(if: $no) { edges { cursor } } }"
    assert price(query, no=True).nodes == 9


def test_the_introspection_of_clients_is_within_the_limits(data: Ask) -> None:
    assert price(get_introspection_query()).nodes < 10_000
    assert data(get_introspection_query())["__schema"]["queryType"]["name"] == "Query"


def refused(answer: Mapping[str, Any]) -> str:
    assert answer.get("data") is None
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "TOO_DEAR"}
    found: str = error["message"]
    return found


def test_a_dear_query_is_told_its_cost_the_limit_and_what_to_ask(ask: Ask) -> None:
    message = refused(
        ask(
            """{ nodes(first: 500) { edges { node {
            relations(first: 50) { edges { node { target { id } } } } } } } }"""
        )
    )
    assert "up to 50,500 nodes" in message
    assert "10,000 is the most" in message
    assert "nodes(first: 500) > edges > node > relations(first: 50)" in message
    assert "`first`" in message
    assert "`after`" in message


def test_just_below_the_limit_is_answered(ask: Ask) -> None:
    query = "{ nodes(first: 500) { edges { node { relations(first: %d) { totalCount } } } } }"
    assert "errors" not in ask(query % 19)
    refused(ask(query % 20))


def test_aliases_count(ask: Ask) -> None:
    lines = " ".join(f"a{k}: nodes(first: 500) {{ edges {{ cursor }} }}" for k in range(21))
    assert "up to 10,500 nodes" in refused(ask("{" + lines + "}"))


def test_many_values_of_few_nodes(ask: Ask) -> None:
    lines = " ".join(f"a{k}: title" for k in range(300))
    message = refused(ask("{ nodes(first: 500) { edges { node { " + lines + " } } } }"))
    assert "values; 100,000 is the most" in message


def test_fragments_inside_fragments_are_counted_once(ask: Ask) -> None:
    parts = [
        f"fragment F{k} on Node {{ a{k}: versions {{ ...F{k + 1} }} b{k}: versions {{ ...F{k + 1} }} }}"
        for k in range(30)
    ]
    query = (
        f'{{ node(id: "{PAPER}") {{ ...F0 }} }} ' + " ".join(parts) + " fragment F30 on Node { id }"
    )
    # 2^30 paths of 10^30 things: counting one by one would not end.
    assert "more than 10^" in refused(ask(query))


def test_the_same_fragment_twice_on_each_of_30_levels(ask: Ask) -> None:
    parts = [f"fragment F{k} on Node {{ ...F{k + 1} ...F{k + 1} }}" for k in range(30)]
    query = (
        f'{{ node(id: "{PAPER}") {{ ...F0 }} }} ' + " ".join(parts) + " fragment F30 on Node { id }"
    )
    assert "values; 100,000 is the most" in refused(ask(query))


def test_fragments_in_a_circle_are_refused_by_name(ask: Ask) -> None:
    query = """{ nodes { ...A } } fragment A on NodeConnection { edges { node { ...B } } }
      fragment B on Node { citations { ...A } }"""
    answer = ask(query)
    assert "data" not in answer
    assert answer["errors"][0]["extensions"] == {"code": "BAD_INPUT"}
    assert "Cannot spread fragment 'A' within itself" in answer["errors"][0]["message"]


def test_depth(ask: Ask) -> None:
    steps = 16
    query = '{ node(id: "x") ' + "{ contributions(first: 1) { edges { node { agent " * steps
    query += "{ id }" + " } } } }" * steps + " }"
    assert "fields deep; 30 is the most" in refused(ask(query))


def test_tokens(ask: Ask) -> None:
    query = "{ stats { " + "bundles " * 2_000 + "} }"
    assert count_tokens(query) == 2_005
    assert refused(ask(query)).startswith("the query has 2,005 tokens; 2,000 is the most")


@pytest.mark.parametrize("first", ["0", "501", "99999999999999999999"])
def test_first_out_of_range_is_refused_before_it_is_executed(first: str) -> None:
    with pytest.raises(InputError, match="expected 1 to 500"):
        price(f"{{ nodes(first: {first}) {{ edges {{ cursor }} }} }}")


def test_what_is_wrong_is_left_to_validation(store: GraphStore, ask: Ask) -> None:
    for query in (
        "{ nosuch { id } }",
        "{ nodes { ...Nosuch } }",
        "{ nodes { ... on Nosuch { id } } }",
        "fragment F on Nosuch { id } { nodes { ...F } }",
        "subscription { nodes { edges { cursor } } }",
        "mutation { nodes { edges { cursor } } }",
        '{ nodes(first: "3") { edges { cursor } } }',
        "{ nodes(first: {a: [1]}) { edges { cursor } } }",
        "{ stats }",
        "{ stats { bundles { x } } }",
        "{",
        "query($n: Nosuch) { nodes(first: $n) { edges { cursor } } }",
    ):
        answer = ask(query)
        assert answer.get("data") is None, query
        assert {one["extensions"]["code"] for one in answer["errors"]} == {"BAD_INPUT"}, query


@pytest.mark.parametrize(
    "query",
    [
        "query($n: Int = %s) { nodes(first: $n) { edges { cursor } } }",
        "query($n: [Int] = [%s]) { stats { bundles } }",
        "query($n: Float = -%s.5) { stats { bundles } }",
        '{ lineage(id: "arxiv:2401.00001", depth: %s) { asOf { size } } }',
        "{ node(id: %s) { id } }",
    ],
)
def test_a_number_that_nobody_can_read_is_bad_input(ask: Ask, query: str) -> None:
    answer = ask(query % ("9" * 5_000))
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "BAD_INPUT"}
    assert "expected numbers of at most 400 digits" in error["message"]


def test_too_dear_is_an_error_of_ours() -> None:
    with pytest.raises(TooDearError):
        price("{ directions(first: 500) { items { left { versions { id } } } } }")
    assert price("{ directions(first: 500) { items { left { id } } } }").nodes == 500 * 11 + 4000
