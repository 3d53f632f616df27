"""Promise 9, of stores: an older one is brought up to date; a newer one, and what is none, is refused and left as it is.

So is one of before bundles had their present form: it says that one ingests again.
"""

import gzip
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import neo4j
import pytest

from audit.verify import verify
from graph.errors import ForeignStoreError
from graph.neo4j import open_database
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.sqlite import connection
from graph.store import GraphStore, RawBundle, Vector
from tests.golden.test_golden import BUNDLES, DIGEST, TRUSTED
from tests.graph.statements import add
from tests.promises.newer import NEWER, SAID
from tests.promises.next_schema import neo4j_migrations, sqlite_migrations
from tests.promises.runs import Run, Setup, Typed, served

ROOT = Path(__file__).parents[2]
TRUST = tuple(TrustEntry(author) for author in sorted(TRUSTED))
DATA = Path(__file__).parent / "data"


# Files.


def kept(name: str, path: Path) -> Path:
    """A file as an earlier Colineage wrote it."""
    path.write_bytes(gzip.decompress((DATA / name).read_bytes()))
    return path


def older(path: Path) -> tuple[str, list[RawBundle]]:
    """A store in a file: the name of its log, and what lies in it."""
    with closing(open_store(f"sqlite:{path}")) as store:
        _fill(store)
        store.keep_vectors("model", [Vector("arxiv:2512.05356", "sha256:" + "0" * 64, bytes(4))])
        return store.origin(), list(store.raw_bundles())


def test_an_older_file_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "colineage.db"
    origin, before = older(path)
    planted = sqlite_migrations()
    monkeypatch.setattr(connection, "migrations", lambda: planted)
    with closing(open_store(f"sqlite:{path}", must_exist=True)) as store:
        assert list(store.raw_bundles()) == before
        assert store.trust_list() == TRUST
        assert store.checkpoint().size == len(BUNDLES) + len(NEWER)
        assert store.digest() == DIGEST
        assert [one.node for one in store.vectors("model")] == ["arxiv:2512.05356"]
        assert add(store, SAID) == (SAID.id,)
    with closing(open_store(f"sqlite:{path}")) as store:
        assert store.origin() == origin
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok


def test_two_that_bring_a_file_up_to_date_at_once_agree(tmp_path: Path) -> None:
    origin, _ = older(tmp_path / "colineage.db")
    run = Run(str(tmp_path), words=["log", "checkpoint", "--json"])
    with served(tmp_path, Setup(next_schema=True)) as server:
        assert [ended.status for ended in server.run(run, run, run)] == [0, 0, 0]
    with closing(sqlite3.connect(tmp_path / "colineage.db")) as found:
        assert found.execute("PRAGMA user_version").fetchone() == (max(sqlite_migrations()),)
        assert found.execute("SELECT name FROM origin").fetchall() == [(origin,)]


def refused_and_left(path: Path, word: str, typed: Typed) -> None:
    """Every way to open it says why not, and leaves each byte, and the folder, as it was."""
    before = {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    with pytest.raises(ForeignStoreError, match=word) as caught:
        open_store(f"sqlite:{path}")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    elsewhere = path.parent.parent
    for words in (("stats",), ("verify",), ("ingest", "mlflow", str(ROOT / "examples" / "mlflow"))):
        status, told = typed(elsewhere, *words, "--store", f"sqlite:{path}")
        assert (status, told["error"]["kind"]) == (74, "ForeignStoreError")
    assert {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()} == before


def test_a_file_of_before_the_present_form_is_refused_and_left_as_it_is(
    tmp_path: Path, typed: Typed
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    refused_and_left(kept("schema-1.db.gz", folder / "older.db"), "ingest again", typed)


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path, typed: Typed) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    path = kept("schema-1.db.gz", folder / "newer.db")
    with closing(sqlite3.connect(path)) as found:
        found.execute("PRAGMA user_version = 9999")
    refused_and_left(path, "newer", typed)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_of_something_else_is_refused_and_left_as_it_is(
    tmp_path: Path, mode: str, typed: Typed
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("CREATE TABLE mine (x)")
    refused_and_left(path, "something else", typed)


@pytest.mark.parametrize(
    "text", [b"x", b"not a database\n" * 300, b"SQLite format 3\0" + b"x" * 600]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    tmp_path: Path, text: bytes, typed: Typed
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "notes.txt"
    path.write_bytes(text)
    refused_and_left(path, "no Colineage store", typed)


# The schema of a Neo4j.


def content(url: str) -> Sequence[Any]:
    """All that a Neo4j holds."""
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        nodes = session.run(
            "MATCH (n) RETURN labels(n) AS labels, properties(n) AS values ORDER BY elementId(n)"
        ).data()
        edges = session.run(
            "MATCH ()-[r]->() RETURN type(r) AS type, properties(r) AS values ORDER BY elementId(r)"
        ).data()
        shape = session.run("SHOW INDEXES YIELD name, type RETURN * ORDER BY name").data()
    return nodes, edges, shape


@pytest.fixture
def filled(neo4j_url: str) -> str:
    """A Neo4j that holds a store."""
    with closing(open_store(neo4j_url)) as store:
        _fill(store)
    return neo4j_url


def _fill(store: GraphStore) -> None:
    store.trust(TRUST)
    add(store, *BUNDLES.values(), *NEWER)


def set_schema(url: str, number: int) -> None:
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        text = "MATCH (l:Log) SET l.schema = $number"
        session.run(text, number=number).consume()


@pytest.mark.neo4j
def test_an_older_schema_of_a_neo4j_is_brought_up_to_date(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(filled, must_exist=True)) as store:
        origin = store.origin()
    planted = neo4j_migrations()
    monkeypatch.setattr(open_database, "migrations", lambda: planted)
    with closing(open_store(filled, must_exist=True)) as store:
        assert (store.checkpoint().size, store.trust_list()) == (len(BUNDLES) + 2, TRUST)
        assert store.digest() == DIGEST
    assert "thing_later" in {index["name"] for index in content(filled)[2]}
    with closing(open_store(filled)) as store:
        assert store.origin() == origin
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok


@pytest.mark.neo4j
def test_a_neo4j_of_before_the_present_form_is_refused_and_left_as_it_is(filled: str) -> None:
    set_schema(filled, 1)
    before = content(filled)
    with pytest.raises(ForeignStoreError, match="ingest again"):
        open_store(filled)
    assert content(filled) == before


@pytest.mark.neo4j
def test_a_newer_schema_of_a_neo4j_is_refused_and_left_as_it_is(filled: str) -> None:
    set_schema(filled, 9999)
    before = content(filled)
    with pytest.raises(ForeignStoreError, match="newer"):
        open_store(filled)
    assert content(filled) == before
    assert len(before[0]) > len(BUNDLES)


@pytest.mark.neo4j
def test_a_neo4j_keeps_what_it_does_not_understand(filled: str) -> None:
    with closing(open_store(filled)) as store:
        found = store.bundles_by_id([one.id for one in NEWER])
        assert {name: one.bundle for name, one in found.items()} == {one.id: one for one in NEWER}
        assert not any(one.lives for one in found.values())
        assert store.counts().bundles == len(BUNDLES) + 2
        store.rebuild()
        assert store.digest() == DIGEST
        assert answers(store) == ()


def answers(store: GraphStore) -> tuple[str, ...]:
    return tuple(
        one.id
        for one in NEWER
        for found in store.bundles_by_id([one.id]).values()
        if found.answered_by or found.vouchers
    )
