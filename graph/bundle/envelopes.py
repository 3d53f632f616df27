"""Envelopes of a header that is not understood yet: kept as they came, until a program can judge them (docs/bundle.md, section 5, rule 1).

They stand where the signature of other bundles stands, as a canonical array of JSON, without the `payload`, which is the header.
A signature is never taken for one: its last byte is at most 0x10 (S < L, RFC 8032), that of an array is `]`.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from graph.bundle.keys import PAYLOAD_TYPE, bytes_of
from graph.errors import BundleError, Fault
from graph.model.canonical import canonical_bytes, decode_admitted, has_ascii_keys, parse

MAX_ENVELOPES: Final = 16
MAX_ENVELOPE_BYTES: Final = 65_536

Envelope: TypeAlias = Mapping[str, Any]
"""DSSE envelope, or what a later version makes of it, without its payload."""

_WHERE: Final = "envelopes"


def are_envelopes(signature: bytes | None) -> bool:
    """Return whether these bytes are packed envelopes, and no signature."""
    return signature is not None and signature.endswith(b"]")


def pack(envelopes: Iterable[Envelope]) -> bytes | None:
    """Return envelopes as bytes, sorted, each once; `None` where there are none."""
    texts = sorted({canonical_bytes(envelope) for envelope in envelopes})
    return b"[" + b",".join(texts) + b"]" if texts else None


def unpack(packed: bytes | None) -> list[Envelope]:
    """Return the envelopes in bytes that `pack` made."""
    return decode_admitted(packed) if are_envelopes(packed) and packed else []


def envelopes_faults(packed: bytes | None) -> list[Fault]:
    """Return what is wrong with packed envelopes: so much holds of every version."""
    if packed is None:
        return []
    most = MAX_ENVELOPES * (MAX_ENVELOPE_BYTES + 1) + 1
    try:
        envelopes = parse(packed, _WHERE, at_most=most)
    except BundleError as error:
        return list(error.faults)
    if not isinstance(envelopes, list) or not all(isinstance(e, dict) for e in envelopes):
        return [Fault(_WHERE, "an array of objects", "something else")]
    faults = [fault for envelope in envelopes for fault in _faults(envelope)]
    if not 0 < len(envelopes) <= MAX_ENVELOPES:
        faults.append(Fault(_WHERE, f"1 to {MAX_ENVELOPES}", str(len(envelopes))))
    if not faults and pack(envelopes) != packed:
        faults.append(Fault(_WHERE, "a sorted array, each once", "another order"))
    return faults


def _faults(envelope: Envelope) -> list[Fault]:
    size = len(canonical_bytes(envelope))
    if size > MAX_ENVELOPE_BYTES:
        return [Fault(_WHERE, f"at most {MAX_ENVELOPE_BYTES:,} bytes each", f"{size:,} bytes")]
    if not has_ascii_keys(envelope):
        return [Fault(_WHERE, "ASCII keys", "others")]
    return []


def admissible(envelopes: Iterable[Envelope]) -> tuple[bytes | None, list[Fault]]:
    """Return the packed envelopes that are kept of those which came, and why the others are not."""
    kept: list[Envelope] = []
    faults: list[Fault] = []
    for envelope in envelopes:
        wrong = envelopes_faults(pack([envelope]))
        if not wrong and len(kept) == MAX_ENVELOPES and envelope not in kept:
            wrong = [Fault(_WHERE, f"at most {MAX_ENVELOPES}", "one more")]
        faults += wrong
        if not wrong and envelope not in kept:
            kept.append(envelope)
    return pack(kept), faults


def merge(kept: bytes | None, new: bytes | None) -> bytes | None:
    """Return the packed envelopes that are kept once others came: those of before, and new ones while there is room."""
    return admissible([*unpack(kept), *unpack(new)])[0]


def signatures(packed: bytes | None) -> list[bytes]:
    """Return the signatures in those of the envelopes that are DSSE's over a header of this version."""
    found = []
    for envelope in unpack(packed):
        match envelope:
            case {"payloadType": payload_type, "signatures": [{"sig": str(sig)}]}:
                signature = bytes_of(sig)
                if payload_type == PAYLOAD_TYPE and signature is not None:
                    found.append(signature)
            case _:
                pass
    return found


def with_payload(envelope: Envelope, header: bytes) -> dict[str, Any]:
    """Return an envelope as it is published, with the header as its payload."""
    return {"payload": base64.b64encode(header).decode(), **envelope}
