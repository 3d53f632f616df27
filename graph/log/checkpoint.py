"""Checkpoint: the size and the root of a log at one moment (RFC 6962, section 3.5 calls it a tree head)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Log at one moment: the number of bundles, and the RFC 6962 root over their headers (hex)."""

    size: int
    root: str
