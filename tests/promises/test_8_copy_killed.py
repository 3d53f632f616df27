"""Promise 8: a copy into a Neo4j that is killed and run again ends with the same log and graph."""

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from colineage.settings import Settings
from graph.open import open_store
from tests.conftest import Size
from tests.promises.pages import harvest, pages

ROOT = Path(__file__).parents[2]
PAGES = (3, 500)
BATCH = 1000


def _started(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "colineage", *words, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _told(*words: str) -> Any:
    process = _started(*words)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return json.loads(said)


@pytest.mark.neo4j
def test_a_copy_killed_in_the_middle_goes_on(neo4j_url: str, size: Size, tmp_path: Path) -> None:
    source = f"sqlite:{tmp_path / 'source.db'}"
    settings = Settings(store=source, key=tmp_path / "key.pem", model="none", patience_s=30)
    harvest(settings, pages(*PAGES), lambda _one: None)
    with closing(open_store(source)) as store:
        wanted = store.checkpoint()
    kills = size(2, 20)
    chance = random.Random(kills)  # noqa: S311 - a seed
    stopped = 0
    with closing(open_store(neo4j_url)) as store:
        for kill in range(kills):
            enough = BATCH * (kill * (wanted.size // BATCH) // kills)
            process = _started("copy", source, neo4j_url)
            while store.checkpoint().size < enough and process.poll() is None:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 1))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert process.returncode in {0, -signal.SIGKILL}
            stopped += process.returncode != 0 and store.checkpoint().size < wanted.size
    assert stopped > 0
    done = _told("copy", source, neo4j_url)
    assert done["log"] == {"size": wanted.size, "root": wanted.root}
    here, there = (_told("verify", "--store", url) for url in (source, neo4j_url))
    assert here["ok"]
    assert there["ok"]
    assert here["digest"] == there["digest"]
    assert _told("copy", source, neo4j_url)["added"] == 0
