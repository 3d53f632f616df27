"""Bundles of a newer version, which this one keeps without understanding them."""

import json

from graph.bundle.bundle import Bundle, read
from graph.model.canonical import canonical_bytes
from tests.graph.histories import ADA
from tests.graph.statements import paper, say, work

PAPER = paper("2401.00001", "by a newer version", at="2026-01-01T00:00:00Z")
SAID = say(ADA, work("arxiv:2401.00002", "signed by a newer version"))


def newer(bundle: Bundle, **more: str) -> Bundle:
    """The same as a newer version would say it, and with more in its header."""
    header = canonical_bytes(json.loads(bundle.header_bytes) | {"v": 2, **more})
    signature = None if bundle.signature is None else ADA.sign(header)
    return read(header, bundle.body_bytes, signature)


RECORD, STATEMENT = newer(PAPER), newer(SAID)
ODD = newer(say(ADA, work("arxiv:2401.00003", "of no version at all")), colour="blue")
VOUCHES = say(ADA, vouches=(RECORD,), at="2026-01-02T00:00:00Z")
NEWER = (RECORD, STATEMENT)
