import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.arxiv.paper.tex_text import (
    clean,
    line,
    paragraphs,
    readable_text,
    served_line,
    served_name,
)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        (r"C. Bal\'azs", "C. Balázs"),
        (r"Franz G\"ahler", "Franz Gähler"),
        (r"\'{A}ngel {\'A}ngel \'Angel", "Ángel Ángel Ángel"),
        (r"\v{S}a\v s \c{C}ak\i{}r Ca\u{g}lar", "Šaš Çak\u0131r Cağlar"),
        (r"\O{}re {\O}re \L{}uk Str{\o}m Bj\o rn", "Øre Øre Łuk Strøm Bjørn"),
        (r"Mart\'{\i}nez Mart\'\i nez Pla\~{n}o", "Martínez Martínez Plaño"),
        (r"{\AA}ngstr{\"o}m Erd\H{o}s Wei\ss", "Ångström Erdős Weiß"),
        (r"on $\'a$ and \'Etale", r"on $\'a$ and Étale"),
        (
            r"\alpha decays of \Psi(3770) {\it in} \ell",
            r"\alpha decays of \Psi(3770) {\it in} \ell",
        ),
        ("no TeX at all", "no TeX at all"),
    ],
)
def test_tex_accents_become_letters_and_math_stays(printed: str, plain: str) -> None:
    assert readable_text(printed) == plain


def test_a_paragraph_is_a_line() -> None:
    assert paragraphs("  We a\nb c\n  New one\nx\n\nThird \n") == "We a b c\nNew one x\nThird"
    assert paragraphs(" \n ") is None


def test_a_line_has_single_spaces_or_is_not_said() -> None:
    assert line(" a\n  b\t c\x00\x1b ") == "a b c"
    assert line(" \n\t ") is None


@given(st.text())
def test_clean_text_fits_a_bundle(text: str) -> None:
    found = clean(text)
    assert unicodedata.is_normalized("NFC", found)
    assert "\x00" not in found
    found.encode()
    assert clean(found) == found


@given(st.text())
def test_reading_tex_never_fails_and_stays_in_nfc(text: str) -> None:
    found = readable_text(clean(text))
    assert unicodedata.is_normalized("NFC", found)


@given(st.text(alphabet="\\{}'\"`^~=.uvHrckdbijaeoAEOLl $ "))
def test_tex_in_pieces_never_fails(text: str) -> None:
    readable_text(text).encode()


def test_a_served_line_loses_its_wrapping_and_nothing_else() -> None:
    assert served_line(" A\n  B\t\r\nC ") == "A B C"
    assert served_line("Zoe\u0301\u00a0X\u2003 Y\x96\x00") == "Zoe\u0301\u00a0X\u2003 Y\x96\x00"


def test_a_served_name_loses_the_ascii_space_around_it_and_nothing_else() -> None:
    assert served_name("\n\v\f A  B\n  C\u0301\t") == "A  B\n  C\u0301"
    assert served_name("\u00a0A\u2003") == "\u00a0A\u2003"
    assert served_name(" \u00a0\x00\x96\ufffe") is None


@given(st.text())
def test_a_name_on_its_own_and_on_a_line_differs_in_spacing_only(text: str) -> None:
    name = served_name(text)
    assert (name is None) == (line(text) is None)
    assert name is None or served_line(name) == served_line(text)
    assert [letter for letter in served_line(text) if letter not in " \t\n\r\v\f"] == [
        letter for letter in text if letter not in " \t\n\r\v\f"
    ]
