"""Adjacent edges of nodes: all of them, or for each node a page that resumes after an edge."""

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, TypeAlias

from graph.model.canonical import admitted, canonical
from graph.model.model import BundleId, Edge
from graph.model.vocabulary import Relation
from graph.sqlite.connection import query
from graph.sqlite.rows import reads_rows
from graph.sqlite.rule_facts import unpacked
from graph.store import Asserted

_Row: TypeAlias = tuple[str, int, str, str | None, int]
"""Source, relation, target, qualifiers, and the position of the bundle that asserts it."""

_RELATIONS: Final = {relation.value: relation for relation in Relation}
_ends: Final = itemgetter(0, 1, 2)


class Edges:
    """Reader of edges over one connection; a result is one snapshot only inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def around(
        self, ids: Iterable[str], *, outgoing: bool, relations: frozenset[Relation] | None
    ) -> list[Asserted]:
        """Return all edges that leave (or reach) these nodes."""
        names = self._relations(relations)
        if not names:
            return []
        wanted = json.dumps(list(dict.fromkeys(ids)))
        way = "adjacent_out" if outgoing else "adjacent_in"
        if relations is None:
            rows = self._connection.execute(query(way), (wanted,)).fetchall()
        else:
            values = (wanted, json.dumps(list(names)))
            rows = self._connection.execute(query(f"{way}_by"), values).fetchall()
        return self._asserted(rows, names)

    def first(
        self,
        ids: Iterable[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None,
        limit: int | None,
        after: Edge | None,
    ) -> list[Asserted]:
        """Return the first edges of each node, in the order of the keys of relations and of other ends."""
        names = self._relations(relations)
        found: list[Asserted] = []
        for name in dict.fromkeys(ids):
            last = after
            if after is not None and name != (after.source if outgoing else after.target):
                last = None
            page = self._behind(name, last, names, outgoing=outgoing)
            found += islice(page, limit if limit is not None else sys.maxsize)
        return found

    def _behind(
        self, name: str, last: Edge | None, names: Mapping[int, Relation], *, outgoing: bool
    ) -> Iterator[Asserted]:
        """Yield a node's edges after one of them, lazily: no more rows are read than are consumed."""
        near, relation_from, far_from = self._key(name), 0, 0
        if last is not None:
            keys = {relation: k for k, relation in self._relations(None).items()}
            relation_from = keys.get(last.relation, sys.maxsize)
            far_from = self._key(last.target if outgoing else last.source)
        question = query("adjacent_out_from" if outgoing else "adjacent_in_from")
        for key in sorted(k for k in names if k >= relation_from):
            start = far_from if key == relation_from else 0
            rows = self._connection.execute(question, (name, key, near, start))
            for ends, group in groupby(rows, key=_ends):
                same = sorted(self._asserted(list(group), names), key=_qualified)
                if last is not None and ends == (last.source, relation_from, last.target):
                    same = [edge for edge in same if _qualified(edge) > canonical(last.qualifiers)]
                yield from same

    def _key(self, name: str) -> int:
        """Return the row of a node; 0, which is none's, where there is no such node."""
        row = self._connection.execute(query("node_keys"), (json.dumps([name]),)).fetchone()
        return int(row[1]) if row else 0

    def _relations(self, wanted: frozenset[Relation] | None) -> dict[int, Relation]:
        """Return, by their keys, the requested relations that any edge has ever had."""
        known = self._known()
        return known if wanted is None else {k: one for k, one in known.items() if one in wanted}

    @reads_rows
    def _known(self) -> dict[int, Relation]:
        return {k: _RELATIONS[name] for k, name in self._connection.execute(query("relations"))}

    @reads_rows
    def _asserted(self, rows: Sequence[_Row], names: Mapping[int, Relation]) -> list[Asserted]:
        """Return the edges of these rows in their order, each once."""
        bundles = self._bundles({row[4] for row in rows})
        if len(set(map(_ends, rows))) == len(rows):
            return [
                Asserted(
                    Edge(source, names[k], target, admitted(qualifiers) if qualifiers else {}),
                    (bundles[position],),
                )
                for source, k, target, qualifiers, position in rows
            ]
        found: dict[tuple[str, int, str, str | None], list[BundleId]] = {}
        for source, k, target, qualifiers, position in rows:
            found.setdefault((source, k, target, qualifiers), []).append(bundles[position])
        return [
            Asserted(
                Edge(source, names[k], target, admitted(qualifiers) if qualifiers else {}),
                tuple(sorted(asserting)),
            )
            for (source, k, target, qualifiers), asserting in found.items()
        ]

    def _bundles(self, positions: set[int]) -> dict[int, BundleId]:
        """Return the ids of bundles by position; a query of its own, as bundles are far fewer than edges."""
        rows = self._connection.execute(query("names"), (json.dumps(sorted(positions)),))
        return {position: unpacked(raw) for position, raw in rows}


def _qualified(asserted: Asserted) -> bytes:
    return canonical(asserted.edge.qualifiers)
