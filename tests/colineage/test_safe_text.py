import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from colineage.safe_text import sanitize, sanitize_line, shorten


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    found = sanitize(text)
    assert not [c for c in found if unicodedata.category(c) == "Cc" and c != "\n"]
    assert not set(found) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    assert len(found) == len(text)


@given(st.text(), st.integers(1, 20))
def test_a_shortened_text_is_one_short_line(text: str, length: int) -> None:
    found = shorten(text, length)
    assert len(found) <= length
    assert "\n" not in found
    assert (found == sanitize_line(text)) == (len(sanitize_line(text)) <= length)


def test_other_scripts_stay_as_they_are() -> None:
    text = "Erdős, 陶哲軒, δ → ∞, עברית"
    assert sanitize(text) == text
