"""HTTP transport to an arXiv service: strict, and behind the rate limit that all requests to arXiv share."""

import random
import time
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from graph.clock import system_clock
from ingest.http.client import FetchLimits, Transport, open_client
from ingest.http.rate_limit import RateLimiter, cache_folder

# arXiv asks for three seconds between requests to any of its services, so they share one rate limiter.
_ARXIV: Final = "arxiv.org"


def open_transport(
    address: str, *, agent: str, delay_s: float, deadline: datetime | None
) -> Transport:
    """Open a transport that fetches from a service; the caller closes it.

    Args:
        address: Any address of the service.
        agent: User-Agent of the requests.
        delay_s: Politeness delay between requests, in seconds.
        deadline: No request begins after it.
    """
    limits = FetchLimits()
    state_file = cache_folder() / "polite" / host_name(address)
    return Transport(
        open_client(address, agent=agent, limits=limits),
        RateLimiter(state_file, delay_s, system_clock, time.sleep),
        limits=limits,
        clock=system_clock,
        sleep=time.sleep,
        rng=random.Random(),  # noqa: S311 - spreads retries, guards nothing
        deadline=deadline,
    )


def host_name(address: str) -> str:
    """Return the host of a service as a file name; all of arXiv's services share one."""
    host = urlsplit(address).hostname or ""
    if host == _ARXIV or host.endswith("." + _ARXIV):
        host = _ARXIV
    return "".join(c if c.isalnum() else "-" for c in host)
