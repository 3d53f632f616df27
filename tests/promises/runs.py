"""Runs of processes that ingest pages, requested from a server that forks them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

ROOT = Path(__file__).parents[2]


class Acknowledged(msgspec.Struct, frozen=True):
    """What a process was told to be stored: so many pages done, and the log after them."""

    page: int
    size: int
    root: str


Typed: TypeAlias = Callable[..., tuple[int, Any]]
"""A command typed in a folder: its exit status, and the one object that it prints."""


class Setup(msgspec.Struct, frozen=True):
    """How the processes are made: over apsw and a disk that can break, or as everybody's are.

    `rewritten`: statements of SQL that are said otherwise. `next_schema`: whether they know a later one.
    """

    driver: bool = False
    rewritten: dict[str, str] = {}
    next_schema: bool = False


class Run(msgspec.Struct, frozen=True):
    """One process: which pages it takes in, in which order, and what happens to it.

    `words`: a command to run instead, as typed. `kill_after_s`: SIGKILL, so long after it started.
    `fault`: the call that fails, from which on, how often. `events`: where to write what the disk saw.
    `most_bytes`: how large a file may grow.
    """

    folder: str
    pages: tuple[int, int] = (0, 0)
    order: list[int] = []
    key: str = "key.pem"
    words: list[str] = []
    kill_after_s: float | None = None
    fault: tuple[str, int, int | None] | None = None
    events: str | None = None
    most_bytes: int | None = None


class Told(msgspec.Struct, frozen=True):
    """What a process told before it ended: pages acknowledged, or why it could not go on."""

    acknowledged: Acknowledged | None = None
    error: str | None = None
    kind: str | None = None
    calls: dict[str, int] = {}


class Ended(msgspec.Struct, frozen=True):
    """How a process ended: its exit status (negative: the signal), what it told, how long it took."""

    status: int
    told: list[Told]
    took_s: float

    @property
    def acknowledged(self) -> list[Acknowledged]:
        """The pages that were said to be stored."""
        return [one.acknowledged for one in self.told if one.acknowledged]

    @property
    def errors(self) -> list[Told]:
        """Why it could not go on."""
        return [one for one in self.told if one.error is not None]

    @property
    def calls(self) -> dict[str, int]:
        """How often the disk was asked for what."""
        return next((one.calls for one in self.told if one.calls), {})


class Server:
    """Forks the runs that it is asked for, and waits for them."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, *runs: Run) -> list[Ended]:
        """Runs processes that start together."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(msgspec.json.encode(runs) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server of forks ended"
        return msgspec.json.decode(answer, type=list[Ended])


@contextmanager
def served(home: Path, setup: Setup) -> Iterator[Server]:
    """A server whose processes find no settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COLINEAGE_", "XDG_"))}
    told = msgspec.json.encode(setup).decode()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.promises.forked", told],
        cwd=ROOT,
        env=kept | {"HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Server(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=60) == 0
