"""Read a JSON file: one value a line (JSON Lines), or one array; plain or gzip."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

from graph.errors import Fault, InputError

MAX_LINE_BYTES: Final = 16 * 2**20
MAX_ARRAY_BYTES: Final = 256 * 2**20
MAX_DEPTH: Final = 200
"""Deepest nesting accepted; OpenAlex has 7."""

_GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class JsonItem:
    """Value of a file, where it stands, and the bytes of its line (none for the items of an array)."""

    where: str
    value: Any
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """Refused item of a source: where it stands, why it was refused, and the bytes of its line where there is one."""

    where: str
    reason: str
    data: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


def json_value(data: bytes) -> Any:
    """Parse JSON, with each number that is no integer as its text: nothing is rounded.

    Raises:
        ValueError: It is not UTF-8, no JSON, or nested too deeply.
    """
    try:
        value = json.loads(data, parse_float=str, parse_constant=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    # Few lines have so many brackets that the depth must be measured.
    if data.count(b"[") + data.count(b"{") >= MAX_DEPTH and is_deep(value, MAX_DEPTH):
        raise ValueError("nested too deeply")
    return value


def is_deep(value: Any, max_depth: int) -> bool:
    """Return whether values are nested more than `max_depth` deep.

    Printing or encoding a value recurses, and starts deeper in the call stack than the parser that read it.
    """
    level = [value]
    for _ in range(max_depth):
        level = [inner for parent in level for inner in _children(parent)]
    return bool(level)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def read_items(path: Path) -> Iterator[JsonItem | RefusedItem]:
    """Yield the values of a file in its order; a line that holds none is refused and reading goes on.

    Raises:
        InputError: The file can't be read, or its gzip stream is truncated or damaged.
    """
    number = 0
    try:
        with path.open("rb") as raw:
            is_gzip = raw.read(2) == _GZIP_MAGIC
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if is_gzip else raw as file:
                if _starts_array(file):
                    yield from _read_array(path, file)
                    return
                for number, line in _number_lines(file):
                    yield from _parse_line(number, line)
    except OSError as error:
        raise InputError(f"{path.name} can't be read", [_read_fault(number, error)]) from error
    except (EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is broken", [_read_fault(number, error)]) from error


def file_digest(path: Path) -> str:
    """Return `sha256:` and the hash of the bytes of a file.

    Raises:
        InputError: It can't be read.
    """
    try:
        with path.open("rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path.name} can't be read", [_read_fault(0, error)]) from error


def _read_fault(number: int, error: Exception) -> Fault:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(f"after line {number}" if number else "the file", "a readable file", reason)


def _starts_array(file: BufferedIOBase) -> bool:
    head = file.read(4096)
    file.seek(0)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _read_array(path: Path, file: BufferedIOBase) -> Iterator[JsonItem]:
    data = file.read(MAX_ARRAY_BYTES + 1)
    if len(data) > MAX_ARRAY_BYTES:
        expected = f"an array of at most {MAX_ARRAY_BYTES} bytes, or one value a line"
        raise InputError(f"{path.name} is too large", [Fault("the file", expected, "more")])
    try:
        values = json_value(data)
    except ValueError as error:
        raise InputError(
            f"{path.name} is no JSON", [Fault("the file", "JSON", str(error))]
        ) from error
    for number, value in enumerate(values, start=1):
        yield JsonItem(f"item {number}", value)


def _number_lines(file: BufferedIOBase) -> Iterator[tuple[int, bytes]]:
    """Yield lines with their numbers; one longer than the limit is truncated to one byte more than it."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        yield number, line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def _parse_line(number: int, line: bytes) -> Iterator[JsonItem | RefusedItem]:
    where = f"line {number}"
    if len(line) > MAX_LINE_BYTES:
        yield RefusedItem(where, f"expected at most {MAX_LINE_BYTES} bytes, got more", line)
        return
    if not line.strip():
        return
    try:
        yield JsonItem(where, json_value(line.removeprefix(b"\xef\xbb\xbf")), line)
    except ValueError as error:
        yield RefusedItem(where, f"expected JSON, got {str(error)[:120]}", line)
