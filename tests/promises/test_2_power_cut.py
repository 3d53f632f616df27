"""Promise 2: a power cut at any moment loses nothing acknowledged, and the database opens and holds.

An ingest is recorded once, with every write and every sync that SQLite asks of its disk, and with what was
acknowledged in between. Then the power is cut at any of these events: what was synced is there, of the rest
whatever chance left, torn and out of order. The store is opened on that by the standard `sqlite3`, as a user would.

What is recorded is our code: `tests.promises.driver` says how. A folder counts as synced where os_unix.c
syncs it, which is after the first sync of a new journal or WAL; `strace` shows the same calls of the standard
`sqlite3`.
"""

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from graph.bundle.key_files import installation_key
from graph.errors import BrokenLogError, ForeignStoreError
from graph.open import open_store
from graph.sqlite import connection
from tests.conftest import Size
from tests.golden.test_golden import BUNDLES
from tests.graph.statements import add
from tests.promises.cut import Luck, cuts
from tests.promises.disk import Event
from tests.promises.kept import LostError, pages_kept, refuse_lost, verified
from tests.promises.next_schema import sqlite_migrations
from tests.promises.pages import digests
from tests.promises.runs import Acknowledged, Run, Server, Setup, served

PAGES = (12, 20)
EVERY = list(range(PAGES[0]))


def recorded(server: Server, folder: Path) -> list[Event]:
    """What the disk saw of a whole ingest."""
    folder.mkdir(exist_ok=True)
    (ended,) = server.run(Run(str(folder), pages=PAGES, order=EVERY, events="events"))
    assert (ended.status, len(ended.acknowledged)) == (0, len(EVERY))
    return msgspec.msgpack.decode((folder / "events").read_bytes(), type=list[Event])


def lost(events: Sequence[Event], folder: Path, count: int, *, folder_syncs: bool = True) -> int:
    """After how many of so many power cuts something acknowledged, or all, is gone; fails where one tears."""
    folder.mkdir()
    found = 0
    for cut in cuts(events, folder, count, seed=count, folder_syncs=folder_syncs):
        try:
            kept = pages_kept(cut.folder / "colineage.db", cut.acknowledged, digests(*PAGES))
            assert kept <= len(cut.acknowledged) + 1
        except (LostError, ForeignStoreError, BrokenLogError):
            found += 1
        shutil.rmtree(cut.folder)
    return found


@pytest.fixture(scope="module")
def events(breakable: Server, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    return recorded(breakable, tmp_path_factory.mktemp("recorded") / "full")


def test_a_power_cut_loses_nothing(events: list[Event], size: Size, tmp_path: Path) -> None:
    assert lost(events, tmp_path / "cut", size(60, 400)) == 0


def test_what_a_power_cut_left_verifies_and_goes_on(
    events: list[Event], breakable: Server, size: Size, tmp_path: Path
) -> None:
    for cut in cuts(events, tmp_path, size(5, 40), seed=2):
        path = cut.folder / "colineage.db"
        if path.exists():
            verified(path)
        (ended,) = breakable.run(Run(str(cut.folder), pages=PAGES, order=EVERY))
        assert (ended.status, ended.errors) == (0, [])
        assert verified(path) == digests(*PAGES)[-1]


def test_the_recording_holds_what_is_to_be_cut(events: list[Event], tmp_path: Path) -> None:
    seen = Counter((one.what, Path(one.file).suffix) for one in events)
    assert seen["acknowledge", ""] == len(EVERY)
    assert seen["sync", ".db-wal"] >= len(EVERY)
    assert seen["sync", ".db"] >= 2, "a checkpoint in the middle, and one at the end"
    assert seen["sync folder", ""] >= 1
    # All that happened, and nothing cut, is the store itself.
    found = list(cuts([*events], tmp_path, 40, seed=1))
    assert {cut.luck for cut in found} == set(Luck)


def test_a_power_cut_while_an_older_file_is_brought_up_to_date_loses_nothing(
    size: Size, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recorded" / "colineage.db"
    path.parent.mkdir()
    with closing(open_store(f"sqlite:{path}")) as store:
        add(store, *BUNDLES.values())
        held = store.checkpoint()
        before = Acknowledged(0, held.size, held.root)
        origin = store.origin()
    old = path.read_bytes()
    with served(tmp_path, Setup(driver=True, next_schema=True)) as server:
        every = recorded(server, path.parent)
    # So much of it comes before the first page is stored.
    first = next(n for n, event in enumerate(every) if event.what == "acknowledge")
    (tmp_path / "cut").mkdir()
    planted = sqlite_migrations()
    monkeypatch.setattr(connection, "migrations", lambda: planted)
    for cut in cuts(
        every[: first + 1], tmp_path / "cut", size(20, 200), seed=3, found={path.name: old}
    ):
        with closing(open_store(f"sqlite:{cut.folder / path.name}")) as store:
            refuse_lost(store, [before, *cut.acknowledged])
            assert store.origin() == origin
            store.digest()


def test_a_power_cut_after_a_sync_that_failed_loses_nothing(
    breakable: Server, size: Size, tmp_path: Path
) -> None:
    """No later sync makes good what a failed one left: the next run may not build on it."""
    for failing in range(1, size(16, 24), size(4, 1)):
        folder = tmp_path / str(failing)
        folder.mkdir()
        (failed,) = breakable.run(
            Run(str(folder), PAGES, EVERY[:8], fault=("sync", failing, 1), events="events")
        )
        before = msgspec.msgpack.decode((folder / "events").read_bytes(), type=list[Event])
        after = recorded(breakable, folder)
        assert lost(before + after, folder / "cut", size(10, 100)) == 0
        assert failed.status or failing > 12


def test_the_key_is_durable_before_it_says_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    sync = os.fsync

    def noted(file: int) -> None:
        sync(file)
        synced.append(os.fstat(file).st_ino)

    monkeypatch.setattr(os, "fsync", noted)
    path = tmp_path / "config" / "colineage" / "key.pem"
    installation_key(path)
    folders = {one.stat().st_ino for one in (path.parent, path.parent.parent, tmp_path)}
    secret, key = (one.stat().st_ino for one in (path.with_name("key.pem.salt"), path))
    assert synced[0] == secret, "first what it holds, then by which names it is found"
    assert set(synced[1:4]) == folders
    assert synced[4:] == [key, path.parent.stat().st_ino], "the key, once its secret is there"


# Controls: without the protection, the same cuts lose something.


def test_control_synchronous_normal_loses_some(size: Size, tmp_path: Path) -> None:
    weaker = {"PRAGMA synchronous = FULL": "PRAGMA synchronous = NORMAL"}
    with served(tmp_path, Setup(driver=True, rewritten=weaker)) as server:
        events = recorded(server, tmp_path / "normal")
    assert lost(events, tmp_path / "cut", size(60, 400)) > 0


def test_control_a_folder_that_is_not_synced_loses_some(
    events: list[Event], size: Size, tmp_path: Path
) -> None:
    assert lost(events, tmp_path / "cut", size(60, 400), folder_syncs=False) > 0
