"""Fixtures of the promises: servers that fork the processes to be killed, cut off and starved."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.promises.runs import Run, Server, Setup, Typed, served


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Forks processes that are as everybody's."""
    with served(tmp_path_factory.mktemp("home"), Setup()) as found:
        yield found


@pytest.fixture(scope="session")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Forks processes whose disk is watched and can fail."""
    with served(tmp_path_factory.mktemp("home"), Setup(driver=True)) as found:
        yield found


@pytest.fixture
def typed(server: Server) -> Typed:
    """A command as it is typed, in a folder."""

    def typed(folder: Path, *words: str) -> tuple[int, Any]:
        (ended,) = server.run(Run(str(folder), words=[*words, "--json"]))
        assert "Traceback" not in (folder / "err").read_text("utf-8")
        return ended.status, json.loads((folder / "out").read_bytes())

    return typed
