"""Identifiers of works in text and URLs: find DOIs and arXiv ids, also broken over lines.

A text's line breaks show where a DOI may continue; everything here is linear in the length of the text.
"""

import html
import re
from collections.abc import Container, Iterator
from typing import Final
from urllib.parse import unquote

from graph.errors import IdentifierError
from graph.model.identifiers import canonical_id, is_identifier, work_of

MAX_DOI_CHARS: Final = 250

_DOI_PREFIX: Final = re.compile(r"(?<![\d.])10\.\n?\d{4,9}(?:\.\d{1,9}){0,3}\n?/\n?", re.ASCII)
_STOP: Final = frozenset(' \t\r\f\v"<>{}|\\^`\u00a0\u2009\u201c\u201d')
_TRAILING: Final = ".,;:'\"!?*\u2019\u201d\u2018\u201c\u2026-\u2013"
_PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_AFTER_PAGE: Final = re.compile(
    r"/(?:abstract|full|fulltext|pdf|epdf|meta|html|summary|references|citation)$|\.(?:pdf|html?|full)$"
)
_NEXT_ENTRY: Final = re.compile(r"[,;](?=(?:doi:|https?:|10\.\d{4}))", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[^\s]{1,120}")
_NOT_CONTINUED: Final = re.compile(
    r"(?:\d{1,2}[^\W\d_]{4}|https?:|www\.|arxiv|doi|url|isbn|\[|\(?(?:19|20)\d\d[a-z]?\)?[.,;)]?$)",
    re.IGNORECASE,
)

_ARCHIVES: Final = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|"
    "dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|"
    "physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_NEW: Final = r"\d\d(?:0[1-9]|1[0-2])\.\n?\d{4,5}"
_OLD: Final = rf"(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/\d{{7}}"
_ARXIV: Final = re.compile(
    rf"(?:arxiv\s{{0,2}}:\s{{0,2}}|arxiv\.org/(?:abs|pdf|html)/\n?|\babs/\n?|arxiv\s{{1,2}})"
    rf"({_NEW}|{_OLD})(?!\d)(?:v\d{{1,3}})?",
    re.IGNORECASE,
)
_OLD_BARE: Final = re.compile(rf"(?<![\w/.-])({_OLD})(?!\d)(?:v\d{{1,3}})?")
_SUBJECT: Final = re.compile(r"^([a-z-]+)\.[a-z]{2}(?=/)")
_OF_DOI: Final = re.compile(r"(?:doi\.org/|doi:)\s*$", re.IGNORECASE)
_QUERY: Final = re.compile(r"[?#&]")
_ARXIV_DOI: Final = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


def ids_in_text(text: str, link_ids: Container[str] = frozenset()) -> tuple[str, ...]:
    """Return the ids of works in a text, DOIs before arXiv ids, each once; `link_ids` as in `dois_in`."""
    ids = dict.fromkeys(dois_in(text, link_ids))
    for pattern in (_ARXIV, _OLD_BARE):
        for match in pattern.finditer(text):
            identifier = arxiv_of(match[1])
            if identifier:
                ids[identifier] = None
    return tuple(ids)


def ids_in_uri(uri: str) -> tuple[str, ...]:
    """Return the ids of works that a URL names: a DOI in it, or an arXiv page."""
    text = unquote(html.unescape(uri))
    match = _ARXIV.search(text)
    if match:
        identifier = arxiv_of(match[1])
        return (identifier,) if identifier else ()
    start = _DOI_PREFIX.search(text)
    if start is None:
        return ()
    rest = text[start.start() :]
    if not _OF_DOI.search(text[: start.start()]):
        rest = _AFTER_PAGE.sub("", _QUERY.split(rest)[0].rstrip("/"))
        rest = _AFTER_PAGE.sub("", rest)
    identifier = doi_of(rest)
    return (identifier,) if identifier else ()


def dois_in(text: str, link_ids: Container[str] = frozenset()) -> Iterator[str]:
    """Yield the DOIs of a text, as identifiers; one that continues after a line break is joined.

    A DOI among `link_ids` (from links) that ends at a line break ends there.
    """
    last = 0
    for match in _DOI_PREFIX.finditer(text):
        if match.start() < last:
            continue
        prefix = match[0].replace("\n", "")
        body, last = _body(text, match.end(), prefix, link_ids)
        identifier = doi_of(prefix + body)
        if identifier:
            yield identifier


def doi_of(text: str) -> str | None:
    """Return the identifier of a DOI as somebody wrote it: `doi:…`, or `arxiv:…` for arXiv's own; else `None`."""
    bare = html.unescape(text) if "&" in text else text
    if "%" in bare:
        bare = unquote(bare)
    bare = _trim(_NEXT_ENTRY.split(bare[:MAX_DOI_CHARS])[0])
    arxiv_doi = _ARXIV_DOI.fullmatch(bare)
    if arxiv_doi:
        return arxiv_of(arxiv_doi[1])
    if not bare.isprintable():
        return None
    try:
        return canonical_id("doi:" + bare)
    except IdentifierError:
        return None


def arxiv_of(text: str) -> str | None:
    """Return the work id of an arXiv id as printed, with or without its version; `None` if it is malformed."""
    bare = "".join(text.split()).lower().rstrip(".")
    bare = _SUBJECT.sub(r"\1", bare)
    identifier = "arxiv:" + bare
    if not is_identifier(identifier):
        return None
    return work_of(identifier) or identifier


def _body(text: str, start: int, prefix: str, link_ids: Container[str]) -> tuple[str, int]:
    """Return what follows a DOI's prefix, over line breaks where it continues; and the offset of its end."""
    parts: list[str] = []
    k = start
    while k < len(text) and k - start < MAX_DOI_CHARS:
        letter = text[k]
        if letter == "\n":
            body = "".join(parts)
            if doi_of(prefix + body) in link_ids or not _continues(body, text, k + 1):
                break
        elif letter in _STOP or letter.isspace():
            break
        else:
            parts.append(letter)
        k += 1
    return "".join(parts), k


def _continues(body: str, text: str, start: int) -> bool:
    """Return whether the first word of the next line belongs to a DOI that reaches the end of its line."""
    match = _TOKEN.match(text, start)
    if match is None or _NOT_CONTINUED.match(match[0]):
        return False
    if not body or body[-1] in "/_-:=%(" or body.count("(") > body.count(")"):
        return True
    return any(letter.isdigit() for letter in match[0]) and not match[0][0].isupper()


def _trim(text: str) -> str:
    """Return the text without the punctuation of the sentence around it; paired brackets stay."""
    end = len(text)
    while end:
        letter = text[end - 1]
        opener = _PAIRS.get(letter)
        if (
            letter in _TRAILING
            or letter.isspace()
            or (opener and text.count(letter, 0, end) > text.count(opener, 0, end))
        ):
            end -= 1
        else:
            break
    return text[:end]
