"""What a bundle is once it is read: its id, what it says, and its published form."""

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.bundle import (
    Bundle,
    mint_id,
    read,
    record,
    reread,
    reread_descriptions,
    statement,
)
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Kind, Relation, Scope, Verb
from tests.graph.histories import ADA, HANDS, IDEAS, histories

HASH = "sha256:" + "3f" * 32


def spoken(**rest: Any) -> Header:
    return Header(by=f"person:{ADA.key}", at="2026-01-01T00:00:00Z", body="", **rest)


@settings(max_examples=40, deadline=None)
@given(histories(12))
def test_what_is_made_is_read_and_reread(history: list[Bundle]) -> None:
    for bundle in history:
        parts = bundle.header_bytes, bundle.body_bytes, bundle.signature
        assert read(*parts) == reread(*parts) == bundle
        assert reread_descriptions(*parts) == bundle.resolved_body().nodes
        assert bundle.id == "sha256:" + hashlib.sha256(bundle.header_bytes).hexdigest()


@settings(max_examples=40, deadline=None)
@given(histories(8), st.data())
def test_a_cut_off_byte_is_refused(history: list[Bundle], data: st.DataObject) -> None:
    bundle = history[-1]
    cut = data.draw(st.integers(0, len(bundle.header_bytes) - 1))
    with pytest.raises(BundleError):
        read(bundle.header_bytes[:cut], bundle.body_bytes, bundle.signature)
    if bundle.body_bytes:
        cut = data.draw(st.integers(0, len(bundle.body_bytes) - 1))
        with pytest.raises(BundleError):
            read(bundle.header_bytes, bundle.body_bytes[:cut], bundle.signature)


def test_a_whole_header_comes_back() -> None:
    header = spoken(
        under=HASH,
        prev=(HASH, "sha256:" + "4f" * 32),
        n=7,
        answers=(Answer(Verb.DISPUTES, HASH), Answer(Verb.RETRACTS, HASH)),
        grants=Grant(HANDS[0].key, Scope.ACT),
        ends=End(HASH, (HASH,)),
        vouches=(HASH,),
    )
    bundle = statement(header, Body(salt="0f" * 16), ADA)
    found = read(bundle.header_bytes, bundle.body_bytes, bundle.signature).header
    assert found is not None
    assert (found.under, found.prev, found.n) == (HASH, header.prev, 7)
    assert (found.answers, found.vouches) == (header.answers, header.vouches)
    assert (found.grants, found.ends) == (header.grants, header.ends)
    assert found.actor == HASH


def test_what_is_empty_is_left_out_of_a_header_but_prev_and_n() -> None:
    bundle = statement(spoken(), Body(), ADA)
    assert bundle.header_bytes == canonical_bytes(
        {
            "v": 1,
            "by": f"person:{ADA.key}",
            "at": "2026-01-01T00:00:00Z",
            "body": digest(b'{"edges":[],"nodes":[]}'),
            "key": ADA.key,
            "prev": [],
            "n": 0,
        }
    )


def test_order_makes_no_other_bundle() -> None:
    nodes = (Description(IDEAS[0], Kind.IDEA, {"title": "a"}), Description("#1", Kind.IDEA))
    edges = (
        Edge(IDEAS[0], Relation.CITES, "#1", {"number": 2}),
        Edge(IDEAS[0], Relation.CITES, "#1"),
        Edge(IDEAS[0], Relation.CITES, "#1", {"number": 10}),
        Edge("#1", Relation.EXTENDS, IDEAS[0]),
    )
    one = statement(spoken(), Body(nodes, edges), ADA)
    other = statement(spoken(), Body(nodes[::-1], edges[::-1]), ADA)
    assert one == other
    assert one.body is not None
    found = [dict(edge.qualifiers) for edge in one.body.edges if edge.source == IDEAS[0]]
    assert found == [{"number": 10}, {"number": 2}, {}]


def test_what_is_said_twice_is_refused() -> None:
    node = Description(IDEAS[0], Kind.IDEA)
    with pytest.raises(BundleError, match="each once"):
        statement(spoken(), Body((node, node)), ADA)


def test_a_label_becomes_an_id_of_its_kind_everywhere() -> None:
    body = Body(
        (
            Description("#b", Kind.RESULT),
            Description("#a", Kind.IDEA, {"configuration": "#b", "title": "#a"}),
        ),
        (Edge("#a", Relation.CITES, "#b", {"evidence": ["#a", "#b"], "initiative": "#a"}),),
    )
    bundle = statement(spoken(), body, ADA)
    a = "idea:" + hashlib.sha256(f"{bundle.id}#a".encode()).hexdigest()
    b = "result:" + hashlib.sha256(f"{bundle.id}#b".encode()).hexdigest()
    assert set(bundle.minted_ids()) == {a, b}
    assert mint_id(bundle.id, "#a", "idea") == a
    said = bundle.resolved_body()
    assert {node.id: dict(node.attributes) for node in said.nodes} == {
        b: {},
        a: {"configuration": b, "title": "#a"},
    }
    (edge,) = said.edges
    assert (edge.source, edge.target) == (a, b)
    assert edge.qualifiers == {"evidence": sorted([a, b]), "initiative": a}


def test_a_text_that_looks_like_a_label_stays_a_text() -> None:
    """`evidence` of a node is words, `evidence` of an edge is identifiers."""
    body = Body((Description("#1", Kind.WORK, {"withdrawn": True, "evidence": "#1"}),))
    (node,) = statement(spoken(), body, ADA).resolved_body().nodes
    assert node.attributes["evidence"] == "#1"


def test_the_same_words_make_two_ideas_in_two_bundles() -> None:
    body = Body((Description("#1", Kind.IDEA, {"title": "Fire"}),))
    one, other = statement(spoken(), body, ADA), statement(spoken(n=1), body, ADA)
    assert set(one.minted_ids()).isdisjoint(other.minted_ids())


def test_the_same_record_is_the_same_bundle() -> None:
    source = RecordSource("openalex:W1", "openalex-work/100", "CC0-1.0")
    made = [
        record("source:openalex", None, source, Body((Description("openalex:W1", Kind.WORK),)))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert list(made[0].minted_ids()) == []


def test_a_withheld_body_says_nothing() -> None:
    whole = statement(spoken(), Body((Description("#1", Kind.IDEA),)), ADA)
    found = read(whole.header_bytes, None, whole.signature)
    assert (found.id, found.header) == (whole.id, whole.header)
    assert (found.body, found.body_bytes, found.resolved_body()) == (None, None, Body())
    assert list(found.minted_ids()) == []
    assert found.to_json()["body"] is None


def test_the_published_form_is_dsse() -> None:
    bundle = statement(spoken(), Body(), ADA)
    published = bundle.to_json()
    assert set(published) == {"id", "header", "body", "envelope"}
    envelope = published["envelope"]
    assert base64.b64decode(envelope["payload"]) == bundle.header_bytes
    assert envelope["payloadType"] == "application/vnd.colineage.header.v1+json"
    assert envelope["signatures"] == [
        {"keyid": ADA.key, "sig": base64.b64encode(bundle.signature or b"").decode()}
    ]


@pytest.mark.parametrize("version", [2, 3, 2**53 - 1])
def test_a_newer_version_is_kept_unread(version: int) -> None:
    body = canonical_bytes({"anything": ["goes"]})
    header = canonical_bytes({"v": version, "body": digest(body), "by": 7})
    found = read(header, body, b"some signature")
    assert (found.header, found.body, found.resolved_body()) == (None, None, Body())
    assert reread(header, body, b"some signature") == found
    published = found.to_json()["envelope"]
    assert base64.b64decode(published["payload"]) == header
    assert published["signatures"] == [{"sig": base64.b64encode(b"some signature").decode()}]
    assert read(header, body, None).to_json()["envelope"] is None
    with pytest.raises(BundleError, match="hash of the body"):
        read(header, canonical_bytes({}), None)


def test_damaged_bytes_are_told() -> None:
    bundle = statement(spoken(), Body(), ADA)
    for header, body in ((b"{", bundle.body_bytes), (bundle.header_bytes, b"[1]"), (b"7", None)):
        with pytest.raises(BundleError, match="damaged"):
            reread(header, body, bundle.signature)
    for shape in (b"[]", b"7", b"null", b"{}"):
        body = b'{"edges":[],"nodes":[{"id":%s,"kind":"idea"}]}' % shape
        with pytest.raises(BundleError, match="damaged"):
            reread_descriptions(bundle.header_bytes, body, bundle.signature)
