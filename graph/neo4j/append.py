"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.bundle.bundle import Bundle, reread
from graph.bundle.envelopes import merge
from graph.clock import Clock, latest_admissible, stamp
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId
from graph.neo4j.connection import Tx
from graph.neo4j.erasure import drop_bodies
from graph.neo4j.graph_writer import Activation, apply_activations
from graph.neo4j.log_writer import (
    LogHead,
    add_bundles,
    add_references,
    authority_row,
    extend_tree,
    row_of,
    state_row,
)
from graph.neo4j.rule_facts import Neo4jFacts
from graph.rules.effects import Effects, affected_names, effects_of, unique_bundles, waiting_times
from graph.rules.facts import Authority, author_of, authority_of
from graph.rules.settlement import Settlement, settle
from graph.store import AppendResult, Compose


def append(
    tx: Tx, head: LogHead, compose: Compose, clock: Clock, token: str, *, is_retry: bool = False
) -> AppendResult:
    """Append the bundles that `compose` makes.

    Args:
        tx: A transaction that the caller begins and ends, and may run again from the start.
        head: The head of the log, which this transaction has locked.
        compose: Makes the bundles.
        clock: The current time, which tells what waits.
        token: Idempotency key of this append, so that a second attempt knows whether the first was
            committed: the connection may break while the server confirms it.
        is_retry: Whether this is such a second attempt.
    """
    earlier = tx.read_one("appended", token=token) if is_retry else None
    if earlier is not None:
        return AppendResult(
            tuple(earlier["added"]), Checkpoint(earlier["size"], earlier["root"].hex())
        )
    candidates = unique_bundles(compose(Neo4jFacts(tx, head.trust)))
    mentioned = {row["id"]: row for row in tx.read_many("is_here", "names", candidates)}
    existing = {name: row for name, row in mentioned.items() if row["position"] is not None}
    bundles = [bundle for name, bundle in candidates.items() if name not in existing]
    now = clock()
    waits = waiting_times(bundles, now)
    filled = {
        name: (row["position"], candidates[name])
        for name, row in existing.items()
        if row["withheld"] and candidates[name].body_bytes is not None
    }
    tx.write_many(
        "fill_body",
        ([name, late.body_bytes, late.is_unfit or None] for name, (_, late) in filled.items()),
    )
    _keep_envelopes(tx, [(row, candidates[name]) for name, row in existing.items()])
    woken = _wake(tx, latest_admissible(now))
    start = head.checkpoint.size
    new = {bundle.id: (position, bundle) for position, bundle in enumerate(bundles, start)}
    arrivals = {name: entry for name, entry in new.items() if name not in waits} | woken
    unmentioned = candidates.keys() - mentioned.keys()
    facts = Neo4jFacts(tx, head.trust)
    facts.add_arrivals((bundle for _, bundle in arrivals.values()), unmentioned)
    changes = settle_changes(tx, facts, arrivals, filled)
    add_bundles(
        tx,
        dict(new.values()),
        changes.settlement.states,
        changes.authorities,
        unmentioned,
        waits,
    )
    write_changes(tx, facts, changes, written=new.keys())
    if not bundles:
        return AppendResult((), head.checkpoint)
    return AppendResult(
        tuple(bundle.id for bundle in bundles),
        extend_tree(tx, bundles, start, stamp(now), token),
    )


def _keep_envelopes(tx: Tx, known: Iterable[tuple[Mapping[str, Any], Bundle]]) -> None:
    """Store more envelopes of what was not understood; the one that holds, once it is, in place of the others."""
    rows = []
    for row, bundle in known:
        if row["unread"] and bundle.signature is not None:
            signature = bundle.signature
            if bundle.header is None:
                signature = merge(row["envelopes"], signature) or signature
            if signature != row["envelopes"]:
                rows.append([bundle.id, {"signature": signature}])
    tx.write_many("set_properties", rows)


def _wake(tx: Tx, latest: str) -> dict[BundleId, tuple[int, Bundle]]:
    """Give effect to the bundles whose time has come, and return them: they arrive now."""
    woken = {
        row["id"]: (
            row["position"],
            reread(row["header"], row["body"], row["signature"], is_fit=not row["unfit"]),
        )
        for row in tx.run("waiting", latest=latest)
    }
    bundles = [bundle for _, bundle in woken.values()]
    tx.write_many("reset_bundle", map(row_of, bundles))
    add_references(tx, bundles, woken.keys())
    return woken


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that arrivals cause.

    `arrivals` are what arrived, `bundles` these and all others whose part in the graph changes, by id with their position.
    """

    arrivals: Collection[BundleId]
    settlement: Settlement
    authorities: Mapping[BundleId, Authority]
    effects: Effects
    bundles: Mapping[BundleId, tuple[int, Bundle]]


def settle_changes(
    tx: Tx,
    facts: Neo4jFacts,
    arrivals: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> Changes:
    """Settle the effects of new bundles, which are in `facts` already, and of bodies filled only now."""
    facts.prepare([bundle for _, bundle in (*arrivals.values(), *filled.values())])
    settlement = settle(facts, arrivals)
    bundles = {**arrivals, **filled}
    affected = affected_names(facts, settlement, filled)
    changed = settlement.states.keys() | affected.keys()
    bundles |= _load_bundles(tx, changed - bundles.keys())
    effects = effects_of(facts, settlement, {name: bundles[name][1] for name in affected}, filled)
    authorities = {
        name: authority
        for name in settlement.newly_attributed
        if (brief := facts.brief(name)) and (authority := authority_of(facts, brief.actor))
    }
    return Changes(arrivals.keys(), settlement, authorities, effects, bundles)


def _load_bundles(tx: Tx, names: Collection[BundleId]) -> dict[BundleId, tuple[int, Bundle]]:
    return {
        row["id"]: (
            row["position"],
            reread(row["header"], row["body"], row["signature"], is_fit=not row["unfit"]),
        )
        for row in tx.read_many("stored", "names", names)
    }


def write_changes(
    tx: Tx,
    facts: Neo4jFacts,
    changes: Changes,
    *,
    written: Collection[BundleId],
    drops_bodies: bool = True,
) -> None:
    """Write the changes to the bundles and the graph; states and authors of the `written` are stored already.

    A rebuild, which settles a log in parts, drops no body before the last: what is erased on the way may not be at the end.
    """
    settlement, effects, bundles = changes.settlement, changes.effects, changes.bundles
    states = settlement.states.items()
    tx.write_many(
        "set_properties",
        (
            [name, state_row(state, bundles[name][1])]
            for name, state in states
            if name not in written
        ),
    )
    tx.write_many(
        "set_properties",
        (
            [name, authority_row(authority)]
            for name, authority in changes.authorities.items()
            if name not in written
        ),
    )

    def activation(name: BundleId) -> Activation:
        position, bundle = bundles[name]
        is_run = bundle.header is not None and bundle.header.is_run
        author = author_of(facts, name) or ""
        return Activation(name, position, author, bundle.resolved_body(), is_run=is_run)

    minting = {*changes.arrivals, *settlement.newly_attributed}
    apply_activations(
        tx,
        facts,
        [activation(name) for name in effects.activated],
        [activation(name) for name in effects.deactivated],
        {minted: name for name in minting for minted in bundles[name][1].minted_ids()},
        rechosen=[
            *(f"{kind}:{key}" for key in settlement.voices for kind in ("person", "software")),
            *(n.id for name in effects.moved for n in bundles[name][1].resolved_body().nodes),
        ],
        absent=effects.absent,
    )
    tx.write_many(
        "set_properties",
        (
            [name, {"silent": bundles[name][1].body_hash if is_silent else None}]
            for name, is_silent in effects.silent.items()
        ),
    )
    if not drops_bodies:
        return
    drop_bodies(tx, (bundles[name][1] for name in effects.dropped))
    tx.write_many(
        "set_properties",
        ([name, {"withheld": True}] for name in effects.awaited if bundles[name][1].is_withheld),
    )
