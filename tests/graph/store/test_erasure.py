"""What is erased is gone: from the graph, from what was computed of it, and of a file from all of its bytes."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer, signer_of
from graph.errors import BusyError
from graph.export.copy import copy, stored_log
from graph.model.model import Description
from graph.model.vocabulary import Kind, Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore, Vector
from tests.graph.statements import add, clock, paper, say, work

ADA = signer_of(bytes(range(32)))
BEN = signer_of(bytes(range(32, 64)))
TITLE = "qzxquaggatitle"
TEXT = "qzxokapitext"
MARKS = [
    mark.encode(form) for mark in (TITLE, TEXT) for form in ("utf-8", "utf-16-le", "utf-16-be")
]
PAPER = "arxiv:2401.00001"

# Only appends, and is killed before anything else is done.
CHILD = """
import os, signal, sys
from graph.open import open_store
from tests.graph.store.test_erasure import SECRET, erasing
store = open_store(sys.argv[1])
store.append(lambda _look: [erasing(SECRET)])
os.kill(os.getpid(), signal.SIGKILL)
"""


def secret(signer: Signer = ADA) -> Bundle:
    """A statement with the marks, in what it mints and of a paper; long enough to lie on several pages."""
    words = {"title": TITLE, "text": "reef " * 3000 + TEXT}
    return say(
        signer, Description("#1", Kind.IDEA, words), Description(PAPER, Kind.WORK, {"title": TITLE})
    )


def erasing(bundle: Bundle, signer: Signer = ADA) -> Bundle:
    return say(
        signer,
        prev=(bundle,),
        answers=((Verb.ERASES, bundle),),
        at="2026-01-02T00:00:00Z",
        reason="Private.",
    )


SECRET = secret()


def has_body(store: GraphStore, bundle: Bundle) -> bool:
    return store.bundles_by_id([bundle.id])[bundle.id].bundle.body_bytes is not None


def fill(store: GraphStore) -> None:
    """The secret among other statements, with a vector of each."""
    for number in range(30):
        add(store, say(BEN, work(f"arxiv:2401.1{number:04d}", f"Other {number}")))
        if number == 9:
            add(store, SECRET)
    of_secret = [
        Vector(node, f"hash of {TITLE}", bytes(4)) for node in (*SECRET.minted_ids(), PAPER)
    ]
    store.keep_vectors("model", [*of_secret, Vector("arxiv:2401.10001", "hash", bytes(4))])
    store.digest()


def files_with_marks(folder: Path) -> list[str]:
    """The files below a folder that hold a mark, in any encoding."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files, "nothing was looked at"
    return [path.name for path in files if any(mark in path.read_bytes() for mark in MARKS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    path.mkdir()
    return path


@pytest.fixture
def file_store(folder: Path) -> Iterator[GraphStore]:
    with closing(open_store(f"sqlite:{folder / 'a.db'}", clock=clock)) as store:
        fill(store)
        yield store


def test_no_question_finds_it(store: GraphStore) -> None:
    fill(store)
    assert store.search(TITLE, limit=5)
    assert store.erased_positions() == []
    add(store, erasing(SECRET))
    (stored,) = store.bundles_by_id([SECRET.id]).values()
    assert (stored.is_erased, stored.bundle.body_bytes) == (True, None)
    assert store.erased_positions() == [stored.position]
    assert list(store.search(TITLE, limit=5)) == []
    assert store.things([*SECRET.minted_ids(), PAPER]) == {}
    assert [vector.node for vector in store.vectors("model")] == ["arxiv:2401.10001"]
    assert list(store.integrity_faults()) == []


def test_a_body_that_comes_again_is_not_heeded_until_it_is_restored(store: GraphStore) -> None:
    fill(store)
    word = erasing(SECRET)
    add(store, word)
    digest = store.digest()
    add(store, SECRET)
    assert not has_body(store, SECRET)
    assert store.digest() == digest
    add(
        store, say(ADA, prev=(word,), answers=((Verb.RESTORES, SECRET),), at="2026-01-03T00:00:00Z")
    )
    add(store, SECRET)
    assert has_body(store, SECRET)
    assert store.search(TITLE, limit=5)


def test_a_rebuild_drops_what_a_change_of_trust_erases(store: GraphStore) -> None:
    """Of a record the trust list decides: a lab's word counts once the lab is trusted."""
    record = paper("2401.00002", TITLE)
    add(store, record, say(ADA, vouches=(record,)))
    add(store, erasing(record))
    store.keep_vectors("model", [Vector("arxiv:2401.00002", "hash", bytes(4))])
    assert has_body(store, record)
    store.trust([TrustEntry(ADA.key)])
    assert not has_body(store, record)
    assert list(store.vectors("model")) == []


def test_no_byte_of_it_is_left_in_the_files(file_store: GraphStore, folder: Path) -> None:
    assert "a.db-wal" in files_with_marks(folder)
    add(file_store, erasing(SECRET))
    assert files_with_marks(folder)
    assert file_store.purge() is None
    assert files_with_marks(folder) == []
    assert list(file_store.integrity_faults()) == []
    digest = file_store.digest()
    file_store.rebuild()
    assert file_store.digest() == digest
    assert files_with_marks(folder) == []


def test_closing_and_opening_remove_them_too(folder: Path) -> None:
    url = f"sqlite:{folder / 'a.db'}"
    with closing(open_store(url, clock=clock)) as store:
        fill(store)
    assert files_with_marks(folder) == ["a.db"]
    with closing(open_store(url, clock=clock)) as store:
        add(store, erasing(SECRET))
    assert files_with_marks(folder) == []


def test_killed_before_the_bytes_went(folder: Path) -> None:
    url = f"sqlite:{folder / 'a.db'}"
    with closing(open_store(url, clock=clock)) as store:
        fill(store)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url], check=False, env=_environment(), timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert files_with_marks(folder), "nothing is shown where they went before the kill"
    with closing(open_store(url, clock=clock)) as store:
        assert store.erased_positions()
        assert files_with_marks(folder) == []


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def test_who_reads_meanwhile_keeps_the_wal_and_that_is_told(folder: Path) -> None:
    path = folder / "a.db"
    with (
        closing(open_store(f"sqlite:{path}", clock=clock, patience_s=0.2)) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        fill(store)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM content").fetchone() == (31,)
        add(store, erasing(SECRET))
        with pytest.raises(
            BusyError, match=r"a\.db-wal still holds what was erased: end that process"
        ):
            store.purge()
        assert files_with_marks(folder)
        reader.execute("COMMIT")
        assert store.purge() is None
        assert files_with_marks(folder) == []


# Each step less than `purge` takes leaves some: what these tests look for can be found.
STEPS: dict[str, tuple[str, ...]] = {
    "delete": (),
    "checkpoint": ("PRAGMA wal_checkpoint(TRUNCATE)",),
    "secure delete": ("PRAGMA wal_checkpoint(TRUNCATE)",),
    "vacuum": ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "words": ("INSERT INTO words (words) VALUES ('optimize')", "VACUUM"),
}


@pytest.mark.parametrize("steps", STEPS)
def test_less_than_that_leaves_some(folder: Path, steps: str) -> None:
    path = folder / "a.db"
    with closing(open_store(f"sqlite:{path}", clock=clock)) as store:
        fill(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA secure_delete = {'ON' if steps == 'secure delete' else 'OFF'}")
        connection.execute("UPDATE content SET body = NULL WHERE instr(body, ?)", (TITLE.encode(),))
        connection.execute("DELETE FROM words WHERE words MATCH ?", (TITLE,))
        connection.execute("DELETE FROM vector")
        for step in STEPS[steps]:
            connection.execute(step).fetchall()
        assert files_with_marks(folder)


@pytest.mark.neo4j
def test_neo4j_tells_what_the_server_may_keep(neo4j_url: str, folder: Path) -> None:
    with closing(open_store(neo4j_url, clock=clock)) as store:
        fill(store)
        assert store.purge() is None
        add(store, erasing(SECRET))
        assert "transaction logs" in (store.purge() or "")
        with closing(open_store(f"sqlite:{folder / 'clean.db'}", clock=clock)) as clean:
            copy(stored_log(store), clean)
            assert clean.erased_positions() == store.erased_positions()
    assert files_with_marks(folder) == []
