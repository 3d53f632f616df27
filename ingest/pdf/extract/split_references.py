"""Split the lines of a reference list into entries: by numbers, labels, indent, spacing or the form of names."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from statistics import median
from typing import Final

from ingest.pdf.extract.reference_section import Printed

MAX_ENTRY_LINES: Final = 60
_LEAST: Final = 3
_MOST_BEFORE: Final = 6
_LAST_LINES: Final = 12
_LOOKED_BACK: Final = 400
_MOST_FIRSTS: Final = 50

_BRACKETED: Final = re.compile(r"\s{0,4}\[\s?(\d{1,4})\s?\]")
_PARENTHESISED: Final = re.compile(r"\s{0,4}\((\d{1,4})\)")
_DOTTED: Final = re.compile(r"\s{0,4}(\d{1,4})\.(?=\s|[A-Z])")
_BARE: Final = re.compile(r"\s{0,4}(\d{1,4})\s+(?=[A-Z\u201c\"])")
_LABEL: Final = re.compile(r"\[[A-Z][\w+&.,' -]{1,40}\]")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d[a-z]?(?!\d)")
_ENDED: Final = re.compile(r"(?:[.)\]\d/]|https?://\S+|10\.\d{4}\S+)[\"\u201d]?$")
_ENDED_TEXT: Final = re.compile(r"[.)\]\d\"\u201d]$")
_NAME: Final = re.compile(
    r"[(\"'\u201c]?(?:[^\W\d_a-z][\w'\u2019.\u2010-]*|and|&|et|al\.?|van|von|de|der|den|del|della|di|da|dos|la|le|"
    r"ter|ten|bin|ibn|el|jr\.?|eds?\.?|others|the|of|for|y|e)[,.;:)]*",
)
# A name that begins in lower case: `van der Walt, S.`, `nick1627.`
_SMALL: Final = re.compile(
    r"(?:van|von|de|der|den|del|di|da|dos|la|le|ter|ten|bin|ibn|el|'t)\s|[a-z][\w-]{1,30}[.,](?:\s|$)"
)
_STOPPED: Final = re.compile(
    r"(?:In|Proceedings|Proc\.|Journal|Conference|Technical|PhD|Ph\.D|Master|ACM|IEEE|Springer|pages?|vol\.?|"
    r"Available|Accessed|Retrieved|https?:|doi|arXiv|Association|University)\b",
    re.IGNORECASE,
)

Entry = Sequence[Printed]


def entries_of(lines: Sequence[Printed]) -> list[Entry]:
    """Return the entries of a list in their order; none where the lines are no reference list."""
    for starts in (_numbered(lines), _labelled(lines), _indented(lines), _spaced(lines)):
        if starts and _is_list(lines, starts):
            return _cut(lines, starts)
    starts = _by_form(lines)
    return _cut(lines, starts) if starts and _is_list(lines, starts) else []


def numbered_run(lines: Sequence[Printed]) -> Sequence[Printed]:
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


def hanging_run(lines: Sequence[Printed]) -> list[Entry]:
    """Return the entries at the end of a document without a heading: hanging, each with names and a year."""
    for k in range(max(0, len(lines) - _LOOKED_BACK), len(lines)):
        if not (_looks_like_names(lines, k) and (k == 0 or _ENDED_TEXT.search(lines[k - 1].text))):
            continue
        starts = _indented(lines[k:])
        if starts and starts[0] == 0:
            found = _cut(lines[k:], starts)
            if len(found) >= _LEAST and all(map(_is_entry, found)):
                return found
    return []


def _cut(lines: Sequence[Printed], starts: Sequence[int]) -> list[Entry]:
    bounds = [*starts, len(lines)]
    found = [lines[a : min(b, a + MAX_ENTRY_LINES)] for a, b in pairwise(bounds)]
    return _without_tail(found)


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


def _is_list(lines: Sequence[Printed], starts: Sequence[int]) -> bool:
    """Return whether most of what starts there looks like an entry, and little stands before the first."""
    if starts[0] > _MOST_BEFORE:
        return False
    bounds = [*starts, len(lines)]
    sound = sum(_is_entry(lines[a:b]) for a, b in pairwise(bounds))
    return sound * 2 > len(starts)


def _numbered(lines: Sequence[Printed]) -> list[int]:
    """Return the lines that start with `[1]`, `[2]`… (or `1.`, `(1)`, `1 Name`), as one rising chain."""
    for form in (_BRACKETED, _DOTTED, _PARENTHESISED, _BARE):
        found = _chain(lines, form)
        if len(found) >= _LEAST and found[0] <= _MOST_BEFORE:
            return found
    return []


def _chain(lines: Sequence[Printed], form: re.Pattern[str]) -> list[int]:
    found: list[int] = []
    last = 0
    for k, line in enumerate(lines):
        match = form.match(line.text)
        if match and last < int(match[1]) <= last + (2 if found else 1):
            found.append(k)
            last = int(match[1])
    return found


def _labelled(lines: Sequence[Printed]) -> list[int]:
    found = [k for k, line in enumerate(lines) if _LABEL.match(line.text)]
    return found if len(found) >= _LEAST else []


def _indented(lines: Sequence[Printed]) -> list[int]:
    """Return the lines at the left margin, where the others hang at one indent (within each column)."""
    columns: dict[tuple[int, int], list[int]] = {}
    for k, line in enumerate(lines):
        columns.setdefault((line.page, int(line.x // 200)), []).append(k)
    found: list[int] = []
    judged = 0
    for members in columns.values():
        margin = _margin([lines[k].x for k in members])
        if margin is None:
            continue
        judged += len(members)
        found += [k for k in members if abs(lines[k].x - margin) < 3 and _may_start(lines, k)]
    if judged < 0.8 * len(lines):
        return []
    return sorted(found) if len(found) >= _LEAST else []


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


def _may_start(lines: Sequence[Printed], k: int) -> bool:
    text = lines[k].text.lstrip("\"'\u201c([{")
    if not text or not text[0].isalnum() or text.startswith(("http", "doi")):
        return False
    if not text[0].islower():
        return True
    return bool(_SMALL.match(text)) and (k == 0 or bool(_ENDED.search(lines[k - 1].text)))


def _spaced(lines: Sequence[Printed]) -> list[int]:
    """Return the lines with a wider gap above, where entries are set apart by space."""
    gaps = [
        above.y - line.y if above.page == line.page else None for above, line in pairwise(lines)
    ]
    known = [gap for gap in gaps if gap is not None and 4 < gap < 60]
    if len(known) < 2 * _LEAST:
        return []
    usual = sorted(known)[len(known) // 4]
    wide = [gap for gap in known if gap > 1.25 * usual]
    if not (_LEAST <= len(wide) <= 0.75 * len(known)):
        return []
    found = [0]
    for k, gap in enumerate(gaps, start=1):
        is_wide = gap is not None and gap > 1.25 * usual
        over_page = (gap is None or gap < 0) and bool(_ENDED.search(lines[k - 1].text))
        if (is_wide or (over_page and _looks_like_names(lines, k))) and _may_start(lines, k):
            found.append(k)
    return found


def _by_form(lines: Sequence[Printed]) -> list[int]:
    """Return the lines that start with names and a year, after a line that ends an entry."""
    found = [
        k
        for k in range(len(lines))
        if (k == 0 or _ENDED.search(lines[k - 1].text)) and _looks_like_names(lines, k)
    ]
    return found if len(found) >= _LEAST else []


def _looks_like_names(lines: Sequence[Printed], k: int) -> bool:
    text = " ".join(line.text for line in lines[k : k + 6])
    year = _YEAR.search(text)
    if year is None or year.start() < 4 or _STOPPED.match(text) or not _may_start(lines, k):
        return False
    words = text[: year.start()].rstrip(" ([").split()
    if not words or len(words) > 90:
        return False
    names = sum(bool(_NAME.fullmatch(word)) for word in words)
    return names >= 0.85 * len(words)
