"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.bundle.bundle import Bundle, reread
from graph.clock import Clock, stamp
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId
from graph.neo4j.connection import Tx
from graph.neo4j.graph_writer import Activation, apply_activations
from graph.neo4j.log_writer import LogHead, add_bundles, extend_tree
from graph.neo4j.rule_facts import Neo4jFacts
from graph.rules.admission import activation_changes, refuse_early, unique_bundles
from graph.rules.settlement import Settlement, author_of, settle
from graph.store import AppendResult, Compose


def append(
    tx: Tx, head: LogHead, compose: Compose, clock: Clock, token: str, *, is_retry: bool = False
) -> AppendResult:
    """Append the bundles that `compose` makes.

    Args:
        tx: A transaction that the caller begins and ends, and may run again from the start.
        head: The head of the log, which this transaction has locked.
        compose: Makes the bundles.
        clock: The current time, to refuse bundles dated ahead.
        token: Idempotency key of this append, so that a second attempt knows whether the first was
            committed: the connection may break while the server confirms it.
        is_retry: Whether this is such a second attempt.
    """
    earlier = tx.read_one("appended", token=token) if is_retry else None
    if earlier is not None:
        return AppendResult(
            tuple(earlier["added"]), Checkpoint(earlier["size"], earlier["root"].hex())
        )
    facts = Neo4jFacts(tx, head.trusted)
    candidates = unique_bundles(compose(facts))
    mentioned = {row["id"]: row for row in tx.read_many("is_here", "names", candidates)}
    existing = {name: row for name, row in mentioned.items() if row["position"] is not None}
    bundles = [bundle for name, bundle in candidates.items() if name not in existing]
    now = clock()
    refuse_early(bundles, now)
    filled = {
        name: (row["position"], candidates[name])
        for name, row in existing.items()
        if row["withheld"] and candidates[name].body_bytes is not None
    }
    tx.write_many("fill_body", ([name, late.body_bytes] for name, (_, late) in filled.items()))
    start = head.checkpoint.size
    arrivals = {bundle.id: (position, bundle) for position, bundle in enumerate(bundles, start)}
    unmentioned = candidates.keys() - mentioned.keys()
    facts.add_arrivals(bundles, unmentioned)
    changes = settle_changes(facts, arrivals, filled)
    add_bundles(
        tx,
        dict(arrivals.values()),
        changes.settlement.flags,
        changes.authors,
        unmentioned,
    )
    write_changes(tx, facts, changes, {**arrivals, **filled}, written=arrivals.keys())
    if not bundles:
        return AppendResult((), head.checkpoint)
    return AppendResult(
        tuple(bundle.id for bundle in bundles),
        extend_tree(tx, bundles, start, stamp(now), token),
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that arrivals cause: settlement, authors, bundles to activate or deactivate, and bundles whose mints apply."""

    settlement: Settlement
    authors: Mapping[BundleId, str]
    activated: Sequence[BundleId]
    deactivated: Sequence[BundleId]
    minters: Collection[BundleId]


def settle_changes(
    facts: Neo4jFacts,
    arrivals: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> Changes:
    """Settle the effects of new bundles, which are in `facts` already, and of bodies filled only now."""
    facts.prepare([bundle for _, bundle in (*arrivals.values(), *filled.values())])
    settlement = settle(facts, arrivals)
    activated, deactivated = activation_changes(facts, settlement, filled)
    authors = {name: author_of(facts, name) for name in settlement.newly_attributed}
    known_authors = {name: author for name, author in authors.items() if author is not None}
    return Changes(
        settlement, known_authors, activated, deactivated, {*settlement.newly_attributed, *filled}
    )


def write_changes(
    tx: Tx,
    facts: Neo4jFacts,
    changes: Changes,
    arrivals: Mapping[BundleId, tuple[int, Bundle]],
    *,
    written: Collection[BundleId],
) -> None:
    """Write the changes to the bundles and the graph; flags and authors of the `written` are stored already."""
    flags = changes.settlement.flags.items()
    tx.write_many(
        "set_flags",
        ([name, state.counts, state.lives] for name, state in flags if name not in written),
    )
    authors = changes.authors.items()
    tx.write_many("set_author", ([name, author] for name, author in authors if name not in written))
    missing = {*changes.activated, *changes.deactivated, *changes.minters} - arrivals.keys()
    loaded = dict(arrivals)
    for row in tx.read_many("stored", "names", missing):
        bundle = reread(row["header"], row["body"], row["signature"])
        loaded[row["id"]] = row["position"], bundle

    def activation(name: BundleId) -> Activation:
        position, bundle = loaded[name]
        return Activation(name, position, author_of(facts, name) or "", bundle.resolved_body())

    apply_activations(
        tx,
        facts,
        [activation(name) for name in changes.activated],
        [activation(name) for name in changes.deactivated],
        _mints(changes.minters, loaded),
    )


def _mints(
    names: Iterable[BundleId], loaded: Mapping[BundleId, tuple[int, Bundle]]
) -> dict[str, BundleId]:
    """Return the ids that these statements mint, each with the statement."""
    return {minted: name for name in names for minted in loaded[name][1].minted_ids()}
