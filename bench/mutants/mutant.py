"""Mutant: one small change of a function, and the verdict of the tests on it."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_HUNK: Final = re.compile(r"^@@ -(\d+)")


class Verdict(StrEnum):
    """Verdict of the tests: a mutant that no test reaches survives."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"


_VERDICTS: Final = {
    1: Verdict.KILLED,
    3: Verdict.KILLED,  # the mutant broke pytest itself
    0: Verdict.SURVIVED,
    33: Verdict.SURVIVED,  # no test
    -24: Verdict.TIMEOUT,  # SIGXCPU
    -9: Verdict.TIMEOUT,  # SIGKILL, a second of CPU after SIGXCPU
}


@dataclass(frozen=True, slots=True)
class Survivor:
    """Survivor: the function that was changed, the line, and the change as lines that begin with - and +."""

    module: str
    function: str
    line: int
    change: tuple[str, ...]

    def __str__(self) -> str:
        return "\n    ".join((f"{self.module}:{self.line} {self.function}", *self.change))


def verification_of(exit_status: int | None) -> Verdict:
    """Return the verdict behind an exit status of mutmut's worker.

    Raises:
        ValueError: It is none of a test run that ended: pytest found no test, or could not read one.
    """
    if exit_status not in _VERDICTS:
        raise ValueError(f"expected a verdict on each mutant, got the exit status {exit_status}")
    return _VERDICTS[exit_status]


def function_of(key: str) -> str:
    """Return the function that a mutant is of, from mutmut's key: `_Counter.first_of`."""
    mangled = key.rpartition("__mutmut_")[0].rpartition(".")[2]
    return ".".join(mangled.split("ǁ")[1:]) if "ǁ" in mangled else mangled.removeprefix("x_")


def change_lines(diff: str) -> tuple[str, ...]:
    """Return the changed lines of a diff without what surrounds them, each as `- text` or `+ text`."""
    return tuple(
        f"{line[0]} {line[1:].strip()}"
        for line in diff.strip().splitlines()
        if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")
    )


def line_of(source: str, function: str, diff: str) -> int:
    """Return the line of a module at which a diff of one of its functions begins.

    The diff counts from the function's first line or from that of the comment above it, so its number only tells
    equal lines apart.
    """
    definition = _definition(ast.parse(source).body, function)
    texts = source.splitlines()[definition.lineno - 1 : definition.end_lineno]
    offset, text = _first_change(diff)
    places = (number for number, line in enumerate(texts) if line.strip() == text)
    return definition.lineno + min(places, key=lambda number: abs(number - offset), default=offset)


def _definition(body: Sequence[ast.stmt], name: str) -> ast.ClassDef | ast.FunctionDef:
    first, _, rest = name.partition(".")
    definition = next(
        statement
        for statement in body
        if isinstance(statement, ast.ClassDef | ast.FunctionDef) and statement.name == first
    )
    return _definition(definition.body, rest) if rest else definition


def _first_change(diff: str) -> tuple[int, str]:
    """Return the first changed line of a diff: its number, from 0, and its text."""
    number = 0
    for line in diff.strip().splitlines():
        if hunk := _HUNK.match(line):
            number = int(hunk[1]) - 1
        elif line[:3] not in ("---", "+++"):
            if line[:1] in ("-", "+"):
                return number, line[1:].strip()
            number += 1
    raise ValueError("expected a diff, got one without a change")
