"""What was refused is said in words that a bundle can hold, whatever the words were."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.snapshot.snapshot import ingest_snapshot
from ingest.git import ingest_git
from ingest.mlflow import ingest_mlflow
from ingest.openalex import ingest_openalex
from ingest.pipeline.commit_page import Report


@pytest.mark.parametrize("odd", ["e\u0301", "\u0338", "\u0000", "\ud800", "\x1b[31m", "a" * 10_000])
def test_a_reason_may_hold_any_text(
    odd: str, store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "works e\u0301.jsonl"
    text = f'{{"id": "W1"}}\n{{"id": "{odd}"}}\n'
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    report = ingest_openalex(store, speaker, path)
    assert (report.seen, report.refused) == (1, 1)
    (run,) = store.list_ids(Kind.INGEST, limit=2)
    said = store.things([run])[run].shown
    assert said
    assert said.description.attributes["query"] == "works \u00e9.jsonl"
    assert str(said.description.attributes["note"]).startswith("line 2: ")


SOURCES: dict[str, Callable[..., Report]] = {
    "arxiv": lambda store, speaker, path: ingest_snapshot(IngestContext(store, speaker), path),
    "openalex": ingest_openalex,
    "git": ingest_git,
}


@pytest.mark.parametrize(
    ("source", "good"),
    [
        ("arxiv", {"id": "2401.00001", "title": "A", "categories": ["cs.AI"]}),
        ("openalex", {"id": "W1"}),
        (
            "git",
            {
                "sha": "a" * 40,
                "parents": [],
                "author": "A",
                "date": "2026-01-01T00:00:00Z",
                "message": "x",
            },
        ),
    ],
)
def test_the_run_of_each_source_holds_no_control_character(
    source: str, good: dict[str, object], store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "a\x1b[31m\x07e\u0301.jsonl"
    refused = {"id": "\x1b[31m\x07\u009be\u0301", "sha": "\x1b\u0000\u009b"}
    path.write_text(f"{json.dumps(good)}\n{json.dumps(refused)}\n")
    assert SOURCES[source](store, speaker, path).refused == 1
    (run,) = store.list_ids(Kind.INGEST, limit=2)
    said = store.things([run])[run].shown
    assert said
    assert said.description.attributes["query"] == "a[31m\u00e9.jsonl"
    note = str(said.description.attributes["note"])
    assert note == unicodedata.normalize("NFC", note)
    assert not [c for c in note if unicodedata.category(c) == "Cc"]


def test_file_names_of_any_spelling(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    folder = tmp_path / "mlruns" / "0" / "r1"
    (folder / "artifacts").mkdir(parents=True)
    (folder.parent / "meta.yaml").write_text("name: Default\n")
    (folder / "meta.yaml").write_text("run_name: one\n")
    (folder / "artifacts" / "mode\u0300le").write_text("x")
    (folder / "artifacts" / b"\xff".decode("utf-8", "surrogateescape")).write_text("y")
    assert ingest_mlflow(store, speaker, tmp_path).seen == 1
    names = {a.edge.qualifiers["name"] for a in store.adjacent(["mlflow:0/r1"], outgoing=False)}
    assert names == {"mod\u00e8le", "\ufffd"}


def test_a_commit_of_tomorrow_is_refused_and_the_rest_taken(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    commit = '{"sha": "%s", "parents": [], "author": "A", "date": "%s", "message": "x"}\n'
    path.write_text(
        commit % ("a" * 40, "2026-11-24T05:00:00Z") + commit % ("b" * 40, "2026-11-25T07:00:00Z")
    )
    report = ingest_git(store, speaker, path)
    assert (report.seen, report.refused) == (1, 1)
