"""Bundles of well-formed but wrong values, so that a test sees each refused for what is wrong with it alone."""

import copy
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pytest

from graph.bundle.bundle import Bundle, read
from graph.bundle.keys import Signer
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from tests.graph.histories import ADA

Change: TypeAlias = Callable[[dict[str, Any]], object]

HASH: Final = "sha256:" + "3f" * 32
OTHER: Final = "sha256:" + "4f" * 32
NAME: Final = "3f" * 32
SALT: Final = "5a" * 16

SAID: Final[dict[str, Any]] = {
    "words": 1,
    "nodes": [{"id": "#1", "kind": "idea", "title": "An idea"}],
    "salt": SALT,
}
SPOKEN: Final[dict[str, Any]] = {
    "v": 1,
    "by": f"person:{ADA.key}",
    "at": "2026-01-01T00:00:00Z",
    "key": ADA.key,
    "n": 0,
    "mints": [["#1", "idea"]],
}
ENTITLED: Final[dict[str, Any]] = {key: SPOKEN[key] for key in SPOKEN.keys() - {"mints"}}
"""What a statement has that grants or ends."""
SERVED: Final[dict[str, Any]] = {
    "v": 1,
    "by": "source:arxiv",
    "at": None,
    "source": {"uri": "arxiv:2401.00001", "mapping": "arxiv-raw/300", "licence": None},
}
PAPER: Final[dict[str, Any]] = {
    "words": 1,
    "nodes": [{"id": "arxiv:2401.00001", "kind": "work", "title": "T"}],
    "edges": [{"from": "arxiv:2401.00001", "rel": "cites", "to": "arxiv:2401.00002"}],
}


def made(header: dict[str, Any], body: dict[str, Any] | None, signer: Signer | None) -> Bundle:
    """Honest bytes of a dishonest value: the hash and the signature hold."""
    if body is None:
        body_bytes, whole = None, header
    else:
        body_bytes = canonical_bytes(body)
        whole = {"body": digest(body_bytes), **header}
    header_bytes = canonical_bytes(whole)
    return read(header_bytes, body_bytes, signer.sign(header_bytes) if signer else None)


def places(change: Callable[[], object]) -> set[str]:
    """The places of all that is wrong with what is refused."""
    with pytest.raises(BundleError) as caught:
        change()
    assert all(fault.expected and fault.got for fault in caught.value.faults)
    return {fault.where for fault in caught.value.faults}


def put(*path: str | int, value: object) -> Change:
    """A change that sets one value."""

    def change(whole: dict[str, Any]) -> None:
        target: Any = whole
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def without(key: str) -> Change:
    """A change that drops a key."""
    return lambda whole: whole.pop(key)


def changed(whole: dict[str, Any], change: Change) -> dict[str, Any]:
    """A changed copy."""
    fresh = copy.deepcopy(whole)
    change(fresh)
    return fresh
