"""Fixtures of the tests of file sources: a store in memory, a speaker, a clock that stands still."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.bundle.keys import signer_of
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore

HERE = Path(__file__).parent


def standing_clock() -> datetime:
    return datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def speaker() -> Speaker:
    signer = signer_of(b"\x07" * 32)
    return Speaker(signer, f"software:{signer.key}", standing_clock)


@pytest.fixture
def store(speaker: Speaker) -> GraphStore:
    found = open_store("sqlite::memory:", clock=standing_clock)
    found.trust([TrustEntry(speaker.signer.key)])
    return found


@pytest.fixture
def data() -> Path:
    """The recorded input of the sources."""
    return HERE / "data"


@pytest.fixture
def examples() -> Path:
    """The input of the demo."""
    return HERE.parents[1] / "examples"
