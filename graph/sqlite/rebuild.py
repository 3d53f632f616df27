"""Rebuild of the graph from the log, in the open transaction."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from graph.bundle.bundle import Bundle, read_late, reread
from graph.sqlite.append import settle_and_write
from graph.sqlite.connection import query
from graph.sqlite.log_writer import add_references, author_row, row_of
from graph.sqlite.rule_facts import SqliteFacts, unpack_id

_CHUNK: Final = 1000
_DELETIONS: Final = (
    "forget_edge",
    "forget_description",
    "forget_node",
    "forget_vouch",
    "forget_answer",
    "forget_previous",
)


class _Statement(NamedTuple):
    """Statement to settle again: its position, and the time and vouches that decide its order."""

    at: str
    position: int
    vouches: int


def rebuild(connection: sqlite3.Connection) -> None:
    """Rebuild the graph from the log; the caller begins and ends the transaction.

    All references are inserted before anything is settled: a statement may be judged early. Statements
    without vouches are settled first, then the ingest runs, the latest first: a record that a newer one
    replaced is then never inserted, and the first voucher of a category that is read is its latest.
    """
    for name in _DELETIONS:
        connection.execute(query(name))
    _clear_full_text(connection)
    statements = _reset(connection)
    connection.execute(query("forget_flags"))
    for part in _batches(statements):
        rows = connection.execute(query("placed"), (json.dumps(part),))
        arrivals = {unpack_id(raw): (position, reread(*parts)) for position, raw, *parts in rows}
        settle_and_write(connection, SqliteFacts(connection), arrivals, {})


def _clear_full_text(connection: sqlite3.Connection) -> None:
    """Drop and recreate the full-text index: deleting its rows would take as long as writing them."""
    schema = connection.execute(query("words_schema")).fetchone()[0]
    connection.execute(query("forget_words"))
    connection.execute(schema)


def _reset(connection: sqlite3.Connection) -> list[_Statement]:
    """Reread every header into its row and its references; return the statements."""
    statements: list[_Statement] = []
    authors: dict[str, int] = {}
    start = 0
    while heads := connection.execute(query("headers_from"), (start, _CHUNK)).fetchall():
        bundles = {place: _read(connection, place, *rest) for place, *rest in heads}
        rows = []
        for position, bundle in bundles.items():
            source = bundle.header.by if bundle.header and bundle.header.source else None
            if source is not None and source not in authors:
                authors[source] = author_row(connection, source)
            rows.append((*row_of(bundle, position, authors.get(source or ""))[2:], position))
        connection.executemany(query("reset_bundle"), rows)
        for position, bundle in bundles.items():
            header = bundle.header
            if header is not None and header.key is not None:
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
) -> Bundle:
    """Read a bundle without its body; one that was not understood on arrival is judged now, with its body."""
    if not unread:
        return reread(header, None, signature)
    _, _, body = connection.execute(query("content"), (position,)).fetchone()
    return read_late(header, body, signature)


def _batches(statements: Sequence[_Statement]) -> Iterator[list[int]]:
    """Yield the positions of statements, in batches that together vouch for about a thousand records."""
    ordinary = sorted(statement.position for statement in statements if not statement.vouches)
    yield from (ordinary[k : k + _CHUNK] for k in range(0, len(ordinary), _CHUNK))
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
