"""Stores that the conformance suite runs on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from graph.open import open_store
from graph.store import GraphStore
from tests.conftest import emptied
from tests.graph.neo4j.server import Servers

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def clock() -> datetime:
    """The moment at which all these tests happen."""
    return NOW


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """A store that another process, or a later one, opens again."""
    return f"sqlite:{tmp_path / 'colineage.db'}"


@pytest.fixture(
    params=["sqlite file", "sqlite memory", pytest.param("neo4j", marks=pytest.mark.neo4j)]
)
def open_new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], GraphStore]]:
    """Opens an empty store of one kind, as often as it is called."""
    opened: list[GraphStore] = []

    def fresh() -> GraphStore:
        path = tmp_path / f"store{len(opened)}.db"
        if request.param == "neo4j":
            servers: Servers = request.getfixturevalue("neo4j_servers")
            url = emptied(servers, len(opened) % 2)  # two may be open at once: they take turns
        else:
            url = "sqlite::memory:" if request.param == "sqlite memory" else f"sqlite:{path}"
        opened.append(open_store(url, clock=clock))
        return opened[-1]

    yield fresh
    for store in opened:
        store.close()


@pytest.fixture
def store(open_new: Callable[[], GraphStore]) -> GraphStore:
    """An empty store."""
    return open_new()


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> settings:
    """How many examples a law is tried on: a server takes longer over each."""
    return settings(max_examples=20 if request.node.get_closest_marker("neo4j") else 80)
