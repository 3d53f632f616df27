"""The shelf of PDFs: only whole PDFs get onto it, each once, and what has none is left alone for a while."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph.errors import InputError, RefusedError, SourceError, StoreError
from ingest.arxiv.pdf_cache import NoPdfReason, PdfCache, PdfFetchOptions, PdfResult
from ingest.http.client import Transport
from ingest.http.rate_limit import RateLimiter, TooLateError
from tests.ingest.arxiv.local_pdfs import LocalPdfs, made

NAME = "2401.01234v2"
VERSION = f"arxiv:{NAME}"
PDF = made(NAME, "Baum, D. A. (2005). The challenge. doi:10.1126/science.1117727")


@pytest.fixture
def pdfs() -> LocalPdfs:
    return LocalPdfs({NAME: PDF, "hep-th/9901001v1": PDF + b"\n"})


@pytest.fixture
def url(arxiv: ModuleType, pdfs: LocalPdfs) -> Iterator[str]:
    service = arxiv.LocalArxiv((), pdfs=pdfs)
    yield service.start().replace("/oai", "/pdf")
    service.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pdfs"


@pytest.fixture
def shelf(url: str, folder: Path, time: Any, transport: Callable[..., Transport]) -> PdfCache:
    turn = RateLimiter(folder / "turn", 0.0, time.clock, time.sleep)
    through = transport(url, read_s=1.0)
    return PdfCache(folder, url, through, clock=time.clock, rate_limiter=turn)


def kept(folder: Path) -> list[bytes]:
    """All files on the shelf that are called PDFs, or are halves of something."""
    found = (*folder.rglob("*.pdf"), *folder.rglob("*.part"))
    return [one.read_bytes() for one in sorted(found)]


def test_a_pdf_is_fetched_once(shelf: PdfCache, pdfs: LocalPdfs, folder: Path) -> None:
    first = shelf.get(VERSION)
    assert first.file
    assert (first.file.read_bytes(), first.fetched) == (PDF, True)
    assert shelf.get(VERSION) == PdfResult(first.file)
    assert (pdfs.requests, kept(folder)) == ([NAME], [PDF])


def test_old_ids_have_a_slash(shelf: PdfCache, pdfs: LocalPdfs, folder: Path) -> None:
    shelf.get(VERSION)
    found = shelf.get("arxiv:hep-th/9901001v1")
    assert found.file
    assert found.file.read_bytes() == PDF + b"\n"
    assert shelf.get("arxiv:hep-th/9901001v1").fetched is False
    assert pdfs.requests == [NAME, "hep-th/9901001v1"]


WRONG = ["html", "wrong", "chopped", "truncated", "endless", "hang", "cut", "429", "500", "503"]


@pytest.mark.parametrize("trouble", WRONG)
def test_what_is_no_pdf_is_asked_for_again_and_never_taken(
    shelf: PdfCache, pdfs: LocalPdfs, folder: Path, trouble: str
) -> None:
    pdfs.troubles[NAME] = [trouble, trouble]
    found = shelf.get(VERSION)
    assert found.file
    assert kept(folder) == [PDF]
    assert len(pdfs.requests) == 3


@pytest.mark.parametrize("trouble", sorted({*WRONG, "403", "long"} - {"hang"}))
def test_what_never_comes_leaves_nothing(
    shelf: PdfCache, pdfs: LocalPdfs, folder: Path, trouble: str
) -> None:
    pdfs.always = trouble
    if trouble == "long":
        assert shelf.get(VERSION).lack is NoPdfReason.TOO_LONG
    else:
        with pytest.raises(SourceError):
            shelf.get(VERSION)
    assert kept(folder) == []
    assert len(pdfs.requests) == (1 if trouble in {"403", "long"} else 6)


def test_retry_after_is_obeyed(shelf: PdfCache, pdfs: LocalPdfs, time: Any) -> None:
    pdfs.troubles[NAME], pdfs.retry_after = ["429"], "40"
    start = time.now
    assert shelf.get(VERSION).file
    assert time.now - start >= timedelta(seconds=40)


def test_a_ban_is_no_lack(shelf: PdfCache, pdfs: LocalPdfs) -> None:
    pdfs.always = "403"
    with pytest.raises(RefusedError, match="got 403"):
        shelf.get(VERSION)
    pdfs.always = None
    assert shelf.get(VERSION).file


@pytest.mark.parametrize(
    ("trouble", "lack"), [("404", NoPdfReason.NONE), ("long", NoPdfReason.TOO_LONG)]
)
def test_what_has_none_is_left_alone_for_a_month(
    shelf: PdfCache, pdfs: LocalPdfs, time: Any, trouble: str, lack: NoPdfReason
) -> None:
    pdfs.troubles[NAME] = [trouble]
    first = shelf.get(VERSION)
    assert (first.file, first.lack, first.fetched) == (None, lack, True)
    assert NAME in first.reason or trouble == "long"
    time.now += timedelta(days=29)
    again = shelf.get(VERSION)
    assert (again.lack, again.fetched) == (lack, False)
    assert len(pdfs.requests) == 1
    time.now += timedelta(days=1)
    assert shelf.get(VERSION).file


def test_what_is_missed_while_others_come_rests_for_a_day_and_after_days_for_a_month(
    shelf: PdfCache, pdfs: LocalPdfs, time: Any
) -> None:
    pdfs.troubles[NAME] = ["html"] * 60

    def missed() -> bool:
        with pytest.raises(SourceError) as caught:
            shelf.get(VERSION)
        found = shelf.record_failure(VERSION, caught.value)
        return found is not None and found.lack is NoPdfReason.UNUSABLE

    assert not missed()
    assert not missed()  # nothing else came: the service may be at fault
    time.now += timedelta(hours=1)
    assert shelf.get("arxiv:hep-th/9901001v1").file
    for _ in range(3):
        assert missed()
        asked = len(pdfs.requests)
        assert shelf.get(VERSION).lack is NoPdfReason.UNUSABLE
        assert len(pdfs.requests) == asked
        time.now += timedelta(days=1)
    assert missed()
    time.now += timedelta(days=29)
    assert shelf.get(VERSION).lack is NoPdfReason.UNUSABLE
    time.now += timedelta(days=1)
    pdfs.troubles.clear()
    assert shelf.get(VERSION).file


def test_what_is_missed_for_days_with_nothing_else_to_ask_for_rests_day_by_day(
    shelf: PdfCache, pdfs: LocalPdfs, time: Any
) -> None:
    pdfs.always = "500"
    told = []
    for _ in range(5):
        with pytest.raises(SourceError) as caught:
            shelf.get(VERSION)
        told.append(shelf.record_failure(VERSION, caught.value))
        time.now += timedelta(days=1)
    assert [one is not None for one in told] == [False, False, False, True, True]
    pdfs.always = None
    assert shelf.get(VERSION).file


@pytest.mark.parametrize("change", [PDF[:-9], b"", PDF + b"\n%%EOF"])
def test_a_file_that_is_not_what_its_name_says_is_none(
    shelf: PdfCache, pdfs: LocalPdfs, folder: Path, change: bytes
) -> None:
    file = shelf.get(VERSION).file
    assert file
    file.write_bytes(change)
    found = shelf.get(VERSION)
    assert (found.fetched, kept(folder)) == (True, [PDF])


@pytest.mark.parametrize(
    "note",
    [
        *(b"", b"{", b"[]", b'{"file": 7}', b'{"lack": "none", "at": "2026-11-20T00:00:00"}'),
        b'{"file": "\xff"}',
        pytest.param(b'{"deep": ' + b"[" * 100_000, id="deep"),
    ],
)
def test_a_damaged_note_costs_one_request(
    shelf: PdfCache, pdfs: LocalPdfs, folder: Path, note: bytes
) -> None:
    shelf.get(VERSION)
    (folder / "of" / f"{NAME}.json").write_bytes(note)
    assert shelf.get(VERSION).fetched
    assert shelf.get(VERSION).fetched is False
    assert len(pdfs.requests) == 2


def test_a_half_file_of_a_process_that_was_killed_is_written_over(
    shelf: PdfCache, folder: Path
) -> None:
    folder.mkdir()
    (folder / "fetching.part").write_bytes(PDF * 3)
    shelf.get(VERSION)
    assert kept(folder) == [PDF]


def test_a_place_that_can_not_be_written(shelf: PdfCache, folder: Path) -> None:
    shelf.get(VERSION)
    file = shelf.get(VERSION).file
    assert file
    file.unlink()
    file.parent.rmdir()
    file.parent.write_bytes(b"somebody's")
    with pytest.raises(StoreError, match="PDFs can't be kept there"):
        shelf.get(VERSION)
    assert not list(folder.rglob("*.part"))


def test_a_full_disk_is_said_and_leaves_nothing(shelf: PdfCache, folder: Path) -> None:
    folder.mkdir()
    (folder / "fetching.part").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="PDFs can't be kept there: No space left"):
        shelf.get(VERSION)
    assert kept(folder) == []
    assert shelf.get(VERSION).file


def test_none_is_asked_for_after_the_deadline_but_what_is_there_is_had(
    shelf: PdfCache, url: str, folder: Path, time: Any, transport: Callable[..., Transport]
) -> None:
    shelf.get(VERSION)
    turn = RateLimiter(folder / "turn", 0.0, time.clock, time.sleep)
    late = PdfCache(
        folder, url, transport(url), clock=time.clock, rate_limiter=turn, deadline=time.now
    )
    assert late.get(VERSION).file


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (PdfFetchOptions("ftp://export.arxiv.org/pdf"), "pdf-url"),
        (PdfFetchOptions(delay_s=1.0), "delay"),
        (PdfFetchOptions(mailto="nobody"), "mailto"),
        (PdfFetchOptions(deadline_s=0.0), "deadline"),
    ],
)
def test_what_is_asked_wrongly(asked: PdfFetchOptions, where: str) -> None:
    with pytest.raises(InputError) as caught:
        asked.check()
    assert [fault.where for fault in caught.value.faults] == [where]


def test_too_late_is_said(
    url: str, folder: Path, pdfs: LocalPdfs, time: Any, transport: Callable[..., Transport]
) -> None:
    pdfs.always, pdfs.retry_after = "503", "60"
    through = transport(url)
    through._deadline = time.now + timedelta(seconds=30)  # as `open_transport` sets it
    turn = RateLimiter(folder / "turn", 0.0, time.clock, time.sleep)
    with pytest.raises(TooLateError):
        PdfCache(folder, url, through, clock=time.clock, rate_limiter=turn).get(VERSION)
    assert kept(folder) == []
