"""Single flight: expensive work is done by one thread at a time, and only a few may wait for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import BusyError

MAX_WAITING: Final = 4


class Turns:
    """Lock with a bounded queue: callers beyond a few get `BusyError`, so that threads stay free for others."""

    def __init__(self, what: str) -> None:
        """Keep the name of the work, for the message of the error."""
        self._what = what
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the lock for as long as the block runs.

        Raises:
            BusyError: Too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(f"{self._what}: too many wait already")
        try:
            with self._turn:
                yield
        finally:
            self._places.release()
