"""Foreign text, made fit for a bundle."""

import re
import unicodedata
from typing import Final

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(value: object) -> str | None:
    """The text in NFC, without NUL and without space around it.

    A lone surrogate (JSON can spell one, UTF-8 can't) becomes U+FFFD. `None` where it is no text, or
    nothing is left of it.
    """
    if not isinstance(value, str):
        return None
    found = _LONE_SURROGATE.sub("\ufffd", value).replace("\0", "")
    return unicodedata.normalize("NFC", found).strip() or None


def one_line(value: object) -> str | None:
    """The same, with each run of space as one space."""
    found = clean(value)
    return " ".join(found.split()) or None if found else None
