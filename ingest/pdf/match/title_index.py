"""Index of reference lists for title matching: finds known titles in them. Pure, order-independent.

A title and a list are compared as letters and digits alone, so that spaces, hyphens at line ends and
accents make no difference. The list is indexed, and the titles of a store stream past it: memory is that of the list.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

LONG_LETTERS: Final = 30
LONG_WORDS: Final = 4
LEAST_LETTERS: Final = 8
LEAST_RATIO: Final = 0.92
_MOST_LETTERS: Final = 400
_ANCHOR: Final = 14
_MOST_PLACES: Final = 40
_MOST_IN_ENTRY: Final = 8

_YEARS: Final = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?=[a-z]?(?!\d))")
_COMMAND: Final = re.compile(r"\\[a-zA-Z]+\*?")
_GREEK: Final = {
    chr(code): unicodedata.name(chr(code)).rpartition(" ")[2].lower()
    for code in range(0x3B1, 0x3CA)
}
_OPENS: Final = ".,:;)]\"'\u201c\u201d\u2018\u2019`?!"
_CLOSES: Final = ".,;?!\"'\u201c\u201d\u2019)([]"


@lru_cache(maxsize=4096)
def _letters_of(letter: str) -> str:
    """Return a letter as it is compared: lower case, without accents; Greek by its name; `""` for a non-letter."""
    if letter in _GREEK:
        return _GREEK[letter]
    plain = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(_GREEK.get(char, char) for char in plain if char.isalnum())


def squeeze(text: str) -> str:
    """Return the letters and digits of a text as they are compared."""
    return "".join(map(_letters_of, text))


def title_letters(title: str) -> str:
    """Return the letters of a title as they are compared, with TeX's Greek letters and without its other commands."""
    plain = _COMMAND.sub(_command, title) if "\\" in title else title
    return squeeze(plain)


def _command(match: re.Match[str]) -> str:
    name = match[0][1:].rstrip("*")
    return name if name in _GREEK.values() else ""


def years_in(text: str) -> frozenset[int]:
    """Return the years that a reference prints."""
    return frozenset(int(year) for year in _YEARS.findall(text))


@dataclass(frozen=True, slots=True)
class KnownWork:
    """A work of a store: its title, and its year where it is known."""

    id: str
    title: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A known title in a reference: the start there, the similarity, and its surroundings.

    `ratio` is 1 where every letter is the same.
    """

    file: str
    position: int
    start: int
    work: KnownWork
    ratio: float
    letters: int
    is_long: bool
    is_set_off: bool


@dataclass(slots=True)
class _Text:
    """The references of one file as one text: letters, and the offset of each in the printed text."""

    file: str
    raw: str
    letters: str
    places: list[int]
    bounds: list[int]
    words: list[int] = field(default_factory=list)
    years_by_position: dict[int, frozenset[int]] = field(default_factory=dict)

    def years(self, position: int) -> frozenset[int]:
        """Return the years that a reference (from 1) prints."""
        if position not in self.years_by_position:
            end = self.bounds[position] if position < len(self.bounds) else len(self.raw)
            self.years_by_position[position] = years_in(self.raw[self.bounds[position - 1] : end])
        return self.years_by_position[position]

    def is_start(self, k: int) -> bool:
        """Return whether a word starts at this letter."""
        place = bisect_left(self.words, k)
        return place < len(self.words) and self.words[place] == k

    def position(self, place: int) -> int:
        """Return the reference (from 1) at an offset of the printed text."""
        return bisect_right(self.bounds, place)


class ReferenceIndex:
    """Index of the reference lists of some files, by the first letters of each word."""

    def __init__(self) -> None:
        self._texts: list[_Text] = []
        self._at: dict[str, list[tuple[int, int]]] = {}

    def add(self, file: str, references: Sequence[str]) -> None:
        """Add the references of a file."""
        text = _text_of(file, references)
        number = len(self._texts)
        self._texts.append(text)
        counts: Counter[tuple[int, str]] = Counter()
        for k in text.words:
            key = text.letters[k : k + LEAST_LETTERS]
            where = (text.position(text.places[k]), key)
            counts[where] += 1
            if len(key) == LEAST_LETTERS and counts[where] <= _MOST_IN_ENTRY:
                self._at.setdefault(key, []).append((number, k))

    def hits(self, work: KnownWork) -> Iterator[Hit]:
        """Yield the exact occurrences of a title; for a long title without any, the near ones."""
        letters = title_letters(work.title)[:_MOST_LETTERS]
        if len(letters) < LEAST_LETTERS:
            return
        words = len(work.title.split())
        is_long = len(letters) >= LONG_LETTERS and words >= LONG_WORDS
        has_exact = False
        places = self._at.get(letters[:LEAST_LETTERS], ())
        for number, k in places:
            text = self._texts[number]
            if text.letters.startswith(letters, k) and _ends_word(text, k + len(letters)):
                has_exact = True
                hit = _hit(text, k, k + len(letters), work, 1.0, len(letters), is_long=is_long)
                if is_long or (hit.is_set_off and _prints_its_year(text, hit)):
                    yield hit
        if is_long and not has_exact:
            yield from self._near_hits(work, letters)

    def _near_hits(self, work: KnownWork, letters: str) -> Iterator[Hit]:
        """Yield near occurrences of a long title, found by its beginning, or by that of its later words."""
        starts: set[tuple[int, int]] = set()
        offset = 0
        for word in work.title.split()[:8]:
            key = letters[offset : offset + LEAST_LETTERS]
            places = self._at.get(key, ())
            anchor = letters[offset : offset + _ANCHOR]
            if len(anchor) == _ANCHOR and len(places) <= _MOST_PLACES:
                for number, k in places:
                    text = self._texts[number]
                    start = k - offset
                    if (
                        start >= 0
                        and text.letters.startswith(anchor, k)
                        and (number, start) not in starts
                    ):
                        starts.add((number, start))
                        yield from _near_hit(text, start, work, letters)
            offset += len(title_letters(word))


def _near_hit(text: _Text, start: int, work: KnownWork, letters: str) -> Iterator[Hit]:
    for shift in (0, -1, 1, -2, 2):
        begin = start + shift
        if not text.is_start(begin):
            continue
        window = text.letters[begin : begin + len(letters)]
        matcher = SequenceMatcher(None, window, letters, autojunk=False)
        if matcher.real_quick_ratio() < LEAST_RATIO or matcher.quick_ratio() < LEAST_RATIO:
            continue
        ratio = matcher.ratio()
        if ratio >= LEAST_RATIO:
            end = min(begin + len(letters), len(text.letters))
            yield _hit(text, begin, end, work, ratio, len(letters), is_long=True)
            return


def _hit(
    text: _Text, start: int, end: int, work: KnownWork, ratio: float, letters: int, *, is_long: bool
) -> Hit:
    first = text.places[start]
    before = text.raw[max(0, first - 6) : first].rstrip()
    last = text.places[end - 1] + 1
    after = text.raw[last : last + 6].lstrip()
    position = text.position(first)
    begins = not before or before[-1] in _OPENS or first == text.bounds[position - 1]
    ends = not after or after[0] in _CLOSES
    return Hit(
        file=text.file,
        position=position,
        start=start,
        work=work,
        ratio=ratio,
        letters=letters,
        is_long=is_long,
        is_set_off=begins and (ends or ratio < 1),
    )


def _prints_its_year(text: _Text, hit: Hit) -> bool:
    """Return whether the entry prints the year of the work: a short title without it is never enough."""
    return hit.work.year in text.years(hit.position)


def _ends_word(text: _Text, end: int) -> bool:
    return end == len(text.letters) or text.places[end] > text.places[end - 1] + 1


def _text_of(file: str, references: Sequence[str]) -> _Text:
    raw = "\n".join(references)
    letters: list[str] = []
    places: list[int] = []
    words: list[int] = []
    was_letter = False
    for place, letter in enumerate(raw):
        plain = _letters_of(letter)
        if plain:
            if not was_letter:
                words.append(len(letters))
            letters.extend(plain)
            places.extend([place] * len(plain))
        was_letter = bool(plain)
    bounds: list[int] = []
    begin = 0
    for reference in references:
        bounds.append(begin)
        begin += len(reference) + 1
    return _Text(file, raw, "".join(letters), places, bounds, words)
