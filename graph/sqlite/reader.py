"""Reader of the graph and the log over one connection."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from graph.bundle.bundle import reread, reread_descriptions
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Description
from graph.model.vocabulary import Kind
from graph.sqlite import full_text, integrity
from graph.sqlite.connection import query
from graph.sqlite.edges import EdgeReader
from graph.sqlite.log_writer import existing_positions, last_checkpoint, leaf_hashes
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import pack_id, pack_ids, unpack_id
from graph.store import Counts, RawBundle, StoredBundle, Thing, Vector
from graph.view.display_choice import DescriptionRef, thing
from graph.view.state_digest import EdgeRow, absent_lines, edge_lines, node_lines

_CHUNK: Final = 500
_BODIES_KEPT: Final = 256


class SqliteReader:
    """Implementation of the port's queries; each result is one snapshot of the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.edges = EdgeReader(connection)
        self._descriptions_at = lru_cache(maxsize=_BODIES_KEPT)(self._read_descriptions)

    def _rows(self, name: str, *values: object) -> list[Any]:
        return self._connection.execute(query(name), values).fetchall()

    @guard_rows
    def _read_descriptions(self, position: int) -> Mapping[str, Description]:
        header, signature, body = self._rows("content", position)[0]
        return {node.id: node for node in reread_descriptions(header, body, signature)}

    @guard_rows
    def trusted_authors(self) -> frozenset[str]:
        """See `GraphStore`."""
        return frozenset(row[0] for row in self._rows("trusted"))

    # --- the log

    def withheld_count(self) -> int:
        """Return the number of bundles that are here without their body."""
        return int(self._rows("withheld")[0][0])

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        """See `GraphStore`."""
        while rows := self._rows("raw", start, _CHUNK):
            for position, name, header, body, signature in rows:
                yield RawBundle(position, _bundle_id(name), header, body, signature)
            start = rows[-1][0] + 1

    def bundles(self, start: int) -> Iterator[StoredBundle]:
        """See `GraphStore`."""
        while rows := self._rows("log", start, _CHUNK):
            for row in rows:
                yield self._to_stored_bundle(row)
            start = rows[-1][0] + 1

    def bundles_by_id(self, names: Iterable[BundleId]) -> dict[BundleId, StoredBundle]:
        """See `GraphStore`."""
        rows = self._rows("stored", *pack_ids(list(dict.fromkeys(names))))
        return {entry.bundle.id: entry for entry in map(self._to_stored_bundle, rows)}

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        positions = existing_positions(self._connection, names)
        return frozenset(name for name, (_, is_withheld) in positions.items() if not is_withheld)

    @guard_rows
    def _to_stored_bundle(self, row: Sequence[Any]) -> StoredBundle:
        position, raw, counts, lives, author, header, body, signature = row
        bundle = reread(header, body, signature)
        if pack_id(bundle.id) != raw:
            raise ValueError(f"bundle {bundle.id} is filed as {unpack_id(raw)}")
        return StoredBundle(
            bundle=bundle,
            position=position,
            counts=bool(counts),
            lives=bool(lives),
            author=author,
            vouchers=tuple(unpack_id(r[0]) for r in self._rows("living_vouchers", raw)),
            answered_by=tuple(unpack_id(r[0]) for r in self._rows("answered_by", raw)),
        )

    def checkpoint(self) -> Checkpoint:
        """See `GraphStore`."""
        return last_checkpoint(self._connection)

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """See `GraphStore`."""
        return leaf_hashes(self._connection, level, start, stop)

    @guard_rows
    def origin(self) -> str:
        """See `GraphStore`."""
        return str(self._rows("origin")[0][0])

    def integrity_faults(self) -> list[str]:
        """See `GraphStore`."""
        return integrity.integrity_faults(self._connection, self._descriptions_at)

    # --- the graph

    def things(self, ids: Sequence[str]) -> dict[str, Thing]:
        """See `GraphStore`."""
        rows = self._rows("things", json.dumps(list(dict.fromkeys(ids))))
        things_by_id: dict[str, Thing] = {}
        for name, group in groupby(rows, key=lambda row: row[0]):
            things_by_id[name] = self._to_thing(name, list(group))
        return things_by_id

    @guard_rows
    def _to_thing(self, name: str, rows: list[Any]) -> Thing:
        refs = (
            DescriptionRef(at or "", n, unpack_id(raw), author, position)
            for _, _, _, author, position, raw, at, n in rows
            if author is not None
        )
        return thing(name, refs, rows[0][2], self._description)

    @guard_rows
    def _description(self, position: int, name: str) -> Description:
        return self._descriptions_at(position)[name]

    def list_ids(self, kind: Kind | None, *, after: str, limit: int) -> list[str]:
        """See `GraphStore`."""
        if kind is None:
            return [row[0] for row in self._rows("listed_all", after, limit)]
        return [row[0] for row in self._rows("listed", kind.value, after, limit)]

    def search(self, text: str, *, kind: Kind | None, limit: int) -> list[str]:
        """See `GraphStore`."""
        return full_text.search(self._connection, text, kind=kind, limit=limit)

    def counts(self) -> Counts:
        """See `GraphStore`."""
        return Counts(
            nodes=dict(self._rows("count_nodes")),
            edges=dict(self._rows("count_edges")),
            bundles=self._rows("size")[0][0],
        )

    def state_lines(self) -> Iterator[bytes]:
        """Yield the lines of the state digest (docs/bundle.md, section 5, rule 12)."""
        description_rows = groupby(
            self._connection.execute(query("digest_descriptions")), lambda row: row[0]
        )
        edge_rows = groupby(self._connection.execute(query("digest_edges")), lambda row: row[0])
        for _, lines in _merge(
            ((name, self._description_lines(name, list(rows))) for name, rows in description_rows),
            ((name, _edge_lines(list(rows))) for name, rows in edge_rows),
        ):
            yield from lines
        yield from _absent_lines(self._rows("absent"))

    @guard_rows
    def _description_lines(self, name: str, rows: list[Any]) -> list[bytes]:
        refs = (
            DescriptionRef(at or "", n, unpack_id(raw), author, position)
            for _, author, at, n, raw, position in rows
        )
        return node_lines(name, refs, self._description)

    def vectors(self, model: str) -> Iterator[Vector]:
        """See `GraphStore`."""
        after = ""
        while rows := self._rows("vectors", model, after, _CHUNK):
            for row in rows:
                yield Vector(*row)
            after = rows[-1][0]


_bundle_id: Final = guard_rows(unpack_id)


@guard_rows
def _edge_lines(rows: list[Any]) -> list[bytes]:
    return edge_lines(EdgeRow(*row) for row in rows)


@guard_rows
def _absent_lines(rows: list[Any]) -> list[bytes]:
    return list(absent_lines(row[0] for row in rows))


@guard_rows
def _is_first(name: str, other: str) -> bool:
    return name <= other


def _merge(
    first: Iterator[tuple[str, list[bytes]]], second: Iterator[tuple[str, list[bytes]]]
) -> Iterator[tuple[str, list[bytes]]]:
    """Merge both in the order of their names; of one name the first before the second."""
    a, b = next(first, None), next(second, None)
    while a is not None or b is not None:
        if b is None or (a is not None and _is_first(a[0], b[0])):
            assert a is not None  # noqa: S101 - for the type checker
            yield a
            a = next(first, None)
        else:
            yield b
            b = next(second, None)
