"""`ingest pdf` as a user types it."""

import shutil
from pathlib import Path

from tests.colineage.conftest import Type

EXAMPLES = Path(__file__).parents[3] / "examples" / "pdf"
HOSTILE = Path(__file__).parents[2] / "ingest" / "pdf" / "data" / "hostile"


def test_a_folder_twice(typed: Type, place: Path) -> None:
    shutil.copy(EXAMPLES / "jose.00141.pdf", place)
    found = typed("ingest", "pdf", ".", "--json")
    assert found.status == 0, found.err
    assert (found.json["seen"], found.json["outcomes"], found.json["statements"]) == (
        1,
        {"ok": 1},
        1,
    )
    again = typed("ingest", "pdf", ".", "--json").json
    assert (again["unchanged"], again["statements"], again["log_size"]) == (1, 0, found.json["log_size"])  # fmt: skip
    assert typed("ingest", "pdf", "--resolve", "--json").json["statements"] == 0
    shown = typed("show", "doi:10.21105/jose.00141", "--json").json
    assert shown["out"]["total"] == 19
    assert "readings" in typed("ingest", "pdf", ".").out


def test_one_that_can_not_be_read_is_counted_and_told(typed: Type, place: Path) -> None:
    shutil.copy(EXAMPLES / "jose.00141.pdf", place)
    shutil.copy(HOSTILE / "pdfjs" / "encrypted-attachment.pdf", place)
    found = typed("ingest", "pdf", ".", "--json")
    assert found.status == 65
    assert (found.json["seen"], found.json["refused"]) == (1, 1)
    assert "refused: encrypted-attachment.pdf: encrypted: it asks for a password" in found.err


def test_what_is_asked_wrongly(typed: Type, place: Path) -> None:
    shutil.copy(EXAMPLES / "jose.00141.pdf", place)
    assert typed("ingest", "pdf").status == 2
    assert typed("ingest", "pdf", ".", "--resolve").status == 2
    assert typed("ingest", "pdf", ".", "--reader", "acrobat").status == 2
    assert typed("ingest", "pdf", ".", "--of", "nonsense").status == 2
    found = typed("ingest", "pdf", "jose.00141.pdf", "--of", "10.21105/jose.00141", "--json")
    assert found.status == 0
