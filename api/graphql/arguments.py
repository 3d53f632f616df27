"""What is asked for in arguments, in the words of the graph; what can't be is refused with its reason."""

from collections.abc import Sequence
from typing import Final

from api.graphql.cost import MAX_FIRST
from graph.errors import Fault, InputError
from graph.model.identifiers import canonical_id
from graph.model.vocabulary import Kind, Relation

MAX_DEPTH: Final = 20
MAX_TEXT: Final = 5_000
DEFAULT_FIRST: Final = 20
DEFAULT_DEPTH: Final = 3


def first_of(first: int | None, *, default: int = DEFAULT_FIRST) -> int:
    """How many are asked for at most.

    Raises:
        InputError: Not within 1 to 500.
    """
    return _within("first", default if first is None else first, MAX_FIRST)


def depth_of(depth: int | None) -> int:
    """How many steps are walked at most.

    Raises:
        InputError: Not within 1 to 20.
    """
    return _within("depth", DEFAULT_DEPTH if depth is None else depth, MAX_DEPTH)


def identifier_of(text: str) -> str:
    """The identifier that a text means.

    Raises:
        IdentifierError: It is none.
    """
    return canonical_id(text)


def text_of(text: str) -> str:
    """A text to search for.

    Raises:
        InputError: It is blank or too long.
    """
    if not text.strip():
        raise _refused("text", "some words", repr(text[:40]))
    if len(text) > MAX_TEXT:
        raise _refused("text", f"at most {MAX_TEXT:,} characters", f"{len(text):,}")
    return text


def kind_named(kind: str | None) -> Kind | None:
    """The kind of this name; `None` is all kinds.

    Raises:
        InputError: There is none.
    """
    return None if kind is None else one_kind_named(kind)


def one_kind_named(kind: str) -> Kind:
    """The kind of this name.

    Raises:
        InputError: There is none.
    """
    if kind not in {one.value for one in Kind}:
        raise _refused("kind", "one of " + ", ".join(Kind), repr(kind[:40]))
    return Kind(kind)


def relations_named(names: Sequence[str] | None) -> frozenset[Relation] | None:
    """The relations of these names; `None` is all.

    Raises:
        InputError: One is none.
    """
    if names is None:
        return None
    known = {one.value: one for one in Relation}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise _refused("names", "some of " + ", ".join(known), ", ".join(map(repr, unknown))[:80])
    return frozenset(known[name] for name in names)


def _within(name: str, number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise _refused(name, f"1 to {most}", str(number))
    return number


def _refused(where: str, wanted: str, got: str) -> InputError:
    return InputError("the query can't be answered", [Fault(where, wanted, got)])
