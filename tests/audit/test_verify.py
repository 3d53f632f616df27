import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.verify import LogVerification, verify
from graph.bundle.bundle import record
from graph.bundle.keys import signer_of
from graph.errors import BusyError
from graph.model.model import Answer, Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation, Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import AppendResult, GraphStore
from tests.graph.statements import RUN_BODY, add, idea, say
from tests.graph.unfit import UNFIT, unfit

Fresh = Callable[[], GraphStore]

CHANGE = {
    "header": "UPDATE content SET header = ? WHERE position = ?",
    "body": "UPDATE content SET body = ? WHERE position = ?",
    "signature": "UPDATE content SET signature = ? WHERE position = ?",
}
PAPERS = tuple(f"arxiv:2401.{number:05}" for number in range(1, 6))


def _clock() -> datetime:
    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def fill(store: GraphStore) -> AppendResult:
    """Five papers that cite each other in a row, and the run that vouches for them."""
    signer = signer_of(bytes(range(32)))
    store.trust([TrustEntry(signer.key)])
    speaker = Speaker(signer, f"software:{signer.key}", _clock)
    served = [
        record(
            "source:arxiv",
            "2026-11-20T00:00:00Z",
            RecordSource(paper, "arxiv-raw/300"),
            Body(
                (Description(paper, Kind.WORK, {"title": f"Paper {paper}"}),),
                (Edge(paper, Relation.CITES, PAPERS[0]),),
            ),
        )
        for paper in PAPERS
    ]
    vouches = tuple(one.id for one in served)
    return store.append(
        lambda look: [*served, speaker.make_statement(look, RUN_BODY, vouches=vouches)]
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store in a file, filled and closed."""
    file = tmp_path / "a.db"
    with closing(open_store(f"sqlite:{file}", clock=_clock)) as store:
        fill(store)
    return file


@pytest.fixture
def checked(path: Path, fresh: Fresh) -> Callable[[], LogVerification]:
    def checked() -> LogVerification:
        with closing(open_store(f"sqlite:{path}", clock=_clock)) as store:
            return verify(store, fresh=fresh)

    return checked


@pytest.fixture
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def ids(path: Path) -> list[str]:
    with closing(open_store(f"sqlite:{path}", clock=_clock)) as store:
        return [raw.id for raw in store.raw_bundles()]


def test_what_holds_is_said_to_hold(checked: Callable[[], LogVerification], path: Path) -> None:
    verdict = checked()
    assert (verdict.ok, verdict.faults, verdict.bundles) == (True, (), 6)
    with closing(open_store(f"sqlite:{path}", clock=_clock)) as store:
        assert verdict.checkpoint == store.checkpoint()
        assert verdict.digest == store.digest()


def test_an_empty_store_holds(store: GraphStore, fresh: Fresh) -> None:
    verdict = verify(store, fresh=fresh)
    assert (verdict.ok, verdict.bundles) == (True, 0)
    assert verdict.checkpoint.root == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("column", "position", "words"),
    [
        ("header", 2, "expected a header whose hash is its id"),
        ("body", 2, "the hash of the body"),
        ("signature", 5, "signature: expected one that holds under ed25519:"),
    ],
)
def test_one_changed_byte_is_found_and_its_bundle_named(
    checked: Callable[[], LogVerification],
    by_hand: sqlite3.Connection,
    path: Path,
    column: str,
    position: int,
    words: str,
) -> None:
    _change(by_hand, column, position, 40)
    verdict = checked()
    assert not verdict.ok
    assert any(
        fault.bundle == ids(path)[position] and words in fault.what for fault in verdict.faults
    ), verdict.faults
    assert {fault.bundle for fault in verdict.faults} <= {ids(path)[position], None}


def test_a_title_changed_by_hand_is_found(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, path: Path
) -> None:
    """A title changed by hand to another of the same length, as a forger would."""
    by_hand.execute(
        "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), 'Paper', 'Peper') AS BLOB) "
        "WHERE position = 0"
    )
    verdict = checked()
    assert not verdict.ok
    assert ids(path)[0] in {fault.bundle for fault in verdict.faults}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("DELETE FROM content WHERE position = 5", ""),
        ("DELETE FROM edge", "has the digest"),
        ("UPDATE node SET shown = NULL", "not shown as the log says"),
        ("DELETE FROM description", "has the digest"),
        ("UPDATE checkpoint SET root = zeroblob(32)", "expected the root"),
    ],
)
def test_a_graph_or_a_log_that_was_changed_by_hand_is_found(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, command: str, words: str
) -> None:
    by_hand.execute(command)
    verdict = checked()
    assert not verdict.ok
    assert any(fault.bundle is None and words in fault.what for fault in verdict.faults), verdict


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("DELETE FROM previous", "(previous) is not noted"),
        ("DELETE FROM vouch WHERE run = 5", "(vouch) is not noted"),
        ("INSERT INTO previous VALUES (zeroblob(32), 5)", "(previous) is noted and was not said"),
        ("INSERT INTO answer VALUES (zeroblob(32), 5, 'disputes')", "(disputes) is noted and was"),
        ("UPDATE answer SET verb = 'retracts'", "(retracts) is noted and was not said"),
        ("DELETE FROM words WHERE rowid = 2", "the words of arxiv:2401."),
        ("INSERT INTO words (rowid, title, text) VALUES (999, 'x', '')", "the words of row 999"),
    ],
)
def test_what_decides_tomorrow_is_looked_at_too(
    checked: Callable[[], LogVerification],
    by_hand: sqlite3.Connection,
    path: Path,
    command: str,
    words: str,
) -> None:
    """The graph is right, and what the next bundle will be judged by, or searched by, is not."""
    signer = signer_of(bytes(range(32)))
    with closing(open_store(f"sqlite:{path}", clock=_clock)) as store:
        speaker = Speaker(signer, f"software:{signer.key}", _clock)
        answer = (Answer(Verb.DISPUTES, ids(path)[0]),)
        store.append(lambda look: [speaker.make_statement(look, Body(), answers=answer)])
    assert checked().ok
    assert by_hand.execute(command).rowcount > 0
    verdict = checked()
    assert not verdict.ok
    assert any(words in fault.what for fault in verdict.faults), verdict.faults


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE bundle SET counts = 0 WHERE position = 5",
        "UPDATE bundle SET lives = 0 WHERE position = 5",
        "UPDATE bundle SET author = NULL WHERE position = 5",
        "UPDATE vouch SET run = 4",
    ],
)
def test_a_bundle_of_another_standing_is_named(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, path: Path, command: str
) -> None:
    by_hand.execute(command)
    verdict = checked()
    assert not verdict.ok
    named = {fault.bundle for fault in verdict.faults if "its standing" in fault.what}
    assert named
    assert named <= set(ids(path))


def test_several_faults_are_all_reported(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, path: Path
) -> None:
    for position in (1, 3):
        _change(by_hand, "body", position, 30)
    assert {ids(path)[1], ids(path)[3]} <= {fault.bundle for fault in checked().faults}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    column=st.sampled_from(["header", "body", "signature"]),
    position=st.integers(0, 5),
    data=st.binary(max_size=80),
)
def test_no_bytes_make_it_fall_over(
    checked: Callable[[], LogVerification], path: Path, column: str, position: int, data: bytes
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as by_hand:
        kept = by_hand.execute("SELECT * FROM content WHERE position = ?", (position,)).fetchone()
        by_hand.execute(CHANGE[column], (data, position))
        verdict = checked()
        by_hand.execute("DELETE FROM content WHERE position = ?", (position,))
        by_hand.execute("INSERT INTO content VALUES (?, ?, ?, ?, ?, ?)", kept)
    assert not verdict.ok
    assert ids(path)[position] in {fault.bundle for fault in verdict.faults}


def test_the_store_is_left_as_it_was(checked: Callable[[], LogVerification], path: Path) -> None:
    with closing(open_store(f"sqlite:{path}")) as store:
        store.digest()  # the tree of its digest is brought up to date when one is asked for
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    checked()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


class _Growing:
    """A store that somebody writes to whenever its checkpoint is read, up to some number of times."""

    def __init__(self, store: GraphStore, times: int) -> None:
        self._store = store
        self._left = times

    def __getattr__(self, name: str) -> object:
        if name == "checkpoint" and self._left:
            self._left -= 1
            signer = signer_of(self._left.to_bytes(32))
            speaker = Speaker(signer, f"software:{signer.key}", _clock)
            self._store.append(lambda look: [speaker.make_statement(look, Body())])
        return getattr(self._store, name)


def test_what_is_written_meanwhile_is_read_too(store: GraphStore, fresh: Fresh) -> None:
    fill(store)
    verdict = verify(cast(GraphStore, _Growing(store, 3)), fresh=fresh)
    assert (verdict.ok, verdict.bundles) == (True, 9)


def test_a_store_that_never_rests_is_left_for_later(store: GraphStore, fresh: Fresh) -> None:
    fill(store)
    with pytest.raises(BusyError, match=r"kept writing.*colineage export DIR"):
        verify(cast(GraphStore, _Growing(store, 1000)), fresh=fresh)


def test_a_body_that_says_nothing_is_no_fault_but_counted(store: GraphStore, fresh: Fresh) -> None:
    fill(store)
    ada = signer_of(bytes(range(64, 96)))
    whole = say(ada, idea("#1", "Apart"))
    withheld = replace(whole, body_bytes=None, body=None)
    taken_back = say(ada, idea("#1", "Erased"), prev=(whole,))
    eraser = say(ada, answers=((Verb.ERASES, taken_back),), prev=(taken_back,))
    add(store, *(unfit(ada, body) for body in UNFIT), withheld, taken_back, eraser)
    verdict = verify(store, fresh=fresh)
    assert (verdict.ok, verdict.faults) == (True, ())
    assert (verdict.bundles, verdict.silent) == (9 + len(UNFIT), len(UNFIT))


def test_a_fitting_body_that_is_noted_to_say_nothing_is_a_fault(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, path: Path
) -> None:
    """Its graph is right until it is made again from the log."""
    by_hand.execute("UPDATE content SET unfit = 1 WHERE position = 2")
    verdict = checked()
    assert not verdict.ok
    assert ids(path)[2] in {fault.bundle for fault in verdict.faults}


def test_what_waited_and_whose_time_has_come_takes_effect(tmp_path: Path, fresh: Fresh) -> None:
    """Nobody appended since: the graph as stored is that of an earlier day, and no fault."""
    ada = signer_of(bytes(range(64, 96)))
    url = f"sqlite:{tmp_path / 'a.db'}"
    with closing(open_store(url, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))) as store:
        add(store, say(ada, idea("#1", "Ahead"), at="2026-02-01T00:00:00Z"))
        assert store.waiting().bundles == 1
    with closing(open_store(url, clock=_clock)) as store:
        verdict = verify(store, fresh=fresh)
        assert (verdict.ok, verdict.faults) == (True, ())
        assert store.waiting().bundles == 0
        assert store.search("Ahead", limit=1)


def test_a_bundle_that_waits_by_hand_is_a_fault(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection
) -> None:
    by_hand.execute("UPDATE bundle SET waits = '2999-01-01T00:00:00Z' WHERE position = 2")
    assert not checked().ok


def _change(connection: sqlite3.Connection, column: str, position: int, byte: int) -> None:
    """Flips the lowest bit of one byte."""
    found = connection.execute("SELECT * FROM content WHERE position = ?", (position,))
    columns = [one[0] for one in found.description]
    data = bytearray(found.fetchone()[columns.index(column)])
    data[byte] ^= 1
    connection.execute(CHANGE[column], (bytes(data), position))


def test_what_makes_the_store_stumble_is_a_fault(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection
) -> None:
    """A damaged byte can make SQLite give a node another name, or a relation no JSON."""
    by_hand.execute("UPDATE edge SET qualifiers = ?", ('{"score"',))
    verdict = checked()
    assert not verdict.ok
    assert "the graph as stored can't be read" in verdict.faults[0].what


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("header = CAST(header AS TEXT)", "the log can't be read from position 3"),
        (f"signature = '{'x' * 64}'", "expected bytes as its body and its signature"),
    ],
)
def test_bytes_that_became_another_type_are_a_fault(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, change: str, words: str
) -> None:
    by_hand.execute("PRAGMA writable_schema = ON")
    by_hand.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'content'"
    )
    by_hand.execute("PRAGMA writable_schema = RESET")
    position = 3 if "header" in change else 5
    by_hand.execute(f"UPDATE content SET {change} WHERE position = ?", (position,))  # noqa: S608
    verdict = checked()
    assert not verdict.ok
    assert words in verdict.faults[0].what


def test_a_proof_that_leads_elsewhere_is_a_fault(
    checked: Callable[[], LogVerification], by_hand: sqlite3.Connection, path: Path
) -> None:
    """The log's kept hashes are no bundle: without them all is right but the proofs."""
    with closing(open_store(f"sqlite:{path}", clock=_clock)) as store:
        signer = signer_of(bytes(range(32)))
        speaker = Speaker(signer, f"software:{signer.key}", _clock)
        for _ in range(260):
            store.append(lambda look: [speaker.make_statement(look, Body())])
    assert checked().ok
    assert by_hand.execute("UPDATE tile SET hash = zeroblob(32)").rowcount == 1
    verdict = checked()
    assert not verdict.ok
    assert "the stored proof of position" in verdict.faults[0].what


def test_a_damaged_index_is_a_fault(checked: Callable[[], LogVerification], path: Path) -> None:
    """The bundles and the graph hold, and yet a bundle would not be found by its id."""
    with closing(sqlite3.connect(path)) as database:
        question = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_bundle_1'"
        page = database.execute(question).fetchone()[0] - 1
        size = database.execute("PRAGMA page_size").fetchone()[0]
        name = database.execute("SELECT id FROM bundle WHERE position = 2").fetchone()[0]
    data = bytearray(path.read_bytes())
    place = data.index(name, page * size, (page + 1) * size)
    data[place] ^= 1
    path.write_bytes(data)
    found = checked()
    assert not found.ok
    assert {fault.bundle for fault in found.faults} == {None}
    assert any("sqlite_autoindex_bundle_1" in fault.what for fault in found.faults)
