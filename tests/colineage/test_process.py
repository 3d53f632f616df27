import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]

HEAVY = (
    "fastapi",
    "httpx",
    "numpy",
    "sentence_transformers",
    "strawberry",
    "torch",
    "uvicorn",
    "yaml",
)


def test_the_command_as_a_process(started: Type, filled: Path) -> None:
    found = started("stats", "--json")
    assert (found.status, found.err) == (0, "")
    assert found.json["bundles"] == 5
    assert "\x1b" not in started("show", "doi:10.5555/idea").out


def test_ingest_is_a_command_of_its_own(place: Path) -> None:
    ingest = Path(sys.executable).with_name("ingest")
    words = (
        [str(ingest)]
        if ingest.exists()
        else [sys.executable, "-c", "import colineage.cli as c; c.ingest()"]
    )
    done = subprocess.run(
        [*words, "arxiv", "--json"], cwd=place, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["faults"][0]["where"] == "options"


def test_errors_as_a_process(started: Type) -> None:
    found = started("show", "arxiv:2512.05356")
    assert (found.status, found.out) == (74, "")
    assert found.err.startswith("Error: expected a store at colineage.db")


@pytest.mark.parametrize("command", [("stats",), ("show", "doi:10.5555/idea"), ("--help",)])
def test_a_question_to_the_graph_loads_nothing_heavy(
    place: Path, filled: Path, command: tuple[str, ...]
) -> None:
    code = (
        "import sys; from colineage.cli import app, run; "
        f"run(app, 'colineage', {list(command)!r}); "
        f"sys.exit(','.join(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("command", [("stats", "--json"), ("search", "AI"), ("nothing", "--json")])
def test_whoever_stops_reading_hears_no_more(
    place: Path, filled: Path, command: tuple[str, ...]
) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "colineage", *command],
            cwd=place,
            stdout=closed,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("command", [("stats", "--json"), ("search", "AI"), ("nothing", "--json")])
def test_an_answer_that_cannot_be_written_is_told_once(
    place: Path, filled: Path, command: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "colineage", *command],
            cwd=place,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 74
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


def test_without_stdout_it_does_what_it_is_asked(place: Path, filled: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m colineage stats --json >&-"],
        cwd=place,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_the_character_gets_its_number(place: Path, filled: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "colineage", "show", "doi:10.5555/idea"],
        cwd=place,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_a_busy_store_is_told_to_be_tried_again(
    started: Type, place: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLINEAGE_PATIENCE_S", "0.1")
    (place / "idea.yaml").write_text("statements: [{nodes: [{id: '#1', kind: idea, title: x}]}]")
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = started("add", "idea.yaml", "--json")
    assert found.status == 75
    assert found.json["error"]["kind"] == "BusyError"


@pytest.fixture
def served(place: Path, filled: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service over the filled store, on a free port, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "colineage", "serve", "--port", "0", "--model", "none", "--json"],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    found = json.loads(process.stdout.readline())
    yield process, found["url"]
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_serve_answers_until_it_is_interrupted(served: tuple[subprocess.Popen[str], str]) -> None:
    process, address = served
    with urllib.request.urlopen(f"{address}/health", timeout=300) as answer:  # noqa: S310 - our own
        assert json.load(answer) == {"status": "ok"}
    with urllib.request.urlopen(f"{address}/ready", timeout=300) as answer:  # noqa: S310 - our own
        assert json.load(answer)["log"]["size"] == 5
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (0, "")
    assert "Stopped." in err
    assert "Traceback" not in err


def test_a_service_comes_up_before_the_first_ingest(place: Path) -> None:
    command = ["serve", "--port", "0", "--model", "none", "--json", "--store", "sqlite:new.db"]
    with subprocess.Popen(
        [sys.executable, "-m", "colineage", *command],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        address = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(f"{address}/ready", timeout=300) as answer:  # noqa: S310 - our own
            assert json.load(answer)["log"]["size"] == 0
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=300)
    assert process.returncode == 0
    assert "sqlite:new.db holds nothing yet" in err


def test_a_port_in_use_is_told_at_once(typed: Type, filled: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = typed("serve", "--port", str(port), "--json")
    assert found.status == 2
    assert f"127.0.0.1:{port}" in found.json["error"]["message"]
    assert "--port" in found.json["error"]["faults"][0]["expected"]


def test_ctrl_c_ends_a_harvest_with_130_and_what_was_stored_stays(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "colineage", "ingest", "arxiv", "--since", "2025-12-01"),
                *("--base-url", f"http://127.0.0.1:{silent.getsockname()[1]}/oai"),
                *("--delay", "0", "--json"),
            ],
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
        connection.close()
    assert process.returncode == 130
    assert json.loads(out)["error"]["kind"] == "KeyboardInterrupt"
    assert "what was stored stays" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["main", "ingest"])
def test_ctrl_c_while_it_loads_is_no_traceback(command: str) -> None:
    """The interrupt comes as the first module of ours is looked for."""
    program = """
import sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "colineage.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
import colineage.__main__
getattr(colineage.__main__, sys.argv[1])()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, command], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Error: interrupted: nothing was begun\n"
