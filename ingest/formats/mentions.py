"""Mention ids: ids of names as printed, for agents that nobody has resolved yet."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable


def mention_id(subject: str, name: str, nth: int = 1) -> str:
    """Return `mention:<subject>/<SHA-256 of the name in UTF-8, NFC>`; the second of the same name ends in `.2`."""
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()
    return f"mention:{subject}/{digest}" + (f".{nth}" if nth > 1 else "")


def mention_ids(subject: str, names: Iterable[str]) -> list[str]:
    """Return the ids of the names on one thing, in the order given."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(mention_id(subject, name, seen[name]))
    return found
