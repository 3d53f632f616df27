"""Octets of a git history as text: lossless, to be parsed, or as the commit's encoding reads them, to be shown."""

import re
from typing import Final

# Codecs whose tables every Python has; what else a header states (it may state anything) is read as UTF-8.
_ENCODING: Final = re.compile(
    r"iso-?8859-?\d{1,2}|latin-?1|(?:windows|cp)-?125\d|koi8-?[ru]|euc-?(?:jp|kr)|iso-2022-jp"
    r"|s(?:hift)?[-_]?jis|gb(?:2312|k|18030)|big5",
    re.IGNORECASE | re.ASCII,
)


def lossless_text(octets: bytes) -> str:
    """Return octets as UTF-8; one that is none becomes a lone surrogate (PEP 383), so that no octet is lost."""
    return octets.decode(errors="surrogateescape")


def octets_of(text: str) -> bytes:
    """Return the octets behind a lossless text."""
    return text.encode(errors="surrogateescape")


def shown_text(text: str, encoding: str | None) -> str:
    """Return a lossless text as people read it, with U+FFFD for what can't be decoded.

    Args:
        text: The text.
        encoding: The encoding that the commit states; `None` where it states none, which means UTF-8.
    """
    octets = octets_of(text)
    if encoding and _ENCODING.fullmatch(encoding):
        try:
            return octets.decode(encoding, errors="replace")
        except LookupError:
            pass
    return octets.decode(errors="replace")
