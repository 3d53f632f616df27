"""Harvest and PDFs together: which are owed, what is read, and what a service that fails leaves."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph.errors import RefusedError, SourceError
from graph.model.vocabulary import Relation
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest_through
from ingest.arxiv.missing_pdfs import MissingPdfs
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.pdf_cache import PdfCache
from ingest.arxiv_pdfs import (
    HarvestedPdfs,
    PdfSelection,
    ingest_missing_pdfs,
    missing_pdfs_of_harvest,
)
from ingest.http.client import Transport
from ingest.http.rate_limit import RateLimiter, TooLateError
from ingest.pdf.ingest import ingest_pdf
from tests.ingest.arxiv.local_pdfs import DAMAGED, LocalPdfs, pdfs_of

PLANTED = {
    "arxiv:0704.9001v3": "ok",
    "arxiv:0704.9003v1": "ok",
    "arxiv:hep-th/9901001v2": "ok",
    "arxiv:math/0309136v1": "ok",
}


@pytest.fixture
def planted(arxiv: ModuleType, data: Path) -> tuple[Any, ...]:
    found: tuple[Any, ...] = arxiv.read_records(data / "planted")
    return found


@pytest.fixture
def service(serve: Callable[..., Any], planted: tuple[Any, ...]) -> Iterator[Any]:
    yield serve(planted, page_size=2, pdfs=LocalPdfs(pdfs_of(planted)))


class Taking:
    """A harvest of the service with its PDFs, into a store, on a standing clock."""

    def __init__(
        self,
        service: Any,
        store: GraphStore,
        speaker: Speaker,
        folder: Path,
        time: Any,
        through: Any,
    ) -> None:
        self.service, self.store, self.speaker, self.time = service, store, speaker, time
        self.folder, self.through = folder, through
        self.options: dict[str, Any] = {}

    def asked(self) -> HarvestOptions:
        given = {"since": "1990-01-01", "base_url": self.service.url, "delay_s": 0.0}
        return HarvestOptions(**(given | self.options))

    def harvest(self, which: PdfSelection | None) -> None:
        context = IngestContext(self.store, self.speaker, naming_new=which is PdfSelection.NEW)
        harvest_through(self.through(self.service.url), context, self.asked())

    def owed(self, which: PdfSelection) -> MissingPdfs:
        return missing_pdfs_of_harvest(self.store, self.speaker.author, self.asked(), which)

    def papers(self, which: PdfSelection, **options: Any) -> HarvestedPdfs:
        url = self.service.url.replace("/oai", "/pdf")
        turn = RateLimiter(self.folder / "turn", 0.0, self.time.clock, self.time.sleep)
        shelf = PdfCache(
            self.folder, url, self.through(url), clock=self.time.clock, rate_limiter=turn
        )
        return ingest_missing_pdfs(
            self.store, self.speaker, shelf, self.owed(which), query=url, **options
        )

    def both(self, which: PdfSelection) -> HarvestedPdfs:
        self.harvest(which)
        return self.papers(which)

    def state(self) -> tuple[int, str]:
        return self.store.checkpoint().size, self.store.digest()


@pytest.fixture
def taking(
    service: Any,
    store: GraphStore,
    speaker: Speaker,
    tmp_path: Path,
    time: Any,
    transport: Callable[..., Transport],
) -> Taking:
    return Taking(service, store, speaker, tmp_path / "pdfs", time, transport)


def outcomes(store: GraphStore) -> dict[str, str]:
    """How the reading of each version's PDF ended."""
    found = {}
    for version in PLANTED:
        edges = store.adjacent(
            [version], outgoing=False, relations=frozenset({Relation.SPECIALIZATION_OF})
        )
        for one in edges:
            if one.edge.source.startswith("sha256:") and one.edge.qualifiers["method"] == "given":
                shown = store.things([one.edge.source])[one.edge.source].shown
                assert shown
                found[version] = str(shown.description.attributes["outcome"])
    return found


@pytest.mark.parametrize("which", list(PdfSelection))
def test_each_paper_s_newest_version_is_read_and_the_second_time_nothing_happens(
    taking: Taking, which: PdfSelection
) -> None:
    found = taking.both(which)
    assert (found.wanted, found.fetched, found.left) == (4, 4, 0)
    assert (found.outcomes, found.statements) == ({"ok": 4}, 4)
    assert outcomes(taking.store) == PLANTED
    cites = taking.store.adjacent(
        ["arxiv:0704.9001"], outgoing=True, relations=frozenset({Relation.CITES})
    )
    assert {one.edge.target.partition(":")[0] for one in cites} == {"doi", "arxiv"}
    before = taking.state()
    asked = list(taking.service.pdfs.requests)
    requests = taking.service.requests
    assert [path.startswith("/pdf/") for path in requests] == [False] * 3 + [True] * 4
    # Lists and PDFs wait for one another: three seconds between any two.
    assert taking.time.slept == [pytest.approx(3.0)] * (len(requests) - 1)
    again = taking.both(which)
    assert (again.wanted, again.fetched, again.cached) == (0, 0, 0)
    assert (taking.state(), taking.service.pdfs.requests) == (before, asked)


def test_it_is_the_graph_that_ingest_pdf_makes_of_the_same_files(
    taking: Taking, speaker: Speaker, tmp_path: Path
) -> None:
    files = dict(taking.service.pdfs.files) | {"0704.9001v3": DAMAGED}
    taking.service.pdfs.files = files
    taking.both(PdfSelection.ALL)
    other = open_store("sqlite::memory:", clock=speaker.clock)
    other.trust([TrustEntry(speaker.signer.key)])
    mine = taking.store
    taking.store = other
    taking.harvest(None)
    for version in PLANTED:
        path = tmp_path / "some.pdf"
        path.write_bytes(files[version.removeprefix("arxiv:")])
        ingest_pdf(other, speaker, path, of=version)
    assert mine.digest() == other.digest()
    assert outcomes(mine) == PLANTED | {"arxiv:0704.9001v3": "damaged"}
    other.close()


def test_what_was_harvested_without_is_not_new_but_is_among_all(taking: Taking) -> None:
    taking.harvest(None)
    assert taking.both(PdfSelection.NEW).wanted == 0
    assert taking.both(PdfSelection.ALL).fetched == 4


def test_a_run_that_stopped_before_its_pdfs_is_made_up_for(taking: Taking) -> None:
    taking.service.troubles = {2: "403"}
    with suppress(RefusedError):
        taking.harvest(PdfSelection.NEW)
    taking.service.troubles = {}
    taking.harvest(PdfSelection.NEW)  # killed here
    assert taking.both(PdfSelection.NEW).fetched == 4


def test_a_new_version_is_new_and_a_new_comment_is_not(
    taking: Taking, planted: tuple[Any, ...], arxiv: ModuleType
) -> None:
    taking.both(PdfSelection.NEW)
    old = next(r for r in planted if r.id == "0704.9003")
    assert old.metadata
    commented = old.metadata.replace("</arXivRaw>", "<comments>5 pages</comments></arXivRaw>")
    one = arxiv.Record(old.id, "2026-11-01", old.sets, commented)
    rest = tuple(r for r in planted if r is not old)
    taking.service.records = (*rest, one)
    assert taking.both(PdfSelection.NEW).wanted == 0
    version = commented.partition("<version ")[2].partition("</version>")[0]
    second = f"<version {version.replace('v1', 'v2', 1)}</version>"
    revised = commented.replace("</version>", f"</version>{second}", 1)
    taking.service.records = (*rest, arxiv.Record(old.id, "2026-11-02", old.sets, revised))
    files = taking.service.pdfs.files
    taking.service.pdfs.files = files | {"0704.9003v2": files["0704.9003v1"] + b"\n%%EOF"}
    found = taking.both(PdfSelection.NEW)
    assert (found.wanted, found.outcomes) == (1, {"ok": 1})
    assert taking.service.pdfs.requests[-1] == "0704.9003v2"


def test_all_is_all_in_the_span_and_the_categories(taking: Taking) -> None:
    taking.harvest(None)
    taking.options = {"since": "2007-04-02", "until": "2007-04-04"}
    assert taking.owed(PdfSelection.ALL).versions == ("arxiv:0704.9001v3", "arxiv:0704.9003v1")
    taking.options = {"since": "1990-01-01", "categories": ("hep-th",)}
    assert taking.owed(PdfSelection.ALL).versions == ("arxiv:hep-th/9901001v2",)
    taking.options = {"since": "1990-01-01", "categories": ("math", "hep-th")}
    assert "arxiv:math/0309136v1" in taking.owed(PdfSelection.ALL).versions
    taking.options = {"since": "1999-01-01", "until": "1999-12-31", "via": "api"}
    assert taking.owed(PdfSelection.ALL).versions == ("arxiv:hep-th/9901001v2",)


def test_a_withdrawn_version_is_counted_and_not_asked_for(
    taking: Taking, planted: tuple[Any, ...], arxiv: ModuleType
) -> None:
    old = next(r for r in planted if r.id == "0704.9003")
    said = "<comments>This paper has been withdrawn</comments></arXivRaw>"
    gone = arxiv.Record(old.id, old.day, old.sets, old.metadata.replace("</arXivRaw>", said))
    taking.service.records = (*(r for r in planted if r is not old), gone)
    found = taking.both(PdfSelection.ALL)
    assert (found.wanted, found.fetched, found.without) == (4, 3, {"withdrawn": 1})
    assert "0704.9003v1" not in taking.service.pdfs.requests


@pytest.mark.parametrize("trouble", ["html", "wrong", "chopped", "503", "truncated"])
def test_three_in_a_row_that_fail_are_the_service_s_fault(taking: Taking, trouble: str) -> None:
    taking.service.pdfs.always = trouble
    found = taking.both(PdfSelection.ALL)
    assert (found.wanted, found.fetched, found.left, found.without) == (4, 0, 4, {})
    assert isinstance(found.why_left, SourceError)
    assert len(set(taking.service.pdfs.requests)) == 3
    assert not list(taking.folder.rglob("*.pdf"))
    taking.service.pdfs.always = None
    assert taking.both(PdfSelection.ALL).outcomes == {"ok": 4}


def test_one_that_fails_keeps_nobody_else_waiting(taking: Taking) -> None:
    taking.service.pdfs.troubles["0704.9001v3"] = ["html"] * 6
    found = taking.both(PdfSelection.NEW)
    assert (found.wanted, found.fetched, found.left) == (4, 3, 1)
    assert "expected application/pdf, got text/html" in str(found.why_left)
    again = taking.both(PdfSelection.NEW)
    assert (again.wanted, again.fetched, again.left) == (1, 1, 0)
    assert outcomes(taking.store) == PLANTED


@pytest.mark.parametrize("trouble", ["html", "500", "403"])
def test_those_that_never_come_keep_no_run_from_its_end(
    taking: Taking, planted: tuple[Any, ...], trouble: str
) -> None:
    """Three in a row, before the only one that is served."""
    for version in ("0704.9001v3", "0704.9003v1", "hep-th/9901001v2"):
        taking.service.pdfs.troubles[version] = [trouble] * 99
    first = taking.both(PdfSelection.ALL)
    assert (first.fetched, first.left, first.without) == (0, 4, {})
    runs = 1
    while (found := taking.both(PdfSelection.ALL)).left:
        runs += 1
        assert runs < 5
    assert found.without == {"unusable": 3}
    assert outcomes(taking.store) == {"arxiv:math/0309136v1": "ok"}
    asked = len(taking.service.pdfs.requests)
    assert taking.both(PdfSelection.ALL).without == {"unusable": 3}
    assert len(taking.service.pdfs.requests) == asked


def test_a_ban_stops_it_and_what_came_before_is_read(taking: Taking) -> None:
    taking.service.pdfs.troubles["hep-th/9901001v2"] = ["403"]
    found = taking.both(PdfSelection.ALL)
    assert (found.fetched, found.left, found.outcomes) == (2, 2, {"ok": 2})
    assert isinstance(found.why_left, RefusedError)
    assert taking.both(PdfSelection.ALL).outcomes == {"ok": 2}


def test_who_is_asked_to_wait_for_hours_asks_for_nothing_more(taking: Taking) -> None:
    taking.service.pdfs.always, taking.service.pdfs.retry_after = "429", "86400"
    found = taking.both(PdfSelection.ALL)
    assert (found.left, len(taking.service.pdfs.requests)) == (4, 1)
    assert isinstance(found.why_left, TooLateError)
    assert "asked to wait 86400 s" in str(found.why_left)
    assert sum(taking.time.slept) < 60


def test_what_a_reading_came_to_is_in_the_graph_and_it_is_not_read_again(taking: Taking) -> None:
    taking.service.pdfs.files = taking.service.pdfs.files | {"0704.9003v1": DAMAGED}
    found = taking.both(PdfSelection.ALL)
    assert found.outcomes == {"damaged": 1, "ok": 3}
    assert outcomes(taking.store) == PLANTED | {"arxiv:0704.9003v1": "damaged"}
    before = taking.state()
    assert taking.both(PdfSelection.ALL).wanted == 0
    assert taking.state() == before


def test_one_file_is_not_given_for_two(taking: Taking) -> None:
    files = taking.service.pdfs.files
    taking.service.pdfs.files = files | {"0704.9003v1": files["0704.9001v3"]}
    taking.harvest(None)
    found = taking.papers(PdfSelection.ALL, batch_size=1)
    assert (found.wanted, found.outcomes, found.without) == (4, {"ok": 3}, {"copy": 1})
    before = taking.state()
    again = taking.both(PdfSelection.ALL)
    assert (again.wanted, again.fetched, again.without) == (1, 0, {"copy": 1})
    assert taking.state() == before
    assert len(taking.service.pdfs.requests) == 4


def test_the_stamp_alone_is_no_sign_that_it_was_read(
    taking: Taking, speaker: Speaker, tmp_path: Path
) -> None:
    """A run killed between the record of a file, which names the stamp, and what it cites."""
    taking.harvest(PdfSelection.ALL)
    path = tmp_path / "0704.9003v1.pdf"
    path.write_bytes(taking.service.pdfs.files["0704.9003v1"])
    records = [0]

    class Dies(BaseException):
        pass

    class Dying:
        """The store that it is given, which dies at the second thing that is said."""

        def __getattr__(self, name: str) -> Any:
            return getattr(taking.store, name)

        def append(self, compose: Any) -> Any:
            records[0] += 1
            if records[0] > 1:
                raise Dies
            return taking.store.append(compose)

    with suppress(Dies):
        ingest_pdf(Dying(), speaker, path, of="arxiv:0704.9003v1")
    assert "arxiv:0704.9003v1" in taking.owed(PdfSelection.ALL).versions
    assert taking.papers(PdfSelection.ALL).outcomes == {"ok": 4}
    assert outcomes(taking.store) == PLANTED
