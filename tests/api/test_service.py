"""The service around the questions: health, files, headers, and what happens when something is not there."""

import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from graph.errors import BusyError, ForeignStoreError, MissingModelError
from graph.store import GraphStore
from tests.api.world import PAPER, World

PRIVATE = "/somewhere/private/graph.db"


def no_store() -> GraphStore:
    raise ForeignStoreError(f"{PRIVATE} is no store of ours")


def post(client: TestClient, query: str) -> Any:
    return client.post("/graphql", json={"query": query})


def test_health_and_readiness(world: World, store: GraphStore, client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    checkpoint = store.checkpoint()
    assert client.get("/ready").json() == {
        "status": "ready",
        "log": {"size": checkpoint.size, "root": checkpoint.root},
    }


def test_a_service_without_its_store(caplog: pytest.LogCaptureFixture) -> None:
    with TestClient(make_app(no_store)) as client, caplog.at_level(logging.WARNING):
        assert client.get("/health").status_code == 200
        for response in (
            client.get("/ready"),
            post(client, "{ stats { bundles } }"),
            client.get(f"/id/{PAPER}"),
        ):
            assert response.status_code == 503
            assert "UNAVAILABLE" in response.text
            assert PRIVATE not in response.text
    assert PRIVATE in caplog.text, "the log says what the asker isn't told"


class _Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object, **__: object) -> None:
            raise self.error

        return fail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BusyError(f"{PRIVATE} is locked"), "BUSY"),
        (ForeignStoreError(f"{PRIVATE} is damaged"), "UNAVAILABLE"),
        (MissingModelError(f"no model in {PRIVATE}"), "UNAVAILABLE"),
        (RuntimeError(f"no such table in {PRIVATE}"), "INTERNAL"),
        (KeyError(PRIVATE), "INTERNAL"),
    ],
)
def test_the_inside_of_an_error_stays_inside(
    error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    store: Any = _Failing(error)
    with TestClient(make_app(lambda: store)) as client:
        answer = post(client, "{ stats { bundles } }").json()
        assert answer["data"] is None
        [told] = answer["errors"]
        assert told["extensions"] == {"code": code}
        assert PRIVATE not in told["message"]
        page = client.get(f"/id/{PAPER}")
        assert page.status_code in {500, 503}
        assert PRIVATE not in page.text
        assert page.json()["error"]["code"] == code
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
    if code != "BUSY":
        assert PRIVATE in caplog.text


@pytest.mark.parametrize(
    "address", ["/", "/health", "/id/nonsense", "/graphql", "/nothing", "/ready"]
)
def test_headers_of_every_answer(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_without_an_explorer_the_page_says_how_to_get_it(client: TestClient) -> None:
    assert "make explorer" in client.get("/").text
    page = client.get("/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "make explorer" in page.text
    assert client.get("/assets/main.js").status_code == 404


def test_the_files_of_the_explorer(store: GraphStore, explorer: Path) -> None:
    (explorer.parent / "secret.txt").write_text("not for you")
    with TestClient(make_app(lambda: store, explorer=explorer)) as client:
        assert client.get("/").text == (explorer / "index.html").read_text()
        script = client.get("/assets/main-1a2b.js")
        assert script.text == "export {};"
        assert "javascript" in script.headers["content-type"]
        for address in ("/assets/../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/secret.txt"):
            assert client.get(address).status_code == 404


def test_graphiql_for_browsers_that_ask_nothing_yet(store: GraphStore, explorer: Path) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    with TestClient(make_app(lambda: store, explorer=explorer)) as client:
        page = client.get("/graphql", headers=browser)
        assert "<title>GraphiQL</title>" in page.text
        policy = page.headers["content-security-policy"]
        assert "script-src" not in policy, "scripts come from here and from nowhere else"
        assert "http" not in policy
        answer = client.get("/graphql", params={"query": "{ __typename }"}, headers=browser)
        assert answer.json() == {"data": {"__typename": "Query"}}
        assert client.get("/graphql").status_code == 400, "a program is told what it left out"


def test_no_page_names_another_host(store: GraphStore, explorer: Path) -> None:
    for app in (make_app(lambda: store), make_app(lambda: store, explorer=explorer)):
        with TestClient(app) as client:
            for address in ("/", "/graphql", "/docs", "/redoc", "/openapi.json"):
                text = client.get(address, headers={"accept": "text/html"}).text
                assert "http://" not in text
                assert "https://" not in text
