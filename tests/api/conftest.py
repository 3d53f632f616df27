"""A small real graph, and a client of the application over it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.api.world import VOICE, World, build, clock

Ask: TypeAlias = Callable[..., dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = open_store(f"sqlite:{tmp_path / 'colineage.db'}", clock=clock)
    opened.trust([TrustEntry(VOICE.key)])
    yield opened
    opened.close()


@pytest.fixture
def world(store: GraphStore) -> World:
    return build(store)


@pytest.fixture
def client(store: GraphStore) -> Iterator[TestClient]:
    with TestClient(make_app(lambda: store), follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def ask(client: TestClient) -> Ask:
    """Asks GraphQL; gives the whole answer: `data`, and `errors` where there are some."""

    def ask(query: str, /, **variables: Any) -> dict[str, Any]:
        response = client.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    return ask


@pytest.fixture
def data(ask: Ask) -> Ask:
    """Asks GraphQL; gives the data of an answer without errors."""

    def data(query: str, /, **variables: Any) -> dict[str, Any]:
        answer = ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    return data


@pytest.fixture
def explorer(tmp_path: Path) -> Path:
    """A built explorer, as small as it can be."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(
        "<!doctype html><html><head><title>Colineage</title>"
        '<script type="module" src="/assets/main-1a2b.js"></script></head>'
        '<body><noscript>This page needs JavaScript.</noscript><div id="page"></div></body></html>'
    )
    (folder / "graphiql.html").write_text("<!doctype html><title>GraphiQL</title>")
    (folder / "assets" / "main-1a2b.js").write_text("export {};")
    return folder
