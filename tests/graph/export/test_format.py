"""The lines of an export: the published form of each bundle, read back to the byte, anything else refused."""

import base64
import json
from collections.abc import Callable
from io import BytesIO
from itertools import islice
from typing import IO, Any

import pytest
from hypothesis import given, settings

from graph.bundle.bundle import Bundle
from graph.bundle.envelopes import pack
from graph.bundle.keys import signer_of
from graph.errors import BundleError, InputError
from graph.export.format import (
    MAX_LINE_BYTES,
    PAGE,
    bundle_lines,
    first_of,
    line_of,
    page_name,
    raw_bundles,
    read_lines,
    validate_bundle,
)
from graph.model.canonical import canonical_bytes, digest
from graph.open import open_store
from graph.store import GraphStore, RawBundle
from tests.graph.histories import histories
from tests.graph.statements import add, idea, paper, say

ADA = signer_of(b"\x11" * 32)
EVE = signer_of(b"\x66" * 32)


def raw_of(bundle: Bundle, position: int = 0) -> RawBundle:
    return RawBundle(position, bundle.id, bundle.header_bytes, bundle.body_bytes, bundle.signature)


def opened(data: bytes) -> Callable[[str], IO[bytes]]:
    return lambda _name: BytesIO(data)


def only(data: bytes) -> RawBundle:
    """The first bundle of a file."""
    return next(raw_bundles(opened(data), 0, 1))


@settings(max_examples=40, deadline=None)
@given(histories(10))
def test_a_line_is_the_published_form_and_is_read_to_the_byte(history: list[Bundle]) -> None:
    for position, bundle in enumerate(history):
        line = line_of(raw_of(bundle, position))
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert json.loads(line) == bundle.to_json()
    data = b"".join(line_of(raw_of(bundle)) for bundle in history)
    read = list(raw_bundles(opened(data), 0, len(history)))
    assert read == [raw_of(bundle, position) for position, bundle in enumerate(history)]
    assert [validate_bundle(one) for one in read] == history


def test_a_withheld_body_and_a_newer_version_come_back() -> None:
    body = canonical_bytes({"any": "thing"})
    header = canonical_bytes({"v": 7, "body": digest(body), "key": 1})
    whole = say(ADA, idea("#1", "x"))
    for raw in (
        RawBundle(0, whole.id, whole.header_bytes, None, whole.signature),
        RawBundle(0, digest(header), header, body, pack([{"proof": "x"}, {"proof": "y"}])),
        RawBundle(0, digest(header), header, None, None),
    ):
        assert only(line_of(raw)) == raw
        assert validate_bundle(raw).id == raw.id
        assert json.loads(line_of(raw)) == validate_bundle(raw).to_json()


def test_an_envelope_of_a_newer_version_may_name_what_we_do_not_know() -> None:
    header = canonical_bytes({"v": 2, "body": digest(b"{}")})
    envelope = {
        "payloadType": "application/vnd.colineage.header.v2+json",
        "signatures": [{"keyid": "another-algorithm:00", "sig": "c2ln", "key": "…"}],
    }
    raw = RawBundle(0, digest(header), header, b"{}", pack([envelope]))
    line = json.loads(line_of(raw))
    (published,) = line.pop("envelopes")
    assert published == envelope | {"payload": base64.b64encode(header).decode()}
    for told in ({"envelope": published}, {"envelopes": [envelope]}):
        assert only(json.dumps(line | told).encode() + b"\n") == raw


def test_the_name_of_a_key_in_an_envelope_is_ignored() -> None:
    assert only(_signature(keyid=EVE.key)).signature == only(_changed()).signature


def _changed(**values: Any) -> bytes:
    return json.dumps(say(ADA, idea("#1", "x")).to_json() | values).encode() + b"\n"


def _envelope(**values: Any) -> bytes:
    line = say(ADA, idea("#1", "x")).to_json()
    line["envelope"] |= values
    return json.dumps(line).encode() + b"\n"


def _signature(**values: Any) -> bytes:
    line = say(ADA, idea("#1", "x")).to_json()
    line["envelope"]["signatures"][0] |= values
    return json.dumps(line).encode() + b"\n"


REFUSED = {
    "nothing": (b"", "its end"),
    "no end of the line": (_changed()[:-1], "bytes without one"),
    "no JSON": (b"{\n", "a JSON object"),
    "no UTF-8": (b'{"id": "\xff"}\n', "a JSON object"),
    "half a character": (_changed(id="x").replace(b'"x"', b'"\\ud800"'), "a JSON object"),
    "a list": (b"[]\n", "a JSON object"),
    "an unknown key": (_changed(more=1), "a JSON object"),
    "a number as the body": (_changed(body=7), "a JSON object"),
    "a key twice": (_changed().replace(b'{"id"', b'{"header": "{}", "id"', 1), "a key twice"),
    "a key twice inside": (_changed().replace(b'{"sig"', b'{"sig": "", "sig"'), "a key twice"),
    "deep": (b"[" * 100_000 + b"\n", "a JSON object"),
    "another payload": (_envelope(payload="e30="), "envelope.payload: expected the header"),
    "no base64": (_envelope(payload="e30"), "envelope.payload"),
    "another type": (_envelope(payloadType="text/plain"), "envelope.payloadType"),
    "two signatures": (_envelope(signatures=[{"sig": ""}, {"sig": ""}]), "exactly one, got 2"),
    "no signature": (_envelope(signatures=[]), "exactly one, got 0"),
    "a signature in words": (_signature(sig="hear, hear"), "sig: expected base64"),
    "base64 with bits to spare": (_signature(sig="eB=="), "sig: expected base64"),
    "an unknown part": (_signature(cert="x"), "envelope: null or an object"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_line_that_is_none_is_refused(what: str) -> None:
    data, words = REFUSED[what]
    with pytest.raises(BundleError) as refused:
        only(data)
    assert words in str(refused.value)
    assert "position 0" in str(refused.value)


def test_a_line_without_an_end_costs_no_memory() -> None:
    class Endless(BytesIO):
        asked: list[int]

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            self.asked.append(size)
            return b"x" * size

    Endless.asked = []
    with pytest.raises(BundleError, match="at most"):
        next(raw_bundles(lambda _: Endless(), 0, 1))
    assert Endless.asked == [MAX_LINE_BYTES + 1]
    assert (
        len(list(read_lines(lambda _: Endless(), 0, PAGE))) == 1
    )  # the rest of it is no next line
    assert len(Endless.asked) == 2


def test_what_is_wrong_with_one_line_does_not_hide_the_next() -> None:
    good = line_of(raw_of(paper("2401.00001", "Good")))
    found = list(read_lines(opened(good + b"{}\n" + good), 0, 5))
    assert [isinstance(one, BundleError) for one in found] == [False, True, False, True]
    assert "expected a bundle at position 3, got its end" in str(found[-1])


def test_a_bundle_that_is_none_is_refused_by_name() -> None:
    bundle = paper("2401.00001", "Good")
    raw = raw_of(bundle, 5)
    bad = RawBundle(5, "sha256:" + "0" * 64, raw.header, raw.body, None)
    with pytest.raises(BundleError, match=r"sha256:0{64} at position 5 is refused") as refused:
        validate_bundle(bad)
    assert bundle.id in str(refused.value)
    with pytest.raises(BundleError, match="hash of the body") as refused:
        validate_bundle(RawBundle(5, "sha256:" + "0" * 64, raw.header, b"{}", b"x"))
    assert len(refused.value.faults) >= 3  # the id, the body's hash, a record's signature


def test_a_signature_of_a_stranger_is_refused() -> None:
    bundle = say(ADA, idea("#1", "x"))
    raw = raw_of(bundle)
    line = json.loads(line_of(raw))
    forged = base64.b64encode(EVE.sign(bundle.header_bytes)).decode()
    line["envelope"]["signatures"][0]["sig"] = forged
    with pytest.raises(BundleError, match=f"one that holds under {ADA.key}"):
        validate_bundle(only(json.dumps(line).encode() + b"\n"))


@pytest.fixture
def store() -> GraphStore:
    found = open_store("sqlite::memory:")
    add(found, *(paper(f"2401.{number:05d}", f"Paper {number}") for number in range(7)))
    return found


def test_the_lines_of_a_file_end_with_the_log_or_where_they_are_told(store: GraphStore) -> None:
    every = list(bundle_lines(store, 0))
    assert every == [line_of(raw) for raw in store.raw_bundles()]
    assert list(bundle_lines(store, 0, size=3)) == every[:3]
    assert list(bundle_lines(store, 0, size=99)) == every
    assert list(bundle_lines(store, PAGE)) == []
    assert list(bundle_lines(store, PAGE, size=3)) == []


@pytest.mark.parametrize("first", [-PAGE, -1, 1, PAGE - 1, PAGE + 1])
def test_no_file_begins_in_between(store: GraphStore, first: int) -> None:
    with pytest.raises(InputError, match="multiple of 10000"):
        bundle_lines(store, first)


def test_a_position_has_one_file() -> None:
    assert page_name(0) == "bundles/00000000.ndjson"
    assert page_name(20_000) == "bundles/00020000.ndjson"
    for first in (0, PAGE, 123 * PAGE, 10**8, 10**12):
        assert first_of(page_name(first)) == first
    for name in (
        *("bundles/00000001.ndjson", "bundles/0.ndjson", "bundles/000000000.ndjson"),
        f"bundles/{'9' * 5000}.ndjson",
        *("bundles/00000000.json", "bundles/../checkpoint", "checkpoint", "00000000.ndjson"),
        *(
            "bundles/00000000.ndjson\n",
            "bundles/\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660.ndjson",
        ),
    ):
        assert first_of(name) is None


def test_reading_begins_and_ends_in_the_middle_of_files() -> None:
    line = line_of(raw_of(paper("2401.00001", "Good")))
    asked: list[str] = []

    def open_file(name: str) -> IO[bytes]:
        asked.append(name)
        return BytesIO(line * PAGE)

    read = raw_bundles(open_file, PAGE - 2, PAGE + 3)
    assert [one.position for one in islice(read, 10)] == list(range(PAGE - 2, PAGE + 3))
    assert asked == [page_name(0), page_name(PAGE)]
