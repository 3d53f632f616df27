"""Seeds for fuzzing: captures of the sources, the golden bundles, the examples; and a place for files."""

import atexit
import gzip
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from bench.fuzz.judge import MAX_BYTES, ROOT
from ingest.formats.json_lines import json_value

SPLIT: Final = b"\x1e"
"""Separator of the parts of an input, in the order of the arguments that they become."""


def files(*patterns: str) -> Callable[[], Sequence[bytes]]:
    """Return a reader of the repository's files that match these patterns, unpacked and cut to the length of an input.

    Raises:
        FileNotFoundError: One pattern names none: seeds that are gone are missed.
    """

    def read() -> Sequence[bytes]:
        contents: list[bytes] = []
        for pattern in patterns:
            paths = sorted(ROOT.glob(pattern))
            if not paths:
                raise FileNotFoundError(f"expected files like {pattern}, got none")
            contents += map(_content, paths)
        return contents

    return read


def lines(pattern: str, count: int) -> Callable[[], Sequence[bytes]]:
    """Return a reader of the first lines of a file, each an input."""

    def read() -> Sequence[bytes]:
        return [
            line + b"\n" for data in files(pattern)() for line in data.split(b"\n")[:count] if line
        ]

    return read


def both(*seeds: Callable[[], Sequence[bytes]]) -> Callable[[], Sequence[bytes]]:
    """Return a reader of the inputs of all of these."""
    return lambda: [seed for reader in seeds for seed in reader()]


def texts(*inputs: str) -> Callable[[], Sequence[bytes]]:
    """Return a reader of these texts."""
    return lambda: [text.encode() for text in inputs]


def parts(data: bytes, count: int) -> list[bytes]:
    """Split an input into its parts, empty ones for those that it lacks; the last has what is over."""
    pieces = data.split(SPLIT, count - 1)
    return pieces + [b""] * (count - len(pieces))


class NoValueError(Exception):
    """Error of an input that is no JSON: what reads its values has nothing to read."""


def value_of(data: bytes) -> Any:
    """Return the JSON value of an input.

    Raises:
        NoValueError: It has none.
    """
    try:
        return json_value(data)
    except ValueError as error:
        raise NoValueError(str(error)[:80]) from error


def text_of(data: bytes) -> str:
    """Return an input as text, half characters included, as JSON can spell them."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def in_file(data: bytes, name: str = "input") -> Path:
    """Write the input to a file of this process's own."""
    path = scratch() / name
    path.write_bytes(data)
    return path


@cache
def scratch() -> Path:
    """Make a folder for the files of this process, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="colineage-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _content(path: Path) -> bytes:
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as packed:
            return packed.read(MAX_BYTES)
    with path.open("rb") as plain:
        return plain.read(MAX_BYTES)
