"""A log in a folder: whole or not there, one moment, only added to, and of one log."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.errors import BrokenLogError, BusyError, ForeignStoreError, InputError, StoreError
from graph.export.format import PAGE, bundle_lines, page_name, raw_bundles
from graph.export.log_manifest import Trusted, make_manifest, parse_manifest
from graph.export.reader import opener, read_manifest, read_note_text, verify_note
from graph.export.writer import export
from graph.log.signed_note import read_note
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.statements import add, idea, paper, say

ADA = signer_of(b"\x11" * 32)
EVE = signer_of(b"\x66" * 32)


def papers(start: int, stop: int) -> list[Bundle]:
    return [paper(f"2401.{number:05d}", f"Paper {number}") for number in range(start, stop)]


def files(folder: Path) -> dict[str, bytes]:
    found = (one for one in sorted(folder.rglob("*")) if one.is_file())
    return {str(one.relative_to(folder)): one.read_bytes() for one in found}


def filled(store: GraphStore) -> GraphStore:
    """A small log, whose records live."""
    store.trust([TrustEntry(ADA.key)])
    records = papers(0, 4)
    add(store, *records, say(ADA, idea("#1", "Together")), say(ADA, vouches=tuple(records)))
    return store


@pytest.fixture
def lab() -> GraphStore:
    """A small log in memory."""
    return filled(open_store("sqlite::memory:"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to export."""
    return tmp_path / "deep" / "export"


def test_a_folder_holds_the_log_and_what_it_tells_of_itself(
    open_new: Callable[[], GraphStore], folder: Path
) -> None:
    lab = filled(open_new())
    told: list[int] = []
    found = export(lab, folder, ADA, progress=told.append)
    assert sorted(files(folder)) == ["about.json", "bundles/00000000.ndjson", "checkpoint"]
    assert found.added == 6
    assert told == [6]
    signed = verify_note(read_note_text(opener(folder)), ADA.key)
    assert (signed.origin, signed.checkpoint) == (lab.origin(), lab.checkpoint())
    assert json.loads((folder / "about.json").read_bytes()) == {
        "origin": lab.origin(),
        "key": ADA.key,
        "size": 6,
        "root": lab.checkpoint().root,
        "rules": 1,
        "trusted": [{"author": ADA.key}],
        "waiting": None,
        "digest": lab.digest(),
        "sources": {"source:arxiv": {"licences": {"CC0-1.0": 4}}},
    }
    assert list(raw_bundles(opener(folder), 0, 6)) == list(lab.raw_bundles())


def test_the_same_log_has_the_same_bytes(lab: GraphStore, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(lab, tmp_path / name, ADA)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_again_into_the_same_folder_it_is_as_if_it_were_the_first(
    lab: GraphStore, tmp_path: Path, folder: Path
) -> None:
    export(lab, folder, ADA)
    before = files(folder)
    assert export(lab, folder, ADA).added == 0
    assert files(folder) == before
    add(lab, *papers(5, 9))
    assert export(lab, folder, ADA).added == 4
    export(lab, tmp_path / "fresh", ADA)
    assert files(folder) == files(tmp_path / "fresh")
    assert files(folder)["bundles/00000000.ndjson"].startswith(before["bundles/00000000.ndjson"])


def test_whom_it_trusts_and_who_signs_may_change(lab: GraphStore, folder: Path) -> None:
    export(lab, folder, ADA)
    lab.trust([TrustEntry(ADA.key), TrustEntry(EVE.key)])
    found = export(lab, folder, EVE)
    assert (found.added, found.manifest.trusted) == (0, (Trusted(ADA.key), Trusted(EVE.key)))
    assert found.manifest.digest == lab.digest()
    verify_note(read_note_text(opener(folder)), EVE.key)


def test_an_empty_log_is_a_log(folder: Path) -> None:
    with closing(open_store("sqlite::memory:")) as store:
        assert export(store, folder, ADA).manifest.size == 0
        assert sorted(files(folder)) == ["about.json", "checkpoint"]
        add(store, *papers(0, 2))
        assert export(store, folder, ADA).added == 2


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of more bundles than one file holds, and its export when it was shorter."""
    folder = tmp_path_factory.mktemp("long")
    with closing(open_store(f"sqlite:{folder / 'long.db'}")) as store:
        add(store, *(_small(number) for number in range(PAGE - 50)))
        export(store, folder / "export", ADA)
        add(store, *(_small(number) for number in range(PAGE - 50, PAGE + 20)))
    return folder


def _small(number: int) -> Bundle:
    return paper(f"24{1 + number // 100_000:02d}.{number % 100_000:05d}", str(number))


def test_the_first_file_is_full_before_the_second_begins(long_log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(long_log / "export", folder)
    with closing(open_store(f"sqlite:{long_log / 'long.db'}")) as store:
        found = export(store, folder, ADA)
        assert found.added == 70
        assert files(folder)[f"bundles/{PAGE:08d}.ndjson"] == b"".join(bundle_lines(store, PAGE))
        first = folder / "bundles" / "00000000.ndjson"
        assert first.read_bytes().count(b"\n") == PAGE
        read = raw_bundles(opener(folder), PAGE - 1, PAGE + 20)
        assert [one.position for one in read] == list(range(PAGE - 1, PAGE + 20))
        unchanged = first.stat().st_mtime_ns
        add(store, paper("2412.00001", "One more"))
        assert export(store, folder, ADA).added == 1
        assert first.stat().st_mtime_ns == unchanged
        first.unlink()
        export(store, folder, ADA)
        assert first.read_bytes().count(b"\n") == PAGE


def test_a_folder_of_something_else_is_left_alone(lab: GraphStore, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match=r"empty or with an earlier export, got thesis\.tex"):
        export(lab, folder, ADA)
    assert list(files(folder)) == ["thesis.tex"]
    with pytest.raises(InputError, match="can't export there"):
        export(lab, folder / "thesis.tex", ADA)


def test_the_export_of_another_log_is_left_alone(lab: GraphStore, folder: Path) -> None:
    export(lab, folder, ADA)
    before = files(folder)
    with closing(open_store("sqlite::memory:")) as other:
        add(other, *papers(0, 20))
        with pytest.raises(ForeignStoreError, match="an export of the log colineage/"):
            export(other, folder, ADA)
    with closing(open_store("sqlite::memory:")) as shorter:
        shorter.adopt(lab.origin())
        add(shorter, *papers(0, 2))
        with pytest.raises(ForeignStoreError, match="6 bundles with the root"):
            export(shorter, folder, ADA)
        add(shorter, *papers(2, 20))
        with pytest.raises(ForeignStoreError, match="find out which log is the right one"):
            export(shorter, folder, ADA)
    assert files(folder) == before


def test_a_body_that_came_late_is_written_too(tmp_path: Path) -> None:
    """Also where the log didn't grow since, and in a file that is full."""
    whole = say(EVE, idea("#1", "Late"), salt="ab" * 16)
    withheld = Bundle(whole.id, whole.header_bytes, None, whole.signature, whole.header, None)
    folder, other = tmp_path / "export", tmp_path / "other"
    with closing(open_store(f"sqlite:{tmp_path / 'lab.db'}")) as store:
        add(store, withheld, *papers(0, PAGE))
        export(store, folder, ADA)
        assert b"Late" not in (folder / page_name(0)).read_bytes()
        add(store, whole)
        assert export(store, folder, ADA).added == 0
        export(store, other, ADA)
        assert files(folder) == files(other)
        assert b"Late" in (folder / page_name(0)).read_bytes()


@pytest.mark.parametrize("keep", [-1, 100])
def test_a_file_that_was_cut_is_written_again(lab: GraphStore, folder: Path, keep: int) -> None:
    export(lab, folder, ADA)
    whole = files(folder)
    page = folder / page_name(0)
    page.write_bytes(page.read_bytes()[:keep])
    export(lab, folder, ADA)
    assert files(folder) == whole


def test_where_nothing_can_be_written_it_says_so(lab: GraphStore, folder: Path) -> None:
    (folder / "about.json").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"can't write .*about\.json .*the same command again"):
        export(lab, folder, ADA)
    assert list(files(folder)) == [page_name(0)], "half a file was left"


def test_a_link_that_lies_in_the_way_leads_nowhere(
    lab: GraphStore, folder: Path, tmp_path: Path
) -> None:
    folder.mkdir(parents=True)
    (tmp_path / "mine").write_text("mine")
    (folder / "checkpoint.part").symlink_to(tmp_path / "mine")
    export(lab, folder, ADA)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_checkpoint_that_is_none_is_not_written_over(lab: GraphStore, folder: Path) -> None:
    export(lab, folder, ADA)
    (folder / "checkpoint").write_text("mine\n")
    with pytest.raises(
        InputError, match=r"give another folder, or remove it.* no signed checkpoint"
    ):
        export(lab, folder, ADA)


def test_two_exports_into_one_folder_wait_for_each_other(lab: GraphStore, folder: Path) -> None:
    (folder / "bundles").mkdir(parents=True)
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(BusyError, match="another export"):
        export(lab, folder, ADA)
    os.close(handle)
    export(lab, folder, ADA)


def test_what_a_stopped_export_left_is_no_export_and_is_written_again(
    lab: GraphStore, folder: Path
) -> None:
    export(lab, folder, ADA)
    whole = files(folder)
    (folder / "checkpoint").unlink()
    (folder / "checkpoint.part").write_bytes(b"half")
    (folder / "bundles" / "00000000.ndjson").write_bytes(b"of another log\n")
    (folder / "bundles" / "00010000.ndjson").write_bytes(b"of another log\n")
    (folder / "bundles" / "00020000.ndjson.part").write_bytes(b"half")
    with pytest.raises(InputError, match="with the file checkpoint"):
        read_note_text(opener(folder))
    export(lab, folder, ADA)
    assert files(folder) == whole


def test_between_about_and_checkpoint_the_earlier_export_stands(
    lab: GraphStore, folder: Path
) -> None:
    """An export that was stopped before its last file: what was there can still be read whole."""
    export(lab, folder, ADA)
    before = (folder / "checkpoint").read_bytes()
    add(lab, *papers(5, 9))
    export(lab, folder, ADA)
    whole = files(folder)
    (folder / "checkpoint").write_bytes(before)
    signed = read_note(read_note_text(opener(folder)))
    assert len(list(raw_bundles(opener(folder), 0, signed.checkpoint.size))) == 6
    assert export(lab, folder, ADA).added == 4
    assert files(folder) == whole


_EXPORTS = """
import sys
from pathlib import Path
from graph.export.writer import export
from graph.bundle.keys import signer_of
from graph.open import open_store
folder = Path(sys.argv[2])
print("started", flush=True)
while True:
    export(open_store(sys.argv[1], must_exist=True), folder, signer_of(b"\\x11" * 32))
    (folder / "checkpoint").unlink()  # first: a kill in the middle of this leaves no export either
    for one in sorted(folder.rglob("*.*")):
        one.unlink()
    print("again", flush=True)
"""


def test_a_kill_leaves_nothing_that_passes_for_whole(lab: GraphStore, tmp_path: Path) -> None:
    """Killed at any moment: either there is no checkpoint, or what it signs is there."""
    path = tmp_path / "lab.db"
    with closing(open_store(f"sqlite:{path}")) as store:
        add(store, *papers(0, 300))
        for number in range(6):
            folder = tmp_path / str(number)
            with subprocess.Popen(
                [sys.executable, "-c", _EXPORTS, f"sqlite:{path}", str(folder)],
                stdout=subprocess.PIPE,
            ) as process:
                assert process.stdout
                for _ in range(number + 1):
                    process.stdout.readline()
                threading.Event().wait(0.004 * number)
                process.kill()
            if (folder / "checkpoint").exists():
                signed = verify_note(read_note_text(opener(folder)), ADA.key)
                assert list(raw_bundles(opener(folder), 0, 300)) == list(store.raw_bundles())
                assert signed.checkpoint == store.checkpoint()
            export(store, folder, ADA)
            assert list(raw_bundles(opener(folder), 0, 300)) == list(store.raw_bundles())


def test_what_it_tells_is_counted_on(lab: GraphStore) -> None:
    before = make_manifest(lab, ADA.key)
    assert make_manifest(lab, ADA.key, before=before) is before
    add(lab, *papers(5, 7))
    after = make_manifest(lab, ADA.key, before=before)
    assert after == make_manifest(lab, ADA.key)
    assert after.sources["source:arxiv"].licences == {"CC0-1.0": 6}
    assert make_manifest(lab, EVE.key, before=after).key == EVE.key
    lab.trust([])
    assert make_manifest(lab, ADA.key, before=after).digest == lab.digest() != after.digest


def test_of_another_log_nothing_is_counted_on(lab: GraphStore) -> None:
    before = make_manifest(lab, ADA.key)
    with closing(open_store("sqlite::memory:")) as other:
        add(other, *papers(0, 2))
        assert make_manifest(other, ADA.key, before=before) == make_manifest(other, ADA.key)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an object"),
        (b"{}", "an object"),
        (b"[" * 100_000, "an object"),
        (b"\xff", "an object"),
        (b"x" * (4 * 2**20 + 1), "at most"),
    ],
)
def test_what_tells_of_no_log_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_manifest(data)
    (tmp_path / "about.json").write_bytes(data)
    with pytest.raises(BrokenLogError, match=words):
        read_manifest(opener(tmp_path))


@pytest.mark.parametrize(
    ("key", "value"), [("origin", "a b"), ("key", "ed25519:00"), ("trusted", [{"author": "ada"}])]
)
def test_names_and_keys_must_be_some(lab: GraphStore, key: str, value: object) -> None:
    told = make_manifest(lab, ADA.key).to_json() | {key: value, "more": "is for later"}
    with pytest.raises(InputError, match=r"no about\.json"):
        parse_manifest(json.dumps(told).encode())


@pytest.mark.parametrize("name", ["checkpoint", "about.json"])
def test_what_is_no_file_keeps_nobody_waiting(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match=f"with the file {name} .* got what is no file"):
        read_note_text(opener(tmp_path)) if name == "checkpoint" else read_manifest(
            opener(tmp_path)
        )
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(InputError, match="got what is no file"):
        opener(tmp_path)(name)


def test_a_checkpoint_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_bytes(b"\xff")
    with pytest.raises(BrokenLogError, match="UTF-8"):
        read_note_text(opener(tmp_path))
    (tmp_path / "checkpoint").write_bytes(b"x" * 1_000_001)
    with pytest.raises(BrokenLogError, match="at most"):
        read_note_text(opener(tmp_path))
