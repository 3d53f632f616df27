"""What we depend on: declared, used, locked with hashes, and the same everywhere."""

import ast
import re
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions, version
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = ("graph", "ingest", "recommend", "audit", "api", "colineage")
LOCKS = (
    "requirements.lock",
    "tests/requirements.lock",
    "explorer/requirements.lock",
    "bench/requirements.lock",
    "bench/mutants/requirements.lock",
)
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; .*?)? \\$")


def _declared(requirements: list[str]) -> dict[str, Requirement]:
    parsed = [Requirement(line) for line in requirements]
    return {canonicalize_name(one.name): one for one in parsed}


def _imported(root: Path, folders: tuple[str, ...]) -> set[str]:
    """The installed distributions that the code of these folders imports from, anywhere in a file."""
    names: set[str] = set()
    for folder in folders:
        for file in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.split(".")[0])
    homes = packages_distributions()
    foreign = (names & homes.keys()) - set(sys.stdlib_module_names) - set(OURS)
    return {canonicalize_name(homes[name][0]) for name in foreign}


def test_what_is_imported_is_what_is_declared(root: Path, project: Mapping[str, Any]) -> None:
    """An undeclared import works until the package that brought it along drops it."""
    table = project["project"]
    wanted = [*table["dependencies"], *table["optional-dependencies"]["pdfium"]]
    assert _imported(root, OURS) == set(_declared(wanted))


def test_what_the_tests_import_is_declared_too(root: Path, project: Mapping[str, Any]) -> None:
    """Else the tests run on the author's machine alone."""
    table, groups = project["project"], project["dependency-groups"]
    declared = _declared([*table["dependencies"], *groups["build"], *groups["dev"]])
    assert _imported(root, ("tests", "bench")) - set(declared) == set()


def test_every_dependency_has_a_lower_bound(project: Mapping[str, Any]) -> None:
    """Without one an old version installs and fails somewhere else."""
    declared = _declared(project["project"]["dependencies"])
    loose = [
        name
        for name, one in declared.items()
        if not any(part.operator in (">=", "==") for part in one.specifier)
    ]
    assert loose == []


def _pins(path: Path) -> dict[str, list[str]]:
    """Each name's versions (several, where they differ by platform or Python)."""
    pins: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := PIN.match(line):
            pins.setdefault(found.group(1), []).append(found.group(2))
    assert pins
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_no_address(root: Path, name: str) -> None:
    """A pin without a hash trusts whoever serves it."""
    text = (root / name).read_text(encoding="utf-8")
    kinds = (
        PIN,
        re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$"),
        re.compile(r"^ *#"),
    )
    odd = [line for line in text.splitlines() if not any(kind.match(line) for kind in kinds)]
    assert odd == []
    assert "://" not in text


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_is_followed_by_a_hash(root: Path, name: str) -> None:
    """One pin without a hash is enough for an attacker."""
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for line, following in pairwise(lines)
        if PIN.match(line) and "--hash=sha256:" not in following
    ]
    assert bare == []


def test_the_locks_hold_what_is_declared(root: Path, project: Mapping[str, Any]) -> None:
    """A lock that is behind installs something else than what was tested."""
    table, groups = project["project"], project["dependency-groups"]
    wanted = {
        "requirements.lock": [
            *table["dependencies"],
            *table["optional-dependencies"]["minilm"],
            *groups["build"],
        ],
        "tests/requirements.lock": groups["dev"],
        "explorer/requirements.lock": groups["node"],
        "bench/requirements.lock": groups["fuzz"],
        "bench/mutants/requirements.lock": groups["mutants"],
    }
    for name, requirements in wanted.items():
        pins = _pins(root / name)
        for package, requirement in _declared(requirements).items():
            assert package in pins, f"{name} lacks {package}: make lock"
            assert all(requirement.specifier.contains(pin) for pin in pins[package]), package


def test_the_locks_agree(root: Path) -> None:
    """Two versions of one package in one environment are one version, whichever came last."""
    runtime, tests, mutants = (_pins(root / LOCKS[k]) for k in (0, 1, -1))
    for later, earlier in ((tests, runtime), (mutants, runtime), (mutants, tests)):
        both = earlier.keys() & later.keys()
        assert {name: later[name] for name in both} == {name: earlier[name] for name in both}


def test_the_version_is_the_same_everywhere(root: Path, project: Mapping[str, Any]) -> None:
    """A bug report names a version; it must be the one that ran."""
    stated = project["project"]["version"]
    page = (root / "explorer" / "package.json").read_text(encoding="utf-8")
    compose = (root / "docker-compose.yml").read_text(encoding="utf-8")
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert version("colineage") == stated
    assert f'"version": "{stated}"' in page
    assert f"image: colineage:{stated}\n" in compose
    newest = re.search(r"^## (\S+)", changes, flags=re.MULTILINE)
    assert newest
    assert newest.group(1) == stated


def test_the_wheel_is_installed_with_what_the_lock_pins(root: Path) -> None:
    """The container runs what was tested, not what is newest."""
    pins = _pins(root / "requirements.lock")
    for name in ("fastapi", "strawberry-graphql", "cryptography"):
        assert version(name) in pins[name]
