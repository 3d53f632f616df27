"""Fixtures of the checks on the repository itself: its root and its files."""

import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tracked(root: Path) -> tuple[str, ...]:
    """What git keeps, as paths from the top."""
    done = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], check=True, capture_output=True, text=True
    )
    names = tuple(name for name in done.stdout.split("\0") if name and (root / name).exists())
    assert names, "git tracks nothing here, so these checks would check nothing"
    return names


@pytest.fixture(scope="session")
def project(root: Path) -> Mapping[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
