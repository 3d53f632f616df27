"""The arithmetic of the cost rule on a small schema: each number to the unit, each message to the letter."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    parse,
    value_from_ast_untyped,
)

from api.graphql.cost import Price, refuse_dear
from api.graphql.schema import schema as real
from graph.errors import Fault, InputError, TooDearError


def schema_of(text: str) -> GraphQLSchema:
    """A schema whose arguments hold their defaults, as those of an executable one do."""
    schema = build_schema(text)
    for kind in schema.type_map.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            for argument in field.args.values():
                if argument.ast_node and argument.ast_node.default_value:
                    argument.default_value = value_from_ast_untyped(argument.ast_node.default_value)
    return schema


SMALL = schema_of(
    """
    type Query {
      name: String
      thing: Thing!
      things(first: Int = 20): ThingConnection!
      any(first: Int): ThingConnection
      odd(first: String = "many"): ThingConnection
      list: [Thing!]!
      maybe: [Thing]
      page(first: Int = 5): Page
      text(size: Int): Thing
      either: Either
    }
    type Mutation { change(first: Int = 7): ThingConnection }
    type Thing { id: ID  title: String  parts: [Part!]!  thing: Thing  words: [String!] }
    type Part { id: ID  parts: [Part] }
    type ThingConnection { edges: [ThingEdge!]!  pageInfo: PageInfo!  totalCount: Int  more: ThingConnection }
    type ThingEdge { cursor: String  node: Thing! }
    type PageInfo { endCursor: String  pages: [PageInfo!] }
    type Page { items: [Thing!]!  thing: Thing  total: Int }
    union Either = Thing | Part
    """
)


def price(
    query: str, operation: str | None = None, schema: GraphQLSchema = SMALL, /, **variables: Any
) -> Price:
    return refuse_dear(schema, parse(query), variables=variables, operation=operation)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ name }", Price(0, 1, 1)),
        ("{ name name a: name }", Price(0, 3, 1)),
        ("{ thing { id title } }", Price(1, 2, 2, ("thing",))),
        ("{ thing { thing { id } } }", Price(2, 1, 3, ("thing", "thing"))),
        ("{ list { id } }", Price(10, 10, 2, ("list",))),
        ("{ maybe { id title } }", Price(10, 20, 2, ("maybe",))),
        ("{ list { parts { id } } }", Price(110, 100, 3, ("list", "parts"))),
        ("{ thing { words } }", Price(1, 1, 2, ("thing",))),
        ("{ thing }", Price(0, 1, 1)),
        ("{ either { __typename } }", Price(0, 1, 1)),
        ("{ things { totalCount } }", Price(20, 20, 2, ("things(first: 20)",))),
        ("{ things(first: 3) { edges { cursor } } }", Price(3, 3, 3, ("things(first: 3)",))),
        ("{ things(first: 3) { edges { cursor node { id title } } } }",
         Price(3, 9, 4, ("things(first: 3)", "edges", "node"))),
        ("{ things(first: 3) { edges { node { parts { id } } } } }",
         Price(33, 30, 5, ("things(first: 3)", "edges", "node", "parts"))),
        ("{ things(first: 3) { pageInfo { endCursor pages { endCursor } } } }",
         Price(3, 6, 4, ("things(first: 3)",))),
        ("{ things(first: 3) { more { edges { cursor } } } }",
         Price(3, 3, 4, ("things(first: 3)",))),
        ("{ page(first: 4) { items { id } thing { id } total } }",
         Price(8, 12, 3, ("page(first: 4)", "items"))),
        ("{ page { items { parts { id } } } }",
         Price(55, 50, 4, ("page(first: 5)", "items", "parts"))),
        ("{ text(size: 9) { id } }", Price(1, 1, 2, ("text",))),
        ("{ any { totalCount } }", Price(500, 500, 2, ("any(first: 500)",))),
        ("{ odd { totalCount } }", Price(500, 500, 2, ("odd(first: 500)",))),
        ("mutation { change { totalCount } }", Price(7, 7, 2, ("change(first: 7)",))),
        ("{ __schema { queryType { name } types { name } } }",
         Price(40, 41, 3, ("__schema", "types"))),
        ("{ nosuch { id } }", Price()),
        ("{ nosuch name }", Price(0, 1, 1)),
        ("subscription { list { id } }", Price()),
        ("subscription { __typename ... on Query { list { id } } }", Price()),
        ("fragment F on Thing { id }", Price()),
    ],
)  # fmt: skip
def test_the_price_of_a_query(query: str, expected: Price) -> None:
    assert price(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ ... { list { id } } }", Price(10, 10, 2, ("list",))),
        ("{ ... on Query { list { id } } }", Price(10, 10, 2, ("list",))),
        ("{ ... on Nosuch { list { id } } name }", Price(0, 1, 1)),
        ("{ ... on Either { __typename } name }", Price(0, 1, 1)),
        ("{ ...F } fragment F on Query { list { id } }", Price(10, 10, 2, ("list",))),
        ("{ ...F ...F } fragment F on Query { list { id } }", Price(20, 20, 2, ("list",))),
        ("{ ...F name } fragment F on Nosuch { list { id } }", Price(0, 1, 1)),
        ("{ ...F name } fragment F on Either { list { id } }", Price(0, 1, 1)),
        ("{ ...F name } fragment F on Nosuch { __typename ... on Query { list { id } } }", Price(0, 1, 1)),
        ("{ ...G name } fragment F on Query { list { id } }", Price(0, 1, 1)),
        ("{ ...F name } fragment F on Query { ...F list { id } }", Price(10, 11, 2, ("list",))),
        # In a page `items` is counted by `first`; the same fragment outside of one is not.
        ("{ a: page(first: 4) { ...P } } fragment P on Page { items { id } ...Q }"
         " fragment Q on Page { ... { items { id } } }", Price(8, 8, 3, ("page(first: 4)", "items"))),
        ("{ things(first: 2) { ...C more { ...C } } } fragment C on ThingConnection { edges { cursor } }",
         Price(2, 4, 4, ("things(first: 2)",))),
    ],
)  # fmt: skip
def test_the_price_of_a_fragment(query: str, expected: Price) -> None:
    assert price(query) == expected


def test_a_fragment_in_a_page_and_outside_has_two_prices() -> None:
    schema = schema_of(
        "type Query { page(first: Int = 5): Page  one: Page } type Page { items: [T] } type T { id: ID }"
    )
    fragment = "fragment P on Page { items { id } }"
    inside = Price(5, 5, 3, ("page(first: 5)", "items"))
    outside = Price(11, 10, 3, ("one", "items"))
    assert price("{ page { ...P } } " + fragment, None, schema) == inside
    assert price("{ one { ...P } } " + fragment, None, schema) == outside
    both = Price(16, 15, 3, outside.dearest)
    assert price("{ page { ...P } one { ...P } } " + fragment, None, schema) == both
    assert price("{ one { ...P } page { ...P } } " + fragment, None, schema) == both


@pytest.mark.parametrize(
    ("query", "dearest"),
    [
        ("{ thing { id } list { id } a: thing { id } }", "list"),
        ("{ a: list { id } b: maybe { id } }", "list"),
        ("{ thing { id } things(first: 9) { totalCount } }", "thing"),
    ],
)
def test_the_dearest_part_is_named(query: str, dearest: str) -> None:
    names = price(query.replace("first: 9", "first: 1")).dearest
    assert names == (dearest,)


def test_a_value_that_is_work_can_be_the_dearest_part() -> None:
    query = '{ bundle(id: "x") { body } }'
    assert price(query, None, real.executable) == Price(11, 1, 2, ("bundle", "body"))
    assert price('{ bundle(id: "x") { id body } }', None, real.executable).dearest[-1] == "body"


@pytest.mark.parametrize(
    ("value", "nodes"),
    [
        ("1", 1), ("500", 500), ("null", 20), ('"3"', 20), ("3.0", 20), ("[3]", 20), ("true", 20),
        ("$n", 20), ("$m", 20),
    ],
)  # fmt: skip
def test_the_first_of_a_text(value: str, nodes: int) -> None:
    assert price(f"query($n: Int) {{ things(first: {value}) {{ totalCount }} }}").nodes == nodes


@pytest.mark.parametrize(
    ("value", "nodes"),
    [(1, 1), (500, 500), (3.0, 3), (3.5, 20), (True, 20), ("3", 20), (None, 20), ([3], 20)],
)
def test_the_first_of_a_variable(value: object, nodes: int) -> None:
    query = "query($n: Int) { things(first: $n) { totalCount } }"
    assert price(query, n=value).nodes == nodes


def test_the_default_of_a_variable() -> None:
    query = 'query($s: String = "3", $m: Int = 2, $n: Int = 4) { things(first: $n) { totalCount } }'
    assert price(query).nodes == 4
    assert price(query, m=9).nodes == 4
    assert price(query, n=6).nodes == 6


def test_the_last_first_counts_and_other_arguments_do_not() -> None:
    assert price('{ things(after: 9, first: 3, kind: "work") { totalCount } }').nodes == 3


@pytest.mark.parametrize(
    ("value", "got"),
    [
        ("0", "0"),
        ("-1", "-1"),
        ("501", "501"),
        ("99999999999", "99999999999"),
        ("999999999999", "1000000000000"),
    ],
)
def test_a_first_out_of_range(value: str, got: str) -> None:
    with pytest.raises(InputError) as refusal:
        price(f"{{ things(first: {value}) {{ totalCount }} }}")
    expected = "1 to 500 (go on with `after` where there is more)"
    assert refusal.value.what == "the query can't be answered"
    assert refusal.value.faults == (Fault("things.first", expected, got),)


def test_the_named_operation_is_counted_and_without_a_name_the_dearest() -> None:
    query = "query A { thing { id } } query B { list { id } } query C { maybe { id title } }"
    assert price(query, "A") == Price(1, 1, 2, ("thing",))
    assert price(query, "B") == Price(10, 10, 2, ("list",))
    assert price(query) == Price(10, 10, 2, ("list",))
    assert price(query, "D") == Price()
    assert price("{ list { id } }", "A") == Price()


def message(query: str, /, **variables: Any) -> str:
    with pytest.raises(TooDearError) as refusal:
        price(query, **variables)
    return str(refusal.value)


def test_ten_thousand_nodes_are_answered_and_one_more_is_refused() -> None:
    full = " ".join(f"a{k}: things(first: 500) {{ totalCount }}" for k in range(20))
    assert price(f"{{ {full} }}").nodes == 10_000
    assert message(f"{{ {full} thing {{ thing {{ id }} }} }}") == (
        "the query asks for up to 10,002 nodes; 10,000 is the most. Its dearest part is things(first: 500): "
        "ask for fewer at a time with `first` and go on with `after`, or for less inside each"
    )
    assert "up to 10,001 nodes" in message(f"{{ thing {{ id }} {full} }}")
    nested = "{ things(first: 500) { edges { node { parts { parts { id } } } } } }"
    assert "Its dearest part is things(first: 500) > edges > node > parts > parts: " in (
        message(nested)
    )


def test_a_hundred_thousand_values_are_answered_and_one_more_is_refused() -> None:
    titles = " ".join(f"a{k}: totalCount" for k in range(200))
    full = f"things(first: 500) {{ {titles} }}"
    assert price(f"{{ {full} }}").values == 100_000
    assert message(f"{{ {full} name }}") == (
        "the query asks for up to 100,001 values; 100,000 is the most. Ask for fewer things at a time, "
        "or for fewer fields of each"
    )


def test_thirty_fields_deep_is_answered_and_one_more_is_refused() -> None:
    def deep(levels: int) -> str:
        return "{ thing " * (levels - 1) + "{ id }" + " }" * (levels - 1)

    assert price(deep(30)).depth == 30
    assert message(deep(31)) == (
        "the query goes 31 fields deep; 30 is the most. Ask for the outer things first and go on from "
        "their ids with node(id:)"
    )


def test_the_limits_hold_for_each_operation_where_none_is_named() -> None:
    """The dearest by nodes need not be the one with the most values, or the deepest."""
    dearest = "query A { a: things { totalCount } b: things(first: 500) { totalCount } } query B "
    names = " ".join(f"a{k}: totalCount" for k in range(201))
    assert message(f"{dearest} {{ things(first: 500) {{ {names} }} }}").startswith(
        "the query asks for up to 100,500 values"
    )
    assert message(dearest + "{ thing " * 30 + "{ id }" + " }" * 30).startswith(
        "the query goes 31 fields deep"
    )


@pytest.mark.parametrize(
    ("levels", "first", "number"),
    [
        (14, 10, "100,000,000,000,000"),
        (15, 9, "205,891,132,094,649"),
        (15, 10, "more than 10^14"),
        (16, 10, "more than 10^15"),
        (17, 10, "more than 10^16"),
        (29, 10, "more than 10^28"),
    ],
)
def test_a_number_that_nobody_reads_is_told_by_its_size(
    levels: int, first: int, number: str
) -> None:
    schema = schema_of("type Query { c(first: Int = 1): Query  n: Int }")
    query = f"{{ c(first: {first}) " * levels + "{ n }" + " }" * levels
    with pytest.raises(TooDearError, match=f"up to {re.escape(number)} nodes; "):
        price(query, None, schema)
