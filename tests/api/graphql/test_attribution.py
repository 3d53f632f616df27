"""Every answer says who is behind a line: whose record, by which runs; whose statement, by which key and grant."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from graph.bundle.bundle import Bundle, read, statement
from graph.bundle.keys import signer_of
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Answer, Body, Grant, Header
from graph.model.vocabulary import Kind, Relation, Scope, Verb
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import PAPER, SECOND, VOICE, World, edge, node, paper
from tests.graph.statements import RUN_BODY

HAND = signer_of(bytes(range(64, 96)))
STRANGER = signer_of(bytes(range(96, 128)))
AGENT = "ai:" + "5" * 64
MISSING = "sha256:" + "ab" * 32
BEHIND = """fragment Behind on Attribution { bundle kind by at author key pending counts lives
  grants { id key scope grantedBy by } vouchedBy { run author by at isTrusted } words }"""


def said(by: str, signer: Any, body: Body | None, /, **more: Any) -> Bundle:
    header = Header(by=by, at="2026-11-20T00:00:00Z", **more)
    return statement(header, body, signer)


@pytest.fixture
def granted(world: World, store: GraphStore) -> dict[str, str]:
    """A person grants a key to an AI; it speaks; a stranger speaks under a grant that is not here."""
    ada = f"person:{SECOND.key}"
    grant = said(ada, SECOND, None, grants=Grant(HAND.key, Scope.SAY), prev=(world.dispute,), n=1)
    note = Body(
        (node("#note", Kind.IDEA, title="An idea of the machine"),),
        (
            edge("#note", Relation.WAS_DERIVED_FROM, PAPER, subtype="inspiration"),
            edge("#note", Relation.WAS_ATTRIBUTED_TO, AGENT, role="conceptualization"),
        ),
    )
    spoken = said(AGENT, HAND, note, under=grant.id)
    waiting = said(AGENT, STRANGER, note, under=MISSING)
    back = said(
        f"software:{VOICE.key}", VOICE, Body(), prev=(world.statement,), n=2,
        answers=(Answer(Verb.RETRACTS, world.statement),),
    )  # fmt: skip
    store.append(lambda look: [grant, spoken, waiting, back])
    [idea] = list(spoken.minted_ids())
    return {"grant": grant.id, "spoken": spoken.id, "waiting": waiting.id, "idea": idea}


def test_a_description_says_whose_it_is_and_by_which_key_and_grant(
    data: Ask, granted: dict[str, str]
) -> None:
    query = "query($id: ID!) { node(id: $id) { shown { attribution { ...Behind } } } } " + BEHIND
    found = data(query, id=granted["idea"])["node"]["shown"]["attribution"]
    words = found.pop("words")
    assert found == {
        "bundle": granted["spoken"],
        "kind": "STATEMENT",
        "by": AGENT,
        "at": "2026-11-20T00:00:00Z",
        "author": SECOND.key,
        "key": HAND.key,
        "pending": None,
        "counts": True,
        "lives": True,
        "grants": [
            {
                "id": granted["grant"],
                "key": HAND.key,
                "scope": "say",
                "grantedBy": SECOND.key,
                "by": f"person:{SECOND.key}",
            }
        ],
        "vouchedBy": [],
    }
    assert words.startswith("statement by ai:55555555…5555, 2026-11-20T00:00:00Z; of ed25519:")
    assert f"through the key ed25519:{HAND.key[8:16]}…" in words
    assert words.endswith("(say)")


def test_a_record_says_which_runs_vouch_for_it_and_whose(world: World, data: Ask) -> None:
    query = "query($id: ID!) { node(id: $id) { shown { attribution { ...Behind } } } } " + BEHIND
    found = data(query, id=PAPER)["node"]["shown"]["attribution"]
    assert (found["kind"], found["author"], found["key"]) == ("RECORD", "source:arxiv", None)
    assert found["grants"] == []
    [run] = found["vouchedBy"]
    assert run["author"] == VOICE.key
    assert run["by"] == f"software:{VOICE.key}"
    assert run["at"] == "2026-11-23T06:00:00Z"
    assert run["isTrusted"] is True
    assert found["words"].startswith("record of source:arxiv, 2026-01-02T00:00:00Z; vouched for by")
    assert "(trusted here)" in found["words"]


def test_edges_and_contributions_say_it_too(data: Ask, granted: dict[str, str]) -> None:
    found = data(
        """query($id: ID!) { node(id: $id) {
          relations { edges { node { name attributions { ...Behind } } } }
          contributions { edges { node { agent { id } attributions { ...Behind } } } } } } """
        + BEHIND,
        id=granted["idea"],
    )["node"]
    lines = [one["node"] for part in found.values() for one in part["edges"]]
    assert len(lines) == 3
    for line in lines:
        [behind] = line["attributions"]
        assert behind["bundle"] == granted["spoken"]
        assert behind["grants"][0]["id"] == granted["grant"]


@pytest.mark.parametrize("name", ["waiting", "retracted", "unvouched", "stranger"])
def test_what_is_missing_is_said_in_words(
    name: str, data: Ask, world: World, store: GraphStore, granted: dict[str, str]
) -> None:
    unvouched = paper("arxiv:2301.00009", title="Nobody vouches for this")
    store.append(lambda look: [unvouched])
    theirs = paper("arxiv:2301.00010", title="Only a stranger does", at="2026-03-01T00:00:00Z")
    run = said(f"software:{STRANGER.key}", STRANGER, RUN_BODY, vouches=(theirs.id,))
    store.append(lambda look: [theirs, run])
    bundle, words = {
        "waiting": (granted["waiting"], "author not recorded: the grant sha256:abababab…abab"),
        "retracted": (world.statement, "retracted, superseded or erased"),
        "unvouched": (unvouched.id, "no living run vouches for it; not in the graph now"),
        "stranger": (theirs.id, "(not trusted here), 2026-11-20T00:00:00Z; not in the graph now"),
    }[name]
    query = "query($id: ID!) { bundle(id: $id) { attribution { ...Behind } } } " + BEHIND
    found = data(query, id=bundle)["bundle"]["attribution"]
    assert words in found["words"]
    assert found["lives"] is False
    if name == "waiting":
        assert found["author"] is None
        assert found["pending"] == f"the grant {MISSING} is not here"
        assert found["counts"] is False


def test_json_ld_says_it_in_the_terms_of_prov(
    client: TestClient, world: World, granted: dict[str, str]
) -> None:
    found = client.get(f"/id/{granted['idea']}?format=jsonld").json()
    [bundle] = found["included"]
    assert bundle["id"] == granted["spoken"] == found["descriptions"][0]["bundle"]
    assert (bundle["form"], bundle["by"], bundle["lives"]) == ("statement", AGENT, True)
    assert bundle["author"] == SECOND.key
    [attribution] = bundle["attribution"]
    agent = attribution["agent"]
    assert agent["id"] == HAND.key
    assert agent["onBehalfOf"] == {"id": SECOND.key, "type": ["prov:Agent"]}
    [delegation] = agent["delegation"]
    assert (delegation["grant"], delegation["scope"]) == (granted["grant"], "say")
    for term, iri in {
        "author": "prov:wasAttributedTo",
        "attribution": "prov:qualifiedAttribution",
        "onBehalfOf": "prov:actedOnBehalfOf",
        "delegation": "prov:qualifiedDelegation",
    }.items():
        assert found["@context"][term]["@id"] == iri
    alone = client.get(f"/id/{granted['spoken']}?format=jsonld").json()
    assert {term: alone[term] for term in bundle} == bundle
    record = client.get(f"/id/{PAPER}?format=jsonld").json()["included"][0]
    [run] = record["vouchedBy"]
    assert (run["author"], run["trusted"]) == (VOICE.key, True)
    assert record["attribution"][0]["agent"]["id"] == "source:arxiv"


def test_the_page_without_scripts_says_it_in_words(
    client: TestClient, granted: dict[str, str]
) -> None:
    page = client.get(f"/id/{granted['idea']}").text
    assert page.count("through the key ed25519:2543b92f…559d under the grant") >= 3
    bundle = client.get(f"/id/{granted['spoken']}").text
    assert f"<dt>under the grant</dt><dd>{granted['grant']} (say)</dd>" in bundle
    granter = f"person:{SECOND.key} through the key {SECOND.key}"
    assert f"<dt>granted by</dt><dd>{granter}</dd>" in bundle
    waiting = client.get(f"/id/{granted['waiting']}").text
    assert f"<dt>author</dt><dd>not recorded: the grant {MISSING} is not here</dd>" in waiting
    record = client.get(f"/id/{PAPER}").text
    assert "vouched for by a run of ed25519:" in record


def test_a_bundle_of_a_newer_version_says_that_nothing_is_known(
    client: TestClient, data: Ask, store: GraphStore
) -> None:
    body = canonical_bytes({"thoughts": ["new"]})
    newer = read(canonical_bytes({"v": 2, "by": "someone", "body": digest(body)}), body, None)
    store.append(lambda look: [newer])
    query = "query($id: ID!) { bundle(id: $id) { attribution { ...Behind } } } " + BEHIND
    found = data(query, id=newer.id)["bundle"]["attribution"]
    assert (found["kind"], found["by"], found["author"]) == ("NOT_UNDERSTOOD", None, None)
    assert found["words"].endswith("not understood yet; who is behind it: not recorded")
    told = client.get(f"/id/{newer.id}?format=jsonld").json()
    assert told["form"] == "not understood"
    assert "attribution" not in told
    assert "<dt>author</dt><dd>not recorded</dd>" in client.get(f"/id/{newer.id}").text
    assert data('{ newest(kind: "idea") { edges { cursor } } statements { edges { cursor } } }')
