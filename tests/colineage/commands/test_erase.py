"""`colineage erase`: what goes, what stays, who may, and what brings it back."""

import gzip
import json
import os
import pty
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.open import open_store

Type = Callable[..., Any]

ROOT = Path(__file__).parents[3]
MARK = "qzxquagga"
FILE = f"""
statements:
  - nodes:
      - {{id: "#kept", kind: idea, title: A reef}}
  - nodes:
      - {{id: "#gone", kind: idea, title: Reefs of {MARK}, text: "{"corals " * 900} {MARK}"}}
    edges:
      - {{from: "#gone", rel: wasDerivedFrom, to: "arxiv:2512.05356"}}
"""


def marked(folder: Path, mark: str = MARK) -> list[str]:
    """The files below a folder that hold the mark, in any encoding."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files, "nothing was looked at"
    needles = [mark.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(path.relative_to(folder))
        for path in files
        if any(needle in path.read_bytes() for needle in needles)
    ]


@pytest.fixture
def secret(typed: Type, place: Path) -> str:
    """The id of a statement with the mark, in the store of the current folder; the file that said it is removed."""
    file = place / "secret.yaml"
    file.write_text(FILE, encoding="utf-8")
    found = typed("add", str(file), "--json")
    assert found.status == 0, found.err
    file.unlink()
    name: str = found.json["appended"][1]
    return name


def test_it_shows_what_goes_and_nothing_is_left(typed: Type, place: Path, secret: str) -> None:
    assert marked(place)
    found = typed("erase", secret, "--reason", "It named a patient.", "--yes", "--json")
    assert found.status == 0, found.err
    assert f"Reefs of {MARK}" in found.err
    assert "1 relations" in found.err
    assert "backups and exports elsewhere" in found.err
    answer = found.json
    assert (answer["erased"], answer["not_erased"], answer["remains"]) == ([secret], [], None)
    assert marked(place) == []
    assert typed("verify").status == 0
    assert typed("search", MARK, "--json").json["results"] == []
    assert len(typed("search", "reef", "--json").json["results"]) == 1


def test_the_tombstone_says_who_when_and_why(typed: Type, secret: str) -> None:
    word = typed("erase", secret, "--reason", "It named a patient.", "--yes", "--json").json
    shown = typed("show", secret, "--json").json["bundle"]
    by = json.loads(shown["header"])["by"]
    at = json.loads(typed("show", word["appended"], "--json").json["bundle"]["header"])["at"]
    assert shown["body"] is None
    assert shown["says_nothing"] == f"its body was erased by {by}, {at}: It named a patient."
    assert "It named a patient." in typed("show", secret).out


def test_exports_and_copies_made_later_hold_none(typed: Type, place: Path, secret: str) -> None:
    assert typed("export", "shared").status == 0
    assert marked(place / "shared") == ["bundles/00000000.ndjson"]
    typed("erase", secret, "--reason", "x", "--yes")
    assert typed("export", "shared").status == 0
    assert typed("export", "new").status == 0
    assert typed("copy", "sqlite:colineage.db", "sqlite:copy.db").status == 0
    assert marked(place) == []
    for folder in ("shared", "new"):
        checked = typed("verify", folder, "--json")
        assert (checked.status, checked.json["withheld"]) == (0, 1), checked.json


def test_erasing_again_says_nothing_more(typed: Type, secret: str) -> None:
    first = typed("erase", secret, "--reason", "x", "--yes", "--json").json
    again = typed("erase", secret, "--reason", "x", "--yes", "--json")
    assert (again.status, again.json["appended"], again.json["erased"]) == (0, None, [secret])
    assert again.json["log_size"] == first["log_size"]


def test_a_peer_that_sends_it_again_is_not_heeded(typed: Type, place: Path, secret: str) -> None:
    """Another store pulled it before; it pulls the word, and then the old export again, as from one that knows no better."""
    other = ("--store", "sqlite:other.db")
    typed("export", "before")
    assert typed("pull", "before", *other).status == 0
    assert "other.db" in marked(place)
    typed("erase", secret, "--reason", "x", "--yes")
    typed("export", "after")
    assert typed("pull", "after", *other).status == 0
    shutil.move("before", place.parent / "old")
    assert marked(place) == []
    pulled = typed("pull", str(place.parent / "old"), *other, "--seen", "fresh", "--json")
    assert (pulled.status, pulled.json["added"]) == (0, 0), pulled.err
    assert marked(place) == []
    assert typed("verify", *other).status == 0


def test_restores_lets_it_come_again(typed: Type, place: Path, secret: str) -> None:
    typed("export", "before")
    typed("erase", secret, "--reason", "x", "--yes")
    (place / "back.yaml").write_text(f'answers: {{restores: "{secret}"}}\n')
    assert typed("add", "back.yaml").status == 0
    assert typed("pull", "before").status == 0
    assert len(typed("search", MARK, "--json").json["results"]) == 1
    assert typed("verify").status == 0


def test_a_harvest_doesn_t_bring_a_record_back(typed: Type, place: Path) -> None:
    with gzip.open(ROOT / "examples" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        listing = json.loads(next(lines))
    outside = place.parent / "papers.jsonl"
    outside.write_text(json.dumps({**listing, "title": f"On {MARK}"}) + "\n")
    harvest = ("ingest", "arxiv", "--snapshot", str(outside), "--json")
    assert typed(*harvest).status == 0
    (thing,) = typed("search", MARK, "--json").json["results"]
    erased = typed("erase", thing["said_in"], "--reason", "x", "--yes", "--json")
    assert (erased.status, erased.json["erased"]) == (0, [thing["said_in"]]), erased.err
    again = typed(*harvest)
    assert (again.status, again.json["new"], again.json["unchanged"]) == (0, 0, 1), again.err
    assert again.json["log_size"] == erased.json["log_size"]
    assert marked(place) == []
    assert typed("verify").status == 0


def test_only_one_s_own_can_be_erased(typed: Type, place: Path, secret: str) -> None:
    typed("key", "new", "other.pem")
    found = typed("erase", secret, "--reason", "x", "--yes", "--key", "other.pem", "--json")
    assert found.status == 2
    assert "here it would have no effect" in found.json["error"]["message"]
    assert marked(place)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("arxiv:2512.05356", "--reason", "x"), 2, "expected the id of a bundle"),
        (("sha256:" + "0" * 64, "--reason", "x"), 1, "no bundle sha256:000"),
        (("sha256:" + "0" * 64,), 2, "--reason"),
        (("sha256:" + "0" * 64, "--reason", " "), 2, "why, in words"),
    ],
)
@pytest.mark.usefixtures("secret")
def test_what_is_refused(typed: Type, words: tuple[str, ...], status: int, told: str) -> None:
    found = typed("erase", *words, "--yes")
    assert (found.status, told in found.err) == (status, True), found.err


def test_a_grant_is_not_erased(typed: Type, secret: str) -> None:
    typed("key", "new", "other.pem")
    key = typed("key", "list", "--key", "other.pem", "--json").json["key"]
    grant = typed("key", "grant", key, "--json").json["grant"]
    found = typed("erase", grant, secret, "--reason", "x", "--yes")
    assert (found.status, "colineage key end" in found.err) == (2, True)


def test_without_a_terminal_yes_is_needed(
    typed: Type, place: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (place / "empty").open("w+") as empty:
        monkeypatch.setattr(sys, "stdin", empty)
        found = typed("erase", secret, "--reason", "x")
    assert (found.status, "--yes" in found.err) == (2, True)
    assert marked(place)


@pytest.mark.parametrize(("answer", "status"), [("\n", 1), ("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_it_asks(place: Path, secret: str, answer: str, status: int) -> None:
    controller, terminal = pty.openpty()
    words = [sys.executable, "-m", "colineage", "erase", secret, "--reason", "x"]
    with subprocess.Popen(
        words, cwd=place, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(controller, answer.encode())
        _, told = process.communicate(timeout=120)
    os.close(controller)
    os.close(terminal)
    assert "Erase it? [y/N]" in told
    assert (process.returncode, bool(marked(place))) == (status, status == 1), told


def test_who_reads_meanwhile_is_told_and_the_next_command_finishes(
    typed: Type, place: Path, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLINEAGE_PATIENCE_S", "0.2")
    with closing(sqlite3.connect(place / "colineage.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM content").fetchone()
        found = typed("erase", secret, "--reason", "x", "--yes", "--json")
        assert found.status == 75
        assert "end that process" in found.json["remains"]
        assert (found.json["erased"], found.json["try_again"]) == ([secret], True)
        assert marked(place)
    assert typed("stats").status == 0
    assert marked(place) == []


def test_killed_at_any_instant(typed: Type, place: Path, secret: str) -> None:
    words = [sys.executable, "-m", "colineage", "erase", secret, "--reason", "x", "--yes"]
    whole = place.parent / "whole"
    shutil.copytree(place, whole)
    began = time.monotonic()
    assert subprocess.run(words, cwd=whole, check=False, capture_output=True).returncode == 0
    took_s = time.monotonic() - began
    chance = random.Random(took_s)  # noqa: S311 - any instants will do
    ends = set()
    # Most of the time goes to starting Python, so the later part is tried more often.
    for number in range(6):
        folder = place.parent / f"killed{number}"
        shutil.copytree(place, folder)
        with subprocess.Popen(
            words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(took_s * chance.uniform(0.4, 1.0))
            process.send_signal(signal.SIGKILL)
        with closing(open_store(f"sqlite:{folder / 'colineage.db'}")) as store:
            is_erased = bool(store.erased_positions())
            assert list(store.integrity_faults()) == []
        ends.add(process.returncode)
        assert bool(marked(folder)) is not is_erased
        assert typed("verify", "--store", f"sqlite:{folder / 'colineage.db'}").status == 0
    assert -signal.SIGKILL in ends


@pytest.mark.neo4j
def test_on_neo4j_it_says_what_the_server_may_keep(
    typed: Type, place: Path, neo4j_url: str
) -> None:
    there = ("--store", neo4j_url)
    (place / "secret.yaml").write_text(FILE, encoding="utf-8")
    secret = typed("add", "secret.yaml", *there, "--json").json["appended"][1]
    found = typed("erase", secret, "--reason", "x", "--yes", *there, "--json")
    assert (found.status, found.json["erased"]) == (0, [secret]), found.err
    assert "transaction logs" in found.json["remains"]
    assert typed("search", MARK, *there, "--json").json["results"] == []
    assert typed("verify", *there).status == 0
