"""Foreign text, made fit for a bundle."""

import re
import unicodedata
from typing import Final

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# The controls that are no space, and the noncharacters that XML leaves out too.
_UNPRINTED: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")


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
    """The same without control characters, with each run of space as one space."""
    if not isinstance(value, str):
        return None
    return clean(" ".join(_UNPRINTED.sub("", value).split()))
