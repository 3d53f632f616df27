"""Reader of the graph and the log inside one transaction."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.bundle.bundle import reread, reread_descriptions
from graph.model.canonical import canonical
from graph.model.model import BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.neo4j import full_text, integrity
from graph.neo4j.connection import Asker
from graph.neo4j.graph_writer import stated_by
from graph.neo4j.log_writer import head_of, leaf_hashes
from graph.store import Asserted, Counts, RawBundle, Stored, Thing, Vector
from graph.view.display_choice import Stated, newest, thing
from graph.view.state_digest import Related, absent_lines, edge_lines, node_lines

CHUNK: Final = 500
_BODIES_KEPT: Final = 1024
_ALL: Final = 2**62
_RELATIONS: Final = {relation.value: relation for relation in Relation}


class Bodies:
    """Cache of the descriptions by bundles, by position: they never change; emptied before it exceeds 1,024."""

    def __init__(self) -> None:
        self._kept: dict[int, Mapping[str, Description]] = {}

    def at(self, asker: Asker, positions: Iterable[int]) -> dict[int, Mapping[str, Description]]:
        """Return the descriptions by the bundles at these positions, by node."""
        kept = self._kept  # other threads may replace the attribute
        found = {place: kept[place] for place in set(positions) if place in kept}
        missing = set(positions) - found.keys()
        for row in asker.of("content", "positions", missing):
            nodes = reread_descriptions(row["header"], row["body"], row["signature"])
            found[row["position"]] = {node.id: node for node in nodes}
        if missing:
            self._kept = (kept if len(kept) + len(missing) <= _BODIES_KEPT else {}) | found
        return found


class _Described:
    """Lookup of the description of a node by the bundle at a position, among those that were read."""

    def __init__(self, bodies: Mapping[int, Mapping[str, Description]]) -> None:
        self._bodies = bodies

    def __call__(self, position: int, name: str) -> Description:
        return self._bodies[position][name]


class Reader:
    """Implementation of the port's queries inside one transaction."""

    def __init__(self, asker: Asker, bodies: Bodies) -> None:
        self._asker = asker
        self._bodies = bodies

    # --- the log

    def raw(self, start: int) -> list[RawBundle]:
        """Return a page of `GraphStore.raw_bundles`."""
        rows = self._asker.ask("raw", start=start, limit=CHUNK)
        return [
            RawBundle(row["position"], row["id"], row["header"], row["body"], row["signature"])
            for row in rows
        ]

    def bundles(self, start: int) -> list[Stored]:
        """Return a page of `GraphStore.bundles`."""
        return [_stored(row) for row in self._asker.ask("log", start=start, limit=CHUNK)]

    def stored(self, names: Sequence[BundleId]) -> dict[BundleId, Stored]:
        """See `GraphStore`."""
        return {row["id"]: _stored(row) for row in self._asker.of("some_bundles", "names", names)}

    def held(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        rows = self._asker.of("is_here", "names", names)
        return frozenset(
            row["id"] for row in rows if row["position"] is not None and not row["withheld"]
        )

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """See `GraphStore`."""
        return leaf_hashes(self._asker, level, start, stop)

    def damage(self) -> list[str]:
        """See `GraphStore`."""
        return integrity.damage(self._asker, self._bodies.at)

    # --- the graph

    def things(self, ids: Sequence[str]) -> dict[str, Thing]:
        """See `GraphStore`."""
        shown: dict[str, int | None] = {}
        stated: dict[str, list[Stated]] = {}
        for row in self._asker.of("things", "ids", dict.fromkeys(ids)):
            shown[row["id"]] = row["shown"]
            said = stated.setdefault(row["id"], [])
            if row["author"] is not None:
                said.append(stated_by(row))
        described = self._described(stated)
        return {name: thing(name, stated[name], shown[name], described) for name in shown}

    def _described(self, stated: Mapping[str, Iterable[Stated]]) -> _Described:
        places = {one.position for some in stated.values() for one in newest(some).values()}
        return _Described(self._bodies.at(self._asker, places))

    def adjacent(
        self, ids: Sequence[str], *, outgoing: bool, relations: frozenset[Relation] | None
    ) -> list[Asserted]:
        """See `GraphStore`."""
        wanted = list(dict.fromkeys(ids))
        way = "adjacent_out" if outgoing else "adjacent_in"
        if relations is None:
            rows = self._asker.ask(way, ids=wanted)
        else:
            names = sorted(relation.value for relation in relations)
            rows = self._asker.ask(f"{way}_by", ids=wanted, relations=names)
        found: dict[tuple[Any, ...], list[BundleId]] = {}
        for row in rows:
            key = (row["source"], row["relation"], row["target"], row["qualifiers"])
            found.setdefault(key, []).append(row["bundle"])
        return [
            Asserted(
                Edge(
                    source,
                    _RELATIONS[relation],
                    target,
                    json.loads(qualifiers) if qualifiers else {},
                ),
                tuple(sorted(set(bundles))),
            )
            for (source, relation, target, qualifiers), bundles in found.items()
        ]

    def first(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None,
        limit: int | None,
        after: Edge | None,
    ) -> list[Asserted]:
        """See `GraphStore.adjacent` with a limit of edges for each node, or an edge to resume after."""
        asked: dict[str, object] = dict.fromkeys(("near", "relation", "other", "more"))
        if after is not None:
            near, other = (after.source, after.target) if outgoing else (after.target, after.source)
            more = canonical(after.qualifiers).decode()
            asked = {"near": near, "relation": after.relation.value, "other": other, "more": more}
        rows = self._asker.ask(
            "adjacent_out_from" if outgoing else "adjacent_in_from",
            ids=list(dict.fromkeys(ids)),
            relations=None if relations is None else sorted(one.value for one in relations),
            limit=_ALL if limit is None else limit,
            **asked,
        )
        found = []
        for row in rows:
            ends = (row["near"], row["other"]) if outgoing else (row["other"], row["near"])
            edge = Edge(ends[0], _RELATIONS[row["relation"]], ends[1], json.loads(row["more"]))
            found.append(Asserted(edge, tuple(sorted(row["bundles"]))))
        return found

    def listed(self, kind: Kind | None, *, after: str, limit: int) -> list[str]:
        """See `GraphStore`."""
        if kind is None:
            rows = self._asker.ask("listed_all", after=after, limit=limit)
        else:
            rows = self._asker.ask("listed", kind=kind.value, after=after, limit=limit)
        return [row["id"] for row in rows]

    def search(self, text: str, *, kind: Kind | None, limit: int) -> list[str]:
        """See `GraphStore`."""
        return full_text.search(self._asker, text, kind=kind, limit=limit)

    def counts(self) -> Counts:
        """See `GraphStore`."""
        return Counts(
            nodes={row["name"]: row["number"] for row in self._asker.ask("count_nodes")},
            edges={row["name"]: row["number"] for row in self._asker.ask("count_edges")},
            bundles=head_of(self._asker).checkpoint.size,
        )

    def state(self) -> Iterator[bytes]:
        """Yield the lines of the state digest (docs/bundle.md, 6)."""
        after = ""
        while rows := self._asker.ask("next_nodes", after=after, limit=CHUNK):
            names = [row["id"] for row in rows]
            yield from self._lines(names)
            after = names[-1]
        yield from absent_lines(bytes(row["header"]) for row in self._asker.ask("absent"))

    def _lines(self, names: Sequence[str]) -> Iterator[bytes]:
        stated: dict[str, list[Stated]] = {}
        for row in self._asker.ask("digest_descriptions", ids=names):
            stated.setdefault(row["id"], []).append(stated_by(row))
        edges: dict[str, list[Related]] = {}
        for row in self._asker.ask("digest_edges", ids=names):
            edges.setdefault(row["source"], []).append(Related(*row.values()))
        described = self._described(stated)
        for name in names:
            yield from node_lines(name, stated.get(name, ()), described)
            yield from edge_lines(edges.get(name, ()))

    def vectors(self, model: str, after: str) -> list[Vector]:
        """Return a page of `GraphStore.vectors`."""
        rows = self._asker.ask("vectors", model=model, after=after, limit=CHUNK)
        return [Vector(row["node"], row["text"], row["data"]) for row in rows]


def _stored(row: Mapping[str, Any]) -> Stored:
    return Stored(
        bundle=reread(row["header"], row["body"], row["signature"]),
        position=row["position"],
        counts=row["counts"],
        lives=row["lives"],
        author=row["author"],
        vouchers=tuple(row["vouchers"]),
        answered_by=tuple(row["answered_by"]),
    )
