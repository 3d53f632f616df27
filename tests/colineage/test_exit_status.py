import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from colineage.cli import app, run
from colineage.exit_status import ExitStatus, status_of
from graph import errors

Type = Callable[..., Any]

READING = [
    ("stats",),
    ("show", "arxiv:2512.05356"),
    ("search", "word"),
    ("lineage", "arxiv:2512.05356"),
    ("who", "arxiv:2512.05356"),
    ("related", "words", "--model", "none"),
    ("directions", "--model", "none"),
    ("embed",),
    ("audit", "mlflow:1/a"),
    ("verify",),
    ("rebuild",),
]


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_asking_where_nothing_is_makes_no_file(
    typed: Type, place: Path, command: tuple[str, ...]
) -> None:
    found = typed(*command, "--store", "sqlite:nowhere.db", "--json")
    assert found.status == 74
    assert found.json["error"]["kind"] == "StoreError"
    assert "nowhere.db" in found.json["error"]["message"]
    assert "--store" in found.json["error"]["message"]
    assert list(place.iterdir()) == []


def test_a_database_of_something_else_is_left_alone(typed: Type, place: Path) -> None:
    path = place / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE mine (x)")
    before = path.read_bytes()
    (place / "idea.yaml").write_text("statements: [{nodes: [{id: '#1', kind: idea, title: x}]}]")
    for command in (("stats",), ("add", "idea.yaml")):
        found = typed(*command, "--store", "sqlite:other.db", "--json")
        assert found.status == 74
        assert found.json["error"]["kind"] == "ForeignStoreError"
        assert "other.db" in found.json["error"]["message"]
    assert path.read_bytes() == before


def test_a_file_that_is_no_database(typed: Type, place: Path) -> None:
    (place / "notes.db").write_text("not a database, " * 100)
    found = typed("stats", "--store", "sqlite:notes.db", "--json")
    assert (found.status, found.json["error"]["kind"]) == (74, "ForeignStoreError")


@pytest.mark.parametrize("url", ["notes.db", "postgres://x", "sqlite:", "neo4j"])
def test_an_unknown_kind_of_store(typed: Type, url: str) -> None:
    found = typed("stats", "--store", url, "--json")
    assert found.status == 2
    assert "sqlite:colineage.db" in found.json["error"]["message"]


def test_a_key_that_others_may_read_is_refused(typed: Type, place: Path) -> None:
    key = place / "key.pem"
    (place / "idea.yaml").write_text("statements: [{nodes: [{id: '#1', kind: idea, title: x}]}]")
    assert typed("add", "idea.yaml", "--key", str(key)).status == 0
    key.chmod(0o644)
    found = typed("add", "idea.yaml", "--key", str(key), "--json")
    assert (found.status, found.json["error"]["kind"]) == (74, "KeyFileError")
    assert "chmod 600" in found.json["error"]["message"]


def test_a_missing_model_names_the_ways_out(typed: Type, filled: Path) -> None:
    for command in (("embed",), ("related", "words"), ("directions",)):
        found = typed(*command, "--model", "/nowhere/model", "--json")
        assert (found.status, found.json["error"]["kind"]) == (2, "MissingModelError")
        assert "/nowhere/model" in found.json["error"]["message"]


def test_a_missing_model_can_be_done_without(typed: Type, filled: Path) -> None:
    found = typed("related", "words", "--model", "/nowhere/model", "--json")
    assert "--model none" in found.json["error"]["message"]


def test_without_a_model_the_graph_answers(typed: Type, filled: Path) -> None:
    found = typed("related", "doi:10.5555/idea", "--model", "none", "--json")
    assert found.status == 0, found.err
    assert set(found.json) == {
        *("query", "as_of", "model", "items", "why_empty", "titles", "titled_in"),
        *("attributions", "more_attributions"),
    }
    assert found.json["model"] is None
    assert found.json["items"] or found.json["why_empty"]
    for item in found.json["items"]:
        assert {"id", "kind", "title", "said_in", "score", "reasons", "path"} == set(item)
    assert typed("related", "doi:10.5555/idea", "--model", "none").out


def test_an_empty_answer_says_why(typed: Type, filled: Path) -> None:
    found = typed("directions", "--model", "none", "--json")
    assert (found.status, found.json["items"]) == (0, [])
    assert found.json["why_empty"]
    assert typed("directions", "--model", "none").out.strip() == found.json["why_empty"]


@pytest.mark.parametrize(
    "words",
    [
        ("shw",),
        ("show",),
        ("stats", "--limit", "3"),
        ("lineage", "x", "--depth", "many"),
        ("ingest", "x"),
    ],
)
def test_a_command_typed_wrongly(typed: Type, words: tuple[str, ...]) -> None:
    found = typed(*words, "--json")
    assert found.status == 2
    assert set(found.json) == {"error"}
    assert set(found.json["error"]) == {"kind", "message", "faults"}
    assert "--help" in found.json["error"]["message"]
    plainly = typed(*words)
    assert (plainly.status, plainly.out) == (2, "")
    assert plainly.err.startswith("Error: ")


def test_the_word_json_after_two_dashes_is_text(typed: Type, filled: Path) -> None:
    found = typed("search", "--", "--json")
    assert found.status == 0
    assert not found.out.startswith("{")


@pytest.mark.parametrize("error", [cls for cls in vars(errors).values() if isinstance(cls, type)])
def test_every_error_of_ours_has_a_status(error: type) -> None:
    if issubclass(error, errors.InputError):
        assert status_of(error("x", [])) == ExitStatus.USAGE_ERROR
    elif issubclass(error, errors.GraphError):
        assert status_of(error("x")) in set(ExitStatus) - {
            ExitStatus.DONE,
            ExitStatus.INTERNAL_ERROR,
        }


def test_what_should_not_happen_is_told_apart(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    broken = typer.Typer()

    @broken.command()
    def fall(*, as_json: bool = typer.Option(False, "--json")) -> None:
        raise ZeroDivisionError("by nought")

    assert run(broken, "broken", ["--json"]) == ExitStatus.INTERNAL_ERROR
    found = capsys.readouterr()
    assert "by nought" in found.out
    assert "Traceback" in found.err


def test_an_interrupt_is_told_with_one_object(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    slow = typer.Typer()

    @slow.command()
    def wait(*, as_json: bool = typer.Option(False, "--json")) -> None:
        raise KeyboardInterrupt

    assert run(slow, "slow", ["--json"]) == ExitStatus.INTERRUPTED
    assert '"KeyboardInterrupt"' in capsys.readouterr().out


def test_help_documents_the_exit_statuses(typed: Type) -> None:
    words = " ".join(typed("--help").out.split())
    assert "75 something outside failed" in words
    ingest = " ".join(typed("ingest", "--help").out.split())
    assert "65 some records were refused" in ingest
    assert run(app, "colineage", ["ingest", "arxiv", "--help"]) == 0


@pytest.mark.parametrize(
    "command",
    [
        ("search", "\udcff"),
        ("search", "x", "--limit", "9" * 20),
        ("show", "doi:10.1000/\udcff"),
        ("lineage", "concept:arxiv/\udcff"),
        ("related", "\udcff", "--model", "none"),
        ("ingest", "arxiv", "--since", "2026-01-01", "--base-url", "http://[::1"),
        ("ingest", "arxiv", "--since", "2026-01-01", "--base-url", "http://127.0.0.1:1/\udcff"),
    ],
)
def test_bytes_that_are_no_text_and_numbers_too_large_are_asked_wrongly(
    typed: Type, filled: Path, command: tuple[str, ...]
) -> None:
    found = typed(*command, "--json")
    assert found.status == ExitStatus.USAGE_ERROR
    assert "Traceback" not in found.err
    assert set(found.json) == {"error"}


@pytest.mark.parametrize(
    "command",
    [
        ("ingest", "arxiv", "--snapshot", "pipe"),
        ("ingest", "openalex", "pipe"),
        ("ingest", "git", "pipe"),
        ("ingest", "mlflow", "pipe"),
        ("add", "pipe"),
        ("ingest", "openalex", os.devnull),
    ],
    ids=" ".join,
)
def test_a_pipe_is_refused_and_not_waited_for(
    typed: Type, place: Path, command: tuple[str, ...]
) -> None:
    os.mkfifo(place / "pipe")
    found = typed(*command, "--json")
    assert found.status == ExitStatus.USAGE_ERROR
    assert "a pipe or a device" in found.json["error"]["message"]
