"""Split arXiv's author line into names and affiliations.

The rules follow arXiv's own reader (parse_author_affil in github.com/arXiv/arxiv-base): names are
separated by commas and "and", affiliations stand in parentheses, numbered ones are listed at the end,
and an affiliation counts for the names before it that have none. Where the line is beyond that,
the line itself is kept beside the names, so nothing is lost.
"""

import re
from typing import Final

from ingest.arxiv.paper.listing import ListedAuthor
from ingest.arxiv.paper.tex_text import line

_SEPARATOR: Final = re.compile(
    r"\s*(?:[,;:]\s*(?:and\s+|&\s+)?|\s(?:and|&)\s+"
    r"|\s(?:for|on behalf of)\s+(?=[^,]{0,300}\b(?i:collaboration)))\s*",
    re.ASCII,
)
_SUFFIX: Final = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE | re.ASCII)
_ET_AL: Final = re.compile(r"(?:et\.?\s+al\.?|and|others)", re.IGNORECASE | re.ASCII)
_GROUP: Final = re.compile(
    r"\b(?:collaborations?|consorti(?:um|a)|team|group)\b", re.IGNORECASE | re.ASCII
)
_NUMBERS: Final = re.compile(r"\d{1,3}(?:\s*(?:,|;|&|and|\s)\s*\d{1,3})*", re.ASCII)
_BARE_LIST: Final = re.compile(r"(?<=\))[\s;,.]*(?=\(\s*1\s*\)\s*[^\s(,;])", re.ASCII)
_NUMBERED: Final = re.compile(r"\(\s*(\d{1,3})\s*\)\s*", re.ASCII)
_LOOSELY_NUMBERED: Final = re.compile(r"(?:^|[;,.]\s*)(\d{1,3})\s+(?=[^\s\d])", re.ASCII)


def is_group(name: str) -> bool:
    """Return whether the name is that of a collaboration, not a person."""
    return bool(_GROUP.search(name))


def authors_of(text: str) -> tuple[ListedAuthor, ...]:
    """Return the names of an author line in order, at least one unless the line is blank.

    Args:
        text: The line as served, words one ASCII space apart. Its names become ids, so no table of Unicode takes part:
            only what is ASCII separates them.
    """
    pairs = _names_with_affiliations(text) if "(" in text else [(name, "") for name in _names(text)]
    pairs = [(name, affiliation) for name, affiliation in pairs if line(name)]
    if not pairs and line(text):
        pairs = [(text.strip(" "), "")]
    return tuple(ListedAuthor(name, line(affiliation)) for name, affiliation in pairs)


def _names(text: str) -> list[str]:
    names: list[str] = []
    for part in _SEPARATOR.split(text):
        name = part.strip(" .") if part.endswith(" .") else part.strip(" ")
        if not name or _ET_AL.fullmatch(name):
            continue
        if names and _SUFFIX.fullmatch(name):
            names[-1] += ", " + name
        else:
            names.append(name.removeprefix("and "))
    return names


def _names_with_affiliations(text: str) -> list[tuple[str, str]]:
    head, affiliations = _split_numbered_list(text)
    pairs: list[tuple[str, str]] = []
    for outside, inside in _blocks(head):
        pairs += [(name, "") for name in _names(outside)]
        if inside and pairs:
            name, before = pairs[-1]
            affiliation = _resolve_numbers(inside, affiliations)
            pairs[-1] = (name, "; ".join(part for part in (before, affiliation) if part))
    return _carry_back(pairs)


def _split_numbered_list(text: str) -> tuple[str, dict[str, str]]:
    """Return the line without the list of numbered affiliations at its end, and that list."""
    match = _BARE_LIST.search(text)
    if match:
        return text[: match.start()], _numbered_affiliations(text[match.end() :])
    blocks = _blocks(text)
    before, last = blocks[-1] if blocks else ("", "")
    # Without inner parentheses it is a list only where it stands behind another parenthesis.
    affiliations = (
        _numbered_affiliations(last)
        if before.strip(" ,;.")
        else _numbered_affiliations(last) or _loosely_numbered_affiliations(last)
    )
    return (text[: text.rindex(last) - 1], affiliations) if affiliations else (text, {})


def _numbered_affiliations(text: str) -> dict[str, str]:
    """Parse `(1) here, (2) there`; empty where the text is no such list."""
    parts = _NUMBERED.split(text.strip(" "))
    if parts[0].strip(" "):
        return {}
    return {
        n: affiliation.strip(" ,;.")
        for n, affiliation in zip(parts[1::2], parts[2::2], strict=True)
    }


def _loosely_numbered_affiliations(text: str) -> dict[str, str]:
    """Parse `1 here; 2 there`, where the numbers run from 1; empty where the text is no such list."""
    parts = _LOOSELY_NUMBERED.split(text.strip(" "))
    numbers = parts[1::2]
    if (
        parts[0].strip(" ")
        or len(numbers) < 2
        or numbers != [str(k + 1) for k in range(len(numbers))]
    ):
        return {}
    return {
        n: affiliation.strip(" ,;.") for n, affiliation in zip(numbers, parts[2::2], strict=True)
    }


def _blocks(text: str) -> list[tuple[str, str]]:
    """Return pairs of the text outside parentheses and the parenthesis after it, in order."""
    blocks: list[tuple[str, str]] = []
    depth, start, open_at = 0, 0, 0
    for k, sign in enumerate(text):
        if sign == "(":
            if depth == 0:
                open_at = k
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            if depth == 0:
                blocks.append((text[start:open_at], text[open_at + 1 : k].strip(" ")))
                start = k + 1
    if depth:
        blocks.append((text[start:open_at], text[open_at + 1 :].strip(" ")))
    elif text[start:].strip(" "):
        blocks.append((text[start:], ""))
    return blocks


def _resolve_numbers(inside: str, affiliations: dict[str, str]) -> str:
    """Return the affiliation; numbers are replaced by their entries in the list, or by nothing without a list."""
    if not _NUMBERS.fullmatch(inside):
        return inside
    return "; ".join(affiliations[n] for n in re.findall(r"\d+", inside) if n in affiliations)


def _carry_back(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    last_affiliation = ""
    result: list[tuple[str, str]] = []
    for name, affiliation in reversed(pairs):
        if affiliation:
            last_affiliation = affiliation
        result.append((name, affiliation or ("" if is_group(name) else last_affiliation)))
    return result[::-1]
