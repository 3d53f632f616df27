"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from graph.bundle.bundle import Bundle, reread
from graph.bundle.envelopes import merge
from graph.clock import Clock, latest_admissible, stamp
from graph.model.model import BundleId
from graph.rules.effects import affected_names, effects_of, unique_bundles, waiting_times
from graph.rules.facts import author_of, authority_of
from graph.rules.settlement import Settlement, settle
from graph.sqlite.connection import query
from graph.sqlite.erasure import drop_bodies
from graph.sqlite.graph_writer import Activation, GraphWriter
from graph.sqlite.log_writer import (
    Existing,
    add_bundles,
    add_references,
    author_row,
    existing_bundles,
    extend_tree,
    last_checkpoint,
    reset_columns,
    size_of,
)
from graph.sqlite.rule_facts import SqliteFacts, pack_id, pack_ids, unpack_id
from graph.store import AppendResult, Compose


def append(connection: sqlite3.Connection, compose: Compose, clock: Clock) -> AppendResult:
    """Append the bundles that `compose` makes; the caller begins and ends the transaction."""
    candidates = unique_bundles(compose(SqliteFacts(connection)))
    existing = existing_bundles(connection, list(candidates))
    bundles = [bundle for name, bundle in candidates.items() if name not in existing]
    now = clock()
    waits = waiting_times(bundles, now)
    start = size_of(connection)
    known = [(existing[name], candidates[name]) for name in existing]
    filled = _fill_bodies(connection, known)
    _keep_envelopes(connection, known)
    woken = _wake(connection, latest_admissible(now))
    add_bundles(connection, bundles, start, waits)
    facts = SqliteFacts(connection)
    arrivals = {b.id: (k, b) for k, b in enumerate(bundles, start) if b.id not in waits} | woken
    for _, bundle in arrivals.values():
        facts.add_arrival(bundle)
    settle_and_write(connection, facts, arrivals, filled)
    if not bundles:
        return AppendResult((), last_checkpoint(connection))
    return AppendResult(
        tuple(bundle.id for bundle in bundles), extend_tree(connection, bundles, start, stamp(now))
    )


def _fill_bodies(
    connection: sqlite3.Connection, known: Iterable[tuple[Existing, Bundle]]
) -> dict[BundleId, tuple[int, Bundle]]:
    """Store the bodies of bundles that were appended without theirs, and return those bundles."""
    filled: dict[BundleId, tuple[int, Bundle]] = {}
    for existing, bundle in known:
        if existing.is_withheld and bundle.body_bytes is not None:
            values = (bundle.body_bytes, bundle.is_unfit or None, existing.position)
            connection.execute(query("fill_body"), values)
            filled[bundle.id] = (existing.position, bundle)
    return filled


def _keep_envelopes(
    connection: sqlite3.Connection, known: Iterable[tuple[Existing, Bundle]]
) -> None:
    """Store more envelopes of what was not understood; the one that holds, once it is, in place of the others."""
    for existing, bundle in known:
        if existing.is_unread and bundle.signature is not None:
            signature = bundle.signature
            if bundle.header is None:
                signature = merge(existing.envelopes, signature) or signature
            if signature != existing.envelopes:
                connection.execute(query("set_signature"), (signature, existing.position))


def _wake(connection: sqlite3.Connection, latest: str) -> dict[BundleId, tuple[int, Bundle]]:
    """Give effect to the bundles whose time has come, and return them: they arrive now."""
    woken: dict[BundleId, tuple[int, Bundle]] = {}
    for position, header, body, signature, unfit in connection.execute(
        query("waiting"), (latest,)
    ).fetchall():
        bundle = reread(header, body, signature, is_fit=not unfit)
        woken[bundle.id] = position, bundle
        source = bundle.header.by if bundle.header and bundle.header.source else None
        author = None if source is None else author_row(connection, source)
        reset_columns(connection, position, bundle, author)
        add_references(connection, bundle, position)
    return woken


def settle_and_write(
    connection: sqlite3.Connection,
    facts: SqliteFacts,
    arrivals: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
    *,
    drops_bodies: bool = True,
) -> None:
    """Settle what new bundles change and write it to the graph, with the content of filled ones that live.

    A rebuild, which settles a log in parts, drops no body before the last: what is erased on the way may not be at the end.
    """
    facts.prepare(bundle for _, bundle in arrivals.values())
    settlement = settle(facts, arrivals)
    loaded = {**arrivals, **filled}
    affected = affected_names(facts, settlement, filled)
    loaded |= _load_bundles(connection, [name for name in affected if name not in loaded])
    effects = effects_of(facts, settlement, {name: loaded[name][1] for name in affected}, filled)
    writer = GraphWriter(connection, facts)
    _write_states(connection, facts, settlement, writer)

    def activation(name: BundleId) -> Activation:
        position, bundle = loaded[name]
        author = writer.author_row(author_of(facts, name) or "")
        is_run = bundle.header is not None and bundle.header.is_run
        return Activation(position, author, bundle.resolved_body(), is_run=is_run)

    mints = {
        minted: loaded[name][0]
        for name in {**arrivals, **dict.fromkeys(settlement.newly_attributed)}
        for minted in loaded[name][1].minted_ids()
    }
    writer.apply(
        [activation(name) for name in effects.activated],
        [activation(name) for name in effects.deactivated],
        mints,
        rechosen=[
            *(f"{kind}:{key}" for key in settlement.voices for kind in ("person", "software")),
            *(n.id for name in effects.moved for n in loaded[name][1].resolved_body().nodes),
        ],
        absent=effects.absent,
    )
    connection.executemany(
        query("set_silent"),
        [
            (pack_id(loaded[name][1].body_hash or "") if is_silent else None, loaded[name][0])
            for name, is_silent in effects.silent.items()
        ],
    )
    if drops_bodies:
        drop_bodies(connection, [loaded[name] for name in effects.dropped])
        connection.executemany(
            query("await_body"),
            [(loaded[name][0],) for name in effects.awaited if loaded[name][1].is_withheld],
        )


def _write_states(
    connection: sqlite3.Connection, facts: SqliteFacts, settlement: Settlement, writer: GraphWriter
) -> None:
    connection.executemany(
        query("set_state"), [(*state, pack_id(name)) for name, state in settlement.states.items()]
    )
    rows = []
    for name in settlement.newly_attributed:
        brief = facts.brief(name)
        authority = authority_of(facts, brief.actor) if brief else None
        if authority is not None:
            author = writer.author_row(authority.root)
            rows.append((author, authority.acts or None, len(authority.grants), pack_id(name)))
    connection.executemany(query("set_author"), rows)


def _load_bundles(
    connection: sqlite3.Connection, names: Sequence[BundleId]
) -> dict[BundleId, tuple[int, Bundle]]:
    rows = connection.execute(query("named"), pack_ids(names)) if names else ()
    return {
        unpack_id(raw): (position, reread(*parts, is_fit=not unfit))
        for position, raw, *parts, unfit in rows
    }
