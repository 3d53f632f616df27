"""Implementation of `GraphStore` over one SQLite file, with one connection for each thread."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TypeAlias

from graph.clock import Clock
from graph.errors import DamagedError, ForeignStoreError, StoreError
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Edge
from graph.model.vocabulary import Kind, Relation
from graph.rules.facts import TrustEntry
from graph.sqlite import append, erasure, rebuild, state_tree
from graph.sqlite.connection import connect, query, translate_errors
from graph.sqlite.log_writer import size_of
from graph.sqlite.reader import SqliteReader
from graph.store import (
    AppendResult,
    AssertedEdge,
    Compose,
    Counts,
    RawBundle,
    StoredBundle,
    Thing,
    Vector,
    Waiting,
)

_CountedState: TypeAlias = tuple[Checkpoint, int, tuple[TrustEntry, ...], Waiting]
"""Parts of a store with which the counts of its graph change."""


class SqliteStore:
    """Embedded store over SQLite; its methods are thread-safe."""

    def __init__(self, path: str, clock: Clock, *, patience_s: float, must_exist: bool) -> None:
        """Keep the arguments; `open_sqlite` opens.

        Args:
            path: The file, or `:memory:` (one connection, shared by all threads).
            clock: The current time, to refuse bundles dated ahead.
            patience_s: How long a write waits for another process.
            must_exist: Refuse to make a new file.
        """
        self._path = path
        self._clock = clock
        self._patience_s = patience_s
        self._must_exist = must_exist
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._shared: SqliteReader | None = None
        # Counting scans the whole graph, which only changes with the log, with bodies filled later, and
        # with the trusted authors.
        self._cached_counts: tuple[_CountedState, Counts] | None = None

    @contextmanager
    def _read(self) -> Iterator[SqliteReader]:
        """Yield a reader for a single SQL statement; a shared connection serves one thread at a time."""
        with translate_errors(self._path), self._name_damage():
            if self._path == ":memory:":
                with self._lock:
                    yield self._reader()
            else:
                yield self._reader()

    @contextmanager
    def _read_snapshot(self) -> Iterator[SqliteReader]:
        """Yield a reader for several SQL statements that all see one snapshot of the store."""
        with self._read() as reader:
            connection = self._connections[0] if reader is self._shared else self._local.connection
            if connection.in_transaction:
                yield reader
                return
            connection.execute("BEGIN")
            try:
                yield reader
            finally:
                # A disk failure can make SQLite roll back by itself.
                if connection.in_transaction:
                    connection.execute("COMMIT")

    @contextmanager
    def _name_damage(self) -> Iterator[None]:
        try:
            yield
        except DamagedError as error:
            raise ForeignStoreError(
                f"{self._path} holds damaged bytes ({error}): `colineage verify` names what does not hold, "
                "`colineage rebuild` makes the graph again where the log does"
            ) from error

    def _reader(self) -> SqliteReader:
        if self._path == ":memory:":
            if self._shared is None:
                self._shared = SqliteReader(self._connect())
            return self._shared
        if not hasattr(self._local, "reader"):
            self._local.connection = self._connect()
            self._local.reader = SqliteReader(self._local.connection)
        reader: SqliteReader = self._local.reader
        return reader

    def _connect(self) -> sqlite3.Connection:
        with self._lock:
            if self._path == ":memory:" and self._connections:
                return self._connections[0]
            connection = connect(
                self._path, patience_s=self._patience_s, must_exist=self._must_exist
            )
            self._connections.append(connection)
            return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translate_errors(self._path), self._name_damage():
            self._reader()
            connection = (
                self._connections[0] if self._path == ":memory:" else self._local.connection
            )
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def append(self, compose: Compose) -> AppendResult:
        """See `GraphStore`."""
        with self._write() as connection:
            return append.append(connection, compose, self._clock)

    def trust(self, entries: Sequence[TrustEntry]) -> None:
        """See `GraphStore`."""
        self.change_trust(lambda _before: entries)

    def change_trust(
        self, change: Callable[[tuple[TrustEntry, ...]], Sequence[TrustEntry]]
    ) -> None:
        """See `GraphStore`."""
        before = self.trust_list()
        if tuple(change(before)) == before:
            return
        with self._write() as connection:
            rows = [
                (place, author, None if sources is None else json.dumps(sorted(sources)))
                for place, (author, sources) in enumerate(change(self.trust_list()))
            ]
            connection.execute(query("forget_trust"))
            connection.executemany(query("add_trust"), rows)
            rebuild.rebuild(connection, self._clock())

    def trust_list(self) -> tuple[TrustEntry, ...]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.trust_list()

    def waiting(self) -> Waiting:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.waiting()

    def bundles(self, start: int = 0) -> Iterator[StoredBundle]:
        """See `GraphStore`."""
        with translate_errors(self._path), self._name_damage():
            yield from self._reader().bundles(start)

    def raw_bundles(self, start: int = 0) -> Iterator[RawBundle]:
        """See `GraphStore`."""
        with translate_errors(self._path), self._name_damage():
            yield from self._reader().raw_bundles(start)

    def bundles_by_id(self, names: Iterable[BundleId]) -> Mapping[BundleId, StoredBundle]:
        """See `GraphStore`."""
        with self._read_snapshot() as reader:
            return reader.bundles_by_id(names)

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.bodies_present(names)

    def things(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.things(ids)

    def adjacent(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None = None,
        limit: int | None = None,
        after: Edge | None = None,
    ) -> Sequence[AssertedEdge]:
        """See `GraphStore`."""
        with self._read_snapshot() as reader:
            if limit is None and after is None:
                return reader.edges.adjacent(ids, outgoing=outgoing, relations=relations)
            return reader.edges.first_adjacent(
                ids, outgoing=outgoing, relations=relations, limit=limit, after=after
            )

    def list_ids(self, kind: Kind | None, *, after: str = "", limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.list_ids(kind, after=after, limit=limit)

    def search(self, text: str, *, kind: Kind | None = None, limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.search(text, kind=kind, limit=limit)

    def counts(self) -> Counts:
        """See `GraphStore`."""
        with self._read_snapshot() as reader:
            state = (
                reader.checkpoint(),
                reader.withheld_count(),
                reader.trust_list(),
                reader.waiting(),
            )
            if self._cached_counts is None or self._cached_counts[0] != state:
                self._cached_counts = (state, reader.counts())
            return self._cached_counts[1]

    def digest(self) -> str:
        """See `GraphStore`."""
        with self._up_to_date_tree() as connection:
            return state_tree.state_digest(connection)

    def digests_below(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """See `GraphStore`."""
        with self._up_to_date_tree() as connection:
            return state_tree.digests_below(connection, prefixes)

    @contextmanager
    def _up_to_date_tree(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees the tree of the digest brought up to date."""
        with self._read_snapshot() as reader:
            if state_tree.is_up_to_date(reader.connection):
                yield reader.connection
                return
        with self._write() as connection:
            state_tree.bring_up_to_date(connection, self._reader().description)
            yield connection

    def erased_positions(self) -> Sequence[int]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.erased_positions()

    def checkpoint(self) -> Checkpoint:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.checkpoint()

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.hashes(level, start, stop)

    def origin(self) -> str:
        """See `GraphStore`."""
        with self._read() as reader:
            return reader.origin()

    def adopt(self, origin: str) -> None:
        """See `GraphStore`."""
        with self._write() as connection:
            ours = connection.execute(query("origin")).fetchone()[0]
            if ours != origin and size_of(connection):
                raise StoreError(
                    f"expected an empty store or one of the log {origin} in {self._path}, "
                    f"got the log {ours}: give another store"
                )
            connection.execute(query("set_origin"), (origin,))

    def integrity_faults(self) -> Sequence[str]:
        """See `GraphStore`."""
        with self._read_snapshot() as reader:
            return reader.integrity_faults()

    def rebuild(self) -> None:
        """See `GraphStore`."""
        with self._write() as connection:
            rebuild.rebuild(connection, self._clock())

    def purge(self) -> str | None:
        """See `GraphStore`."""
        with self._read() as reader:
            if self._path == ":memory:" or not erasure.has_remains(reader.connection):
                return None
        self._purge(self._patience_s)
        return None

    def _purge(self, patience_s: float) -> None:
        """Purge over a connection of its own."""
        with translate_errors(self._path):
            connection = connect(self._path, patience_s=patience_s, must_exist=True)
            with closing(connection):
                # The leaves of its tree are hashes of what was said, until it is brought up to date.
                connection.execute("BEGIN IMMEDIATE")
                state_tree.bring_up_to_date(connection, SqliteReader(connection).description)
                connection.execute("COMMIT")
                erasure.purge(connection, self._path)

    def finish_purge(self) -> None:
        """Purge what is left by an erasure that was killed or hindered, unless somebody stands in the way now.

        Whoever erased was told what is left; whoever opens or closes the store doesn't wait for it.
        """
        with self._lock, suppress(sqlite3.Error, StoreError):
            if self._path != ":memory:" and any(map(erasure.has_remains, self._connections[:1])):
                self._purge(0.0)

    def keep_vectors(self, model: str, vectors: Iterable[Vector]) -> None:
        """See `GraphStore`."""
        rows = [(model, vector.node, vector.text, vector.data) for vector in vectors]
        with self._write() as connection:
            connection.executemany(query("add_vector"), rows)

    def vectors(self, model: str) -> Iterator[Vector]:
        """See `GraphStore`."""
        with translate_errors(self._path):
            yield from self._reader().vectors(model)

    def close(self) -> None:
        """See `GraphStore`."""
        self.finish_purge()
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()
            self._shared = None


def open_sqlite(path: str, clock: Clock, *, patience_s: float, must_exist: bool) -> SqliteStore:
    """Open the store in a file, created where there is none.

    Raises:
        ForeignStoreError: The file is no store of ours, or a newer one.
        StoreError: It can't be opened.
    """
    store = SqliteStore(path, clock, patience_s=patience_s, must_exist=must_exist)
    store.checkpoint()
    store.finish_purge()
    return store
