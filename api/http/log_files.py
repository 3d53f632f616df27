"""Files `/log/about.json` and `/log/bundles/…`: the log in the format of an export, so that others can pull it."""

import math
import time
from collections.abc import AsyncGenerator, Callable
from itertools import islice
from typing import Final

from api.service import Service
from api.single_flight import SingleFlight
from graph.bundle.keys import Signer
from graph.errors import NotFoundError
from graph.export.format import BUNDLES, PAGE, first_of, line_of
from graph.export.log_manifest import LogManifest, make_manifest, make_manifest_without_digest
from graph.store import GraphStore

_BATCH_SIZE: Final = 500
"""Bundles that are read in one turn of a thread: other requests get their turns in between."""

_REST_FACTOR: Final = 10
"""A digest isn't computed again for this many times as long as it took: while the log grows that costs a tenth of a
thread, however often it is requested."""

_QUICK_S: Final = 0.5
"""A digest that takes no longer is computed for every request."""


class ManifestCache:
    """Cache of the log's `about.json`: its digest walks the whole graph, so it is kept while the graph is unchanged."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Start with nothing cached."""
        self._seconds = seconds
        self._single_flight = SingleFlight("about.json")
        self._manifest: LogManifest | None = None
        self._next_digest_s = -math.inf

    def about(self, store: GraphStore, signer: Signer) -> bytes:
        """Return the bytes of the current `about.json`; without a new digest where one was computed just now.

        Raises:
            BusyError: Too many wait for it already.
        """
        with self._single_flight.turn():
            if self._manifest is not None and self._seconds() < self._next_digest_s:
                self._manifest = make_manifest_without_digest(store, signer.key, self._manifest)
            else:
                self._manifest = self._manifest_with_digest(store, signer)
            return self._manifest.to_bytes()

    def _manifest_with_digest(self, store: GraphStore, signer: Signer) -> LogManifest:
        start = self._seconds()
        manifest = make_manifest(store, signer.key, before=self._manifest)
        now = self._seconds()
        if now - start > _QUICK_S:
            self._next_digest_s = now + _REST_FACTOR * (now - start)
        return manifest


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
    return _parts(service, part, first + _BATCH_SIZE, stop)


async def _parts(
    service: Service, part: bytes, start: int, stop: int
) -> AsyncGenerator[bytes, None]:
    yield part
    for position in range(start, stop, _BATCH_SIZE):
        yield await _part(service, position, stop)


async def _part(service: Service, start: int, stop: int) -> bytes:
    count = min(_BATCH_SIZE, stop - start)
    return await service.answer(
        lambda store: b"".join(map(line_of, islice(store.raw_bundles(start), count)))
    )
