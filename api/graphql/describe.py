"""Decorators for GraphQL types, enums and fields: the docstring is also the description in the schema."""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeAlias, TypeVar, dataclass_transform, overload

import strawberry

from api.graphql.field_cost import cost_metadata

_Type = TypeVar("_Type")
_Enum = TypeVar("_Enum", bound=type[Enum])
_Resolver: TypeAlias = Callable[..., object]


@dataclass_transform(field_specifiers=(strawberry.field,))
def graphql_type(cls: type[_Type]) -> type[_Type]:
    """Return a GraphQL type, described by the docstring of its class."""
    return strawberry.type(cls, description=_description(cls))


def graphql_enum(cls: _Enum) -> _Enum:
    """Return a GraphQL enum, described by the docstring of its class."""
    enum_type: _Enum = strawberry.enum(cls, description=_description(cls))
    return enum_type


@overload
def graphql_field(resolver: _Resolver) -> Any: ...
@overload
def graphql_field(*, cost: int = 0, size: int | None = None) -> Callable[[_Resolver], Any]: ...
def graphql_field(
    resolver: _Resolver | None = None, *, cost: int = 0, size: int | None = None
) -> Any:
    """Return a GraphQL field, described by the docstring of its resolver.

    Args:
        resolver: The method below `@graphql_field`; absent where figures are given, `@graphql_field(cost=20)`.
        cost: The work of the service beyond reading one thing, counted as nodes.
        size: The assumed length of a list of objects without `first`.
    """

    def field_of(resolver: _Resolver) -> Any:
        return strawberry.field(
            resolver=resolver,
            description=_description(resolver),
            metadata=cost_metadata(cost=cost, size=size),
        )

    return field_of if resolver is None else field_of(resolver)


def _description(target: object) -> str:
    return " ".join((inspect.getdoc(target) or "").split())
