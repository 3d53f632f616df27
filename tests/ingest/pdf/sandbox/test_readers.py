"""The two readers in this process, on files that are ours or sound: what pages they make, and how they refuse."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extract import facts_of
from ingest.pdf.extract.extraction import digest_of, parse_answer
from ingest.pdf.extract.pages import LIMITS, PdfLimits, PdfReader, ReadFailure
from ingest.pdf.sandbox.child import DIGEST_BYTES, _forbid, _read, load_reader
from ingest.pdf.sandbox.parent import READERS
from tests.ingest.pdf.sample_pdfs import Put, listed, paper

ENTRIES = [f"Author{k}, A. (200{k}). A title of paper {k}. Journal, {k}. doi:10.1000/{k}" for k in range(1, 6)]  # fmt: skip


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Iterator[PdfReader]:
    yield load_reader(request.param)
    logging.disable(logging.NOTSET)  # a reader silences its library in the child


def test_lines_places_and_links(reader: PdfReader) -> None:
    lines = [
        Put("First line", 72, 700),
        Put("Second line", 90, 680, link="https://doi.org/10.1000/182"),
    ]
    found = reader.read(paper([lines], info={"Title": "A paper about sheep"}), LIMITS)
    (page,) = found.pages
    assert [(line.text, round(line.x), round(line.y)) for line in page.lines if line.text] == [
        ("First line", 72, 700), ("Second line", 90, 680)]  # fmt: skip
    assert [(link.uri, page.lines[link.line or 0].text) for link in page.links] == [
        ("https://doi.org/10.1000/182", "Second line")]  # fmt: skip
    assert dict(found.metadata)["Title"] == "A paper about sheep"


def test_both_read_the_same_references(pdfs: Path) -> None:
    for path in sorted((pdfs / "jose").glob("*.pdf")):
        data = path.read_bytes()
        first, second = (facts_of(load_reader(one).read(data, LIMITS), one) for one in READERS)
        assert len(first.references) == len(second.references)
        assert [one.linked for one in first.references] == [one.linked for one in second.references]
    logging.disable(logging.NOTSET)


def test_how_they_refuse(reader: PdfReader, pdfs: Path) -> None:
    for data, limits, outcome in (
        (b"%PDF-1.7\nnothing", LIMITS, ReadingOutcome.DAMAGED),
        (b"", LIMITS, ReadingOutcome.DAMAGED),
        (paper([[Put("Hello")]] * 3), PdfLimits(pages=2), ReadingOutcome.LIMIT),
        (
            paper([[Put("Hello, this is text.")]] * 3),
            PdfLimits(text_chars=30),
            ReadingOutcome.LIMIT,
        ),
    ):
        with pytest.raises(ReadFailure) as refusal:
            reader.read(data, limits)
        assert refusal.value.outcome is outcome


def test_the_answer_of_a_child(reader: PdfReader, tmp_path: Path) -> None:
    path = tmp_path / "some.pdf"
    for data, limits, outcome in (
        (paper(listed(ENTRIES)), LIMITS, ReadingOutcome.OK),
        (b"%PDF-1.7\nnothing", LIMITS, ReadingOutcome.DAMAGED),
        (paper(listed(ENTRIES)), PdfLimits(file_bytes=10), ReadingOutcome.LIMIT),
    ):
        path.write_bytes(data)
        answer = _read(reader, str(path), limits)
        facts = parse_answer(answer[DIGEST_BYTES:])
        assert facts.outcome is outcome
        if limits is LIMITS:
            assert answer[:DIGEST_BYTES].decode() == digest_of(data)
        if outcome is ReadingOutcome.OK:
            assert [one.text for one in facts.references] == ENTRIES


@pytest.mark.parametrize(
    "event", ["socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.remove"]
)
def test_what_a_child_may_not(event: str) -> None:
    with pytest.raises(PermissionError, match=event):
        _forbid(event, ())
    with pytest.raises(PermissionError, match="open"):
        _forbid("open", ("/tmp/x", "w", 1))  # noqa: S108 - never opened
    _forbid("open", ("some.py", "r", 0))
    _forbid("import", ("encodings",))


def test_an_answer_that_is_none_is_refused() -> None:
    for data in (
        *(b"", b"[]", b'{"outcome": "fine", "tool": "x"}', b'{"outcome": "ok"}', b"\xff"),
        *(b'{"outcome": "ok", "tool": "\xff"}', b'{"deep": ' + b"[" * 100_000),
    ):
        with pytest.raises(ValueError):
            parse_answer(data)
    lie = b'{"outcome": "ok", "tool": "t\\u0007", "pages": -5, "references": [{"page": 0, "text": "x"}, {"page": 1, "text": "\\u0000"}, {"page": 1, "text": "a\\nb", "printed": ["doi:nonsense", "doi:10.1000/1"]}]}'  # fmt: skip
    facts = parse_answer(lie)
    assert (facts.tool, facts.pages) == ("t", 0)
    assert [(one.text, one.printed) for one in facts.references] == [("a b", ("doi:10.1000/1",))]
