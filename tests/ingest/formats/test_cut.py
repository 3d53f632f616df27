"""Titles and names that are longer than a bundle holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.attribute_values import MAX_SHORT_TEXT_BYTES
from ingest.formats.cut import cut_short, short_text

_LETTERS = st.characters(exclude_categories=["Cs"])
_WORDS = st.text(_LETTERS, min_size=1, max_size=40)


def repeated(parts: list[str], times: int) -> str:
    return "".join(parts) * times


LONG = st.builds(repeated, st.lists(_WORDS | st.just(" "), min_size=1), st.integers(1, 400)).map(
    lambda text: text.lstrip(" ")
)


@given(LONG)
def test_a_cut_text_is_the_longest_beginning_that_ends_before_a_space(text: str) -> None:
    short, is_cut = cut_short(text)
    octets, kept = text.encode(), short.encode()
    assert octets.startswith(kept)
    assert is_cut == (len(octets) > MAX_SHORT_TEXT_BYTES)
    if not is_cut:
        assert short == text
        return
    first, rest = octets[:MAX_SHORT_TEXT_BYTES], octets[len(kept) : MAX_SHORT_TEXT_BYTES]
    if b" " in first:
        assert rest.startswith(b" ")
        assert rest.count(b" ") == 1
    else:
        assert len(rest) <= 3
        assert not rest.decode(errors="ignore")


@given(LONG)
def test_cutting_again_changes_nothing(text: str) -> None:
    short, _ = cut_short(text)
    assert cut_short(short) == (short, False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 4096, "a" * 4096),
        ("a" * 4097, "a" * 4096),
        ("a" * 4095 + " b", "a" * 4095),
        ("a" * 4096 + " b", "a" * 4096),
        ("a b" + "c" * 4096, "a"),
        ("a  " + "c" * 4096, "a "),
        ("a\u00a0" + "c" * 4096, "a\u00a0" + "c" * 4093),
        ("a\t" + "c" * 4096, "a\t" + "c" * 4094),
        ("\u00e9" * 2049, "\u00e9" * 2048),
        ("a" + "\u00e9" * 2048, "a" + "\u00e9" * 2047),
        ("a" * 4093 + "\U0001f600", "a" * 4093),
        ("a" * 4095 + "e\u0301", "a" * 4095 + "e"),
    ],
)
def test_the_edges(text: str, kept: str) -> None:
    assert cut_short(text) == (kept, kept != text)


def test_an_attribute_says_that_it_was_cut() -> None:
    assert short_text("title", "A title") == {"title": "A title"}
    assert short_text("name", "a" * 4097) == {"name": "a" * 4096, "cut": True}
    assert short_text("name", None) == {}
