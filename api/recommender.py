"""Recommendations for all threads of the service: shared model, cached vectors, cached directions."""

import time
from collections.abc import Callable
from typing import Final

from api.embedder import SharedEmbedder
from api.single_flight import SingleFlight
from graph.log.checkpoint import Checkpoint
from graph.store import GraphStore
from recommend.directions import ResearchDirections, find_directions
from recommend.embed import Embedder
from recommend.related import Suggestions, find_related
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
        self._single_flight = SingleFlight("directions")
        self._directions_cache: dict[tuple[Checkpoint, int], tuple[float, ResearchDirections]] = {}

    def find_related_to(self, store: GraphStore, query: str, *, limit: int) -> Suggestions:
        """Return related work, as `recommend.related.find_related`."""
        embedder = self._shared.embedder()
        return find_related(store, embedder, query, limit=limit, cache=self._vectors)

    def directions(self, store: GraphStore, *, limit: int) -> ResearchDirections:
        """Return unexplored directions in the current log, as `recommend.directions.find_directions`."""
        key = (store.checkpoint(), limit)
        result = self._fresh_directions(key)
        if result is None:
            with self._single_flight.turn():
                result = self._fresh_directions(key) or self._compute_directions(store, key)
        return result

    def _fresh_directions(self, key: tuple[Checkpoint, int]) -> ResearchDirections | None:
        at, result = self._directions_cache.get(key, (0.0, None))
        return result if self._seconds() - at < KEPT_FOR_S else None

    def _compute_directions(
        self, store: GraphStore, key: tuple[Checkpoint, int]
    ) -> ResearchDirections:
        embedder = self._shared.embedder()
        model = embedder.model if embedder else None
        result = find_directions(store, limit=key[1], model=model, cache=self._vectors)
        if len(self._directions_cache) >= MAX_KEPT:
            self._directions_cache.clear()
        self._directions_cache[key] = (self._seconds(), result)
        return result
