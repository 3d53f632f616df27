"""Split the lines of a reference list into entries: by numbers, labels, indent, spacing or the form of names."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from statistics import median
from typing import Final

from ingest.pdf.extract.reference_section import PrintedLine

MAX_ENTRY_LINES: Final = 60
_LEAST: Final = 3
_MOST_BEFORE: Final = 6
_LAST_LINES: Final = 12
_LOOK_BACK_LINES: Final = 400
_MOST_FIRSTS: Final = 50

_BRACKETED: Final = re.compile(r"\s{0,4}\[\s?(\d{1,4})\s?\]")
_PARENTHESISED: Final = re.compile(r"\s{0,4}\((\d{1,4})\)")
_DOTTED: Final = re.compile(r"\s{0,4}(\d{1,4})\.(?=\s|[A-Z])")
_BARE: Final = re.compile(r"\s{0,4}(\d{1,4})\s+(?=[A-Z\u201c\"])")
_LABEL: Final = re.compile(r"\[[A-Z][\w+&.,' -]{1,40}\]")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d[a-z]?(?!\d)")
_ENTRY_END: Final = re.compile(r"(?:[.)\]\d/]|https?://\S+|10\.\d{4}\S+)[\"\u201d]?$")
_SENTENCE_END: Final = re.compile(r"[.)\]\d\"\u201d]$")
_NAME: Final = re.compile(
    r"[(\"'\u201c]?(?:[^\W\d_a-z][\w'\u2019.\u2010-]*|and|&|et|al\.?|van|von|de|der|den|del|della|di|da|dos|la|le|"
    r"ter|ten|bin|ibn|el|jr\.?|eds?\.?|others|the|of|for|y|e)[,.;:)]*",
)
# A name that begins in lower case: `van der Walt, S.`, `nick1627.`
_SMALL: Final = re.compile(
    r"(?:van|von|de|der|den|del|di|da|dos|la|le|ter|ten|bin|ibn|el|'t)\s|[a-z][\w-]{1,30}[.,](?:\s|$)"
)
_NOT_NAMES: Final = re.compile(
    r"(?:In|Proceedings|Proc\.|Journal|Conference|Technical|PhD|Ph\.D|Master|ACM|IEEE|Springer|pages?|vol\.?|"
    r"Available|Accessed|Retrieved|https?:|doi|arXiv|Association|University)\b",
    re.IGNORECASE,
)

Entry = Sequence[PrintedLine]


def entries_of(lines: Sequence[PrintedLine]) -> list[Entry]:
    """Return the entries of a list in their order; none where the lines are no reference list."""
    for starts in (
        _numbered_starts(lines),
        _labelled_starts(lines),
        _indented_starts(lines),
        _spaced_starts(lines),
    ):
        if starts and _is_list(lines, starts):
            return _split_entries(lines, starts)
    starts = _starts_by_form(lines)
    return _split_entries(lines, starts) if starts and _is_list(lines, starts) else []


def numbered_run(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """Return the end of a document from its last `[1]` on, where that begins a numbered list."""
    firsts = (k for k in range(len(lines) - 1, -1, -1) if _is_first(lines[k].text))
    # Only a few: the rest of the document is scanned for each of them.
    for k in islice(firsts, _MOST_FIRSTS):
        if len(_chain(lines[k:], _BRACKETED)) >= 5:
            return lines[k:]
    return ()


def _is_first(text: str) -> bool:
    match = _BRACKETED.match(text)
    return match is not None and int(match[1]) == 1


def hanging_run(lines: Sequence[PrintedLine]) -> list[Entry]:
    """Return the entries at the end of a document without a heading: hanging, each with names and a year."""
    for k in range(max(0, len(lines) - _LOOK_BACK_LINES), len(lines)):
        if not (
            _looks_like_names(lines, k) and (k == 0 or _SENTENCE_END.search(lines[k - 1].text))
        ):
            continue
        starts = _indented_starts(lines[k:])
        if starts and starts[0] == 0:
            entries = _split_entries(lines[k:], starts)
            if len(entries) >= _LEAST and all(map(_is_entry, entries)):
                return entries
    return []


def _split_entries(lines: Sequence[PrintedLine], starts: Sequence[int]) -> list[Entry]:
    bounds = [*starts, len(lines)]
    entries = [lines[a : min(b, a + MAX_ENTRY_LINES)] for a, b in pairwise(bounds)]
    return _without_tail(entries)


def _without_tail(entries: list[Entry]) -> list[Entry]:
    """Return the entries up to where three in a row are none: what follows the list."""
    misses = 0
    for k, entry in enumerate(entries):
        misses = 0 if _is_entry(entry) else misses + 1
        if misses == 3:
            return entries[: k - 2]
    lengths = [len(entry) for entry in entries[:-1]]
    if entries and lengths:  # anything may follow the last entry
        longest = max(_LAST_LINES, 2 * round(median(lengths)), max(lengths))
        entries[-1] = entries[-1][:longest]
    return entries


def _is_entry(entry: Entry) -> bool:
    text = " ".join(line.text for line in entry[:12])
    return bool(_YEAR.search(text) or "http" in text or "10." in text or "arXiv" in text)


def _is_list(lines: Sequence[PrintedLine], starts: Sequence[int]) -> bool:
    """Return whether most of what starts there looks like an entry, and little stands before the first."""
    if starts[0] > _MOST_BEFORE:
        return False
    bounds = [*starts, len(lines)]
    sound = sum(_is_entry(lines[a:b]) for a, b in pairwise(bounds))
    return sound * 2 > len(starts)


def _numbered_starts(lines: Sequence[PrintedLine]) -> list[int]:
    """Return the lines that start with `[1]`, `[2]`… (or `1.`, `(1)`, `1 Name`), as one rising chain."""
    for form in (_BRACKETED, _DOTTED, _PARENTHESISED, _BARE):
        starts = _chain(lines, form)
        if len(starts) >= _LEAST and starts[0] <= _MOST_BEFORE:
            return starts
    return []


def _chain(lines: Sequence[PrintedLine], form: re.Pattern[str]) -> list[int]:
    starts: list[int] = []
    last = 0
    for k, line in enumerate(lines):
        match = form.match(line.text)
        if match and last < int(match[1]) <= last + (2 if starts else 1):
            starts.append(k)
            last = int(match[1])
    return starts


def _labelled_starts(lines: Sequence[PrintedLine]) -> list[int]:
    starts = [k for k, line in enumerate(lines) if _LABEL.match(line.text)]
    return starts if len(starts) >= _LEAST else []


def _indented_starts(lines: Sequence[PrintedLine]) -> list[int]:
    """Return the lines at the left margin, where the others hang at one indent (within each column)."""
    columns: dict[tuple[int, int], list[int]] = {}
    for k, line in enumerate(lines):
        columns.setdefault((line.page, int(line.x // 200)), []).append(k)
    starts: list[int] = []
    lines_with_margin = 0
    for members in columns.values():
        margin = _margin([lines[k].x for k in members])
        if margin is None:
            continue
        lines_with_margin += len(members)
        starts += [k for k in members if abs(lines[k].x - margin) < 3 and _may_start(lines, k)]
    if lines_with_margin < 0.8 * len(lines):
        return []
    return sorted(starts) if len(starts) >= _LEAST else []


def _margin(xs: Sequence[float]) -> float | None:
    """Return the left edge, where a part of the lines stands at it and most others at one indent."""
    rounded = sorted(xs)
    margin = rounded[0]
    at = sum(x - margin < 3 for x in rounded)
    hanging = [x for x in rounded if 5 <= x - margin <= 45]
    if len(xs) == 1:
        return margin
    if not hanging or at + len(hanging) < 0.9 * len(xs):
        return None
    middle = median(hanging)
    even = sum(abs(x - middle) < 4 for x in hanging)
    return margin if even >= 0.8 * len(hanging) else None


def _may_start(lines: Sequence[PrintedLine], k: int) -> bool:
    text = lines[k].text.lstrip("\"'\u201c([{")
    if not text or not text[0].isalnum() or text.startswith(("http", "doi")):
        return False
    if not text[0].islower():
        return True
    return bool(_SMALL.match(text)) and (k == 0 or bool(_ENTRY_END.search(lines[k - 1].text)))


def _spaced_starts(lines: Sequence[PrintedLine]) -> list[int]:
    """Return the lines with a wider gap above, where entries are set apart by space."""
    gaps = [
        above.y - line.y if above.page == line.page else None for above, line in pairwise(lines)
    ]
    plain_gaps = [gap for gap in gaps if gap is not None and 4 < gap < 60]
    if len(plain_gaps) < 2 * _LEAST:
        return []
    usual = sorted(plain_gaps)[len(plain_gaps) // 4]
    wide = [gap for gap in plain_gaps if gap > 1.25 * usual]
    if not (_LEAST <= len(wide) <= 0.75 * len(plain_gaps)):
        return []
    starts = [0]
    for k, gap in enumerate(gaps, start=1):
        is_wide = gap is not None and gap > 1.25 * usual
        over_page = (gap is None or gap < 0) and bool(_ENTRY_END.search(lines[k - 1].text))
        if (is_wide or (over_page and _looks_like_names(lines, k))) and _may_start(lines, k):
            starts.append(k)
    return starts


def _starts_by_form(lines: Sequence[PrintedLine]) -> list[int]:
    """Return the lines that start with names and a year, after a line that ends an entry."""
    starts = [
        k
        for k in range(len(lines))
        if (k == 0 or _ENTRY_END.search(lines[k - 1].text)) and _looks_like_names(lines, k)
    ]
    return starts if len(starts) >= _LEAST else []


def _looks_like_names(lines: Sequence[PrintedLine], k: int) -> bool:
    text = " ".join(line.text for line in lines[k : k + 6])
    year = _YEAR.search(text)
    if year is None or year.start() < 4 or _NOT_NAMES.match(text) or not _may_start(lines, k):
        return False
    words = text[: year.start()].rstrip(" ([").split()
    if not words or len(words) > 90:
        return False
    names = sum(bool(_NAME.fullmatch(word)) for word in words)
    return names >= 0.85 * len(words)
