"""Writer of the log: bundles, their references (vouches, answers, previous), and the Merkle tree over them."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from graph.bundle.bundle import Bundle
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import leaf_hash, new_tiles, root
from graph.model.model import BundleId
from graph.sqlite.connection import query
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import pack_id, pack_ids, unpack_id


def size_of(connection: sqlite3.Connection) -> int:
    """Return the number of bundles in the log."""
    return int(connection.execute(query("size")).fetchone()[0])


class Existing(NamedTuple):
    """Bundle that is in the log already: its position, and what it lacks.

    `envelopes` are those that are kept of one that was not understood when it came (`is_unread`).
    """

    position: int
    is_withheld: bool
    envelopes: bytes | None
    is_unread: bool


def existing_bundles(
    connection: sqlite3.Connection, names: Sequence[BundleId]
) -> dict[BundleId, Existing]:
    """Return those that are in the log already."""
    rows = connection.execute(query("here"), pack_ids(names))
    return {
        unpack_id(raw): Existing(position, bool(withheld), envelopes, bool(unread))
        for raw, position, withheld, envelopes, unread in rows
    }


def author_row(connection: sqlite3.Connection, name: str) -> int:
    """Return the row of an author, created where there is none."""
    return int(connection.execute(query("add_author"), (name,)).fetchone()[0])


def add_bundles(
    connection: sqlite3.Connection,
    bundles: Sequence[Bundle],
    start: int,
    waits: Mapping[BundleId, str],
) -> None:
    """Insert bundles that are not here yet, from a position on; who counts is settled later.

    `waits` are those that are dated ahead, with their time: they have no effect until then.
    """
    authors: dict[str, int] = {}
    rows = []
    for position, bundle in enumerate(bundles, start):
        source = bundle.header.by if bundle.header and bundle.header.source else None
        if source is not None and source not in authors:
            authors[source] = author_row(connection, source)
        silent = bundle.body_hash if bundle.is_withheld or bundle.is_unfit else None
        first = (position, pack_id(bundle.id), silent and pack_id(silent), waits.get(bundle.id))
        columns = UNREAD if bundle.id in waits else columns_of(bundle, authors.get(source or ""))
        rows.append((*first, *columns))
    connection.executemany(query("add_bundle"), rows)
    connection.executemany(
        query("add_content"),
        [
            (
                *(position, bundle.header_bytes, bundle.signature, bundle.body_bytes),
                *(bundle.is_withheld or None, bundle.is_unfit or None),
            )
            for position, bundle in enumerate(bundles, start)
        ],
    )
    for position, bundle in enumerate(bundles, start):
        if bundle.id not in waits:
            add_references(connection, bundle, position)


UNREAD: Final = (None, None, 0, *(None,) * 8)
"""Columns of a bundle by which the rules look it up, of one that is not understood, or waits."""


def columns_of(bundle: Bundle, author: int | None) -> tuple[object, ...]:
    """Return the columns by which the rules look up a bundle: from `author` to `head`."""
    header = bundle.header
    if header is None:
        return UNREAD
    if header.source is not None:
        return (author, header.at, 0, header.source.uri, *(None,) * 7)
    ends = None if header.ends is None else header.ends.grant
    body_hash = None if header.body is None else pack_id(header.body)
    return (
        *(None, header.at, header.n, None, header.actor, header.key, header.by),
        *(1 if header.is_run else None, body_hash, ends, 1),
    )


def reset_columns(
    connection: sqlite3.Connection,
    position: int,
    bundle: Bundle,
    author: int | None,
    waits: str | None = None,
) -> None:
    """Write the columns by which the rules look up a bundle that is here; none where it waits."""
    columns = UNREAD if waits is not None else columns_of(bundle, author)
    connection.execute(query("reset_bundle"), (waits, *columns, position))


def add_references(connection: sqlite3.Connection, bundle: Bundle, position: int) -> None:
    """Insert the references of a statement: what it vouches for, answers and follows."""
    header = bundle.header
    if header is None or header.key is None:
        return
    connection.executemany(
        query("add_vouch"), [(pack_id(name), position) for name in header.vouches]
    )
    connection.executemany(
        query("add_answer"),
        [(pack_id(answer.target), position, answer.verb) for answer in header.answers],
    )
    connection.executemany(
        query("add_previous"), [(pack_id(name), position) for name in header.prev]
    )
    connection.executemany(
        query("add_end_head"),
        [(pack_id(name), position) for name in (header.ends.heads if header.ends else ())],
    )
    connection.executemany(
        query("follow"), [(pack_id(name), header.actor, header.key) for name in header.prev]
    )
    own = (pack_id(bundle.id), header.actor, header.key)
    if connection.execute(query("is_followed"), own).fetchone():
        connection.execute(query("follow"), own)


@guard_rows
def leaf_hashes(connection: sqlite3.Connection, level: int, start: int, stop: int) -> list[bytes]:
    """Return the stored hashes that `graph.log.merkle.Hashes` reads."""
    if level:
        return [row[0] for row in connection.execute(query("tiles"), (level, start, stop))]
    rows = connection.execute(query("headers"), (start, stop))
    return [leaf_hash(row[0]) for row in rows]


def extend_tree(
    connection: sqlite3.Connection, bundles: Sequence[Bundle], start: int, now: str
) -> Checkpoint:
    """Append the leaves of new bundles to the Merkle tree and store the checkpoint after them."""

    def hashes(level: int, low: int, high: int) -> list[bytes]:
        return leaf_hashes(connection, level, low, high)

    leaves = [leaf_hash(bundle.header_bytes) for bundle in bundles]
    connection.executemany(query("add_tile"), new_tiles(start, leaves, hashes))
    size = start + len(bundles)
    top = root(size, hashes)
    connection.execute(query("add_checkpoint"), (size, top, now))
    return Checkpoint(size, top.hex())


@guard_rows
def last_checkpoint(connection: sqlite3.Connection) -> Checkpoint:
    """Return the checkpoint of the last append; of an empty log, size 0."""
    row = connection.execute(query("last_checkpoint")).fetchone()
    return Checkpoint(row[0], row[1].hex()) if row else Checkpoint(0, root(0, _no_hashes).hex())


def _no_hashes(_level: int, _start: int, _stop: int) -> list[bytes]:
    return []
