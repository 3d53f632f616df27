"""Recommendations for all threads of the service: shared model, cached vectors, cached directions."""

import time
from collections.abc import Callable
from typing import Final

from api.embedder import SharedEmbedder
from api.single_flight import Turns
from graph.log.checkpoint import Checkpoint
from graph.store import GraphStore
from recommend.directions import Directions, directions
from recommend.embed import Embedder
from recommend.related import Suggestions, related
from recommend.vectors import VectorCache

MAX_KEPT: Final = 16
KEPT_FOR_S: Final = 300.0


class Recommender:
    """Recommender for all threads of a service.

    Directions read the whole graph (seconds), so a result is kept while the log is unchanged; but not
    for ever, as vectors that are stored meanwhile don't change the log.
    """

    def __init__(
        self,
        embedder_of: Callable[[], Embedder] | None,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = SharedEmbedder(embedder_of)
        self._seconds = seconds
        self._vectors = VectorCache(seconds=seconds)
        self._turns = Turns("directions")
        self._kept: dict[tuple[Checkpoint, int], tuple[float, Directions]] = {}

    def related(self, store: GraphStore, query: str, *, limit: int) -> Suggestions:
        """Return related work, as `recommend.related.related`."""
        embedder = self._shared.embedder()
        return related(store, embedder, query, limit=limit, cache=self._vectors)

    def directions(self, store: GraphStore, *, limit: int) -> Directions:
        """Return unexplored directions in the current log, as `recommend.directions.directions`."""
        key = (store.checkpoint(), limit)
        found = self._fresh(key)
        if found is None:
            with self._turns.taken():
                found = self._fresh(key) or self._sought(store, key)
        return found

    def _fresh(self, key: tuple[Checkpoint, int]) -> Directions | None:
        at, found = self._kept.get(key, (0.0, None))
        return found if self._seconds() - at < KEPT_FOR_S else None

    def _sought(self, store: GraphStore, key: tuple[Checkpoint, int]) -> Directions:
        embedder = self._shared.embedder()
        model = embedder.model if embedder else None
        found = directions(store, limit=key[1], model=model, cache=self._vectors)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (self._seconds(), found)
        return found
