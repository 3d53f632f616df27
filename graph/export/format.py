"""Export format: the log as plain files that another program can read, their names and each line of them.

    checkpoint                  the signed note (`graph.log.signed_note`)
    about.json                  the manifest of the log (`graph.export.log_manifest`)
    bundles/00000000.ndjson     the bundles from position 0, each on a line, `Bundle.to_json()`
    bundles/00010000.ndjson     those from position 10,000; the last file is as long as the log

The same log has the same bytes, so that a file can be compared with `cmp`. The files lie in a folder or
under an address; whoever reads them gives a function that opens one by its name.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, Final, TypeAlias

import msgspec

from graph.bundle.body import MAX_BODY_BYTES
from graph.bundle.bundle import Bundle, read
from graph.bundle.header import VERSION
from graph.bundle.keys import PAYLOAD_TYPE, envelope
from graph.errors import BundleError, Fault, InputError
from graph.model.canonical import decode_admitted, digest
from graph.store import Log, RawBundle

PAGE: Final = 10_000
"""Number of bundles in a file."""

CHECKPOINT: Final = "checkpoint"
ABOUT: Final = "about.json"
BUNDLES: Final = "bundles"

MAX_LINE_BYTES: Final = 6 * MAX_BODY_BYTES
"""Longest line: a body as text in JSON takes at most twice its bytes; the rest is for a header of 180,000 vouches."""

Opener: TypeAlias = Callable[[str], IO[bytes]]
"""Function that opens a file of the export by its name; raises a `GraphError` where there is none."""

_PAGE_NAME: Final = re.compile(rf"{BUNDLES}/(\d{{8,19}})\.ndjson", re.ASCII)
_encode: Final = msgspec.json.Encoder().encode


# As `line_of` writes them, so that a line of ours is known by its bytes.
class _Signature(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    keyid: str | None = None
    sig: str


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    payload: str
    payloadType: str  # noqa: N815 - DSSE's own name
    signatures: list[_Signature]


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    header: str
    body: str | None
    envelope: _Envelope | None


_decode: Final = msgspec.json.Decoder(_Line).decode


def page_name(first: int) -> str:
    """Return the name of the file whose first bundle has this position, a multiple of 10,000."""
    return f"{BUNDLES}/{first:08d}.ndjson"


def first_of(name: str) -> int | None:
    """Return the position with which the file of this name begins; `None` where it is no file of bundles."""
    match = _PAGE_NAME.fullmatch(name)
    first = int(match[1]) if match else None
    return first if first is not None and page_name(first) == name and not first % PAGE else None


def line_of(raw: RawBundle) -> bytes:
    """Return the line of a bundle, with its newline: the bytes of `Bundle.to_json()`."""
    dsse = None
    if raw.signature is not None:
        header = decode_admitted(raw.header)
        key = header.get("key") if header["v"] == VERSION else None
        dsse = envelope(raw.header, key, raw.signature)
    body = None if raw.body is None else raw.body.decode()
    line = {"id": raw.id, "header": raw.header.decode(), "body": body, "envelope": dsse}
    return _encode(line) + b"\n"


def bundle_lines(store: Log, first: int, *, size: int | None = None) -> Iterator[bytes]:
    """Return the lines of one file of a store's export.

    Args:
        store: The store of the log.
        first: The position with which the file begins, a multiple of 10,000.
        size: Of the log that is exported; `None`: all that is there.

    Raises:
        InputError: No file begins there.
    """
    if first < 0 or first % PAGE:
        fault = Fault("position", f"a multiple of {PAGE} from 0", str(first))
        raise InputError("no file of an export begins there", [fault])
    stop = first + PAGE if size is None else min(first + PAGE, size)
    return (line_of(raw) for raw in islice(store.raw_bundles(first), max(0, stop - first)))


def read_lines(open_file: Opener, start: int, stop: int) -> Iterator[RawBundle | BundleError]:
    """Yield the bundles of an export from one position to below another, as their lines state them, or a line's error.

    The rest of the last file, from a log that grew meanwhile, isn't read.
    """
    if start >= stop:
        return
    for first in range(start - start % PAGE, stop, PAGE):
        name = page_name(first)
        with open_file(name) as file:
            for position in range(first, min(first + PAGE, stop)):
                line = file.readline(MAX_LINE_BYTES + 1)
                if not line:
                    expected = f"a bundle at position {position}"
                    yield BundleError("an export ends early", [Fault(name, expected, "its end")])
                    return
                if position < start:
                    continue
                try:
                    yield _parse_line(line, position, name)
                except BundleError as error:
                    yield error
                    if len(line) > MAX_LINE_BYTES:  # what follows is the rest of it
                        return


def raw_bundles(open_file: Opener, start: int, stop: int) -> Iterator[RawBundle]:
    """Yield the bundles of an export from one position to below another, as their lines state them.

    Raises:
        BundleError: A line is no line of an export, or is missing; the message names its file and position.
    """
    for item in read_lines(open_file, start, stop):
        if isinstance(item, BundleError):
            raise item
        yield item


def validate_bundle(raw: RawBundle) -> Bundle:
    """Return the bundle behind a line, validated by its bytes alone.

    Raises:
        BundleError: Its header has another hash than its id, or it is no bundle; with all that is wrong.
    """
    faults = []
    name = digest(raw.header)
    if name != raw.id:
        faults.append(Fault("id", f"the hash of the header, {name}", raw.id[:80]))
    try:
        bundle = read(raw.header, raw.body, raw.signature)
    except BundleError as error:
        raise bundle_error(raw, [*faults, *error.faults]) from error
    if faults:
        raise bundle_error(raw, faults)
    return bundle


def bundle_error(raw: RawBundle, faults: Iterable[Fault]) -> BundleError:
    """Return the error of a bundle of an export: its id, its position and its faults."""
    return BundleError(f"bundle {raw.id[:80]} at position {raw.position} is refused", list(faults))


def _parse_line(line: bytes, position: int, name: str) -> RawBundle:
    where = f"{name}, line {position % PAGE + 1} (position {position})"

    def refuse(expected: str, got: str) -> BundleError:
        return BundleError("no line of an export", [Fault(where, expected, got)])

    if len(line) > MAX_LINE_BYTES:
        raise refuse(f"at most {MAX_LINE_BYTES} bytes", "more")
    if not line.endswith(b"\n"):
        raise refuse("a bundle on a line with its end", f"{len(line)} bytes without one")
    try:
        fields = _decode(line)
        if _encode(fields) != line[:-1]:
            json.loads(line, object_pairs_hook=_unique_object)
        header = fields.header.encode()
        body = None if fields.body is None else fields.body.encode()
    except (ValueError, RecursionError) as error:
        raise refuse("a JSON object {id, header, body, envelope}", str(error)[:160]) from error
    raw = RawBundle(position, fields.id, header, body, None)
    if fields.envelope is None:
        return raw
    signature, faults = _signature(fields.envelope, header)
    if faults:
        raise bundle_error(raw, faults)
    return RawBundle(position, fields.id, header, body, signature)


def _unique_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these pairs; JSON readers differ about a repeated key.

    Raises:
        ValueError: A key stands twice in it.
    """
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key twice in one object")
    return members


def _signature(dsse: _Envelope, header: bytes) -> tuple[bytes, list[Fault]]:
    """Return the signature in an envelope, and the faults of the rest of it, which must agree with the header."""
    if len(dsse.signatures) != 1:
        return b"", [Fault("envelope.signatures", "exactly one", str(len(dsse.signatures)))]
    entry = dsse.signatures[0]
    faults = []
    if _bytes_of(dsse.payload) != header:
        faults.append(Fault("envelope.payload", "the header in base64", "something else"))
    signature = _bytes_of(entry.sig)
    if signature is None:
        faults.append(Fault("envelope.signatures[0].sig", "base64", entry.sig[:40]))
    understood, key = _key_of(header)
    if understood and dsse.payloadType != PAYLOAD_TYPE:
        faults.append(Fault("envelope.payloadType", PAYLOAD_TYPE, dsse.payloadType[:80]))
    if understood and entry.keyid not in (key, None):
        faults.append(
            Fault("envelope.signatures[0].keyid", f"the header's key, {key}", str(entry.keyid)[:80])
        )
    return signature or b"", faults


def _key_of(header: bytes) -> tuple[bool, object]:
    """Return whether the header is of a version that we know, and the key that it names."""
    try:
        value = decode_admitted(header)
    except (ValueError, RecursionError):
        return False, None
    if not isinstance(value, dict) or value.get("v") != VERSION:
        return False, None
    return True, value.get("key")


def _bytes_of(encoded: str) -> bytes | None:
    """Decode strict base64; `None` where no encoder writes exactly this."""
    try:
        value = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if base64.b64encode(value).decode() == encoded else None
