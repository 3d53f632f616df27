"""Decimal numbers: as the source writes them, in the one form of an exponent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.attribute_values import is_number
from ingest.formats.decimals import decimal_of


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("0.30", "0.30"),
        ("-0", "-0"),
        ("100000", "100000"),
        ("1e5", "1e5"),
        ("1E5", "1e5"),
        ("1e+05", "1e5"),
        ("-1.5E-0012", "-1.5e-12"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1e0", None),
        ("1e+00", None),
        ("1e+-5", None),
        ("1e5e+5", None),
        ("1e1234567890", None),
        ("+1", None),
        ("01", None),
        (".5", None),
        ("1.", None),
        ("-NaN", None),
        ("\u0661", None),
        ("1e\u0661", None),
        ("", None),
    ],
)
def test_the_form_of_a_decimal(text: str, decimal: str | None) -> None:
    assert decimal_of(text) == decimal


@given(st.floats())
def test_a_number_of_python_is_as_large_as_before(number: float) -> None:
    text = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(number), str(number))
    decimal = decimal_of(text)
    assert decimal is not None
    assert is_number(decimal)
    assert str(float(decimal)) == str(number)


@given(st.text("0123456789.eE+-aIfnity", max_size=12))
def test_no_text_leads_to_anything_but_a_decimal_or_nothing(text: str) -> None:
    decimal = decimal_of(text)
    assert decimal is None or (is_number(decimal) and decimal_of(decimal) == decimal)
