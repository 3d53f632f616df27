"""Decimal numbers of sources in the one form of a bundle."""

import re
from typing import Final

from graph.bundle.attribute_values import is_number

_EXPONENT: Final = re.compile(r"[eE](?:\+|(-?))0*(?=[0-9])")


def decimal_of(text: str) -> str | None:
    """Return a number as the source wrote it, with `e` for `E` and an exponent without `+` and leading zeros.

    All else stays: `-0`, `1e5` and `100000` are three texts. `None` for what is no decimal even so, such as `+1`,
    `.5` and `1e0`.
    """
    decimal = _EXPONENT.sub(lambda match: "e" + (match[1] or ""), text, count=1)
    return decimal if is_number(decimal) else None
