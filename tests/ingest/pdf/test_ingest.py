"""`ingest pdf` into a store: what it says, that it says it once, and what becomes known later."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from graph.bundle.keys import signer_of
from graph.errors import InputError
from graph.model.model import Grant
from graph.model.vocabulary import Kind, Relation
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import AppendResult, Compose, GraphStore
from ingest.openalex import ingest_openalex
from ingest.pdf.extract.extraction import digest_of
from ingest.pdf.extract.pages import PdfLimits
from ingest.pdf.ingest import PdfReport, ingest_pdf, resolve_citations
from tests.ingest.conftest import standing_clock
from tests.ingest.pdf.sample_pdfs import listed, paper

ENTRIES = [
    "Archer, A. L. (2010). Explicit instruction: Effective and efficient teaching. Guilford.",
    "Baum, D. A. (2005). The tree-thinking challenge. Science, 310(5750), 979-980. doi:10.1126/science.1117727",
    "Smith, J. (2019). A Compendium of Things Nobody Knows Yet. arXiv:1904.00001v2",
    "Wilson, G. (2014). Software Carpentry: lessons learned about teaching. F1000Research, 3, 62.",
]
WORK = "arxiv:2401.01234"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "papers"
    found.mkdir()
    (found / "2401.01234v1.pdf").write_bytes(paper(listed(ENTRIES)))
    return found


def known(
    store: GraphStore, speaker: Speaker, folder: Path, *works: tuple[int, str, int, str]
) -> None:
    lines = [
        f'{{"id": "W{number}", "title": "{title}", "year": {year}, "authors": [{{"name": "{author}"}}]}}'
        for number, title, year, author in works
    ]
    file = folder.parent / "known.jsonl"
    file.write_text("\n".join(lines))
    ingest_openalex(store, speaker, file)


def cites(store: GraphStore, source: str) -> Mapping[str, Mapping[str, object]]:
    found = store.adjacent([source], outgoing=True, relations=frozenset({Relation.CITES}))
    return {one.edge.target: one.edge.qualifiers for one in found}


def file_of(folder: Path) -> str:
    return digest_of((folder / "2401.01234v1.pdf").read_bytes())


def state(store: GraphStore) -> tuple[int, str]:
    return store.checkpoint().size, store.digest()


def test_what_is_said(store: GraphStore, speaker: Speaker, folder: Path) -> None:
    known(store, speaker, folder, (1, ENTRIES[3][16:69].strip(". "), 2014, "Greg Wilson"))
    report = ingest_pdf(store, speaker, folder)
    assert (report.report.seen, report.report.new, report.report.refused) == (1, 1, 0)
    assert (report.outcomes, report.statements) == ({"ok": 1}, 1)
    file = file_of(folder)
    thing = store.things([file])[file]
    assert thing.kind is Kind.FILE
    assert thing.shown is not None
    assert thing.shown.author == "source:pdf"
    assert thing.shown.description.attributes["outcome"] == "ok"
    assert [one["text"] for one in thing.shown.description.attributes["references"]] == ENTRIES  # type: ignore[index, union-attr, call-overload]
    found = cites(store, WORK)
    assert len(found) == 4
    assert found["doi:10.1126/science.1117727"]["method"] == "identifier in the text"
    assert found["arxiv:1904.00001"]["number"] == 3
    assert found["openalex:W1"]["method"] == "title, author, year"
    assert found["openalex:W1"]["score"] == "0.99"
    assert found["openalex:W1"]["text"] == ENTRIES[3]
    (unresolved,) = (one for one in found if one.startswith("work:"))
    assert found[unresolved] == {
        "number": 1, "page": 2, "text": ENTRIES[0], "method": "not resolved",
        "evidence": sorted([file, thing.shown.bundle]),
    }  # fmt: skip
    assert store.things([unresolved])[unresolved].title == ENTRIES[0]
    (of,) = store.adjacent([file], outgoing=True)
    assert (of.edge.relation, of.edge.target) == (Relation.SPECIALIZATION_OF, "arxiv:2401.01234v1")
    assert of.edge.qualifiers["method"] == "name of the file"


def test_the_second_time_nothing_changes_and_nothing_is_read(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    ingest_pdf(store, speaker, folder)
    before = state(store)
    report = ingest_pdf(store, speaker, folder, limits=PdfLimits(wall_s=0))  # in no time at all
    assert report.outcomes == {"ok": 1}
    assert (report.report.unchanged, report.statements, state(store)) == (1, 0, before)
    assert resolve_citations(store, speaker).statements == 0
    assert state(store) == before


@pytest.mark.parametrize("again", ["path", "resolve"])
def test_what_becomes_known_later_is_joined(
    store: GraphStore, speaker: Speaker, folder: Path, again: str
) -> None:
    ingest_pdf(store, speaker, folder)
    (unresolved,) = (one for one, said in cites(store, WORK).items() if said["number"] == 1)
    known(
        store, speaker, folder,
        (1, "Explicit instruction: Effective and efficient teaching", 2010, "Anita Archer"),
        (2, "A Compendium of Things Nobody Knows Yet", 2019, "Jane Smith"),
    )  # fmt: skip

    def once_more() -> PdfReport:
        return (
            ingest_pdf(store, speaker, folder)
            if again == "path"
            else resolve_citations(store, speaker)
        )

    assert once_more().statements == 1
    same = store.adjacent([unresolved, "arxiv:1904.00001"], outgoing=True)
    assert {(one.edge.source, one.edge.relation, one.edge.target) for one in same} == {
        (unresolved, Relation.ALTERNATE_OF, "openalex:W1"),
        ("arxiv:1904.00001", Relation.ALTERNATE_OF, "openalex:W2"),
    }
    assert {one.edge.qualifiers["score"] for one in same} == {"0.99"}
    before = state(store)
    assert once_more().statements == 0
    assert state(store) == before


def test_what_a_work_is_of_may_be_told_later(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(paper(listed(ENTRIES)))
    file = digest_of(path.read_bytes())
    ingest_pdf(store, speaker, path)
    assert len(cites(store, file)) == 4
    ingest_pdf(store, speaker, path, of="doi:10.1000/182")
    assert cites(store, file) == {}
    assert len(cites(store, "doi:10.1000/182")) == 4
    before = state(store)
    assert ingest_pdf(store, speaker, path).statements == 0  # what was told stays told
    assert state(store) == before


def test_a_name_that_its_first_page_contradicts(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    pages = listed(ENTRIES)
    pages[0][0] = type(pages[0][0])("arXiv:2401.99999v1 [cs.AI] 3 Jan 2024")
    path = tmp_path / "2401.01234.pdf"
    path.write_bytes(paper(pages))
    report = ingest_pdf(store, speaker, path)
    assert report.report.refused == 1
    assert cites(store, WORK) == {}
    assert len(cites(store, digest_of(path.read_bytes()))) == 4


def test_the_same_bytes_twice_are_one_file(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    data = (folder / "2401.01234v1.pdf").read_bytes()
    (folder / "copy.PDF").write_bytes(data)
    assert ingest_pdf(store, speaker, folder).report.seen == 1
    assert len(cites(store, WORK)) == 4


def test_how_a_reading_ended_is_in_the_graph(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    good, bad = paper(listed(ENTRIES)), b"%PDF-1.7\nnothing"
    (tmp_path / "a.pdf").write_bytes(good)
    (tmp_path / "b.pdf").write_bytes(bad)
    files = [digest_of(good), digest_of(bad)]

    def told() -> list[tuple[str, object]]:
        return [
            (said.author, said.description.attributes["outcome"])
            for thing in store.things(files).values()
            for said in (thing.shown, *thing.also)
            if said
        ]

    hasty = PdfLimits(wall_s=0)
    for _ in range(2):
        report = ingest_pdf(store, speaker, tmp_path, limits=hasty)
        assert report.outcomes == {"timeout": 2}
        assert (report.report.seen, report.report.refused) == (0, 2)
        assert told() == [(speaker.author, "timeout")] * 2
    # With more patience the records tell it, and what was said of this machine goes.
    for _ in range(2):
        report = ingest_pdf(store, speaker, tmp_path)
        assert report.outcomes == {"ok": 1, "damaged": 1}
        assert (report.report.seen, report.report.refused) == (1, 1)
        assert sorted(told()) == [("source:pdf", "damaged"), ("source:pdf", "ok")]
    before = state(store)
    ingest_pdf(store, speaker, tmp_path)
    assert state(store) == before


@pytest.mark.parametrize(
    ("data", "outcome"), [(b"%PDF-1.7\nnothing", "damaged"), (paper(listed(ENTRIES)), "ok")]
)
def test_of_which_work_it_is_outlives_that_it_was_not_read(
    store: GraphStore, speaker: Speaker, tmp_path: Path, data: bytes, outcome: str
) -> None:
    path = tmp_path / "some.pdf"
    path.write_bytes(data)

    def of() -> list[str]:
        found = store.adjacent([digest_of(data)], outgoing=True)
        return [f"{one.edge.target} {one.edge.qualifiers['method']}" for one in found]

    hasty = PdfLimits(wall_s=0)
    assert ingest_pdf(store, speaker, path, of=f"{WORK}v1", limits=hasty).outcomes == {"timeout": 1}
    assert of() == [f"{WORK}v1 given"]
    before = state(store)
    ingest_pdf(store, speaker, path, limits=hasty)
    assert (of(), state(store)) == ([f"{WORK}v1 given"], before)
    assert ingest_pdf(store, speaker, path).outcomes == {outcome: 1}
    assert of() == [f"{WORK}v1 given"]
    before = state(store)
    ingest_pdf(store, speaker, path, of=f"{WORK}v1")
    assert state(store) == before


def test_the_better_reader_stays(store: GraphStore, speaker: Speaker, folder: Path) -> None:
    ingest_pdf(store, speaker, folder, reader="pdfium")
    thing = store.things([file_of(folder)])[file_of(folder)]
    assert thing.shown is not None
    assert "pdfium" in str(thing.shown.description.attributes["tool"])
    report = ingest_pdf(store, speaker, folder)
    assert (report.report.changed, report.statements) == (1, 1)
    assert len(cites(store, WORK)) == 4
    before = state(store)
    assert ingest_pdf(store, speaker, folder, reader="pdfium").report.unchanged == 1
    assert state(store) == before


class Killed(BaseException):
    """The process is no more."""


class Mortal:
    """A store whose process is killed before one more append than it may do."""

    def __init__(self, store: GraphStore, appends: int) -> None:
        self.store = store
        self.left = appends

    def append(self, compose: Compose) -> AppendResult:
        if self.left == 0:
            raise Killed
        self.left -= 1
        return self.store.append(compose)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def test_killed_anywhere_and_run_again_it_ends_the_same(speaker: Speaker, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for k in range(3):
        entries = [
            f"Author{k}, A. ({2000 + n}). Title {n} of paper {k}. Journal {n}." for n in range(4)
        ]
        (folder / f"{k}.pdf").write_bytes(paper(listed(entries)))
    (folder / "9.pdf").write_bytes(b"%PDF-1.7\nnothing")

    def store() -> GraphStore:
        found = open_store("sqlite::memory:", clock=standing_clock)
        found.trust([TrustEntry(speaker.signer.key)])
        return found

    whole = Mortal(store(), 1000)
    ingest_pdf(cast("GraphStore", whole), speaker, folder, files_per_page=2)
    appends = 1000 - whole.left
    assert appends == 5
    for stop in range(appends):
        killed = store()
        with pytest.raises(Killed):
            ingest_pdf(cast("GraphStore", Mortal(killed, stop)), speaker, folder, files_per_page=2)
        ingest_pdf(killed, speaker, folder, files_per_page=2)
        assert killed.digest() == whole.store.digest()


@pytest.mark.parametrize(("scope", "statements"), [("harvest", 0), ("act", 1), ("say", None)])
def test_under_a_grant_to_harvest_alone_nothing_is_said(
    scope: str, statements: int | None, store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    machine = signer_of(b"\x08" * 32)
    grants = Grant(machine.key, scope)
    [grant] = store.append(lambda view: [speaker.make_statement(view, None, grants=grants)]).added
    root = speaker.signer.key
    granted = Speaker(machine, f"software:{machine.key}", speaker.clock, under=grant, root=root)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    if statements is None:  # it may say, and make no run
        with pytest.raises(InputError, match="harvest"):
            ingest_pdf(store, granted, folder)
        return
    found = ingest_pdf(store, granted, folder)
    assert (found.report.new, found.statements, found.unsaid) == (1, statements, 1 - statements)
    assert len(cites(store, WORK)) == 4 * statements
    resolved = resolve_citations(store, granted)
    assert (resolved.statements, resolved.unsaid) == (0, 1 - statements)
    assert store.things([file_of(folder)])[file_of(folder)].shown is not None


def test_what_is_asked_wrongly(store: GraphStore, speaker: Speaker, folder: Path) -> None:
    with pytest.raises(InputError, match="unknown reader"):
        ingest_pdf(store, speaker, folder, reader="acrobat")
    (folder / "b.pdf").write_bytes(b"")
    with pytest.raises(InputError, match="only one file"):
        ingest_pdf(store, speaker, folder, of="doi:10.1000/182")
    empty = folder / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no PDF was found"):
        ingest_pdf(store, speaker, empty)
