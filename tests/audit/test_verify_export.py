"""Whether an export holds: every fault is found and named, and nothing of the machine decides."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from audit.verify import verify
from audit.verify_export import ExportVerification, verify_export
from graph.bundle.bundle import Bundle
from graph.bundle.envelopes import pack
from graph.bundle.keys import signer_of
from graph.clock import Clock, system_clock
from graph.errors import BrokenLogError, InputError, StoreError
from graph.export.reader import opener
from graph.export.writer import export
from graph.model.canonical import canonical_bytes, digest
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import AppendResult, Compose, GraphStore
from tests.graph.statements import add, idea, paper, say

ADA = signer_of(b"\x11" * 32)
EVE = signer_of(b"\x66" * 32)
FAR = datetime(9998, 1, 1, tzinfo=UTC)


LATER = "2999-01-01T00:00:00Z"


def fresh(clock: Clock = system_clock) -> GraphStore:
    return open_store("sqlite::memory:", clock=clock)


class Full:
    """A store for which there is no room."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def append(self, _compose: Compose) -> AppendResult:
        raise StoreError("the disk is full")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An export with records, a statement, a withheld body, a newer version and a bundle of the year 2999."""
    header = canonical_bytes({"v": 2, "body": digest(b"{}")})
    newer = Bundle(digest(header), header, b"{}", pack([{"proof": "x"}]), None, None)
    whole = say(EVE, idea("#1", "Apart"))
    withheld = Bundle(whole.id, whole.header_bytes, None, whole.signature, whole.header, None)
    records = [paper(f"2401.{number:05d}", f"Paper {number}") for number in range(6)]
    records.append(paper("2912.00001", "Early", at=LATER))
    with closing(fresh()) as store:
        store.trust([TrustEntry(ADA.key)])
        run = say(ADA, vouches=tuple(records))
        add(store, *records, say(ADA, idea("#1", "x")), run, withheld, newer)
        export(store, tmp_path / "export", ADA)
    yield tmp_path / "export"


def verified(folder: Path, **options: Any) -> ExportVerification:
    return verify_export(opener(folder), fresh=fresh, **options)


def words(verdict: ExportVerification) -> str:
    assert verdict.ok == (not verdict.faults)
    return "\n".join(f"{fault.bundle} {fault.what}" for fault in verdict.faults)


def test_a_good_export_holds(folder: Path) -> None:
    told: list[int] = []
    for key in (None, ADA.key):
        found = verified(folder, key=key, progress=told.append)
        assert words(found) == ""
        assert (found.bundles, found.withheld, found.key) == (11, 1, ADA.key)
        about = json.loads((folder / "about.json").read_bytes())
        assert found.digest == about["digest"]
        assert found.signed.origin == about["origin"]
    assert told == [11, 11]


@pytest.mark.parametrize("key", ["", "ada", "ed25519:" + "0" * 64])
def test_a_key_that_is_none_is_not_taken_for_the_export_s_own(folder: Path, key: str) -> None:
    """As where a shell's variable was never set: `--from "$KEY"`."""
    with pytest.raises(InputError, match="--from: expected a key, ed25519:"):
        verified(folder, key=key)


def test_an_empty_export_holds(tmp_path: Path) -> None:
    with closing(fresh()) as store:
        export(store, tmp_path, ADA)
    assert words(verified(tmp_path)) == ""


def change(folder: Path, edit: Callable[[list[dict[str, Any]]], Any]) -> list[str]:
    """Changes the lines; gives back the ids that they had."""
    path = folder / "bundles" / "00000000.ndjson"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ids = [line["id"] for line in lines]
    edit(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return ids


def test_every_bundle_that_does_not_hold_is_named(folder: Path) -> None:
    def edit(lines: list[dict[str, Any]]) -> None:
        lines[1]["body"] = lines[1]["body"].replace("Paper", "Poem")
        lines[4]["header"] = lines[4]["header"].replace("CC0", "CC1")
        lines[7]["envelope"] = None

    ids = change(folder, edit)
    found = verified(folder)
    named = {fault.bundle for fault in found.faults}
    assert {ids[1], ids[4], ids[7]} <= named
    assert {ids[0], ids[2], ids[3], ids[5]} & named == set()
    assert found.bundles == 11


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda lines: lines.pop(), "position 10, got its end"),
        (lambda lines: lines.reverse(), "expected the root"),
        (lambda lines: lines.__setitem__(3, lines[2]), "1 bundles more than once"),
        (lambda lines: lines[3].update(more=1), "line 4 (position 3)"),
        (lambda lines: lines[3].update(id="x" * 10**6), "position 3"),
    ],
)
def test_a_log_of_other_lines_does_not_hold(
    folder: Path, edit: Callable[[Any], Any], said: str
) -> None:
    change(folder, edit)
    found = words(verified(folder))
    assert said in found
    assert len(found) < 10_000


def test_a_missing_file_ends_it(folder: Path) -> None:
    (folder / "bundles" / "00000000.ndjson").unlink()
    assert "with the file bundles/00000000.ndjson" in words(verified(folder))


TOLD: dict[str, tuple[dict[str, Any], str]] = {
    "digest": ({"digest": "sha256:" + "0" * 64}, "the graph made from the log has the digest"),
    "trust": ({"trusted": []}, "the graph made from the log has the digest"),
    "sources": ({"sources": {}}, "counts other records"),
    "rules": ({"rules": 2}, "by version 2 of the rules"),
    "size": ({"size": 3}, "an export was stopped between the two"),
    "root": ({"root": "0" * 64}, "an export was stopped between the two"),
    "origin": ({"origin": "another"}, "an export was stopped between the two"),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_it_tells_of_itself_is_held_to_its_log(folder: Path, what: str) -> None:
    changes, said = TOLD[what]
    about = json.loads((folder / "about.json").read_bytes())
    (folder / "about.json").write_text(json.dumps(about | changes))
    assert said in words(verified(folder))


def test_a_digest_that_is_not_told_is_not_compared(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_bytes())
    (folder / "about.json").write_text(json.dumps(about | {"digest": None}))
    found = verified(folder)
    assert (words(found), found.digest) == ("", about["digest"])


def test_a_checkpoint_that_does_not_hold_is_a_fault(folder: Path) -> None:
    assert "the checkpoint does not hold" in words(verified(folder, key=EVE.key))
    path = folder / "checkpoint"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = "7"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "the checkpoint does not hold" in words(verified(folder))
    path.write_text("something else")
    with pytest.raises(BrokenLogError, match="the checkpoint does not hold"):
        verified(folder)
    path.unlink()
    with pytest.raises(InputError, match="with the file checkpoint"):
        verified(folder)


def test_a_full_disk_here_is_not_held_against_the_export(folder: Path, tmp_path: Path) -> None:
    """The temporary store has no room: that is no fault of what is looked at."""

    def crammed(_clock: Clock = system_clock) -> GraphStore:
        return cast(GraphStore, Full(fresh()))

    with pytest.raises(StoreError, match="the disk is full"):
        verify_export(opener(folder), fresh=crammed)
    with closing(fresh()) as store:
        add(store, paper("2401.00001", "x"))
        with pytest.raises(StoreError, match="the disk is full"):
            verify(store, fresh=crammed)


def test_what_waited_when_it_was_exported_waits_in_its_check(folder: Path) -> None:
    """Whatever the clock of this machine says: else a digest would hold for some and not for others."""
    about = json.loads((folder / "about.json").read_bytes())
    assert about["waiting"] == {"bundles": 1, "first": LATER, "until": LATER}
    assert words(verified(folder)) == ""
    for waiting in (
        None,
        {"bundles": 2, "first": LATER, "until": LATER},
        {"bundles": 1, "first": "2998-01-01T00:00:00Z", "until": "2998-01-01T00:00:00Z"},
        {"bundles": 1, "first": "3000-01-01T00:00:00Z", "until": "3000-01-01T00:00:00Z"},
    ):
        (folder / "about.json").write_text(json.dumps(about | {"waiting": waiting}))
        assert words(verified(folder)) != ""
