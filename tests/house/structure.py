"""Measure the structure of the packages: rooms, arrows, sizes, first sentences and names.

    python tests/house/structure.py [FOLDER]

A room is a module or a folder directly inside a package, an arrow an import from one room into another.
"""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

PACKAGES: Final = ("graph", "ingest", "recommend", "audit", "api", "colineage")
ROOMS: Final = (*PACKAGES, "ingest/arxiv", "ingest/pdf")
OPENING: Final = re.compile(r"\W*(what|which|who|whose|whom|whether|how)\b", re.IGNORECASE)
IRREGULAR: Final = frozenset(
    [
        "told",
        "held",
        "said",
        "seen",
        "made",
        "found",
        "shown",
        "known",
        "kept",
        "given",
        "taken",
        "done",
        "gone",
        "born",
        "died",
        "begun",
        "drawn",
        "written",
        "built",
        "left",
        "lost",
        "paid",
        "sent",
        "got",
        "heard",
        "meant",
        "met",
        "thrown",
        "torn",
        "won",
        "bound",
        "broken",
        "chosen",
        "hidden",
        "spoken",
        "stolen",
        "come",
        "came",
        "went",
        "began",
    ]
)
PREPOSITIONS: Final = frozenset(
    ("as", "at", "by", "for", "from", "in", "of", "on", "to", "under", "with")
)
NO_PARTICIPLE: Final = frozenset({"embed", "feed", "need", "seed", "speed"})

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A source file: its path from the root, its text's lines and its syntax tree."""

    path: str
    lines: int
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def modules(root: Path, packages: tuple[str, ...] = PACKAGES) -> list[Module]:
    """Read the modules of these packages."""
    paths = [path for package in packages for path in sorted((root / package).rglob("*.py"))]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return [
        Module(path.relative_to(root).as_posix(), len(text.splitlines()), ast.parse(text))
        for path, text in texts.items()
    ]


def is_participle(name: str) -> bool:
    """Return whether a name is a participle or a past form, alone or before a preposition.

    `told` and `held_by` are; `is_held` and `known_works`, which is the noun that it returns, are not.
    """
    first, _, rest = name.strip("_").partition("_")
    if first in NO_PARTICIPLE or (rest and rest.partition("_")[0] not in PREPOSITIONS):
        return False
    return first in IRREGULAR or re.fullmatch(r"[a-z]{2,}ed", first) is not None


def is_graphql_field(function: Function) -> bool:
    """Return whether a method is a field of the GraphQL schema: its name is the schema's."""
    return any(
        isinstance(name, ast.Name) and name.id == "graphql_field"
        for mark in function.decorator_list
        for name in [mark.func if isinstance(mark, ast.Call) else mark]
    )


def arrows(found: list[Module], package: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the rooms of a package (a folder, `ingest/arxiv`) and the arrows between them."""
    depth = package.count("/") + 1
    inside = {
        module.path.removesuffix("/__init__.py").removesuffix(".py"): module
        for module in found
        if module.path.startswith(f"{package}/") and module.path != f"{package}/__init__.py"
    }
    edges: set[tuple[str, str]] = set()
    for path, module in inside.items():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            base = node.module.replace(".", "/")
            for alias in node.names:
                target = f"{base}/{alias.name}" if f"{base}/{alias.name}" in inside else base
                if target in inside:
                    edges.add((path.split("/")[depth], target.split("/")[depth]))
    return {path.split("/")[depth] for path in inside}, {(a, b) for a, b in edges if a != b}


def openings(found: list[Module], kind: str) -> tuple[list[str], int]:
    """Return the docstrings of modules or functions that open with a question word, and the number of all."""
    places: list[tuple[str, str | None]] = []
    for module in found:
        if kind == "module":
            places.append((module.path, ast.get_docstring(module.tree)))
        else:
            places += [
                (f"{module.path}:{f.name}", ast.get_docstring(f)) for f in module.functions()
            ]
    documented = [(place, text) for place, text in places if text]
    return [place for place, text in documented if OPENING.match(text)], len(documented)


def participles(found: list[Module], *, public: bool) -> tuple[list[str], int]:
    """Return the functions named by a participle (only public ones, or all), and the number of all."""
    functions = [
        (module.path, function)
        for module in found
        for function in module.functions()
        if not is_graphql_field(function) and not (public and function.name.startswith("_"))
    ]
    named = [f"{path}:{one.name}" for path, one in functions if is_participle(one.name)]
    return named, len(functions)


def report(root: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    found = modules(root)
    for package in ROOMS:
        rooms, edges = arrows(found, package)
        yield f"{package}: {len(rooms)} rooms, {len(edges)} arrows"
    for kind in ("module", "function"):
        places, count = openings(found, kind)
        yield f"{kind} docstrings that open with a question word: {len(places)} of {count} ({len(places) / count:.1%})"
    for public in (True, False):
        places, count = participles(found, public=public)
        which = "public functions" if public else "functions"
        yield f"{which} named by a participle: {len(places)} of {count} ({len(places) / count:.1%})"
    longest = max(found, key=lambda module: module.lines)
    yield f"files: {len(found)}, median {statistics.median(m.lines for m in found):.0f} lines, longest {longest.lines} ({longest.path})"
    sizes = [
        ((f.end_lineno or f.lineno) - f.lineno + 1, f"{m.path}:{f.name}")
        for m in found
        for f in m.functions()
    ]
    yield f"functions: {len(sizes)}, median {statistics.median(s for s, _ in sizes):.0f} lines, longest {max(sizes)[0]} ({max(sizes)[1]})"
    yield f"lines in all: {sum(module.lines for module in found):,}"


if __name__ == "__main__":
    for line in report(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]):
        print(line)  # noqa: T201 - what it is for
