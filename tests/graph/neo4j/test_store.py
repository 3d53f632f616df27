"""What a store in Neo4j promises beyond the others: one writer at a time, refused when it is foreign."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import neo4j
import pytest

from graph.bundle.bundle import Bundle
from graph.errors import (
    BundleError,
    BusyError,
    ForeignStoreError,
    InputError,
    StoreError,
    UnreachableError,
)
from graph.neo4j import append, rebuild
from graph.neo4j.connection import Tx, address_of
from graph.neo4j.log_writer import RebuildStep, lock_head
from graph.open import open_store
from graph.rules.facts import TrustEntry, authors_of
from graph.store import AppendView, GraphStore
from tests.golden.test_golden import BUNDLES, DIGEST, TRUSTED
from tests.graph.conftest import clock
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.neo4j.cutting_proxy import Proxy
from tests.graph.statements import add, idea, paper, say, seen

SAID = say(ADA, idea(IDEAS[0], "an idea"))

DIE_IN_THE_MIDDLE = """
import os, sys
from graph.open import open_store
from tests.graph.statements import add, idea, say
from tests.graph.histories import ADA, IDEAS
store = open_store(sys.argv[1])
add(store, say(ADA, idea(IDEAS[0], "an idea")))
def dies(look):
    os._exit(9)
store.append(dies)
"""


@contextmanager
def opened(url: str, *, patience_s: float = 30.0) -> Iterator[GraphStore]:
    store = open_store(url, patience_s=patience_s)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def speaking(url: str) -> Iterator[neo4j.Session]:
    with neo4j.GraphDatabase.driver(url) as driver, driver.session() as session:
        yield session


# Addresses.


def test_an_address_is_taken_apart() -> None:
    found = address_of("bolt://ada:p%40ss@graph.example:7688/papers", {"NEO4J_PASSWORD": "no"})
    assert (found.uri, found.database) == ("bolt://graph.example:7688", "papers")
    assert (found.user, found.password) == ("ada", "p@ss")
    assert found.label == "bolt://graph.example:7688/papers"
    assert address_of("neo4j+s://[::1]", {}).uri == "neo4j+s://[::1]"


def test_a_password_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("from the file\n", encoding="utf-8")
    both = {"NEO4J_PASSWORD": "from the environment", "NEO4J_PASSWORD_FILE": str(secret)}
    assert address_of("neo4j://x", {}).password is None
    assert address_of("neo4j://x", both).password == both["NEO4J_PASSWORD"]
    only = {"NEO4J_PASSWORD_FILE": str(secret)}
    assert address_of("neo4j://x", only).password == secret.read_text().strip()
    assert address_of("neo4j://x", only).user == "neo4j"
    with pytest.raises(StoreError, match="NEO4J_PASSWORD_FILE"):
        address_of("neo4j://x", {"NEO4J_PASSWORD_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    "url", ["neo4j://", "bolt://:7687", "neo4j://x:port", "bolt://x/a/b", "neo4j://x?policy=1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="neo4j://host:7687"):
        open_store(url)


def test_a_refusal_never_tells_the_password() -> None:
    with pytest.raises(InputError) as caught:
        open_store("neo4j://ada:secret@x/a/b")
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_to_be_tried_again() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(UnreachableError, match=f"bolt://127.0.0.1:{port}"):
            open_store(f"bolt://127.0.0.1:{port}", patience_s=1.0)


# Opening.


@pytest.mark.neo4j
def test_what_was_appended_is_there_when_it_is_opened_again(neo4j_url: str) -> None:
    with opened(neo4j_url) as store:
        store.trust([TrustEntry(ADA.key)])
        add(store, SAID)
        before = seen(store), store.checkpoint(), authors_of(store.trust_list())
    with opened(neo4j_url) as store:
        assert (seen(store), store.checkpoint(), authors_of(store.trust_list())) == before
        assert add(store, SAID) == ()


@pytest.mark.neo4j
def test_a_store_must_exist_where_that_is_asked(neo4j_url: str) -> None:
    with pytest.raises(StoreError, match="it is empty"):
        open_store(neo4j_url, must_exist=True)
    with opened(neo4j_url):
        pass
    open_store(neo4j_url, must_exist=True).close()


@pytest.mark.neo4j
def test_a_foreign_database_is_refused_and_left_alone(neo4j_url: str) -> None:
    with speaking(neo4j_url) as session:
        session.run("CREATE (:Customer {name: 'Ada'})").consume()
    with pytest.raises(ForeignStoreError, match="Customer"):
        open_store(neo4j_url)
    with speaking(neo4j_url) as session:
        assert [row.values() for row in session.run("MATCH (n) RETURN labels(n), n.name")] == [
            [["Customer"], "Ada"]
        ]


@pytest.mark.neo4j
def test_a_newer_store_is_refused(neo4j_url: str) -> None:
    with opened(neo4j_url), speaking(neo4j_url) as session:
        session.run("MATCH (l:Log) SET l.schema = 9999").consume()
    with pytest.raises(ForeignStoreError, match="newer"):
        open_store(neo4j_url)


@pytest.mark.neo4j
def test_whoever_opens_an_empty_database_at_the_same_time_finds_the_same_store(
    neo4j_url: str,
) -> None:
    """Commands on the schema wait for each other's locks, and of two that do one is undone."""
    origins: list[str] = []

    def opens() -> None:
        with opened(neo4j_url) as store:
            origins.append(store.origin())

    with speaking(neo4j_url) as session:
        for kind, some in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            shown = session.run(f"SHOW {some} YIELD name, type WHERE type <> 'LOOKUP'")
            for name in [row["name"] for row in shown]:
                session.run(f"DROP {kind} {name}").consume()
    threads = [threading.Thread(target=opens) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(origins), len(set(origins))) == (3, 1)


@pytest.mark.neo4j
def test_damaged_bytes_are_named(neo4j_url: str) -> None:
    with opened(neo4j_url) as store:
        add(store, SAID)
        with speaking(neo4j_url) as session:
            session.run("MATCH (b:Bundle) SET b.header = $bytes", bytes=b"{").consume()
        with pytest.raises(ForeignStoreError, match="colineage verify"):
            store.bundles_by_id([SAID.id]).get(SAID.id)


# Writing.


@pytest.mark.neo4j
def test_the_golden_bundles_have_their_digest(neo4j_url: str) -> None:
    with opened(neo4j_url) as store:
        store.trust([TrustEntry(author) for author in sorted(TRUSTED)])
        for bundle in BUNDLES.values():
            add(store, bundle)
        assert store.digest() == DIGEST
        store.rebuild()
        assert store.digest() == DIGEST


@pytest.mark.neo4j
def test_a_killed_process_loses_nothing_acknowledged(neo4j_url: str) -> None:
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", DIE_IN_THE_MIDDLE, neo4j_url]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": root}, check=False)
    assert killed.returncode == 9
    with opened(neo4j_url) as store:
        assert [one.bundle for one in store.bundles()] == [SAID]
        assert add(store, say(ADA, prev=(SAID,))) != ()


@pytest.mark.neo4j
def test_a_second_writer_is_told_to_try_again(neo4j_url: str) -> None:
    with opened(neo4j_url) as mine, opened(neo4j_url, patience_s=0.05) as yours:

        def both(_look: AppendView) -> Sequence[Bundle]:
            with pytest.raises(BusyError):
                add(yours, SAID)
            assert list(yours.bundles()) == []  # readers go on
            return []

        mine.append(both)
        assert add(yours, SAID) == (SAID.id,)
        assert mine.bundles_by_id([SAID.id]).get(SAID.id) is not None


@pytest.mark.neo4j
def test_writers_never_fork_the_log(neo4j_url: str) -> None:
    records = [paper(f"2401.{k:05}", f"paper {k}") for k in range(40)]
    wrong: list[BaseException] = []

    def writes(order: Sequence[Bundle]) -> None:
        try:
            with opened(neo4j_url) as store:
                for one in order:
                    add(store, one)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread below
            wrong.append(error)

    with opened(neo4j_url) as store:
        writers = [
            threading.Thread(target=writes, args=(order,)) for order in (records, records[::-1])
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert wrong == []
        stored = list(store.bundles())
        assert [one.position for one in stored] == list(range(len(records)))
        assert {one.bundle.id for one in stored} == {one.id for one in records}


@pytest.mark.neo4j
def test_an_append_that_is_run_again_is_there_once(neo4j_url: str) -> None:
    """As after a connection that broke while the server said that the transaction was kept."""
    with opened(neo4j_url) as store, speaking(neo4j_url) as session:
        said = iter([SAID, say(ZED, idea(IDEAS[1], "said twice"))])

        def work(transaction: neo4j.ManagedTransaction) -> tuple[str, ...]:

            asker = Tx(transaction)
            return append.append(
                asker, lock_head(asker), lambda _look: [next(said)], clock, "a token", is_retry=True
            ).added

        assert session.execute_write(work) == (SAID.id,)
        assert session.execute_write(work) == (SAID.id,)
        assert [one.bundle for one in store.bundles()] == [SAID]


@pytest.mark.neo4j
@pytest.mark.parametrize("answers", [1, 6, 12, None])
def test_a_cut_connection_keeps_an_append_whole(neo4j_url: str, answers: int | None) -> None:
    """Cut before an answer, or before that to the commit: what is said is there once."""
    said: list[Bundle] = []

    def says(_look: AppendView) -> list[Bundle]:
        said.append(say(ADA, salt=f"{len(said):032x}"))
        return said[-1:]

    with opened(neo4j_url) as store, Proxy(neo4j_url.removeprefix("bolt://")) as proxy:
        with opened(proxy.url, patience_s=10.0) as through:
            proxy.cut_after(answers) if answers else proxy.cut_at_second_end()
            added = through.append(says).added
        assert len(added) == 1
        assert [one.bundle.id for one in store.bundles()] == list(added)
        assert proxy.cuts == 1
        if answers is None:
            assert added == (said[0].id,)


@pytest.mark.neo4j
def test_what_composing_refuses_is_no_damage_of_the_store(neo4j_url: str) -> None:
    def refuses(_look: AppendView) -> Sequence[Bundle]:
        raise BundleError("on purpose", [])

    with opened(neo4j_url) as store, pytest.raises(BundleError, match="on purpose"):
        store.append(refuses)


def left_half_made(store: GraphStore, raw: neo4j.Session) -> str:
    """A work that the last step is to draw of making a long log's graph again, before which somebody was stopped."""
    records = [paper(f"2401.{k:05}", f"paper {k}") for k in range(rebuild.STEP)]
    store.trust([TrustEntry(ADA.key)])
    add(store, *records, say(ADA, vouches=(records[0],)))

    def begins(tx: neo4j.ManagedTransaction) -> None:
        rebuild.begin(Tx(tx), lock_head(Tx(tx)), (TrustEntry(ADA.key),), clock())

    def goes_on(tx: neo4j.ManagedTransaction) -> bool:
        head = lock_head(Tx(tx))
        return head.rebuilding != RebuildStep("settle", rebuild.STEP) and rebuild.advance(
            Tx(tx), head, clock()
        )

    raw.execute_write(begins)
    while raw.execute_write(goes_on):
        pass
    return "arxiv:2401.00000"


@pytest.mark.neo4j
def test_a_question_is_refused_that_was_answered_before_the_graph_was_whole(
    neo4j_url: str,
) -> None:
    """Else what was answered half would be told as the whole, as nobody makes it again any more."""
    with opened(neo4j_url) as store, speaking(neo4j_url) as raw:
        name = left_half_made(store, raw)
        with Proxy(neo4j_url.removeprefix("bolt://")) as proxy, opened(proxy.url) as through:
            proxy.once_answered(b"(t:Thing", store.rebuild)
            with pytest.raises(BusyError, match="colineage rebuild"):
                through.things([name])
        store.rebuild()
        assert store.things([name])


@pytest.mark.neo4j
def test_whoever_was_stopped_while_trusting_goes_on_by_the_same_command(neo4j_url: str) -> None:
    with opened(neo4j_url) as store, speaking(neo4j_url) as raw:
        name = left_half_made(store, raw)
        store.trust([TrustEntry(ADA.key)])
        assert store.things([name])


@pytest.mark.neo4j
def test_a_long_log_is_made_again_in_steps_that_anybody_goes_on_with(neo4j_url: str) -> None:
    records = [paper(f"2401.{k:05}", f"paper {k}") for k in range(rebuild.STEP + 50)]
    run = say(ADA, vouches=tuple(records), salt="0" * 32)
    with opened(neo4j_url) as store, opened("sqlite::memory:") as other, speaking(neo4j_url) as raw:
        for one in (store, other):
            one.trust([TrustEntry(ADA.key)])
            add(one, *records, run)
        wanted = other.digest()

        def stops_after(steps: int) -> None:
            def begins(tx: neo4j.ManagedTransaction) -> None:
                rebuild.begin(Tx(tx), lock_head(Tx(tx)), (TrustEntry(ADA.key),), clock())

            raw.execute_write(begins)
            for _ in range(steps):
                raw.execute_write(lambda tx: rebuild.advance(Tx(tx), lock_head(Tx(tx)), clock()))

        for steps in (1, 7):
            stops_after(steps)
            for question in (
                store.digest,
                store.counts,
                lambda: store.things([]),
                lambda: store.list_ids(None, limit=1),
                lambda: store.search("paper", limit=1),
                lambda: store.bundles_by_id([run.id]),
                lambda: list(store.bundles()),
            ):
                with pytest.raises(BusyError, match="colineage rebuild"):
                    question()
            assert store.checkpoint() == other.checkpoint()
            assert len(list(store.raw_bundles())) == len(records) + 1
            store.rebuild()
            assert store.digest() == wanted
        stops_after(5)
        for one in (store, other):
            assert add(one, SAID) == (SAID.id,)
        assert store.digest() == other.digest() != wanted
