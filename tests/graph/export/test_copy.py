"""A log copied whole: the same places, name and trust; stopped and gone on with; nothing else written over."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.envelopes import pack
from graph.bundle.keys import signer_of
from graph.errors import BrokenLogError, InputError, StoreError
from graph.export.copy import CopyResult, copy, exported_log, stored_log
from graph.export.format import Opener
from graph.export.reader import opener
from graph.export.writer import export
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import leaf_hash
from graph.log.signed_note import sign_checkpoint
from graph.model.canonical import canonical_bytes, digest
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import AppendResult, Compose, GraphStore, RawBundle, Waiting
from tests.graph.log.naive import root_of
from tests.graph.statements import add, idea, paper, say, seen

ADA = signer_of(b"\x11" * 32)
EVE = signer_of(b"\x66" * 32)


def papers(start: int, stop: int) -> list[Bundle]:
    return [paper(f"2401.{number:05d}", f"Paper {number}") for number in range(start, stop)]


def fill(store: GraphStore) -> None:
    """Records that live, statements, one withheld, one of a newer version: not in the order of their dates."""
    records = papers(0, 8)
    said = say(ADA, idea("#1", "Together"), at="2026-01-02T00:00:00Z")
    run = say(ADA, vouches=tuple(records), at="2026-01-02T00:00:00Z")
    header = canonical_bytes({"v": 2, "body": digest(b"{}")})
    newer = Bundle(digest(header), header, b"{}", pack([{"proof": "x"}]), None, None)
    withheld = say(EVE, idea("#1", "Apart"))
    absent = Bundle(
        withheld.id, withheld.header_bytes, None, withheld.signature, withheld.header, None
    )
    store.trust([TrustEntry(ADA.key), TrustEntry(EVE.key)])
    add(store, said, run, newer, *records[5:])
    add(store, absent, *records[:5])


@pytest.fixture
def lab() -> Iterator[GraphStore]:
    with closing(open_store("sqlite::memory:")) as store:
        fill(store)
        yield store


@pytest.fixture
def target() -> Iterator[GraphStore]:
    with closing(open_store("sqlite::memory:")) as store:
        yield store


def assert_same(one: GraphStore, other: GraphStore) -> None:
    assert list(one.raw_bundles()) == list(other.raw_bundles())
    assert one.checkpoint() == other.checkpoint()
    assert one.origin() == other.origin()
    assert one.trust_list() == other.trust_list()
    assert seen(one) == seen(other)


def test_a_copy_is_the_log(lab: GraphStore, open_new: Callable[[], GraphStore]) -> None:
    """From any kind of store to another, and back."""
    target = open_new()
    told: list[int] = []
    found = copy(stored_log(lab), target, progress=told.append)
    assert found == CopyResult(lab.origin(), lab.checkpoint(), 12)
    assert told == [12]
    assert_same(lab, target)
    with closing(open_store("sqlite::memory:")) as back:
        copy(stored_log(target), back)
        assert_same(lab, back)


def test_a_backup_becomes_the_store_again(
    lab: GraphStore, target: GraphStore, tmp_path: Path
) -> None:
    export(lab, tmp_path, ADA)
    assert copy(exported_log(opener(tmp_path), key=ADA.key), target).added == 12
    assert_same(lab, target)
    export(target, tmp_path, ADA)  # the log goes on in the copy


def test_again_it_changes_nothing_and_what_is_new_it_adds(
    lab: GraphStore, target: GraphStore
) -> None:
    copy(stored_log(lab), target)
    assert copy(stored_log(lab), target).added == 0
    add(lab, *papers(9, 12))
    lab.trust([TrustEntry(ADA.key)])
    assert copy(stored_log(lab), target).added == 3
    assert_same(lab, target)


@dataclass(frozen=True, slots=True)
class Stopping:
    """A log whose bytes stop coming after some bundles, as when a machine is unplugged."""

    whole: Any
    after: int

    @property
    def origin(self) -> str:
        return str(self.whole.origin)

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.whole.checkpoint.size, self.whole.checkpoint.root)

    @property
    def trust(self) -> tuple[TrustEntry, ...]:
        return tuple(self.whole.trust)

    def root_at(self, size: int) -> str:
        return str(self.whole.root_at(size))

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        for raw in self.whole.raw_bundles(start):
            if raw.position >= self.after:
                raise ConnectionResetError
            yield raw


@pytest.mark.parametrize("after", [0, 1, 1000, 1200])
@pytest.mark.parametrize("exported", [False, True])
def test_stopped_it_goes_on(
    target: GraphStore, tmp_path: Path, after: int, *, exported: bool
) -> None:
    with closing(open_store("sqlite::memory:")) as lab:
        add(lab, *papers(0, 1300))
        export(lab, tmp_path, ADA)
        whole = exported_log(opener(tmp_path)) if exported else stored_log(lab)
        with pytest.raises(ConnectionResetError):
            copy(Stopping(whole, after), target)
        assert target.checkpoint().size == after - after % 1000
        assert target.origin() == lab.origin()
        copy(whole, target)
        assert list(lab.raw_bundles()) == list(target.raw_bundles())


def test_only_the_moment_of_its_beginning_is_copied(lab: GraphStore, target: GraphStore) -> None:
    original = stored_log(lab)
    before = lab.checkpoint()
    add(lab, *papers(20, 30))
    assert copy(original, target).checkpoint == before
    assert target.checkpoint() == before


def test_another_log_is_not_written_over(lab: GraphStore, target: GraphStore) -> None:
    add(target, *papers(0, 1))
    before = list(target.raw_bundles())
    with pytest.raises(StoreError, match="or bring them together with colineage pull"):
        copy(stored_log(lab), target)
    assert list(target.raw_bundles()) == before


def test_a_copy_that_went_on_by_itself_is_not_written_over(
    lab: GraphStore, target: GraphStore, tmp_path: Path
) -> None:
    copy(stored_log(lab), target)
    add(target, *papers(30, 31))
    with pytest.raises(StoreError, match="the other way round"):
        copy(stored_log(lab), target)
    add(lab, *papers(40, 45))
    export(lab, tmp_path, ADA)
    for original in (stored_log(lab), exported_log(opener(tmp_path))):
        with pytest.raises(StoreError, match="both went on under one name"):
            copy(original, target)
    assert target.checkpoint().size == 13


class Disturbed:
    """A store into which somebody else writes before each append."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.papers = iter(papers(100, 200))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def append(self, compose: Compose) -> AppendResult:
        add(self.store, next(self.papers))
        return self.store.append(compose)


def test_whoever_writes_into_the_copy_meanwhile_is_told(
    lab: GraphStore, target: GraphStore
) -> None:
    disturbed: Any = Disturbed(target)
    with pytest.raises(StoreError, match="expected 0 bundles in the copy, got 1: somebody else"):
        copy(stored_log(lab), disturbed)
    assert target.checkpoint().size == 1


def test_what_is_dated_ahead_waits_in_the_copy(target: GraphStore) -> None:
    """The copy has the same places, so nothing can be left out."""
    with closing(
        open_store("sqlite::memory:", clock=lambda: datetime(2999, 1, 1, tzinfo=UTC))
    ) as lab:
        add(lab, paper("2401.00001", "Early", at="2999-01-01T00:00:00Z"))
        copy(stored_log(lab), target)
    assert target.checkpoint().size == 1
    assert target.waiting() == Waiting(1, "2999-01-01T00:00:00Z", "2999-01-01T00:00:00Z")


def _lines(folder: Path, change: Callable[[list[dict[str, Any]]], Any]) -> Opener:
    path = folder / "bundles" / "00000000.ndjson"
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(found)
    path.write_text("".join(json.dumps(line) + "\n" for line in found), encoding="utf-8")
    return opener(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[11].update(body="{}"),
        lambda lines: lines.pop(3),
        lambda lines: lines.reverse(),
        lambda lines: lines.pop(),
        lambda lines: lines.insert(5, lines[4]),
    ],
)
def test_of_a_backup_that_does_not_hold_nothing_is_taken(
    lab: GraphStore, target: GraphStore, tmp_path: Path, change: Callable[[Any], Any]
) -> None:
    export(lab, tmp_path, ADA)
    name = target.origin()
    with pytest.raises(BrokenLogError):
        copy(exported_log(_lines(tmp_path, change)), target)
    assert (target.checkpoint().size, target.origin()) == (0, name)


@pytest.mark.parametrize("count", [9, 1500])
def test_a_log_that_signs_a_bundle_twice_does_not_hold(
    target: GraphStore, tmp_path: Path, count: int
) -> None:
    """It says so, and accuses nobody of writing into the copy."""
    with closing(open_store("sqlite::memory:")) as lab:
        add(lab, *papers(0, count))
        export(lab, tmp_path, ADA)
        page = tmp_path / "bundles" / "00000000.ndjson"
        lines = page.read_bytes().splitlines(keepends=True)
        page.write_bytes(b"".join([lines[0], *lines]))
        leaves = [leaf_hash(json.loads(line)["header"].encode()) for line in [lines[0], *lines]]
        twice = Checkpoint(count + 1, root_of(leaves).hex())
        (tmp_path / "checkpoint").write_text(sign_checkpoint(lab.origin(), twice, ADA))
        told = json.loads((tmp_path / "about.json").read_bytes())
        told |= {"size": twice.size, "root": twice.root}
        (tmp_path / "about.json").write_text(json.dumps(told))
    with pytest.raises(BrokenLogError, match="got 1 that stand there more than once"):
        copy(exported_log(opener(tmp_path)), target)


def test_a_backup_under_another_key_is_refused(lab: GraphStore, tmp_path: Path) -> None:
    export(lab, tmp_path, ADA)
    with pytest.raises(BrokenLogError, match="the checkpoint does not hold"):
        exported_log(opener(tmp_path), key=EVE.key)
    told = json.loads((tmp_path / "about.json").read_bytes())
    (tmp_path / "about.json").write_text(json.dumps(told | {"size": 3}))
    with pytest.raises(BrokenLogError, match="export again"):
        exported_log(opener(tmp_path))
    with pytest.raises(InputError, match="no export there"):
        exported_log(opener(tmp_path / "nowhere"))


@dataclass(frozen=True, slots=True)
class Damaged:
    """The log of a store whose bytes were damaged on the disk."""

    whole: Any
    harm: Callable[[RawBundle], RawBundle]
    origin: str
    checkpoint: Checkpoint
    trust: tuple[TrustEntry, ...]

    def root_at(self, size: int) -> str:
        return str(self.whole.root_at(size))

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        return map(self.harm, self.whole.raw_bundles(start))


def _harmed(store: GraphStore, harm: Callable[[RawBundle], RawBundle]) -> Damaged:
    whole = stored_log(store)
    return Damaged(whole, harm, whole.origin, whole.checkpoint, whole.trust)


def test_a_damaged_store_is_not_copied_as_if_it_held(lab: GraphStore, target: GraphStore) -> None:
    other = papers(50, 51)[0]

    def swapped(raw: RawBundle) -> RawBundle:
        if raw.position != 5:
            return raw
        return RawBundle(5, other.id, other.header_bytes, other.body_bytes, None)

    def torn(raw: RawBundle) -> RawBundle:
        if raw.position != 5:
            return raw
        return RawBundle(5, raw.id, raw.header, b"{}", raw.signature)

    with pytest.raises(BrokenLogError, match="position 5 is refused"):
        copy(_harmed(lab, torn), target)
    assert target.checkpoint().size == 0
    with pytest.raises(BrokenLogError, match="the original's log does not hold"):
        copy(_harmed(lab, swapped), target)
