"""Erasure in a SQLite file: drop bodies with what was computed from them, and the bytes that they leave in its pages and its WAL.

Dropping is part of a transaction; the bytes go after it (`purge`), by a note in the store also where a process was killed in between.
"""

import sqlite3
from collections.abc import Iterable

from graph.bundle.bundle import Bundle
from graph.errors import BusyError
from graph.model.canonical import canonical_bytes
from graph.sqlite.connection import query


def drop_bodies(connection: sqlite3.Connection, bundles: Iterable[tuple[int, Bundle]]) -> None:
    """Drop the bodies of these bundles (each with its position) and the vectors of the things that they describe.

    A vector, and the hash of the text that it was made of, would tell something of that text.
    """
    nodes: dict[str, None] = {}
    positions = []
    has_bytes = False
    for position, bundle in bundles:
        positions.append((position,))
        nodes |= dict.fromkeys(node.id for node in bundle.resolved_body().nodes)
        has_bytes = has_bytes or bundle.body_bytes is not None
    connection.executemany(query("drop_body"), positions)
    if nodes:
        connection.execute(query("drop_vectors"), (canonical_bytes(list(nodes)).decode(),))
    if has_bytes:
        connection.execute(query("note_remains"))


def has_remains(connection: sqlite3.Connection) -> bool:
    """Return whether bytes of dropped bodies may still lie in the store's files."""
    return _newest_remains(connection) is not None


def purge(connection: sqlite3.Connection, path: str) -> None:
    """Rewrite the file without the bytes of dropped bodies, and empty its WAL; outside a transaction.

    Measured, with `PRAGMA secure_delete` on from the first write: without optimising the full-text index most deleted words
    stay in its segments, and without VACUUM now and then a copy of a row stays in a page from which SQLite had moved it. With
    VACUUM nothing is left, whatever that pragma says, so it isn't set.

    Args:
        connection: Nothing else uses it; it waits as long for others as it was opened to.
        path: The file, as the error names it.

    Raises:
        BusyError: Another process reads, and keeps the WAL from being emptied.
        sqlite3.Error: Another connection writes for too long, or there is no room for a second copy of the file.
    """
    newest = _newest_remains(connection)
    if newest is None:
        return
    number, is_rewritten = newest
    if not is_rewritten:
        # VACUUM copies the whole store: into a file, never into memory.
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute(query("optimize_words"))
        connection.execute("VACUUM")
        connection.execute(query("note_rewrite"), (number,))
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise BusyError(
            f"another process is reading {path}, so {path}-wal still holds what was erased: end that process, or wait until it has "
            "read, then give the same command again (each command on this store tries, as it opens and as it closes it)"
        )
    connection.execute(query("forget_remains"), (number,))


def _newest_remains(connection: sqlite3.Connection) -> tuple[int, bool] | None:
    """Return the number of the newest note, and whether the file was rewritten since all of them; `None` where there is none."""
    number, is_rewritten = connection.execute(query("newest_remains")).fetchone()
    return None if number is None else (number, bool(is_rewritten))
