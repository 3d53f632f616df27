"""Writer of the log: its head, bundles, their references (vouches, answers, previous), and the Merkle tree."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.bundle.bundle import Bundle
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import TILE, leaf_hash, new_tiles, root
from graph.model.model import BundleId
from graph.neo4j.connection import Tx, batches
from graph.neo4j.rule_facts import slot_key
from graph.rules.facts import Authority, State, TrustEntry

_BUNDLES: Final = 500
_LISTS: Final = 10


@dataclass(frozen=True, slots=True)
class RebuildStep:
    """Next step of a rebuild of the graph: a stage, and the position in the log."""

    stage: str
    position: int


@dataclass(frozen=True, slots=True)
class LogHead:
    """Head of the log: its checkpoint, origin and trust list.

    `writes` counts the writes, which distinguishes one moment from another. `rebuilding` is the next
    step of a rebuild of the graph, `None` where the graph is complete.
    """

    checkpoint: Checkpoint
    trust: tuple[TrustEntry, ...]
    writes: int
    origin: str
    rebuilding: RebuildStep | None


def head_of(tx: Tx) -> LogHead:
    """Read the head of the log."""
    return _head(tx.read_one("head"))


def lock_head(tx: Tx) -> LogHead:
    """Lock the head of the log until this transaction ends, and return it."""
    return _head(tx.read_one("lock"))


def _head(row: Mapping[str, Any] | None) -> LogHead:
    if row is None:
        raise LookupError("the head of the log, which opening a store makes, is gone")
    stored_root = row["root"]
    empty = root(0, lambda _level, _start, _stop: [])
    return LogHead(
        Checkpoint(row["size"], (stored_root or empty).hex()),
        _trust_of(row["trust"]),
        row["writes"],
        row["origin"],
        None if row["stage"] is None else RebuildStep(row["stage"], row["place"]),
    )


def _trust_of(text: str | None) -> tuple[TrustEntry, ...]:
    return tuple(
        TrustEntry(author, None if sources is None else frozenset(sources))
        for author, sources in json.loads(text or "[]")
    )


def trust_text(entries: Iterable[TrustEntry]) -> str:
    """Return a trust list as the head of the log keeps it."""
    return json.dumps(
        [[author, None if sources is None else sorted(sources)] for author, sources in entries]
    )


def add_bundles(
    tx: Tx,
    bundles: Mapping[int, Bundle],
    states: Mapping[BundleId, State],
    authorities: Mapping[BundleId, Authority],
    unmentioned: Collection[BundleId],
    waits: Mapping[BundleId, str],
) -> None:
    """Insert bundles that are not here yet, by their positions, as the rules settled them.

    Args:
        tx: The writing transaction.
        bundles: The bundles to insert.
        states: States of the bundles; one that is not in it neither counts nor lives.
        authorities: The authority of statements, where it is known.
        unmentioned: Those that no bundle in the store refers to.
        waits: Those that are dated ahead, with their time: they have no effect until then.
    """

    def rows(is_mentioned: bool) -> Iterator[dict[str, object]]:  # noqa: FBT001 - selects one of two halves
        for position, bundle in bundles.items():
            if (bundle.id in unmentioned) is is_mentioned:
                continue
            row = row_of(bundle, waits.get(bundle.id))
            row |= state_row(states.get(bundle.id, State()), bundle)
            row |= authority_row(authorities.get(bundle.id))
            row["position"], row["header"] = position, bundle.header_bytes
            row["body"], row["signature"] = bundle.body_bytes, bundle.signature
            row["withheld"] = bundle.is_withheld or None
            row["unfit"] = bundle.is_unfit or None
            row["silent"] = bundle.body_hash if bundle.is_withheld or bundle.is_unfit else None
            yield {name: value for name, value in row.items() if value is not None}

    tx.write_many("add_bundle", rows(is_mentioned=False), size=_BUNDLES)
    tx.write_many("add_heard", rows(is_mentioned=True), size=_BUNDLES)
    mentioned = [bundle.id for bundle in bundles.values() if bundle.id not in unmentioned]
    add_references(tx, (b for b in bundles.values() if b.id not in waits), mentioned)


def row_of(bundle: Bundle, waits: str | None = None) -> dict[str, object]:
    """Return the properties by which the rules look up a bundle, before anything is settled; of one that waits, its time."""
    header = bundle.header
    row: dict[str, object] = {
        "id": bundle.id,
        **state_row(State(), bundle),
        **dict.fromkeys(("author", "acts", "grants")),
        "n": 0,
        "waits": waits,
        **dict.fromkeys(("at", "slot", "uri", "actor", "key", "by", "run", "said", "ends", "head")),
    }
    if header is None or waits is not None:
        return row
    row |= {"n": header.n, "at": header.at}
    if header.source is not None:
        slot = slot_key(header.by, header.source.uri)
        return row | {"author": header.by, "slot": slot, "uri": header.source.uri}
    return row | {
        "actor": header.actor,
        "key": header.key,
        "by": header.by,
        "run": header.is_run or None,
        "said": header.body,
        "ends": None if header.ends is None else header.ends.grant,
        "head": header.actor,
    }


def state_row(state: State, bundle: Bundle) -> dict[str, object]:
    """Return the properties of a bundle that the rules settle; `voice` is the key of a statement that counts."""
    key = bundle.header.key if bundle.header else None
    return {
        "counts": state.counts,
        "lives": state.lives,
        "erased": state.erased or None,
        "cut": state.cut or None,
        "decider": state.decider,
        "place": state.place,
        "voice": key if state.counts else None,
    }


def authority_row(authority: Authority | None) -> dict[str, object]:
    """Return the properties of a statement that follow from its authority, where it is known."""
    if authority is None:
        return {}
    return {
        "author": authority.root,
        "acts": authority.acts or None,
        "grants": len(authority.grants),
    }


def add_references(tx: Tx, bundles: Iterable[Bundle], mentioned: Collection[BundleId]) -> None:
    """Insert the references of statements: vouches, answers, previous; the `mentioned` may have followers already."""
    statements = [
        (bundle.id, bundle.header)
        for bundle in bundles
        if bundle.header is not None and bundle.header.key is not None
    ]
    tx.write_many(
        "add_vouch",
        ([me, part] for me, header in statements for part in batches(header.vouches)),
        size=_LISTS,
    )
    tx.write_many(
        "add_answer",
        (
            [me, answer.target, answer.verb]
            for me, header in statements
            for answer in header.answers
        ),
    )
    ended = [(me, header.ends) for me, header in statements if header.ends is not None]
    tx.write_many("add_end", ([me, end.grant] for me, end in ended))
    tx.write_many("add_head", ([me, head] for me, end in ended for head in end.heads))
    tx.write_many("add_previous", ([me, name] for me, header in statements for name in header.prev))
    tx.write_many("follow", [me for me, header in statements if header.prev])
    tx.write_many("is_followed", [me for me, _ in statements if me in mentioned])


def leaf_hashes(tx: Tx, level: int, start: int, stop: int) -> list[bytes]:
    """Return the stored hashes that `graph.log.merkle.Hashes` reads."""
    if level:
        rows = tx.run("tiles", level=level, start=start, stop=stop)
        return [bytes(row["hash"]) for row in rows]
    return [leaf_hash(bytes(row["header"])) for row in tx.run("headers", start=start, stop=stop)]


def extend_tree(tx: Tx, bundles: Sequence[Bundle], start: int, now: str, token: str) -> Checkpoint:
    """Append the leaves of new bundles to the Merkle tree; store the checkpoint after them, with the append's token."""
    leaves = [leaf_hash(bundle.header_bytes) for bundle in bundles]
    hashes = _GrowingHashes(tx, start, leaves)
    tiles = new_tiles(start, leaves, hashes)
    tx.write_many("add_tile", ([level, number, hash_] for level, number, hash_ in tiles))
    hashes.grow(tiles)
    size = start + len(bundles)
    top = root(size, hashes)
    tx.run("add_checkpoint", size=size, root=top, at=now, token=token, first=start)
    return Checkpoint(size, top.hex())


class _GrowingHashes:
    """Hashes of a growing log: stored ones are read once and cached, added ones come from memory."""

    def __init__(self, tx: Tx, size: int, leaves: Sequence[bytes]) -> None:
        self._tx = tx
        self._size = size
        self._known = {(0, place): leaf for place, leaf in enumerate(leaves, size)}

    def grow(self, tiles: Iterable[tuple[int, int, bytes]]) -> None:
        """Add the subtrees that became complete."""
        self._known.update(((level, number), hash_) for level, number, hash_ in tiles)

    def __call__(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """See `graph.log.merkle.Hashes`."""
        if any((level, place) not in self._known for place in range(start, stop)):
            first, last = start - start % TILE, min(stop, self._size // TILE**level)
            hashes = leaf_hashes(self._tx, level, first, last)
            self._known.update(
                ((level, place), node_hash) for place, node_hash in enumerate(hashes, first)
            )
        return [self._known[level, place] for place in range(start, stop)]
