"""docs/extending.md followed step by step on a copy of the packages: each recipe ends with commands that run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGES = ("graph", "ingest", "recommend", "audit", "api", "colineage", "examples")
STEP = re.compile(r"<!-- (\w+)(?:: ([^\n]+?))? -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a recipe: the action, its arguments and the block below it."""

    action: str
    arguments: tuple[str, ...]
    block: str


def recipes() -> dict[str, list[Step]]:
    """Return the steps of each recipe by its heading."""
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    return {
        section.partition("\n")[0]: [
            Step(action, tuple(part.strip() for part in arguments.split(" | ")), block)
            for action, arguments, block in STEP.findall(section)
        ]
        for section in sections
    }


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in PACKAGES:
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    shutil.copytree(root / "tests" / "graph", tmp_path / "tests" / "graph", ignore=ignored)
    for path in (root / "pyproject.toml", *(root / "tests").glob("*.py")):
        shutil.copy(path, tmp_path / path.relative_to(root))
    return tmp_path


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_works(copy: Path, root: Path, name: str) -> None:
    steps = recipes()[name]
    assert [step.action for step in steps].count("run") == 1
    for step in steps:
        if step.action == "run":
            for words, status in commands(step.block):
                done = run(copy, root, words)
                assert done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        elif step.action == "file":
            path = copy / step.arguments[0]
            assert not path.exists()
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.block, encoding="utf-8")
        else:
            edit(copy / step.arguments[0], step)


def test_without_its_steps_a_recipe_fails(copy: Path, root: Path) -> None:
    """The control: it is the steps that make the commands run."""
    for steps in recipes().values():
        words, status = commands(steps[-1].block)[-1]
        assert run(copy, root, words).returncode != status


def test_every_block_is_a_step() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"^```\w+$", text, re.MULTILINE)) == sum(map(len, recipes().values()))


def edit(path: Path, step: Step) -> None:
    """Insert a block after or before the line with a text, which is there once, or replace that part of the line."""
    _, anchor, *above = step.arguments
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    [at] = [number for number, line in enumerate(lines) if anchor in line]
    if step.action == "replace":
        lines[at] = lines[at].replace(anchor, step.block.strip())
    else:
        offset = {"after": 1, "before": 0}[step.action] - int(above[0] if above else 0)
        lines.insert(at + offset, step.block)
    path.write_text("".join(lines), encoding="utf-8")


def commands(block: str) -> list[tuple[list[str], int]]:
    """Return the commands of a block with the exit status stated beside each."""
    return list(_commands(block))


def _commands(block: str) -> Iterator[tuple[list[str], int]]:
    for line in block.splitlines():
        status = re.search(r"# exit (\d+)", line)
        program, *words = shlex.split(line, comments=True)
        start = {
            "python": [sys.executable, "-P"],
            "colineage": [sys.executable, "-P", "-m", "colineage"],
            "ingest": [sys.executable, "-P", "-m", "colineage", "ingest"],
        }[program]
        yield [*start, *words], int(status[1]) if status else 0


def run(folder: Path, root: Path, words: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command of the copy, in the copy."""
    path = f"{folder}{os.pathsep}{root}"
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "PYTHONPATH": path}
    environment = {name: value for name, value in os.environ.items() if "COLINEAGE" not in name}
    return subprocess.run(
        words,
        cwd=folder,
        env=environment | home,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
