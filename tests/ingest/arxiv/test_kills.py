"""A harvest killed with SIGKILL again and again ends in the graph of one that was not.

Ten times in `make test`, two hundred with `--soak`, by each route.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


class Killing:
    """Kills the process that runs at a given request, before its answer or after it."""

    def __init__(self, service: Any, command: list[str], environment: dict[str, str]) -> None:
        self.service = service
        self.command = command
        self.environment = environment

    def once(self, when: str, after: int) -> bool:
        """Whether it died there; it may have come to its end before."""
        started: list[subprocess.Popen[bytes]] = []
        first = len(self.service.requests)

        def strike(number: int) -> None:
            if number >= first + after:
                started[-1].kill()

        setattr(self.service, when, strike)
        process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        status = process.wait(timeout=240)
        setattr(self.service, when, lambda number: None)
        return status != 0


@pytest.mark.parametrize("route", ["oai", "api"])
def test_killed_again_and_again_it_ends_in_the_same_state(
    serve: Callable[..., Any],
    digest: str,
    api_digest: str,
    tmp_path: Path,
    environment: dict[str, str],
    size: Callable[[int, int], int],
    route: str,
) -> None:
    service = serve(page_size=4)
    url = service.url if route == "oai" else service.api_url
    wanted = digest if route == "oai" else api_digest
    chance = random.Random(20261120)  # noqa: S311 - a seed: the same moments each time, as far as clocks allow
    killed, number = 0, 0
    while killed < size(5, 100):
        store = tmp_path / f"store{number}.db"
        killing = Killing(service, [*HARVEST, f"sqlite:{store}", url], environment)
        number += 1
        service.requests.clear()
        deaths = 0
        # Some die while they wait for a page, some with the page in hand or half stored.
        while deaths < 5 and killing.once(
            chance.choice(["on_request", "on_answer"]), chance.randint(1, 4)
        ):
            deaths += 1
        killed += deaths
        final = finished(store, url, environment)
        assert final[0] == wanted
        held_to(service, route, deaths)
        again = finished(store, url, environment)
        assert again[0] == wanted
        assert again[2:] == ["0", "0", final[4]]


def held_to(service: Any, route: str, deaths: int) -> None:
    """At most one page was fetched twice for each kill, and every page at least once."""
    if route == "oai":
        assert 14 <= len(service.requests) <= 14 + deaths
        return
    # Windows without papers are asked for twice in any case, and those that hold too many bring no page.
    pages = Counter(path for path in service.requests if 0 < in_window(service, path) <= 10)
    assert sum(count - 1 for count in pages.values()) <= deaths


def in_window(service: Any, path: str) -> int:
    given = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
    return str(service.api(service.records, given | {"max_results": "1000"})).count("<entry>")


@pytest.mark.parametrize("route", ["oai", "api"])
def test_two_at_once_make_one_graph(
    serve: Callable[..., Any],
    digest: str,
    api_digest: str,
    tmp_path: Path,
    environment: dict[str, str],
    route: str,
) -> None:
    service = serve(page_size=11)
    url = service.url if route == "oai" else service.api_url
    store = tmp_path / "store.db"
    command = [*HARVEST, f"sqlite:{store}", url, "0.05"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=240) for process in both] == [0, 0]
    assert finished(store, url, environment)[0] == (digest if route == "oai" else api_digest)


TAKE_TURNS = """
import sys
import time
from pathlib import Path
from graph.clock import system_clock
from ingest.http.rate_limit import RateLimiter

folder = Path(sys.argv[1])
rate_limiter = RateLimiter(folder / "polite", 0.05, system_clock, time.sleep)
for _ in range(6):
    with rate_limiter.acquire(), (folder / "starts").open("a") as starts:
        starts.write(f"{float((folder / 'polite').read_text()) - 0.05:.6f} ")
"""


def test_starts_keep_their_distance_over_processes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    command = [sys.executable, "-c", TAKE_TURNS, str(tmp_path)]
    three = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(timeout=240) for process in three] == [0, 0, 0]
    # The moment at which each turn began, as the turnstile itself noted it.
    starts = [float(text) for text in (tmp_path / "starts").read_text().split()]
    assert len(starts) == 18
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) >= 0.05 - 1e-5
