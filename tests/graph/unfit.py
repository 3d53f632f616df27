"""Bundles whose body says nothing although it is here."""

import json
from typing import Final

from graph.bundle.bundle import Bundle, read
from graph.bundle.header import header_to_json
from graph.bundle.keys import Signer
from graph.model.canonical import Json, canonical_bytes, digest
from graph.model.model import Answer, Header, Mint, RecordSource

NEWER: Final = canonical_bytes({"words": 2, "weather": "fair", "salt": "0" * 32})
"""A body of a vocabulary that is not known here."""
NO_TEXT: Final = b"\xff\x00"
"""A body of bytes that are no text."""
UNFIT: Final = (NEWER, NO_TEXT, b"", b"[", b'{"words":1}')
"""Bodies that don't fit a statement."""


def unfit(
    signer: Signer,
    body: bytes,
    *,
    at: str = "2026-01-01T00:00:00Z",
    mints: tuple[Mint, ...] = (),
    vouches: tuple[Bundle, ...] = (),
    answers: tuple[Answer, ...] = (),
) -> Bundle:
    """A statement with any bytes for its body."""
    header = Header(
        f"person:{signer.key}",
        at,
        body=digest(body),
        key=signer.key,
        mints=mints,
        vouches=tuple(sorted(record.id for record in vouches)),
        answers=answers,
    )
    data = canonical_bytes(header_to_json(header))
    return read(data, body, signer.sign(data))


def unfit_record(subject: str, body: bytes, *, at: str | None = None) -> Bundle:
    """A record of arXiv with any bytes for its body."""
    source = RecordSource(subject, "arxiv-raw/300")
    header = Header("source:arxiv", at, body=digest(body), source=source)
    return read(canonical_bytes(header_to_json(header)), body, None)


def with_keys(bundle: Bundle, signer: Signer | None, /, **keys: Json) -> Bundle:
    """The bundle with further keys in its header, which mean nothing; signed again where it is a statement."""
    data = canonical_bytes({**json.loads(bundle.header_bytes), **keys})
    return read(data, bundle.body_bytes, signer.sign(data) if signer else None)
