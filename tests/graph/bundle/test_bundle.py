"""What a bundle is once it is read: its id, what it says, and its published form."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.bundle import (
    Bundle,
    body_faults,
    hash_of_said,
    mint_id,
    read,
    record,
    reread,
    reread_descriptions,
    statement,
)
from graph.bundle.envelopes import pack
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import (
    Answer,
    Body,
    Description,
    Edge,
    End,
    Grant,
    Header,
    Mint,
    RecordSource,
)
from graph.model.vocabulary import Kind, Relation, Scope, Verb
from tests.graph.histories import ADA, HANDS, IDEAS, histories

HASH = "sha256:" + "3f" * 32


def spoken(**rest: Any) -> Header:
    return Header(by=f"person:{ADA.key}", at="2026-01-01T00:00:00Z", **rest)


@settings(max_examples=40, deadline=None)
@given(histories(12))
def test_what_is_made_is_read_and_reread(history: list[Bundle]) -> None:
    for bundle in history:
        parts = bundle.header_bytes, bundle.body_bytes, bundle.signature
        is_fit = not bundle.is_unfit
        assert read(*parts) == reread(*parts, is_fit=is_fit) == bundle
        if is_fit:
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
        answers=(Answer(Verb.DISPUTES, HASH), Answer("hums", HASH), Answer(Verb.RETRACTS, HASH)),
        vouches=(HASH,),
    )
    bundle = statement(header, Body((Description("#run", Kind.INGEST),)), ADA)
    found = read(bundle.header_bytes, bundle.body_bytes, bundle.signature).header
    assert found is not None
    assert (found.under, found.prev, found.n) == (HASH, header.prev, 7)
    assert (found.answers, found.vouches) == (header.answers, header.vouches)
    assert (found.mints, found.is_run) == ((Mint("#run", "ingest"),), True)
    assert found.actor == HASH


@pytest.mark.parametrize(
    "act", [{"grants": Grant(HANDS[0].key, Scope.ACT)}, {"ends": End(HASH, (HASH,))}]
)
def test_a_grant_or_an_end_comes_back_without_a_body(act: dict[str, Any]) -> None:
    bundle = statement(spoken(under=HASH, **act), None, ADA)
    assert (bundle.body_bytes, bundle.is_withheld, bundle.is_unfit) == (None, False, False)
    found = read(bundle.header_bytes, None, bundle.signature).header
    assert found is not None
    assert (found.grants, found.ends, found.body) == (act.get("grants"), act.get("ends"), None)
    with pytest.raises(BundleError, match="hash of the body"):
        read(bundle.header_bytes, b"{}", bundle.signature)


def test_what_is_empty_is_left_out_of_a_header_but_n() -> None:
    bundle = statement(spoken(), Body(), ADA)
    salt = ADA.salt(b'{"words":1}')
    assert bundle.header_bytes == canonical_bytes(
        {
            "v": 1,
            "by": f"person:{ADA.key}",
            "at": "2026-01-01T00:00:00Z",
            "body": digest(canonical_bytes({"salt": salt, "words": 1})),
            "key": ADA.key,
            "n": 0,
        }
    )


def test_the_same_said_again_has_the_same_body_and_nobody_else_s() -> None:
    body = Body((Description("#1", Kind.IDEA, {"title": "Fire"}),))
    one, again = statement(spoken(), body, ADA), statement(spoken(n=1), body, ADA)
    assert one.body_bytes == again.body_bytes
    assert one.body_hash == hash_of_said(body, ADA)
    assert hash_of_said(body, HANDS[0]) != one.body_hash


def test_keys_of_a_header_that_nobody_knows_yet_are_kept_and_mean_nothing() -> None:
    made = statement(spoken(), Body(), ADA)
    header = canonical_bytes(json.loads(made.header_bytes) | {"later": {"deep": [["er"]]}})
    found = read(header, made.body_bytes, ADA.sign(header))
    assert found.header == made.header
    assert found.header_bytes == header
    odd_values: tuple[Any, ...] = ("", [], {}, None, {"a": [""]}, {"é": 1})
    for value in odd_values:
        odd = canonical_bytes(json.loads(made.header_bytes) | {"later": value})
        with pytest.raises(BundleError):
            read(odd, made.body_bytes, ADA.sign(odd))


@pytest.mark.parametrize(
    "body", [b"no JSON", b"{}", b'{"words":2}', b'{"nodes":[],"words":1}', b'{"words":1}', b"\xff"]
)
def test_a_body_that_does_not_fit_says_nothing_and_its_header_counts(body: bytes) -> None:
    made = json.loads(statement(spoken(), Body(), ADA).header_bytes)
    header = canonical_bytes(made | {"body": digest(body), "mints": [["#1", "idea"]]})
    found = read(header, body, ADA.sign(header))
    assert (found.body, found.body_bytes, found.is_unfit) == (None, body, True)
    assert found.header
    assert list(found.minted_ids()) == [mint_id(found.id, "#1", "idea")]
    assert body_faults(found) != []
    assert reread(header, body, found.signature, is_fit=False) == found


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
    assert list(found.minted_ids()) == list(whole.minted_ids()) != []
    assert found.is_withheld
    assert found.to_json()["body"] is None


def test_the_published_form_is_dsse() -> None:
    bundle = statement(spoken(), Body(), ADA)
    published = bundle.to_json()
    assert set(published) == {"id", "header", "body", "envelope"}
    envelope = published["envelope"]
    assert base64.b64decode(envelope["payload"]) == bundle.header_bytes
    assert envelope["payloadType"] == "application/vnd.colineage.header.v1+json"
    assert envelope["signatures"] == [{"sig": base64.b64encode(bundle.signature or b"").decode()}]


@pytest.mark.parametrize("version", [2, 3, 2**53 - 1])
def test_a_newer_version_is_kept_unread(version: int) -> None:
    body = canonical_bytes({"anything": ["goes"]})
    header = canonical_bytes({"v": version, "body": digest(body), "by": 7})
    packed = pack([{"proof": "of a later kind"}])
    found = read(header, body, packed)
    assert (found.header, found.body, found.resolved_body()) == (None, None, Body())
    assert reread(header, body, packed) == found
    (published,) = found.to_json()["envelopes"]
    assert base64.b64decode(published["payload"]) == header
    assert published["proof"] == "of a later kind"
    with pytest.raises(BundleError, match="envelopes: expected JSON"):
        read(header, body, bytes(64))
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
