"""Normalise the values of one node or edge: from the forms that are friendly to write to the one form of a bundle."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from graph.errors import IdentifierError
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import canonical_id, is_label
from graph.model.vocabulary import Shape
from ingest.formats.decimals import decimal_of
from ingest.formats.mentions import mention_id
from ingest.formats.text import clean, one_line
from ingest.formats.yaml import ValuePath

_AS_TEXT: Final = frozenset({Shape.TEXT, Shape.SHORT_TEXT, Shape.DATE})
_MENTION_KEYS: Final = frozenset({"name", "on", "nth"})


class ValueReader:
    """Reader of the values at one path; what makes no sense stays, for the bundle's own reader to report."""

    def __init__(self, path: ValuePath, fault: Callable[[ValuePath, str, object], None]) -> None:
        self.path = path
        self.fault = fault

    def read(
        self, item: Mapping[str, Any], id_keys: set[str], forms: Mapping[str, Shape | type[StrEnum]]
    ) -> dict[str, Any]:
        """Return the item in the form of a bundle.

        Args:
            item: The item as written.
            id_keys: The keys that hold an id: `id`, or `from` and `to`.
            forms: The forms of the other keys.
        """
        values = {}
        for key, value in item.items():
            if value is None:
                self.fault((*self.path, key), "a value; what is not known is left out", "nothing")
            elif key in id_keys:
                values[key] = self._identifier(key, value)
            else:
                values[key] = self._convert(key, value, forms.get(key))
        return values

    def _convert(self, key: str, value: Any, form: object) -> Any:
        if form is Shape.IDENTIFIER:
            return self._identifier(key, value)
        if form is Shape.IDENTIFIERS:
            items = value if isinstance(value, list) else [value]
            return _sort_unique([self._identifier(key, item) for item in items])
        if form is Shape.WORDS and isinstance(value, list):
            return _sort_unique([as_text(item) for item in value])
        if form is Shape.PARAMETERS:
            return _sort_unique(_name_value_pairs(value, as_text))
        if form is Shape.MEASURES:
            return _sort_unique(_name_value_pairs(value, _number))
        if form is Shape.NUMBER:
            return _number(value)
        if form in _AS_TEXT or form is Shape.TIME or isinstance(value, str):
            return as_text(value)
        return value

    def _identifier(self, key: str, value: Any) -> Any:
        """Return an id in its canonical form; `{name: …, on: …}` is a name as printed on something."""
        if isinstance(value, Mapping):
            return self._mention(key, value)
        text = clean(value)
        if text is None or is_label(text):
            return value if text is None else text
        try:
            return canonical_id(text)
        except IdentifierError:
            return text

    def _mention(self, key: str, value: Mapping[str, Any]) -> Any:
        name, on, nth = value.get("name"), value.get("on"), value.get("nth", 1)
        subject = self._identifier(key, on) if isinstance(on, str) else None
        is_valid_nth = isinstance(nth, int) and not isinstance(nth, bool) and nth >= 1
        if (
            not isinstance(name, str)
            or one_line(name) is None
            or not isinstance(subject, str)
            or not is_valid_nth
            or value.keys() - _MENTION_KEYS
        ):
            expected = "a name as printed, {name: Jane Doe, on: 'arxiv:…'}, and nth: 2 for a second"
            self.fault((*self.path, key), expected, dict(value))
            return "#"
        return mention_id(subject, name, nth)


def as_text(value: Any) -> Any:
    """Return text in NFC; a whole number where text is meant becomes its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return (clean(value) or "") if isinstance(value, str) else value


def _number(value: Any) -> Any:
    """Return a number in the form of a decimal; what is none stays."""
    text = as_text(value)
    return (decimal_of(text) or text) if isinstance(text, str) else text


def _name_value_pairs(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Turn `{alpha: 0.5}` into `[{name: alpha, value: "0.5"}]`; in such objects values are text."""
    if isinstance(value, Mapping):
        return [{"name": as_text(name), "value": convert(entry)} for name, entry in value.items()]
    if not isinstance(value, list):
        return value
    return [
        {key: _entry_value(key, entry, convert) for key, entry in item.items()}
        if isinstance(item, Mapping)
        else item
        for item in value
    ]


def _entry_value(key: str, value: Any, convert: Callable[[Any], Any]) -> Any:
    if key == "step":
        return value
    return convert(value) if key == "value" else as_text(value)


def _sort_unique(values: Any) -> Any:
    """Return the values in the order of bundles, each once, where they can be ordered."""
    if not isinstance(values, list):
        return values
    if all(isinstance(value, str) for value in values):
        return sorted(set(values))
    by_repr = {repr(value): value for value in values}
    try:
        return sorted(by_repr.values(), key=canonical_bytes)
    except (TypeError, UnicodeEncodeError):
        return values
