"""Run mutmut on a copy of the working tree, and read its verdicts."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.mutants.mutant import (
    Survivor,
    Verdict,
    change_lines,
    function_of,
    line_of,
    verification_of,
)
from bench.mutants.targets import Target

ROOT: Final = Path(__file__).parents[2]
_FOLDERS: Final = ("graph", "ingest", "recommend", "audit", "api", "colineage", "examples", "tests")
"""Folders that the tests of a target may need."""

# The limits are wide: a busy machine must not make a slow mutant of a good one. mutmut multiplies the time that the
# tests of a function took, plus the constant.
_CONFIGURATION: Final = """
[tool.mutmut]
source_paths = {modules}
also_copy = {folders}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not (neo4j or browser)"]
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = 10.0
timeout_constant = 10.0
"""


class MutmutError(Exception):
    """Error of a run that says nothing about the tests: they fail as they are, or mutmut itself does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome for a target: the number of mutants by verdict, and the survivors."""

    name: str
    numbers: dict[Verdict, int]
    survivors: tuple[Survivor, ...]

    @property
    def total(self) -> int:
        """Number of all mutants."""
        return sum(self.numbers.values())


def copy_tree(folder: Path) -> None:
    """Copy what git keeps or would keep of the working tree, as far as tests need it."""
    command = ["git", "ls-files", "-z", "-co", "--exclude-standard", "--", *_FOLDERS]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def mutate(target: Target, folder: Path, *, workers: int) -> Outcome:
    """Run the mutants of a target in a copy of the tree, and return the verdicts.

    Raises:
        MutmutError: The tests fail without a mutation, none reaches the code, or a verdict is missing.
    """
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = _CONFIGURATION.format(
        modules=json.dumps([target.module]),
        folders=json.dumps(_FOLDERS),
        tests=json.dumps(target.tests),
    )
    (folder / "pyproject.toml").write_text(project + settings, encoding="utf-8")
    shutil.rmtree(folder / "mutants", ignore_errors=True)
    _mutmut(folder, "run", "--max-children", str(workers))
    meta = folder / "mutants" / f"{target.module}.meta"
    statuses: dict[str, int | None] = json.loads(meta.read_bytes())["exit_code_by_key"]
    try:
        verdicts = {key: verification_of(status) for key, status in statuses.items()}
    except ValueError as error:
        raise MutmutError(f"{target.name}: {error}") from error
    if not verdicts:
        raise MutmutError(f"{target.name}: expected mutants of {target.module}, got none")
    survivors = [key for key, verdict in verdicts.items() if verdict is Verdict.SURVIVED]
    return Outcome(
        target.name,
        {verdict: list(verdicts.values()).count(verdict) for verdict in Verdict},
        tuple(_survivor(target.module, folder, key) for key in survivors),
    )


def _survivor(module: str, folder: Path, key: str) -> Survivor:
    diff = _mutmut(folder, "show", key).partition("\n")[2]
    function = function_of(key)
    source = (folder / module).read_text(encoding="utf-8")
    return Survivor(module, function, line_of(source, function, diff), change_lines(diff))


def _mutmut(folder: Path, *arguments: str) -> str:
    """Run a command of mutmut and return its output."""
    environment = {key: text for key, text in os.environ.items() if key != "MUTANT_UNDER_TEST"}
    process = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if process.returncode:
        raise MutmutError(f"mutmut {' '.join(arguments)} failed:\n{process.stdout[-4000:]}")
    return process.stdout
