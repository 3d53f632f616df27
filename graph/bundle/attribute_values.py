"""Forms of attribute values in descriptions and edges, each with its test."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple

from graph.clock import is_date, is_time
from graph.model.canonical import MAX_INTEGER, canonical_bytes
from graph.model.identifiers import is_identifier, is_label
from graph.model.vocabulary import ATTRIBUTES, QUALIFIERS, Shape

MAX_SHORT_TEXT_BYTES: Final = 4096

_ENTRY_TEXTS: Final = frozenset({"authors", "title", "venue", "doubt"})
_ENTRY_LISTS: Final = frozenset({"linked", "printed"})
_ENTRY_KEYS: Final = {"position", "page", "text", "year"} | _ENTRY_TEXTS | _ENTRY_LISTS
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e-?[1-9][0-9]{0,8})?|NaN|-?Infinity")


def is_ascending(items: Sequence[Any]) -> bool:
    """Return whether the items are in order, each once."""
    return all(a < b for a, b in pairwise(items))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def is_short_text(value: object) -> bool:
    """Return whether this is a text of at most 4,096 bytes in UTF-8, and not empty."""
    return (
        _is_text(value) and len(str(value).encode(errors="surrogatepass")) <= MAX_SHORT_TEXT_BYTES
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_INTEGER


def is_number(value: object) -> bool:
    """Return whether this is a decimal number as text."""
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value))


def _is_reference(value: object) -> bool:
    return isinstance(value, str) and (is_identifier(value) or is_label(value))


def _is_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and value != []
        and all(map(_is_text, value))
        and is_ascending(value)
    )


def _is_references(value: object) -> bool:
    if not (isinstance(value, list) and value):
        return False
    return all(map(_is_reference, value)) and is_ascending(value)


def _is_objects(value: object, is_object: Callable[[dict[str, Any]], bool]) -> bool:
    if not (isinstance(value, list) and value):
        return False
    return all(isinstance(item, dict) and is_object(item) for item in value) and is_ascending(
        [canonical_bytes(item) for item in value]
    )


def _is_parameter(item: dict[str, Any]) -> bool:
    return (
        {"name"} <= item.keys() <= {"name", "value"}
        and _is_text(item["name"])
        and ("value" not in item or _is_text(item["value"]))
    )


def _is_measure(item: dict[str, Any]) -> bool:
    return (
        {"name", "value"} <= item.keys() <= {"name", "value", "unit", "step"}
        and _is_text(item["name"])
        and is_number(item["value"])
        and ("unit" not in item or _is_text(item["unit"]))
        and ("step" not in item or _is_integer(item["step"]))
    )


def _is_reference_entry(item: dict[str, Any]) -> bool:
    """Return whether this is an entry of a reference list; `linked` and `printed` are the identifiers found on it."""
    return (
        {"position", "page", "text"} <= item.keys() <= _ENTRY_KEYS
        and _is_integer(item["position"])
        and _is_integer(item["page"])
        and _is_text(item["text"])
        and ("year" not in item or _is_integer(item["year"]))
        and all(_is_text(item[key]) for key in _ENTRY_TEXTS & item.keys())
        and all(_is_identifier_list(item[key]) for key in _ENTRY_LISTS & item.keys())
    )


def _is_identifier_list(value: object) -> bool:
    """Return whether these are identifiers, at least one; no labels: a reference list is somebody else's words."""
    if not (isinstance(value, list) and value and all(isinstance(item, str) for item in value)):
        return False
    return all(map(is_identifier, value)) and is_ascending(value)


def _is_reference_list(value: object) -> bool:
    if not (isinstance(value, list) and value):
        return False
    return all(
        isinstance(item, dict) and _is_reference_entry(item) for item in value
    ) and is_ascending([item["position"] for item in value])


_SHAPES: Final[dict[Shape, Callable[[Any], bool]]] = {
    Shape.TEXT: _is_text,
    Shape.SHORT_TEXT: is_short_text,
    Shape.WORDS: _is_words,
    Shape.INTEGER: _is_integer,
    Shape.TRUTH: lambda value: isinstance(value, bool),
    Shape.TIME: lambda value: isinstance(value, str) and is_time(value),
    Shape.DATE: lambda value: isinstance(value, str) and is_date(value),
    Shape.NUMBER: is_number,
    Shape.IDENTIFIER: _is_reference,
    Shape.IDENTIFIERS: _is_references,
    Shape.PARAMETERS: lambda value: _is_objects(value, _is_parameter),
    Shape.MEASURES: lambda value: _is_objects(value, _is_measure),
    Shape.REFERENCES: _is_reference_list,
}


def _test_of(form: Shape | type[StrEnum]) -> Callable[[Any], bool]:
    if isinstance(form, Shape):
        return _SHAPES[form]
    words = frozenset(member.value for member in form)
    return lambda value: isinstance(value, str) and value in words


def describe_form(form: Shape | type[StrEnum]) -> str:
    """Describe the form in words, for an error."""
    if isinstance(form, Shape):
        return form.value
    return "one of " + ", ".join(member.value for member in form)


class Forms(NamedTuple):
    """Forms of the values in a description or an edge: each key's form and test, and the keys that refer to nodes."""

    forms: dict[str, Shape | type[StrEnum]]
    tests: dict[str, Callable[[Any], bool]]
    reference_keys: frozenset[str]


def _forms(forms: dict[str, Shape | type[StrEnum]]) -> Forms:
    reference_forms = (Shape.IDENTIFIER, Shape.IDENTIFIERS)
    return Forms(
        forms,
        {key: _test_of(form) for key, form in forms.items()},
        frozenset(key for key, form in forms.items() if form in reference_forms),
    )


ATTRIBUTE_FORMS: Final = _forms(ATTRIBUTES)
QUALIFIER_FORMS: Final = _forms(QUALIFIERS)
