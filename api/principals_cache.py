"""Cache of the principals that speak in the log: reading them takes a pass over the whole log."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.single_flight import SingleFlight
from graph.log.checkpoint import Checkpoint
from graph.queries.principals import Principals, principals
from graph.rules.facts import TrustEntry
from graph.store import GraphStore

KEEP_FACTOR: Final = 10
"""A result is kept for this many times as long as it took, so a growing log costs a tenth of a thread."""


@dataclass(frozen=True, slots=True)
class PrincipalsSnapshot:
    """Principals that spoke in the log up to a checkpoint; fresh until a time of the cache's clock."""

    as_of: Checkpoint
    principals: Principals
    trust: tuple[TrustEntry, ...]
    fresh_until_s: float


class PrincipalsCache:
    """Cache of the principals for all threads of a service; one thread at a time reads the log."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._single_flight = SingleFlight("speakers")
        self._snapshot: PrincipalsSnapshot | None = None

    def snapshot(self, store: GraphStore) -> PrincipalsSnapshot:
        """Return the principals, as of the current log or of the log a moment ago."""
        current = self._fresh_snapshot(store)
        if current is None:
            with self._single_flight.turn():
                current = self._fresh_snapshot(store) or self._read_snapshot(store)
        return current

    def _fresh_snapshot(self, store: GraphStore) -> PrincipalsSnapshot | None:
        snapshot = self._snapshot
        if snapshot is None or snapshot.trust != store.trust_list():
            return None
        fresh = self._seconds() < snapshot.fresh_until_s or snapshot.as_of == store.checkpoint()
        return snapshot if fresh else None

    def _read_snapshot(self, store: GraphStore) -> PrincipalsSnapshot:
        start = self._seconds()
        as_of, trust = store.checkpoint(), store.trust_list()
        present = principals(store)
        now = self._seconds()
        self._snapshot = PrincipalsSnapshot(
            as_of, present, trust, now + KEEP_FACTOR * (now - start)
        )
        return self._snapshot
