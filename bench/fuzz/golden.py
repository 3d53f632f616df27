"""Golden bundles as fuzz inputs: their lines, their parts, and a store that holds them."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Final

from bench.fuzz.seeds import SPLIT, files, scratch
from graph.bundle.keys import signer_of
from graph.export.format import raw_bundles, validate_bundle
from graph.open import open_store
from graph.store import GraphStore, RawBundle

SIGNER: Final = signer_of(bytes(range(32)))


def golden_lines() -> Sequence[bytes]:
    """Return each golden bundle as a line of an export."""
    return files("tests/golden/bundles.ndjson")()[0].splitlines(keepends=True)


def golden_parts() -> Sequence[bytes]:
    """Return header, body and signature of each golden bundle."""
    return [SPLIT.join((raw.header, raw.body or b"", raw.signature or b"")) for raw in _raw()]


@cache
def golden_store() -> GraphStore:
    """Open a store of this process's own with the golden bundles."""
    store = open_store(f"sqlite:{scratch() / 'golden.db'}")
    bundles = [validate_bundle(raw) for raw in _raw()]
    store.append(lambda _: bundles)
    return store


def _raw() -> list[RawBundle]:
    lines = golden_lines()
    with BytesIO(b"".join(lines)) as file:
        return list(raw_bundles(lambda _: file, 0, len(lines)))
