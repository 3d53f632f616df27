"""Promise 6 for what is shared: a flipped byte of an export is found; rollback and fork are refused.

With `--soak` each byte is flipped alone, in two ways; otherwise one in seven.
"""

from contextlib import closing
from pathlib import Path

import pytest

from audit.verify_export import verify_export
from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.errors import BrokenLogError, InputError
from graph.export.format import ABOUT, CHECKPOINT, page_name
from graph.export.reader import opener
from graph.export.writer import export
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from ingest.pull.pull import pull
from tests.conftest import Size
from tests.graph.conftest import clock
from tests.graph.histories import ADA
from tests.graph.statements import add, paper
from tests.promises.small import flipped, flips, small_log

KEY = signer_of(b"k" * 32)
LINES = page_name(0)


def store_of(*bundles: Bundle) -> GraphStore:
    store = open_store("sqlite::memory:", clock=clock)
    store.trust([TrustEntry(ADA.key)])
    add(store, *bundles)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export of the small log."""
    with closing(store_of(*small_log())) as store:
        export(store, tmp_path / "export", KEY)
    return tmp_path / "export"


def faults_of(folder: Path) -> list[str]:
    """What does not hold of an export, each with the bundle that it names."""
    try:
        verdict = verify_export(opener(folder), key=KEY.key, fresh=lambda _: store_of())
    except (BrokenLogError, InputError) as error:
        return [str(error)]
    assert verdict.ok is (not verdict.faults)
    return [f"{fault.bundle}: {fault.what}" for fault in verdict.faults]


@pytest.mark.parametrize("position", range(len(small_log())))
def test_every_flipped_byte_of_a_bundle_is_found_and_its_bundle_named(
    folder: Path, position: int, size: Size
) -> None:
    file, bundles = folder / LINES, small_log()
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == len(bundles)
    assert faults_of(folder) == []
    named = bundles[position].id, f"(position {position})"
    before, after = b"".join(lines[:position]), b"".join(lines[position + 1 :])
    line = lines[position]
    for place, mask in list(flips(len(line), every=bool(size(0, 1))))[:: size(7, 1)]:
        file.write_bytes(before + flipped(line, place, mask) + after)
        told = faults_of(folder)
        assert any(name in one for name in named for one in told), (place, mask, told)
    file.write_bytes(b"".join(lines))
    assert faults_of(folder) == []


@pytest.mark.parametrize("name", [CHECKPOINT, ABOUT])
def test_every_flipped_byte_of_what_a_log_says_of_itself_is_found(
    folder: Path, name: str, size: Size
) -> None:
    whole = (folder / name).read_bytes()
    for place, mask in list(flips(len(whole), every=bool(size(0, 1))))[:: size(3, 1)]:
        (folder / name).write_bytes(flipped(whole, place, mask))
        assert faults_of(folder), f"{mask} in byte {place}: {flipped(whole, place, mask)!r}"
    (folder / name).write_bytes(whole)
    assert faults_of(folder) == []


# What another log does, told by what was seen of it.


def pulled(store: GraphStore, folder: Path, seen: Path) -> int:
    return pull(store, opener(folder), seen, key=KEY.key).added


@pytest.fixture
def others() -> list[Bundle]:
    return [paper(f"2402.{number:05d}", "Another") for number in range(20)]


def test_a_rollback_is_refused_at_every_size(others: list[Bundle], tmp_path: Path) -> None:
    """A log that was seen whole may not come back shorter, whatever its size was."""
    with closing(open_store(f"sqlite:{tmp_path}/log.db", clock=clock)) as log:
        earlier = []
        for number, one in enumerate(others):
            earlier.append(tmp_path / f"{number}")
            export(log, earlier[-1], KEY)
            add(log, one)
        export(log, tmp_path / "now", KEY)
    with closing(store_of()) as store:
        assert pulled(store, tmp_path / "now", tmp_path / "seen") == len(others)
        before = store.checkpoint()
        for folder in earlier:
            with pytest.raises(BrokenLogError):
                pulled(store, folder, tmp_path / "seen")
        assert store.checkpoint() == before
        assert pulled(store, tmp_path / "now", tmp_path / "seen") == 0


@pytest.mark.parametrize("longer", [0, 1, 5])
def test_a_fork_is_refused_wherever_it_parted(
    others: list[Bundle], tmp_path: Path, longer: int, size: Size
) -> None:
    """Two logs of one name and one key that say different things: whoever saw one refuses the other."""
    seen_of = 10
    another = [paper(f"2403.{number:05d}", "Instead") for number in range(20)]
    with closing(open_store(f"sqlite:{tmp_path}/log.db", clock=clock)) as log:
        add(log, *others[:seen_of])
        origin = log.origin()
        export(log, tmp_path / "log", KEY)
    with closing(store_of()) as store:
        assert pulled(store, tmp_path / "log", tmp_path / "seen") == seen_of
        before = store.checkpoint()
        for parted in range(0, seen_of, size(3, 1)):
            folder = tmp_path / f"fork{parted}"
            with closing(open_store("sqlite::memory:", clock=clock)) as fork:
                fork.adopt(origin)
                add(fork, *others[:parted], *another[parted : seen_of + longer])
                export(fork, folder, KEY)
            with pytest.raises(BrokenLogError):
                pulled(store, folder, tmp_path / "seen")
            assert store.checkpoint() == before
        # The control: what goes on from what was seen is taken.
        with closing(open_store(f"sqlite:{tmp_path}/log.db", clock=clock)) as log:
            add(log, *another[: longer + 1])
            export(log, tmp_path / "log", KEY)
        assert pulled(store, tmp_path / "log", tmp_path / "seen") == longer + 1
