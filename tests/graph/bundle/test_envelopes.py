"""Envelopes of headers that are not understood: which are kept, in which form, and which of them holds later."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest

from graph.bundle.bundle import Bundle, read
from graph.bundle.envelopes import (
    MAX_ENVELOPE_BYTES,
    MAX_ENVELOPES,
    admissible,
    merge,
    pack,
    signatures,
    unpack,
)
from graph.errors import BundleError
from graph.export.format import RefusedLine, line_of, tree_lines, validate_bundle
from graph.model.canonical import canonical_bytes
from graph.store import GraphStore, RawBundle
from ingest.pull.admission import admit
from tests.graph.histories import ADA
from tests.graph.statements import add, say, work
from tests.promises.newer import STATEMENT, enveloped

LATER_KEY = "mldsa65:" + "ab" * 32


def later_key() -> Bundle:
    """A statement that a key of a later algorithm signed, as far as anybody here can tell."""
    told = json.loads(say(ADA, work("arxiv:2401.00001", "signed later")).header_bytes)
    return read(canonical_bytes(told | {"key": LATER_KEY, "by": f"person:{LATER_KEY}"}), None, None)


LATER = later_key()


def junk(number: int, size: int = 0) -> dict[str, str]:
    """An envelope of no form that is known."""
    return {"proof": f"{number:04}" + "x" * size}


def of_size(octets: int) -> dict[str, str]:
    return junk(0, octets - len(canonical_bytes(junk(0))))


def line(**parts: Any) -> bytes:
    told = {"id": LATER.id, "header": LATER.header_bytes.decode(), "body": None, **parts}
    return canonical_bytes(told) + b"\n"


@contextmanager
def _file(text: bytes) -> Iterator[BytesIO]:
    yield BytesIO(text)


def read_line(text: bytes) -> RawBundle | RefusedLine:
    (found,) = tree_lines(lambda _: _file(text), 0, 1)  # type: ignore[arg-type,return-value]
    return found


def test_all_that_came_are_kept_and_published_with_their_payload() -> None:
    packed = pack([junk(2), junk(1), junk(2)])
    bundle = read(LATER.header_bytes, None, packed)
    assert unpack(bundle.signature) == [junk(1), junk(2)]
    payload = base64.b64encode(LATER.header_bytes).decode()
    published = bundle.to_json()
    assert published["envelopes"] == [
        {"payload": payload, **junk(1)},
        {"payload": payload, **junk(2)},
    ]
    assert "envelope" not in published
    raw = RawBundle(0, bundle.id, bundle.header_bytes, None, packed)
    assert read_line(line_of(raw)) == raw
    assert validate_bundle(raw) == bundle


@pytest.mark.parametrize(
    "parts",
    [
        {"envelope": None},
        {"envelope": junk(1)},
        {"envelopes": [junk(1), junk(2)]},
        {"envelopes": [junk(2), junk(1), junk(2)]},
        {"envelopes": [junk(1) | {"payload": base64.b64encode(LATER.header_bytes).decode()}]},
    ],
)
def test_a_line_may_hold_one_or_an_array(parts: dict[str, Any]) -> None:
    found = read_line(line(**parts))
    assert isinstance(found, RawBundle)
    came = parts.get("envelopes", [parts.get("envelope")])
    expected = [{k: v for k, v in one.items() if k != "payload"} for one in came if one]
    assert found.signature == pack(expected)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"envelope": None, "envelopes": [junk(1)]},
        {"envelopes": []},
        {"envelopes": None},
        {"envelopes": [1]},
        {"envelope": "x"},
        {"envelope": {"proof": 0.5}},
    ],
)
def test_a_line_with_anything_else_is_no_line(parts: dict[str, Any]) -> None:
    text = json.dumps({"id": LATER.id, "header": LATER.header_bytes.decode(), "body": None} | parts)
    with pytest.raises(BundleError):
        validate_bundle(read_line(text.encode() + b"\n"))  # type: ignore[arg-type]


def test_an_envelope_of_another_header_is_refused() -> None:
    payload = base64.b64encode(STATEMENT.header_bytes).decode()
    assert isinstance(read_line(line(envelope=junk(1) | {"payload": payload})), RefusedLine)


def test_sixteen_are_kept_and_one_more_is_refused_and_told() -> None:
    most = [junk(number) for number in range(MAX_ENVELOPES)]
    assert admit(RawBundle(0, LATER.id, LATER.header_bytes, None, pack(most))).refusal is None
    came = pack([*most, junk(MAX_ENVELOPES)])
    with pytest.raises(BundleError, match="envelopes: expected 1 to 16, got 17"):
        read(LATER.header_bytes, None, came)
    admission = admit(RawBundle(0, LATER.id, LATER.header_bytes, None, came))
    assert admission.bundle is not None
    assert unpack(admission.bundle.signature) == most
    assert admission.refusal is not None
    assert admission.refusal.part == "envelopes"


def test_an_envelope_may_have_65536_bytes_and_no_more() -> None:
    assert len(canonical_bytes(of_size(MAX_ENVELOPE_BYTES))) == MAX_ENVELOPE_BYTES
    assert admissible([of_size(MAX_ENVELOPE_BYTES)])[1] == []
    kept, faults = admissible([of_size(MAX_ENVELOPE_BYTES + 1), junk(1)])
    assert kept == pack([junk(1)])
    assert [fault.got for fault in faults] == ["65,537 bytes"]


def test_what_is_kept_stays_when_others_come() -> None:
    first = pack(junk(number) for number in range(100, 100 + MAX_ENVELOPES))
    assert merge(first, pack([junk(1)])) == first
    assert merge(pack([junk(2)]), pack([junk(1)])) == pack([junk(1), junk(2)])
    assert merge(None, pack([junk(1)])) == pack([junk(1)])


def test_only_an_envelope_of_dsse_holds_a_signature() -> None:
    good = enveloped(bytes(64))
    odd: list[dict[str, object]] = [
        good | {"payloadType": "x"},
        {"signatures": "x"},
        good | {"signatures": []},
    ]
    odd += [good | {"signatures": [{"sig": "?"}]}, good | {"signatures": [1, 2]}]
    assert signatures(pack([good, *odd, junk(1)])) == [bytes(64)]


def test_of_several_envelopes_the_one_that_holds_is_the_signature() -> None:
    said = say(ADA, work("arxiv:2401.00001", "a statement"))
    assert said.signature is not None
    several = pack([enveloped(bytes(64)), junk(1), enveloped(said.signature)])
    assert read(said.header_bytes, said.body_bytes, several) == said
    with pytest.raises(BundleError, match="expected one that holds"):
        read(said.header_bytes, said.body_bytes, pack([enveloped(bytes(64)), junk(1)]))


def test_a_store_keeps_envelopes_that_come_later(store: GraphStore) -> None:
    def came(*envelopes: dict[str, str]) -> Bundle:
        return read(LATER.header_bytes, None, pack(envelopes))

    assert add(store, came(junk(1))) == (LATER.id,)
    assert add(store, came(junk(2))) == ()
    assert add(store, came()) == ()
    (raw,) = store.raw_bundles()
    assert unpack(raw.signature) == [junk(1), junk(2)]
    add(store, came(*(junk(number) for number in range(3, 3 + MAX_ENVELOPES - 2))))
    add(store, came(junk(99)))
    store.rebuild()
    (raw,) = store.raw_bundles()
    assert unpack(raw.signature) == [junk(number) for number in range(1, 1 + MAX_ENVELOPES)]
    stored = store.bundles_by_id([LATER.id])[LATER.id]
    assert (stored.bundle.header, stored.counts) == (None, False)
    assert store.integrity_faults() == []
