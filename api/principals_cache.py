"""Cache of the principals that speak in the log: reading them takes a pass over the whole log."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.single_flight import Turns
from graph.log.checkpoint import Checkpoint
from graph.queries.principals import Speakers, speakers
from graph.store import GraphStore

TIMES: Final = 10
"""A result is kept for this many times as long as it took, so a growing log costs a tenth of a thread."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Principals that spoke in the log up to a checkpoint; fresh until a time of the cache's clock."""

    as_of: Checkpoint
    found: Speakers
    trusted: frozenset[str]
    until: float


class Listener:
    """Cache of the principals for all threads of a service; one thread at a time reads the log."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._turns = Turns("speakers")
        self._kept: Heard | None = None

    def heard(self, store: GraphStore) -> Heard:
        """Return the principals, as of the current log or of the log a moment ago."""
        known = self._known(store)
        if known is None:
            with self._turns.taken():
                known = self._known(store) or self._listened(store)
        return known

    def _known(self, store: GraphStore) -> Heard | None:
        kept = self._kept
        if kept is None or kept.trusted != store.trusted():
            return None
        fresh = self._seconds() < kept.until or kept.as_of == store.checkpoint()
        return kept if fresh else None

    def _listened(self, store: GraphStore) -> Heard:
        start = self._seconds()
        as_of, trusted = store.checkpoint(), store.trusted()
        found = speakers(store)
        now = self._seconds()
        self._kept = Heard(as_of, found, trusted, now + TIMES * (now - start))
        return self._kept
