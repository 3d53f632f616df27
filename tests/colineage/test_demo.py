"""The demo on its real input, without the embedding model: killed, started again, and once more."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit.verify import verify
from graph.open import open_store

EXAMPLES = Path(__file__).parents[2] / "examples"


def _command(folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "colineage.demo", "--examples", str(EXAMPLES), "--json"),
        *("--store", f"sqlite:{folder / 'demo.db'}", "--key", str(folder / "key.pem")),
        *("--model", "none"),
    ]


def _run(folder: Path) -> dict[str, Any]:
    done = subprocess.run(_command(folder), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a demo was killed in the middle of taking in."""
    found = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(_command(found), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr
    for line in process.stderr:
        if b"openalex" in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    return found


@pytest.fixture(scope="module")
def first(folder: Path) -> dict[str, Any]:
    """What it says when it is started again."""
    return _run(folder)


def test_it_heals_after_a_kill(first: dict[str, Any], folder: Path) -> None:
    by = {one["file"]: one for one in first["ingested"]}
    papers = by["papers.jsonl.gz"]
    assert papers["seen"] == 2402
    assert papers["unchanged"] > 0
    assert all(one["complete"] and one["refused"] == 0 for one in first["ingested"])
    again = folder / "again.db"
    with closing(open_store(f"sqlite:{folder / 'demo.db'}", must_exist=True)) as store:
        verdict = verify(store, fresh=lambda: open_store(f"sqlite:{again}"))
    assert verdict.ok, verdict.faults
    assert verdict.digest == first["digest"]


def test_it_says_what_was_asked_of_it(first: dict[str, Any]) -> None:
    assert [one["source"] for one in first["ingested"]] == [
        *("arxiv", "openalex", "git", "git", "mlflow", "statements", "statements")
    ]
    # Without a model the texts say nothing, so fewer works than three may be left.
    assert {item["kind"] for item in first["related"]["items"]} == {"work"}
    assert all(item["reasons"] for item in first["related"]["items"])
    assert len(first["directions"]["items"]) == 3
    assert all(item["reason"] for item in first["directions"]["items"])
    natures = {one["nature"] for who in first["who"] for one in who["contributions"]}
    assert "ai" in natures
    verdicts = {check["name"]: check["verdict"] for check in first["audit"]["checks"]}
    assert verdicts["parameters"] == "pass"
    assert verdicts["seed"] == "unknown"
    assert first["log"]["size"] == first["bundles"]


def test_a_second_run_adds_nothing(first: dict[str, Any], folder: Path) -> None:
    again = _run(folder)
    assert {(one["new"], one["changed"]) for one in again["ingested"]} == {(0, 0)}
    assert (again["log"], again["digest"]) == (first["log"], first["digest"])


def test_elsewhere_it_says_what_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "colineage.demo", "--json"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    faults = json.loads(done.stdout)["error"]["faults"]
    assert faults[0]["where"] == "examples/papers.jsonl.gz"
    assert list(tmp_path.iterdir()) == []
