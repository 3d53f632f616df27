"""What a store in a file promises beyond the others: durable, locked, refused when it is foreign."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.bundle.bundle import Bundle
from graph.errors import BusyError, ForeignStoreError, InputError, StoreError
from graph.open import open_store
from graph.rules.facts import TrustEntry, authors_of
from graph.store import AppendView, GraphStore
from tests.graph.conftest import clock
from tests.graph.histories import ADA, IDEAS
from tests.graph.statements import add, idea, say, seen

SAID = say(ADA, idea(IDEAS[0], "an idea"))

DIE_IN_THE_MIDDLE = """
import os, sys
from graph.open import open_store
from tests.graph.statements import add, idea, say
from tests.graph.histories import ADA, IDEAS
store = open_store(sys.argv[1])
add(store, say(ADA, idea(IDEAS[0], "an idea")))
def dies(look):
    if sys.argv[2] == "composing":
        os._exit(9)
    return [say(ADA, idea(IDEAS[1], "lost"))]
if sys.argv[2] == "composing":
    store.append(dies)
os._exit(9)
"""

# Root may read and write everything: as root, the child lays that down (capset(2), version 3) before it opens.
WITHOUT_PRIVILEGES = """
import ctypes, os, struct, sys
from graph.errors import StoreError
from graph.open import open_store
if os.geteuid() == 0:
    nothing = ctypes.create_string_buffer(24)
    assert ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), nothing) == 0
try:
    open_store(sys.argv[1], must_exist=sys.argv[2] == "there").close()
except StoreError as error:
    print(error)
"""


@contextmanager
def opened(url: str, *, patience_s: float = 0.05) -> Iterator[GraphStore]:
    store = open_store(url, clock=clock, patience_s=patience_s)
    try:
        yield store
    finally:
        store.close()


def test_what_was_appended_is_there_when_it_is_opened_again(file_url: str) -> None:
    with opened(file_url) as store:
        store.trust([TrustEntry(ADA.key)])
        add(store, SAID)
        before = seen(store), store.checkpoint(), authors_of(store.trust_list())
    with opened(file_url) as store:
        assert (seen(store), store.checkpoint(), authors_of(store.trust_list())) == before
        assert add(store, SAID) == ()


@pytest.mark.parametrize("when", ["after", "composing"])
def test_a_killed_process_loses_nothing_acknowledged(file_url: str, when: str) -> None:
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", DIE_IN_THE_MIDDLE, file_url, when]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": root}, check=False)
    assert killed.returncode == 9
    with opened(file_url) as store:
        assert [one.bundle for one in store.bundles()] == [SAID]
        assert set(store.things(IDEAS)) == {IDEAS[0]}


def test_a_second_writer_is_told_to_try_again(file_url: str) -> None:
    with opened(file_url) as mine, opened(file_url) as yours:

        def both(_look: AppendView) -> Sequence[Bundle]:
            with pytest.raises(BusyError):
                add(yours, SAID)
            return []

        mine.append(both)
        assert add(yours, SAID) == (SAID.id,)
        assert mine.bundles_by_id([SAID.id]).get(SAID.id) is not None


def test_readers_go_on_while_another_writes(file_url: str) -> None:
    with opened(file_url) as mine, opened(file_url) as yours:
        add(mine, SAID)

        def reads(_look: AppendView) -> Sequence[Bundle]:
            assert set(yours.things(IDEAS)) == {IDEAS[0]}
            return []

        mine.append(reads)


def test_a_store_must_exist_where_that_is_asked(file_url: str) -> None:
    with pytest.raises(StoreError, match=r"colineage\.db"):
        open_store(file_url, must_exist=True)
    with opened(file_url):
        pass
    open_store(file_url, must_exist=True).close()


@pytest.mark.parametrize(
    "url", ["", "sqlite:", "sqlite: ", "sqlite://a.db", "postgres:x", "colineage.db", "neo4j:x"]
)
def test_an_unknown_kind_of_store_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="sqlite:colineage"):
        open_store(url)


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignStoreError, match=r"other\.db"):
        open_store(f"sqlite:{path}")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at closely\n" * 30)
    before = path.read_bytes()
    with pytest.raises(ForeignStoreError, match=r"notes\.txt"):
        open_store(f"sqlite:{path}")
    assert path.read_bytes() == before


def test_a_newer_store_is_refused(file_url: str) -> None:
    with opened(file_url):
        pass
    newer = sqlite3.connect(file_url.removeprefix("sqlite:"))
    newer.execute("PRAGMA user_version = 9999")
    newer.close()
    with pytest.raises(ForeignStoreError, match="newer"):
        open_store(file_url)


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda store: store.things([object()]), TypeError),
        (lambda store: store.list_ids("work", limit=1), AttributeError),
        (lambda store: store.bundles_by_id(["sha256:x"]), ValueError),
    ],
    ids=["an object as an id", "a text as a kind", "a hash cut short"],
)
def test_a_mistake_of_who_asks_is_no_damage_of_the_file(
    file_url: str, ask: Callable[[GraphStore], object], expected: type[Exception]
) -> None:
    with opened(file_url) as store:
        add(store, SAID)
        with pytest.raises(expected):
            ask(store)


def test_rows_that_fit_nothing_are_told_with_what_came_and_where(file_url: str) -> None:
    with opened(file_url) as store:
        add(store, SAID)
    by_hand = sqlite3.connect(file_url.removeprefix("sqlite:"))
    by_hand.execute("UPDATE node SET id = 'arxiv:2401.00009'")
    by_hand.commit()
    by_hand.close()
    told = r"(?s)damaged bytes.*reader\.py:\d+: .*KeyError: 'arxiv:2401\.00009'.*colineage verify"
    with opened(file_url) as store, pytest.raises(ForeignStoreError, match=told):
        store.things(["arxiv:2401.00009"])


@pytest.mark.parametrize("must_exist", [False, True])
def test_a_folder_is_no_store(tmp_path: Path, must_exist: bool) -> None:
    with pytest.raises(StoreError, match="got the folder"):
        open_store(f"sqlite:{tmp_path}", must_exist=must_exist)


def test_a_store_in_a_folder_that_is_not_there_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"expected a folder .* make it"):
        open_store(f"sqlite:{tmp_path / 'nowhere' / 'colineage.db'}")
    with pytest.raises(StoreError, match="ingest something first"):
        open_store(f"sqlite:{tmp_path / 'nowhere' / 'colineage.db'}", must_exist=True)


def told_without_privileges(url: str, must_exist: bool) -> str:
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", WITHOUT_PRIVILEGES, url, "there" if must_exist else "new"]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_place_that_may_not_be_written_is_told_with_the_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    with opened(f"sqlite:{folder}/colineage.db") as store:
        add(store, SAID)
    folder.chmod(0o555)
    told = told_without_privileges(f"sqlite:{folder}/colineage.db", must_exist=True)
    also = told_without_privileges(f"sqlite:{folder}/new.db", must_exist=False)
    folder.chmod(0o755)
    for text in (told, also):
        assert "by this user" in text
        assert "-wal" in text
        assert "copy the file" in text
    assert told_without_privileges(f"sqlite:{folder}/colineage.db", must_exist=True) == ""


def test_odd_file_names_are_file_names(tmp_path: Path) -> None:
    for name in ("a b.db", "a?b.db", "a#b.db", "a%20b.db", "ä.db"):
        with opened(f"sqlite:{tmp_path / name}") as store:
            add(store, SAID)
        assert (tmp_path / name).is_file()


def test_memory_stores_are_apart() -> None:
    with opened("sqlite::memory:") as mine, opened("sqlite::memory:") as yours:
        add(mine, SAID)
        assert list(yours.bundles()) == []
