"""Sanitizing of untrusted text (from papers and people) before it is printed on a terminal."""

import re
from typing import Final

# C0 except the newline, DEL and C1: a terminal may execute them as escape codes. Then the bidirectional
# controls (Unicode Bidirectional Algorithm, UAX 9), which can make one line read as another.
_CONTROLS: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def sanitize(text: str) -> str:
    """Replace each control character that a terminal would execute with a space."""
    return _CONTROLS.sub(" ", text)


def sanitize_line(text: str) -> str:
    """Return the sanitized text on one line, each run of white space as one space."""
    return " ".join(sanitize(text).split())


def shorten(text: str, length: int) -> str:
    """Return the sanitized text on one line, truncated to `length` characters with a final `…`."""
    one_line = sanitize_line(text)
    return one_line if len(one_line) <= length else one_line[: length - 1].rstrip() + "…"
