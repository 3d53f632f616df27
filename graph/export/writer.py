"""Writing an export of a log into a folder, so that a killed run leaves nothing that passes for a whole export."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from graph.bundle.keys import Signer
from graph.errors import BrokenLogError, BusyError, Fault, ForeignStoreError, InputError
from graph.export.atomic_file import PART, put
from graph.export.format import ABOUT, BUNDLES, CHECKPOINT, PAGE, bundle_lines, first_of, page_name
from graph.export.log_manifest import About, about
from graph.export.reader import about_in, note_in, opener
from graph.log.checkpoint import Checkpoint
from graph.log.signed_note import read_note, signed
from graph.proofs.proofs import checkpoint_at
from graph.store import GraphStore

_OURS: Final = frozenset({CHECKPOINT, ABOUT, BUNDLES})
# It stands in no text of a line, where each quote has a backslash before it.
_WITHHELD: Final = b'"body":null'


@dataclass(frozen=True, slots=True)
class Export:
    """Result of an export: the manifest, and the number of bundles that were new in the folder."""

    about: About
    added: int


def export(
    store: GraphStore,
    folder: Path,
    signer: Signer,
    *,
    progress: Callable[[int], None] | None = None,
) -> Export:
    """Write the log of a store into a folder, or add what is new to an export of the same log.

    It ends at one moment, whoever writes to the store meanwhile. Each file is written beside and renamed,
    and the checkpoint comes last: without it, no folder is an export.

    Args:
        store: The store of the log.
        folder: Made where there is none; else empty, or an earlier export of this log.
        signer: Signs the checkpoint.
        progress: Called with the number of bundles written.

    Raises:
        InputError: The folder holds something else.
        ForeignStoreError: It holds another log, or this one when it was longer.
        BusyError: Another export into the folder is under way.
    """
    _refuse_others(folder)
    (folder / BUNDLES).mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        size, before = _earlier(store, folder)
        if before is None and not size:
            _forget(folder)
        pages = [one for one in range(0, size, PAGE) if not _is_whole(folder, one, size)]
        if before is not None and pages:  # a body that came since changes the graph
            before = replace(before, digest=None)
        told = about(store, signer.key, before=before)
        new = range(size - size % PAGE, told.size, PAGE) if told.size > size else ()
        for first in sorted({*pages, *new}):
            put(folder / page_name(first), bundle_lines(store, first, size=told.size))
            if progress is not None:
                progress(min(first + PAGE, told.size))
        _sync(folder / BUNDLES)
        put(folder / ABOUT, [told.written()])
        put(folder / CHECKPOINT, [signed(told.origin, told.checkpoint, signer).encode()])
        _sync(folder)
    return Export(told, told.size - size)


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds what no export made."""
    wanted = "a folder, empty or with an earlier export"
    try:
        names = {one.name for one in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        fault = Fault(str(folder), wanted, error.strerror or str(error))
        raise InputError("can't export there", [fault]) from error
    odd = sorted(name for name in names - _OURS if not name.endswith(PART))
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
    """Return the size of an earlier export of this log, and its manifest where that is of the same checkpoint.

    Raises:
        InputError: Its checkpoint can't be read.
        ForeignStoreError: It is of another log, or of this one when it was longer.
    """
    if not (folder / CHECKPOINT).exists():
        return 0, None
    try:
        there = read_note(note_in(opener(folder)))
    except (InputError, BrokenLogError) as error:
        wanted = "that of an earlier export (give another folder, or remove it)"
        fault = Fault(str(folder / CHECKPOINT), wanted, f"none: {error}")
        raise InputError("can't export there", [fault]) from error
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
    with suppress(InputError, BrokenLogError):
        told = about_in(opener(folder))
        if told.checkpoint == there.checkpoint:
            return size, told
    return size, None


def _is_whole(folder: Path, first: int, size: int) -> bool:
    """Return whether a file of an earlier export has all its lines, and each its body (one withheld may have come since)."""
    count = 0
    try:
        with opener(folder)(page_name(first)) as file:
            for line in file:
                if _WITHHELD in line or not line.endswith(b"\n"):
                    return False
                count += 1
    except InputError:
        return False
    return count >= min(PAGE, size - first)


def _begins_with(store: GraphStore, checkpoint: Checkpoint) -> bool:
    now = store.checkpoint()
    return checkpoint.size <= now.size and checkpoint_at(store, checkpoint.size) == checkpoint


def _forget(folder: Path) -> None:
    """Remove the files of an export that did not finish."""
    (folder / CHECKPOINT).unlink(missing_ok=True)
    _sync(folder)
    for one in [*(folder / BUNDLES).iterdir(), *folder.glob(f"*{PART}")]:
        name = f"{BUNDLES}/{one.name}"
        if one.name.endswith(PART) or first_of(name) is not None:
            one.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
