"""Sanitizing of untrusted text (from papers and people) before it is printed on a terminal."""

import re
from typing import Final

# C0 except the newline, DEL and C1: a terminal may execute them as escape codes. Then the bidirectional
# controls (Unicode Bidirectional Algorithm, UAX 9), which can make one line read as another.
_OBEYED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def plain(text: str) -> str:
    """Replace each control character that a terminal would execute with a space."""
    return _OBEYED.sub(" ", text)


def line(text: str) -> str:
    """Return the sanitized text on one line, each run of white space as one space."""
    return " ".join(plain(text).split())


def shortened(text: str, length: int) -> str:
    """Return the sanitized text on one line, truncated to `length` characters with a final `…`."""
    found = line(text)
    return found if len(found) <= length else found[: length - 1].rstrip() + "…"
