"""Mention ids: ids of names as printed, for agents that nobody has resolved yet."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from ingest.formats.text import without_lone_surrogates


def name_octets(name: bytes | str) -> bytes:
    """Return the octets of a name as its source served them, without the ASCII space around it.

    Of a text (JSON or XML, unescaped) these are its UTF-8. Nothing is normalised: no table of Unicode takes part.
    """
    octets = name if isinstance(name, bytes) else without_lone_surrogates(name).encode()
    return octets.strip()  # space, tab, line feed, vertical tab, form feed, carriage return


def mention_id(subject: str, name: bytes | str, nth: int = 1) -> str:
    """Return `mention:<subject>/<SHA-256 of the name's octets>`; the second of the same name ends in `.2`."""
    digest = hashlib.sha256(name_octets(name)).hexdigest()
    return f"mention:{subject}/{digest}" + (f".{nth}" if nth > 1 else "")


def mention_ids(subject: str, names: Iterable[bytes | str]) -> list[str]:
    """Return the ids of the names on one thing, in the order given."""
    counts: Counter[bytes] = Counter()
    ids = []
    for name in names:
        octets = name_octets(name)
        counts[octets] += 1
        ids.append(mention_id(subject, octets, counts[octets]))
    return ids
