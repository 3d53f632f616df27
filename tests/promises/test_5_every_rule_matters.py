"""Promise 5, the control: each rule of docs/bundle.md (section 5), taken out, makes a test fail.

What decides the graph is taken out of the oracle: a store without that rule would equal what is left,
and so differ from the oracle in one of the two hundred histories on which the stores are tried. What
decides who comes in is taken out of a copy of the code itself, on which its tests are then run.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.graph.histories import ADA
from tests.graph.rules.rules_taken_out import TAKEN_OUT
from tests.oracle import Graph, Oracle, oracle
from tests.promises.thrown import HISTORIES, history

TRUSTED: Final = frozenset({ADA.key})
ROOT: Final = Path(__file__).parents[2]
RULES: Final = range(1, 13)
VARIANTS: Final = [(rule, variant) for rule, found in TAKEN_OUT.items() for variant in found]


@dataclass(frozen=True, slots=True)
class Removal:
    """A rule taken out of the code: a name at the end of a module's copy, and the test that must notice."""

    rule: int
    what: str
    module: str
    name: str
    code: str
    test: str


REMOVALS: Final = (
    Removal(
        1,
        "bodies need not fit their hash",
        "graph/bundle/bundle.py",
        "hash_faults",
        "def hash_faults(*_): return []",
        "tests/graph/bundle/test_bundle_refused.py -k wrong_hash",
    ),
    Removal(
        1,
        "signatures need not hold",
        "graph/bundle/bundle.py",
        "signature_faults",
        "def signature_faults(*_): return []",
        "tests/graph/bundle/test_bundle_refused.py -k bad_signature",
    ),
    Removal(
        1,
        "the future is let in",
        "graph/rules/admission.py",
        "refuse_early",
        "def refuse_early(*_): pass",
        "tests/graph/store/test_store.py -k ahead_is_refused_and_memory",
    ),
    Removal(
        2,
        "what is not understood is dropped",
        "graph/rules/admission.py",
        "unique_bundles",
        "def unique_bundles(bundles): return {one.id: one for one in bundles if one.header}",
        "tests/graph/store/test_store.py -k unknown_version_and_memory",
    ),
    Removal(
        3,
        "what is there is added again",
        "graph/sqlite/log_writer.py",
        "existing_positions",
        "def existing_positions(*_): return {}",
        "tests/graph/store/test_store.py -k twice_is_once_and_memory",
    ),
    Removal(
        4,
        "a statement follows nothing",
        "graph/speaker.py",
        "_following",
        "def _following(*_): return Heads((), 0)",
        "tests/graph/store/test_store.py -k voice_continues_and_memory",
    ),
    Removal(
        8,
        "a record describes what it likes",
        "graph/bundle/body.py",
        "belongs",
        "def belongs(*_): return True",
        "tests/graph/bundle/test_bundle_refused.py -k record_body",
    ),
    Removal(
        9,
        "any kind fits any id",
        "graph/bundle/body.py",
        "kinds_of",
        "def kinds_of(_): return frozenset(Kind)",
        "tests/graph/bundle/test_bundle_refused.py -k statement_body_and_kind",
    ),
)


@pytest.fixture(scope="module")
def graphs() -> list[Graph]:
    """What the histories mean by all rules."""
    return [oracle(history(number), TRUSTED) for number in range(HISTORIES)]


def test_every_rule_is_taken_out_somehow() -> None:
    assert {rule for rule, _ in VARIANTS} | {one.rule for one in REMOVALS} == set(RULES)
    named = [variant for _, variant in VARIANTS]
    assert len(named) == len(set(named))
    assert set(named) == set(Oracle.__subclasses__()), "each variant stands in the table"


@pytest.mark.parametrize(
    ("rule", "variant"), VARIANTS, ids=[f"{rule}-{one.__name__}" for rule, one in VARIANTS]
)
def test_some_history_notices_the_rule(
    graphs: list[Graph], rule: int, variant: type[Oracle]
) -> None:
    assert rule in RULES
    for number, expected in enumerate(graphs):
        if variant(history(number), TRUSTED).graph() != expected:
            return
    pytest.fail(f"none of {HISTORIES} histories notices rule {rule} as {variant.__name__} has it")


def test_a_copy_of_the_code_passes_its_tests(tmp_path: Path) -> None:
    """Else the next test would show nothing."""
    folder = _copied(tmp_path)
    done = _tested(
        folder,
        "tests/graph/bundle/test_bundle_refused.py tests/graph/store/test_store.py -k memory",
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
    """Runs tests on the copy of `graph` in a folder: their files, and words that their names hold."""
    files, _, words = chosen.partition(" -k ")
    options = ["-q", "-x", "-p", "no:cacheprovider", *files.split()]
    path = f"{folder}{os.pathsep}{ROOT}"
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options, "-k", words.replace("_and_", " and ")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
