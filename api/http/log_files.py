"""Files `/log/about.json` and `/log/bundles/…`: the log in the format of an export, so that others can pull it."""

import math
import time
from collections.abc import AsyncGenerator, Callable
from itertools import islice
from typing import Final

from api.service import Service
from api.single_flight import Turns
from graph.bundle.keys import Signer
from graph.errors import NotFoundError
from graph.export.format import BUNDLES, PAGE, first_of, line_of
from graph.export.log_manifest import About, about, undigested
from graph.store import GraphStore

_AT_ONCE: Final = 500
"""Bundles that are read in one turn of a thread: other requests get their turns in between."""

_TIMES: Final = 10
"""A digest isn't computed again for this many times as long as it took: while the log grows that costs a tenth of a
thread, however often it is requested."""

_QUICK_S: Final = 0.5
"""A digest that takes no longer is computed for every request."""


class Told:
    """Cache of the log's `about.json`: its digest walks the whole graph, so it is kept while the graph is unchanged."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing cached."""
        self._seconds = seconds
        self._turns = Turns("about.json")
        self._kept: About | None = None
        self._rests_until = -math.inf

    def about(self, store: GraphStore, signer: Signer) -> bytes:
        """Return the bytes of the current `about.json`; without a new digest where one was computed just now.

        Raises:
            BusyError: Too many wait for it already.
        """
        with self._turns.taken():
            if self._kept is not None and self._seconds() < self._rests_until:
                self._kept = undigested(store, signer.key, self._kept)
            else:
                self._kept = self._digested(store, signer)
            return self._kept.written()

    def _digested(self, store: GraphStore, signer: Signer) -> About:
        start = self._seconds()
        found = about(store, signer.key, before=self._kept)
        now = self._seconds()
        if now - start > _QUICK_S:
            self._rests_until = now + _TIMES * (now - start)
        return found


async def bundle_file(service: Service, name: str) -> AsyncGenerator[bytes, None]:
    """Return the parts of one file of bundles, the first of them already read.

    Raises:
        NotFoundError: There is no file of this name, or no bundle in it yet.
    """
    first = first_of(f"{BUNDLES}/{name}")
    size = await service.answer(lambda store: store.checkpoint().size)
    if first is None or first >= size:
        raise NotFoundError(
            f"no file of bundles {name[:40]!r}: there is one for each {PAGE:,} positions of a log "
            f"of {size:,} bundles, from 00000000.ndjson"
        )
    stop = min(first + PAGE, size)
    # Read before the response begins, so that a store that can't be read still becomes an error response.
    part = await _part(service, first, stop)
    return _parts(service, part, first + _AT_ONCE, stop)


async def _parts(
    service: Service, part: bytes, start: int, stop: int
) -> AsyncGenerator[bytes, None]:
    yield part
    for position in range(start, stop, _AT_ONCE):
        yield await _part(service, position, stop)


async def _part(service: Service, start: int, stop: int) -> bytes:
    wanted = min(_AT_ONCE, stop - start)
    return await service.answer(
        lambda store: b"".join(map(line_of, islice(store.raw(start), wanted)))
    )
