"""The way in: the tables of docs/architecture.md name files that exist and speak of what they are said to hold.

It is here because a newcomer finds a concept by its file's name, and this table is the fallback.
"""

import ast
import re
from pathlib import Path

import pytest

ROW = re.compile(
    r"^\| ([^|`]+) \| ((?:`[^`]+`(?:, )?)+) \| ([^|`]+) \| ((?:`[^`]+`(?:, )?)+) \|$", re.MULTILINE
)
PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def concepts() -> list[tuple[str, str]]:
    """Return each concept of the table with a file that holds it."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    cells = [(row[k].strip(), row[k + 1]) for row in rows for k in (0, 2)]
    return [(name, path) for name, paths in cells for path in re.findall(r"`([^`]+)`", paths)]


def test_the_table_has_what_newcomers_look_for() -> None:
    """A newcomer looks for these first."""
    names = " ".join(name for name, _ in concepts())
    for word in (
        "checkpoint", "grant", "slot", "vouch", "withdrawal", "resumption token", "cost rule", "embedding model", "quarantine",
        "state digest", "migration", "full-text search", "DOI normalisation", "CRediT roles", "who", "lineage", "JSON-LD",
        "audit verdict", "demo", "exit status", "politeness delay", "vector search", "contributions from git", "AI recognition", "caveats",
    ):  # fmt: skip
        assert word in names


@pytest.mark.parametrize(("name", "path"), concepts())
def test_a_file_speaks_of_its_concept(root: Path, name: str, path: str) -> None:
    """By its path, or in the first sentence of its docstring."""
    file = root / path
    assert file.exists()
    text = path.replace("_", " ").replace("/", " ").lower()
    if file.suffix == ".py":
        text += " " + (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").lower()
    for part in re.split(r", | \(", name.lower().rstrip(")")):
        stems = [word[:6] for word in part.split() if len(word) > 2]
        assert any(stem in text for stem in stems), f"{path} says nothing of {part!r}"


def test_every_folder_of_the_packages_is_told(root: Path) -> None:
    """A folder that no page names is found by chance."""
    page = PAGE.read_text(encoding="utf-8")
    folders = {
        f"{path.name}/"
        for package in ("graph", "ingest", "api", "colineage")
        for path in (root / package).iterdir()
        if (path / "__init__.py").exists()
    }
    assert len(folders) > 20
    assert {name for name in folders if f"`{name}`" not in page} == set()
