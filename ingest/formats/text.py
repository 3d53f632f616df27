"""Clean foreign text for a bundle: Unicode NFC, no NUL, no control characters, no lone surrogates."""

import re
import unicodedata
from typing import Final

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# The control characters that are no space, and the noncharacters that XML excludes too.
_UNPRINTED: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MAX_MARKS: Final = 30
_JOINER: Final = "\N{COMBINING GRAPHEME JOINER}"


def nfc(text: str) -> str:
    """Return the text in Unicode NFC, in time linear in its length.

    Ordering the combining marks of one letter takes the square of their number (a megabyte of them: minutes that
    can't be interrupted), so a joiner is inserted after every 30: Unicode's stream-safe form (UAX #15, section 13).
    No word of any language has so many.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    if len(text) <= _MAX_MARKS:
        return text
    parts: list[str] = []
    run = begin = 0
    for k, letter in enumerate(text):
        run = run + 1 if unicodedata.combining(letter) else 0
        if run > _MAX_MARKS:
            parts += (text[begin:k], _JOINER)
            run, begin = 1, k
    return "".join((*parts, text[begin:])) if parts else text


def without_lone_surrogates(text: str) -> str:
    """Return the text with U+FFFD for each lone surrogate: JSON can spell one, UTF-8 can't."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def clean(value: object) -> str | None:
    """Return the text in NFC, without NUL and without surrounding space.

    A lone surrogate becomes U+FFFD. `None` where it is no text, or nothing is left of it.
    """
    if not isinstance(value, str):
        return None
    result = without_lone_surrogates(value).replace("\0", "")
    return nfc(result).strip() or None


def one_line(value: object) -> str | None:
    """Return the cleaned text without control characters, with each run of space as one space."""
    if not isinstance(value, str):
        return None
    return clean(" ".join(_UNPRINTED.sub("", value).split()))
