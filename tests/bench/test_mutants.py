"""The mutation run: what it makes of mutmut's answers, and when it fails. `make mutants` runs it at length."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bench.mutants.equivalent import Equivalent, read_equivalents
from bench.mutants.mutant import (
    Survivor,
    Verdict,
    change_lines,
    function_of,
    line_of,
    verification_of,
)
from bench.mutants.report import outcome_lines, problems_of
from bench.mutants.run_mutmut import Outcome
from bench.mutants.targets import TARGETS, Target

ROOT = Path(__file__).parents[2]
SOURCE = """\
LIMIT = 3


class Counter:
    # A comment is part of what mutmut shows.
    def add(self, number):
        self.total += 1
        if number > LIMIT:
            self.total += 1
        return self.total


def double(number):
    return number * 2
"""
DIFF = """\
--- a.py
+++ a.py
@@ -2,5 +2,5 @@
     def add(self, number):
         self.total += 1
         if number > LIMIT:
-            self.total += 1
+            self.total += 2
         return self.total
"""
CHANGE = ("- self.total += 1", "+ self.total += 2")
FOUND = Survivor("a.py", "Counter.add", 9, CHANGE)
ENTRY = Equivalent("a.py", "Counter.add", CHANGE, "Nobody reads it.")


def outcome(total: int, *survivors: Survivor) -> Outcome:
    killed = total - len(survivors)
    numbers = {Verdict.KILLED: killed, Verdict.TIMEOUT: 0, Verdict.SURVIVED: len(survivors)}
    return Outcome("a", numbers, survivors)


def test_the_place_of_a_change_is_a_line_of_the_file() -> None:
    assert change_lines(DIFF) == CHANGE
    assert line_of(SOURCE, "Counter.add", DIFF) == 9, "of two equal lines the one that is meant"
    assert (
        line_of(SOURCE, "double", "@@ -1,2 +1,2 @@\n x\n-    return number * 2\n+    return 3")
        == 14
    )


@pytest.mark.parametrize(
    ("key", "function"),
    [
        ("a.b.x_double__mutmut_3", "double"),
        ("a.b.xǁ_Counterǁadd__mutmut_12", "_Counter.add"),
        ("a.b.xǁCounterǁ__init____mutmut_1", "Counter.__init__"),
    ],
)
def test_the_function_of_a_mutant(key: str, function: str) -> None:
    assert function_of(key) == function


def test_a_mutant_that_no_test_reaches_survives_and_no_verdict_is_an_error() -> None:
    assert [verification_of(status) for status in (1, 0, 33, -24)] == [
        Verdict.KILLED,
        Verdict.SURVIVED,
        Verdict.SURVIVED,
        Verdict.TIMEOUT,
    ]
    for status in (None, 2, 4, 5, -11):
        with pytest.raises(ValueError, match="expected a verdict"):
            verification_of(status)


def test_a_run_fails_above_5_percent_of_unexplained_survivors() -> None:
    assert problems_of([outcome(20, FOUND)], []) == []
    assert problems_of([outcome(19, FOUND)], []) == [
        "1 of 19 mutants survive unexplained (5.3%); 5% is the most"
    ]
    assert problems_of([outcome(19, FOUND)], [ENTRY]) == []
    assert problems_of([outcome(19), outcome(1, FOUND)], []) == []


def test_an_entry_without_a_survivor_fails_the_run() -> None:
    expected = [
        "a.py: no survivor is the equivalent mutant of Counter.add: - self.total += 1 / + self.total += 2"
    ]
    assert problems_of([outcome(20)], [ENTRY]) == expected
    elsewhere = Survivor("a.py", "Counter.take", 9, CHANGE)
    assert problems_of([outcome(20, elsewhere)], [ENTRY]) == expected


def test_each_survivor_is_shown_with_its_place_its_change_and_its_excuse() -> None:
    assert "\n".join(outcome_lines(outcome(20, FOUND), [ENTRY])) == (
        "a: 20 mutants: 19 killed, 0 timeout, 1 survived\n"
        "  a.py:9 Counter.add\n"
        "    - self.total += 1\n"
        "    + self.total += 2\n"
        "    equivalent: Nobody reads it."
    )


def test_an_entry_states_a_change_and_a_reason() -> None:
    table = "[[equivalent]]\nmodule = 'a.py'\nfunction = 'f'\nreason = '%s'\ndiff = '''%s'''\n"
    [entry] = read_equivalents(table % ("why", "\n-   x\n+   y\n"))
    assert entry == Equivalent("a.py", "f", ("- x", "+ y"), "why")
    for reason, diff in (("", "- x"), ("why", "x")):
        with pytest.raises(ValueError, match="expected a change and a reason"):
            read_equivalents(table % (reason, diff))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_target_is_code_of_ours_and_has_tests(target: Target) -> None:
    paths = (target.module, *target.tests)
    assert len(paths) > 1
    assert [path for path in paths if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("entry", read_equivalents(), ids=lambda entry: entry.change[-1])
def test_an_equivalent_mutant_is_of_a_line_that_is_there(entry: Equivalent) -> None:
    """Else the night finds out."""
    assert entry.module in {target.module for target in TARGETS}
    lines = [line.strip() for line in (ROOT / entry.module).read_text("utf-8").splitlines()]
    assert {line[2:] for line in entry.change if line[0] == "-"} <= set(lines)
    tree = ast.parse((ROOT / entry.module).read_text("utf-8"))
    names = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    assert set(entry.function.split(".")) <= names


def test_the_command_lists_its_targets_and_refuses_others() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bench.mutants", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert run("--names").stdout.split() == [target.name for target in TARGETS]
    assert run("nothing").returncode == 2
