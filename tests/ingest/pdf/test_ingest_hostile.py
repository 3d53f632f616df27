"""`ingest pdf` against files, names, works and statements that mean it no good."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from colineage.views.query import value_text
from graph.bundle.bundle import record
from graph.errors import InputError
from graph.model.canonical import Json
from graph.model.model import Body, Description, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.pdf.ingest import ingest_pdf, resolve_citations
from ingest.pdf.match.match import agreement
from ingest.pdf.match.title_index import KnownWork, ReferenceIndex
from ingest.pdf.statements.record import BY, facts_from
from tests.ingest.pdf.sample_pdfs import listed, paper
from tests.ingest.pdf.test_ingest import ENTRIES, WORK, cites, file_of, folder, known, state

__all__ = ["folder"]

TITLE = "Explicit instruction: Effective and efficient teaching"


def joined(store: GraphStore, source: str) -> set[str]:
    same = frozenset({Relation.ALTERNATE_OF})
    return {one.edge.target for one in store.adjacent([source], outgoing=True, relations=same)}


def test_two_known_works_of_one_title_are_not_joined(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    known(store, speaker, folder, (5, TITLE, 2010, "Anita Archer"))
    ingest_pdf(store, speaker, folder)
    assert "openalex:W5" in cites(store, WORK)
    known(store, speaker, folder, (2, TITLE, 2010, "Anita Archer"))
    before = state(store)
    assert ingest_pdf(store, speaker, folder).statements == 0
    assert resolve_citations(store, speaker).statements == 0
    assert joined(store, "openalex:W5") == set()
    assert state(store) == before


def test_what_a_person_says_it_is_outlives_the_name_of_the_file(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    file = folder / "2401.01234v1.pdf"
    ingest_pdf(store, speaker, file, of="doi:10.1000/182")
    before = state(store)
    assert ingest_pdf(store, speaker, folder).statements == 0
    assert state(store) == before
    assert cites(store, WORK) == {}


def test_what_a_person_says_it_is_outlives_another_reading(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    file = folder / "2401.01234v1.pdf"
    ingest_pdf(store, speaker, file, of="doi:10.1000/182", reader="pdfium")
    assert ingest_pdf(store, speaker, folder).report.changed == 1
    assert len(cites(store, "doi:10.1000/182")) == 4
    assert cites(store, WORK) == {}


@pytest.mark.parametrize(
    "of", ["git:" + "a" * 40, "orcid:0000-0002-1825-0097", "sha256:" + "a" * 64]
)
def test_a_pdf_is_of_a_work(store: GraphStore, speaker: Speaker, folder: Path, of: str) -> None:
    before = state(store)
    with pytest.raises(InputError, match="work"):
        ingest_pdf(store, speaker, folder, of=of)
    assert state(store) == before


@pytest.mark.parametrize("name", [b"\xff\xfe.pdf", b"a\nb\x1b[31m.pdf", "\u202efdp.pdf".encode()])
@pytest.mark.parametrize("data", [b"", paper(listed(ENTRIES))])
def test_names_of_any_bytes(
    store: GraphStore, speaker: Speaker, tmp_path: Path, name: bytes, data: bytes
) -> None:
    path = Path(os.fsdecode(bytes(tmp_path / "x").rsplit(b"/", 1)[0] + b"/" + name))
    path.write_bytes(data)
    assert ingest_pdf(store, speaker, path).report.refused == (0 if data else 1)
    assert ingest_pdf(store, speaker, tmp_path).report.refused == (0 if data else 1)


def test_nothing_of_this_machine_is_stored(
    store: GraphStore, speaker: Speaker, folder: Path, tmp_path: Path
) -> None:
    (folder / "b.pdf").write_bytes(b"")
    ingest_pdf(store, speaker, folder)
    for stored in store.bundles():
        assert str(tmp_path) not in str(stored.bundle.to_json())


@pytest.mark.parametrize("said", [{}, {"outcome": "ok"}])
def test_a_record_of_another_make_stops_nothing(
    store: GraphStore, speaker: Speaker, folder: Path, said: Mapping[str, Json]
) -> None:
    file = file_of(folder)
    made = record(
        BY,
        None,
        RecordSource(file, "pdf-pypdf/200", None),
        Body((Description(file, Kind.FILE, said),), ()),
    )
    assert facts_from(made) is None


def test_one_title_of_many_works_against_a_list_of_nothing_else() -> None:
    index = ReferenceIndex()
    references = ["Editorial. " * 100] * 1000
    index.add("sha256:1", references)
    works = [KnownWork(f"openalex:W{n}", "Editorial", 2000) for n in range(1, 51)]
    assert not [hit for work in works for hit in index.hits(work)]
    dated = ["Editorial. 2000. " * 60] * 100
    index = ReferenceIndex()
    index.add("sha256:1", dated)
    assert len([hit for work in works[:20] for hit in index.hits(work)]) <= 8 * 100 * 20


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Li, X.", None),
        ("Ng, A.", None),
        ("Reed, J.", None),
        ("Brown, T.", False),
        ("Smith, J.", True),
    ],
)
def test_a_short_name_inside_another_word_is_no_author(name: str, found: bool | None) -> None:
    reference = "Smith, J. (2020). Agreed: A reliability study of sheep dreaming. Journal."
    index = ReferenceIndex()
    index.add("f", [reference])
    (hit,) = index.hits(KnownWork("doi:10.1/1", "A reliability study of sheep dreaming", 2020))
    assert agreement(hit, reference, [name]).author is found


def test_a_folder_that_cannot_be_listed_is_told(
    store: GraphStore, speaker: Speaker, folder: Path
) -> None:
    at = os.open(folder, os.O_RDONLY)
    for _ in range(20):  # a path longer than any system call takes
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    for _ in range(2):
        report = ingest_pdf(store, speaker, folder)
        assert (report.outcomes, report.report.refused) == ({"ok": 1}, 1)
    shutil.rmtree(folder)


def test_references_are_shown_in_words(store: GraphStore, speaker: Speaker, folder: Path) -> None:
    ingest_pdf(store, speaker, folder)
    shown = store.things([file_of(folder)])[file_of(folder)].shown
    assert shown is not None
    words = value_text(shown.description.attributes["references"])
    assert words.startswith(f"[1] {ENTRIES[0]}, [2] {ENTRIES[1]}")


_ASKS = """
import sys
from pathlib import Path
from ingest.pdf.sandbox.parent import PdfSandbox
with PdfSandbox() as nursery:
    print(nursery._process.pid, flush=True)
    nursery.read(Path(sys.argv[1]), "sha256:")
"""


def test_nothing_reads_on_when_who_asked_was_killed(tmp_path: Path) -> None:
    pipe = tmp_path / "endless.pdf"
    os.mkfifo(pipe)  # whoever opens it to read waits for ever
    with subprocess.Popen(
        [sys.executable, "-c", _ASKS, str(pipe)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as asking:
        assert asking.stdout is not None
        reader = int(asking.stdout.readline())
        while not (forks := _group(reader) - {reader}):
            time.sleep(0.01)
        asking.kill()
    while _group(reader):
        time.sleep(0.01)
    assert forks


def _group(leader: int) -> set[int]:
    """The processes of a group that live."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = (line.split() for line in listed.stdout.splitlines())
    return {int(pid) for pid, group, stat in rows if int(group) == leader and stat[0] != "Z"}
