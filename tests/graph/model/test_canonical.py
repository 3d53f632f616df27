"""Canonical bytes: RFC 8785, with the `rfc8785` package as the oracle, and what is refused."""

import contextlib
import json
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from graph.errors import BundleError
from graph.model.canonical import (
    MAX_DEPTH,
    MAX_INTEGER,
    canonical_bytes,
    depth_of,
    digest,
    has_ascii_keys,
    has_empty_or_null,
    parse,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(
    lambda text: unicodedata.normalize("NFC", text)
)
integers = st.integers(-MAX_INTEGER + 1, MAX_INTEGER - 1)
keys = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


@given(values)
@example({"a": "\x7f\x1f\u2028\U0001f600", "A": ["\\", '"', "/", "\b\f\n\r\t"]})
def test_our_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_written_is_read(value: Any) -> None:
    assert parse(canonical_bytes(value), "value") == value


@given(values, st.data())
def test_a_cut_off_byte_is_refused_or_another_value(value: Any, data: st.DataObject) -> None:
    whole = canonical_bytes(value)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with contextlib.suppress(BundleError):
        assert parse(cut, "value") != value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = parse(data, "bytes")
    except BundleError as error:
        assert error.faults
    else:
        assert canonical_bytes(value) == data


BAD = {
    "no UTF-8": b'{"a":"\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"1 2",
    "a float": b"[1.5]",
    "a float that is whole": b"[1.0]",
    "an exponent": b"[1e3]",
    "not a number": b"[NaN]",
    "infinity": b"[-Infinity]",
    "an integer of 2^53": b"[9007199254740992]",
    "a negative one": b"[-9007199254740992]",
    "an integer of a thousand digits": b"[" + b"9" * 1000 + b"]",
    "an integer of a million digits": b"[" + b"9" * 1_000_000 + b"]",
    "minus nought": b"[-0]",
    "a leading nought": b"[01]",
    "a space": b'{"a": 1}',
    "a newline at the end": b"1\n",
    "keys out of order": b'{"b":1,"a":2}',
    "a key twice": b'{"a":1,"a":2}',
    "a key twice with one value": b'{"a":1,"a":1}',
    "an escape that JSON doesn't demand": b'["\\u0061"]',
    "an escaped slash": b'["\\/"]',
    "an escape in capitals": b'["\\u001F"]',
    "a raw control character": b'["\x01"]',
    "a NUL": b'["\\u0000"]',
    "a NUL in a key": b'{"\\u0000":1}',
    "a lone surrogate": b'["\\ud800"]',
    "a lone surrogate in a key": b'{"\\udfff":1}',
    "an escaped pair": b'["\\ud83d\\ude00"]',
    "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "nesting near the limit": b"[" * 900 + b"]" * 900 + b" ",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str) -> None:
    with pytest.raises(BundleError) as caught:
        parse(BAD[name], "header")
    (fault,) = caught.value.faults
    assert fault.where == "header"
    assert fault.expected
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "text", ["\n\u0300", "e\u0301", "\u00e9", "\u0958", "\ua7b4", "\U0001e030"]
)
def test_no_table_of_unicode_takes_part(text: str) -> None:
    """Whatever a version of Unicode thinks of it: composed or not, assigned or not yet."""
    assert parse(canonical_bytes([text]), "body") == [text]


@pytest.mark.parametrize("depth", [1, 2, 5, 6, 15, 16, 17, 100, 990, 1000, 1100, 5000, 200_000])
def test_arrays_and_objects_nest_at_most_sixteen_deep(depth: int) -> None:
    for begin, end in ((b"[", b"]"), (b'{"a":', b"}")):
        data = begin * depth + b"1" + end * depth
        assert depth_of(data) == depth
        if depth <= MAX_DEPTH:
            assert canonical_bytes(parse(data, "header")) == data
        else:
            with pytest.raises(BundleError, match="nested at most 16 deep"):
                parse(data, "header")


def test_brackets_in_texts_are_no_depth() -> None:
    value = ["[" * 100, {"a": "{" * 100 + '"' + "\\" + "[" * 100}]
    data = canonical_bytes(value)
    assert depth_of(data) == 2
    assert parse(data, "body") == value


def test_what_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(BundleError, match="at most 3 bytes, got 4 bytes"):
        parse(b"[11]", "header", at_most=3)
    assert parse(b"[1]", "header", at_most=3) == [1]


def test_emptiness_and_foreign_keys_are_found_at_any_depth() -> None:
    empties: tuple[Any, ...] = ("", [], {}, None)
    for empty in empties:
        assert has_empty_or_null({"a": [{"b": [1, empty]}]})
    assert not has_empty_or_null({"a": [{"b": [0, False, "x"]}]})
    assert has_ascii_keys([{"a": {"b": "ä"}}])
    assert not has_ascii_keys([{"a": {"ä": 1}}])


def test_a_backslash_before_u0000_is_text_and_no_nul() -> None:
    """In JSON it is `\\\\u0000`: two characters more than a NUL's escape, and honest text."""
    text = "the escape \\u0000"
    assert parse(canonical_bytes([text]), "body") == [text]


def test_digest() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_sorted_json_is_enough() -> None:
    """Why no package is needed within our limits: ASCII keys sort alike by code point and UTF-16."""
    value = {"b": 1, "a": {"Z": 1, "_": 2}}
    assert (
        canonical_bytes(value) == json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    )
