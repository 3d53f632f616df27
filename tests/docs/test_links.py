"""Every page is reached from the README, and every link inside the documents leads somewhere."""

import re
from pathlib import Path

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", flags=re.MULTILINE)


def _pages(root: Path) -> list[Path]:
    folders = (root / "docs", root / "examples")
    found = [root / "README.md", root / "CHANGELOG.md", root / "CONTRIBUTING.md"]
    return found + [page for folder in folders for page in sorted(folder.rglob("*.md"))]


def _links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if "://" not in link]


def _anchor(heading: str) -> str:
    """As GitHub makes them: lower case, words joined by hyphens, marks dropped."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _target(page: Path, link: str) -> Path:
    name = link.partition("#")[0]
    return (page.parent / name).resolve() if name else page


def test_every_link_leads_somewhere(root: Path) -> None:
    broken = []
    for page in _pages(root):
        for link in _links(page):
            target, anchor = _target(page, link), link.partition("#")[2]
            headings = (
                HEADING.findall(target.read_text("utf-8"))
                if target.suffix == ".md" and target.exists()
                else []
            )
            if not target.exists() or (anchor and anchor not in map(_anchor, headings)):
                broken.append(f"{page.relative_to(root)}: {link}")
    assert broken == []


def test_every_page_is_reached_from_the_readme(root: Path) -> None:
    seen: set[Path] = set()
    waiting = [root / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        targets = {_target(page, link) for link in _links(page)}
        waiting += [one for one in targets if one.suffix == ".md" and one.exists()]
    assert sorted(set(_pages(root)) - seen) == []
