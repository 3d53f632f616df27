"""Stores to query: an empty one, and one with 720 real works and the words of their texts as vectors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from ingest.openalex.ingest import ingest_openalex
from recommend.embed import embed_store
from tests.recommend.graphs import VOICE, clock
from tests.recommend.word_embedder import Words

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def openalex() -> Path:
    """720 real works (data/README.md)."""
    return HERE / "data" / "openalex-subset.jsonl.gz"


def _fresh() -> GraphStore:
    found = open_store("sqlite::memory:", clock=clock)
    found.trust([TrustEntry(VOICE.signer.key)])
    return found


@pytest.fixture
def fresh() -> Callable[[], GraphStore]:
    """Makes an empty store."""
    return _fresh


@pytest.fixture
def store() -> Iterator[GraphStore]:
    found = _fresh()
    yield found
    found.close()


@pytest.fixture(scope="session")
def library(openalex: Path) -> Iterator[GraphStore]:
    """The real works, embedded by their words; nobody changes it."""
    found = _fresh()
    ingest_openalex(found, VOICE, openalex)
    embed_store(found, Words())
    yield found
    found.close()
