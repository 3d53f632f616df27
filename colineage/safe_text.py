"""Text from papers and people, made safe to print on a terminal."""

import re
from typing import Final

# C0 but for the newline, DEL and C1: a terminal may obey them. Then the marks that turn the direction
# of writing (Unicode Bidirectional Algorithm, UAX 9), with which a line can be made to read as another.
_OBEYED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def plain(text: str) -> str:
    """The text without what a terminal would obey: each such character becomes a space."""
    return _OBEYED.sub(" ", text)


def line(text: str) -> str:
    """The text on one line, each run of white space one space."""
    return " ".join(plain(text).split())


def shortened(text: str, length: int) -> str:
    """The text on one line, cut to a length with a mark where something was cut."""
    found = line(text)
    return found if len(found) <= length else found[: length - 1].rstrip() + "…"
