"""Reading and verifying the export of a log: its bundles are checked against its signed checkpoint."""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Final, TypeAlias

from graph.errors import BrokenLogError, Fault, InputError
from graph.export.format import (
    ABOUT,
    CHECKPOINT,
    Opener,
    RefusedLine,
    raw_bundles,
    tree_lines,
    validate_bundle,
)
from graph.export.log_manifest import MAX_ABOUT_BYTES, LogManifest, parse_manifest
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.merkle import leaf_hash
from graph.log.signed_note import MAX_NOTE, SignedCheckpoint, read_note

Progress: TypeAlias = Callable[[int], None]
"""Function called with the number of bundles processed so far."""

_PROGRESS_EVERY: Final = 1000


def opener(folder: Path) -> Opener:
    """Return a function that opens the files of an export in a folder."""

    def open_file(name: str) -> IO[bytes]:
        expected = f"an export, with the file {name} (colineage export makes one)"
        try:
            # Not to wait: if it is a pipe, opening it would block until somebody writes into it.
            file = os.fdopen(os.open(folder / name, os.O_RDONLY | os.O_NONBLOCK), "rb")
        except OSError as error:
            fault = Fault(str(folder), expected, error.strerror or str(error))
            raise InputError("no export there", [fault]) from error
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise InputError("no export there", [Fault(str(folder), expected, "what is no file")])
        return file

    return open_file


def read_note_text(open_file: Opener) -> str:
    """Return the text of the export's checkpoint.

    Raises:
        BrokenLogError: It is no text.
        InputError: It isn't there.
    """
    data = _read(open_file, CHECKPOINT, MAX_NOTE)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BrokenLogError(
            f"expected a signed note in UTF-8 in {CHECKPOINT}, got byte {error.start} that is not"
        ) from error


def read_manifest(open_file: Opener) -> LogManifest:
    """Return the manifest of the export.

    Raises:
        BrokenLogError: The file is no manifest.
        InputError: It isn't there.
    """
    data = _read(open_file, ABOUT, MAX_ABOUT_BYTES)
    try:
        return parse_manifest(data)
    except InputError as error:
        raise BrokenLogError(f"the log does not hold: {error}") from error


def _read(open_file: Opener, name: str, most: int) -> bytes:
    """Read a small file of the export at once."""
    with open_file(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise BrokenLogError(f"expected at most {most} bytes in {name}, got more")
    return data


def verify_note(text: str, key: str) -> SignedCheckpoint:
    """Return the checkpoint of a note that is valid under a key.

    Raises:
        BrokenLogError: The note is not valid under it.
    """
    try:
        return read_note(text, key)
    except InputError as error:
        raise BrokenLogError(f"the checkpoint does not hold: {error}") from error


def verify_bundles(
    open_file: Opener,
    checkpoint: Checkpoint,
    *,
    start: Peaks | None = None,
    at: int = 0,
    progress: Progress | None = None,
) -> tuple[Peaks, str]:
    """Validate the bundles of an export up to a signed checkpoint, and that they have the root that it signs.

    Args:
        open_file: Opens its files.
        checkpoint: The signed checkpoint.
        start: The peaks of the bundles validated before; `None`: from the first bundle.
        at: A size, from that of `start` to the checkpoint's.
        progress: Called with the number of bundles of the log so far.

    Returns:
        The peaks of the whole, and the root at the size `at`.

    Raises:
        BrokenLogError: A bundle is none, one is missing, or the root over all is another one.
    """
    peaks = start or Peaks()
    bundles = map(validate_bundle, raw_bundles(open_file, peaks.size, checkpoint.size))
    headers = (bundle.header_bytes for bundle in bundles)
    return _verify_root(headers, checkpoint, peaks, at, progress)


def verify_tree(
    open_file: Opener,
    checkpoint: Checkpoint,
    *,
    start: Peaks | None = None,
    at: int = 0,
    progress: Progress | None = None,
) -> tuple[Peaks, str]:
    """Verify that the headers of an export have the root that a checkpoint signs; no bundle is validated.

    For the arguments and what is returned see `verify_bundles`.

    Raises:
        BrokenLogError: A line is none, one is missing, an id is another, or so is the root over all.
    """
    peaks = start or Peaks()
    lines = tree_lines(open_file, peaks.size, checkpoint.size)
    headers = (line.raw.header if isinstance(line, RefusedLine) else line.header for line in lines)
    return _verify_root(headers, checkpoint, peaks, at, progress)


def _verify_root(
    headers: Iterable[bytes],
    checkpoint: Checkpoint,
    start: Peaks,
    at: int,
    progress: Progress | None,
) -> tuple[Peaks, str]:
    peaks, root = start, start.root()
    try:
        for header in headers:
            peaks = peaks.plus((leaf_hash(header),))
            if peaks.size == at:
                root = peaks.root()
            if progress is not None and not peaks.size % _PROGRESS_EVERY:
                progress(peaks.size)
    except InputError as error:
        raise BrokenLogError(f"the log does not hold: {error}") from error
    if peaks.root() != checkpoint.root:
        before = f" after the {start.size} that were seen before" if start.size else ""
        raise BrokenLogError(
            f"expected {checkpoint.size} bundles with the root {checkpoint.root}, which the checkpoint signs, got "
            f"{peaks.root()}{before}: bundles were altered, left out or exchanged, or the log is forked"
        )
    return peaks, root
