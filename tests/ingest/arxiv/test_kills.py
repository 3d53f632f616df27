"""A harvest killed with SIGKILL again and again ends in the graph of one that was not."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HARVEST = [sys.executable, str(Path(__file__).with_name("harvest_once.py"))]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}


def finished(store: Path, url: str, environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [*HARVEST, f"sqlite:{store}", url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_killed_five_times_it_ends_in_the_same_state(
    serve: Callable[..., Any], digest: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    service = serve(page_size=4)
    chance = random.Random(20261120)  # noqa: S311 - a seed: the same moments each time, as far as clocks allow
    store = tmp_path / "store.db"
    started: list[subprocess.Popen[bytes]] = []
    first = 0
    for kill in range(5):
        # Some die while they wait for a page, some with the page in hand or half stored.
        page = first + chance.randint(1, 4)
        when = "on_request" if kill % 2 else "on_answer"

        def strike(number: int, page: int = page) -> None:
            if number >= page:
                started[-1].kill()

        setattr(service, when, strike)
        process = subprocess.Popen([*HARVEST, f"sqlite:{store}", service.url], env=environment)
        started.append(process)
        assert process.wait(timeout=60) != 0, "it was to be killed"
        setattr(service, when, lambda number: None)
        first = len(service.requests)
    final = finished(store, service.url, environment)
    assert final[0] == digest
    # At most one page was fetched twice for each kill, and every page at least once.
    assert 14 <= len(service.requests) <= 14 + 5
    again = finished(store, service.url, environment)
    assert again == [digest, "54", "0", "0", final[4]]


def test_two_at_once_make_one_graph(
    serve: Callable[..., Any], digest: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    service = serve(page_size=11)
    store = tmp_path / "store.db"
    command = [*HARVEST, f"sqlite:{store}", service.url]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert finished(store, service.url, environment)[0] == digest


TAKE_TURNS = """
import sys
import time
from pathlib import Path
from graph.clock import system_clock
from ingest.manners import Turnstile

folder = Path(sys.argv[1])
turnstile = Turnstile(folder / "polite", 0.05, system_clock, time.sleep)
for _ in range(6):
    with turnstile.passed(), (folder / "starts").open("a") as starts:
        starts.write(f"{system_clock().timestamp()} ")
"""


def test_starts_keep_their_distance_over_processes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    command = [sys.executable, "-c", TAKE_TURNS, str(tmp_path)]
    three = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(timeout=60) for process in three] == [0, 0, 0]
    starts = [float(text) for text in (tmp_path / "starts").read_text().split()]
    assert len(starts) == 18
    # Each is noted after its turn has begun: what is noted late makes one gap wider and the next narrower.
    assert starts == sorted(starts)
    assert starts[-1] - starts[0] >= 16 * 0.05
