"""XML as sources serve it: the words for what is no such XML."""

from typing import Final

MARKUP: Final = "<>"
"""Stands before the name of an element in whose text another one stands."""

_SHOWN: Final = 120


def opening(data: bytes) -> str:
    """The first words of an answer, for an error."""
    text = " ".join(data[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…") if text else "nothing"
