"""The wheel: built from this checkout, it holds what runs and runs from there alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGES = ("graph", "ingest", "recommend", "audit", "api", "colineage")
PROBE = """
import sys
sys.path.insert(0, sys.argv[1])
import graph.open
store = graph.open.open_store("sqlite::memory:")
assert graph.open.__file__.startswith(sys.argv[1]), graph.open.__file__
print(store.checkpoint().size)
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def held(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def test_the_wheel_holds_every_file_of_the_packages(
    tracked: tuple[str, ...], held: frozenset[str]
) -> None:
    """Queries, migrations and tables are no Python files, and are forgotten easily."""
    wanted = {name for name in tracked if name.split("/", 1)[0] in PACKAGES}
    assert any(name.endswith(".sql") for name in wanted)
    assert wanted - held == set()


def test_the_wheel_holds_nothing_else_of_the_checkout(held: frozenset[str]) -> None:
    """Tests and data with other licences must not be shipped along."""
    tops = {name.split("/", 1)[0] for name in held}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_built_page_is_in_the_wheel(root: Path, held: frozenset[str]) -> None:
    """Without it `serve` answers everything but the page, and says so only there."""
    dist = root / "explorer" / "dist"
    built = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    assert "index.html" in built, "the page is not built: make explorer"
    prefix = "colineage/explorer_files/"
    assert {name.removeprefix(prefix) for name in held if name.startswith(prefix)} == built


def test_the_wheel_has_both_commands_and_the_licence(wheel: Path) -> None:
    """What users type and what lawyers read is made by metadata alone."""
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.split("/", 1)[1]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "colineage = colineage.__main__:main" in texts["entry_points.txt"]
    assert "ingest = colineage.__main__:ingest" in texts["entry_points.txt"]
    assert "Apache License" in texts["licenses/LICENSE"]
    assert "License-Expression: Apache-2.0" in texts["METADATA"]


def test_what_is_in_the_wheel_opens_a_store(wheel: Path, tmp_path: Path) -> None:
    """The checkout beside it could hide a file that the wheel lacks."""
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROBE, str(unpacked)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
