"""Single flight: expensive work is done by one thread at a time, and only a few may wait for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import BusyError

MAX_WAITING: Final = 4


class SingleFlight:
    """Lock with a bounded queue: callers beyond a few get `BusyError`, so that threads stay free for others."""

    def __init__(self, name: str) -> None:
        """Keep the name of the work, for the message of the error."""
        self._name = name
        self._lock = threading.Lock()
        self._capacity = threading.BoundedSemaphore(MAX_WAITING)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock for as long as the block runs.

        Raises:
            BusyError: Too many wait already.
        """
        if not self._capacity.acquire(blocking=False):
            raise BusyError(f"{self._name}: too many wait already")
        try:
            with self._lock:
                yield
        finally:
            self._capacity.release()
