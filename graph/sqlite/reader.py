"""Reader of the graph and the log over one connection."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from graph.bundle.bundle import read_late, reread, reread_descriptions
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Description
from graph.model.vocabulary import Kind
from graph.rules.facts import TrustEntry
from graph.sqlite import full_text, integrity
from graph.sqlite.connection import query
from graph.sqlite.description_rows import to_ref
from graph.sqlite.edges import EdgeReader
from graph.sqlite.log_writer import existing_bundles, last_checkpoint, leaf_hashes
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import pack_id, pack_ids, read_trust, to_state, unpack_id
from graph.store import Counts, RawBundle, StoredBundle, Thing, Vector, Waiting
from graph.view.display_choice import thing

_CHUNK: Final = 500
_BODIES_KEPT: Final = 256


class SqliteReader:
    """Implementation of the port's queries; each result is one snapshot of the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = self._connection = connection
        self.edges = EdgeReader(connection)
        self._descriptions_at = lru_cache(maxsize=_BODIES_KEPT)(self._read_descriptions)

    def _rows(self, name: str, *values: object) -> list[Any]:
        return self._connection.execute(query(name), values).fetchall()

    @guard_rows
    def _read_descriptions(self, position: int) -> Mapping[str, Description]:
        header, signature, body = self._rows("content", position)[0]
        return {node.id: node for node in reread_descriptions(header, body, signature)}

    @guard_rows
    def trust_list(self) -> tuple[TrustEntry, ...]:
        """See `GraphStore`."""
        return read_trust(self._connection)

    @guard_rows
    def waiting(self) -> Waiting:
        """See `GraphStore`."""
        return Waiting(*self._rows("count_waiting")[0])

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

    def erased_positions(self) -> list[int]:
        """See `GraphStore`."""
        return [position for (position,) in self._rows("erased")]

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        existing = existing_bundles(self._connection, names)
        return frozenset(name for name, entry in existing.items() if not entry.is_withheld)

    @guard_rows
    def _to_stored_bundle(self, row: Sequence[Any]) -> StoredBundle:
        position, raw, *state, author, header, body, signature, unfit, is_unread = row
        if is_unread:
            bundle = read_late(header, body, signature)
        else:
            bundle = reread(header, body, signature, is_fit=not unfit)
        if pack_id(bundle.id) != raw:
            raise ValueError(f"bundle {bundle.id} is filed as {unpack_id(raw)}")
        return StoredBundle(
            bundle=bundle,
            position=position,
            state=to_state(state),
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
        refs = (to_ref(row[2:]) for row in rows if row[2] is not None)
        return thing(name, refs, rows[0][1], self.description)

    @guard_rows
    def description(self, position: int, name: str) -> Description:
        """Return the description of a node by the bundle at a position."""
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

    def vectors(self, model: str) -> Iterator[Vector]:
        """See `GraphStore`."""
        after = ""
        while rows := self._rows("vectors", model, after, _CHUNK):
            for row in rows:
                yield Vector(*row)
            after = rows[-1][0]


_bundle_id: Final = guard_rows(unpack_id)
