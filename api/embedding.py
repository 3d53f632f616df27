"""The embedding model behind the service: loaded at its first use, used by one query at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from graph.errors import BusyError
from recommend.embed import Embedder

MAX_WAITING: Final = 4


class SharedEmbedder:
    """Lends the embedder in turn.

    Loading it takes some 12 s, so few may wait for it: those beyond are told to come back, and the
    threads that answer everything else stay free.
    """

    def __init__(self, embedder_of: Callable[[], Embedder] | None) -> None:
        self._embedder_of = embedder_of
        self._embedder: Embedder | None = None
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    @contextmanager
    def lent(self) -> Iterator[Embedder | None]:
        """The embedder, for as long as the block runs; `None` where the service has none.

        Raises:
            BusyError: Too many wait for it.
            MissingModelError: It can't be loaded.
        """
        if self._embedder_of is None:
            yield None
            return
        if not self._places.acquire(blocking=False):
            raise BusyError(
                "the embedding model is in use or being loaded: ask again in some seconds"
            )
        try:
            with self._turn:
                if self._embedder is None:
                    self._embedder = self._embedder_of()
                yield self._embedder
        finally:
            self._places.release()
