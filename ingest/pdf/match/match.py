"""Rules and scores that decide whether a known title in a reference names that work.

The scores come from docs/decisions/0020; a short title alone is never enough.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ingest.pdf.match.title_index import Hit, squeeze, years_in

_SCHEMES: Final = ("arxiv", "doi", "openalex")
_LEAST_NAME: Final = 2
_LONG_NAME: Final = 6
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Match:
    """Match of a reference to a known work: the method, and how sure it is (`"0.97"`)."""

    work: str
    method: str
    score: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of author and year: true where the reference prints that of the known work; `None`: not known."""

    author: bool | None
    year: bool | None


def agreement(hit: Hit, reference: str, authors: Sequence[str]) -> Agreement:
    """Compare a reference with the year and first author of a work; `authors` has the first one first."""
    year = None
    printed_years = years_in(reference)
    if hit.work.year is not None and printed_years:
        year = hit.work.year in printed_years
    surname = squeeze(_surname(authors[0])) if authors else ""
    return Agreement(_has_name(surname, reference), year)


def _has_name(surname: str, reference: str) -> bool | None:
    """Return whether a reference has this name; a short one must be a whole word, since many words contain it."""
    if len(surname) < _LEAST_NAME:
        return None
    if surname not in squeeze(reference):
        return False
    if len(surname) >= _LONG_NAME:
        return True
    words = [squeeze(word) for word in _WORD.findall(reference)]
    pairs = (first + second for first, second in pairwise(words))
    return True if surname in words or surname in pairs else None


def judge_hit(hit: Hit, agrees: Agreement) -> Match | None:
    """Return the match that a hit amounts to, if any."""
    both = bool(agrees.author and agrees.year)
    if hit.ratio < 1:
        return _judge_near_hit(hit, agrees)
    if not (hit.is_long and hit.is_set_off):
        method = "title inside, author, year" if hit.is_long else "short title, author, year"
        needed = both and (hit.is_long or hit.is_set_off)
        return Match(hit.work.id, method, "0.93" if hit.is_long else "0.95") if needed else None
    if agrees.author is False:
        return None
    if agrees.year is False:
        score = "0.95" if agrees.author else "0.85"
    else:
        score = "0.99" if both else "0.98" if agrees.author or agrees.year else "0.96"
    return Match(hit.work.id, _method(agrees, "title"), score)


def _judge_near_hit(hit: Hit, agrees: Agreement) -> Match | None:
    """Judge an inexact title: it counts only where nothing disagrees and something agrees."""
    if agrees.author is False or agrees.year is False or not (agrees.author or agrees.year):
        return None
    highest = 0.95 if agrees.author and agrees.year else 0.92
    return Match(hit.work.id, _method(agrees, "nearly the title"), f"{min(hit.ratio, highest):.2f}")


def best_match(hits: Iterable[tuple[Hit, Match]]) -> Match | None:
    """Return the one match of a reference: the first title in it, the longest there, the surest.

    Nothing here distinguishes works of the same title: one is chosen, with the score divided by their number.
    """
    ranked = sorted(hits, key=_rank)
    if not ranked:
        return None
    hit, match = ranked[0]
    same = {
        other.work.id
        for other, also in ranked
        if (other.start, other.letters, also.score) == (hit.start, hit.letters, match.score)
        and _scheme(other.work.id) == _scheme(hit.work.id)
    }
    if len(same) == 1:
        return match
    method = f"{match.method}; one of {len(same)} works of that title"
    return Match(match.work, method, f"{float(match.score) / len(same):.2f}")


def matches_of(
    hits: Iterable[Hit],
    references: Mapping[str, Sequence[str]],
    authors: Mapping[str, Sequence[str]],
) -> dict[tuple[str, int], Match]:
    """Return the match of each reference (file, position from 1) that has one.

    Args:
        hits: Titles found in the references.
        references: The references of each file, as printed.
        authors: The authors of each known work.
    """
    candidates: dict[tuple[str, int], list[tuple[Hit, Match]]] = {}
    for hit in hits:
        reference = references[hit.file][hit.position - 1]
        match = judge_hit(hit, agreement(hit, reference, authors.get(hit.work.id, ())))
        if match:
            candidates.setdefault((hit.file, hit.position), []).append((hit, match))
    chosen = ((key, best_match(pairs)) for key, pairs in candidates.items())
    return {key: match for key, match in chosen if match}


def _rank(pair: tuple[Hit, Match]) -> tuple[float, int, float, int, str]:
    hit, match = pair
    sure = float(match.score)
    return (hit.start, -hit.letters, -sure, _scheme(hit.work.id), hit.work.id)


def _scheme(identifier: str) -> int:
    scheme = identifier.partition(":")[0]
    return _SCHEMES.index(scheme) if scheme in _SCHEMES else len(_SCHEMES)


def _surname(name: str) -> str:
    """Return the surname: `Ammar` for `Waleed Ammar` and for `Ammar, Waleed`."""
    family, comma, _ = name.partition(",")
    words = (family if comma else name).split()
    return words[-1] if words else ""


def _method(agrees: Agreement, *first: str) -> str:
    parts = [*first]
    if agrees.author:
        parts.append("author")
    if agrees.year:
        parts.append("year")
    return ", ".join(parts)
