"""Export format: the log as plain files that another program can read, their names and each line of them.

    checkpoint                  the signed note (`graph.log.signed_note`)
    about.json                  the manifest of the log (`graph.export.log_manifest`)
    bundles/00000000.ndjson     the bundles from position 0, each on a line, `Bundle.to_json()`
    bundles/00010000.ndjson     those from position 10,000; the last file is as long as the log

The same log has the same bytes, so that a file can be compared with `cmp`. The files lie in a folder or
under an address; whoever reads them gives a function that opens one by its name.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final, TypeAlias

import msgspec

from graph.bundle.bundle import Bundle, envelope_json, has_later_header, read_logged
from graph.bundle.envelopes import pack
from graph.bundle.keys import PAYLOAD_TYPE, bytes_of
from graph.errors import BundleError, Fault, InputError
from graph.model.canonical import MAX_BODY_BYTES, digest
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


_NONE: Final = msgspec.Raw()


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    header: str
    body: str | None
    envelope: msgspec.Raw = _NONE
    envelopes: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET


_decode: Final = msgspec.json.Decoder(_Line).decode
_decode_envelope: Final = msgspec.json.Decoder(_Envelope).decode


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """Line whose envelope can't be that of its header: `raw` is the bundle without a signature, `faults` what is wrong."""

    raw: RawBundle
    faults: tuple[Fault, ...]


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
    body = None if raw.body is None else _text_of(raw.body)
    line = {"id": raw.id, "header": raw.header.decode(), "body": body}
    return _encode(line | envelope_json(raw.header, raw.signature)) + b"\n"


def _text_of(body: bytes) -> str | None:
    """Return a body as text; of bytes that are none, which say nothing, there is no line."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


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
    for item in _read_lines(open_file, start, stop):
        yield bundle_error(item.raw, item.faults) if isinstance(item, RefusedLine) else item


def tree_lines(open_file: Opener, start: int, stop: int) -> Iterator[RawBundle | RefusedLine]:
    """Yield the bundles of an export as `raw_bundles`, and those whose envelope is refused: their headers are in the log's tree.

    Raises:
        BundleError: A line is no line of an export, is missing, or its header has another hash than its id.
    """
    for item in _read_lines(open_file, start, stop):
        if isinstance(item, BundleError):
            raise item
        raw = item.raw if isinstance(item, RefusedLine) else item
        if faults := _id_faults(raw):
            raise bundle_error(raw, faults)
        yield item


def _read_lines(
    open_file: Opener, start: int, stop: int
) -> Iterator[RawBundle | RefusedLine | BundleError]:
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
    faults = _id_faults(raw)
    try:
        bundle = read_logged(raw.header, raw.body, raw.signature)
    except BundleError as error:
        raise bundle_error(raw, [*faults, *error.faults]) from error
    if faults:
        raise bundle_error(raw, faults)
    return bundle


def _id_faults(raw: RawBundle) -> list[Fault]:
    name = digest(raw.header)
    return [] if name == raw.id else [Fault("id", f"the hash of the header, {name}", raw.id[:80])]


def bundle_error(raw: RawBundle, faults: Iterable[Fault]) -> BundleError:
    """Return the error of a bundle of an export: its id, its position and its faults."""
    return BundleError(f"bundle {raw.id[:80]} at position {raw.position} is refused", list(faults))


def _parse_line(line: bytes, position: int, name: str) -> RawBundle | RefusedLine:
    where = f"{name}, line {position % PAGE + 1} (position {position})"

    def refuse(expected: str, got: str) -> BundleError:
        return BundleError("no line of an export", [Fault(where, expected, got)])

    if len(line) > MAX_LINE_BYTES:
        raise refuse(f"at most {MAX_LINE_BYTES} bytes", "more")
    if not line.endswith(b"\n"):
        raise refuse("a bundle on a line with its end", f"{len(line)} bytes without one")
    try:
        fields = _decode(line)
        if not bytes(fields.envelope) or _encode(fields) != line[:-1]:
            json.loads(line, object_pairs_hook=_unique_object)
        header = fields.header.encode()
        body = None if fields.body is None else fields.body.encode()
    except (ValueError, RecursionError) as error:
        raise refuse("a JSON object {id, header, body, envelope}", str(error)[:160]) from error
    raw = RawBundle(position, fields.id, header, body, None)
    try:
        came = _envelopes_of(fields)
        if not came:
            return raw
        is_judged = len(came) == 1 and not has_later_header(header)
        signature, faults = _signature(came[0], header) if is_judged else _packed(came, header)
    except (ValueError, TypeError, RecursionError) as error:
        expected = "envelope: null or an object, or envelopes: an array of objects"
        raise refuse(expected, str(error)[:160]) from error
    if faults:
        return RefusedLine(raw, tuple(faults))
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


def _envelopes_of(fields: _Line) -> list[bytes]:
    """Return the envelopes of a line.

    Raises:
        ValueError: There are none where there should be some.
    """
    single = bytes(fields.envelope)
    if (fields.envelopes is msgspec.UNSET) is not bool(single):
        raise ValueError("both of them, or neither")
    if fields.envelopes is msgspec.UNSET:
        return [] if single == b"null" else [single]
    if not fields.envelopes:
        raise ValueError("an empty array")
    return [bytes(one) for one in fields.envelopes]


def _signature(encoded: bytes, header: bytes) -> tuple[bytes, list[Fault]]:
    """Return the signature in an envelope, and the faults of the rest of it; a `keyid` is ignored (the header has the key).

    Raises:
        ValueError: It is no envelope of DSSE, or a key stands twice in it.
    """
    dsse = _decode_envelope(encoded)
    if _encode(dsse) != encoded:
        json.loads(encoded, object_pairs_hook=_unique_object)
    if len(dsse.signatures) != 1:
        return b"", [Fault("envelope.signatures", "exactly one", str(len(dsse.signatures)))]
    entry = dsse.signatures[0]
    faults = []
    if bytes_of(dsse.payload) != header:
        faults.append(Fault("envelope.payload", "the header in base64", "something else"))
    signature = bytes_of(entry.sig)
    if signature is None:
        faults.append(Fault("envelope.signatures[0].sig", "base64", entry.sig[:40]))
    if dsse.payloadType != PAYLOAD_TYPE:
        faults.append(Fault("envelope.payloadType", PAYLOAD_TYPE, dsse.payloadType[:80]))
    return signature or b"", faults


def _packed(encoded: Iterable[bytes], header: bytes) -> tuple[bytes | None, list[Fault]]:
    """Return envelopes that nobody here can judge yet, and the faults of those that are another header's.

    Raises:
        TypeError: One is no object.
        ValueError: One has no canonical form, or a key stands twice in it.
    """
    envelopes: list[dict[str, Any]] = []
    for one in encoded:
        envelope = json.loads(one, object_pairs_hook=_unique_object)
        if not isinstance(envelope, dict):
            raise TypeError("an envelope that is no object")
        payload = envelope.pop("payload", None)
        if payload is not None and (not isinstance(payload, str) or bytes_of(payload) != header):
            return None, [Fault("envelope.payload", "the header in base64", "something else")]
        envelopes.append(envelope)
    try:
        return pack(envelopes), []
    except (TypeError, OverflowError, msgspec.EncodeError, RecursionError) as error:
        raise ValueError(f"an envelope without a canonical form: {error}") from error
