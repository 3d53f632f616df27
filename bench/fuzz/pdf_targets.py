"""Fuzz targets in `ingest.pdf`: parsers of the answer of the reading child, of a PDF's text, and of titles in it."""

from collections.abc import Sequence
from typing import Final

import msgspec

from bench.fuzz.judge import Target
from bench.fuzz.seeds import files, parts, text_of, texts
from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extract import facts_of
from ingest.pdf.extract.extraction import (
    IdentityClaim,
    PdfFacts,
    Reference,
    enforce_limits,
    parse_answer,
)
from ingest.pdf.extract.identifiers import arxiv_of, doi_of, ids_in_text, ids_in_uri
from ingest.pdf.extract.pages import Line, Link, PdfDocument, PdfPage
from ingest.pdf.match.title_index import KnownWork, ReferenceIndex, title_letters, years_in


def _answer(data: bytes) -> None:
    facts = parse_answer(data)
    if enforce_limits(facts) != facts:
        raise AssertionError("facts within their limits are cut again")


def _ids(data: bytes) -> None:
    text = text_of(data)
    ids_in_text(text)
    for look in (ids_in_uri, doi_of, arxiv_of, years_in):
        look(text)


def _document(data: bytes) -> None:
    """Read lines as pages of a document: a form feed begins a page, the first line is its title."""
    pages = []
    for number, sheet in enumerate(text_of(data).split("\f")[:50], start=1):
        lines = sheet.split("\n")
        # Those that begin with a space hang, as in lists without numbers.
        placed_lines = [
            Line(text.strip(), 72.0 + 12 * text.startswith(" "), 700.0 - 12 * (k % 50))
            for k, text in enumerate(lines)
        ]
        links = [Link(text, k) for k, text in enumerate(lines) if "://" in text]
        pages.append(PdfPage(number, tuple(placed_lines), tuple(links)))
    title = pages[0].lines[0].text
    facts = facts_of(
        PdfDocument(len(pages), tuple(pages), (("Title", title), ("doi", title))), "fuzz"
    )
    if parse_answer(msgspec.json.encode(facts)) != facts:
        raise AssertionError("facts are read in another way than they were written")


def _titles(data: bytes) -> None:
    title, *rest = map(text_of, parts(data, 12))
    index = ReferenceIndex()
    index.add("file", rest)
    for hit in index.hits(KnownWork("doi:10.5555/1", title, 2020)):
        if not 0.9 < hit.ratio <= 1:
            raise AssertionError(f"a hit of {hit.ratio}")
    title_letters(title)


def _answers() -> Sequence[bytes]:
    names = (IdentityClaim("arxiv:2512.05356v1", "arXiv's stamp on the first page", "0.99", 1),)
    references = (
        Reference(3, "[1] A. Author. A title. 2020.", ("doi:10.5555/1",), ("arxiv:2401.01234",)),
    )
    return [
        msgspec.json.encode(
            PdfFacts(
                ReadingOutcome.OK,
                "pypdf 7.1.0",
                "a page gave no text",
                4,
                1,
                "T",
                names,
                references,
            )
        ),
        msgspec.json.encode(
            PdfFacts(ReadingOutcome.LIMIT, "pypdf 7.1.0", "more than 300 pages", 301)
        ),
    ]


def _references() -> list[str]:
    """Return the gold reference lists of real papers."""
    return [
        data.decode("utf-8", "replace") for data in files("tests/ingest/pdf/data/jose/*.json")()
    ]


def _documents() -> Sequence[bytes]:
    entries = [
        "[1] J. Doe and A. Nother. A study of many things in several places. Journal of Studies 12\n"
        "(2019), 1-20. https://doi.org/10.5555/12345678.abc-\n123",
        "[2] B. van der Berg. Attention is not all. arXiv:2401.01234v2, 2024.",
        "[3] C. Third, 2018. Title of it. In Proceedings of X. hep-th/9901001",
    ]
    numbered = "A Title of Some Length\narXiv:2512.05356v1 [cs.AI] 4 Dec 2025\nText\fReferences\n"
    numbered += "\n".join(entries) + "\nAppendix A"
    authored = "Title\nBody.\nReferences\n" + "\n".join(
        f"Doe, J., Nother, A. (20{k:02d}). A study of thing {k}.\n Journal {k}. doi:10.5555/{k}"
        for k in range(10, 24)
    )
    return [numbered.encode(), authored.encode(), *(text.encode()[:4000] for text in _references())]


PDFS: Final = (
    Target("pdf-answer", _answer, (ValueError,), _answers),
    Target(
        "pdf-ids",
        _ids,
        (),
        texts(
            "https://doi.org/10.1000/(SICI)1097-4571(1999)50:3%3C221::AID-\nASI5%3E3.0.CO;2-Z.",
            "arXiv:2401.01234v2, hep-th/9901001; see abs/math.GT/0309136 and 10.5555/a&amp;b",
            "https://www.example.org/doi/full/10.1080/01.2020.1#abstract?x=10.48550/arXiv.2401.01234",
        ),
    ),
    Target("pdf-text", _document, (), _documents),
    Target(
        "pdf-titles",
        _titles,
        (),
        texts(
            "A study of many things in several places\x1e[1] J. Doe. A study of many things in "
            "several plac-es. 2019.\x1e[2] A study of $\\alpha$ things in several places, 2020.",
            "The $\\beta$ of Ideas\x1eX (2020). The \u03b2 of Ideas.\x1eThe beta of ideas: 2020",
        ),
    ),
)
