"""`/id/…`: one address, several forms; foreign text can do nothing; what is not there says so."""

import asyncio
import hashlib
import json
from collections.abc import MutableMapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from graph.log.merkle import is_included
from graph.store import GraphStore
from tests.api.world import CONCEPT, HOSTILE, OLDER, PAPER, SECOND, UNTOLD, VOICE, World

LD = {"accept": "application/ld+json"}


class Reader(HTMLParser):
    """What a browser would make of a page: elements, the title, and the data scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._inside] = self.texts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def with_explorer(store: GraphStore, explorer: Path) -> TestClient:
    return TestClient(make_app(lambda: store, explorer=explorer), follow_redirects=False)


def test_a_thing_as_json_ld(world: World, client: TestClient) -> None:
    response = client.get(f"/id/{PAPER}", headers=LD)
    assert response.headers["content-type"] == "application/ld+json"
    assert response.headers["vary"] == "Accept"
    found = response.json()
    assert found["id"] == PAPER
    assert found["type"] == ["prov:Entity", "schema:ScholarlyArticle"]
    assert found["schema:name"] == HOSTILE
    assert [one["id"] for one in found["cito:cites"]] == [UNTOLD, OLDER]
    assert found["schema:about"] == [{"id": CONCEPT, "schema:name": "Artificial Intelligence"}]
    for authors in (found["prov:wasAttributedTo"], found["schema:author"]):
        assert [one["schema:name"] for one in authors] == ["Zoe Young", "Adam Old"]
    [description] = found["descriptions"]
    assert description["author"] == "source:arxiv"
    assert description["at"] == "2026-01-02T00:00:00Z"
    assert description["bundle"] == world.paper_record
    assert description["attributes"]["title"] == HOSTILE
    stated = {(one["from"], one["relation"], one["to"]): one for one in found["statements"]}
    assert stated[PAPER, "cito:cites", OLDER]["bundles"] == [world.paper_record]
    derived = stated[world.idea, "prov:wasDerivedFrom", PAPER]
    assert derived["qualifiers"] == {"subtype": "inspiration"}


def test_the_context_is_inside_and_names_every_term(world: World, client: TestClient) -> None:
    for identifier in (PAPER, world.idea, world.statement, world.paper_record):
        found = client.get(f"/id/{identifier}", headers=LD).json()
        context = found["@context"]
        assert isinstance(context, dict), "a context elsewhere would have to be fetched"
        prefixes = {term for term in terms(found) if ":" in term}
        assert {one.partition(":")[0] for one in prefixes} <= context.keys()


def terms(value: Any) -> set[str]:
    if isinstance(value, list):
        return {one for part in value for one in terms(part)}
    if not isinstance(value, dict):
        return set()
    opaque = {"@context", "attributes", "qualifiers", "envelope"}
    inner = {one for key, part in value.items() if key not in opaque for one in terms(part)}
    return inner | value.keys()


def test_an_agent_and_an_activity(world: World, client: TestClient) -> None:
    person = client.get(f"/id/person:{SECOND.key}", headers=LD).json()
    assert person["type"] == ["prov:Agent", "schema:Person"]
    made = client.get(f"/id/{world.idea}", headers=LD).json()["prov:wasGeneratedBy"][0]["id"]
    assert client.get(f"/id/{made}", headers=LD).json()["type"] == ["prov:Activity"]


def test_a_bundle_with_its_proof(world: World, client: TestClient) -> None:
    found = client.get(f"/id/{world.statement}", headers=LD).json()
    assert found["type"] == ["prov:Bundle", "prov:Entity"]
    header = found["header"].encode()
    assert found["id"] == "sha256:" + hashlib.sha256(header).hexdigest() == world.statement
    assert json.loads(found["body"])["nodes"]
    assert found["envelope"]["signatures"][0].keys() == {"sig"}
    assert found["author"] == VOICE.key
    assert found["answeredBy"] == [world.dispute]
    proof = found["proof"]
    path = [bytes.fromhex(one) for one in proof["hashes"]]
    leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
    assert leaf == hashlib.sha256(b"\0" + header).digest()
    assert is_included(leaf, proof["position"], proof["size"], path, root)
    record = client.get(f"/id/{world.paper_record}", headers=LD).json()
    assert record["source"]["licence"] == "CC0-1.0"
    assert record["envelope"] is None


def test_format_is_stronger_than_the_header(world: World, client: TestClient) -> None:
    def kind(address: str, **headers: str) -> str:
        return client.get(address, headers=headers).headers["content-type"]

    assert kind(f"/id/{PAPER}?format=jsonld", accept="text/html") == "application/ld+json"
    assert kind(f"/id/{PAPER}?format=json") == "application/json"
    assert kind(f"/id/{PAPER}?format=html", **LD).startswith("text/html")
    assert kind(f"/id/{PAPER}", accept="application/json").startswith("application/json")
    assert kind(f"/id/{PAPER}", accept="*/*").startswith("text/html")


def test_what_is_not_served_says_what_is(world: World, client: TestClient) -> None:
    response = client.get(f"/id/{PAPER}", headers={"accept": "application/pdf"})
    assert response.status_code == 406
    assert "application/ld+json" in response.json()["error"]["message"]
    wrong = client.get(f"/id/{PAPER}?format=pdf")
    assert wrong.status_code == 400
    assert "html, jsonld, json" in wrong.json()["error"]["message"]


def test_foreign_text_stays_text(world: World, store: GraphStore, explorer: Path) -> None:
    for client in (TestClient(make_app(lambda: store)), with_explorer(store, explorer)):
        for address in (f"/id/{PAPER}", f"/id/{OLDER}", f"/id/{world.paper_record}"):
            page = read(client.get(address).text)
            tags = [tag for tag, _ in page.elements]
            assert "img" not in tags
            scripts = [attributes for tag, attributes in page.elements if tag == "script"]
            assert {one.get("type") for one in scripts} <= {"application/ld+json", "module"}
            assert not any(name.startswith("on") for _, names in page.elements for name in names)
        page = read(client.get(f"/id/{PAPER}").text)
        assert page.texts["title"] == f"{HOSTILE} · Colineage"
        assert json.loads(page.texts["script"])["schema:name"] == HOSTILE


def test_nothing_in_the_data_of_a_page_ends_its_element(world: World, client: TestClient) -> None:
    text = client.get(f"/id/{PAPER}").text
    data = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["schema:name"] == HOSTILE


def test_facts_for_who_has_no_script(world: World, client: TestClient) -> None:
    text = client.get(f"/id/{OLDER}").text
    assert "<h1>Learning together</h1>" in text
    assert "As source:arxiv says" in text
    assert "<dt>withdrawn</dt><dd>true</dd>" in text
    assert f'<a href="/id/{PAPER}">' in text
    untold = client.get(f"/id/{UNTOLD}").text
    assert "Nobody describes it" in untold


def test_in_the_shell_of_the_explorer(world: World, store: GraphStore, explorer: Path) -> None:
    text = with_explorer(store, explorer).get(f"/id/{OLDER}?view=lineage").text
    assert "<title>Learning together · Colineage</title>" in text
    assert 'src="/assets/main-1a2b.js"' in text
    assert '<div id="page"></div>' in text
    assert "<noscript><main><h1>Learning together</h1>" in text
    assert "This page needs JavaScript" not in text
    assert "make explorer" not in text


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("arxiv:1901.00001", "nobody speaks of it"),
        ("sha256:" + "0" * 64, "nobody speaks of it"),
        ("nonsense", "It is no identifier"),
        ("%3Cscript%3Ealert(1)%3C/script%3E", "It is no identifier"),
        ("../../etc/passwd", "It is no identifier"),
        ("%00", "It is no identifier"),
        ("%ff%fe", "It is no identifier"),
        ("x" * 5_000, "It is no identifier"),
    ],
)
def test_what_is_not_here(client: TestClient, identifier: str, words: str) -> None:
    if identifier.startswith("../"):
        identifier = identifier.replace("/", "%2F")
    page = client.get(f"/id/{identifier}")
    assert page.status_code == 404
    assert words in page.text
    assert "<script>" not in page.text
    data = client.get(f"/id/{identifier}", headers=LD)
    assert data.status_code == 404
    assert data.json()["error"]["code"] == "NOT_FOUND"
    assert words in data.json()["error"]["message"]


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("https://arxiv.org/abs/2401.00001?view=lineage", f"/id/{PAPER}?view=lineage"),
        ("DOI:10.1000/ABC", "/id/doi:10.1000/abc"),
        ("doi:10.1000/A%3Cb%3E%23%3F", "/id/doi:10.1000/a%3Cb%3E%23%3F"),
        ("https://doi.org//evil.example", None),
    ],
)
def test_another_form_of_an_id_leads_to_the_canonical_one(
    client: TestClient, given: str, canonical: str | None
) -> None:
    response = client.get(f"/id/{given}")
    if canonical is None:
        assert response.status_code == 404
        return
    assert response.status_code == 308
    assert response.headers["location"] == canonical


def test_what_was_asked_beside_another_form_of_an_id_comes_along(client: TestClient) -> None:
    asked: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        asked.append(dict(message))

    # As a server gives it that lets any byte of an address through.
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/id/arXiv:2401.00001",
        "query_string": b"format=jsonld&x=%C3%A4\xff",
        "headers": [],
    }
    asyncio.run(client.app(scope, receive, send))  # type: ignore[arg-type]  # an application of either kind
    assert asked[0]["status"] == 308
    found = dict(asked[0]["headers"])[b"location"]
    assert found == b"/id/arxiv:2401.00001?format=jsonld&x=%C3%A4%FF"


def test_a_head_request(world: World, client: TestClient) -> None:
    response = client.head(f"/id/{PAPER}", headers=LD)
    assert response.status_code == 200
    assert response.content == b""
