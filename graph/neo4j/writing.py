"""One append: bundles into the log, the rules settled, the graph painted, in the open transaction."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from graph.arrival import lives_changed, refuse_early, wanted
from graph.bundle import Bundle, reread
from graph.clock import Clock, stamp
from graph.model import BundleId
from graph.neo4j.connection import Asker
from graph.neo4j.facts import Neo4jFacts
from graph.neo4j.ledger import add_bundles, add_references, extend_tree, locked, row_of
from graph.neo4j.picture import Living, paint
from graph.rules import author_of, settle
from graph.store import Appended, Checkpoint, Compose

_CHUNK: Final = 1000


def append(asker: Asker, compose: Compose, clock: Clock, token: str) -> Appended:
    """Adds what `compose` makes.

    Args:
        asker: In a transaction that the caller begins and ends, and may run again from the start.
        compose: Makes the bundles.
        clock: Tells when one is too early.
        token: Names this append in the store, so that a second attempt knows whether the first was
            kept after all: the connection may break while the server says so.
    """
    head = locked(asker)
    kept = asker.one("appended", token=token)
    if kept is not None:
        return Appended(tuple(kept["added"]), Checkpoint(kept["size"], kept["root"].hex()))
    given = wanted(compose(Neo4jFacts(asker, head.trusted)))
    here = {row["id"]: row for row in asker.of("is_here", "names", given)}
    bundles = [bundle for name, bundle in given.items() if name not in here]
    now = clock()
    refuse_early(bundles, now)
    filled = {
        name: (row["position"], given[name])
        for name, row in here.items()
        if row["withheld"] and given[name].body_bytes is not None
    }
    asker.tell(
        "fill_body", ({"id": name, "body": one.body_bytes} for name, (_, one) in filled.items())
    )
    start = head.checkpoint.size
    add_bundles(asker, bundles, start)
    facts = Neo4jFacts(asker, head.trusted)
    for bundle in bundles:
        facts.remember(bundle)
    _arrive(asker, facts, {b.id: (k, b) for k, b in enumerate(bundles, start)}, filled)
    if not bundles:
        return Appended((), head.checkpoint)
    return Appended(
        tuple(bundle.id for bundle in bundles),
        extend_tree(asker, bundles, start, stamp(now), token),
    )


def _arrive(
    asker: Asker,
    facts: Neo4jFacts,
    arrived: Mapping[BundleId, tuple[int, Bundle]],
    filled: Mapping[BundleId, tuple[int, Bundle]],
) -> None:
    """Settles what new bundles change and paints it, and what the filled ones say if they live."""
    known = {**arrived, **filled}
    facts.prepare([bundle for _, bundle in known.values()])
    settled = settle(facts, arrived)
    born, died = lives_changed(facts, settled, filled)
    minting = {*settled.named, *filled}
    elsewhere = {*born, *died, *minting} - known.keys()
    known |= {
        row["id"]: (row["position"], reread(row["header"], row["body"], row["signature"]))
        for row in asker.of("stored", "names", elsewhere)
    }
    asker.tell(
        "set_flags",
        (
            {"id": name, "counts": flags.counts, "lives": flags.lives}
            for name, flags in settled.flags.items()
        ),
    )
    authors = {name: author_of(facts, name) for name in settled.named}
    asker.tell(
        "set_author",
        ({"id": name, "author": author} for name, author in authors.items() if author is not None),
    )

    def living(name: BundleId) -> Living:
        position, bundle = known[name]
        return Living(name, position, author_of(facts, name) or "", bundle.said())

    paint(
        asker,
        facts,
        [living(name) for name in born],
        [living(name) for name in died],
        _mints(minting, known),
    )


def _mints(
    names: Iterable[BundleId], known: Mapping[BundleId, tuple[int, Bundle]]
) -> dict[str, BundleId]:
    """The ids that statements mint which arrived, or whose author became known."""
    return {minted: name for name in names for minted in known[name][1].mints()}


def rebuild(asker: Asker, trusted: frozenset[str]) -> None:
    """Makes the graph again from the log; the caller begins and ends the transaction."""
    asker.ask("forget_node")
    asker.ask("forget_references")
    for arrived in _chunks(asker):
        asker.tell("reset_bundle", (row_of(bundle) for _, bundle in arrived.values()))
    # Every reference is there before anything is settled: a statement may be looked at early.
    for arrived in _chunks(asker):
        add_references(asker, [bundle for _, bundle in arrived.values()])
    for arrived in _chunks(asker):
        _arrive(asker, Neo4jFacts(asker, trusted), arrived, {})


def _chunks(asker: Asker) -> Iterator[dict[BundleId, tuple[int, Bundle]]]:
    start = 0
    while rows := asker.ask("raw", start=start, limit=_CHUNK):
        yield {
            row["id"]: (row["position"], reread(row["header"], row["body"], row["signature"]))
            for row in rows
        }
        start = rows[-1]["position"] + 1
