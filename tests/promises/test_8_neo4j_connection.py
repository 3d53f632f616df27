"""Promise 8: a slow, cut, refusing or silent connection leaves no half batch, and the same command goes on."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from colineage.cli import app, run
from graph.open import open_store
from tests.conftest import Size
from tests.graph.neo4j.cutting_proxy import Broken, Proxy
from tests.promises.kept import refuse_torn
from tests.promises.pages import LISTINGS

Ingest = Callable[[str], int]


@pytest.fixture
def ingest(size: Size, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """The command that takes papers into a store, as it is typed; in their full number two pages."""
    records = size(60, 1200)
    with gzip.open(LISTINGS, "rt", encoding="utf-8") as lines:
        (tmp_path / "papers.jsonl").write_text(
            "".join(line for line, _ in zip(lines, range(records), strict=False)), encoding="utf-8"
        )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLINEAGE_PATIENCE_S", "1")

    def ingest(url: str) -> int:
        path = str(tmp_path / "papers.jsonl")
        words = ["ingest", "arxiv", "--snapshot", path, "--store", url, "--json"]
        return int(run(app, "colineage", words))

    return ingest


def _digest(url: str) -> str:
    with closing(open_store(url, must_exist=True)) as store:
        refuse_torn(store)
        return store.digest()


@pytest.fixture
def wanted(ingest: Ingest, tmp_path: Path) -> str:
    """The digest of the same papers in SQLite."""
    url = f"sqlite:{tmp_path / 'wanted.db'}"
    assert ingest(url) == 0
    return _digest(url)


@pytest.mark.neo4j
def test_a_slow_connection_is_only_slow(neo4j_url: str, ingest: Ingest, wanted: str) -> None:
    with Proxy(neo4j_url.removeprefix("bolt://")) as proxy:
        proxy.slow_down(0.02)
        assert ingest(proxy.url) == 0
    assert _digest(neo4j_url) == wanted


@pytest.mark.neo4j
@pytest.mark.parametrize("way", Broken)
def test_a_broken_connection_is_one_error_and_the_same_command_goes_on(
    neo4j_url: str,
    ingest: Ingest,
    wanted: str,
    size: Size,
    way: Broken,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Broken after ever more answers: while it opens, while it asks, while it writes, as it commits."""
    with closing(open_store(neo4j_url)):
        pass
    with Proxy(neo4j_url.removeprefix("bolt://")) as proxy:
        broken, answers = 0, size(4, 1)
        step = size(20, 10) if way is Broken.SILENT else size(9, 3)  # silence takes its time
        while True:
            capsys.readouterr()
            proxy.break_after(answers, way)
            status = ingest(proxy.url)
            if proxy.cuts == broken:
                break
            broken = proxy.cuts
            assert status == 75
            said = capsys.readouterr()
            assert len(said.err.splitlines()) == 1, said.err
            told = said.err
            assert proxy.url.removeprefix("bolt://") in told
            assert json.loads(said.out)["error"]["kind"] == "UnreachableError"
            with closing(open_store(neo4j_url)) as store:
                refuse_torn(store)
            proxy.heal()
            answers += step
        assert status == 0
        assert broken > 1
    assert _digest(neo4j_url) == wanted


@pytest.mark.neo4j
def test_what_the_driver_notes_for_itself_is_not_told_besides(neo4j_url: str) -> None:
    """As a process: here pytest listens to all that is noted, which keeps Python from printing it."""
    open_store(neo4j_url).close()
    with Proxy(neo4j_url.removeprefix("bolt://")) as proxy:
        proxy.break_after(8, Broken.CUT)
        done = subprocess.run(
            [sys.executable, "-m", "colineage", "verify", "--store", proxy.url],
            env=os.environ | {"COLINEAGE_PATIENCE_S": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 75
    assert len(done.stderr.splitlines()) == 1, done.stderr
