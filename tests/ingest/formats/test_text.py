"""Foreign text made fit for a bundle, however long it is."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.text import clean, nfc, one_line

MARKED = st.text(alphabet="a\u00e4\u0301\u0323\u0344\u034f \u1100\u1161")


@given(MARKED)
def test_short_runs_of_marks_are_unicodes_own_form(text: str) -> None:
    longest = max(
        map(len, "".join("x" if unicodedata.combining(c) else " " for c in text).split()), default=0
    )
    if longest <= 15:  # one that stands for two counts twice
        assert nfc(text) == unicodedata.normalize("NFC", text)


@given(MARKED, st.integers(1, 200))
def test_what_comes_out_is_normal_and_stays(text: str, times: int) -> None:
    found = nfc(text * times)
    assert unicodedata.is_normalized("NFC", found)
    assert nfc(found) == found


def test_a_text_of_marks_is_cleaned_in_time() -> None:
    # Sorting the marks takes the square of their number: an hour, where nothing can interrupt it.
    text = "a" + "\u0301" * 2**20 + "\u0323" * 2**20
    found = clean(text)
    assert found == one_line(text)
    assert found
    assert found.replace("\u034f", "").count("\u0323") == 2**20
