"""Shelf: what a store keeps of the bundles that it is given, envelopes of keys that it doesn't understand among them."""

import hashlib
from typing import Final

from graph.bundle.bundle import Bundle
from graph.bundle.keys import is_signed
from graph.model.canonical import canonical_bytes, digest
from tests.graph.world import content, header_of, node, stamp
from tests.oracle_form import Json, Rule, Rules, is_admitted

MOST_ENVELOPES: Final = 16
LATER_KEY: Final = f"toy:{'7' * 64}"
"""A key of an algorithm that comes later."""


def is_toy_signed(key: str, header: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the later algorithm."""
    return signature == _toy_signature(key, header)


LATER_KEYS: Final = {"ed25519": is_signed, "toy": is_toy_signed}
"""The algorithms that a later program understands."""


def _toy_signature(key: str, header: bytes) -> bytes:
    return hashlib.sha512(key.encode() + header).digest()


def later_statement(title: str) -> Bundle:
    """A statement by the later key; today's program keeps it and doesn't understand it."""
    body = canonical_bytes({**content(node("doi:10.1000/1", title)), "salt": "1" * 32})
    header = {
        "v": 1,
        "by": f"person:{LATER_KEY}",
        "at": stamp(1),
        "body": digest(body),
        "key": LATER_KEY,
        "n": 0,
    }
    data = canonical_bytes(header)
    return Bundle(digest(data), data, body, _toy_signature(LATER_KEY, data), None, None)


def junk_envelope(bundle: Bundle, number: int) -> Bundle:
    """The same with a signature that is none."""
    junk = number.to_bytes(64, "big")
    return Bundle(bundle.id, bundle.header_bytes, bundle.body_bytes, junk, None, None)


class Shelf:
    """Bundles in a store by header: a body, and the envelopes."""

    def __init__(self, out: Rules = frozenset()) -> None:
        self._out = out
        self._envelopes: dict[str, dict[bytes | None, Bundle]] = {}
        self._bodies: dict[str, Bundle] = {}

    def take(self, bundle: Bundle, *, understands: bool = False) -> None:
        """Take a bundle in, or refuse it; `understands` is whether the program knows the later key."""
        header = header_of(bundle)
        if not is_admitted(bundle, header, self._out):
            return
        envelopes = self._envelopes.setdefault(bundle.id, {})
        if understands and _is_later(header):
            if not is_toy_signed(header["key"], bundle.header_bytes, bundle.signature or b""):
                return
            envelopes.clear()
        is_new = bundle.signature not in envelopes
        most = 1 if Rule.EVERY_ENVELOPE_IS_KEPT in self._out else MOST_ENVELOPES
        if is_new and len(envelopes) == most:
            return
        envelopes[bundle.signature] = bundle
        if bundle.body_bytes is not None:
            self._bodies[bundle.id] = bundle

    def bundles(self) -> list[Bundle]:
        """Each envelope as a bundle, and each body."""
        envelopes = [one for kept in self._envelopes.values() for one in kept.values()]
        return [*envelopes, *(self._with_body(one) for one in envelopes if one.id in self._bodies)]

    def _with_body(self, envelope: Bundle) -> Bundle:
        whole = self._bodies[envelope.id]
        if whole.header is not None:
            return whole
        return Bundle(
            envelope.id, envelope.header_bytes, whole.body_bytes, envelope.signature, None, None
        )


def _is_later(header: Json) -> bool:
    return str(header.get("key", "")).startswith("toy:")
