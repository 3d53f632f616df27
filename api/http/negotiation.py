"""Content negotiation: choose a media type by the Accept header and its weights (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from typing import Final

HTML: Final = "text/html"
JSON_LD: Final = "application/ld+json"
JSON: Final = "application/json"

FORMATS: Final = {"html": HTML, "jsonld": JSON_LD, "json": JSON}
"""Values of `?format=`, which overrides the header."""


def best_offer(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer with the greatest weight in the header, `None` where it accepts none.

    Of offers with the same weight the earlier is taken; an absent header accepts everything.
    """
    ranges = _ranges(accept) if accept and accept.strip() else [("*/*", 1.0)]
    weights = [_weight(offer, ranges) for offer in offers]
    best = max(weights, default=0.0)
    return offers[weights.index(best)] if best > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(",")[:50]:
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                weight = _parse_weight(value.strip())
        if media:
            ranges.append((media.lower(), weight))
    return ranges


def _parse_weight(text: str) -> float:
    """Return the weight that a text states, between 0 and 1; 0 where it states none."""
    if len(text) > 5 or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return 0.0
    return min(float(text), 1.0)


def _weight(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the weight of the most specific range that matches an offer, 0 where none does."""
    for pattern in (offer, offer.partition("/")[0] + "/*", "*/*"):
        weights = [weight for media, weight in ranges if media == pattern]
        if weights:
            return max(weights)
    return 0.0
