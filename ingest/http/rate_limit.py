"""Rate limiter with politeness delay: one request at a time, a delay between starts, over all processes of a user."""

import fcntl
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from graph.clock import Clock
from graph.errors import SourceError, StoreError

# How far ahead a moment is kept, whatever is requested; and how far where the file states nothing else.
_MAX_AHEAD_S: Final = 7200.0
_DEFAULT_AHEAD_S: Final = 60.0
_LONGEST_WAIT_S: Final = 3600.0
_LEAST_BACKOFF_S: Final = 0.05
_POLL_S: Final = 0.1
_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)


class TooLateError(SourceError):
    """Deadline before this request's turn, or a turn further off than anybody waits; resuming later is safe."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn of one request; the others wait until it is over."""

    fd: int
    delay_s: float
    clock: Clock

    def mark_start(self) -> None:
        """Restart the delay: the request is sent only now, after name lookup and connecting."""
        _write(self.fd, self.clock().timestamp(), self.delay_s)

    def back_off(self, pause_s: float) -> None:
        """Keep everybody waiting for some seconds, as the service asked (Retry-After)."""
        now, (moment, _) = self.clock().timestamp(), _read(self.fd)
        _write(self.fd, now, max(min(pause_s, _MAX_AHEAD_S), moment - now))


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """Rate limiter: lets one request through at a time; the next may start no earlier than `delay_s` after this start.

    The file holds the moment from which the next may start, in seconds since 1970, followed by how many seconds
    ahead it was written where these are more than a minute. Its lock is held during
    a request (arXiv asks for a single connection), and the system releases it when a process dies.
    """

    file: Path
    delay_s: float
    clock: Clock
    sleep: Callable[[float], None]

    @property
    def backoff_s(self) -> float:
        """First pause after an answer that was not usable, in seconds."""
        return max(self.delay_s, _LEAST_BACKOFF_S)

    @contextmanager
    def acquire(
        self, deadline: datetime | None = None, *, longest_s: float = _LONGEST_WAIT_S
    ) -> Iterator[Turn]:
        """Wait for a turn, at most `longest_s`, and keep the others waiting until the block ends.

        Raises:
            TooLateError: The turn would come after the deadline, or later than `longest_s`.
            StoreError: The file can't be used.
        """
        with self._open() as fd:
            self._lock(fd, deadline)
            moment, max_ahead_s = _read(fd)
            wait_s = moment - self.clock().timestamp()
            # A moment further ahead than it can have been written: the clock was set back since.
            if 0 < wait_s <= max_ahead_s:
                self._refuse_too_late(deadline, wait_s)
                self._refuse_to_wait(wait_s, longest_s)
                self.sleep(wait_s)
            turn = Turn(fd, self.delay_s, self.clock)
            turn.mark_start()
            yield turn

    def _lock(self, fd: int, deadline: datetime | None) -> None:
        """Wait for the lock; poll where there is a deadline.

        Without one, this waits in the system's queue, so that who came first is next. Who polls, as graph.export.file_lock
        does, loses turn after turn to a process that asks for its next one at once (docs/decisions/0023-one-file-lock.md).
        """
        while deadline is not None:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._refuse_too_late(deadline, _POLL_S)
                self.sleep(_POLL_S)
            else:
                return
        fcntl.flock(fd, fcntl.LOCK_EX)

    def _refuse_too_late(self, deadline: datetime | None, wait_s: float) -> None:
        if deadline is not None and self.clock() + timedelta(seconds=wait_s) >= deadline:
            raise TooLateError(
                "the deadline comes before this request's turn. "
                "What was stored stays: give the command again to go on"
            )

    def _refuse_to_wait(self, wait_s: float, longest_s: float) -> None:
        # A second more, as moments are rounded.
        if wait_s > max(longest_s, self.delay_s) + 1.0:
            raise TooLateError(
                f"the service asked to be left alone for another {wait_s:.0f} s ({self.file} tells "
                "until when). What was stored stays: give the command again then to go on"
            )

    @contextmanager
    def _open(self) -> Iterator[int]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise _moment_file_error(self.file, error) from error
        try:
            yield fd
        except _MomentFileError as error:
            raise _moment_file_error(self.file, error.reason) from error.reason
        finally:
            os.close(fd)


class _MomentFileError(Exception):
    """Moment that could not be read or written; reported with the file's name where that is known."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _moment_file_error(file: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{file}: the moment of the last request can't be kept: {error.strerror or error}. "
        "Expected a place that can be written: XDG_CACHE_HOME may name another"
    )


def _write(fd: int, now: float, ahead_s: float) -> None:
    """Write a moment to the file in one step: a process killed here leaves the old moment or the new one."""
    suffix = f" {math.ceil(ahead_s)}" if ahead_s > _DEFAULT_AHEAD_S else ""
    data = f"{now + ahead_s:.6f}{suffix}\n".encode()
    try:
        os.pwrite(fd, data, 0)
        os.ftruncate(fd, len(data))
    except OSError as error:
        raise _MomentFileError(error) from error


def _read(fd: int) -> tuple[float, float]:
    """Read the moment in the file and how far ahead it can be; a damaged one keeps nobody waiting."""
    try:
        data = os.pread(fd, 40, 0)
    except OSError as error:
        raise _MomentFileError(error) from error
    moment, _, ahead_s = data.partition(b"\n")[0].partition(b" ")
    try:
        return float(moment), min(float(ahead_s or _DEFAULT_AHEAD_S), _MAX_AHEAD_S)
    except ValueError:
        return 0.0, 0.0


def retry_after_s(text: str | None, now: datetime) -> float:
    """Parse a Retry-After header (RFC 9110, 10.2.3), a number or a date, to seconds; 0 where it is neither."""
    if text is None:
        return 0.0
    if _SECONDS.fullmatch(text.strip()):
        return float(text.strip())
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def cache_folder() -> Path:
    """Return the folder of this user's caches, by the XDG base directory specification."""
    xdg_cache = os.environ.get("XDG_CACHE_HOME", "")
    return (
        Path(xdg_cache) if Path(xdg_cache).is_absolute() else Path.home() / ".cache"
    ) / "colineage"
