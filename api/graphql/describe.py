"""Decorators for GraphQL types, enums and fields: the docstring is also the description in the schema."""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar, dataclass_transform

import strawberry

_Type = TypeVar("_Type")
_Enum = TypeVar("_Enum", bound=type[Enum])


@dataclass_transform(field_specifiers=(strawberry.field,))
def documented_type(cls: type[_Type]) -> type[_Type]:
    """Return a GraphQL type, described by the docstring of its class."""
    return strawberry.type(cls, description=_words(cls))


def documented_enum(cls: _Enum) -> _Enum:
    """Return a GraphQL enum, described by the docstring of its class."""
    found: _Enum = strawberry.enum(cls, description=_words(cls))
    return found


def documented(resolver: Callable[..., object]) -> Any:
    """Return a GraphQL field, described by the docstring of its resolver."""
    return strawberry.field(resolver=resolver, description=_words(resolver))


def _words(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())
