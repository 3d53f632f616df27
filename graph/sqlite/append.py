"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

import sqlite3
from collections.abc import Mapping, Sequence

from graph.bundle.bundle import Bundle, reread
from graph.clock import Clock, stamp
from graph.model.model import BundleId
from graph.rules.admission import lives_changed, refuse_early, wanted
from graph.rules.settlement import author_of, settle
from graph.sqlite.connection import query
from graph.sqlite.graph_writer import Living, Painter
from graph.sqlite.log_writer import (
    add_bundles,
    extend_tree,
    here,
    last_checkpoint,
    size_of,
)
from graph.sqlite.rule_facts import SqliteFacts, joined, packed, unpacked
from graph.store import Appended, Compose


def append(connection: sqlite3.Connection, compose: Compose, clock: Clock) -> Appended:
    """Append the bundles that `compose` makes; the caller begins and ends the transaction."""
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
    arrive(connection, facts, {b.id: (k, b) for k, b in enumerate(bundles, start)}, filled)
    if not bundles:
        return Appended((), last_checkpoint(connection))
    return Appended(
        tuple(bundle.id for bundle in bundles), extend_tree(connection, bundles, start, stamp(now))
    )


def _fill(
    connection: sqlite3.Connection, known: Mapping[BundleId, tuple[int, bool, Bundle]]
) -> dict[BundleId, tuple[int, Bundle]]:
    """Store the bodies of bundles that were appended without theirs, and return those bundles."""
    filled: dict[BundleId, tuple[int, Bundle]] = {}
    for name, (position, withheld, bundle) in known.items():
        if withheld and bundle.body_bytes is not None:
            connection.execute(query("fill_body"), (bundle.body_bytes, position))
            filled[name] = (position, bundle)
    return filled


def arrive(
    connection: sqlite3.Connection,
    facts: SqliteFacts,
    arrived: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> None:
    """Settle what new bundles change and write it to the graph, with the content of filled ones that live."""
    facts.prepare(bundle for _, bundle in arrived.values())
    settled = settle(facts, arrived)
    painter = Painter(connection, facts)
    born, died = lives_changed(facts, settled, filled)
    connection.executemany(
        query("set_flags"),
        [(flags.counts, flags.lives, packed(name)) for name, flags in settled.flags.items()],
    )
    for name in settled.named:
        author_name = author_of(facts, name)
        if author_name is not None:
            connection.execute(query("set_author"), (painter.author(author_name), packed(name)))
    known = {**arrived, **filled}
    missing = [name for name in {*born, *died, *settled.named} if name not in known]
    known |= _stored(connection, missing)

    def living(name: BundleId) -> Living:
        position, bundle = known[name]
        return Living(position, painter.author(author_of(facts, name) or ""), bundle.said())

    mints = {
        minted: known[name][0]
        for name in (*settled.named, *filled)
        for minted in known[name][1].mints()
    }
    painter.paint([living(name) for name in born], [living(name) for name in died], mints)


def _stored(
    connection: sqlite3.Connection, names: Sequence[BundleId]
) -> dict[BundleId, tuple[int, Bundle]]:
    rows = connection.execute(query("named"), joined(names)) if names else ()
    return {unpacked(raw): (position, reread(*parts)) for position, raw, *parts in rows}
