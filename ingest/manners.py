"""Politeness: one request at a time and a delay between starts, over all processes of one user."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from graph.clock import Clock
from graph.errors import Fault, InputError, SourceError

# What a clock that was set back, or a damaged file, may cost at most.
_LONGEST_S: Final = 7200.0
_LEAST_BACKOFF_S: Final = 0.05
_LOOK_S: Final = 0.1


class TooLateError(SourceError):
    """The deadline came first; going on later is safe."""


@dataclass(frozen=True, slots=True)
class Turnstile:
    """Lets one request through at a time; the next may start no earlier than `delay_s` after this start.

    The file holds the moment from which the next may start, in seconds since 1970. Its lock is held during
    a request (arXiv asks for a single connection), and the system lets go of it when a process dies.
    """

    file: Path
    delay_s: float
    clock: Clock
    sleep: Callable[[float], None]

    @property
    def backoff_s(self) -> float:
        """The first pause after an answer that was not usable."""
        return max(self.delay_s, _LEAST_BACKOFF_S)

    @contextmanager
    def passed(self, deadline: datetime | None = None) -> Iterator[None]:
        """Waits for its turn, and keeps the others waiting meanwhile.

        Raises:
            TooLateError: Its turn would come after the deadline.
        """
        with self._opened() as file:
            self._lock(file, deadline)
            now = self.clock().timestamp()
            wait_s = _moment(self.file.read_bytes()) - now
            if 0 < wait_s <= _LONGEST_S:
                self._refuse_too_late(deadline, wait_s)
                self.sleep(wait_s)
                now = self.clock().timestamp()
            self._write(now + self.delay_s)
            yield

    def shut(self, pause_s: float) -> None:
        """Keeps everybody waiting for some seconds, as the service asked."""
        with self._opened() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._write(self.clock().timestamp() + min(pause_s, _LONGEST_S))

    def _lock(self, file: IO[str], deadline: datetime | None) -> None:
        """Waits for the lock; looks again and again where it may not wait for ever."""
        while deadline is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._refuse_too_late(deadline, _LOOK_S)
                self.sleep(_LOOK_S)
            else:
                return
        fcntl.flock(file, fcntl.LOCK_EX)

    def _refuse_too_late(self, deadline: datetime | None, wait_s: float) -> None:
        if deadline is not None and self.clock() + timedelta(seconds=wait_s) >= deadline:
            raise TooLateError(
                "the deadline comes before this request's turn. "
                "What was stored stays: give the command again to go on"
            )

    def _opened(self) -> IO[str]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            return self.file.open("a+")
        except OSError as error:
            wanted = "a place that can be written (XDG_CACHE_HOME may name another)"
            fault = Fault(str(self.file), wanted, error.strerror or str(error))
            raise InputError("the moment of the last request can't be kept", [fault]) from error

    def _write(self, moment: float) -> None:
        self.file.write_text(f"{moment:.6f}\n")


def cache_folder() -> Path:
    """Where this user's caches are, by the XDG base directory specification."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "colineage"


def _moment(data: bytes) -> float:
    """What the file holds; a damaged one keeps nobody waiting."""
    try:
        return float(data[:40])
    except ValueError:
        return 0.0
