"""Every way in which bytes are no bundle, one case each, with the place and the expectation named."""

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from graph.bundle.body import MAX_BODY_BYTES
from graph.bundle.bundle import Bundle, read, record, statement
from graph.bundle.keys import Signer
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Body, Description, Edge, Header, RecordSource
from graph.model.vocabulary import Kind, Relation
from tests.graph.histories import ADA, ZED

Change: TypeAlias = Callable[[dict[str, Any]], None]

HASH = "sha256:" + "3f" * 32
OTHER = "sha256:" + "4f" * 32
IDEA = "idea:" + "3f" * 32
NAME = "3f" * 32

SAID: dict[str, Any] = {
    "nodes": [
        {"id": "#1", "kind": "idea", "title": "An idea"},
        {"id": IDEA, "kind": "idea", "title": "Another"},
        {"id": "mlflow:0/a", "kind": "run", "metrics": [{"name": "loss", "value": "0.5"}]},
    ],
    "edges": [
        {"from": "#1", "rel": "cites", "to": "arxiv:2401.00001"},
        {"from": "#1", "rel": "wasDerivedFrom", "to": IDEA, "subtype": "inspiration"},
        {"from": "mlflow:0/a", "rel": "wasAssociatedWith", "to": f"person:{ADA.key}"},
    ],
}
SPOKEN: dict[str, Any] = {
    "v": 1,
    "by": f"person:{ADA.key}",
    "at": "2026-01-01T00:00:00Z",
    "key": ADA.key,
    "prev": [],
    "n": 0,
}
SERVED: dict[str, Any] = {
    "v": 1,
    "by": "source:arxiv",
    "at": None,
    "source": {"uri": "oai:arXiv.org:2401.00001", "mapping": "arxiv-raw/300", "licence": None},
}
PAPER: dict[str, Any] = {
    "nodes": [{"id": "arxiv:2401.00001", "kind": "work", "title": "T"}],
    "edges": [{"from": "arxiv:2401.00001", "rel": "cites", "to": "arxiv:2401.00002"}],
}


def made(header: dict[str, Any], body: dict[str, Any], signer: Signer | None) -> Bundle:
    """Honest bytes of a dishonest value: the hash and the signature hold."""
    body_bytes = canonical_bytes(body)
    header_bytes = canonical_bytes({**header, "body": digest(body_bytes)})
    return read(header_bytes, body_bytes, signer.sign(header_bytes) if signer else None)


def places(change: Callable[[], object]) -> set[str]:
    with pytest.raises(BundleError) as caught:
        change()
    assert all(fault.expected and fault.got for fault in caught.value.faults)
    return {fault.where for fault in caught.value.faults}


def put(*path: str | int, value: object) -> Change:
    def change(whole: dict[str, Any]) -> None:
        target: Any = whole
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def without(key: str) -> Change:
    return lambda whole: whole.pop(key)


def test_the_honest_ones_are_read() -> None:
    assert made(SPOKEN, SAID, ADA).header is not None
    assert made(SERVED, PAPER, None).header is not None


STATEMENT_HEADERS: dict[str, tuple[Change, str]] = {
    "an unknown key": (put("colour", value="red"), "header.colour"),
    "a record's key": (put("source", value=SERVED["source"]), "header.source"),
    "version nought": (put("v", value=0), "header.v"),
    "a version that is true": (put("v", value=True), "header.v"),
    "a version in words": (put("v", value="1"), "header.v"),
    "no version": (without("v"), "header.v"),
    "a speaker that is no agent": (put("by", value="arxiv:2401.00001"), "header.by"),
    "a speaker that is no identifier": (put("by", value="Ada"), "header.by"),
    "no speaker": (without("by"), "header.by"),
    "the name of another key": (put("by", value=f"person:{ZED.key}"), "header.by"),
    "another's name without a grant": (put("by", value="orcid:0000-0002-1825-0097"), "header.by"),
    "an AI without a grant": (put("by", value=f"ai:{NAME}"), "header.by"),
    "a minted person without a grant": (put("by", value=f"person:{NAME}"), "header.by"),
    "no time": (put("at", value=None), "header.at"),
    "an impossible date": (put("at", value="2026-02-30T00:00:00Z"), "header.at"),
    "a leap second": (put("at", value="2026-06-30T23:59:60Z"), "header.at"),
    "hour 24": (put("at", value="2026-06-30T24:00:00Z"), "header.at"),
    "a fraction of a second": (put("at", value="2026-01-01T00:00:00.5Z"), "header.at"),
    "an offset": (put("at", value="2026-01-01T00:00:00+00:00"), "header.at"),
    "a day": (put("at", value="2026-01-01"), "header.at"),
    "other digits": (put("at", value="٢٠٢٦-01-01T00:00:00Z"), "header.at"),
    "a key of low order": (put("key", value="ed25519:" + "0" * 64), "header.key"),
    "the neutral point": (put("key", value="ed25519:01" + "0" * 62), "header.key"),
    "a key in capitals": (put("key", value="ed25519:" + "AB" * 32), "header.key"),
    "a short key": (put("key", value="ed25519:ab"), "header.key"),
    "a key that is null": (put("key", value=None), "header.key"),
    "a grant that is no hash": (put("under", value="mine"), "header.under"),
    "no prev": (without("prev"), "header.prev"),
    "prev out of order": (put("prev", value=[OTHER, HASH]), "header.prev"),
    "prev twice": (put("prev", value=[HASH, HASH]), "header.prev"),
    "prev in capitals": (put("prev", value=["sha256:" + "AB" * 32]), "header.prev"),
    "no n": (without("n"), "header.n"),
    "a negative n": (put("n", value=-1), "header.n"),
    "an n that is true": (put("n", value=True), "header.n"),
    "an n in words": (put("n", value="1"), "header.n"),
    "empty answers": (put("answers", value=[]), "header.answers"),
    "an unknown verb": (put("answers", value=[["likes", HASH]]), "header.answers"),
    "an answer to no hash": (put("answers", value=[["disputes", IDEA]]), "header.answers"),
    "an answer that is an object": (put("answers", value=[{"disputes": HASH}]), "header.answers"),
    "a verb that is a list": (put("answers", value=[[[], HASH]]), "header.answers"),
    "answers out of order": (
        put("answers", value=[["retracts", HASH], ["disputes", HASH]]),
        "header.answers",
    ),
    "a grant to no key": (put("grants", value=[HASH, "say"]), "header.grants"),
    "a grant to a key of low order": (
        put("grants", value=["ed25519:" + "0" * 64, "say"]),
        "header.grants",
    ),
    "an unknown scope": (put("grants", value=[ZED.key, "all"]), "header.grants"),
    "a scope that is a list": (put("grants", value=[ZED.key, []]), "header.grants"),
    "a scope that is an object": (put("grants", value=[ZED.key, {}]), "header.grants"),
    "an empty grant": (put("grants", value=[]), "header.grants"),
    "a grant that is null": (put("grants", value=None), "header.grants"),
    "an end of everything": (put("ends", value="all"), "header.ends"),
    "an end without heads": (put("ends", value=[HASH]), "header.ends"),
    "an end with heads out of order": (put("ends", value=[HASH, [OTHER, HASH]]), "header.ends"),
    "an end that is null": (put("ends", value=None), "header.ends"),
    "empty vouches": (put("vouches", value=[]), "header.vouches"),
    "vouches out of order": (put("vouches", value=[OTHER, HASH]), "header.vouches"),
    "vouches that are a text": (put("vouches", value=HASH), "header.vouches"),
}


@pytest.mark.parametrize("name", STATEMENT_HEADERS)
def test_a_statement_header_is_refused(name: str) -> None:
    change, where = STATEMENT_HEADERS[name]
    header = copy.deepcopy(SPOKEN)
    change(header)
    assert where in places(lambda: made(header, SAID, ADA))


RECORD_HEADERS: dict[str, tuple[Change, str]] = {
    "an unknown key": (put("colour", value="red"), "header.colour"),
    "a statement's key": (put("prev", value=[]), "header.prev"),
    "vouches": (put("vouches", value=[HASH]), "header.vouches"),
    "a source in capitals": (put("by", value="source:arXiv"), "header.by"),
    "a source without a name": (put("by", value="source:"), "header.by"),
    "an agent": (put("by", value=f"person:{ADA.key}"), "header.by"),
    "no time at all": (without("at"), "header.at"),
    "an impossible date": (put("at", value="2026-13-01T00:00:00Z"), "header.at"),
    "no source": (without("source"), "header.source"),
    "a source without a licence": (
        put("source", value={"uri": "x", "mapping": "a/1"}),
        "header.source",
    ),
    "an empty licence": (put("source", "licence", value=""), "header.source"),
    "an unknown key of the source": (put("source", "colour", value="red"), "header.source"),
    "an empty uri": (put("source", "uri", value=""), "header.source"),
    "a mapping without a number": (put("source", "mapping", value="arxiv-raw"), "header.source"),
    "a mapping with a leading nought": (put("source", "mapping", value="a/01"), "header.source"),
    "a mapping with another digit": (put("source", "mapping", value="a/²"), "header.source"),
    "a mapping that is a number": (put("source", "mapping", value=1), "header.source"),
}


@pytest.mark.parametrize("name", RECORD_HEADERS)
def test_a_record_header_is_refused(name: str) -> None:
    change, where = RECORD_HEADERS[name]
    header = copy.deepcopy(SERVED)
    change(header)
    assert where in places(lambda: made(header, PAPER, None))


MANY_WORDS = [{"name": "b", "value": "1"}, {"name": "a", "value": "1"}]
STATEMENT_BODIES: dict[str, tuple[Change, str]] = {
    "an unknown key": (put("colour", value="red"), "body.colour"),
    "no nodes": (without("nodes"), "body.nodes"),
    "no edges": (without("edges"), "body.edges"),
    "nodes that are an object": (put("nodes", value={}), "body.nodes"),
    "a node that is a text": (put("nodes", 0, value="x"), "body.nodes[0]"),
    "an edge that is a list": (put("edges", 0, value=[]), "body.edges[0]"),
    "a short salt": (put("salt", value="ab"), "body.salt"),
    "a salt that is null": (put("salt", value=None), "body.salt"),
    "a salt in capitals": (put("salt", value="AB" * 16), "body.salt"),
    "nodes out of order": (lambda b: b["nodes"].reverse(), "body.nodes"),
    "a node twice": (lambda b: b["nodes"].insert(0, b["nodes"][0]), "body.nodes"),
    "edges out of order": (lambda b: b["edges"].reverse(), "body.edges"),
    "an edge twice": (lambda b: b["edges"].insert(0, b["edges"][0]), "body.edges"),
    "no id": (lambda b: b["nodes"][0].pop("id"), "body.nodes[0].id"),
    "an id that is a number": (put("nodes", 0, "id", value=1), "body.nodes[0].id"),
    "an id that is none": (put("nodes", 0, "id", value="!"), "body.nodes[0].id"),
    "an id in another form": (
        put("nodes", 0, value={"id": "doi:10.1000/X", "kind": "work"}),
        "body.nodes[0].id",
    ),
    "no kind": (lambda b: b["nodes"][0].pop("kind"), "body.nodes[0].kind"),
    "an unknown kind": (put("nodes", 0, "kind", value="notion"), "body.nodes[0].kind"),
    "a kind that is a list": (put("nodes", 0, "kind", value=[]), "body.nodes[0].kind"),
    "a kind against the id": (put("nodes", 1, "kind", value="claim"), "body.nodes[1].kind"),
    "an unknown attribute": (put("nodes", 1, "colour", value="red"), "body.nodes[1].colour"),
    "an empty text": (put("nodes", 1, "title", value=""), "body.nodes[1].title"),
    "a text that is null": (put("nodes", 1, "title", value=None), "body.nodes[1].title"),
    "a text that is a number": (put("nodes", 1, "title", value=1), "body.nodes[1].title"),
    "words out of order": (put("nodes", 1, "keywords", value=["b", "a"]), "body.nodes[1].keywords"),
    "a word twice": (put("nodes", 1, "keywords", value=["a", "a"]), "body.nodes[1].keywords"),
    "an empty word": (put("nodes", 1, "keywords", value=[""]), "body.nodes[1].keywords"),
    "words that are a text": (put("nodes", 1, "keywords", value="a"), "body.nodes[1].keywords"),
    "a truth in words": (put("nodes", 1, "deleted", value="yes"), "body.nodes[1].deleted"),
    "a truth that is 1": (put("nodes", 1, "deleted", value=1), "body.nodes[1].deleted"),
    "a negative integer": (put("nodes", 1, "seen", value=-1), "body.nodes[1].seen"),
    "an integer that is true": (put("nodes", 1, "seen", value=True), "body.nodes[1].seen"),
    "an impossible day": (put("nodes", 1, "date", value="2026-02-29"), "body.nodes[1].date"),
    "month 13": (put("nodes", 1, "date", value="2026-13"), "body.nodes[1].date"),
    "year nought": (put("nodes", 1, "date", value="0000"), "body.nodes[1].date"),
    "a time that is a date": (
        put("nodes", 1, "started", value="2026-01-01"),
        "body.nodes[1].started",
    ),
    "a word outside its set": (put("nodes", 1, "known", value="guessed"), "body.nodes[1].known"),
    "a word that is a list": (put("nodes", 1, "known", value=[]), "body.nodes[1].known"),
    "a metric in figures": (
        put("nodes", 2, "metrics", value=[{"name": "loss", "value": 1}]),
        "body.nodes[2].metrics",
    ),
    "a metric that is no number": (
        put("nodes", 2, "metrics", value=[{"name": "loss", "value": "low"}]),
        "body.nodes[2].metrics",
    ),
    "a metric with an unknown key": (
        put("nodes", 2, "metrics", value=[{"name": "a", "value": "1", "colour": "red"}]),
        "body.nodes[2].metrics",
    ),
    "metrics out of order": (put("nodes", 2, "metrics", value=MANY_WORDS), "body.nodes[2].metrics"),
    "parameters out of order": (
        put("nodes", 2, "params", value=MANY_WORDS),
        "body.nodes[2].params",
    ),
    "a parameter that is a text": (put("nodes", 2, "params", value=["a"]), "body.nodes[2].params"),
    "an identifier that is none": (
        put("nodes", 1, "configuration", value="x"),
        "body.nodes[1].configuration",
    ),
    "a label that nothing describes": (put("edges", 0, "to", value="#2"), "body.edges[0].to"),
    "an attribute's label that nothing describes": (
        put("nodes", 1, "configuration", value="#2"),
        "body.nodes[1].configuration",
    ),
    "a qualifier's label that nothing describes": (
        put("edges", 0, "evidence", value=["#2"]),
        "body.edges[0].evidence",
    ),
    "an end that is none": (put("edges", 0, "to", value="nowhere"), "body.edges[0].to"),
    "an end that is a list": (put("edges", 0, "to", value=[]), "body.edges[0].to"),
    "no end": (lambda b: b["edges"][0].pop("to"), "body.edges[0].to"),
    "no start": (lambda b: b["edges"][0].pop("from"), "body.edges[0].from"),
    "no relation": (lambda b: b["edges"][0].pop("rel"), "body.edges[0].rel"),
    "an unknown relation": (put("edges", 0, "rel", value="loves"), "body.edges[0].rel"),
    "a relation that is a list": (put("edges", 0, "rel", value=[]), "body.edges[0].rel"),
    "an unknown qualifier": (put("edges", 0, "colour", value="red"), "body.edges[0].colour"),
    "a score in figures": (put("edges", 0, "score", value=1), "body.edges[0].score"),
    "a score in words": (put("edges", 0, "score", value="high"), "body.edges[0].score"),
    "a subtype elsewhere": (put("edges", 0, "subtype", value="revision"), "body.edges[0].subtype"),
    "an unknown subtype": (put("edges", 1, "subtype", value="theft"), "body.edges[1].subtype"),
    "evidence out of order": (
        put("edges", 0, "evidence", value=[OTHER, HASH]),
        "body.edges[0].evidence",
    ),
    "an association of no activity": (
        put("edges", 0, "rel", value="wasAssociatedWith"),
        "body.edges[0].from",
    ),
    "an association with no agent": (put("edges", 2, "to", value=IDEA), "body.edges[2].to"),
    "a generation by no activity": (
        put("edges", 0, "rel", value="wasGeneratedBy"),
        "body.edges[0].to",
    ),
}


@pytest.mark.parametrize("name", STATEMENT_BODIES)
def test_a_statement_body_is_refused(name: str) -> None:
    change, where = STATEMENT_BODIES[name]
    body = copy.deepcopy(SAID)
    change(body)
    assert where in places(lambda: made(SPOKEN, body, ADA))


RECORD_BODIES: dict[str, tuple[Change, str]] = {
    "a label": (put("nodes", 0, value={"id": "#1", "kind": "work"}), "body.nodes[0].id"),
    "a label at an end": (put("edges", 0, "to", value="#1"), "body.edges[0].to"),
    "a foreign paper": (put("nodes", 0, "id", value="arxiv:2401.00002"), "body.nodes[0].id"),
    "a longer id": (put("nodes", 0, "id", value="arxiv:2401.000011"), "body.nodes[0].id"),
    "another's mention": (
        put("nodes", 0, value={"id": f"mention:arxiv:2401.00002/{NAME}", "kind": "mention"}),
        "body.nodes[0].id",
    ),
    "a concept": (
        put("nodes", 0, value={"id": "concept:arxiv/cs.AI", "kind": "concept"}),
        "body.nodes[0].id",
    ),
    "an idea": (put("nodes", 0, value={"id": IDEA, "kind": "idea"}), "body.nodes[0].id"),
}


@pytest.mark.parametrize("name", RECORD_BODIES)
def test_a_record_body_is_refused(name: str) -> None:
    change, where = RECORD_BODIES[name]
    body = copy.deepcopy(PAPER)
    change(body)
    assert where in places(lambda: made(SERVED, body, None))


# Bytes, hashes, signatures.


def test_a_wrong_hash_of_the_body() -> None:
    bundle = made(SPOKEN, SAID, ADA)
    other = canonical_bytes({**SAID, "nodes": SAID["nodes"][:2]})
    assert places(lambda: read(bundle.header_bytes, other, bundle.signature)) >= {"header.body"}


@pytest.mark.parametrize("value", [None, "sha256:3f", "3f" * 32, 7])
def test_a_body_hash_that_is_none(value: object) -> None:
    header = canonical_bytes({**SPOKEN, "body": value})
    assert "header.body" in places(lambda: read(header, None, ADA.sign(header)))


SOUND = made(SPOKEN, SAID, ADA)
SIGNATURES = {
    "none": None,
    "an empty one": b"",
    "a changed one": bytes([(SOUND.signature or b"")[0] ^ 1, *(SOUND.signature or b"")[1:]]),
    "a short one": (SOUND.signature or b"")[:-1],
    "a long one": (SOUND.signature or b"") + b"\0",
    "a stranger's": ZED.sign(SOUND.header_bytes),
    "one of another header": ADA.sign(b"{}"),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_bad_signature(name: str) -> None:
    bad = SIGNATURES[name]
    assert places(lambda: read(SOUND.header_bytes, SOUND.body_bytes, bad)) == {"signature"}


def test_a_signature_of_the_bare_header_is_none() -> None:
    """What is signed is DSSE's encoding, so that no signature for something else can be replayed."""
    body = canonical_bytes(SAID)
    header = canonical_bytes({**SPOKEN, "body": digest(body)})
    bare = ADA._private.sign(header)
    assert places(lambda: read(header, body, bare)) == {"signature"}


def test_a_signed_record() -> None:
    assert places(lambda: made(SERVED, PAPER, ADA)) == {"signature"}


def test_a_key_off_the_curve_signs_nothing() -> None:
    off = next(
        "ed25519:" + bytes([k, *[7] * 30, 0]).hex()
        for k in range(256)
        if _fails_on_the_curve(bytes([k, *[7] * 30, 0]))
    )
    header = {**SPOKEN, "key": off, "by": f"person:{off}"}
    assert places(lambda: made(header, SAID, ADA)) <= {"signature", "header.key"}


def _fails_on_the_curve(raw: bytes) -> bool:
    """RFC 8032, 5.1.3: whether no x belongs to this y."""
    p = 2**255 - 19
    y = int.from_bytes(raw, "little")
    d = -121665 * pow(121666, -1, p) % p
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    return pow(square, (p - 1) // 2, p) == p - 1


def test_a_body_that_is_too_large() -> None:
    body = canonical_bytes(
        {"edges": [], "nodes": [{"id": IDEA, "kind": "idea", "text": "x" * MAX_BODY_BYTES}]}
    )
    header = canonical_bytes({**SPOKEN, "body": digest(body)})
    assert places(lambda: read(header, body, ADA.sign(header))) == {"body"}
    big = Body((Description(IDEA, Kind.IDEA, {"text": "x" * MAX_BODY_BYTES}),))
    assert places(lambda: statement(spoken(), big, ADA)) == {"body"}


def test_a_body_just_small_enough() -> None:
    empty = len(canonical_bytes({"edges": [], "nodes": [{"id": IDEA, "kind": "idea", "text": ""}]}))
    text = "x" * (MAX_BODY_BYTES - empty)
    bundle = statement(spoken(), Body((Description(IDEA, Kind.IDEA, {"text": text}),)), ADA)
    assert bundle.body_bytes is not None
    assert len(bundle.body_bytes) == MAX_BODY_BYTES


@pytest.mark.parametrize("value", [[], "x", 1, None, True])
def test_a_header_or_a_body_that_is_no_object(value: object) -> None:
    body = canonical_bytes(SAID)
    assert places(lambda: read(canonical_bytes(value), body, None)) >= {"header"}
    bad = canonical_bytes(value)
    header = canonical_bytes({**SPOKEN, "body": digest(bad)})
    assert places(lambda: read(header, bad, ADA.sign(header))) == {"body"}


@pytest.mark.parametrize(
    "text",
    [
        b'{"edges":[],"nodes":[],"nodes":[]}',
        b'{ "edges":[],"nodes":[]}',
        b'{"edges":[],"nodes":[1.5]}',
    ],
)
def test_a_body_in_another_form(text: bytes) -> None:
    header = canonical_bytes({**SPOKEN, "body": digest(text)})
    assert places(lambda: read(header, text, ADA.sign(header))) == {"body"}


# Making is judged as strictly as reading.


def spoken() -> Header:
    return Header(by=f"person:{ADA.key}", at="2026-01-01T00:00:00Z", body="")


@pytest.mark.parametrize(
    "title", ["", "e\u0301", "a\0b", "\ud800", 1.5, float("nan"), 2**53, b"bytes", None, object()]
)
def test_a_bad_value_is_refused_when_a_bundle_is_made(title: Any) -> None:
    body = Body((Description(IDEA, Kind.IDEA, {"title": title}),))
    with pytest.raises(BundleError):
        statement(spoken(), body, ADA)


def test_a_label_is_refused_in_a_record_that_is_made() -> None:
    body = Body((Description("#1", Kind.IDEA, {}),))
    with pytest.raises(BundleError, match=r"belongs|identifier"):
        record(
            "source:arxiv", None, RecordSource("oai:arXiv.org:2401.00001", "arxiv-raw/300"), body
        )


def test_all_faults_are_told_at_once() -> None:
    header = {**SPOKEN, "at": "yesterday", "colour": "red", "n": -1}
    body = copy.deepcopy(SAID)
    body["nodes"][1] |= {"title": "", "colour": "red", "kind": "claim"}
    body["edges"][0]["rel"] = "loves"
    found = places(lambda: made(header, body, ADA))
    assert found >= {
        "header.at",
        "header.colour",
        "header.n",
        "body.nodes[1].title",
        "body.nodes[1].colour",
        "body.nodes[1].kind",
        "body.edges[0].rel",
    }


def test_a_refusal_names_the_bundle_and_stays_short() -> None:
    body = copy.deepcopy(SAID)
    body["nodes"][1]["title"] = ["x" * 100_000]
    with pytest.raises(BundleError, match="bundle sha256:") as caught:
        made(SPOKEN, body, ADA)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("path", [("nodes", 1, "id"), ("edges", 0, "to"), ("nodes", 1, "known")])
def test_a_long_value_is_told_shortly(path: tuple[str | int, ...]) -> None:
    body = copy.deepcopy(SAID)
    put(*path, value="x" * 100_000)(body)
    with pytest.raises(BundleError) as caught:
        made(SPOKEN, body, ADA)
    assert len(str(caught.value)) < 2000


def test_a_subtype_stays_with_its_relation_when_made() -> None:
    edge = Edge(IDEA, Relation.CITES, IDEA, {"subtype": "revision"})
    with pytest.raises(BundleError, match="wasDerivedFrom"):
        statement(spoken(), Body(edges=(edge,)), ADA)
