"""Adjacent edges of nodes: all of them, or for each node a page that resumes after an edge."""

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, TypeAlias

from graph.model.canonical import canonical_bytes, decode_admitted
from graph.model.model import BundleId, Edge
from graph.model.vocabulary import Relation
from graph.sqlite.connection import query
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import unpack_id
from graph.store import AssertedEdge

_Row: TypeAlias = tuple[str, int, str, str | None, int]
"""Source, relation, target, qualifiers, and the position of the bundle that asserts it."""

_RELATIONS: Final = {relation.value: relation for relation in Relation}
_ends: Final = itemgetter(0, 1, 2)


class EdgeReader:
    """Reader of edges over one connection; a result is one snapshot only inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def adjacent(
        self, ids: Iterable[str], *, outgoing: bool, relations: frozenset[Relation] | None
    ) -> list[AssertedEdge]:
        """Return all edges that leave (or reach) these nodes."""
        names = self._relations(relations)
        if not names:
            return []
        ids_json = json.dumps(list(dict.fromkeys(ids)))
        if relations is None:
            question = query("adjacent_out" if outgoing else "adjacent_in")
            rows = self._connection.execute(question, (ids_json,)).fetchall()
        else:
            question = query("adjacent_out_by" if outgoing else "adjacent_in_by")
            values = (ids_json, json.dumps(list(names)))
            rows = self._connection.execute(question, values).fetchall()
        return self._to_edges(rows, names)

    def first_adjacent(
        self,
        ids: Iterable[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None,
        limit: int | None,
        after: Edge | None,
    ) -> list[AssertedEdge]:
        """Return the first edges of each node, in the order of the keys of relations and of other ends."""
        names = self._relations(relations)
        edges: list[AssertedEdge] = []
        for name in dict.fromkeys(ids):
            last = after
            if after is not None and name != (after.source if outgoing else after.target):
                last = None
            page = self._edges_after(name, last, names, outgoing=outgoing)
            edges += islice(page, limit if limit is not None else sys.maxsize)
        return edges

    def _edges_after(
        self, name: str, last: Edge | None, names: Mapping[int, Relation], *, outgoing: bool
    ) -> Iterator[AssertedEdge]:
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
                parallel = sorted(self._to_edges(list(group), names), key=_qualifier_bytes)
                if last is not None and ends == (last.source, relation_from, last.target):
                    parallel = [
                        edge
                        for edge in parallel
                        if _qualifier_bytes(edge) > canonical_bytes(last.qualifiers)
                    ]
                yield from parallel

    def _key(self, name: str) -> int:
        """Return the row of a node; 0, which is none's, where there is no such node."""
        row = self._connection.execute(query("node_keys"), (json.dumps([name]),)).fetchone()
        return int(row[1]) if row else 0

    def _relations(self, requested: frozenset[Relation] | None) -> dict[int, Relation]:
        """Return, by their keys, the requested relations that any edge has ever had."""
        all_relations = self._all_relations()
        return (
            all_relations
            if requested is None
            else {k: relation for k, relation in all_relations.items() if relation in requested}
        )

    @guard_rows
    def _all_relations(self) -> dict[int, Relation]:
        return {k: _RELATIONS[name] for k, name in self._connection.execute(query("relations"))}

    @guard_rows
    def _to_edges(self, rows: Sequence[_Row], names: Mapping[int, Relation]) -> list[AssertedEdge]:
        """Return the edges of these rows in their order, each once."""
        bundles = self._bundle_ids({row[4] for row in rows})
        if len(set(map(_ends, rows))) == len(rows):
            return [
                AssertedEdge(
                    Edge(
                        source, names[k], target, decode_admitted(qualifiers) if qualifiers else {}
                    ),
                    (bundles[position],),
                )
                for source, k, target, qualifiers, position in rows
            ]
        bundles_by_edge: dict[tuple[str, int, str, str | None], list[BundleId]] = {}
        for source, k, target, qualifiers, position in rows:
            bundles_by_edge.setdefault((source, k, target, qualifiers), []).append(
                bundles[position]
            )
        return [
            AssertedEdge(
                Edge(source, names[k], target, decode_admitted(qualifiers) if qualifiers else {}),
                tuple(sorted(asserting)),
            )
            for (source, k, target, qualifiers), asserting in bundles_by_edge.items()
        ]

    def _bundle_ids(self, positions: set[int]) -> dict[int, BundleId]:
        """Return the ids of bundles by position; a query of its own, as bundles are far fewer than edges."""
        rows = self._connection.execute(query("names"), (json.dumps(sorted(positions)),))
        return {position: unpack_id(raw) for position, raw in rows}


def _qualifier_bytes(asserted: AssertedEdge) -> bytes:
    return canonical_bytes(asserted.edge.qualifiers)
