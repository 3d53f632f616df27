"""Writing the log: bundles, whom they answer and vouch for, and the Merkle tree over them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.bundle import Bundle
from graph.log import leaf_hash, new_tiles, root
from graph.neo4j.connection import Asker
from graph.neo4j.facts import slot_key
from graph.store import Checkpoint


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the log: its name, how far it is, and whose runs count. `writes` tells one moment from another."""

    checkpoint: Checkpoint
    trusted: frozenset[str]
    writes: int
    origin: str


def head_of(asker: Asker) -> Head:
    """The head as it is."""
    return _head(asker.one("head"))


def locked(asker: Asker) -> Head:
    """The head, which nobody else can write until this transaction ends."""
    return _head(asker.one("lock"))


def _head(row: Mapping[str, Any] | None) -> Head:
    if row is None:
        raise LookupError("the head of the log, which opening a store makes, is gone")
    found = row["root"]
    empty = root(0, lambda _level, _start, _stop: [])
    return Head(
        Checkpoint(row["size"], (found or empty).hex()),
        frozenset(row["trusted"]),
        row["writes"],
        row["origin"],
    )


def add_bundles(asker: Asker, bundles: Sequence[Bundle], start: int) -> None:
    """Adds bundles that are not here yet, from a position on; who counts is settled later."""
    asker.tell(
        "add_bundle",
        (
            {
                **row_of(bundle),
                "position": position,
                "header": bundle.header_bytes,
                "body": bundle.body_bytes,
                "signature": bundle.signature,
                "withheld": True if bundle.body_bytes is None else None,
            }
            for position, bundle in enumerate(bundles, start)
        ),
    )
    add_references(asker, bundles)


def row_of(bundle: Bundle) -> dict[str, object]:
    """What the rules find a bundle by, as it is before anything is settled."""
    header = bundle.header
    found: dict[str, object] = {
        "id": bundle.id,
        "counts": False,
        "lives": False,
        "n": header.n if header else 0,
        "at": header.at if header else None,
        **dict.fromkeys(("author", "slot", "actor", "key", "said", "ends", "head")),
    }
    if header is None:
        return found
    if header.source is not None:
        return found | {"author": header.by, "slot": slot_key(header.by, header.source.uri)}
    return found | {
        "actor": header.actor,
        "key": header.key,
        "said": header.body,
        "ends": None if header.ends is None else header.ends.grant or "self",
        "head": header.actor,
    }


def add_references(asker: Asker, bundles: Iterable[Bundle]) -> None:
    """Notes whom statements vouch for, answer and follow."""
    statements = [
        (bundle.id, bundle.header)
        for bundle in bundles
        if bundle.header is not None and bundle.header.key is not None
    ]
    asker.tell(
        "add_vouch",
        ({"bundle": me, "name": name} for me, header in statements for name in header.vouches),
    )
    asker.tell(
        "add_answer",
        (
            {"bundle": me, "name": answer.target, "verb": answer.verb.value}
            for me, header in statements
            for answer in header.answers
        ),
    )
    asker.tell(
        "add_previous",
        ({"bundle": me, "name": name} for me, header in statements for name in header.prev),
    )
    names = [me for me, _ in statements]
    asker.tell("follow", names, key="names")
    asker.tell("is_followed", names, key="names")


def leaf_hashes(asker: Asker, level: int, start: int, stop: int) -> list[bytes]:
    """What `graph.log.Hashes` reads."""
    if level:
        rows = asker.ask("tiles", level=level, start=start, stop=stop)
        return [bytes(row["hash"]) for row in rows]
    return [leaf_hash(bytes(row["header"])) for row in asker.ask("headers", start=start, stop=stop)]


def extend_tree(
    asker: Asker, bundles: Sequence[Bundle], start: int, now: str, token: str
) -> Checkpoint:
    """Adds the leaves of new bundles, and notes the root after them and by which append."""

    def hashes(level: int, low: int, high: int) -> list[bytes]:
        return leaf_hashes(asker, level, low, high)

    leaves = [leaf_hash(bundle.header_bytes) for bundle in bundles]
    asker.tell(
        "add_tile",
        (
            {"level": level, "number": number, "hash": hash_}
            for level, number, hash_ in new_tiles(start, leaves, hashes)
        ),
    )
    size = start + len(bundles)
    top = root(size, hashes)
    asker.ask("add_checkpoint", size=size, root=top, at=now, token=token, first=start)
    return Checkpoint(size, top.hex())
