"""Tree of the state digest in SQLite: its hashes, and bringing it up to date with the nodes that appends touched."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graph.model.model import Description
from graph.sqlite.connection import query
from graph.sqlite.description_rows import to_ref
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import pack_id
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

Describe = Callable[[int, str], Description]
"""Returns the description of a node by the bundle at a position."""


class SqliteTree:
    """Implementation of `graph.view.state_digest.TreeHashes`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write_leaves(self, leaves: Mapping[str, bytes | None]) -> None:
        """See `TreeHashes`."""
        self._write("put_leaf", "drop_leaf", leaves)

    def write_branches(self, branches: Mapping[str, bytes | None]) -> None:
        """See `TreeHashes`."""
        self._write("put_branch", "drop_branch", branches)

    def _write(self, put: str, drop: str, hashes: Mapping[str, bytes | None]) -> None:
        rows = [(place, hash_) for place, hash_ in hashes.items() if hash_ is not None]
        self._connection.executemany(query(put), rows)
        gone = [(place,) for place, hash_ in hashes.items() if hash_ is None]
        self._connection.executemany(query(drop), gone)

    def first_leaves(self, prefixes: Sequence[str]) -> dict[str, list[bytes]]:
        """See `TreeHashes`."""
        rows = self._connection.execute(query("first_leaves"), (_array(prefixes),))
        return {prefix: [leaf for leaf in leaves if leaf is not None] for prefix, *leaves in rows}

    def leaves_below(self, prefixes: Sequence[str]) -> dict[str, list[tuple[str, bytes]]]:
        """See `TreeHashes`."""
        leaves: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
        rows = self._connection.execute(query("leaves_below"), (_array(prefixes),))
        for prefix, place, hash_ in rows:
            leaves[prefix].append((place, hash_))
        return leaves

    def branches(self, prefixes: Sequence[str]) -> dict[str, bytes]:
        """See `TreeHashes`."""
        return dict(self._connection.execute(query("branches"), (_array(prefixes),)))


def _array(texts: Sequence[str]) -> str:
    return json.dumps(list(texts))


def is_up_to_date(connection: sqlite3.Connection) -> bool:
    """Return whether no append touched a node since the tree was last brought up to date."""
    return not connection.execute(query("count_stale")).fetchone()[0]


def bring_up_to_date(connection: sqlite3.Connection, describe: Describe) -> None:
    """Bring the tree up to date, in pages; the caller begins and ends the transaction."""
    tree = SqliteTree(connection)
    while rows := connection.execute(query("stale"), (PAGE,)).fetchall():
        update_tree(tree, _leaves(connection, dict(rows), describe))
        connection.execute(query("make_fresh"), (json.dumps([k for k, _ in rows]),))


@guard_rows
def _leaves(
    connection: sqlite3.Connection, names: Mapping[int, str], describe: Describe
) -> dict[str, bytes | None]:
    """Return by its place the leaf of each of these nodes."""
    keys = json.dumps(list(names))
    descriptions: dict[str, list[Any]] = defaultdict(list)
    for name, *row in connection.execute(query("digest_descriptions"), (keys,)):
        descriptions[name].append(to_ref(row))
    edges: dict[str, list[EdgeRow]] = defaultdict(list)
    for row in connection.execute(query("digest_edges"), (keys,)):
        edge = EdgeRow(*row)
        edges[edge.source].append(edge)
    leaves: dict[str, bytes | None] = {}
    for name in names.values():
        is_absent = _is_absent(connection, name)
        lines = node_lines(name, descriptions[name], edges[name], describe, is_absent=is_absent)
        leaves[place_of(name)] = leaf_hash(name, lines)
    return leaves


def _is_absent(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether a node's id is the hash of a body that a living bundle has and doesn't say."""
    if not name.startswith("sha256:"):
        return False
    return connection.execute(query("is_absent"), (pack_id(name),)).fetchone() is not None


def state_digest(connection: sqlite3.Connection) -> str:
    """Return the state digest, `sha256:…`, of the tree as it was last brought up to date."""
    return digest_of_root(prefix_digests(SqliteTree(connection), [""])[""])


def digests_below(connection: sqlite3.Connection, prefixes: Sequence[str]) -> dict[str, bytes]:
    """Return the digests of prefixes of the tree."""
    return prefix_digests(SqliteTree(connection), prefixes)
