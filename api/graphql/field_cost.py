"""Cost figures of a field: stated beside the field, kept in its metadata, and read from the executable schema.

GraphQL's own introspection fields have no resolver here, so their list sizes stand in a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

INTROSPECTION_LIST_SIZES: Final[Mapping[str, int]] = {
    "__Schema.types": 40,
    "__Schema.directives": 8,
    "__Type.enumValues": 5,
    "__Type.interfaces": 1,
    "__Type.possibleTypes": 1,
    "__Type.inputFields": 1,
    "__Field.args": 3,
    "__Directive.args": 2,
}
_METADATA_KEY: Final = "cost"


@dataclass(frozen=True, slots=True)
class FieldCost:
    """Cost figures of a field.

    `nodes` is the work of the service beyond reading one thing, counted as nodes. `list_size` is the
    assumed length of a list of objects without `first`; `None` means that none is stated.
    """

    nodes: int = 0
    list_size: int | None = None


def cost_metadata(*, cost: int = 0, size: int | None = None) -> dict[str, FieldCost]:
    """Return the metadata of a field that states its cost in nodes and the assumed length of its list."""
    return {_METADATA_KEY: FieldCost(cost, size)}


def field_cost(parent: str, name: str, field: GraphQLField) -> FieldCost:
    """Return the figures that a field of the type `parent` states; a schema built from text states none."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if isinstance(definition, StrawberryField):
        stated = definition.metadata.get(_METADATA_KEY)
        return stated if isinstance(stated, FieldCost) else FieldCost()
    return FieldCost(list_size=INTROSPECTION_LIST_SIZES.get(f"{parent}.{name}"))
