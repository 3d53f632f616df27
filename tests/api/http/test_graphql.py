"""GraphQL over HTTP: what a request may look like, and what hostile ones are told."""

import json
import sys
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.api.conftest import Ask
from tests.api.world import PAPER, World

STATS = "{ stats { bundles } }"


def code_of(response: Any) -> str:
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found


def test_get_and_post_answer_the_same(world: World, client: TestClient) -> None:
    query = "query($id: ID!) { node(id: $id) { id } }"
    variables = {"id": PAPER}
    got = client.get("/graphql", params={"query": query, "variables": json.dumps(variables)})
    posted = client.post("/graphql", json={"query": query, "variables": variables})
    assert got.json() == posted.json() == {"data": {"node": {"id": PAPER}}}
    assert got.headers["content-type"] == "application/json"


def test_the_operation_of_a_name(client: TestClient) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    asked = {"query": query, "operationName": "B"}
    assert client.post("/graphql", json=asked).json() == {"data": {"b": "Query"}}
    response = client.post("/graphql", json=asked | {"operationName": "C"})
    assert code_of(response) == "BAD_INPUT"
    assert "C" in response.json()["errors"][0]["message"]


def test_there_is_nothing_that_changes_anything(client: TestClient) -> None:
    for operation in ("mutation", "subscription"):
        response = client.post("/graphql", json={"query": operation + " { stats { bundles } }"})
        assert code_of(response) == "BAD_INPUT"


def test_a_body_of_more_than_100_kilobytes(client: TestClient) -> None:
    query = STATS + "#" * 100_000
    response = client.post("/graphql", json={"query": query})
    assert response.status_code == 413
    assert code_of(response) == "TOO_DEAR"
    assert "100,000 bytes" in response.json()["errors"][0]["message"]
    fits = client.post("/graphql", json={"query": STATS + "#" * 90_000})
    assert fits.status_code == 200


def test_a_body_without_a_length_is_counted_as_it_comes(client: TestClient) -> None:
    def parts() -> Any:
        yield b'{"query": "'
        for _ in range(200):
            yield b"#" * 1_000
        yield b'"}'

    response = client.post(
        "/graphql", content=parts(), headers={"content-type": "application/json"}
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b'[{"query": "{ stats { bundles } }"}]',
        b"null",
        b"7",
        b"{}",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": 7}',
        b'{"query": "{ stats { bundles } }", "variables": []}',
        b'{"query": "{ stats { bundles } }", "variables": "x"}',
        b'{"query": "{ stats { bundles } }", "operationName": 7}',
        b'{"query": "{ stats { bundles } }", "variables": {"a": "\\ud800"}}',
        b'{"query": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"query": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_asks_nothing_readable(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert code_of(response) == "BAD_INPUT"


@pytest.mark.parametrize(
    "media",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
def test_what_a_form_of_a_foreign_page_could_send_is_refused(
    client: TestClient, media: str | None
) -> None:
    headers = {"content-type": media} if media else {}
    content = json.dumps({"query": STATS}).encode()
    response = client.post("/graphql", content=content, headers=headers)
    assert response.status_code == 415
    assert "expected a body of type application/json" in response.text


def test_no_foreign_page_may_read_answers(client: TestClient) -> None:
    headers = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    asked = client.options("/graphql", headers=headers)
    answered = client.post("/graphql", json={"query": STATS}, headers=headers)
    for response in (asked, answered):
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_there_are_no_web_sockets(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/graphql"):
        pass


@pytest.mark.parametrize(
    "query",
    [
        "{" * 900,
        "{ a" * 600 + " }" * 600,
        "{ nodes(kind: " + "[" * 900,
        '{ nodes(kind: "' + "\\" * 5_000,
        "query(" + "$a: Int " * 400 + ") { stats { bundles } }",
        "{ stats { " + "bundles @include(if: true) " * 250 + "} }",
        "{ " + "...A " * 600 + "} fragment A on Query { stats { bundles } ...A }",
        "\x00",
        "\ufeff{ stats { bundles } } \u202e",
        '{ node(id: """\n' + "x" * 60_000 + '\n""") { id } }',
        "{ " + "stats { bundles } " * 400 + "}",
    ],
)
def test_hostile_queries_get_a_short_answer(client: TestClient, query: str) -> None:
    limit = sys.getrecursionlimit()
    response = client.post("/graphql", json={"query": query})
    assert response.status_code == 200
    for error in response.json().get("errors", []):
        assert error["extensions"]["code"] in {"BAD_INPUT", "TOO_DEAR"}, error
        assert len(error["message"]) < 2_000
    assert sys.getrecursionlimit() == limit


def test_words_of_a_query_are_not_a_pattern(world: World, ask: Ask) -> None:
    for text in (
        '"',
        "*",
        "NEAR(",
        "a AND",
        "title:x",
        "-",
        "%",
        "'; DROP TABLE node; --",
        "a*b(c",
    ):
        answer = ask("query($t: String!) { search(text: $t) { edges { node { id } } } }", t=text)
        assert "errors" not in answer, (text, answer)


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ('{ node(id: "nonsense") { id } }', "BAD_INPUT", "expected one like arxiv:2512.05356"),
        ('{ lineage(id: "arxiv:1901.00001") { more { id } } }', "NOT_FOUND", "nobody speaks of"),
        ('{ lineage(id: "arxiv:2401.00001", depth: 21) { more { id } } }', "BAD_INPUT", "depth: expected 1 to 20, got 21"),
        ('{ audit(id: "arxiv:1901.00001") { checks { name } } }', "NOT_FOUND", "nobody speaks of"),
        ('{ audit(id: "arxiv:2401.00001") { checks { name } } }', "BAD_INPUT", "run"),
        ("{ related { whyEmpty } }", "BAD_INPUT", "id, text: expected one of them, got none"),
        ('{ related(id: "arxiv:2401.00001", text: "x") { whyEmpty } }', "BAD_INPUT", "got both"),
        ('{ related(text: " ") { whyEmpty } }', "BAD_INPUT", "text: expected some words"),
        ('{ search(text: "") { pageInfo { endCursor } } }', "BAD_INPUT", "text: expected some words"),
        ('{ nodes(kind: "dragon") { pageInfo { endCursor } } }', "BAD_INPUT", "kind: expected one of work"),
        ('{ node(id: "arxiv:2401.00001") { relations(names: ["loves"]) { totalCount } } }', "BAD_INPUT", "names: expected some of"),
    ],
)  # fmt: skip
def test_what_can_not_be_answered_says_why(
    world: World, ask: Ask, query: str, code: str, words: str
) -> None:
    [error] = ask(query)["errors"]
    assert error["extensions"] == {"code": code}
    assert words in error["message"]
    assert error["path"]


def test_graphql_response_json_tells_by_its_status(client: TestClient) -> None:
    accept = {"accept": "application/graphql-response+json"}
    good = client.post("/graphql", json={"query": STATS}, headers=accept)
    assert good.status_code == 200
    assert good.headers["content-type"] == "application/graphql-response+json"
    assert client.post("/graphql", json={"query": "{ x }"}, headers=accept).status_code == 400
