"""Fixtures that run the command as a user types it: in this process for most tests, in its own for some."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from colineage.cli import app, run
from graph.bundle.bundle import Bundle, record
from graph.bundle.key_files import installation_key
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.graph.statements import RUN_BODY

PAPER = "arxiv:2512.05356"
EARLIER = "arxiv:2401.00001"
IDEA = "doi:10.5555/idea"
PERSON = "orcid:0000-0002-1825-0097"
AI = "ai:" + "a" * 64
RUN = "mlflow:7/0123abcd"


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


Type: TypeAlias = Callable[..., Typed]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, with settings that lead nowhere else."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith(("COLINEAGE_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    return folder


@pytest.fixture
def typed(place: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command in an empty folder."""

    def typed(*words: str) -> Typed:
        capsys.readouterr()
        status = run(app, "colineage", words)
        found = capsys.readouterr()
        return Typed(status, found.out, found.err)

    return typed


@pytest.fixture
def started(place: Path) -> Type:
    """Starts a command as a process of its own, in an empty folder."""

    def started(*words: str) -> Typed:
        done = subprocess.run(
            [sys.executable, "-m", "colineage", *words],
            cwd=place,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        return Typed(done.returncode, done.stdout, done.stderr)

    return started


@pytest.fixture
def key(tmp_path: Path, place: Path) -> Path:
    """Where the installation's key is when no setting says otherwise."""
    return tmp_path / "home" / ".config" / "colineage" / "key.pem"


def _clock() -> datetime:
    return datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def _records() -> list[Bundle]:
    def served(by: str, uri: str, mapping: str, body: Body) -> Bundle:
        return record(by, "2026-11-20T00:00:00Z", RecordSource(uri, mapping, "CC0-1.0"), body)

    def paper(name: str, attributes: dict[str, Any], *edges: Edge) -> Bundle:
        body = Body((Description(name, Kind.WORK, attributes),), edges)
        uri = name
        return served("source:arxiv", uri, "arxiv-raw/300", body)

    hostile = "Co-improvement [bold]of\u001b[31m AI\u009b and \u202ehumans"
    attributes: dict[str, Any] = {
        "status": "FINISHED",
        "params": [{"name": "seed", "value": "7"}],
        "commit": "c" * 40,
        "user": "ada",
    }
    return [
        paper(EARLIER, {"title": "Learning to learn", "withdrawn": True, "evidence": "comment"}),
        paper(
            PAPER, {"title": hostile, "abstract": "Together."}, Edge(PAPER, Relation.CITES, EARLIER)
        ),
        served(
            "source:mlflow", RUN, "mlflow-run/100", Body((Description(RUN, Kind.RUN, attributes),))
        ),
    ]


def _said() -> Body:
    return Body(
        (
            Description(AI, Kind.AI, {"name": "Model X", "known": "self-reported"}),
            Description(IDEA, Kind.IDEA, {"title": "AI and people improve each other"}),
            Description(PERSON, Kind.PERSON, {"name": "Josiah Carberry"}),
        ),
        (
            Edge(
                IDEA, Relation.WAS_ATTRIBUTED_TO, AI, {"role": "methodology", "verified_by": PERSON}
            ),
            Edge(IDEA, Relation.WAS_ATTRIBUTED_TO, PERSON, {"role": "conceptualization"}),
            Edge(IDEA, Relation.WAS_DERIVED_FROM, PAPER, {"subtype": "inspiration"}),
        ),
    )


def fill(store: GraphStore, speaker: Speaker) -> None:
    """Two papers, a run, and an idea by a person and an AI."""
    records = _records()
    vouches = tuple(sorted(one.id for one in records))
    store.append(lambda look: [*records, speaker.make_statement(look, RUN_BODY, vouches=vouches)])
    store.append(lambda look: [speaker.make_statement(look, _said())])


@pytest.fixture
def filled(place: Path, key: Path) -> Path:
    """The default store of the folder, filled."""
    path = place / "colineage.db"
    signer = installation_key(key)
    with closing(open_store(f"sqlite:{path}")) as store:
        store.trust([TrustEntry(signer.key)])
        fill(store, Speaker(signer, f"software:{signer.key}", _clock))
    return path
