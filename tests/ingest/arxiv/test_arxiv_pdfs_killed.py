"""A harvest with PDFs, killed with SIGKILL again and again or run twice at once, ends in the graph of one that was not.

Four times in `make test`, a hundred with `--soak`.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.ingest.arxiv.local_pdfs import LocalPdfs, pdfs_of

ONCE = [sys.executable, str(Path(__file__).with_name("arxiv_pdfs_once.py"))]
ROOT = Path(__file__).parents[3]
PAPERS = 8


class Runs:
    """Harvests of one service with its PDFs, each in a process of its own."""

    def __init__(self, service: Any, folder: Path) -> None:
        self.service = service
        self.folder = folder

    def started(self, name: str) -> subprocess.Popen[str]:
        """One into the store of this name, with the cache of this name."""
        home = {"XDG_CACHE_HOME": str(self.folder / f"{name}.cache"), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [*ONCE, f"sqlite:{self.folder / name}.db", self.service.url],
            env=os.environ | home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finished(self, name: str) -> list[str]:
        """What one that is let run says: digest, size of the log, PDFs fetched, left, why."""
        out, err = (process := self.started(name)).communicate(timeout=240)
        assert process.returncode == 0, err
        return out.split()

    def killed(self, name: str, when: str, after: int) -> bool:
        """Whether one died at its request of this number, before the answer or after it."""
        first = len(self.service.requests)
        running: list[subprocess.Popen[str]] = []

        def strike(number: int) -> None:
            if number >= first + after:
                running[-1].kill()

        setattr(self.service, when, strike)
        running.append(self.started(name))
        running[-1].communicate(timeout=240)
        setattr(self.service, when, lambda number: None)
        return running[-1].returncode != 0


@contextmanager
def served(arxiv: ModuleType, few: tuple[Any, ...], folder: Path) -> Iterator[Runs]:
    some = few[:PAPERS]
    service = arxiv.LocalArxiv(some, page_size=6, pdfs=LocalPdfs(pdfs_of(some)))
    service.url = service.start()
    yield Runs(service, folder)
    service.stop()


@pytest.fixture
def runs(arxiv: ModuleType, few: tuple[Any, ...], tmp_path: Path) -> Iterator[Runs]:
    with served(arxiv, few, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def whole(arxiv: ModuleType, few: tuple[Any, ...], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The state that one undisturbed run makes."""
    with served(arxiv, few, tmp_path_factory.mktemp("whole")) as runs:
        digest, _, *rest = runs.finished("whole")
    assert rest == [str(PAPERS), "0", "None"]
    return digest


def test_killed_again_and_again_it_ends_in_the_same_state(
    runs: Runs, size: Callable[[int, int], int], tmp_path: Path, whole: str
) -> None:
    chance = random.Random(20261123)  # noqa: S311 - a seed: the same moments, as far as clocks allow
    killed, number = 0, 0
    while killed < size(4, 100):
        name = f"store{number}"
        number += 1
        runs.service.pdfs.requests.clear()
        deaths = 0
        while deaths < 5 and runs.killed(
            name, chance.choice(["on_request", "on_answer"]), chance.randint(1, 6)
        ):
            deaths += 1
        killed += deaths
        final = runs.finished(name)
        assert (final[0], final[3:]) == (whole, ["0", "None"])
        asked = Counter(runs.service.pdfs.requests)
        assert len(asked) == PAPERS
        assert asked.total() - PAPERS <= deaths
        assert not list(tmp_path.rglob("*.part"))
        again = runs.finished(name)
        assert again == [*final[:2], "0", "0", "None"]
        assert Counter(runs.service.pdfs.requests) == asked


def test_two_at_once_fetch_each_once_and_make_one_graph(runs: Runs, whole: str) -> None:
    both = [runs.started("both") for _ in range(2)]
    said = []
    for process in both:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        said.append(out.split())
    assert Counter(runs.service.pdfs.requests).most_common(1)[0][1] == 1
    assert len(runs.service.pdfs.requests) == PAPERS
    assert sum(int(one[2]) for one in said) == PAPERS
    # Whoever came to its end last saw all of it.
    assert whole in {one[0] for one in said}
