"""Promise 9: what a newer version said is kept until it is understood; another version's store is brought
up to date, or refused and left as it is."""

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import neo4j
import pytest

from audit.verify import verify
from graph.bundle import Bundle, read
from graph.canonical import canonical
from graph.errors import ForeignStoreError
from graph.open import open_store
from graph.store import GraphStore
from graph.vocabulary import Verb
from tests.golden.test_golden import BUNDLES, DIGEST, TRUSTED
from tests.graph.histories import ADA, ZED
from tests.graph.saying import add, paper, say, work
from tests.promises.runs import Run, Server

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
OURS = ("graph", "ingest", "recommend", "audit", "api", "colineage")
PAPER = paper("2401.00001", "by a newer version", at="2026-01-01T00:00:00Z")
SAID = say(ADA, work("arxiv:2401.00002", "signed by a newer version"))


def newer(bundle: Bundle, *, signed: bool = True) -> Bundle:
    """The same as a newer version would say it; signed by nobody where that is asked."""
    header = canonical(json.loads(bundle.header_bytes) | {"v": 2})
    if bundle.signature is None:
        return read(header, bundle.body_bytes, None)
    return read(header, bundle.body_bytes, ADA.sign(header) if signed else ZED.sign(header))


RECORD, STATEMENT = newer(PAPER), newer(SAID)
FORGED = newer(say(ADA, work("arxiv:2401.00003", "signed by somebody else")), signed=False)
VOUCHES = say(ADA, vouches=(RECORD,), at="2026-01-02T00:00:00Z")
NEWER = (RECORD, STATEMENT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with what this version understands, and what it does not."""
    path = tmp_path / "colineage.db"
    with closing(open_store(f"sqlite:{path}")) as store:
        store.trust(frozenset({ADA.key}))
        add(store, RECORD, STATEMENT, VOUCHES)
    return path


Typed: TypeAlias = Callable[..., tuple[int, Any]]


@pytest.fixture
def typed(server: Server) -> Typed:
    """A command as it is typed, in a folder."""

    def typed(folder: Path, *words: str) -> tuple[int, Any]:
        (ended,) = server.run(Run(str(folder), words=[*words, "--json"]))
        assert "Traceback" not in (folder / "err").read_text("utf-8")
        return ended.status, json.loads((folder / "out").read_bytes())

    return typed


def typed_elsewhere(program: Path, folder: Path, *words: str) -> tuple[int, Any]:
    """A command of another copy of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "colineage", *words, "--json"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(program), "HOME": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


# Bundles.


def test_what_is_not_understood_is_kept_counted_and_said(
    path: Path, tmp_path: Path, typed: Typed
) -> None:
    with closing(open_store(f"sqlite:{path}")) as store:
        assert add(store, *NEWER) == ()
        assert store.counts().bundles == 3
        found = store.stored([one.id for one in NEWER])
        assert [(found[one.id].bundle, found[one.id].lives) for one in NEWER] == [
            (one, False) for one in NEWER
        ]
        assert store.things(["arxiv:2401.00001", "arxiv:2401.00002"]) == {}
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok
    assert typed(tmp_path, "stats")[1]["bundles"] == 3
    for one in NEWER:
        status, told = typed(tmp_path, "show", one.id)
        shown = told["bundle"]
        assert (status, shown["kind"], shown["lives"]) == (0, "not understood", False)


def test_what_is_not_understood_is_in_an_export_and_in_what_is_made_of_it(
    path: Path, tmp_path: Path, typed: Typed
) -> None:
    assert typed(tmp_path, "export", "exported")[0] == 0
    lines = (tmp_path / "exported" / "bundles" / "00000000.ndjson").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines[:2]] == [one.to_json() for one in NEWER]
    assert typed(tmp_path, "copy", "exported", "sqlite:copied.db")[0] == 0
    with (
        closing(open_store(f"sqlite:{path}")) as store,
        closing(open_store(f"sqlite:{tmp_path / 'copied.db'}")) as copied,
    ):
        assert list(copied.raw()) == list(store.raw())
        assert copied.checkpoint() == store.checkpoint()
        assert (copied.digest(), copied.origin()) == (store.digest(), store.origin())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program that understands version 2: it means what version 1 does."""
    folder = tmp_path_factory.mktemp("upgraded")
    for name in OURS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = 0
    for file in (folder / "graph").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        for old, new in (("> VERSION", "> 2"), ("!= VERSION", "not in (1, 2)")):
            changed += text.count(old)
            text = text.replace(old, new)
        file.write_text(re.sub(r"== VERSION\b", "in (1, 2)", text), encoding="utf-8")
    assert changed >= 3
    return folder


def test_an_upgrade_understands_what_was_kept(path: Path, program: Path, tmp_path: Path) -> None:
    with closing(open_store("sqlite::memory:")) as expected:
        expected.trust(frozenset({ADA.key}))
        add(expected, PAPER, SAID, say(ADA, vouches=(PAPER,), at="2026-01-02T00:00:00Z"))
        digest = expected.digest()
    status, told = typed_elsewhere(program, tmp_path, "rebuild")
    assert (status, told["digest"]) == (0, digest)
    status, told = typed_elsewhere(program, tmp_path, "verify")
    assert (status, told["ok"], told["digest"]) == (0, True, digest)
    for one, kind in ((RECORD, "record"), (STATEMENT, "statement")):
        shown = typed_elsewhere(program, tmp_path, "show", one.id)[1]["bundle"]
        assert (shown["kind"], shown["lives"]) == (kind, True)


def test_what_nobody_signed_means_nothing_after_the_upgrade_either(
    path: Path, program: Path, tmp_path: Path
) -> None:
    """It was taken in unjudged, so it is judged when it is first understood, and named by `verify`."""
    with closing(open_store(f"sqlite:{path}")) as store:
        add(store, FORGED, say(ADA, answers=((Verb.RETRACTS, FORGED),)))
    for _ in range(2):
        assert typed_elsewhere(program, tmp_path, "rebuild")[0] == 0
    assert typed_elsewhere(program, tmp_path, "show", "arxiv:2401.00003")[0] == 1
    assert typed_elsewhere(program, tmp_path, "show", "arxiv:2401.00002")[0] == 0
    status, told = typed_elsewhere(program, tmp_path, "verify")
    assert (status, [one["bundle"] for one in told["faults"]]) == (1, [FORGED.id])


# Files.


def kept(name: str, path: Path) -> Path:
    """A file as an earlier Colineage wrote it."""
    path.write_bytes(gzip.decompress((DATA / name).read_bytes()))
    return path


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = kept("schema-1.db.gz", tmp_path / "colineage.db")
    with closing(open_store(f"sqlite:{path}", must_exist=True)) as store:
        assert [one.bundle for one in store.bundles()][:-1] == list(BUNDLES.values())
        assert store.trusted() == TRUSTED
        assert store.checkpoint().size == len(BUNDLES) + 1
        assert store.digest() == DIGEST
        assert re.fullmatch(r"colineage/[0-9a-f]{32}", store.origin())
        assert [one.node for one in store.vectors("model")] == ["arxiv:2512.05356"]
        origin = store.origin()
        assert add(store, SAID) == (SAID.id,)
    with closing(open_store(f"sqlite:{path}")) as store:
        assert store.origin() == origin
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok


def test_two_that_bring_a_file_up_to_date_at_once_agree(tmp_path: Path) -> None:
    path = kept("schema-1.db.gz", tmp_path / "colineage.db")
    command = [sys.executable, "-m", "colineage", "log", "checkpoint", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    both = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [one.wait(timeout=120) for one in both] == [0, 0, 0]
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("SELECT count(*) FROM origin").fetchone() == (1,)


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
    store.trust(TRUSTED)
    add(store, *BUNDLES.values(), *NEWER)


def set_schema(url: str, number: int) -> None:
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        text = "MATCH (l:Log) SET l.schema = $number REMOVE l.origin"
        session.run(text, number=number).consume()


@pytest.mark.neo4j
def test_an_older_schema_of_a_neo4j_is_brought_up_to_date(filled: str) -> None:
    set_schema(filled, 1)
    with closing(open_store(filled, must_exist=True)) as store:
        assert re.fullmatch(r"colineage/[0-9a-f]{32}", store.origin())
        assert (store.checkpoint().size, store.trusted()) == (len(BUNDLES) + 2, TRUSTED)
        assert store.digest() == DIGEST
        origin = store.origin()
    with closing(open_store(filled)) as store:
        assert store.origin() == origin
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok


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
        found = store.stored([one.id for one in NEWER])
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
        for found in store.stored([one.id]).values()
        if found.answered_by or found.vouchers
    )
