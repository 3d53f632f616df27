"""Connection to a SQLite file: open it, apply schema migrations, translate its errors into ours."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from graph.errors import BusyError, ForeignStoreError, StoreError
from graph.named_queries import NamedQueries, read_queries

APPLICATION_ID: Final = 0x434F4C4E  # "COLN", in the file's header
_BUSY_CODES: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FOREIGN_CODES: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_ACCESS_CODES: Final = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
)

_MIN_BYTES: Final = 512  # the least page: https://www.sqlite.org/fileformat.html#page_size
_PAUSE_S: Final = 0.01
_DISK_ADVICE: Final = {
    sqlite3.SQLITE_FULL: "make room on it",
    sqlite3.SQLITE_IOERR: "see that it is well and has room",
}


@cache
def queries() -> NamedQueries:
    """Return all queries of this store."""
    return read_queries("graph.sqlite", suffix=".sql", comment="--")


@cache
def query(name: str) -> str:
    """Return the text of a query, by its name."""
    return queries().text(name)


@cache
def migrations() -> dict[int, str]:
    """Return by its number the script that makes each version of the schema from the one before, or the first."""
    folder = files("graph.sqlite") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {int(name.removesuffix(".sql")): (folder / name).read_text("utf-8") for name in names}


@contextmanager
def translate_errors(path: str) -> Iterator[None]:
    """Translate SQLite's errors into ours.

    Raises:
        BusyError: Another connection is writing.
        ForeignStoreError: The file is damaged or no database.
        StoreError: Anything else SQLite reports.
    """
    try:
        yield
    except UnicodeDecodeError as error:  # in SQLite's message about a damaged schema
        raise ForeignStoreError(
            f"{path} is no Colineage store, or is damaged ({error}): give another --store, or a backup"
        ) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _BUSY_CODES:
            raise BusyError(f"{path} is being written by somebody else: try again") from error
        if code in _FOREIGN_CODES:
            raise ForeignStoreError(
                f"{path} is no Colineage store, or is damaged ({error}): give another --store, or a backup"
            ) from error
        if code in _ACCESS_CODES:
            raise StoreError(_access_advice(path, error)) from error
        if code in _DISK_ADVICE:
            raise StoreError(
                f"the disk failed {path} ({error}): what was acknowledged stays; "
                f"{_DISK_ADVICE[code]}, and the same command goes on"
            ) from error
        raise StoreError(f"{path} can't be used: {error}") from error


def _access_advice(path: str, error: sqlite3.Error) -> str:
    """Return a message with advice about a file that the operating system refuses to open.

    A write-ahead log has two files beside it, which readers need too (https://www.sqlite.org/wal.html#readonly);
    those left behind by a user without write access keep their permissions.
    """
    if Path(path).is_dir():
        return (
            f"expected the file of a store, got the folder {path}: name a file in it with --store"
        )
    if not Path(path).absolute().parent.is_dir():
        return f"expected a folder for the store {path}, and there is none: make it, or name another with --store"
    return (
        f"{path} can't be used by this user ({error}): to read a store, too, takes leave to write the file, its folder, "
        f"and {path}-wal and {path}-shm where they are there. Give it, or copy the file (and -wal) to where you may write"
    )


def connect(path: str, *, patience_s: float, must_exist: bool) -> sqlite3.Connection:
    """Open a connection to a store's file, created and migrated where needed.

    Args:
        path: A file, or `:memory:`.
        patience_s: How long to wait for another connection's write.
        must_exist: Refuse to make a new file.

    Raises:
        ForeignStoreError: The file is no store of ours, or a newer one.
        StoreError: There is no such file, or it can't be opened.
    """
    _refuse_truncated(path)
    mode = "rw" if must_exist else "rwc"
    name = path if path == ":memory:" else f"file:{_escape(path)}?mode={mode}"
    with translate_errors(path):
        try:
            connection = sqlite3.connect(
                name, timeout=patience_s, isolation_level=None, uri=True, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            if Path(path).exists() or not must_exist:
                raise
            raise StoreError(
                f"expected a store at {path}, and there is none: "
                "ingest something first, or name another with --store"
            ) from error
        try:
            _prepare(connection, path, patience_s)
        except BaseException:
            connection.close()
            raise
    return connection


def _refuse_truncated(path: str) -> None:
    """Refuse a file too short for a database: SQLite would treat it as empty and overwrite it."""
    if path != ":memory:":
        with suppress(OSError):
            file = Path(path)
            if file.is_file() and 0 < file.stat().st_size < _MIN_BYTES:
                raise ForeignStoreError(f"{path} is no Colineage store: give another --store")


def _escape(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _prepare(connection: sqlite3.Connection, path: str, patience_s: float) -> None:
    owner, version, tables = _schema_state(connection)
    if owner != APPLICATION_ID and (owner or tables):
        raise ForeignStoreError(f"{path} is a database of something else: give another --store")
    oldest, newest = min(migrations()), max(migrations())
    if version > newest:
        raise ForeignStoreError(
            f"{path} was made by a newer Colineage (schema {version}, this one knows up to "
            f"{newest}): upgrade, or give another --store"
        )
    if 0 < version < oldest:
        raise ForeignStoreError(
            f"{path} was made before bundles had their present form (schema {version}, this one knows "
            f"{oldest} and later): give another --store, and ingest again"
        )
    mode = _switch_to_wal(connection, patience_s)
    if mode not in {"wal", "memory"}:
        raise StoreError(
            f"expected a write-ahead log beside {path}, and there can be none (got {mode}): "
            "keep the store on a local disk"
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -32768")
    connection.execute("PRAGMA temp_store = MEMORY")
    if version < newest:
        _migrate(connection)


def _switch_to_wal(connection: sqlite3.Connection, patience_s: float) -> str:
    """Switch to a write-ahead log (WAL) and return the resulting journal mode.

    SQLite doesn't itself wait for another connection that makes the same switch, as it has begun to read by
    then: so this retries until `patience_s` is over.
    """
    end = time.monotonic() + patience_s
    while True:
        try:
            # Fetched to the end: SQLite reports a failed switch only after the row.
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY_CODES or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_S)
        else:
            return str(mode[0])


def _schema_state(connection: sqlite3.Connection) -> list[int]:
    """Return application id, schema version and number of tables in one snapshot: another process may be creating them."""
    statements = (
        "PRAGMA application_id",
        "PRAGMA user_version",
        "SELECT count(*) FROM sqlite_schema",
    )
    connection.execute("BEGIN")
    try:
        return [connection.execute(text).fetchone()[0] for text in statements]
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for number, script in migrations().items():
            if number <= version:
                continue
            for command in _commands(script):
                connection.execute(command)
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute("COMMIT")
    except BaseException:
        # A disk failure can make SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _commands(script: str) -> Iterator[str]:
    """Yield the commands of a script; `executescript` would end the transaction."""
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part
            part = ""
