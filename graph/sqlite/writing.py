"""One append: bundles into the log, the rules settled, the graph painted, in the open transaction."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from graph.arrival import lives_changed, refuse_early, wanted
from graph.bundle import Bundle, read_late, reread
from graph.clock import Clock, stamp
from graph.model import BundleId
from graph.rules import author_of, settle
from graph.sqlite.connection import query
from graph.sqlite.facts import SqliteFacts, packed, unpacked
from graph.sqlite.ledger import (
    add_bundles,
    add_references,
    author_key,
    extend_tree,
    here,
    last_checkpoint,
    row_of,
    size_of,
)
from graph.sqlite.picture import Living, Painter
from graph.store import Appended, Compose

_CHUNK: Final = 1000
_FORGOTTEN: Final = ("edge", "description", "words", "node", "vouch", "answer", "previous")


def append(connection: sqlite3.Connection, compose: Compose, clock: Clock) -> Appended:
    """Adds what `compose` makes; the caller begins and ends the transaction."""
    given = wanted(compose(SqliteFacts(connection)))
    known = here(connection, list(given))
    bundles = [bundle for name, bundle in given.items() if name not in known]
    now = clock()
    refuse_early(bundles, now)
    start = size_of(connection)
    filled = _fill(connection, {name: (*known[name], given[name]) for name in known})
    add_bundles(connection, bundles, start)
    facts = SqliteFacts(connection)
    for bundle in bundles:
        facts.remember(bundle)
    facts.prepare(bundles)
    _arrive(connection, facts, {b.id: (k, b) for k, b in enumerate(bundles, start)}, filled)
    if not bundles:
        return Appended((), last_checkpoint(connection))
    return Appended(
        tuple(bundle.id for bundle in bundles), extend_tree(connection, bundles, start, stamp(now))
    )


def _fill(
    connection: sqlite3.Connection, known: Mapping[BundleId, tuple[int, bool, Bundle]]
) -> dict[BundleId, tuple[int, Bundle]]:
    """Keeps the bodies of bundles that came without theirs before."""
    filled: dict[BundleId, tuple[int, Bundle]] = {}
    for name, (position, withheld, bundle) in known.items():
        if withheld and bundle.body_bytes is not None:
            connection.execute(query("fill_body"), (bundle.body_bytes, position))
            filled[name] = (position, bundle)
    return filled


def _arrive(
    connection: sqlite3.Connection,
    facts: SqliteFacts,
    arrived: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> None:
    """Settles what new bundles change and paints it, and what the filled ones say if they live."""
    settled = settle(facts, arrived)
    painter = Painter(connection, facts)

    def living(name: BundleId) -> Living:
        position, bundle = known.get(name) or _stored(connection, name)
        return Living(position, painter.author(author_of(facts, name) or ""), bundle.said())

    known = {**arrived, **filled}
    born, died = lives_changed(facts, settled, filled)
    connection.executemany(
        query("set_flags"),
        [(flags.counts, flags.lives, packed(name)) for name, flags in settled.flags.items()],
    )
    for name in settled.named:
        author_name = author_of(facts, name)
        if author_name is not None:
            connection.execute(query("set_author"), (painter.author(author_name), packed(name)))
    minting = {*settled.named, *filled}
    painter.paint(
        [living(name) for name in born],
        [living(name) for name in died],
        _mints(connection, minting, known),
    )


def _mints(
    connection: sqlite3.Connection,
    names: Iterable[BundleId],
    arrived: Mapping[BundleId, tuple[int, Bundle]],
) -> dict[str, int]:
    """The ids that statements mint which arrived, or whose author became known."""
    found: dict[str, int] = {}
    for name in names:
        position, bundle = arrived.get(name) or _stored(connection, name)
        found |= dict.fromkeys(bundle.mints(), position)
    return found


def _stored(connection: sqlite3.Connection, name: BundleId) -> tuple[int, Bundle]:
    row = connection.execute(query("one_bundle"), (packed(name),)).fetchone()
    return row[0], reread(row[5], row[6], row[7])


def rebuild(connection: sqlite3.Connection) -> None:
    """Makes the graph again from the log; the caller begins and ends the transaction."""
    unread = frozenset(row[0] for row in connection.execute(query("unread")))
    for table in _FORGOTTEN:
        connection.execute(query(f"forget_{table}"))
    for arrived in _chunks(connection, unread):
        rows = []
        for position, bundle in arrived.values():
            source = bundle.header.by if bundle.header and bundle.header.source else None
            author = author_key(connection, source) if source else None
            rows.append((*row_of(bundle, position, author)[2:], position))
        connection.executemany(query("reset_bundle"), rows)
    # Every reference is there before anything is settled: a statement may be looked at early.
    for arrived in _chunks(connection, unread):
        for position, bundle in arrived.values():
            add_references(connection, bundle, position)
    for arrived in _chunks(connection, unread):
        _arrive(connection, SqliteFacts(connection), arrived, {})


def _chunks(
    connection: sqlite3.Connection, unread: Collection[int]
) -> Iterator[dict[BundleId, tuple[int, Bundle]]]:
    """The log in parts; what stands at the positions `unread` nobody has judged yet."""
    start = 0
    while rows := connection.execute(query("raw"), (start, _CHUNK)).fetchall():
        yield {
            unpacked(row[1]): (row[0], (read_late if row[0] in unread else reread)(*row[2:]))
            for row in rows
        }
        start = rows[-1][0] + 1
