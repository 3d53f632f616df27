"""Bundles of a newer version, which this one keeps without understanding them."""

import base64
import json

from graph.bundle.bundle import Bundle, read
from graph.bundle.envelopes import pack
from graph.bundle.keys import PAYLOAD_TYPE
from graph.model.canonical import canonical_bytes
from tests.graph.histories import ADA
from tests.graph.statements import paper, say, work

PAPER = paper("2401.00001", "by a newer version", at="2026-01-01T00:00:00Z")
SAID = say(ADA, work("arxiv:2401.00002", "signed by a newer version"))


def enveloped(signature: bytes) -> dict[str, object]:
    """A DSSE envelope of a header, without it."""
    sig = base64.b64encode(signature).decode()
    return {"payloadType": PAYLOAD_TYPE, "signatures": [{"sig": sig}]}


def newer(bundle: Bundle, *, junk: tuple[dict[str, object], ...] = (), **more: object) -> Bundle:
    """The same as a newer version would say it, with more in its header, and with envelopes that don't hold."""
    header = canonical_bytes(json.loads(bundle.header_bytes) | {"v": 2, **more})
    signed = [] if bundle.signature is None else [enveloped(ADA.sign(header))]
    return read(header, bundle.body_bytes, pack([*junk, *signed]))


RECORD, STATEMENT = newer(PAPER), newer(SAID)
ODD = newer(say(ADA, work("arxiv:2401.00003", "of no version at all")), n=-1)
VOUCHES = say(ADA, vouches=(RECORD,), at="2026-01-02T00:00:00Z")
NEWER = (RECORD, STATEMENT)
