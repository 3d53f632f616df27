"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

import sqlite3
from collections.abc import Mapping, Sequence

from graph.bundle.bundle import Bundle, reread
from graph.clock import Clock, stamp
from graph.model.model import BundleId
from graph.rules.admission import activation_changes, refuse_early, unique_bundles
from graph.rules.settlement import author_of, settle
from graph.sqlite.connection import query
from graph.sqlite.graph_writer import Activation, GraphWriter
from graph.sqlite.log_writer import (
    add_bundles,
    existing_positions,
    extend_tree,
    last_checkpoint,
    size_of,
)
from graph.sqlite.rule_facts import SqliteFacts, pack_id, pack_ids, unpack_id
from graph.store import AppendResult, Compose


def append(connection: sqlite3.Connection, compose: Compose, clock: Clock) -> AppendResult:
    """Append the bundles that `compose` makes; the caller begins and ends the transaction."""
    candidates = unique_bundles(compose(SqliteFacts(connection)))
    existing = existing_positions(connection, list(candidates))
    bundles = [bundle for name, bundle in candidates.items() if name not in existing]
    now = clock()
    refuse_early(bundles, now)
    start = size_of(connection)
    filled = _fill_bodies(
        connection, {name: (*existing[name], candidates[name]) for name in existing}
    )
    add_bundles(connection, bundles, start)
    facts = SqliteFacts(connection)
    for bundle in bundles:
        facts.add_arrival(bundle)
    settle_and_write(
        connection, facts, {b.id: (k, b) for k, b in enumerate(bundles, start)}, filled
    )
    if not bundles:
        return AppendResult((), last_checkpoint(connection))
    return AppendResult(
        tuple(bundle.id for bundle in bundles), extend_tree(connection, bundles, start, stamp(now))
    )


def _fill_bodies(
    connection: sqlite3.Connection, existing: Mapping[BundleId, tuple[int, bool, Bundle]]
) -> dict[BundleId, tuple[int, Bundle]]:
    """Store the bodies of bundles that were appended without theirs, and return those bundles."""
    filled: dict[BundleId, tuple[int, Bundle]] = {}
    for name, (position, withheld, bundle) in existing.items():
        if withheld and bundle.body_bytes is not None:
            connection.execute(query("fill_body"), (bundle.body_bytes, position))
            filled[name] = (position, bundle)
    return filled


def settle_and_write(
    connection: sqlite3.Connection,
    facts: SqliteFacts,
    arrivals: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> None:
    """Settle what new bundles change and write it to the graph, with the content of filled ones that live."""
    facts.prepare(bundle for _, bundle in arrivals.values())
    settlement = settle(facts, arrivals)
    writer = GraphWriter(connection, facts)
    activated, deactivated = activation_changes(facts, settlement, filled)
    connection.executemany(
        query("set_flags"),
        [(flags.counts, flags.lives, pack_id(name)) for name, flags in settlement.flags.items()],
    )
    for name in settlement.newly_attributed:
        author_name = author_of(facts, name)
        if author_name is not None:
            connection.execute(query("set_author"), (writer.author_row(author_name), pack_id(name)))
    loaded = {**arrivals, **filled}
    missing = [
        name
        for name in {*activated, *deactivated, *settlement.newly_attributed}
        if name not in loaded
    ]
    loaded |= _load_bundles(connection, missing)

    def activation(name: BundleId) -> Activation:
        position, bundle = loaded[name]
        return Activation(
            position, writer.author_row(author_of(facts, name) or ""), bundle.resolved_body()
        )

    mints = {
        minted: loaded[name][0]
        for name in (*settlement.newly_attributed, *filled)
        for minted in loaded[name][1].minted_ids()
    }
    writer.apply(
        [activation(name) for name in activated], [activation(name) for name in deactivated], mints
    )


def _load_bundles(
    connection: sqlite3.Connection, names: Sequence[BundleId]
) -> dict[BundleId, tuple[int, Bundle]]:
    rows = connection.execute(query("named"), pack_ids(names)) if names else ()
    return {unpack_id(raw): (position, reread(*parts)) for position, raw, *parts in rows}
