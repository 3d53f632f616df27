"""Writing a log into a folder as plain files, so that a kill leaves nothing that passes for whole."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.about import About, about
from graph.errors import BrokenLogError, BusyError, Fault, ForeignStoreError, InputError
from graph.exported import ABOUT, BUNDLES, CHECKPOINT, PAGE, bundle_lines, first_of, page_name
from graph.following import about_in, note_in, opener
from graph.keys import Signer
from graph.note import read_note, signed
from graph.proofs import checkpoint_at
from graph.store import Checkpoint, GraphStore

_OURS: Final = frozenset({CHECKPOINT, ABOUT, BUNDLES})
_PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Export:
    """What lies in a folder now: what it tells of itself, and how many bundles were new in it."""

    about: About
    added: int


def export(
    store: GraphStore,
    folder: Path,
    signer: Signer,
    *,
    progress: Callable[[int], None] | None = None,
) -> Export:
    """Writes the log of a store into a folder, or adds what is new to an export of the same log.

    It ends at one moment, whoever writes to the store meanwhile. Each file is written beside and renamed,
    and the checkpoint comes last: without it, no folder is an export.

    Args:
        store: Whose log.
        folder: Made where there is none; else empty, or an earlier export of this log.
        signer: Signs the checkpoint.
        progress: Told how many bundles are written.

    Raises:
        InputError: The folder holds something else.
        ForeignStoreError: It holds another log, or this one when it was longer.
        BusyError: Another export into the folder is under way.
    """
    _refuse_others(folder)
    (folder / BUNDLES).mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        start, before = _earlier(store, folder)
        if before is None and not start:
            _forget(folder)
        told = about(store, signer.key, before=before)
        for first in range(start - start % PAGE, told.size if told.size > start else 0, PAGE):
            _replace(folder, page_name(first), bundle_lines(store, first, size=told.size))
            if progress is not None:
                progress(min(first + PAGE, told.size))
        _sync(folder / BUNDLES)
        _replace(folder, ABOUT, [told.written()])
        note = signed(told.origin, told.checkpoint, signer)
        _replace(folder, CHECKPOINT, [note.encode()])
        _sync(folder)
    return Export(told, told.size - start)


def _refuse_others(folder: Path) -> None:
    """Refuses a folder that holds what no export made."""
    wanted = "a folder, empty or with an earlier export"
    try:
        names = {one.name for one in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        fault = Fault(str(folder), wanted, error.strerror or str(error))
        raise InputError("can't export there", [fault]) from error
    odd = sorted(name for name in names - _OURS if not name.endswith(_PART))
    if odd:
        fault = Fault(str(folder), wanted, ", ".join(odd[:5]))
        raise InputError("can't export there", [fault])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BusyError(f"another export into {folder} is under way: try again later") from error
    finally:
        os.close(handle)


def _earlier(store: GraphStore, folder: Path) -> tuple[int, About | None]:
    """Up to where an earlier export of this log needs nothing, and what it tells of itself.

    Raises:
        ForeignStoreError: It is of another log, or of this one when it was longer.
    """
    if not (folder / CHECKPOINT).exists():
        return 0, None
    there = read_note(note_in(opener(folder)))
    if there.origin != store.origin():
        raise ForeignStoreError(
            f"expected an export of the log {store.origin()} in {folder}, got one of {there.origin}: "
            "give another folder"
        )
    size = there.checkpoint.size
    if not _begins_with(store, there.checkpoint):
        raise ForeignStoreError(
            f"expected an export in {folder} that this log continues, got {size} bundles with the root "
            f"{there.checkpoint.root}, which it does not: give another folder, and find out which log is the right one"
        )
    pages = range(0, size, PAGE)
    lost = next((one for one in pages if not (folder / page_name(one)).is_file()), size)
    with suppress(InputError, BrokenLogError):
        told = about_in(opener(folder))
        if told.checkpoint == there.checkpoint:
            return lost, told
    return lost, None


def _begins_with(store: GraphStore, checkpoint: Checkpoint) -> bool:
    now = store.checkpoint()
    return checkpoint.size <= now.size and checkpoint_at(store, checkpoint.size) == checkpoint


def _forget(folder: Path) -> None:
    """Removes what an export left that did not come to its end."""
    (folder / CHECKPOINT).unlink(missing_ok=True)
    _sync(folder)
    for one in [*(folder / BUNDLES).iterdir(), *folder.glob(f"*{_PART}")]:
        name = f"{BUNDLES}/{one.name}"
        if one.name.endswith(_PART) or first_of(name) is not None:
            one.unlink()


def _replace(folder: Path, name: str, parts: Iterable[bytes]) -> None:
    """Puts a file in place, whole and on the disk, or leaves what was there."""
    path = folder / name
    part = path.with_name(path.name + _PART)
    with part.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
