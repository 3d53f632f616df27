"""Validation of GraphQL arguments: each becomes a value of the graph, or is refused with a reason."""

from collections.abc import Sequence
from typing import Final

from api.graphql.cost import MAX_FIRST
from graph.errors import Fault, InputError
from graph.model.vocabulary import Kind, Relation

MAX_DEPTH: Final = 20
MAX_TEXT: Final = 5_000
DEFAULT_FIRST: Final = 20
DEFAULT_DEPTH: Final = 3


def first_of(first: int | None, *, default: int = DEFAULT_FIRST) -> int:
    """Return the page size: the given one, else the default.

    Raises:
        InputError: Not within 1 to 500.
    """
    return _check_range("first", default if first is None else first, MAX_FIRST)


def depth_of(depth: int | None) -> int:
    """Return the maximum number of steps of a walk.

    Raises:
        InputError: Not within 1 to 20.
    """
    return _check_range("depth", DEFAULT_DEPTH if depth is None else depth, MAX_DEPTH)


def text_of(text: str) -> str:
    """Return a search text as it is, once it is checked.

    Raises:
        InputError: It is blank or too long.
    """
    if not text.strip():
        raise _refusal("text", "some words", repr(text[:40]))
    if len(text) > MAX_TEXT:
        raise _refusal("text", f"at most {MAX_TEXT:,} characters", f"{len(text):,}")
    return text


def parse_optional_kind(kind: str | None) -> Kind | None:
    """Return the kind of this name; `None` means all kinds.

    Raises:
        InputError: There is no such kind.
    """
    return None if kind is None else parse_kind(kind)


def parse_kind(kind: str) -> Kind:
    """Return the kind of this name.

    Raises:
        InputError: There is no such kind.
    """
    if kind not in {member.value for member in Kind}:
        raise _refusal("kind", "one of " + ", ".join(Kind), repr(kind[:40]))
    return Kind(kind)


def parse_relations(names: Sequence[str] | None) -> frozenset[Relation] | None:
    """Return the relations of these names; `None` means all.

    Raises:
        InputError: A name is no relation's.
    """
    if names is None:
        return None
    relations_by_name = {relation.value: relation for relation in Relation}
    unknown = [name for name in names if name not in relations_by_name]
    if unknown:
        raise _refusal(
            "names", "some of " + ", ".join(relations_by_name), ", ".join(map(repr, unknown))[:80]
        )
    return frozenset(relations_by_name[name] for name in names)


def _check_range(name: str, number: int, maximum: int) -> int:
    if not 1 <= number <= maximum:
        raise _refusal(name, f"1 to {maximum}", str(number))
    return number


def _refusal(where: str, expected: str, got: str) -> InputError:
    return InputError("the query can't be answered", [Fault(where, expected, got)])
