"""Fixtures of the audit tests: a store in memory, a speaker, and git repositories made for one test."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from graph.bundle.bundle import record
from graph.bundle.keys import signer_of
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.graph.statements import RUN_BODY

RUN = "mlflow:7/0123abcd"

Describe: TypeAlias = Callable[..., str]
Commit: TypeAlias = Callable[[str], str]


def _clock() -> datetime:
    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[GraphStore]:
    opened = open_store("sqlite::memory:", clock=_clock)
    yield opened
    opened.close()


@pytest.fixture
def fresh() -> Callable[[], GraphStore]:
    return lambda: open_store("sqlite::memory:", clock=_clock)


@pytest.fixture
def speaker(store: GraphStore) -> Speaker:
    signer = signer_of(bytes(range(32)))
    store.trust([TrustEntry(signer.key)])
    return Speaker(signer, f"software:{signer.key}", _clock)


@pytest.fixture
def ingest(store: GraphStore, speaker: Speaker) -> Callable[..., tuple[str, str]]:
    """Stores a run as MLflow would serve it, vouched for; gives the ids of record and run statement."""

    def ingest(
        attributes: dict[str, Any] | None = None, edges: tuple[Edge, ...] = ()
    ) -> tuple[str, str]:
        body = Body((Description(RUN, Kind.RUN, attributes or {}),), edges)
        source = RecordSource(RUN, "mlflow-run/100")
        served = record("source:mlflow", "2026-11-20T00:00:00Z", source, body)
        added = store.append(
            lambda look: [served, speaker.make_statement(look, RUN_BODY, vouches=(served.id,))]
        ).added
        return added[0], added[1]

    return ingest


@pytest.fixture
def say(store: GraphStore, speaker: Speaker) -> Describe:
    """Lets the speaker describe a node, or state edges; gives the id of the statement."""

    def say(*said: Description | Edge) -> str:
        nodes = tuple(one for one in said if isinstance(one, Description))
        edges = tuple(one for one in said if isinstance(one, Edge))
        return store.append(lambda look: [speaker.make_statement(look, Body(nodes, edges))]).added[
            0
        ]

    return say


@pytest.fixture
def used() -> Callable[[str], Edge]:
    return lambda target: Edge(RUN, Relation.USED, target)


@pytest.fixture
def run_id() -> str:
    return RUN


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Runs git in a folder with a name of its own and no configuration of the machine's."""
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    }

    def git(folder: Path, *words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            env=environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout.strip()

    return git


@pytest.fixture
def repository(tmp_path: Path, git: Callable[..., str]) -> Path:
    """A git repository with two commits."""
    folder = tmp_path / "code"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for name in ("train.py", "score.py"):
        (folder / name).write_text("print('hello')\n")
        git(folder, "add", name)
        git(folder, "commit", "-q", "-m", f"Adds {name}")
    return folder
