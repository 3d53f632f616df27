"""Adapter of apsw to the interface of the standard `sqlite3`, for a process whose disk a test can break.

The standard module knows no VFS. A process of the tests puts this one in its place before anything of
ours is imported, so that all of `graph.sqlite`, from the pragmas to the last query, runs as it is, over
the same library of SQLite, of a newer release.
"""

import sqlite3 as standard
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import apsw

WRITABLE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        found = standard.OperationalError(str(error))
        found.sqlite_errorcode = getattr(error, "extendedresult", 1)
        raise found from error


class Cursor:
    """What a statement answers."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        with _translated():
            yield from self._cursor

    def fetchone(self) -> Any:
        with _translated():
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        with _translated():
            return list(self._cursor.fetchall())


class Connection:
    """A connection that commits when it is told to, as ours are."""

    def __init__(self, connection: apsw.Connection, rewritten: Mapping[str, str]) -> None:
        self._connection = connection
        self._rewritten = rewritten

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, text: str, values: Sequence[Any] = ()) -> Cursor:
        with _translated():
            said = self._rewritten.get(text, text)
            return Cursor(self._connection.execute(said, tuple(values)))

    def executemany(self, text: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        with _translated():
            return Cursor(self._connection.executemany(text, map(tuple, rows)))

    def close(self) -> None:
        # The standard module tells nothing of a last checkpoint that fails either.
        with suppress(apsw.Error):
            self._connection.close()


def dress(vfs: str | None, rewritten: Mapping[str, str]) -> None:
    """From now on `import sqlite3` gives apsw over this VFS.

    Args:
        vfs: The name of a registered VFS; `None`: SQLite's own.
        rewritten: Statements that are said otherwise: how a test takes a protection out.
    """
    assert not [name for name in sys.modules if name.partition(".")[0] == "graph"]

    def connect(
        name: str, *, timeout: float, isolation_level: None, uri: bool, check_same_thread: bool
    ) -> Connection:
        assert isolation_level is None
        assert uri
        assert not check_same_thread
        with _translated():
            found = apsw.Connection(name, flags=WRITABLE, vfs=vfs)
            found.set_busy_timeout(round(timeout * 1000))
        return Connection(found, rewritten)

    dressed = ModuleType("sqlite3")
    vars(dressed).update(
        {name: value for name, value in vars(standard).items() if not name.startswith("__")}
    )
    vars(dressed).update(connect=connect, Connection=Connection, Cursor=Cursor)
    sys.modules["sqlite3"] = dressed
