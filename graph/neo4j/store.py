"""Implementation of `GraphStore` over one Neo4j database."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Final, TypeVar

import neo4j
from neo4j.exceptions import IncompleteCommit

from graph.clock import Clock
from graph.errors import BusyError, DamagedError, ForeignStoreError, StoreError
from graph.log.checkpoint import Checkpoint
from graph.model.model import BundleId, Edge
from graph.model.vocabulary import Kind, Relation
from graph.neo4j import append, erasure, rebuild, state_tree
from graph.neo4j.connection import ROWS, Address, Tx, translate_errors
from graph.neo4j.log_writer import LogHead, head_of, lock_head, trust_text
from graph.neo4j.reader import BodyCache, Neo4jReader
from graph.rules.facts import TrustEntry
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

_T = TypeVar("_T")
_TRIES: Final = 20
_COMMITS: Final = 2
_VECTORS: Final = 1000


class _RebuildUnfinished(Exception):  # noqa: N818 - control flow: finish that rebuild first
    """Signal that a rebuild of the graph is unfinished."""


class _LockFree(Exception):  # noqa: N818 - control flow: roll back a transaction that succeeded
    """Signal that no other client holds the lock on the head."""


class Neo4jStore:
    """Store on a Neo4j server; its methods are thread-safe.

    Neo4j's isolation is read-committed: a query of several statements that needs one snapshot of the
    store is retried if another client wrote meanwhile.
    """

    def __init__(
        self, driver: neo4j.Driver, address: Address, clock: Clock, *, patience_s: float
    ) -> None:
        """Keep the arguments; `open_neo4j` opens.

        Args:
            driver: The driver of the server; closed with the store.
            address: The address of the database.
            clock: The current time, to refuse bundles dated ahead.
            patience_s: How long a write waits for another writer.
        """
        self._driver = driver
        self._address = address
        self._clock = clock
        self._patience_s = patience_s
        # Causal consistency: the next session sees what the last one wrote, on any server of a cluster.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._bodies = BodyCache()
        # Counting scans the whole graph: the result is cached with the number of writes before it.
        self._cached_counts: tuple[int, Counts] | None = None

    @contextmanager
    def _session(self) -> Iterator[neo4j.Session]:
        address = self._address.label
        with translate_errors(address):
            try:
                with self._driver.session(
                    database=self._address.database,
                    bookmark_manager=self._bookmarks,
                    fetch_size=ROWS,
                ) as session:
                    yield session
            except DamagedError as error:
                raise ForeignStoreError(
                    f"{address} holds damaged bytes ({error}): `colineage verify` names all of them"
                ) from error

    def _read_complete(self, question: Callable[[Neo4jReader], _T]) -> _T:
        """Run a query about the graph, and check before and after it that no rebuild is unfinished.

        Raises:
            BusyError: The graph of a long log is being rebuilt.
        """

        def run_query(transaction: neo4j.ManagedTransaction) -> _T:
            tx = Tx(transaction)
            self._refuse_unfinished_rebuild(head_of(tx))
            answer = question(Neo4jReader(tx, self._bodies))
            self._refuse_unfinished_rebuild(head_of(tx))
            return answer

        with self._session() as session:
            return session.execute_read(run_query)

    def _refuse_unfinished_rebuild(self, head: LogHead) -> None:
        if head.rebuilding is not None:
            raise BusyError(
                f"{self._address.label} is having its graph made again from its log (now: "
                f"{head.rebuilding.stage}, from bundle {head.rebuilding.position:,} of "
                f"{head.checkpoint.size:,}): try again later; where whoever did it was stopped, "
                "`colineage rebuild` goes on"
            )

    def _read(self, question: Callable[[Neo4jReader], _T]) -> _T:
        with self._session() as session:
            return session.execute_read(lambda tx: question(Neo4jReader(Tx(tx), self._bodies)))

    def _read_snapshot(self, question: Callable[[Neo4jReader], _T]) -> _T:
        """Run a query of several statements, retried until no write came between them."""

        def between(transaction: neo4j.ManagedTransaction) -> tuple[int, _T, int]:
            tx = Tx(transaction)
            before = head_of(tx).writes
            answer = question(Neo4jReader(tx, self._bodies))
            head = head_of(tx)
            self._refuse_unfinished_rebuild(head)
            return before, answer, head.writes

        for _ in range(_TRIES):
            with self._session() as session:
                before, answer, after = session.execute_read(between)
            if before == after:
                return answer
        raise BusyError(
            f"somebody kept writing to {self._address.label} while it was read: ask again later"
        )

    def _write(self, work: Callable[[Tx, LogHead], _T]) -> _T:
        """Run work in one transaction, atomically; it may be run again from the start, even once committed.

        An unfinished rebuild, by whichever client, is finished first.
        """

        def whole(tx: Tx) -> _T:
            head = lock_head(tx)
            if head.rebuilding is not None:
                raise _RebuildUnfinished
            return work(tx, head)

        with self._session() as session:
            while True:
                with suppress(_RebuildUnfinished):
                    return self._commit(session, whole)
                self._finish_rebuild(session)

    def _commit(self, session: neo4j.Session, work: Callable[[Tx], _T]) -> _T:
        for _ in range(_COMMITS):
            self._wait_for_turn(session)
            # The driver retries whatever it knows was rolled back. Where it can't know, as the
            # connection broke off after the commit was sent, we retry: all our work is idempotent.
            with suppress(IncompleteCommit):
                return session.execute_write(lambda transaction: work(Tx(transaction)))
        return session.execute_write(lambda transaction: work(Tx(transaction)))

    def _finish_rebuild(self, session: neo4j.Session) -> None:
        """Finish a rebuild of the graph, a transaction for each step; any client may continue it."""
        while self._commit(session, lambda tx: rebuild.advance(tx, lock_head(tx), self._clock())):
            pass

    def _wait_for_turn(self, session: neo4j.Session) -> None:
        """Wait until no other client holds the lock on the head, `patience_s` at most.

        A client can set a timeout for a transaction, but not for a wait for a lock within one
        (`db.lock.acquisition.timeout` is server-wide). So the wait is a transaction of its own, and is
        rolled back: clients that pass it together each wait once more for the others' writes.
        """

        @neo4j.unit_of_work(timeout=self._patience_s)
        def wait(transaction: neo4j.ManagedTransaction) -> None:
            lock_head(Tx(transaction))
            raise _LockFree

        with suppress(_LockFree):
            session.execute_write(wait)

    def append(self, compose: Compose) -> AppendResult:
        """See `GraphStore`."""
        token = secrets.token_hex(16)
        tries = count()

        def work(tx: Tx, head: LogHead) -> AppendResult:
            is_retry = next(tries) > 0
            return append.append(tx, head, compose, self._clock, token, is_retry=is_retry)

        return self._write(work)

    def trust(self, entries: Sequence[TrustEntry]) -> None:
        """See `GraphStore`."""
        self.change_trust(lambda _before: entries)

    def change_trust(
        self, change: Callable[[tuple[TrustEntry, ...]], Sequence[TrustEntry]]
    ) -> None:
        """See `GraphStore`."""
        with self._session() as session:
            before = session.execute_read(lambda tx: head_of(Tx(tx)))
        if tuple(change(before.trust)) == before.trust and before.rebuilding is None:
            return

        def work(tx: Tx, head: LogHead) -> None:
            entries = tuple(change(head.trust))
            if entries != head.trust:
                tx.run("set_trust", trust=trust_text(entries))
                rebuild.begin(tx, head, entries, self._clock())

        self._write(work)
        with self._session() as session:
            self._finish_rebuild(session)

    def trust_list(self) -> tuple[TrustEntry, ...]:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Tx(tx)).trust)

    def waiting(self) -> Waiting:
        """See `GraphStore`."""
        return self._read_complete(lambda reader: reader.waiting())

    def bundles(self, start: int = 0) -> Iterator[StoredBundle]:
        """See `GraphStore`."""
        while page := self._read_complete(lambda reader, at=start: reader.bundles(at)):  # type: ignore[misc]
            yield from page
            start = page[-1].position + 1

    def raw_bundles(self, start: int = 0) -> Iterator[RawBundle]:
        """See `GraphStore`."""
        while page := self._read(lambda reader, at=start: reader.raw_bundles(at)):  # type: ignore[misc]
            yield from page
            start = page[-1].position + 1

    def bundles_by_id(self, names: Iterable[BundleId]) -> Mapping[BundleId, StoredBundle]:
        """See `GraphStore`."""
        unique_names = list(dict.fromkeys(names))
        return self._read_complete(lambda reader: reader.bundles_by_id(unique_names))

    def bodies_present(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        return self._read(lambda reader: reader.bodies_present(names))

    def things(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """See `GraphStore`."""
        return self._read_complete(lambda reader: reader.things(ids))

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
        if not ids:
            return []
        if limit is None and after is None:
            return self._read_complete(
                lambda reader: reader.adjacent(ids, outgoing=outgoing, relations=relations)
            )
        return self._read_complete(
            lambda reader: reader.first_adjacent(
                ids, outgoing=outgoing, relations=relations, limit=limit, after=after
            )
        )

    def list_ids(self, kind: Kind | None, *, after: str = "", limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_complete(lambda reader: reader.list_ids(kind, after=after, limit=limit))

    def search(self, text: str, *, kind: Kind | None = None, limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_complete(lambda reader: reader.search(text, kind=kind, limit=limit))

    def counts(self) -> Counts:
        """See `GraphStore`."""
        with self._session() as session:
            writes = session.execute_read(lambda tx: head_of(Tx(tx)).writes)
        cached = self._cached_counts
        if cached is None or cached[0] != writes:
            cached = (writes, self._read_snapshot(lambda reader: reader.counts()))
            self._cached_counts = cached
        return cached[1]

    def digest(self) -> str:
        """See `GraphStore`."""
        self._bring_tree_up_to_date()
        return self._read_snapshot(lambda reader: state_tree.state_digest(reader.tx))

    def digests_below(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """See `GraphStore`."""
        self._bring_tree_up_to_date()
        return self._read_snapshot(lambda reader: state_tree.digests_below(reader.tx, prefixes))

    def _bring_tree_up_to_date(self) -> None:
        """Bring the tree of the digest up to date, a page a transaction."""

        def work(tx: Tx, _head: LogHead) -> bool:
            return state_tree.bring_page_up_to_date(tx, self._bodies.descriptions_at)

        is_current = self._read_snapshot(lambda reader: state_tree.is_up_to_date(reader.tx))
        while not is_current:
            is_current = not self._write(work)

    def erased_positions(self) -> Sequence[int]:
        """See `GraphStore`."""
        return self._read_complete(lambda reader: reader.erased_positions())

    def checkpoint(self) -> Checkpoint:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Tx(tx)).checkpoint)

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """See `GraphStore`."""
        return self._read(lambda reader: reader.hashes(level, start, stop))

    def origin(self) -> str:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Tx(tx)).origin)

    def adopt(self, origin: str) -> None:
        """See `GraphStore`."""

        def work(tx: Tx, head: LogHead) -> None:
            if head.origin != origin and head.checkpoint.size:
                raise StoreError(
                    f"expected an empty store or one of the log {origin} in {self._address.label}, "
                    f"got the log {head.origin}: give another store"
                )
            tx.run("set_origin", origin=origin)

        self._write(work)

    def integrity_faults(self) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_snapshot(lambda reader: reader.integrity_faults())

    def rebuild(self) -> None:
        """See `GraphStore`."""
        self._write(lambda tx, head: rebuild.begin(tx, head, head.trust, self._clock()))
        with self._session() as session:
            self._finish_rebuild(session)

    def purge(self) -> str | None:
        """See `GraphStore`."""
        return erasure.advice(self._address.label) if self.erased_positions() else None

    def keep_vectors(self, model: str, vectors: Iterable[Vector]) -> None:
        """See `GraphStore`."""
        rows = [[model, vector.node, vector.text, vector.data] for vector in vectors]

        def work(tx: Tx, _head: LogHead) -> None:
            tx.write_many("add_vector", rows, size=_VECTORS)

        self._write(work)

    def vectors(self, model: str) -> Iterator[Vector]:
        """See `GraphStore`."""
        after = ""
        while page := self._read(lambda reader, last=after: reader.vectors(model, last)):  # type: ignore[misc]
            yield from page
            after = page[-1].node

    def close(self) -> None:
        """See `GraphStore`."""
        self._driver.close()
