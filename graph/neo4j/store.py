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
from graph.neo4j import append, rebuild
from graph.neo4j.connection import ROWS, Address, Asker, translated
from graph.neo4j.log_writer import Head, head_of, locked
from graph.neo4j.reader import Bodies, Reader
from graph.store import Appended, Asserted, Compose, Counts, RawBundle, Stored, Thing, Vector
from graph.view.state_digest import digest_of

_T = TypeVar("_T")
_TRIES: Final = 20
_COMMITS: Final = 2
_VECTORS: Final = 1000


class _HalfMade(Exception):  # noqa: N818 - control flow: finish that rebuild first
    """Signal that a rebuild of the graph is unfinished."""


class _OurTurn(Exception):  # noqa: N818 - control flow: roll back a transaction that succeeded
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
        self._bodies = Bodies()
        # Counting scans the whole graph: the result is cached with the number of writes before it.
        self._counted: tuple[int, Counts] | None = None

    @contextmanager
    def _session(self) -> Iterator[neo4j.Session]:
        shown = self._address.shown
        with translated(shown):
            try:
                with self._driver.session(
                    database=self._address.database,
                    bookmark_manager=self._bookmarks,
                    fetch_size=ROWS,
                ) as session:
                    yield session
            except DamagedError as error:
                raise ForeignStoreError(
                    f"{shown} holds damaged bytes ({error}): `colineage verify` names all of them"
                ) from error

    def _read_whole(self, question: Callable[[Reader], _T]) -> _T:
        """Run a query about the graph, and check before and after it that no rebuild is unfinished.

        Raises:
            BusyError: The graph of a long log is being rebuilt.
        """

        def asked(transaction: neo4j.ManagedTransaction) -> _T:
            asker = Asker(transaction)
            self._refuse_half_made(head_of(asker))
            answer = question(Reader(asker, self._bodies))
            self._refuse_half_made(head_of(asker))
            return answer

        with self._session() as session:
            return session.execute_read(asked)

    def _refuse_half_made(self, head: Head) -> None:
        if head.rebuilding is not None:
            raise BusyError(
                f"{self._address.shown} is having its graph made again from its log (now: "
                f"{head.rebuilding.stage}, from bundle {head.rebuilding.position:,} of "
                f"{head.checkpoint.size:,}): try again later; where whoever did it was stopped, "
                "`colineage rebuild` goes on"
            )

    def _read(self, question: Callable[[Reader], _T]) -> _T:
        with self._session() as session:
            return session.execute_read(lambda tx: question(Reader(Asker(tx), self._bodies)))

    def _read_one_moment(self, question: Callable[[Reader], _T]) -> _T:
        """Run a query of several statements, retried until no write came between them."""

        def between(transaction: neo4j.ManagedTransaction) -> tuple[int, _T, int]:
            asker = Asker(transaction)
            before = head_of(asker).writes
            answer = question(Reader(asker, self._bodies))
            head = head_of(asker)
            self._refuse_half_made(head)
            return before, answer, head.writes

        for _ in range(_TRIES):
            with self._session() as session:
                before, answer, after = session.execute_read(between)
            if before == after:
                return answer
        raise BusyError(
            f"somebody kept writing to {self._address.shown} while it was read: ask again later"
        )

    def _write(self, work: Callable[[Asker, Head], _T]) -> _T:
        """Run work in one transaction, atomically; it may be run again from the start, even once committed.

        An unfinished rebuild, by whichever client, is finished first.
        """

        def whole(asker: Asker) -> _T:
            head = locked(asker)
            if head.rebuilding is not None:
                raise _HalfMade
            return work(asker, head)

        with self._session() as session:
            while True:
                with suppress(_HalfMade):
                    return self._kept(session, whole)
                self._finish(session)

    def _kept(self, session: neo4j.Session, work: Callable[[Asker], _T]) -> _T:
        for _ in range(_COMMITS):
            self._wait_for_turn(session)
            # The driver retries whatever it knows was rolled back. Where it can't know, as the
            # connection broke off after the commit was sent, we retry: all our work is idempotent.
            with suppress(IncompleteCommit):
                return session.execute_write(lambda transaction: work(Asker(transaction)))
        return session.execute_write(lambda transaction: work(Asker(transaction)))

    def _finish(self, session: neo4j.Session) -> None:
        """Finish a rebuild of the graph, a transaction for each step; any client may continue it."""
        while self._kept(session, lambda asker: rebuild.go_on(asker, locked(asker))):
            pass

    def _wait_for_turn(self, session: neo4j.Session) -> None:
        """Wait until no other client holds the lock on the head, `patience_s` at most.

        A client can set a timeout for a transaction, but not for a wait for a lock within one
        (`db.lock.acquisition.timeout` is server-wide). So the wait is a transaction of its own, and is
        rolled back: clients that pass it together each wait once more for the others' writes.
        """

        @neo4j.unit_of_work(timeout=self._patience_s)
        def waits(transaction: neo4j.ManagedTransaction) -> None:
            locked(Asker(transaction))
            raise _OurTurn

        with suppress(_OurTurn):
            session.execute_write(waits)

    def append(self, compose: Compose) -> Appended:
        """See `GraphStore`."""
        token = secrets.token_hex(16)
        tries = count()

        def work(asker: Asker, head: Head) -> Appended:
            again = next(tries) > 0
            return append.append(asker, head, compose, self._clock, token, again=again)

        return self._write(work)

    def trust(self, authors: frozenset[str]) -> None:
        """See `GraphStore`."""
        self.change_trust(lambda _before: authors)

    def change_trust(self, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        """See `GraphStore`."""
        with self._session() as session:
            before = session.execute_read(lambda tx: head_of(Asker(tx)))
        if change(before.trusted) == before.trusted and before.rebuilding is None:
            return

        def work(asker: Asker, head: Head) -> None:
            authors = change(head.trusted)
            if authors != head.trusted:
                asker.ask("set_trust", authors=sorted(authors))
                rebuild.begin(asker, head, authors)

        self._write(work)
        with self._session() as session:
            self._finish(session)

    def trusted(self) -> frozenset[str]:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Asker(tx)).trusted)

    def bundles(self, start: int = 0) -> Iterator[Stored]:
        """See `GraphStore`."""
        while page := self._read_whole(lambda reader, at=start: reader.bundles(at)):  # type: ignore[misc]
            yield from page
            start = page[-1].position + 1

    def raw(self, start: int = 0) -> Iterator[RawBundle]:
        """See `GraphStore`."""
        while page := self._read(lambda reader, at=start: reader.raw(at)):  # type: ignore[misc]
            yield from page
            start = page[-1].position + 1

    def stored(self, names: Iterable[BundleId]) -> Mapping[BundleId, Stored]:
        """See `GraphStore`."""
        wanted = list(dict.fromkeys(names))
        return self._read_whole(lambda reader: reader.stored(wanted))

    def held(self, names: Sequence[BundleId]) -> frozenset[BundleId]:
        """See `GraphStore`."""
        return self._read(lambda reader: reader.held(names))

    def things(self, ids: Sequence[str]) -> Mapping[str, Thing]:
        """See `GraphStore`."""
        return self._read_whole(lambda reader: reader.things(ids))

    def adjacent(
        self,
        ids: Sequence[str],
        *,
        outgoing: bool,
        relations: frozenset[Relation] | None = None,
        limit: int | None = None,
        after: Edge | None = None,
    ) -> Sequence[Asserted]:
        """See `GraphStore`."""
        if not ids:
            return []
        if limit is None and after is None:
            return self._read_whole(
                lambda reader: reader.adjacent(ids, outgoing=outgoing, relations=relations)
            )
        return self._read_whole(
            lambda reader: reader.first(
                ids, outgoing=outgoing, relations=relations, limit=limit, after=after
            )
        )

    def listed(self, kind: Kind | None, *, after: str = "", limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_whole(lambda reader: reader.listed(kind, after=after, limit=limit))

    def search(self, text: str, *, kind: Kind | None = None, limit: int) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_whole(lambda reader: reader.search(text, kind=kind, limit=limit))

    def counts(self) -> Counts:
        """See `GraphStore`."""
        with self._session() as session:
            writes = session.execute_read(lambda tx: head_of(Asker(tx)).writes)
        counted = self._counted
        if counted is None or counted[0] != writes:
            counted = (writes, self._read_one_moment(lambda reader: reader.counts()))
            self._counted = counted
        return counted[1]

    def digest(self) -> str:
        """See `GraphStore`."""
        return self._read_one_moment(lambda reader: digest_of(reader.state()))

    def checkpoint(self) -> Checkpoint:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Asker(tx)).checkpoint)

    def hashes(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """See `GraphStore`."""
        return self._read(lambda reader: reader.hashes(level, start, stop))

    def origin(self) -> str:
        """See `GraphStore`."""
        with self._session() as session:
            return session.execute_read(lambda tx: head_of(Asker(tx)).origin)

    def adopt(self, origin: str) -> None:
        """See `GraphStore`."""

        def work(asker: Asker, head: Head) -> None:
            if head.origin != origin and head.checkpoint.size:
                raise StoreError(
                    f"expected an empty store or one of the log {origin} in {self._address.shown}, "
                    f"got the log {head.origin}: give another store"
                )
            asker.ask("set_origin", origin=origin)

        self._write(work)

    def damage(self) -> Sequence[str]:
        """See `GraphStore`."""
        return self._read_one_moment(lambda reader: reader.damage())

    def rebuild(self) -> None:
        """See `GraphStore`."""
        self._write(lambda asker, head: rebuild.begin(asker, head, head.trusted))
        with self._session() as session:
            self._finish(session)

    def keep_vectors(self, model: str, vectors: Iterable[Vector]) -> None:
        """See `GraphStore`."""
        rows = [[model, one.node, one.text, one.data] for one in vectors]

        def work(asker: Asker, _head: Head) -> None:
            asker.tell("add_vector", rows, size=_VECTORS)

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
