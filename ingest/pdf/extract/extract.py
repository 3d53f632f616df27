"""Extract facts from the pages of a document: its own identifiers, its title, its references. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from graph.model.identifiers import is_identifier
from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extraction import IdentityClaim, PdfFacts, Reference, enforce_limits
from ingest.pdf.extract.identifiers import doi_of, dois_in, ids_in_text, ids_in_uri
from ingest.pdf.extract.pages import PdfDocument
from ingest.pdf.extract.reference_section import PrintedLine, body_lines, candidates
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


def facts_of(document: PdfDocument, tool: str) -> PdfFacts:
    """Return the facts of a document, within the limits of `extraction`."""
    lines = body_lines(document)
    names = tuple(_names(document))
    entries = reference_list(lines)
    own_ids = frozenset(name.id for name in names)
    links = _links_by_line(document)
    references = tuple(_references(entries, links, own_ids))
    reason = (
        f"{document.unread} of {document.count} pages gave no text" if document.unread else None
    )
    return enforce_limits(
        PdfFacts(
            outcome=ReadingOutcome.OK,
            tool=tool,
            reason=reason,
            pages=document.count,
            unread=document.unread,
            title=_title(document),
            names=names,
            references=references,
        )
    )


def reference_list(lines: Sequence[PrintedLine]) -> list[Entry]:
    """Return the entries of the longest list behind a heading, else of a numbered or hanging list at the end."""
    best: list[Entry] = []
    for stretch in candidates(lines):
        entries = entries_of(stretch)
        if len(entries) > len(best):
            best = entries
    if not best:
        best = entries_of(numbered_run(lines)) or hanging_run(lines)
    return best


def join_lines(entry: Entry) -> str:
    """Join the lines of an entry; a word broken by a hyphen is rejoined where it continues in lower case."""
    text = ""
    for line in entry:
        if _HYPHEN.search(text) and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text


def _references(
    entries: Sequence[Entry], links: dict[tuple[int, int], list[str]], own_ids: frozenset[str]
) -> Iterator[Reference]:
    linked_ids = {identifier for ids in links.values() for identifier in ids}
    for entry in entries:
        linked = {
            identifier
            for line in entry
            for identifier in links.get((line.page, line.number), ())
            if identifier not in own_ids
        }
        text_ids = set(ids_in_text("\n".join(line.text for line in entry), linked_ids)) - own_ids
        linked, printed = _reconcile(linked, text_ids)
        yield Reference(
            entry[0].page, join_lines(entry), tuple(sorted(linked)), tuple(sorted(printed - linked))
        )


def _reconcile(linked: set[str], text_ids: set[str]) -> tuple[set[str], set[str]]:
    """Reconcile the ids of links and text of one entry: where one is a prefix of the other, one was cut off.

    A link that names a longer DOI than the text is right, since text breaks over lines; one that the
    text extends was cut off by the program that made the link.
    """
    whole_text_ids = set(text_ids)
    whole_links = set(linked)
    for text_id in text_ids:
        if any(link.startswith(text_id) for link in linked):
            whole_text_ids.discard(text_id)
            continue
        shorter = {link for link in linked if text_id.startswith(link)}
        if any(_is_tail(text_id.removeprefix(link)) for link in shorter):
            whole_text_ids.discard(text_id)
        else:
            whole_links -= shorter
    return whole_links, whole_text_ids


def _is_tail(rest: str) -> bool:
    """Return whether what the text has beyond the link is the next word of the sentence."""
    return not any(letter.isdigit() for letter in rest)


def _links_by_line(document: PdfDocument) -> dict[tuple[int, int], list[str]]:
    ids_by_line: dict[tuple[int, int], list[str]] = {}
    for page in document.pages:
        for link in page.links:
            if link.line is not None:
                ids = ids_in_uri(link.uri)
                if ids:
                    ids_by_line.setdefault((page.number, link.line), []).extend(ids)
    return ids_by_line


def _names(document: PdfDocument) -> Iterator[IdentityClaim]:
    """Yield the identifiers that the document gives itself, surest first; each id once."""
    ids: set[str] = set()
    for name in _all_names(document):
        if name.id not in ids:
            ids.add(name.id)
            yield name


def _all_names(document: PdfDocument) -> Iterator[IdentityClaim]:
    first = document.pages[0] if document.pages else None
    text = "\n".join(line.text for line in first.lines) if first else ""
    page = first.number if first else 1
    stamp = _STAMP.search(text.replace("\n", " "))
    if stamp and is_identifier(f"arxiv:{stamp[1]}"):
        yield IdentityClaim(f"arxiv:{stamp[1]}", "arXiv's stamp on the first page", "0.99", page)
    for key, value in document.metadata:
        doi = doi_of(value.removeprefix("doi:").strip()) if key.lower() in _DOI_KEYS else None
        if doi:
            yield IdentityClaim(doi, "DOI in the document's metadata", "0.98", page)
    if first is None:
        return
    labelled = {
        line_doi
        for line in first.lines[:40]
        if _LABELLED.match(line.text)
        for line_doi in list(dois_in(line.text))[:1]
    }
    if len(labelled) == 1:
        yield IdentityClaim(labelled.pop(), "DOI named as such on the first page", "0.97", page)


def _title(document: PdfDocument) -> str | None:
    for key, value in document.metadata:
        title = value.strip()
        if key == "Title" and len(title) > 8 and not _NO_TITLE.fullmatch(title):
            return title
    return None
