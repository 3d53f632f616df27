"""Parse a file of YAML or JSON into values, with the line of each: keys once, no aliases, no implicit types.

Of YAML only `true`, `false`, `null` and whole numbers are more than text: dates stay text, so does
`no`, and `0.30` keeps its last digit (YAML 1.2's core schema without its floats). Nothing is ever
constructed from a tag.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import Fault
from ingest.formats.json_lines import is_deep
from ingest.formats.yaml import MAX_DEPTH, ValuePath, parse_yaml

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


@dataclass(frozen=True, slots=True)
class StatementDocument:
    """Value of a file of statements; `lines` has the line of each value by its path, and is empty for JSON."""

    value: Any
    lines: Mapping[ValuePath, int]

    def line(self, path: ValuePath) -> int:
        """Return the line of a path, or of the nearest value around it; 0 where lines are not known."""
        nearest = (path[:k] for k in range(len(path), -1, -1))
        return next((self.lines[prefix] for prefix in nearest if prefix in self.lines), 0)

    def where(self, path: ValuePath) -> str:
        """Return a path in words: `line 12, statements[0].nodes[3].kind`."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        line, words = self.line(path), text.lstrip(".") or "the file"
        return f"line {line}, {words}" if line else words


def parse_document(data: bytes, *, is_json: bool) -> tuple[StatementDocument | None, list[Fault]]:
    """Parse bytes into a document, or return what is wrong with them."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Fault("the file", "UTF-8", f"byte {error.start} that is not")]
    document, faults = _from_json(text) if is_json else _from_yaml(text)
    try:
        json.dumps(document.value if document else None, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return None, [Fault("the file", "Unicode without lone surrogates", "one")]
    return document, faults


def _from_json(text: str) -> tuple[StatementDocument | None, list[Fault]]:
    faults: list[Fault] = []

    def refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in pairs:
            if key in mapping:
                faults.append(Fault("the file", "each key once in an object", f"{key!r} again"))
            mapping[key] = value
        return mapping

    try:
        value = json.loads(
            text, object_pairs_hook=refuse_repeats, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as error:
        return None, [Fault(f"line {error.lineno}", "JSON", error.msg)]
    except (ValueError, RecursionError) as error:
        return None, [Fault("the file", "JSON", str(error)[:120])]
    if is_deep(value, MAX_DEPTH):
        faults.append(Fault("the file", f"at most {MAX_DEPTH} values inside each other", "more"))
    return (None, faults) if faults else (StatementDocument(value, {}), [])


def _from_yaml(text: str) -> tuple[StatementDocument | None, list[Fault]]:
    content, faults = parse_yaml(text, plain=_plain)
    return (StatementDocument(content.value, content.lines) if content else None), faults


def _plain(text: str) -> bool | int | str | None:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
