"""Every way in which bytes are no bundle: too many, too deep, another form, another's hash or signature; also when made."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.bundle import read, record, reread, statement
from graph.errors import BundleError
from graph.model.canonical import (
    MAX_BODY_BYTES,
    MAX_DEPTH,
    MAX_HEADER_BYTES,
    MAX_INTEGER,
    canonical_bytes,
    digest,
)
from graph.model.model import Answer, Body, End, Grant, Header, RecordSource
from graph.model.vocabulary import Verb
from tests.graph.bundle.dishonest import HASH, PAPER, SAID, SERVED, SPOKEN, made, places
from tests.graph.histories import ADA, ZED


def test_a_wrong_hash_of_the_body() -> None:
    bundle = made(SPOKEN, SAID, ADA)
    other = canonical_bytes({**SAID, "nodes": []})
    assert places(lambda: read(bundle.header_bytes, other, bundle.signature)) == {"header.body"}


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
    bare = ADA._private.sign(SOUND.header_bytes)
    assert places(lambda: read(SOUND.header_bytes, SOUND.body_bytes, bare)) == {"signature"}


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


@pytest.mark.parametrize("more", [0, 1])
def test_a_header_has_at_most_so_many_bytes(more: int) -> None:
    fields = {**SPOKEN, "body": SOUND.body_hash, "colour": "x"}
    length = MAX_HEADER_BYTES + more - len(canonical_bytes(fields)) + 1
    header = canonical_bytes({**fields, "colour": "x" * length})
    assert len(header) == MAX_HEADER_BYTES + more
    if more:
        assert places(lambda: read(header, SOUND.body_bytes, ADA.sign(header))) == {"header"}
    else:
        assert read(header, SOUND.body_bytes, ADA.sign(header)).body == SOUND.body


def test_a_header_of_ours_is_not_too_large_either() -> None:
    prev = tuple(f"sha256:{number:064x}" for number in range(MAX_HEADER_BYTES // 74 + 1))
    assert places(lambda: statement(replace(spoken(), prev=prev), Body(), ADA)) == {"header"}


@pytest.mark.parametrize("more", [0, 1])
def test_a_body_has_at_most_so_many_bytes(more: int) -> None:
    body = b"x" * (MAX_BODY_BYTES + more)
    header = canonical_bytes({**SPOKEN, "body": digest(body)})
    if more:
        assert places(lambda: read(header, body, ADA.sign(header))) == {"body"}
        assert read(header, None, ADA.sign(header)).is_withheld
    else:
        assert read(header, body, ADA.sign(header)).is_unfit


@given(st.integers(1, 30))
def test_a_header_nests_so_deep_and_no_deeper(depth: int) -> None:
    """The header itself is one level; what is inside an unknown key is counted too, before anything is parsed."""
    colour: Any = "red"
    for level in range(depth):
        colour = [colour] if level % 2 else {"a": colour}
    header = {**SPOKEN, "colour": colour}
    if 1 + depth <= MAX_DEPTH:
        assert made(header, SAID, ADA).header == made(SPOKEN, SAID, ADA).header
    else:
        assert places(lambda: made(header, SAID, ADA)) == {"header"}


@pytest.mark.parametrize("value", [[], "x", 1, None, True])
def test_a_header_that_is_no_object(value: object) -> None:
    header = canonical_bytes(value)
    assert "header" in places(lambda: read(header, canonical_bytes(SAID), None))


@pytest.mark.parametrize("text", [b"", b"{", b'{"n":0, "v":1}', b'{"v":1,"n":0}', b'{"v":1.0}'])
def test_a_header_in_another_form(text: bytes) -> None:
    assert places(lambda: read(text, None, ADA.sign(text))) == {"header"}


# What is not understood is held to section 1 and to so little more.

LATER: dict[str, dict[str, Any]] = {
    "the next version": {"v": 2, "body": HASH},
    "the greatest version": {"v": MAX_INTEGER - 1, "body": HASH},
    "a version that knows other forms": {"v": 2, "by": 7, "grants": "all"},
    "a version that ends in another way": {"v": 2, "ends": True, "nobody": {"knows": [1]}},
    "a record's nulls": {**SERVED, "v": 2, "body": HASH},
    "a key of another algorithm": {**SPOKEN, "key": "x25519p:2a", "body": HASH},
    "a grant by such a key": {**SPOKEN, "key": "x25519p:2a", "grants": [ZED.key, "say"]},
}


@pytest.mark.parametrize("name", LATER)
def test_a_later_header_is_kept_and_not_understood(name: str) -> None:
    bundle = made(LATER[name], None, None)
    assert (bundle.header, bundle.body, list(bundle.minted_ids())) == (None, None, [])
    assert bundle.is_withheld == ("body" in LATER[name])
    assert not bundle.is_unfit
    assert reread(bundle.header_bytes, None, None) == bundle


@pytest.mark.parametrize(
    ("header", "where"),
    [
        ({"v": 2}, "header"),
        ({"v": 2, "body": ""}, "header.body"),
        ({"v": 2, "body": None}, "header.body"),
        ({"v": 2, "body": HASH, "prev": []}, "header.prev"),
        ({"v": 2, "body": HASH, "färg": 1}, "header"),
        ({"v": 2, "body": HASH, "key": "x25519p:2a", "at": None}, "header.at"),
        ({"v": MAX_INTEGER, "body": HASH}, "header"),
        ({**SPOKEN, "key": "x25519p:2a"}, "header"),
        ({**SPOKEN, "key": "x25519p:2a", "body": HASH, "prev": []}, "header.prev"),
    ],
)
def test_a_later_header_is_refused(header: dict[str, Any], where: str) -> None:
    assert places(lambda: made(header, None, None)) == {where}


@pytest.mark.parametrize("version", [0, -1, True, "2", None, [2]])
def test_what_has_no_version_is_refused(version: object) -> None:
    assert places(lambda: made({**SPOKEN, "v": version}, SAID, ADA)) == {"header.v"}


@pytest.mark.parametrize("key", ["x:AB", "x:abc", "X:ab", "ed25519:ab", "x:" + "ab" * 65])
def test_what_has_no_form_of_a_key_is_refused(key: str) -> None:
    assert "header.key" in places(lambda: made({**SPOKEN, "key": key}, SAID, ADA))


def test_a_later_header_is_held_to_its_body() -> None:
    header = canonical_bytes({"v": 2, "body": digest(b"any bytes")})
    assert read(header, b"any bytes", None).body_bytes == b"any bytes"
    assert places(lambda: read(header, b"others", None)) == {"header.body"}


# Making is judged as strictly as reading.


def spoken(**rest: Any) -> Header:
    return Header(by=f"person:{ADA.key}", at="2026-01-01T00:00:00Z", **rest)


@pytest.mark.parametrize(
    ("rest", "body", "where"),
    [
        ({"grants": Grant(ZED.key, "")}, None, "header.grants"),
        ({"grants": Grant(ZED.key, "say"), "ends": End(HASH)}, None, "header.ends"),
        ({"ends": End("self")}, None, "header.ends"),
        ({"grants": Grant(ZED.key, "say")}, Body(), "header.body"),
        ({}, None, "header.body"),
        ({"vouches": (HASH,)}, Body(), "header.vouches"),
        (
            {"answers": (Answer(Verb.ERASES, HASH), Answer(Verb.RESTORES, HASH))},
            Body(),
            "header.answers",
        ),
    ],
)
def test_a_bad_header_is_refused_when_a_bundle_is_made(
    rest: dict[str, Any], body: Body | None, where: str
) -> None:
    assert where in places(lambda: statement(spoken(**rest), body, ADA))


def test_a_bad_record_is_refused_when_it_is_made() -> None:
    source = RecordSource("a paper", "arxiv-raw/300")
    assert places(lambda: record("source:arxiv", None, source, Body())) == {"header.source"}


def test_all_faults_are_told_at_once() -> None:
    header = {**SPOKEN, "at": "yesterday", "colour": [], "n": -1, "prev": [], "by": "Ada"}
    expected = {"header.at", "header.colour", "header.n", "header.prev", "header.by"}
    assert places(lambda: made(header, SAID, ADA)) == expected


@pytest.mark.parametrize("key", ["by", "at", "answers", "prev", "colour"])
def test_a_refusal_names_the_bundle_and_stays_short(key: str) -> None:
    header = {**SPOKEN, "colour": {"a": ""}, key: ["x" * 100_000, ""]}
    with pytest.raises(BundleError, match="bundle sha256:") as caught:
        made(header, SAID, ADA)
    assert len(str(caught.value)) < 1000
