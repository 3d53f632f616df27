"""What a newer version would say, and this one keeps without understanding it."""

import json

from graph.bundle import Bundle, read
from graph.canonical import canonical
from tests.graph.histories import ADA, ZED
from tests.graph.saying import paper, say, work

PAPER = paper("2401.00001", "by a newer version", at="2026-01-01T00:00:00Z")
SAID = say(ADA, work("arxiv:2401.00002", "signed by a newer version"))


def newer(bundle: Bundle, *, signed: bool = True) -> Bundle:
    """The same as a newer version would say it; signed by nobody where that is asked."""
    header = canonical(json.loads(bundle.header_bytes) | {"v": 2})
    if bundle.signature is None:
        return read(header, bundle.body_bytes, None)
    return read(header, bundle.body_bytes, ADA.sign(header) if signed else ZED.sign(header))


RECORD, STATEMENT = newer(PAPER), newer(SAID)
FORGED = newer(say(ADA, work("arxiv:2401.00003", "signed by somebody else")), signed=False)
VOUCHES = say(ADA, vouches=(RECORD,), at="2026-01-02T00:00:00Z")
NEWER = (RECORD, STATEMENT)
