"""Pulling: what holds comes in once, what does not is left out, and what was seen is not forgotten."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.envelopes import pack
from graph.bundle.keys import signer_of
from graph.errors import BrokenLogError, BusyError, InputError
from graph.export.format import Opener, line_of
from graph.export.log_manifest import LogManifest
from graph.export.reader import opener
from graph.log.signed_note import sign_checkpoint
from graph.model.canonical import canonical_bytes, digest
from graph.model.vocabulary import Kind
from graph.open import open_store
from graph.rules.facts import TrustEntry, authors_of
from graph.store import GraphStore
from ingest.pull.pins import pin_path, read_pin
from ingest.pull.pull import pull
from ingest.pull.pull_lock import pull_lock
from tests.graph.statements import add, idea, paper, say
from tests.ingest.pull.conftest import tampered

Labs: TypeAlias = Callable[[int], Any]
EVE = signer_of(b"\x66" * 32)


def test_a_pull_brings_everything_once(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    told: list[int] = []
    found = ben.pulls(ada.exports(), progress=told.append)
    assert (found.seen, found.added, found.refused, found.first_sight) == (4, 4, 0, True)
    assert (found.key, found.signed.origin) == (ada.signer.key, ada.store.origin())
    assert found.signed.checkpoint == ada.store.checkpoint()
    assert found.log == ben.store.checkpoint()
    assert told == [4]
    before = ben.log
    again = ben.pulls(ada)
    assert (again.seen, again.added, again.first_sight) == (0, 0, False)
    assert ben.log == before == ada.log
    assert ben.store.origin() != ada.store.origin()


def test_only_what_is_new_is_read(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    ben.pulls(ada.exports())
    ada.reads(4)
    found = ben.pulls(ada.exports())
    assert (found.seen, found.added) == (2, 2)


def test_records_live_by_whom_the_store_trusts(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ben.pulls(ada.exports())
    assert ben.store.things(["arxiv:2401.00001"]) == {}
    assert authors_of(ben.store.trust_list()) == {ben.signer.key}
    ben.pulls(ada, trust=True)
    assert ben.store.things(["arxiv:2401.00001"])["arxiv:2401.00001"].shown is not None
    assert authors_of(ben.store.trust_list()) == {ada.signer.key, ben.signer.key}


def test_pulling_each_other_twice_changes_nothing(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2)
    ben.reads(2, 3)
    for one, other in ((ada, ben), (ben, ada)):
        one.pulls(other.exports(), trust=True)
    states = [(lab.log, lab.store.digest()) for lab in (ada, ben)]
    assert states[0][1] == states[1][1]
    for _ in range(2):
        for one, other in ((ada, ben), (ben, ada)):
            assert one.pulls(other.exports(), trust=True).added == 0
    assert [(lab.log, lab.store.digest()) for lab in (ada, ben)] == states


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_labs_in_a_ring_end_with_one_digest(lab_of: Labs, order: tuple[int, ...]) -> None:
    """Whoever begins, and though each pulls only from its neighbour."""
    labs = [lab_of(number) for number in (1, 2, 3)]
    trust_list = [TrustEntry(lab.signer.key) for lab in labs]
    for number, lab in enumerate(labs):
        lab.store.trust(trust_list)
        lab.reads(7, number, 10 + number)
    for _ in range(3):
        for place in order:
            labs[place].pulls(labs[(place + 1) % 3].exports())
    assert len({lab.store.digest() for lab in labs}) == 1
    assert {len(lab.log) for lab in labs} == {10}
    before = [lab.log for lab in labs]
    for place in order:
        assert labs[place].pulls(labs[(place + 1) % 3].exports()).added == 0
    assert [lab.log for lab in labs] == before


def test_one_log_into_two_stores(lab_of: Labs) -> None:
    """What was seen is this client's, what is there is each store's."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2)
    ben.pulls(ada.exports())
    with closing(open_store("sqlite::memory:")) as other:
        found = pull(other, opener(ada.folder), ben.seen)
        assert (found.seen, found.added, found.first_sight) == (3, 3, False)
        ada.reads(3)
        ada.exports()
        assert ben.pulls(ada).seen == 2
        assert pull(other, opener(ada.folder), ben.seen).seen == 2
        assert list(other.raw_bundles()) == ben.log


def test_a_store_that_lost_what_was_pulled_gets_it_again(lab_of: Labs, tmp_path: Path) -> None:
    """Brought back from a backup of before the pull, under the same name: a note in a file is not believed."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2)
    ben.pulls(ada.exports())
    with closing(open_store("sqlite::memory:")) as restored:
        restored.adopt(ben.store.origin())
        found = pull(restored, opener(ada.folder), ben.seen)
        assert (found.seen, found.added) == (3, 3)
    with closing(open_store("sqlite::memory:")) as other:
        other.adopt(ben.store.origin())
        add(other, *(paper(f"2402.{number:05d}", "x") for number in range(5)))
        assert pull(other, opener(ada.folder), ben.seen).added == 3


class Killed(BaseException):
    """As if the process ended here."""


def test_killed_at_any_moment_it_goes_on(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    for number in range(0, 3000, 500):
        ada.reads(*range(number, number + 500))
    ada.exports()

    def killed_at(moment: int) -> Callable[[int], None]:
        left = iter(range(moment))

        def told(_seen: int) -> None:
            if next(left, None) is None:
                raise Killed

        return told

    for moment in range(7):
        with pytest.raises(Killed):
            ben.pulls(ada, progress=killed_at(moment))
        assert read_pin(ben.seen, ada.store.origin()) is None
    found = ben.pulls(ada)
    assert found.seen == len(ada.log) == len(ben.log)
    assert found.added < found.seen  # the ones before went in already
    assert {raw.id for raw in ben.log} == {raw.id for raw in ada.log}
    assert ben.pulls(ada).seen == 0


# --- what does not hold


def note_lines(folder: Path, number: int, text: str) -> None:
    path = folder / "checkpoint"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[number] = text
    path.write_text("\n".join(lines), encoding="utf-8")


def resign(folder: Path, **changes: Any) -> None:
    """The export as its own lab would sign it, with something else in it."""
    told = json.loads((folder / "about.json").read_bytes())
    (folder / "about.json").write_text(json.dumps(told | changes))


ALTERED: dict[str, Callable[[Path], Any]] = {
    "a header": lambda folder: tampered(
        folder, lambda lines: lines[2].update(header=lines[2]["header"].replace("CC0", "CC1"))
    ),
    "an id": lambda folder: tampered(
        folder, lambda lines: lines[2].update(id="sha256:" + "0" * 64)
    ),
    "a bundle gone": lambda folder: tampered(folder, lambda lines: lines.pop(1)),
    "the last bundle gone": lambda folder: tampered(folder, lambda lines: lines.pop()),
    "a bundle twice": lambda folder: tampered(folder, lambda lines: lines.insert(1, lines[1])),
    "two exchanged": lambda folder: tampered(folder, lambda lines: lines.reverse()),
    "a line that is none": lambda folder: tampered(folder, lambda lines: lines[1].clear()),
    "the file gone": lambda folder: (folder / "bundles" / "00000000.ndjson").unlink(),
    "the note's size": lambda folder: note_lines(folder, 1, "3"),
    "the note's root": lambda folder: note_lines(folder, 2, "A" * 43 + "="),
    "the note's name": lambda folder: note_lines(folder, 0, "colineage/" + "0" * 32),
    "the note's signature": lambda folder: note_lines(folder, 4, "— x AAAA"),
    "no note": lambda folder: (folder / "checkpoint").write_text("<html>Sign in</html>"),
    "no text": lambda folder: (folder / "checkpoint").write_bytes(b"\xff\xfe"),
    "no about": lambda folder: (folder / "about.json").write_text("[]"),
    "the key that it tells": lambda folder: resign(folder, key=EVE.key),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_is_altered_is_refused_and_nothing_of_it_stored(lab_of: Labs, what: str) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    ada.exports()
    ALTERED[what](ada.folder)
    for key in (None, ada.signer.key):
        if key and what in {"no about", "the key that it tells"}:
            continue  # whoever knows the key doesn't ask
        with pytest.raises(BrokenLogError):
            ben.pulls(ada, key=key, trust=True)
        assert ben.log == []
        assert authors_of(ben.store.trust_list()) == {ben.signer.key}
        assert not list(ben.seen.glob("*.json"))


def test_a_rollback_is_refused(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    earlier = {one.name: one.read_bytes() for one in ada.folder.iterdir() if one.is_file()}
    ada.reads(2)
    ben.pulls(ada.exports())
    before = ben.log
    (ada.folder / "checkpoint").write_bytes(earlier["checkpoint"])
    for key in (None, ada.signer.key):
        with pytest.raises(BrokenLogError, match=r"rolled back: it had 4 bundles .* signs 2"):
            ben.pulls(ada, key=key)
    assert ben.log == before


@pytest.mark.parametrize("more", [0, 1, 5])
def test_a_fork_is_refused(lab_of: Labs, more: int) -> None:
    """The lab's own key signs another past, as long as the one that was seen, or longer."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    ben.pulls(ada.exports())
    before, pin = ben.log, read_pin(ben.seen, ada.store.origin())
    other = lab_of(1)
    other.folder = other.folder.with_name("fork")
    other.store.adopt(ada.store.origin())
    other.reads(1, 2, 9)
    for number in range(more):
        other.reads(20 + number)
    other.exports()
    with pytest.raises(BrokenLogError, match="forked"):
        ben.pulls(other, trust=True)
    with closing(open_store("sqlite::memory:")) as fresh:
        with pytest.raises(BrokenLogError, match="forked"):
            pull(fresh, opener(other.folder), ben.seen)
        assert list(fresh.raw_bundles()) == []
    assert (ben.log, read_pin(ben.seen, ada.store.origin())) == (before, pin)


def test_two_pulls_of_one_log_wait_for_each_other(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    lock = pin_path(ben.seen, ada.store.origin()).with_suffix(".lock")
    with pull_lock(lock, "it"), pytest.raises(BusyError, match="another pull of colineage/"):
        ben.pulls(ada)
    assert ben.pulls(ada).added == 2


def test_what_is_damaged_of_what_was_seen_is_not_taken_for_nothing(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ben.pulls(ada.exports())
    pin_path(ben.seen, ada.store.origin()).write_text("{}")
    with pytest.raises(InputError, match="a pin is damaged"):
        ben.pulls(ada)


# --- what is new to us, and what waits for its time


def test_a_newer_version_and_a_withheld_body_come_along(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    header = canonical_bytes({"v": 3, "body": digest(b"{}"), "at": "2999-01-01T00:00:00Z"})
    newer = Bundle(digest(header), header, b"{}", pack([{"proof": "x"}]), None, None)
    whole = say(EVE, idea("#1", "x"))
    withheld = Bundle(whole.id, whole.header_bytes, None, whole.signature, whole.header, None)
    add(ada.store, newer, withheld)
    assert ben.pulls(ada.exports()).added == 2
    assert ben.log == ada.log
    assert (ben.pulls(ada).seen, ben.pulls(ada).withheld) == (0, 1)
    add(ada.store, whole)  # its body comes later: the log is the same
    assert ada.store.checkpoint().size == 2
    later = ben.pulls(ada.exports())
    assert (later.seen, later.added, later.withheld) == (1, 0, 0)
    assert ben.log == ada.log
    assert ben.store.digest() == ada.store.digest()
    assert ben.pulls(ada).seen == 0


def test_a_mirror_that_keeps_the_bodies_back_takes_nothing_for_good(
    lab_of: Labs, tmp_path: Path
) -> None:
    """No signature tells that a body is missing: the honest log is still asked for it."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2)
    shutil.copytree(ada.exports().folder, tmp_path / "mirror")
    page = tmp_path / "mirror" / "bundles" / "00000000.ndjson"
    lines = [json.loads(line) | {"body": None} for line in page.read_bytes().splitlines()]
    page.write_text("".join(json.dumps(line) + "\n" for line in lines))
    mirrored = pull(ben.store, opener(tmp_path / "mirror"), ben.seen)
    assert (mirrored.added, mirrored.withheld) == (3, 3)
    ada.reads(3)
    healed = ben.pulls(ada.exports())
    assert (healed.added, healed.seen, healed.withheld) == (2, 5, 0)
    assert ben.log == ada.log


def test_what_is_dated_ahead_is_taken_and_waits_for_its_time(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    run = say(
        ada.signer,
        vouches=(early(2), early(3)),
        prev=tuple(ada.said[-1:]),
        at="2026-11-23T00:00:00Z",
    )
    add(ada.store, early(2), early(3), run)
    found = ben.pulls(ada.exports(), trust=True)
    assert (found.seen, found.added, found.refused) == (5, 5, 0)
    assert ben.log == ada.log
    assert ben.store.waiting().bundles == 2
    assert len(ben.store.list_ids(Kind.WORK, limit=9)) == 1
    ada.clock.now += timedelta(days=10)
    ada.reads(6)
    ben.pulls(ada.exports())
    assert ben.store.waiting().bundles == 0
    assert len(ben.store.list_ids(Kind.WORK, limit=9)) == 4


def early(number: int) -> Bundle:
    return paper(f"2401.{number:05d}", f"Early {number}", at="2026-11-30T00:00:00Z")


def test_what_followed_in_the_file_is_not_read(lab_of: Labs) -> None:
    """An export that is written again at this moment: its files are ahead of its checkpoint."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    with (ada.folder / "bundles" / "00000000.ndjson").open("ab") as file:
        file.write(b"the next line, half of it")
    assert ben.pulls(ada).added == 2


def test_a_log_of_enormous_size_ends_where_its_files_end(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    size = 9 * 10**18
    told: LogManifest = LogManifest(
        ada.store.origin(), ada.signer.key, size, "0" * 64, 1, (), None, {}, None
    )
    note = sign_checkpoint(told.origin, told.checkpoint, ada.signer)
    (ada.folder / "checkpoint").write_text(note, encoding="utf-8")
    with pytest.raises(BrokenLogError, match="expected a bundle at position 2, got its end"):
        ben.pulls(ada)


def test_it_opens_nothing_but_the_files_it_needs(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    asked: list[str] = []

    def open_file(name: str) -> Any:
        asked.append(name)
        return opener(ada.folder)(name)

    watched: Opener = open_file
    pull(ben.store, watched, ben.seen)
    assert asked == ["checkpoint", "about.json", *["bundles/00000000.ndjson"] * 2]
    asked.clear()
    pull(ben.store, watched, ben.seen)
    assert asked == ["checkpoint"]


def test_an_empty_log_is_seen_too(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    assert ben.pulls(ada.exports()).first_sight
    pin = read_pin(ben.seen, ada.store.origin())
    assert pin is not None
    assert pin.checkpoint.size == 0
    ada.reads(1)
    assert ben.pulls(ada.exports()).added == 2


def lines_of(store: GraphStore) -> list[bytes]:
    return [line_of(raw) for raw in store.raw_bundles()]


def test_a_log_pulled_into_itself_stays_as_it_is(lab_of: Labs) -> None:
    ada = lab_of(1)
    ada.reads(1)
    before = lines_of(ada.store)
    assert ada.pulls(ada.exports()).added == 0
    assert lines_of(ada.store) == before
