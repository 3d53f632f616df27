"""Harvests arXiv: each page of listings is one append, and a stopped harvest goes on by itself."""

import contextlib
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from graph.clock import system_clock
from graph.errors import GraphError, SourceError
from graph.store import GraphStore
from graph.voice import Voice
from ingest.arxiv.asked import API, Asked
from ingest.arxiv.bundles import API as API_MAPPING
from ingest.arxiv.bundles import RAW
from ingest.arxiv.course import Course
from ingest.arxiv.lists import harvest_lists
from ingest.manners import Turnstile, cache_folder
from ingest.page import Report
from ingest.quarantine import NO_QUARANTINE, Quarantine
from ingest.transport import Limits, Transport, open_client

# arXiv asks for three seconds between requests to any of its services, so they share one turnstile.
_ARXIV: Final = "arxiv.org"


def harvest(
    store: GraphStore,
    voice: Voice,
    asked: Asked,
    *,
    quarantine: Quarantine = NO_QUARANTINE,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Everything that is asked for, into the store.

    Args:
        store: Where to.
        voice: Who vouches for what was read.
        asked: What, and how.
        quarantine: Where refused records are kept.
        progress: Told after each page how many records were seen.

    Returns:
        The counts; `complete` unless it stopped at `max_records`.

    Raises:
        InputError: What is asked for is wrong.
        SourceError: arXiv gave no usable answer; what was stored stays, and the same call goes on there.
        RefusedError: arXiv says no.
    """
    asked.check()
    limits = Limits()
    turnstile = Turnstile(
        cache_folder() / "polite" / _gate(asked.address), asked.delay_s, system_clock, time.sleep
    )
    transport = Transport(
        open_client(asked.address, agent=asked.agent, limits=limits),
        turnstile,
        limits=limits,
        clock=system_clock,
        sleep=time.sleep,
        chance=random.Random(),  # noqa: S311 - spreads retries, guards nothing
        deadline=system_clock() + timedelta(seconds=asked.deadline_s) if asked.deadline_s else None,
    )
    try:
        return harvest_through(
            transport, store, voice, asked, quarantine=quarantine, progress=progress
        )
    finally:
        transport.close()


def harvest_through(
    transport: Transport,
    store: GraphStore,
    voice: Voice,
    asked: Asked,
    *,
    quarantine: Quarantine = NO_QUARANTINE,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """As `harvest`, through a transport that is given."""
    asked.check()
    course = Course(
        store,
        voice,
        tool=API_MAPPING if asked.via == API else RAW,
        quarantine=quarantine,
        report=Report("arxiv", log_size=store.checkpoint().size),
        left=asked.max_records,
        progress=progress,
    )
    try:
        if asked.via == API:
            # Here, as the `arxiv` package takes a fifth of a second to load.
            from ingest.arxiv.windows import harvest_windows

            harvest_windows(transport, course, asked)
        else:
            harvest_lists(transport, course, asked)
    except SourceError:
        with contextlib.suppress(GraphError):
            course.note()
        raise
    course.note()
    return course.report


def _gate(address: str) -> str:
    """The name of the file that the requests to one service, and to all of arXiv's, share."""
    host = urlsplit(address).hostname or ""
    if host == _ARXIV or host.endswith("." + _ARXIV):
        host = _ARXIV
    return "".join(c if c.isalnum() else "-" for c in host)
