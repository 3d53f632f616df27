"""Promise 5, the control: each rule of docs/bundle.md (sections 3 and 5), taken out, makes a test fail.

What decides the graph is taken out of the oracle: `tests/graph/rules/test_oracle.py` shows that a store without that rule
would differ from it in one of the histories on which stores are tried, `tests/graph/rules/test_histories.py` who would gain
by it. What decides who comes in is taken out of a copy of the code itself, on which its tests are then run.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.graph.rules.rules_taken_out import TAKEN_OUT
from tests.oracle import Oracle

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Removal:
    """A rule taken out of the code: a name at the end of a module's copy, and the test that must notice."""

    rule: str
    what: str
    module: str
    name: str
    code: str
    test: str


REMOVALS: Final = (
    Removal(
        "rule 1",
        "bodies need not fit their hash",
        "graph/bundle/bundle.py",
        "_body_hash_faults",
        "def _body_hash_faults(*_): return []",
        "tests/graph/bundle/test_bundle_bytes.py -k wrong_hash",
    ),
    Removal(
        "rule 1",
        "signatures need not hold",
        "graph/bundle/bundle.py",
        "signature_faults",
        "def signature_faults(*_): return []",
        "tests/graph/bundle/test_bundle_bytes.py -k bad_signature",
    ),
    Removal(
        "rule 1",
        "what is not understood is dropped",
        "graph/rules/effects.py",
        "unique_bundles",
        "def unique_bundles(bundles): return {one.id: one for one in bundles if one.header}",
        "tests/graph/store/test_store.py -k unknown_version and memory",
    ),
    Removal(
        "rule 2",
        "what is there is added again",
        "graph/sqlite/append.py",
        "existing_bundles",
        "def existing_bundles(*_): return {}",
        "tests/graph/store/test_store.py -k twice_is_once and memory",
    ),
    Removal(
        "rule 5",
        "a statement follows nothing",
        "graph/speaker.py",
        "_following",
        "def _following(*_): return Heads((), 0)",
        "tests/graph/store/test_store.py -k voice_continues and memory",
    ),
    Removal(
        "rule 12",
        "what is dated ahead has its effect at once",
        "graph/rules/effects.py",
        "waiting_times",
        "def waiting_times(*_): return {}",
        "tests/graph/store/test_store.py -k more_than_a_day_ahead_waits and memory",
    ),
    Removal(
        "section 3",
        "a record describes what it likes",
        "graph/bundle/body.py",
        "belongs",
        "def belongs(*_): return True",
        "tests/graph/bundle/test_bundle_unfit.py -k record_body",
    ),
    Removal(
        "section 3",
        "any kind fits any id",
        "graph/bundle/body.py",
        "kinds_of",
        "def kinds_of(_): return frozenset(Kind)",
        "tests/graph/bundle/test_bundle_unfit.py -k statement_body and kind",
    ),
)


def _variants(of: type[Oracle]) -> set[type[Oracle]]:
    below = of.__subclasses__()
    return {one for one in below if not one.__name__.startswith("_")}.union(*map(_variants, below))


def test_every_rule_is_taken_out_somehow() -> None:
    rules = {*TAKEN_OUT, *(one.rule for one in REMOVALS)}
    assert {f"rule {number}" for number in range(1, 13)} <= rules
    named = [variant for found in TAKEN_OUT.values() for variant in found]
    assert len(named) == len(set(named)) >= 30
    assert set(named) == _variants(Oracle), "each variant stands in the table"


def test_a_copy_of_the_code_passes_its_tests(tmp_path: Path) -> None:
    """Else the next test would show nothing."""
    folder = _copied(tmp_path)
    done = _tested(
        folder,
        "tests/graph/bundle/test_bundle_bytes.py tests/graph/bundle/test_bundle_unfit.py "
        "tests/graph/store/test_store.py -k not neo4j and not file",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("removal", REMOVALS, ids=[f"{one.rule}-{one.what}" for one in REMOVALS])
def test_some_test_notices_the_removal(tmp_path: Path, removal: Removal) -> None:
    folder = _copied(tmp_path)
    with (folder / removal.module).open("a", encoding="utf-8") as module:
        module.write(
            f"\n\nassert {removal.name}  # else it is somewhere else by now\n{removal.code}\n"
        )
    done = _tested(folder, removal.test)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "failed" in done.stdout


def _copied(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "graph", folder / "graph", ignore=ignored)
    return folder


def _tested(folder: Path, chosen: str) -> "subprocess.CompletedProcess[str]":
    """Runs tests on the copy of `graph` in a folder: their files, and a condition on their names."""
    files, _, words = chosen.partition(" -k ")
    options = ["-q", "-x", "-p", "no:cacheprovider", *files.split()]
    path = f"{folder}{os.pathsep}{ROOT}"
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options, "-k", words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
