"""Work that is done by one thread at a time, and that only a few may wait for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import BusyError

MAX_WAITING: Final = 4


class Turns:
    """One at a time; those beyond a few are told to come back, so that threads stay free for others."""

    def __init__(self, what: str) -> None:
        """Keeps what is waited for, in words."""
        self._what = what
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The turn, for as long as the block runs.

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
