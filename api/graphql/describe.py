"""Decorators for GraphQL types, enums and fields: the docstring is also the description in the schema."""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar, dataclass_transform

import strawberry

_Type = TypeVar("_Type")
_Enum = TypeVar("_Enum", bound=type[Enum])


@dataclass_transform(field_specifiers=(strawberry.field,))
def graphql_type(cls: type[_Type]) -> type[_Type]:
    """Return a GraphQL type, described by the docstring of its class."""
    return strawberry.type(cls, description=_description(cls))


def graphql_enum(cls: _Enum) -> _Enum:
    """Return a GraphQL enum, described by the docstring of its class."""
    enum_type: _Enum = strawberry.enum(cls, description=_description(cls))
    return enum_type


def graphql_field(resolver: Callable[..., object]) -> Any:
    """Return a GraphQL field, described by the docstring of its resolver."""
    return strawberry.field(resolver=resolver, description=_description(resolver))


def _description(target: object) -> str:
    return " ".join((inspect.getdoc(target) or "").split())
