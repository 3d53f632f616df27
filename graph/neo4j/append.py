"""Append of bundles in the open transaction: extend the log, settle the rules, update the graph."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.bundle.bundle import Bundle, reread
from graph.clock import Clock, stamp
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId
from graph.neo4j.connection import Asker
from graph.neo4j.graph_writer import Living, paint
from graph.neo4j.log_writer import Head, add_bundles, extend_tree
from graph.neo4j.rule_facts import Neo4jFacts
from graph.rules.admission import lives_changed, refuse_early, wanted
from graph.rules.settlement import Settled, author_of, settle
from graph.store import Appended, Compose


def append(
    asker: Asker, head: Head, compose: Compose, clock: Clock, token: str, *, again: bool = False
) -> Appended:
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
    kept = asker.one("appended", token=token) if again else None
    if kept is not None:
        return Appended(tuple(kept["added"]), Checkpoint(kept["size"], kept["root"].hex()))
    facts = Neo4jFacts(asker, head.trusted)
    given = wanted(compose(facts))
    heard = {row["id"]: row for row in asker.of("is_here", "names", given)}
    here = {name: row for name, row in heard.items() if row["position"] is not None}
    bundles = [bundle for name, bundle in given.items() if name not in here]
    now = clock()
    refuse_early(bundles, now)
    filled = {
        name: (row["position"], given[name])
        for name, row in here.items()
        if row["withheld"] and given[name].body_bytes is not None
    }
    asker.tell("fill_body", ([name, late.body_bytes] for name, (_, late) in filled.items()))
    start = head.checkpoint.size
    arrived = {bundle.id: (place, bundle) for place, bundle in enumerate(bundles, start)}
    unheard = given.keys() - heard.keys()
    facts.arrive(bundles, unheard)
    changes = settled_by(facts, arrived, filled)
    add_bundles(
        asker,
        dict(arrived.values()),
        changes.settled.flags,
        changes.authors,
        unheard,
    )
    tell(asker, facts, changes, {**arrived, **filled}, written=arrived.keys())
    if not bundles:
        return Appended((), head.checkpoint)
    return Appended(
        tuple(bundle.id for bundle in bundles),
        extend_tree(asker, bundles, start, stamp(now), token),
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that arrivals cause: settlement, authors, bundles to activate or deactivate, and bundles whose mints apply."""

    settled: Settled
    authors: Mapping[BundleId, str]
    born: Sequence[BundleId]
    died: Sequence[BundleId]
    minting: Collection[BundleId]


def settled_by(
    facts: Neo4jFacts,
    arrived: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> Changes:
    """Settle what arrived bundles, which `facts` know, and bodies filled only now change."""
    facts.prepare([bundle for _, bundle in (*arrived.values(), *filled.values())])
    settled = settle(facts, arrived)
    born, died = lives_changed(facts, settled, filled)
    authors = {name: author_of(facts, name) for name in settled.named}
    known = {name: author for name, author in authors.items() if author is not None}
    return Changes(settled, known, born, died, {*settled.named, *filled})


def tell(
    asker: Asker,
    facts: Neo4jFacts,
    changes: Changes,
    known: Mapping[BundleId, tuple[int, Bundle]],
    *,
    written: Collection[BundleId],
) -> None:
    """Write the changes to the bundles and the graph; flags and authors of the `written` are stored already."""
    flags = changes.settled.flags.items()
    asker.tell(
        "set_flags", ([name, one.counts, one.lives] for name, one in flags if name not in written)
    )
    authors = changes.authors.items()
    asker.tell("set_author", ([name, author] for name, author in authors if name not in written))
    elsewhere = {*changes.born, *changes.died, *changes.minting} - known.keys()
    found = dict(known)
    for row in asker.of("stored", "names", elsewhere):
        bundle = reread(row["header"], row["body"], row["signature"])
        found[row["id"]] = row["position"], bundle

    def living(name: BundleId) -> Living:
        position, bundle = found[name]
        return Living(name, position, author_of(facts, name) or "", bundle.said())

    paint(
        asker,
        facts,
        [living(name) for name in changes.born],
        [living(name) for name in changes.died],
        _mints(changes.minting, found),
    )


def _mints(
    names: Iterable[BundleId], known: Mapping[BundleId, tuple[int, Bundle]]
) -> dict[str, BundleId]:
    """Return the ids that these statements mint, each with the statement."""
    return {minted: name for name in names for minted in known[name][1].mints()}
