"""What the child reads, and that no file can hurt the parent: hostile ones, bombs, a child that lies."""

import json
import os
import random
import re
import resource
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ClassVar

import pytest

from graph.errors import InputError
from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extraction import digest_of
from ingest.pdf.extract.pages import LIMITS, PdfLimits
from ingest.pdf.sandbox.parent import READERS, PdfSandbox, ReadResult
from ingest.pdf.statements.record import file_record
from tests.conftest import Size
from tests.ingest.pdf.bombs import bombs
from tests.ingest.pdf.conftest import Reads
from tests.ingest.pdf.sample_pdfs import Put, flate, listed, one_page, paper

SLOW = {"form_of_itself", "forms_laughing", "string_giant", "text_much", "links_many", "lines_many", "flate_operators", "states_saved", "operands_many",
        "information_huge", "objects_many", "flate_zeros", "zeros", "image_inline_open", "flate_nested", "pages_doubling",
        "pages_many", "dois_without_end", "objects_without_table"}  # fmt: skip


def test_a_sound_paper(reads: Reads) -> None:
    entries = [
        "Archer, A. L. (2010). Explicit instruction. Guilford Publications.",
        "Baum, D. A. (2005). The tree-thinking challenge. Science, 310(5750), 979-980.",
        "Wilson, G. (2014). Software Carpentry: lessons learned. F1000Research, 3, 62. doi:10.12688/f1000.62",
    ]
    pages = listed(entries)
    pages[1][2] = Put(
        pages[1][2].text, pages[1][2].x, pages[1][2].y, "https://doi.org/10.1126/science.1"
    )
    found = reads(paper(pages, info={"Title": "A paper about sheep", "doi": "10.1000/182"}))
    facts = found.facts
    assert (facts.outcome, facts.pages, facts.title) == (
        ReadingOutcome.OK,
        2,
        "A paper about sheep",
    )
    assert not found.is_machine_dependent
    assert [(one.id, one.method) for one in facts.names] == [("doi:10.1000/182", "DOI in the document's metadata")]  # fmt: skip
    assert [one.text for one in facts.references] == entries
    assert [one.linked for one in facts.references] == [(), ("doi:10.1126/science.1",), ()]
    assert [one.printed for one in facts.references] == [(), (), ("doi:10.12688/f1000.62",)]
    assert {one.page for one in facts.references} == {2}


def test_running_feet_and_the_papers_own_doi_are_no_references(reads: Reads) -> None:
    pages = listed(
        [f"Author{k}, A. (200{k}). Title number {k}. Journal. doi:10.1000/{k}" for k in range(1, 5)]
    )
    for page in pages:
        page.append(
            Put(
                "Sheep et al. (2020). A paper. https://doi.org/10.1000/182",
                y=40,
                link="https://doi.org/10.1000/182",
            )
        )
    facts = reads(paper(pages)).facts
    assert [one.printed for one in facts.references] == [(f"doi:10.1000/{k}",) for k in range(1, 5)]
    assert all(not one.linked for one in facts.references)


def test_what_is_read_twice_is_the_same_record(pdfs: Path, nursery: PdfSandbox) -> None:
    path = pdfs / "jose" / "jose.00042.pdf"
    digest = digest_of(path.read_bytes())
    first, second = (nursery.read(path, digest).facts for _ in range(2))
    assert file_record(digest, first, 1, "pypdf").id == file_record(digest, second, 1, "pypdf").id


@pytest.mark.parametrize("paper", ["jose.00013", "jose.00027", "jose.00042", "jose.00202"])
@pytest.mark.parametrize("reader", READERS)
def test_the_dois_of_real_papers(pdfs: Path, paper: str, reader: str) -> None:
    path = pdfs / "jose" / f"{paper}.pdf"
    gold = json.loads(path.with_suffix(".gold.json").read_text())["references"]
    with PdfSandbox(reader) as nursery:
        facts = nursery.read(path, digest_of(path.read_bytes())).facts
    found = {one for reference in facts.references for one in reference.linked + reference.printed}
    assert found == {"doi:" + one["doi"].lower() for one in gold if "doi" in one}


def test_a_file_that_changes_meanwhile_is_refused(
    reads: Reads, nursery: PdfSandbox, tmp_path: Path
) -> None:
    path = tmp_path / "some.pdf"
    path.write_bytes(paper([[Put("Hello")]]))
    with pytest.raises(InputError, match="changed while it was read"):
        nursery.read(path, digest_of(b"something else"))


def test_text_from_a_file_is_clean_and_bounded(reads: Reads) -> None:
    long = "x" * 3000
    pages = listed([f"Author, A. (200{k}). Title\x07 with\x00 \u2022 marks {long if k == 2 else ''}. 10.1000/{k}" for k in range(1, 5)], width=5000)  # fmt: skip
    facts = reads(paper(pages, info={"Title": "T\x01itle\x0b of it" + "t" * 9000})).facts
    assert (facts.title, facts.cut) == ("Title of", True)
    for one in facts.references:
        assert one.text.isprintable()
        assert len(one.text) <= 1200


def test_the_outcomes(reads: Reads, pdfs: Path) -> None:
    outcomes = {
        "pdfjs/encrypted-attachment.pdf": ReadingOutcome.ENCRYPTED,
        "pdfjs/poppler-85140-0.pdf": ReadingOutcome.DAMAGED,
        "qpdf-fuzz/70245.fuzz": ReadingOutcome.DAMAGED,
        "pdfjs/issue17554.pdf": ReadingOutcome.OK,
    }
    for name, outcome in outcomes.items():
        assert reads((pdfs / "hostile" / name).read_bytes()).facts.outcome is outcome, name


def judged(name: str, read: ReadResult, *, may_abort: bool = False) -> None:
    assert isinstance(read.facts.outcome, ReadingOutcome), name
    assert (read.facts.outcome is ReadingOutcome.OK) or read.facts.reason, name
    assert may_abort or read.facts.outcome is not ReadingOutcome.CRASH, name


def test_hostile_files(pdfs: Path, nursery: PdfSandbox) -> None:
    files = sorted(one for one in (pdfs / "hostile").rglob("*") if one.is_file())
    assert len(files) == 48
    for file in files:
        judged(file.name, nursery.read(file, digest_of(file.read_bytes())))


class Asker:
    """A nursery in a process of its own, since peaks of memory are counted over all that a process started."""

    nursery: ClassVar[PdfSandbox]

    @classmethod
    def begin(cls, reader: str, limits: PdfLimits) -> None:
        cls.nursery = PdfSandbox(reader, limits)

    @classmethod
    def read(cls, path: Path, digest: str) -> ReadResult:
        return cls.nursery.read(path, digest)

    @classmethod
    def peaks(cls) -> tuple[int, int]:
        """The most resident memory that the readers and the one who asks them had, in KiB."""
        cls.nursery.close()
        own = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        assert own
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, int(own[1])


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reader", READERS)
def test_bombs(tmp_path: Path, size: Size, reader: str) -> None:
    """The reader that is C++ aborts its own process on some; that is an outcome too."""
    limits = PdfLimits(cpu_s=size(3, LIMITS.cpu_s), wall_s=size(40, 240))
    made = [(name, make) for name, make in bombs() if name not in SLOW or size(0, 1)]
    assert len(made) >= size(40, 60)
    with ProcessPoolExecutor(1, get_context("spawn"), Asker.begin, (reader, limits)) as asker:
        for name, make in made:
            data = make()
            path = tmp_path / "bomb.pdf"
            path.write_bytes(data)
            read = asker.submit(Asker.read, path, digest_of(data)).result()
            judged(name, read, may_abort=reader == "pdfium")
            path.unlink()
        readers, own = asker.submit(Asker.peaks).result()
    assert readers < limits.memory_bytes >> 10
    assert own < 150 << 10


@pytest.mark.timeout(3600)
def test_flipped_bytes(pdfs: Path, nursery: PdfSandbox, tmp_path: Path, size: Size) -> None:
    """Sound papers with some bytes changed, cut out or doubled: each ends, and each record holds."""
    source = random.Random(5)  # noqa: S311 - seeded, so that a failure comes again
    papers = [one.read_bytes() for one in sorted((pdfs / "jose").glob("*.pdf"))]
    papers += [paper(listed([f"Author, A. (200{k}). Title {k}. J. {k}." for k in range(9)]))] * 4
    path = tmp_path / "some.pdf"
    for _ in range(size(30, 2000)):
        data = bytearray(source.choice(papers))
        for _ in range(source.choice((1, 5, 50))):
            k = source.randrange(len(data))
            match source.randrange(3):
                case 0:
                    data[k] = source.randrange(256)
                case 1:
                    del data[k : k + source.randrange(300)]
                case _:
                    data[k:k] = data[k : k + source.randrange(300)]
        path.write_bytes(data)
        digest = digest_of(bytes(data))
        found = nursery.read(path, digest)
        judged("flipped", found)
        file_record(digest, found.facts, len(data), "pypdf")


def test_more_references_than_a_bundle_holds(reads: Reads) -> None:
    many = [f"[{k}] Author, A. Title {k}. 2001." for k in range(1, 2200)]
    pages = [[Put("References", y=780)]]
    pages += [
        [Put(text, y=780 - 13 * n) for n, text in enumerate(many[k : k + 50])]
        for k in range(0, 2200, 50)
    ]
    facts = reads(paper(pages)).facts
    assert len(facts.references) == 2000
    assert facts.reason == "2000 of 2199 references are kept"


def test_time_on_the_clock_and_on_the_processor_are_limited(tmp_path: Path) -> None:
    slow = one_page(flate(b"q " * 3_000_000))
    path = tmp_path / "slow.pdf"
    path.write_bytes(slow)
    with PdfSandbox("pypdf", PdfLimits(cpu_s=1)) as nursery:
        found = nursery.read(path, digest_of(slow))
    assert (found.facts.outcome, found.facts.reason) == (
        ReadingOutcome.TIMEOUT,
        "more than 1 s of CPU time",
    )
    assert found.is_machine_dependent
    with PdfSandbox("pypdf", PdfLimits(wall_s=0.3)) as nursery:
        found = nursery.read(path, digest_of(slow))
    assert (found.facts.outcome, found.facts.reason) == (ReadingOutcome.TIMEOUT, "more than 0.3 s")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS doesn't limit address space")
def test_memory_is_limited(tmp_path: Path) -> None:
    data = one_page(flate(b"BT /F1 10 Tf (" + b"x" * 20_000_000 + b") Tj ET"))
    path = tmp_path / "large.pdf"
    path.write_bytes(data)
    with PdfSandbox("pypdf", PdfLimits(memory_bytes=150 << 20)) as nursery:
        found = nursery.read(path, digest_of(data))
    assert found.is_machine_dependent
    assert found.facts.outcome is ReadingOutcome.LIMIT
    assert found.facts.reason == "more than 150 MiB of memory"


def test_more_pages_text_and_bytes_than_allowed(tmp_path: Path) -> None:
    data = paper([[Put("Hello, this is text.")]] * 3)
    path = tmp_path / "some.pdf"
    path.write_bytes(data)
    for limits, pages in (
        (PdfLimits(pages=2), 3),
        (PdfLimits(text_chars=30), 3),
        (PdfLimits(file_bytes=100), None),
    ):
        with PdfSandbox("pypdf", limits) as nursery:
            found = nursery.read(path, digest_of(data))
        assert (found.facts.outcome, found.facts.pages) == (ReadingOutcome.LIMIT, pages)
        assert not found.is_machine_dependent


def test_a_reader_that_dies_between_two_files_is_started_again(tmp_path: Path) -> None:
    data = paper([[Put("Hello")]])
    path = tmp_path / "some.pdf"
    path.write_bytes(data)
    with PdfSandbox() as nursery:
        assert nursery._process is not None
        os.kill(nursery._process.pid, signal.SIGKILL)
        assert nursery.read(path, digest_of(data)).facts.outcome is ReadingOutcome.CRASH
        assert nursery.read(path, digest_of(data)).facts.outcome is ReadingOutcome.OK


def test_a_reader_that_is_not_installed_is_said_to_be_so() -> None:
    with pytest.raises(InputError, match="can't be read here"), PdfSandbox("pdfium-of-tomorrow"):
        pass
