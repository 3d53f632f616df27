"""Examples in the documentation: the commands to type and the output that is stated for them."""

import json
import re
import shlex
from dataclasses import dataclass
from typing import Any

BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
OURS = ("colineage", "ingest")


@dataclass(frozen=True, slots=True)
class Example:
    """One line to type: its words, the exit status stated beside it, whether it needs the network.

    `shape` is the JSON that the document shows for it, if it shows one.
    """

    words: tuple[str, ...]
    status: int
    is_live: bool
    shape: Any = None

    @property
    def serves(self) -> bool:
        """Whether it runs until it is stopped."""
        return "serve" in self.words


def examples(text: str) -> list[Example]:
    """The lines of a document's shell blocks that start a command of ours, in order."""
    found: list[Example] = []
    for language, block in BLOCK.findall(text):
        if language == "json":
            last = max(i for i, one in enumerate(found) if "--json" in one.words)
            one = found[last]
            found[last] = Example(one.words, one.status, one.is_live, json.loads(block))
            continue
        found += [_example(line) for line in block.splitlines() if line.split(" ")[0] in OURS]
    return found


def _example(line: str) -> Example:
    command, _, comment = line.partition(" #")
    status = re.search(r"exit (\d+)", comment)
    return Example(
        words=tuple(shlex.split(command)),
        status=int(status.group(1)) if status else 0,
        is_live="live" in comment,
    )


def differences(shown: Any, got: Any, where: str = "$") -> list[str]:
    """Where what came out is of another shape than what the document shows."""
    if isinstance(shown, dict) and isinstance(got, dict):
        named = {key: value for key, value in shown.items() if key != "…"}
        missing = [f"{where}.{key} is missing" for key in named if key not in got]
        odd = [] if "…" in shown else [f"{where}.{key} is not shown" for key in got.keys() - named]
        inside = [
            found
            for key, value in named.items()
            if key in got
            for found in differences(value, got[key], f"{where}.{key}")
        ]
        return missing + odd + inside
    if isinstance(shown, list) and isinstance(got, list):
        items = got if shown else []
        return [found for item in items for found in differences(shown[0], item, f"{where}[]")]
    if shown is None or got is None or _kind(shown) == _kind(got):
        return []
    return [f"{where}: {_kind(shown)} is shown, {_kind(got)} came"]


def _kind(value: object) -> str:
    return (
        "number"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else type(value).__name__
    )
