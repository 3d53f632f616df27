"""Errors about the XML that sources serve: a marker for nested markup, an excerpt of the answer."""

from typing import Final

MARKUP: Final = "<>"
"""Prefix of the name of an element whose text contains another element."""

_MAX_CHARS: Final = 120


def excerpt(data: bytes) -> str:
    """Return the first words of an answer, for an error message."""
    text = " ".join(data[: 4 * _MAX_CHARS].decode("utf-8", "replace").split())
    return (
        repr(text if len(text) <= _MAX_CHARS else text[: _MAX_CHARS - 1] + "…")
        if text
        else "nothing"
    )
