"""Fixtures of the PDF tests: files made on the spot, and the data beside them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from ingest.pdf.extract.extraction import digest_of
from ingest.pdf.sandbox.parent import PdfSandbox, ReadResult

HERE = Path(__file__).parent

Reads: TypeAlias = Callable[[bytes], ReadResult]


@pytest.fixture
def pdfs() -> Path:
    """The papers and the hostile files."""
    return HERE / "data"


@pytest.fixture(scope="module")
def nursery() -> Iterator[PdfSandbox]:
    with PdfSandbox() as found:
        yield found


@pytest.fixture
def reads(nursery: PdfSandbox, tmp_path: Path) -> Reads:
    """Reads bytes as a file."""

    def read(data: bytes) -> ReadResult:
        path = tmp_path / "some.pdf"
        path.write_bytes(data)
        return nursery.read(path, digest_of(data))

    return read
