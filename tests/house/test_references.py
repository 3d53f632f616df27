"""References in code and docs: every page, section, rule, promise, decision and module that is cited exists.

It is here because the most important file once cited a page that isn't in the repository.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("graph", "ingest", "recommend", "audit", "api", "colineage", "bench", "tests")
# What others made is theirs; decisions tell how it was when they were taken.
FOREIGN = re.compile(r"^(examples/(git|mlflow|pdf|statements)|tests/.*/data/|docs/decisions/)")
PAGE = re.compile(r"(?<![\w/.-])docs/[\w./-]*\w")
SECTION = re.compile(r"(docs/\w+\.md),? (?:section )?(\d+)")
RULES = re.compile(r"\brules? (\d+)(?:(?: to |, | and )(\d+))?")
PROMISE = re.compile(r"\bpromises? (\d+)", re.IGNORECASE)
DECISION = re.compile(r"\bdecisions? (\d{4})")
MODULE = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")
ELSEWHERE = re.compile(r"\b(DESIGN|LAYOUT|STYLE|RULES)(\.md|,? section)")
"""Pages that a repository of ours may have, and this one has not."""


@pytest.fixture(scope="module")
def texts(root: Path, tracked: tuple[str, ...]) -> dict[str, str]:
    names = [
        name
        for name in tracked
        if name.endswith((".py", ".sql", ".cypher", ".md", ".ts", ".tsx", ".toml"))
        and not FOREIGN.search(name)
        and name != "tests/house/test_references.py"
    ]
    return {name: (root / name).read_text(encoding="utf-8") for name in names}


def cited(texts: dict[str, str], pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each match with its file; a pattern that matches nothing checks nothing, and fails."""
    matches = [(name, match) for name, text in texts.items() for match in pattern.finditer(text)]
    assert matches, f"nothing cites {pattern.pattern}"
    yield from matches


def test_every_page_exists(root: Path, texts: dict[str, str]) -> None:
    """A decision may be cited by its number alone."""
    code = {name: text for name, text in texts.items() if not name.endswith(".md")}
    missing = [
        f"{name}: {match[0]}"
        for name, match in cited(code, PAGE)
        if not (root / match[0]).exists() and not list(root.glob(f"{match[0]}-*.md"))
    ]
    assert missing == []


def test_no_page_is_cited_that_lies_elsewhere(texts: dict[str, str]) -> None:
    """A reader has this repository and nothing else."""
    places = [
        f"{name}: {match[0]}" for name, text in texts.items() for match in ELSEWHERE.finditer(text)
    ]
    assert places == []


def test_every_section_of_a_page_exists(root: Path, texts: dict[str, str]) -> None:
    """Sections are renumbered when a page is rewritten."""
    missing = []
    for name, match in cited(texts, SECTION):
        page = (root / match[1]).read_text(encoding="utf-8")
        if not re.search(rf"^##+ {match[2]}\. ", page, re.MULTILINE):
            missing.append(f"{name}: {match[0]}")
    assert missing == []


def test_every_rule_exists(root: Path, texts: dict[str, str]) -> None:
    """The rules of the format are cited by number throughout the code."""
    page = (root / "docs" / "bundle.md").read_text(encoding="utf-8")
    numbers = set(
        re.findall(r"^(\d+)\. ", page.partition("\n## 5.")[2].partition("\n## 6.")[0], re.MULTILINE)
    )
    code = {name: text for name, text in texts.items() if name.startswith(("graph/", "tests/"))}
    missing = [
        f"{name}: {match[0]}"
        for name, match in cited(code, RULES)
        if not {number for number in match.groups() if number} <= numbers
    ]
    assert missing == []


def test_every_promise_exists(root: Path, texts: dict[str, str]) -> None:
    """A promise that no page states, or no test holds, is none."""
    page = (root / "docs" / "promises.md").read_text(encoding="utf-8")
    numbers = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))
    tests = {
        name.rsplit("test_", 1)[1].partition("_")[0] for name in texts if "promises/test_" in name
    }
    assert tests == numbers
    missing = [
        f"{name}: {match[0]}" for name, match in cited(texts, PROMISE) if match[1] not in numbers
    ]
    assert missing == []


def test_every_test_that_holds_a_promise_exists(root: Path, texts: dict[str, str]) -> None:
    """A test that is renamed would leave its promise without one."""
    page = texts["docs/promises.md"]
    held = "".join(text for name, text in texts.items() if name.startswith("tests/"))
    names = set(re.findall(r"`(test_\w+)`", page))
    assert names
    assert {name for name in names if f"def {name}(" not in held} == set()
    # Each test of the ten promises stands in the table.
    files = {name for name in texts if name.startswith("tests/promises/test_")}
    assert {name for name in files if f"../{name}" not in page} == set()


def test_every_decision_exists(root: Path, texts: dict[str, str]) -> None:
    """A decision is cited for its reason, which must be there to be read."""
    pages = {path.name[:4] for path in (root / "docs" / "decisions").glob("0*.md")}
    cites = [(name, match[1]) for name, text in texts.items() for match in DECISION.finditer(text)]
    assert {(name, number) for name, number in cites if number not in pages} == set()


def test_every_module_exists(root: Path, texts: dict[str, str]) -> None:
    """Docs name modules and functions, and these move."""
    missing = [
        f"{name}: {match[1]}" for name, match in cited(texts, MODULE) if not _exists(root, match[1])
    ]
    assert missing == []


def _exists(root: Path, dotted: str) -> bool:
    """Return whether a module of this name exists, or a name at the top of one."""
    if dotted in {"colineage.db", "colineage.quarantine.jsonl"}:
        return True  # files of a user
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        folder = root.joinpath(*parts[:count])
        module = folder.with_suffix(".py")
        if not module.exists() and not folder.is_dir():
            continue
        if count == len(parts):
            return True
        text = module.read_text(encoding="utf-8") if module.exists() else ""
        return (
            re.search(rf"^(?:class |def |async def )?{parts[count]}\b", text, re.MULTILINE)
            is not None
        )
    return False
