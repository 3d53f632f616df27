"""Which form of an answer is wanted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.negotiation import best_offer

HTML, LD, JSON = "text/html", "application/ld+json", "application/json"
OFFERS = (HTML, LD, JSON)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        (BROWSER, HTML),
        ("application/ld+json", LD),
        ("Application/LD+JSON", LD),
        ("application/json", JSON),
        ("application/*", LD),
        ("application/json, application/ld+json", LD),
        ("application/ld+json;q=0.5, application/json", JSON),
        ("text/html;q=0.2, application/ld+json;q=0.9", LD),
        ("*/*;q=0.1, application/ld+json;q=0", HTML),
        ("text/html;q=0, */*", LD),
        ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"; q=0.7', LD),
        ("application/xml", None),
        ("text/html;q=0", None),
        ("text/html;q=nonsense", None),
        ("text/html;q=-1", None),
        ("text/html;q=9", HTML),
        (";;;,,,", None),
        ("text/html;q=0.1, application/ld+json;q=0.5, text/html;q=0.9", HTML),
        ("text/html;q=0.9, application/ld+json;q=0.5, text/html;q=0.1", HTML),
        ("*/*;q=0.9, text/html;q=0.2, */*;q=0.1", LD),
        ("application/json;q=0, application/json", JSON),
    ],
)
def test_preferred(accept: str | None, wanted: str | None) -> None:
    assert best_offer(accept, OFFERS) == wanted


@settings(deadline=None)
@given(st.text())
def test_any_header_gets_an_offer_or_none(accept: str) -> None:
    assert best_offer(accept, OFFERS) in {*OFFERS, None}
