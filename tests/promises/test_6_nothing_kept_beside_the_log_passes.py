"""Promise 6, of what a store keeps beside the log: each value of it that is changed is found by `verify`.

What is shown is one thing; by what the next bundle will be judged, by whom an edge is said, under which kind a
thing is listed and by which words it is found are others. All of it follows from the log and the trust, but for
what is named here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import neo4j
import pytest

from audit.verify import verify
from graph.bundle.bundle import Bundle
from graph.model.model import End
from graph.model.vocabulary import Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.conftest import clock
from tests.graph.histories import ADA
from tests.graph.statements import add, idea, paper, say, work
from tests.promises.small import small_log

# Settings of a store, which no log tells; the clock at an append; numbers that only tell rows apart; and in Neo4j,
# what tells an append that was cut off whether it was kept.
FREE = {
    *(("trust", name) for name in ("place", "author", "sources")),
    ("origin", "name"),
    ("checkpoint", "at"),
    ("edge", "ordinal"),
    ("Log", "name"),
    ("Log", "origin"),
    ("Log", "schema"),
    ("Log", "trust"),
    ("Log", "writes"),
    ("Checkpoint", "at"),
    *(("Checkpoint", name) for name in ("token", "first", "size", "root")),
    ("RELATES", "ordinal"),
}
KEYS = {"k", "position", "rowid"}


def log() -> list[Bundle]:
    """The small log, who is ended in it, and what is said of what was said."""
    small = small_log()
    grant, said = small[2:4]
    later = say(ADA, idea("#1", "Mine"), work("arxiv:2401.00009", "A word"), prev=(grant,))
    ended = say(ADA, ends=End(grant.id, (said.id,)), prev=(later,))
    retracted = say(ADA, answers=((Verb.RETRACTS, later),), prev=(ended,))
    waiting = paper("2401.00003", "Nobody vouches", at="2026-01-02T00:00:00Z")
    return [*small, later, ended, retracted, waiting]


def holds(url: str) -> bool:
    """Whether `verify` says so."""
    with closing(open_store(url, clock=clock)) as store:
        return is_whole(store)


def is_whole(store: GraphStore) -> bool:
    return verify(store, fresh=lambda: open_store("sqlite::memory:", clock=clock)).ok


def filled(url: str) -> str:
    """A store of the log."""
    with closing(open_store(url, clock=clock)) as store:
        store.trust([TrustEntry(ADA.key)])
        add(store, *log())
    assert holds(url)
    return url


def changed(value: Any) -> Any:
    """A value of the same type, that differs in a bit."""
    match value:
        case bool():
            return not value
        case int():
            return value ^ 1
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1)
        case _:
            raise AssertionError(value)


def columns(by_hand: sqlite3.Connection) -> Iterator[tuple[str, str, list[str]]]:
    """Each column of each table, with those by which a row is told."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words_%'"
    for (table,) in by_hand.execute(tables).fetchall():
        told = by_hand.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
        keys = [name for name, is_key in told if is_key] or ["rowid"]
        for name, _ in told:
            if name not in KEYS and (table, name) not in FREE:
                yield table, name, keys


def test_each_changed_value_in_sqlite_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    url = filled(f"sqlite:{path}")
    missed, tried = [], set()
    with closing(sqlite3.connect(path, isolation_level=None)) as by_hand:
        by_hand.execute("PRAGMA foreign_keys = OFF")
        for table, column, keys in columns(by_hand):
            rows = by_hand.execute(
                f"SELECT {column}, {', '.join(keys)} FROM {table} "  # noqa: S608 - names of the schema
                f"WHERE length({column}) ORDER BY {', '.join(keys)} DESC LIMIT 1"
            ).fetchall()
            for value, *row in rows:
                where = " AND ".join(f"{key} = ?" for key in keys)
                by_hand.execute("SAVEPOINT before")
                by_hand.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {where}",  # noqa: S608
                    (changed(value), *row),
                )
                by_hand.execute("RELEASE before")
                tried.add((table, column))
                if holds(url):
                    missed.append((table, column, value))
                back = [
                    changed(value) if key == column else one
                    for key, one in zip(keys, row, strict=True)
                ]
                by_hand.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *back))  # noqa: S608
    assert missed == []
    assert holds(url)
    assert {table for table, _ in tried} >= {
        "bundle",
        "node",
        "edge",
        "words",
        "previous",
        "answer",
    }
    assert len(tried) > 30


@pytest.mark.neo4j
def test_each_changed_value_in_neo4j_is_found(neo4j_url: str) -> None:
    url = filled(neo4j_url)
    missed, tried = [], set()
    nodes = "MATCH (n) UNWIND labels(n) AS what UNWIND keys(n) AS name RETURN DISTINCT what, name"
    edges = "MATCH ()-[n]->() UNWIND keys(n) AS name RETURN DISTINCT type(n) AS what, name"
    of = {
        nodes: "MATCH (n) WHERE $what IN labels(n)",
        edges: "MATCH ()-[n]->() WHERE type(n) = $what",
    }
    with (
        closing(open_store(url, clock=clock)) as store,
        neo4j.GraphDatabase.driver(url) as driver,
        driver.session() as session,
    ):
        found = [(kind, *row.values()) for kind in of for row in session.run(kind).fetch(999)]
        for kind, what, name in found:
            if (what, name) in FREE or name in KEYS:
                continue
            one = session.run(
                of[kind] + " AND n[$name] IS NOT NULL AND n[$name] <> '' "
                "RETURN n[$name], elementId(n) ORDER BY toString(n.id) DESC LIMIT 1",
                what=what,
                name=name,
            ).single()
            if one is None:  # nothing but empty texts
                continue
            value, place = one.values()
            told = of[kind].partition(" WHERE")[0] + " WHERE elementId(n) = $place SET n += $told"
            session.run(told, place=place, told={name: changed(value)}).consume()
            tried.add((what, name))
            if is_whole(store):
                missed.append((what, name, value))
            session.run(told, place=place, told={name: value}).consume()
    assert missed == []
    assert holds(url)
    assert {what for what, _ in tried} >= {"Bundle", "Thing", "RELATES", "DESCRIBES", "ANSWERS"}


@pytest.mark.neo4j
@pytest.mark.parametrize("relation", ["FOLLOWS", "VOUCHES", "ANSWERS", "DESCRIBES", "RELATES"])
def test_each_lost_relationship_in_neo4j_is_found(neo4j_url: str, relation: str) -> None:
    url = filled(neo4j_url)
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        lost = session.run(
            "MATCH ()-[r]->() WHERE type(r) = $relation WITH r LIMIT 1 DELETE r", relation=relation
        ).consume()
        assert lost.counters.relationships_deleted == 1
    assert not holds(url)
    with closing(open_store(url, clock=clock)) as store:
        store.rebuild()
    assert holds(url)


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM origin",
        "INSERT INTO origin VALUES ('colineage/other')",
        "INSERT INTO bundle (position, id) SELECT max(position) + 1, zeroblob(32) FROM bundle",
        "INSERT INTO content (position, header) VALUES (-1, x'00')",
        "INSERT INTO tile VALUES (1, 0, zeroblob(32))",
        "INSERT INTO tile VALUES (40, 0, zeroblob(32))",
    ],
)
def test_what_stands_outside_of_the_log_in_sqlite_is_found(tmp_path: Path, command: str) -> None:
    """The next append would stumble over it, or take it for its own."""
    path = tmp_path / "a.db"
    url = filled(f"sqlite:{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as by_hand:
        assert by_hand.execute(command).rowcount == 1
    assert not holds(url)


@pytest.mark.neo4j
def test_what_stands_outside_of_the_log_in_neo4j_is_found(neo4j_url: str) -> None:
    url = filled(neo4j_url)
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        for stray in ("(n:Bundle {position: 99})", "(n:Bundle)", "(n:Tile {level: 1, number: 0})"):
            session.run(f"CREATE {stray}").consume()
            assert not holds(url), stray
            session.run(f"MATCH {stray} WHERE n.header IS NULL DELETE n").consume()
    assert holds(url)
