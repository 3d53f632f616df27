"""Promise 1: SIGKILL at any instant of an ingest loses nothing acknowledged and tears nothing."""

import gzip
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

from graph.open import open_store
from tests.conftest import Size
from tests.promises.kept import (
    LostError,
    TornError,
    pages_kept,
    refuse_lost,
    refuse_torn,
    verified,
)
from tests.promises.pages import LISTINGS, digests
from tests.promises.runs import Acknowledged, Ended, Run, Server

PAGES = (12, 20)
EVERY = list(range(PAGES[0]))


class Round:
    """One store, whose ingest is killed and started again until it comes to its end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.path = folder / "colineage.db"
        self.acknowledged: list[Acknowledged] = []
        self.kept = 0

    def goes_on(self, server: Server, kill_after_s: float | None) -> Ended:
        """Starts the ingest again."""
        (ended,) = server.run(
            Run(str(self.folder), pages=PAGES, order=EVERY, kill_after_s=kill_after_s)
        )
        assert ended.errors == []
        assert ended.status in {0, -signal.SIGKILL}
        self.acknowledged += ended.acknowledged
        told = len(ended.acknowledged)
        kept = pages_kept(self.path, self.acknowledged, digests(*PAGES))
        assert self.kept <= kept <= max(self.kept, told + 1)
        self.kept = kept
        return ended


def test_sigkill_loses_and_tears_nothing(server: Server, size: Size, tmp_path: Path) -> None:
    wanted = size(50, 500)
    chance = random.Random(wanted)  # noqa: S311 - a seed
    kills: list[int] = []
    rounds = 0
    took_s = 0.0
    while len(kills) < wanted:
        rounds += 1
        if rounds % 3 == 1:  # how long a whole one takes changes with what else the machine does
            took_s = Round(tmp_path / f"whole{rounds}").goes_on(server, None).took_s
        one = Round(tmp_path / str(rounds))
        # On a machine that became busy none might come to its end: after some it is let alone.
        for patience in range(8):
            kill_after_s = chance.uniform(0, 1.1 * took_s) if patience < 7 else None
            ended = one.goes_on(server, kill_after_s)
            if not ended.status:
                break
            kills.append(len(ended.acknowledged))
        assert one.kept == PAGES[0]
        assert verified(one.path) == digests(*PAGES)[-1]
    assert rounds > wanted / 20
    assert len(set(kills)) > PAGES[0] / 2, "they were to be spread over the whole of an ingest"


def test_those_who_write_beside_one_that_is_killed_go_on(
    server: Server, size: Size, tmp_path: Path
) -> None:
    chance = random.Random(4)  # noqa: S311 - a seed
    for number in range(size(3, 50)):
        folder = tmp_path / str(number)
        folder.mkdir()
        orders = [chance.sample(EVERY, len(EVERY)) for _ in range(3)]
        doomed = Run(str(folder), PAGES, orders[0], kill_after_s=chance.uniform(0, 0.3))
        killed, *others = server.run(doomed, *(Run(str(folder), PAGES, one) for one in orders[1:]))
        assert killed.status in {0, -signal.SIGKILL}
        assert [(one.status, one.errors) for one in others] == [(0, [])] * 2
        path = folder / "colineage.db"
        with closing(open_store(f"sqlite:{path}")) as store:
            for one in (killed, *others):
                refuse_lost(store, one.acknowledged)
            refuse_torn(store)
        assert verified(path) == digests(*PAGES)[-1]


def test_what_a_kill_must_not_do_would_be_found(server: Server, tmp_path: Path) -> None:
    one = Round(tmp_path / "whole")
    assert one.goes_on(server, None).status == 0
    told = one.acknowledged[-1]
    with pytest.raises(LostError):
        pages_kept(
            one.path,
            [Acknowledged(told.page, told.size + 1, told.root)],
            digests(*PAGES),
        )
    with pytest.raises(LostError):
        pages_kept(tmp_path / "gone", one.acknowledged, digests(*PAGES))
    with pytest.raises(TornError):
        pages_kept(one.path, [], digests(*PAGES)[:-1])


# The command as it is typed.


def typed(folder: Path, snapshot: Path, *, kill_after_s: float | None = None) -> int:
    """Starts `colineage ingest arxiv --snapshot`; its exit status."""
    words = ["ingest", "arxiv", "--snapshot", str(snapshot), "--key", "key.pem", "--json"]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "colineage", *words], cwd=folder, stdout=out, stderr=err
        )
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.kill()
        return process.wait(timeout=300)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A file of a bit more than one page."""
    path = tmp_path / "papers.jsonl"
    with gzip.open(LISTINGS, "rt", encoding="utf-8") as lines:
        path.write_text("".join(line for line, _ in zip(lines, range(1200), strict=False)))
    return path


def test_the_command_goes_on_where_it_was_killed(
    size: Size, snapshot: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    began = time.monotonic()
    assert typed(whole, snapshot) == 0
    took_s = time.monotonic() - began
    report: dict[str, Any] = json.loads((whole / "out").read_bytes())
    assert (report["seen"], report["new"], report["complete"]) == (1200, 1200, True)
    chance = random.Random(took_s)  # noqa: S311 - any instants will do
    folder = tmp_path / "killed"
    folder.mkdir()
    acknowledged: list[Acknowledged] = []
    for _ in range(size(2, 20)):
        typed(folder, snapshot, kill_after_s=chance.uniform(0.1, took_s))
        if not (folder / "colineage.db").exists():
            assert not acknowledged
            continue
        with closing(open_store(f"sqlite:{folder / 'colineage.db'}")) as store:
            refuse_lost(store, acknowledged)
            refuse_torn(store)
            log = store.checkpoint()
        # What one has read from a store is as good as acknowledged.
        acknowledged.append(Acknowledged(0, log.size, log.root))
    assert typed(folder, snapshot) == 0
    size_then = json.loads((folder / "out").read_bytes())["log_size"]
    assert typed(folder, snapshot) == 0
    assert json.loads((folder / "out").read_bytes())["log_size"] == size_then
    assert verified(folder / "colineage.db") == verified(whole / "colineage.db")
