"""Writing an export of a log into a folder, so that a killed run leaves nothing that passes for a whole export."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from graph.bundle.keys import Signer
from graph.errors import BrokenLogError, Fault, ForeignStoreError, InputError
from graph.export.atomic_file import PART, write_atomically
from graph.export.file_lock import exclusive_lock
from graph.export.format import ABOUT, BUNDLES, CHECKPOINT, PAGE, bundle_lines, first_of, page_name
from graph.export.log_manifest import LogManifest, make_manifest
from graph.export.reader import opener, read_manifest, read_note_text
from graph.log.checkpoint import Checkpoint
from graph.log.signed_note import read_note, sign_checkpoint
from graph.proofs.proofs import checkpoint_at
from graph.store import GraphStore, Log

_EXPORT_NAMES: Final = frozenset({CHECKPOINT, ABOUT, BUNDLES})
# It stands in no text of a line, where each quote has a backslash before it.
_WITHHELD: Final = b'"body":null'


@dataclass(frozen=True, slots=True)
class Export:
    """Result of an export: the manifest, and the number of bundles that were new in the folder."""

    manifest: LogManifest
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
    with exclusive_lock(os.open(folder, os.O_RDONLY), f"another export into {folder}"):
        size, before = _earlier_export(store, folder)
        if before is None and not size:
            _remove_unfinished(folder)
        erased = frozenset(store.erased_positions())
        pages = [
            start for start in range(0, size, PAGE) if not _is_whole(folder, start, size, erased)
        ]
        if before is not None and pages:  # a body that came since, or was erased, changes the graph
            before = replace(before, digest=None)
        manifest = make_manifest(store, signer.key, before=before)
        new = range(size - size % PAGE, manifest.size, PAGE) if manifest.size > size else ()
        for first in sorted({*pages, *new}):
            write_atomically(
                folder / page_name(first), bundle_lines(store, first, size=manifest.size)
            )
            if progress is not None:
                progress(min(first + PAGE, manifest.size))
        _sync(folder / BUNDLES)
        write_atomically(folder / ABOUT, [manifest.to_bytes()])
        write_atomically(
            folder / CHECKPOINT,
            [sign_checkpoint(manifest.origin, manifest.checkpoint, signer).encode()],
        )
        _sync(folder)
    return Export(manifest, manifest.size - size)


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds what no export made."""
    expected = "a folder, empty or with an earlier export"
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        fault = Fault(str(folder), expected, error.strerror or str(error))
        raise InputError("can't export there", [fault]) from error
    unexpected = sorted(name for name in names - _EXPORT_NAMES if not name.endswith(PART))
    if unexpected:
        fault = Fault(str(folder), expected, ", ".join(unexpected[:5]))
        raise InputError("can't export there", [fault])


def _earlier_export(store: Log, folder: Path) -> tuple[int, LogManifest | None]:
    """Return the size of an earlier export of this log, and its manifest where that is of the same checkpoint.

    Raises:
        InputError: Its checkpoint can't be read.
        ForeignStoreError: It is of another log, or of this one when it was longer.
    """
    if not (folder / CHECKPOINT).exists():
        return 0, None
    try:
        note = read_note(read_note_text(opener(folder)))
    except (InputError, BrokenLogError) as error:
        expected = "that of an earlier export (give another folder, or remove it)"
        fault = Fault(str(folder / CHECKPOINT), expected, f"none: {error}")
        raise InputError("can't export there", [fault]) from error
    if note.origin != store.origin():
        raise ForeignStoreError(
            f"expected an export of the log {store.origin()} in {folder}, got one of {note.origin}: "
            "give another folder"
        )
    size = note.checkpoint.size
    if not _begins_with(store, note.checkpoint):
        raise ForeignStoreError(
            f"expected an export in {folder} that this log continues, got {size} bundles with the root "
            f"{note.checkpoint.root}, which it does not: give another folder, and find out which log is the right one"
        )
    with suppress(InputError, BrokenLogError):
        manifest = read_manifest(opener(folder))
        if manifest.checkpoint == note.checkpoint:
            return size, manifest
    return size, None


def _is_whole(folder: Path, first: int, size: int, erased: frozenset[int]) -> bool:
    """Return whether a file of an earlier export has all its lines, and the bodies that are to be in it.

    A body that was withheld may have come since, and one that is there may have been erased.
    """
    count = 0
    try:
        with opener(folder)(page_name(first)) as file:
            for position, line in enumerate(file, first):
                if (_WITHHELD in line) != (position in erased) or not line.endswith(b"\n"):
                    return False
                count += 1
    except InputError:
        return False
    return count >= min(PAGE, size - first)


def _begins_with(store: Log, checkpoint: Checkpoint) -> bool:
    now = store.checkpoint()
    return checkpoint.size <= now.size and checkpoint_at(store, checkpoint.size) == checkpoint


def _remove_unfinished(folder: Path) -> None:
    """Remove the files of an export that did not finish."""
    (folder / CHECKPOINT).unlink(missing_ok=True)
    _sync(folder)
    for path in [*(folder / BUNDLES).iterdir(), *folder.glob(f"*{PART}")]:
        name = f"{BUNDLES}/{path.name}"
        if path.name.endswith(PART) or first_of(name) is not None:
            path.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
