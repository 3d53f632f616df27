"""Cost rule: limit the size of a GraphQL query's result before anything of it is executed.

The cost of a query is the number of things that it could return:

- an object is 1, and what is selected below it is added;
- a field that takes `first` returns `first` of what is selected below it, so the numbers multiply;
  it is at least `first`;
- a list without `first` is assumed to be as long as the `size` that its field states, else
  `DEFAULT_LIST_SIZE`;
- a field that is work for the service beyond reading one thing states a `cost`, which is added;
- a page's wrapping (`edges`, `pageInfo`, …) and plain values are no nodes.

Plain values have a limit of their own, counted in the same way. Each alias counts; `@skip` and `@include`
don't make a query cheaper. A fragment is counted once and its cost kept, so counting fragments inside
fragments takes no longer than their text is long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from api.graphql.field_cost import field_cost
from graph.errors import Fault, InputError, TooDearError

MAX_NODES: Final = 10_000
MAX_VALUES: Final = 100_000
MAX_DEPTH: Final = 30
MAX_FIRST: Final = 500
DEFAULT_LIST_SIZE: Final = 10

_INTROSPECTION_TYPES: Final = frozenset(
    {"__Type", "__Schema", "__Field", "__InputValue", "__EnumValue", "__Directive"}
)


@dataclass(frozen=True, slots=True)
class Price:
    """Cost of a selection: its nodes, values and depth, and the path to its most expensive part."""

    nodes: int = 0
    values: int = 0
    depth: int = 0
    dearest: tuple[str, ...] = ()


def refuse_dear(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    variables: Mapping[str, Any],
    operation: str | None,
) -> Price:
    """Refuse an operation that is too expensive, else return its price.

    That is the operation that will be executed; where none is named, the most expensive. `schema` is the
    executable one: the figures that its fields state (`api.graphql.field_cost`) are not in its text.

    Raises:
        TooDearError: It is above `MAX_NODES` or `MAX_VALUES`, or deeper than `MAX_DEPTH`.
        InputError: A `first` is not within 1 to `MAX_FIRST`.
    """
    prices = [
        _Counter(schema, document, _variable_values(definition, variables)).operation_price(
            definition
        )
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (
            operation is None
            or (definition.name is not None and definition.name.value == operation)
        )
    ]
    price = max(prices, key=lambda price: price.nodes, default=Price())
    if price.nodes > MAX_NODES:
        raise TooDearError(
            f"the query asks for up to {_readable(price.nodes)} nodes; {MAX_NODES:,} is the most. Its "
            f"dearest part is {' > '.join(price.dearest)}: ask for fewer at a time with `first` and go "
            "on with `after`, or for less inside each"
        )
    values = max((price.values for price in prices), default=0)
    if values > MAX_VALUES:
        raise TooDearError(
            f"the query asks for up to {_readable(values)} values; {MAX_VALUES:,} is the most. Ask for "
            "fewer things at a time, or for fewer fields of each"
        )
    depth = max((price.depth for price in prices), default=0)
    if depth > MAX_DEPTH:
        raise TooDearError(
            f"the query goes {depth} fields deep; {MAX_DEPTH} is the most. Ask for the outer things "
            "first and go on from their ids with node(id:)"
        )
    return price


def _readable(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"more than 10^{number.bit_length() * 3 // 10 - 1}"


def _variable_values(
    operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        if isinstance(definition.default_value, IntValueNode):
            values[definition.variable.name.value] = int(definition.default_value.value)
    return values | dict(variables)


@dataclass(slots=True)
class _Counter:
    """Counter of the cost of one operation; errors in the document are left to validation."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    fragment_prices: dict[tuple[str, bool], Price] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.fragments = {
            definition.name.value: definition
            for definition in self.document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def operation_price(self, operation: OperationDefinitionNode) -> Price:
        """Return the price of an operation."""
        root = self.schema.get_root_type(operation.operation)
        return (
            self.selections_price(operation.selection_set, root, paged=False) if root else Price()
        )

    def selections_price(
        self, selections: SelectionSetNode, parent: GraphQLObjectType, *, paged: bool
    ) -> Price:
        """Return the price of a selection set for one object; `paged` where `first` already counted the lists."""
        return _total_price(
            [self.selection_price(node, parent, paged=paged) for node in selections.selections]
        )

    def selection_price(
        self, node: SelectionNode, parent: GraphQLObjectType, *, paged: bool
    ) -> Price:
        """Return the price of one selection: a field, a fragment spread or an inline fragment."""
        if isinstance(node, FieldNode):
            return self.field_price(node, parent, paged=paged)
        if isinstance(node, FragmentSpreadNode):
            return self.spread_price(node.name.value, paged=paged)
        condition = getattr(node, "type_condition", None)
        inner = self.object_type(condition.name.value) if condition else parent
        return self.selections_price(node.selection_set, inner, paged=paged) if inner else Price()  # type: ignore[attr-defined]  # an inline fragment, the third and last kind

    def spread_price(self, name: str, *, paged: bool) -> Price:
        """Return the price of a named fragment, counted once; a fragment inside itself costs nothing."""
        key = name, paged
        if key not in self.fragment_prices:
            self.fragment_prices[key] = Price()  # what a cycle meets; validation refuses cycles
            fragment = self.fragments.get(name)
            on = self.object_type(fragment.type_condition.name.value) if fragment else None
            if fragment and on:
                self.fragment_prices[key] = self.selections_price(
                    fragment.selection_set, on, paged=paged
                )
        return self.fragment_prices[key]

    def field_price(self, node: FieldNode, parent: GraphQLObjectType, *, paged: bool) -> Price:
        """Return the price of a field, with all below it."""
        name = node.name.value
        definition = self.schema.get_field(parent, name)
        if definition is None:
            return Price()
        figures = field_cost(parent.name, name, definition)
        inner = get_named_type(definition.type)
        if not isinstance(inner, GraphQLObjectType) or not node.selection_set:
            return Price(figures.nodes, 1, 1, (name,))
        first = self.first_of(node, definition)
        wrapping = _is_wrapping(inner.name)
        below = self.selections_price(
            node.selection_set, inner, paged=first is not None or (paged and wrapping)
        )
        if first is not None:
            label, nodes, size = f"{name}(first: {first})", first * max(1, below.nodes), first
        else:
            label, size = name, _size(definition, figures.list_size, paged=paged)
            own = 0 if wrapping and (paged or size == 1) else size
            nodes = own + size * below.nodes
        return Price(
            nodes + figures.nodes,
            size * below.values,
            below.depth + 1,
            (label, *below.dearest),
        )

    def first_of(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """Return the value of a field's `first`, `None` where the field takes none."""
        if "first" not in definition.args:
            return None
        default = _default_of(definition.args["first"])
        value: object = default
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = self.value_of(argument.value, default)
        if value is None or not isinstance(value, int) or isinstance(value, bool):
            return default
        if not 1 <= value <= MAX_FIRST:
            expected = f"1 to {MAX_FIRST} (go on with `after` where there is more)"
            raise InputError(
                "the query can't be answered",
                [Fault(f"{node.name.value}.first", expected, str(value))],
            )
        return value

    def value_of(self, value: object, default: object) -> object:
        """Return the value of an argument, from the text or from a variable."""
        if isinstance(value, VariableNode):
            variable_value = self.variables.get(value.name.value, default)
            # GraphQL takes 500.0 for an Int (section 3.5.1), so it is counted as one.
            return (
                int(variable_value)
                if isinstance(variable_value, float) and variable_value.is_integer()
                else variable_value
            )
        if isinstance(value, IntValueNode):
            return int(value.value) if len(value.value) < 12 else 10**12
        return default

    def object_type(self, name: str) -> GraphQLObjectType | None:
        """Return the object type of this name, `None` where there is none."""
        named_type = self.schema.get_type(name)
        return named_type if isinstance(named_type, GraphQLObjectType) else None


def _default_of(argument: GraphQLArgument) -> int:
    """Return the default of a `first`; one without a default could return `MAX_FIRST`."""
    default = argument.default_value
    return default if isinstance(default, int) else MAX_FIRST


def _total_price(prices: Sequence[Price]) -> Price:
    dearest = max(prices, key=lambda price: price.nodes, default=Price())
    return Price(
        sum(price.nodes for price in prices),
        sum(price.values for price in prices),
        max((price.depth for price in prices), default=0),
        dearest.dearest if dearest.nodes else (),
    )


def _is_wrapping(name: str) -> bool:
    return (
        name in _INTROSPECTION_TYPES or name == "PageInfo" or name.endswith(("Connection", "Edge"))
    )


def _size(definition: GraphQLField, list_size: int | None, *, paged: bool) -> int:
    """Return the assumed length of a field without `first`; the lists of a page were counted by its `first`."""
    if paged or not is_list_type(get_nullable_type(definition.type)):
        return 1
    return DEFAULT_LIST_SIZE if list_size is None else list_size
