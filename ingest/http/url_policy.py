"""URL policy: check that an address may be fetched from, and with which delay between requests."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from graph.errors import Fault, InputError

LEAST_DELAY_S: Final = 3.0
"""Politeness delay that arXiv asks for between two requests: https://info.arxiv.org/help/api/tou.html."""

LONGEST_DELAY_S: Final = 3600.0
"""Longest delay accepted: a moment further ahead is taken for a clock that was set back."""

_VISIBLE: Final = re.compile(r"[!\"$->@-~]+")
_ADDRESS: Final = "an http or https address in ASCII, without a user, a password, ? and #"


def checked_delay_s(delay_s: float, base_url: str, *, name: str = "base_url") -> float:
    """Return the delay if it may be used towards this address: below 3 seconds only on this machine itself.

    Args:
        delay_s: Seconds between requests.
        base_url: The address.
        name: Name of the address in the error.

    Raises:
        InputError: It may not, or the address is no valid one.
    """
    host = host_of(base_url)
    faults = []
    if not host:
        faults.append(_no_address(base_url, name))
    if not 0 <= delay_s <= LONGEST_DELAY_S:
        faults.append(Fault("delay", f"seconds from 0 to {LONGEST_DELAY_S:g}", f"{delay_s:g}"))
    elif delay_s < LEAST_DELAY_S and not is_loopback(host):
        faults.append(
            Fault(
                "delay",
                f"at least {LEAST_DELAY_S:g} seconds, except towards this machine",
                f"{delay_s:g}",
            )
        )
    if faults:
        raise InputError("can't fetch in this way", faults)
    return delay_s


def checked_host(base_url: str) -> str:
    """Return the host of an address that may be fetched from.

    Raises:
        InputError: The address is no valid one.
    """
    host = host_of(base_url)
    if not host:
        raise InputError("can't fetch from there", [_no_address(base_url)])
    return host


def _no_address(base_url: str, name: str = "base_url") -> Fault:
    return Fault(name, _ADDRESS, ascii(base_url[:200])[1:-1])


def host_of(base_url: str) -> str:
    """Return the host of an address to which a query can be appended; empty where the address is invalid.

    The address must be visible ASCII (RFC 3986, section 2), so that a run can hold it as it is. The address of a
    query is stored for good and shown to all: one with a password is refused.
    """
    if not _VISIBLE.fullmatch(base_url):
        return ""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and parts.port != 0 and "@" not in parts.netloc
    except ValueError:  # brackets that don't close, an invalid port
        return ""
    return (parts.hostname or "") if usable else ""


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
