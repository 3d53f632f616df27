"""Extract facts from the pages of a document: its own identifiers, its title, its references. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from graph.model.identifiers import is_identifier
from graph.model.vocabulary import Outcome
from ingest.pdf.extract.extraction import Facts, Named, Reference, bounded
from ingest.pdf.extract.identifiers import doi_of, dois_in, ids_in_text, ids_in_uri
from ingest.pdf.extract.pages import Document
from ingest.pdf.extract.reference_section import Printed, body_lines, candidates
from ingest.pdf.extract.split_references import Entry, entries_of, hanging_run, numbered_run

_STAMP: Final = re.compile(
    r"arXiv:((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})v\d{1,3})\s+\[[\w.-]{2,20}\]\s+\d{1,2}\s+\w{3}\s+\d{4}"
)
_DOI_KEYS: Final = frozenset({"doi", "wps-articledoi", "prism:doi", "crossmarkdomains[1]"})
_LABELLED: Final = re.compile(r"^\W{0,3}(?:article\s+)?doi\s*[:\s]", re.IGNORECASE)
_NO_TITLE: Final = re.compile(
    r"untitled|microsoft word.*|.*\.(?:docx?|tex|dvi|pdf|indd|rtf|odt|eps|ps)|\W*|title",
    re.IGNORECASE,
)
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-$")


def facts_of(document: Document, tool: str) -> Facts:
    """Return the facts of a document, within the limits of `extraction`."""
    lines = body_lines(document)
    names = tuple(_names(document))
    found = reference_list(lines)
    own = frozenset(one.id for one in names)
    links = _links_by_line(document)
    references = tuple(_references(found, links, own))
    unread = (
        f"{document.unread} of {document.count} pages gave no text" if document.unread else None
    )
    return bounded(
        Facts(
            outcome=Outcome.OK,
            tool=tool,
            reason=unread,
            pages=document.count,
            unread=document.unread,
            title=_title(document),
            names=names,
            references=references,
        )
    )


def reference_list(lines: Sequence[Printed]) -> list[Entry]:
    """Return the entries of the longest list behind a heading, else of a numbered or hanging list at the end."""
    best: list[Entry] = []
    for stretch in candidates(lines):
        found = entries_of(stretch)
        if len(found) > len(best):
            best = found
    if not best:
        best = entries_of(numbered_run(lines)) or hanging_run(lines)
    return best


def joined(entry: Entry) -> str:
    """Join the lines of an entry; a word broken by a hyphen is rejoined where it continues in lower case."""
    text = ""
    for line in entry:
        if _HYPHEN.search(text) and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text


def _references(
    entries: Sequence[Entry], links: dict[tuple[int, int], list[str]], own: frozenset[str]
) -> Iterator[Reference]:
    every = {one for found in links.values() for one in found}
    for entry in entries:
        linked = {
            one
            for line in entry
            for one in links.get((line.page, line.number), ())
            if one not in own
        }
        written = set(ids_in_text("\n".join(line.text for line in entry), every)) - own
        linked, printed = _reconciled(linked, written)
        yield Reference(
            entry[0].page, joined(entry), tuple(sorted(linked)), tuple(sorted(printed - linked))
        )


def _reconciled(linked: set[str], written: set[str]) -> tuple[set[str], set[str]]:
    """Reconcile the ids of links and text of one entry: where one is a prefix of the other, one was cut off.

    A link that names a longer DOI than the text is right, since text breaks over lines; one that the
    text extends was cut off by the program that made the link.
    """
    kept = set(written)
    found = set(linked)
    for one in written:
        if any(link.startswith(one) for link in linked):
            kept.discard(one)
            continue
        shorter = {link for link in linked if one.startswith(link)}
        if any(_is_tail(one.removeprefix(link)) for link in shorter):
            kept.discard(one)
        else:
            found -= shorter
    return found, kept


def _is_tail(rest: str) -> bool:
    """Return whether what the text has beyond the link is the next word of the sentence."""
    return not any(letter.isdigit() for letter in rest)


def _links_by_line(document: Document) -> dict[tuple[int, int], list[str]]:
    found: dict[tuple[int, int], list[str]] = {}
    for page in document.pages:
        for link in page.links:
            if link.line is not None:
                ids = ids_in_uri(link.uri)
                if ids:
                    found.setdefault((page.number, link.line), []).extend(ids)
    return found


def _names(document: Document) -> Iterator[Named]:
    """Yield the identifiers that the document gives itself, surest first; each id once."""
    seen: set[str] = set()
    for named in _all_names(document):
        if named.id not in seen:
            seen.add(named.id)
            yield named


def _all_names(document: Document) -> Iterator[Named]:
    first = document.pages[0] if document.pages else None
    text = "\n".join(line.text for line in first.lines) if first else ""
    page = first.number if first else 1
    stamp = _STAMP.search(text.replace("\n", " "))
    if stamp and is_identifier(f"arxiv:{stamp[1]}"):
        yield Named(f"arxiv:{stamp[1]}", "arXiv's stamp on the first page", "0.99", page)
    for key, value in document.metadata:
        found = doi_of(value.removeprefix("doi:").strip()) if key.lower() in _DOI_KEYS else None
        if found:
            yield Named(found, "DOI in the document's metadata", "0.98", page)
    if first is None:
        return
    labelled = {
        one
        for line in first.lines[:40]
        if _LABELLED.match(line.text)
        for one in list(dois_in(line.text))[:1]
    }
    if len(labelled) == 1:
        yield Named(labelled.pop(), "DOI named as such on the first page", "0.97", page)


def _title(document: Document) -> str | None:
    for key, value in document.metadata:
        found = value.strip()
        if key == "Title" and len(found) > 8 and not _NO_TITLE.fullmatch(found):
            return found
    return None
