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
    counts: Counter[str] = Counter()
    ids = []
    for name in names:
        counts[name] += 1
        ids.append(mention_id(subject, name, counts[name]))
    return ids
