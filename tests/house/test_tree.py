"""What the checkout holds, and what it must not."""

import re
from pathlib import Path

TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE",
    "Makefile", "README.md", "api", "audit", "bench", "colineage", "docker-compose.yml", "docs",
    "examples", "explorer", "graph", "ingest", "pyproject.toml", "recommend", "requirements.lock",
    "tests",
}  # fmt: skip

# Put together here, so that this file is not what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("deb", "debian", "org"),
        ("download", "pytorch", "org"),
    )
)
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|mnt)/[\w.-]+")
# What others made is kept as they made it, paths of their machines included.
FOREIGN = re.compile(r"^(examples/|tests/.*/data/|tests/golden/)")
TEXT = {
    ".py", ".md", ".toml", ".lock", ".yml", ".yaml", ".json", ".ts", ".tsx", ".mjs", ".css", ".html",
    ".sql", ".graphql", "",
}  # fmt: skip


def test_the_top_level_is_the_one_agreed(tracked: tuple[str, ...]) -> None:
    """A new top-level entry is a decision, not an accident."""
    assert {name.split("/", 1)[0] for name in tracked} == TOP_LEVEL


def test_no_file_is_named_after_nothing(tracked: tuple[str, ...]) -> None:
    """A file without a concept in its name gathers whatever is homeless."""
    vague = re.compile(r"(^|/)(utils?|helpers?|common|misc|manager|base)\.(py|ts|tsx)$")
    assert [name for name in tracked if vague.search(name)] == []


def test_no_source_file_is_too_long_to_hold_in_the_head(
    root: Path, tracked: tuple[str, ...]
) -> None:
    """Beyond 500 lines a file holds more than one concept."""
    lengths = {
        name: len((root / name).read_text(encoding="utf-8").splitlines())
        for name in tracked
        if name.endswith((".py", ".ts", ".tsx")) and ".gen." not in name
    }
    assert {name: lines for name, lines in lengths.items() if lines > 500} == {}


def _ours(root: Path, tracked: tuple[str, ...]) -> dict[str, str]:
    names = [name for name in tracked if Path(name).suffix in TEXT and not FOREIGN.search(name)]
    assert names
    return {name: (root / name).read_text(encoding="utf-8") for name in names}


def test_no_path_of_this_machine(root: Path, tracked: tuple[str, ...]) -> None:
    """A path of the author's machine works nowhere else and tells who wrote it."""
    here = (f"{root}/", f"{Path.home()}/")
    named = [
        name for name, text in _ours(root, tracked).items() if any(one in text for one in here)
    ]
    assert named == []


def test_no_path_of_anybodys_machine(root: Path, tracked: tuple[str, ...]) -> None:
    """Tests may make up somebody's folder; what runs may not know one."""
    found = {
        name: SOMEBODYS_FOLDER.findall(text)
        for name, text in _ours(root, tracked).items()
        if not name.startswith("tests/")
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_no_address_of_a_registry(root: Path, tracked: tuple[str, ...]) -> None:
    """A named registry breaks every mirror and every offline build."""
    found = [
        (name, host)
        for name, text in _ours(root, tracked).items()
        for host in REGISTRIES
        if host in text
    ]
    assert found == []


def test_nothing_is_left_for_later_in_the_code(root: Path, tracked: tuple[str, ...]) -> None:
    """What is left for later belongs into an issue, where somebody sees it."""
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
    code = {
        name: text
        for name, text in _ours(root, tracked).items()
        if name.endswith((".py", ".ts", ".tsx"))
    }
    assert [name for name, text in code.items() if words.search(text)] == []


def test_every_database_key_and_cache_is_ignored(root: Path, tracked: tuple[str, ...]) -> None:
    """A key or a database that is committed once is public for ever."""
    made = re.compile(
        r"(\.(db|db-wal|db-shm|key|pem|pyc)$|(^|/)(node_modules|dist|\.venv|\.demo)/)"
    )
    assert [name for name in tracked if made.search(name) and not FOREIGN.search(name)] == []
