"""Rebuild of the graph from the log, in the open transaction."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from graph.bundle.bundle import Bundle, read_late, reread
from graph.rules.effects import waiting_times
from graph.sqlite.append import settle_and_write
from graph.sqlite.connection import query
from graph.sqlite.erasure import drop_bodies
from graph.sqlite.log_writer import add_references, author_row, reset_columns
from graph.sqlite.rule_facts import SqliteFacts, pack_id, unpack_id

_CHUNK: Final = 1000
_DELETIONS: Final = (
    "forget_edge",
    "forget_description",
    "forget_node",
    "forget_leaf",
    "forget_branch",
    "forget_vouch",
    "forget_answer",
    "forget_previous",
    "forget_end_head",
)


class _Statement(NamedTuple):
    """Statement to settle again: its position, and the time and vouches that decide its order."""

    at: str
    position: int
    vouches: int


def rebuild(connection: sqlite3.Connection, now: datetime) -> None:
    """Rebuild the graph from the log as at a moment; the caller begins and ends the transaction.

    All references are inserted before anything is settled: a statement may be judged early. Statements
    without vouches are settled first, then the ingest runs, the latest first: a record that a newer one
    replaced is then never inserted, and the first voucher of a category that is read is its latest.
    """
    for name in _DELETIONS:
        connection.execute(query(name))
    _clear_full_text(connection)
    statements = _reset(connection, now)
    connection.execute(query("forget_states"))
    for part in _batches(statements):
        rows = connection.execute(query("placed"), (json.dumps(part),))
        arrivals = {
            unpack_id(raw): (position, reread(*parts, is_fit=not unfit))
            for position, raw, *parts, unfit in rows
        }
        settle_and_write(connection, SqliteFacts(connection), arrivals, {}, drops_bodies=False)
    _drop_erased(connection)
    connection.execute(query("await_restored"))


def _drop_erased(connection: sqlite3.Connection) -> None:
    rows = connection.execute(query("erased_bundles")).fetchall()
    drop_bodies(
        connection,
        [(position, reread(*parts, is_fit=not unfit)) for position, *parts, unfit in rows],
    )


def _clear_full_text(connection: sqlite3.Connection) -> None:
    """Drop and recreate the full-text index: deleting its rows would take as long as writing them."""
    schema = connection.execute(query("words_schema")).fetchone()[0]
    connection.execute(query("forget_words"))
    connection.execute(schema)


def _reset(connection: sqlite3.Connection, now: datetime) -> list[_Statement]:
    """Reread every header into its columns and its references; return the statements."""
    statements: list[_Statement] = []
    authors: dict[str, int] = {}
    start = 0
    while heads := connection.execute(query("headers_from"), (start, _CHUNK)).fetchall():
        bundles = {place: _read(connection, place, *rest) for place, *rest in heads}
        waits = waiting_times(bundles.values(), now)
        for position, bundle in bundles.items():
            source = bundle.header.by if bundle.header and bundle.header.source else None
            if source is not None and source not in authors:
                authors[source] = author_row(connection, source)
            wait = waits.get(bundle.id)
            reset_columns(connection, position, bundle, authors.get(source or ""), wait)
            header = bundle.header
            if wait is None and header is not None and header.key is not None:
                add_references(connection, bundle, position)
                statements.append(_Statement(header.at or "", position, len(header.vouches)))
        start = heads[-1][0] + 1
    return statements


def _read(
    connection: sqlite3.Connection,
    position: int,
    header: bytes,
    signature: bytes | None,
    unread: int,
    is_bodiless: int,
) -> Bundle:
    """Read a bundle without its body; one that was not understood, or whose body said nothing, is judged now."""
    if not unread:
        bundle = reread(header, None, signature)
        is_silent = bool(is_bodiless)
    else:
        _, _, body = connection.execute(query("content"), (position,)).fetchone()
        bundle = read_late(header, body, signature)
        connection.execute(query("reset_unfit"), (bundle.is_unfit or None, position))
        if bundle.signature != signature:  # its envelope that holds
            connection.execute(query("set_signature"), (bundle.signature, position))
        is_silent = bool(is_bodiless) or bundle.is_unfit
    silent = bundle.body_hash if is_silent else None
    connection.execute(query("reset_silent"), (silent and pack_id(silent), position))
    return bundle


def _chunks(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (positions[k : k + _CHUNK] for k in range(0, len(positions), _CHUNK))


def _batches(statements: Sequence[_Statement]) -> Iterator[Sequence[int]]:
    """Yield the positions of statements, in batches that together vouch for about a thousand records."""
    yield from _chunks(sorted(s.position for s in statements if not s.vouches))
    part: list[int] = []
    weight = 0
    for run in sorted((statement for statement in statements if statement.vouches), reverse=True):
        if part and weight + run.vouches > _CHUNK:
            yield part
            part, weight = [], 0
        part.append(run.position)
        weight += run.vouches
    if part:
        yield part
