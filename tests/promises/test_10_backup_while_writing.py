"""Promise 10: a backup taken while an ingest runs restores to a store that holds all that was acknowledged before."""

import random
import signal
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.verify_export import verify_export
from graph.bundle.keys import signer_of
from graph.export.copy import copy, exported_log
from graph.export.reader import opener
from graph.export.writer import export
from graph.log.checkpoint import Checkpoint
from graph.open import open_store
from graph.proofs.proofs import checkpoint_at
from graph.rules.facts import authors_of
from graph.store import GraphStore
from tests.conftest import Size
from tests.promises.kept import pages_kept, verified
from tests.promises.pages import digests
from tests.promises.runs import Ended, Run, Server

KEY = signer_of(b"k" * 32)


@pytest.fixture(scope="module")
def many(size: Size) -> tuple[int, int]:
    """How many pages are taken in, of how many records."""
    return size(45, 60), size(30, 60)


@dataclass(frozen=True, slots=True)
class Backup:
    """An export, the log as it was before that began, and whether the ingest went on afterwards."""

    folder: Path
    before: Checkpoint
    during: bool


def backups(lab: Path, running: "Future[list[Ended]]", place: Path, step: int) -> list[Backup]:
    """A backup whenever the log grew by so much, until the ingest comes to its end."""
    found: list[Backup] = []
    path = lab / "colineage.db"
    while not path.exists() and not running.done():
        time.sleep(0.001)
    with closing(open_store(f"sqlite:{path}")) as store:
        wanted = 1
        while not running.done():
            before = store.checkpoint()
            if before.size < wanted:
                time.sleep(0.002)
                continue
            folder = place / str(len(found))
            end = export(store, folder, KEY).manifest.size
            found.append(Backup(folder, before, during=not running.done()))
            wanted = end + step
    return found


def restored(backup: Backup, lab: GraphStore, path: Path) -> Checkpoint:
    """Brings a backup back, and demands of it all that a backup promises."""
    verdict = verify_export(
        opener(backup.folder),
        key=KEY.key,
        fresh=lambda clock: open_store("sqlite::memory:", clock=clock),
    )
    assert verdict.ok, verdict.faults
    with closing(open_store(f"sqlite:{path}")) as store:
        copy(exported_log(opener(backup.folder), key=KEY.key), store)
        end = store.checkpoint()
        assert end.size >= backup.before.size
        assert checkpoint_at(store, backup.before.size) == backup.before
        assert checkpoint_at(lab, end.size) == end
        assert (store.origin(), authors_of(store.trust_list())) == (
            lab.origin(),
            authors_of(lab.trust_list()),
        )
    assert verified(path) == verdict.digest
    return end


def test_a_backup_taken_meanwhile_restores_what_was_there_before(
    server: Server, size: Size, many: tuple[int, int], tmp_path: Path
) -> None:
    moments: set[tuple[int, int]] = set()
    acknowledged = rounds = 0
    # On a machine that is busy with other things an ingest may be over before a backup begins.
    while len(moments) < size(3, 80):
        rounds += 1
        assert rounds < size(12, 120), "the backups were to be taken while the ingest ran"
        lab = tmp_path / f"lab{rounds}"
        lab.mkdir()
        with ThreadPoolExecutor(1) as pool:
            every = Run(str(lab), pages=many, order=list(range(many[0])))
            running = pool.submit(server.run, every)
            taken = backups(lab, running, tmp_path / f"backups{rounds}", size(100, 1))
            (ended,) = running.result()
        assert (ended.status, ended.errors) == (0, [])
        with closing(open_store(f"sqlite:{lab / 'colineage.db'}")) as store:
            for backup in taken:
                path = backup.folder.with_suffix(".db")
                end = restored(backup, store, path)
                before = [one for one in ended.acknowledged if one.size <= backup.before.size]
                pages_kept(path, before, digests(*many))
                acknowledged += len(before)
                if backup.during:
                    moments.add((rounds, end.size))
    assert acknowledged > 0


@pytest.fixture(scope="module")
def lab(server: Server, many: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store of a whole ingest."""
    folder = tmp_path_factory.mktemp("lab")
    (ended,) = server.run(Run(str(folder), pages=many, order=list(range(many[0]))))
    assert ended.status == 0
    return folder


def test_an_export_killed_at_any_moment_is_whole_or_is_none(
    server: Server, size: Size, lab: Path
) -> None:
    """By its name nobody can take a part for the whole; the same command writes it all."""
    chance = random.Random(10)  # noqa: S311 - a seed
    command = ["export", "backup", "--key", "key.pem"]
    (whole,) = server.run(Run(str(lab), words=["export", "whole", "--key", "key.pem"]))
    assert whole.status == 0
    files = {one.name: one.read_bytes() for one in (lab / "whole").rglob("*") if one.is_file()}
    kills = 0
    while kills < size(4, 100):
        after_s = chance.uniform(0, 1.1 * whole.took_s)
        (ended,) = server.run(Run(str(lab), words=command, kill_after_s=after_s))
        kills += ended.status == -signal.SIGKILL
        if (lab / "backup" / "checkpoint").exists():
            verdict = verify_export(
                opener(lab / "backup"),
                fresh=lambda clock: open_store("sqlite::memory:", clock=clock),
            )
            assert verdict.ok, verdict.faults
            # The next one has something to do, and its name on nothing until that is done.
            (lab / "backup" / "checkpoint").unlink()
            for one in (lab / "backup").rglob("*"):
                if one.is_file() and chance.random() < 0.5:
                    one.unlink()
    (ended,) = server.run(Run(str(lab), words=command))
    assert ended.status == 0
    backup = lab / "backup"
    assert {p.name: p.read_bytes() for p in backup.rglob("*") if p.is_file()} == files


@pytest.mark.parametrize("source", ["sqlite:colineage.db", "original"])
def test_a_copy_killed_at_any_moment_goes_on(
    server: Server, size: Size, lab: Path, source: str
) -> None:
    chance = random.Random(20)  # noqa: S311 - a seed
    (made,) = server.run(Run(str(lab), words=["export", "original", "--key", "key.pem"]))
    assert made.status == 0
    name = source.replace(":", "-")
    (whole,) = server.run(Run(str(lab), words=["copy", source, f"sqlite:{name}-whole.db"]))
    assert whole.status == 0
    wanted = verified(lab / "colineage.db")
    with closing(open_store(f"sqlite:{lab / 'colineage.db'}")) as original:
        everything = list(original.raw_bundles())
    kills = rounds = 0
    while kills < size(2, 60):
        rounds += 1
        path = lab / f"{name}-{rounds}.db"
        copying = Run(str(lab), words=["copy", source, f"sqlite:{path.name}"])
        for patience in range(6):
            after_s = chance.uniform(0, 1.1 * whole.took_s) if patience < 5 else None
            (ended,) = server.run(Run(str(lab), words=copying.words, kill_after_s=after_s))
            if not ended.status:
                break
            assert ended.status == -signal.SIGKILL
            kills += 1
            refuse_what_is_no_beginning(lab, path)
        assert verified(path) == wanted
        with closing(open_store(f"sqlite:{path}")) as found:
            assert list(found.raw_bundles()) == everything


@pytest.mark.neo4j
def test_a_copy_into_neo4j_killed_at_any_moment_goes_on(
    server: Server, size: Size, lab: Path, neo4j_url: str
) -> None:
    """The process that copies is killed, not the server; both stores end with one digest."""
    chance = random.Random(30)  # noqa: S311 - a seed
    copying = Run(str(lab), words=["copy", "sqlite:colineage.db", neo4j_url])
    kills = 0
    while kills < size(2, 20):
        after_s = chance.uniform(0, size(4, 12))
        (ended,) = server.run(Run(str(lab), words=copying.words, kill_after_s=after_s))
        kills += 1
        assert ended.status in {0, -signal.SIGKILL}
    (ended,) = server.run(copying)
    assert ended.status == 0
    with (
        closing(open_store(neo4j_url)) as found,
        closing(open_store(f"sqlite:{lab / 'colineage.db'}")) as original,
    ):
        assert list(found.raw_bundles()) == list(original.raw_bundles())
        assert found.checkpoint() == original.checkpoint()
        assert found.digest() == original.digest()
        assert (found.origin(), authors_of(found.trust_list())) == (
            original.origin(),
            authors_of(original.trust_list()),
        )


def refuse_what_is_no_beginning(lab: Path, path: Path) -> None:
    """What a killed copy left is how the log begins."""
    if not path.exists():
        return
    with closing(open_store(f"sqlite:{path}")) as store:
        now = store.checkpoint()
    with closing(open_store(f"sqlite:{lab / 'colineage.db'}")) as original:
        assert checkpoint_at(original, now.size) == now
