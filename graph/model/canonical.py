"""Canonical bytes: RFC 8785 (JCS) within the limits of a bundle, and the SHA-256 of them (docs/bundle.md, section 1).

Within these limits (ASCII keys, no floats, integers below 2^53) msgspec's sorted encoder gives the
bytes of JCS, ten times as fast as the standard library's. No table of Unicode takes part.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from graph.errors import BundleError, Fault

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

MAX_INTEGER = 2**53
MAX_HEADER_BYTES: Final = 2**20
MAX_BODY_BYTES: Final = 8 * 2**20
MAX_DEPTH: Final = 16

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # an escaped backslash before u0000 is no NUL
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - _STEP.keys())

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode

# Values without floats and without integers of 2^53 or more, nested as deep as those of a bundle mostly are.
_Whole: TypeAlias = Annotated[int, msgspec.Meta(gt=-MAX_INTEGER, lt=MAX_INTEGER)]
_Flat: TypeAlias = str | bool | _Whole | None
_In1: TypeAlias = _Flat | list[_Flat] | dict[str, _Flat]
_In2: TypeAlias = _Flat | list[_In1] | dict[str, _In1]
_In3: TypeAlias = _Flat | list[_In2] | dict[str, _In2]
_In4: TypeAlias = _Flat | list[_In3] | dict[str, _In3]
_decode_plain = msgspec.json.Decoder(_Flat | list[_In4] | dict[str, _In4]).decode


def canonical_bytes(value: object) -> bytes:
    """Return the one byte form of a value made of objects, arrays, texts, integers, truths and null."""
    return _encode(value)


def decode_admitted(data: bytes | str) -> Any:
    """Decode bytes that `parse` accepted once; nothing is checked again.

    Raises:
        ValueError: The bytes are no JSON any more.
    """
    return _decode(data)


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes: `sha256:` and 64 hex digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def parse(data: bytes, what: str, *, at_most: int = MAX_BODY_BYTES) -> Any:
    """Parse canonical bytes.

    Args:
        data: The bytes.
        what: What they are, for errors: `header`, `body`.
        at_most: The most bytes.

    Raises:
        BundleError: The bytes are too many, nest deeper than 16, are not UTF-8, not JSON, hold a float, an
            integer of 2^53 or more or a NUL, or are not in canonical form.
    """
    if len(data) > at_most:
        raise _refusal(what, f"at most {at_most:,} bytes", f"{len(data):,} bytes")
    try:
        value = _decode_plain(data)
        text = data.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Something is wrong with it, or it is nested deeper than most: read it with care.
        text, value = _read_slowly(data, what)
    refuse_nul(text, what)
    try:
        is_canonical = canonical_bytes(value) == data
    except UnicodeEncodeError as error:
        raise _refusal(what, "Unicode without lone surrogates", "one") from error
    if not is_canonical:
        raise _refusal(what, "canonical bytes (RFC 8785)", "another form of the same value")
    return value


def depth_of(data: bytes) -> int:
    """Return how deep arrays and objects nest, counted on the bytes of JSON: neither parsed nor recursed into."""
    brackets = _STRING.sub(b"", data).translate(None, delete=_NO_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets), initial=0))


def has_empty_or_null(value: object) -> bool:
    """Return whether a value is, or holds somewhere, an empty text, array or object, or a null."""
    todo = [value]
    while todo:
        item = todo.pop()
        if item is None or item in ("", [], {}):
            return True
        if isinstance(item, dict):
            todo += item.values()
        elif isinstance(item, list):
            todo += item
    return False


def has_ascii_keys(value: object) -> bool:
    """Return whether all keys of the objects in a value are ASCII."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if not all(map(str.isascii, item)):
                return False
            todo += item.values()
        elif isinstance(item, list):
            todo += item
    return True


def _refusal(what: str, expected: str, got: str) -> BundleError:
    return BundleError(f"{what} can't be read", [Fault(what, expected, got)])


def _read_slowly(data: bytes, what: str) -> tuple[str, Any]:
    """Return the text and its value, or raise an error that states what is wrong with it."""

    def refuse(expected: str, got: str) -> BundleError:
        return _refusal(what, expected, got)

    def integer(text: str) -> int:
        if len(text) > 17 or not -MAX_INTEGER < int(text) < MAX_INTEGER:
            raise refuse("integers below 2^53", text[:40])
        return int(text)

    def no_float(text: str) -> None:
        raise refuse("no floats (a measured number is a decimal string)", text[:40])

    if (depth := depth_of(data)) > MAX_DEPTH:
        raise refuse(f"arrays and objects nested at most {MAX_DEPTH} deep", f"{depth} deep")
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_int=integer, parse_float=no_float, parse_constant=no_float)
    except UnicodeDecodeError as error:
        raise refuse("UTF-8", f"byte {error.start} that is not") from error
    except ValueError as error:
        raise refuse("JSON", str(error)[:120]) from error
    return text, value


def refuse_nul(text: str, what: str) -> None:
    """Refuse JSON text that holds a NUL.

    Raises:
        BundleError: It does.
    """
    if "\\u0000" in text and _NUL.search(text):
        raise _refusal(what, "texts without NUL", "a NUL")


def encode_checked(value: object, what: str) -> bytes:
    """Encode a value of ours, to be a header or a body, as canonical bytes.

    Raises:
        BundleError: It holds what no bundle may: a lone surrogate, a NUL, an object that JSON does not know.
    """
    try:
        data = canonical_bytes(value)
    except UnicodeEncodeError as error:
        fault = Fault(what, "Unicode without lone surrogates", "one")
        raise BundleError(f"{what} can't be written", [fault]) from error
    except (TypeError, OverflowError, msgspec.EncodeError, RecursionError) as error:
        fault = Fault(what, "objects, arrays, texts, integers, truths", str(error)[:160])
        raise BundleError(f"{what} can't be written", [fault]) from error
    refuse_nul(data.decode(), what)
    return data
