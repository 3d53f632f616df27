"""Reader of the graph and the log inside one transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from graph.bundle.bundle import read_late, reread, reread_descriptions
from graph.model.canonical import canonical_bytes
from graph.model.model import BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.neo4j import full_text, integrity
from graph.neo4j.connection import Tx
from graph.neo4j.graph_writer import description_ref
from graph.neo4j.log_writer import head_of, leaf_hashes
from graph.neo4j.rule_facts import to_state
from graph.store import AssertedEdge, Counts, RawBundle, StoredBundle, Thing, Vector, Waiting
from graph.view.display_choice import DescriptionRef, newest_by_speaker, thing

CHUNK: Final = 500
_BODIES_KEPT: Final = 1024
_ALL: Final = 2**62
_RELATIONS: Final = {relation.value: relation for relation in Relation}


class BodyCache:
    """Cache of the descriptions by bundles, by position: they never change; emptied before it exceeds 1,024."""

    def __init__(self) -> None:
        self._cache: dict[int, Mapping[str, Description]] = {}

    def descriptions_at(
        self, tx: Tx, positions: Iterable[int]
    ) -> dict[int, Mapping[str, Description]]:
        """Return the descriptions by the bundles at these positions, by node."""
        cache = self._cache  # other threads may replace the attribute
        bodies = {position: cache[position] for position in set(positions) if position in cache}
        missing = set(positions) - bodies.keys()
        for row in tx.read_many("content", "positions", missing):
            nodes = reread_descriptions(row["header"], row["body"], row["signature"])
            bodies[row["position"]] = {node.id: node for node in nodes}
        if missing:
            self._cache = (cache if len(cache) + len(missing) <= _BODIES_KEPT else {}) | bodies
        return bodies


class _DescriptionLookup:
    """Lookup of the description of a node by the bundle at a position, among those that were read."""

    def __init__(self, bodies: Mapping[int, Mapping[str, Description]]) -> None:
        self._bodies = bodies

    def __call__(self, position: int, name: str) -> Description:
        return self._bodies[position][name]


class Neo4jReader:
    """Implementation of the port's queries inside one transaction."""

    def __init__(self, tx: Tx, bodies: BodyCache) -> None:
        self.tx = self._tx = tx
        self._bodies = bodies

    # --- the log

    def raw_bundles(self, start: int) -> list[RawBundle]:
        """Return a page of `GraphStore.raw_bundles`."""
        rows = self._tx.run("raw", start=start, limit=CHUNK)
        return [
            RawBundle(row["position"], row["id"], row["header"], row["body"], row["signature"])
            for row in rows
        ]

    def bundles(self, start: int) -> list[StoredBundle]:
        """Return a page of `GraphStore.bundles`."""
        return [_to_stored_bundle(row) for row in self._tx.run("log", start=start, limit=CHUNK)]

    def bundles_by_id(self, names: Sequence[BundleId]) -> dict[BundleId, StoredBundle]:
        """See `GraphStore`."""
        return {
            row["id"]: _to_stored_bundle(row)
            for row in self._tx.read_many("some_bundles", "names", names)
        }

    def erased_positions(self) -> list[int]:
        """See `GraphStore`."""
        return [row["position"] for row in self._tx.run("erased")]

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        rows = self._tx.read_many("is_here", "names", names)
        return frozenset(
            row["id"] for row in rows if row["position"] is not None and not row["withheld"]
        )

    def waiting(self) -> Waiting:
        """See `GraphStore`."""
        row = self._tx.run("count_waiting")[0]
        return Waiting(row["bundles"], row["first"], row["until"])

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """See `GraphStore`."""
        return leaf_hashes(self._tx, level, start, stop)

    def integrity_faults(self) -> list[str]:
        """See `GraphStore`."""
        return integrity.integrity_faults(self._tx, self._bodies.descriptions_at)

    # --- the graph

    def things(self, ids: Sequence[str]) -> dict[str, Thing]:
        """See `GraphStore`."""
        shown: dict[str, int | None] = {}
        refs: dict[str, list[DescriptionRef]] = {}
        for row in self._tx.read_many("things", "ids", dict.fromkeys(ids)):
            shown[row["id"]] = row["shown"]
            node_refs = refs.setdefault(row["id"], [])
            if row["author"] is not None:
                node_refs.append(description_ref(row))
        describe = self._description_lookup(refs)
        return {name: thing(name, refs[name], shown[name], describe) for name in shown}

    def _description_lookup(
        self, refs: Mapping[str, Iterable[DescriptionRef]]
    ) -> _DescriptionLookup:
        positions = {
            ref.position
            for node_refs in refs.values()
            for ref in newest_by_speaker(node_refs).values()
        }
        return _DescriptionLookup(self._bodies.descriptions_at(self._tx, positions))

    def adjacent(
        self, ids: Sequence[str], *, outgoing: bool, relations: frozenset[Relation] | None
    ) -> list[AssertedEdge]:
        """See `GraphStore`."""
        unique_ids = list(dict.fromkeys(ids))
        if relations is None:
            rows = self._tx.run("adjacent_out" if outgoing else "adjacent_in", ids=unique_ids)
        else:
            query_name = "adjacent_out_by" if outgoing else "adjacent_in_by"
            names = sorted(relation.value for relation in relations)
            rows = self._tx.run(query_name, ids=unique_ids, relations=names)
        bundles_by_edge: dict[tuple[Any, ...], list[BundleId]] = {}
        for row in rows:
            key = (row["source"], row["relation"], row["target"], row["qualifiers"])
            bundles_by_edge.setdefault(key, []).append(row["bundle"])
        return [
            AssertedEdge(
                Edge(
                    source,
                    _RELATIONS[relation],
                    target,
                    json.loads(qualifiers) if qualifiers else {},
                ),
                tuple(sorted(set(bundles))),
            )
            for (source, relation, target, qualifiers), bundles in bundles_by_edge.items()
        ]

    def first_adjacent(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None,
        limit: int | None,
        after: Edge | None,
    ) -> list[AssertedEdge]:
        """See `GraphStore.adjacent` with a limit of edges for each node, or an edge to resume after."""
        keyset: dict[str, object] = dict.fromkeys(("near", "relation", "other", "more"))
        if after is not None:
            near, other = (after.source, after.target) if outgoing else (after.target, after.source)
            more = canonical_bytes(after.qualifiers).decode()
            keyset = {"near": near, "relation": after.relation.value, "other": other, "more": more}
        rows = self._tx.run(
            "adjacent_out_from" if outgoing else "adjacent_in_from",
            ids=list(dict.fromkeys(ids)),
            relations=None
            if relations is None
            else sorted(relation.value for relation in relations),
            limit=_ALL if limit is None else limit,
            **keyset,
        )
        edges = []
        for row in rows:
            ends = (row["near"], row["other"]) if outgoing else (row["other"], row["near"])
            edge = Edge(ends[0], _RELATIONS[row["relation"]], ends[1], json.loads(row["more"]))
            edges.append(AssertedEdge(edge, tuple(sorted(row["bundles"]))))
        return edges

    def list_ids(self, kind: Kind | None, *, after: str, limit: int) -> list[str]:
        """See `GraphStore`."""
        if kind is None:
            rows = self._tx.run("listed_all", after=after, limit=limit)
        else:
            rows = self._tx.run("listed", kind=kind.value, after=after, limit=limit)
        return [row["id"] for row in rows]

    def search(self, text: str, *, kind: Kind | None, limit: int) -> list[str]:
        """See `GraphStore`."""
        return full_text.search(self._tx, text, kind=kind, limit=limit)

    def counts(self) -> Counts:
        """See `GraphStore`."""
        return Counts(
            nodes={row["name"]: row["number"] for row in self._tx.run("count_nodes")},
            edges={row["name"]: row["number"] for row in self._tx.run("count_edges")},
            bundles=head_of(self._tx).checkpoint.size,
        )

    def vectors(self, model: str, after: str) -> list[Vector]:
        """Return a page of `GraphStore.vectors`."""
        rows = self._tx.run("vectors", model=model, after=after, limit=CHUNK)
        return [Vector(row["node"], row["text"], row["data"]) for row in rows]


def _to_stored_bundle(row: Mapping[str, Any]) -> StoredBundle:
    parts = row["header"], row["body"], row["signature"]
    return StoredBundle(
        bundle=read_late(*parts) if row["unread"] else reread(*parts, is_fit=not row["unfit"]),
        position=row["position"],
        state=to_state(row["state"]),
        author=row["author"],
        vouchers=tuple(row["vouchers"]),
        answered_by=tuple(row["answered_by"]),
    )
