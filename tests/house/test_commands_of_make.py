"""The Makefile's targets, and that what the README and CI type is there."""

import os
import re
import subprocess
from pathlib import Path

ASKED_FOR = {"install", "explorer", "demo", "test", "bench", "clean", "help"}


def _targets(root: Path) -> set[str]:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


def test_every_target_asked_for_is_there(root: Path) -> None:
    """The README, CI and people type these."""
    assert _targets(root) >= ASKED_FOR


def test_every_target_is_told_apart_from_a_file_of_its_name(root: Path) -> None:
    """A file named like a target would silently switch it off."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    phony = {
        name
        for line in re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
        for name in line.split()
    }
    assert _targets(root) == phony


def test_help_lists_every_target_for_people(root: Path) -> None:
    """A target that nobody finds is none."""
    done = subprocess.run(["make", "-C", str(root), "help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(re.search(rf"make {name}\b", done.stdout) for name in ASKED_FOR)


def test_every_make_command_in_the_documents_exists(root: Path) -> None:
    """A document that types what is not there loses its reader at the first step."""
    documents = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    named = {
        name
        for document in documents
        for name in re.findall(r"\bmake ([a-z][a-z-]+)", _code(document.read_text("utf-8")))
    }
    assert {"demo", "test", "install"} <= named <= _targets(root)


def _code(text: str) -> str:
    """What stands in code marks: `make` in a sentence is a verb."""
    return "\n".join(re.findall(r"```.*?```|`[^`]+`", text, flags=re.DOTALL))


def test_ci_types_what_the_readme_says(root: Path) -> None:
    """What CI runs and what a contributor runs must be one thing."""
    script = root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [
        line
        for line in script.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]
    assert "make test" in _code((root / "README.md").read_text(encoding="utf-8"))


def test_every_step_of_make_test_is_a_target(root: Path) -> None:
    """Each step can be run alone where it failed."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^test: ([a-z -]+?)  ##", makefile, flags=re.MULTILINE)
    assert found
    steps = found.group(1).split()
    assert set(steps) <= _targets(root)
    assert steps[-1] == "pytest", "pytest's summary has to be the last thing printed"
