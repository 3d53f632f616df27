"""Tree of the state digest in Neo4j: its hashes, and bringing it up to date with the nodes that appends touched."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from graph.model.model import Description
from graph.neo4j.connection import Tx
from graph.neo4j.graph_writer import description_ref
from graph.view.display_choice import DescriptionRef, newest_by_speaker
from graph.view.state_digest import (
    EdgeRow,
    digest_of_root,
    leaf_hash,
    node_lines,
    place_of,
    prefix_digests,
    update_tree,
)

PAGE: Final = 500
"""Nodes that are brought up to date at a time."""

DescriptionsAt = Callable[[Tx, Iterable[int]], Mapping[int, Mapping[str, Description]]]
"""Returns the descriptions by the bundles at some positions, by node."""


class Neo4jTree:
    """Implementation of `graph.view.state_digest.TreeHashes`."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def write_leaves(self, leaves: Mapping[str, bytes | None]) -> None:
        """See `TreeHashes`."""
        self._write("put_leaf", "drop_leaf", leaves)

    def write_branches(self, branches: Mapping[str, bytes | None]) -> None:
        """See `TreeHashes`."""
        self._write("put_branch", "drop_branch", branches)

    def _write(self, put: str, drop: str, hashes: Mapping[str, bytes | None]) -> None:
        rows = ([place, hash_] for place, hash_ in hashes.items() if hash_ is not None)
        self._tx.write_many(put, rows)
        gone = (place for place, hash_ in hashes.items() if hash_ is None)
        self._tx.write_many(drop, gone)

    def first_leaves(self, prefixes: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        """See `TreeHashes`."""
        leaves: dict[str, list[bytes]] = defaultdict(list)
        for row in self._tx.read_many("first_leaves", "prefixes", prefixes):
            leaves[row["prefix"]].append(bytes(row["hash"]))
        return leaves

    def leaves_below(self, prefixes: Sequence[str]) -> Mapping[str, Sequence[tuple[str, bytes]]]:
        """See `TreeHashes`."""
        leaves: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for row in self._tx.read_many("leaves_below", "prefixes", prefixes):
            leaves[row["prefix"]].append((row["place"], bytes(row["hash"])))
        return leaves

    def branches(self, prefixes: Sequence[str]) -> dict[str, bytes]:
        """See `TreeHashes`."""
        rows = self._tx.read_many("branches", "prefixes", prefixes)
        return {row["prefix"]: bytes(row["hash"]) for row in rows}


def is_up_to_date(tx: Tx) -> bool:
    """Return whether no append touched a node since the tree was last brought up to date."""
    return tx.read_one("any_stale") is None


def bring_page_up_to_date(tx: Tx, descriptions_at: DescriptionsAt) -> bool:
    """Bring the tree up to date with a page of the touched nodes; return whether there was one."""
    names = [row["id"] for row in tx.run("stale", limit=PAGE)]
    if not names:
        return False
    update_tree(Neo4jTree(tx), _leaves(tx, names, descriptions_at))
    tx.write_many("make_fresh", names)
    return True


def _leaves(
    tx: Tx, names: Sequence[str], descriptions_at: DescriptionsAt
) -> dict[str, bytes | None]:
    """Return by its place the leaf of each of these nodes."""
    refs: dict[str, list[DescriptionRef]] = defaultdict(list)
    for row in tx.run("digest_descriptions", ids=names):
        refs[row["id"]].append(description_ref(row))
    edges: dict[str, list[EdgeRow]] = defaultdict(list)
    for row in tx.run("digest_edges", ids=names):
        edges[row["source"]].append(EdgeRow(*row.values()))
    hashes = [name for name in names if name.startswith("sha256:")]
    absent = {row["id"] for row in tx.read_many("absent", "ids", hashes)}
    positions = {
        ref.position for node_refs in refs.values() for ref in newest_by_speaker(node_refs).values()
    }
    descriptions = descriptions_at(tx, positions)

    def describe(position: int, name: str) -> Description:
        return descriptions[position][name]

    return {
        place_of(name): leaf_hash(
            name, node_lines(name, refs[name], edges[name], describe, is_absent=name in absent)
        )
        for name in names
    }


def state_digest(tx: Tx) -> str:
    """Return the state digest, `sha256:…`, of the tree as it was last brought up to date."""
    return digest_of_root(prefix_digests(Neo4jTree(tx), [""])[""])


def digests_below(tx: Tx, prefixes: Sequence[str]) -> dict[str, bytes]:
    """Return the digests of prefixes of the tree."""
    return prefix_digests(Neo4jTree(tx), prefixes)
