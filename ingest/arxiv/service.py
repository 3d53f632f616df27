"""The way to one of arXiv's services: strict, and in turn with all other requests to arXiv."""

import random
import time
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from graph.clock import system_clock
from ingest.http.client import Limits, Transport, open_client
from ingest.http.rate_limit import Turnstile, cache_folder

# arXiv asks for three seconds between requests to any of its services, so they share one turnstile.
_ARXIV: Final = "arxiv.org"


def transport_to(
    address: str, *, agent: str, delay_s: float, deadline: datetime | None
) -> Transport:
    """What fetches from a service; to be closed.

    Args:
        address: Any address of the service.
        agent: What it calls itself.
        delay_s: Seconds between requests.
        deadline: No request begins after it.
    """
    limits = Limits()
    gate = cache_folder() / "polite" / host_name(address)
    return Transport(
        open_client(address, agent=agent, limits=limits),
        Turnstile(gate, delay_s, system_clock, time.sleep),
        limits=limits,
        clock=system_clock,
        sleep=time.sleep,
        chance=random.Random(),  # noqa: S311 - spreads retries, guards nothing
        deadline=deadline,
    )


def host_name(address: str) -> str:
    """The host of a service as the name of a file; all of arXiv's services have one."""
    host = urlsplit(address).hostname or ""
    if host == _ARXIV or host.endswith("." + _ARXIV):
        host = _ARXIV
    return "".join(c if c.isalnum() else "-" for c in host)
