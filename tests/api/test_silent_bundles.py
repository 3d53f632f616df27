"""Bundles that say nothing are served in every form, with the reason."""

import json
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from graph.model.model import Grant
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import SECOND, VOICE, World
from tests.graph.statements import add, idea, say
from tests.graph.unfit import NEWER, NO_TEXT, UNFIT, unfit

QUERY = """query($id: ID!) { bundle(id: $id) {
  kind by author counts lives body saysNothing attribution { words grants { scope } } } }"""


@pytest.mark.parametrize("body", UNFIT)
def test_a_body_that_does_not_fit(
    world: World, store: GraphStore, data: Ask, client: TestClient, body: bytes
) -> None:
    bundle = unfit(SECOND, body)
    add(store, bundle)
    text = None if body is NO_TEXT else body.decode()
    found = data(QUERY, id=bundle.id)["bundle"]
    assert (found["kind"], found["author"], found["counts"]) == ("STATEMENT", SECOND.key, True)
    assert (found["lives"], found["body"]) == (True, text)
    assert found["saysNothing"].startswith("its body doesn't fit: ")
    document = client.get(f"/id/{bundle.id}?format=jsonld").json()
    assert (document["body"], document["saysNothing"]) == (text, found["saysNothing"])
    page = client.get(f"/id/{bundle.id}", headers={"accept": "text/html"})
    assert (page.status_code, "says nothing" in page.text) == (200, True)
    lines = client.get("/log/bundles/00000000.ndjson").text.splitlines()
    assert json.loads(lines[-1])["body"] == text
    latest = data(
        "{ statements(first: 5) { edges { node { describedCount attribution { bundle } } } } }"
    )
    assert {"describedCount": 0, "attribution": {"bundle": bundle.id}} in [
        edge["node"] for edge in latest["statements"]["edges"]
    ]


def test_what_says_something_says_so(world: World, data: Ask, client: TestClient) -> None:
    assert data(QUERY, id=world.statement)["bundle"]["saysNothing"] is None
    assert "saysNothing" not in client.get(f"/id/{world.statement}?format=jsonld").json()


def test_a_withheld_body_and_a_grant_with_a_word_of_tomorrow(
    world: World, store: GraphStore, data: Ask, client: TestClient
) -> None:
    withheld = replace(say(SECOND, idea("#1", "x")), body_bytes=None, body=None)
    grant = say(SECOND, grants=Grant(VOICE.key, "sing"))
    under = say(VOICE, idea("#1", "x"), under=grant.id)
    add(store, withheld, grant, under)
    found = [data(QUERY, id=bundle.id)["bundle"] for bundle in (withheld, grant, under)]
    assert [one["body"] is None for one in found] == [True, True, False]
    reasons = ("is not here", "has no body", "right to say")
    for one, reason in zip(found, reasons, strict=True):
        assert reason in one["saysNothing"]
    assert found[2]["attribution"]["grants"] == [{"scope": "sing"}]
    assert "(sing)" in found[2]["attribution"]["words"]
    for bundle in (withheld, grant, under):
        page = client.get(f"/id/{bundle.id}", headers={"accept": "text/html"})
        assert "says nothing" in page.text
    authors = data("{ speakers { authors { edges { node { key granted { scope } } } } } }")
    (own,) = [
        edge["node"]
        for edge in authors["speakers"]["authors"]["edges"]
        if edge["node"]["key"] == SECOND.key
    ]
    assert {"scope": "sing"} in own["granted"]


def test_the_words_of_a_newer_body_are_shown_as_they_are(
    world: World, store: GraphStore, data: Ask
) -> None:
    bundle = unfit(SECOND, NEWER)
    add(store, bundle)
    found = data(QUERY, id=bundle.id)["bundle"]
    assert json.loads(found["body"])["weather"] == "fair"
    assert "got 2" in found["saysNothing"]
