"""Which form of an answer is wanted: the Accept header with its weights (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from typing import Final

HTML: Final = "text/html"
JSON_LD: Final = "application/ld+json"
JSON: Final = "application/json"

FORMATS: Final = {"html": HTML, "jsonld": JSON_LD, "json": JSON}
"""What `?format=` may say; it is stronger than the header."""


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the header likes best, `None` where it accepts none.

    Where it likes several the same, the earlier offer is taken; no header accepts everything.
    """
    ranges = _ranges(accept) if accept and accept.strip() else [("*/*", 1.0)]
    weights = [_weight(offer, ranges) for offer in offers]
    best = max(weights, default=0.0)
    return offers[weights.index(best)] if best > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(",")[:50]:
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                weight = _number(value.strip())
        if media:
            found.append((media.lower(), weight))
    return found


def _number(text: str) -> float:
    """A weight between 0 and 1; what is none counts as 0."""
    if len(text) > 5 or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return 0.0
    return min(float(text), 1.0)


def _weight(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """That of the most exact range that matches."""
    for pattern in (offer, offer.partition("/")[0] + "/*", "*/*"):
        found = [weight for media, weight in ranges if media == pattern]
        if found:
            return max(found)
    return 0.0
