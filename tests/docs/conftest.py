"""Fixtures of the documentation tests: the pages, and a folder to run their examples in."""

import gzip
import shutil
from pathlib import Path

import pytest

KEPT = 60
"""Of each of the two files of papers, so many are enough: embedding them all takes minutes."""
THE_PAPER = b'"2512.05356"'


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def workplace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples, both files of papers cut to a part; the paper named everywhere stays."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(root / "examples", folder / "examples")
    for name in ("papers.jsonl.gz", "openalex.jsonl.gz"):
        path = folder / "examples" / name
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
        named = [line for line in lines[KEPT:] if THE_PAPER in line]
        path.write_bytes(gzip.compress(b"".join([*named, *lines[:KEPT]])))
    return folder
