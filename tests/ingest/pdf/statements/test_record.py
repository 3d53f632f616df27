"""Facts of a PDF as a record, and back."""

import pytest

from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extraction import IdentityClaim, PdfFacts, Reference, enforce_limits
from ingest.pdf.statements.record import facts_from, file_record

FILE = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("title", "kept", "is_cut"),
    [
        (None, None, False),
        (" \n", None, False),
        ("A title", "A title", False),
        ("word " * 1000, "word " * 818 + "word", True),
        (" " * 19_996 + "word, and more", "word", True),
    ],
)
def test_the_facts_come_back(title: str | None, kept: str | None, is_cut: bool) -> None:
    facts = enforce_limits(
        PdfFacts(
            ReadingOutcome.OK,
            "a reader",
            pages=3,
            title=title,
            names=(IdentityClaim("arxiv:2401.01234v1", "stamp", "0.99", 1),),
            references=(Reference(2, "Doe, J.", ("doi:10.1000/zo%c3%a9",), ("arxiv:2401.00001",)),),
        )
    )
    assert (facts.title, facts.cut) == (kept, is_cut)
    bundle = file_record(FILE, facts, 1000, "pypdf")
    assert facts_from(bundle) == facts
    assert bundle.body
    attributes = bundle.body.nodes[0].attributes
    assert attributes.get("title") == kept
    assert attributes.get("cut", False) == is_cut
