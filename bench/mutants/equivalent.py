"""Equivalent mutants: changes that nobody can see from outside, each with the reason (`equivalent.toml`).

An entry names the function and the changed lines, not their number, so that it stays true while code moves around it.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.mutants.mutant import Survivor, change_lines

_FILE: Final = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Entry of the file: a change of a function that no test can notice, and why."""

    module: str
    function: str
    change: tuple[str, ...]
    reason: str

    def covers(self, survivor: Survivor) -> bool:
        """Return whether a survivor is this change; equal lines of one function are one entry."""
        return (self.module, self.function, self.change) == (
            survivor.module,
            survivor.function,
            survivor.change,
        )


def read_equivalents(text: str | None = None) -> tuple[Equivalent, ...]:
    """Read the entries of the file, or of a text like it.

    Raises:
        KeyError: An entry lacks a part.
        ValueError: An entry has no change or no reason.
    """
    content = _FILE.read_text(encoding="utf-8") if text is None else text
    entries = tuple(
        Equivalent(
            entry["module"],
            entry["function"],
            change_lines(entry["diff"]),
            entry["reason"].strip(),
        )
        for entry in tomllib.loads(content).get("equivalent", ())
    )
    if faulty := [entry for entry in entries if not (entry.change and entry.reason)]:
        raise ValueError(f"expected a change and a reason, got {faulty[0]}")
    return entries
