"""Reading the export of a log, and holding its bundles to what its checkpoint signs."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, TypeAlias

from graph.about import MAX_ABOUT_BYTES, About, read_about
from graph.errors import BrokenLogError, Fault, InputError
from graph.exported import ABOUT, CHECKPOINT, Opener, judged, raw_bundles
from graph.log import leaf_hash
from graph.note import MAX_NOTE, SignedCheckpoint, read_note
from graph.peaks import Peaks
from graph.store import Checkpoint

Progress: TypeAlias = Callable[[int], None]
"""Is told how many bundles were looked at so far."""

_TOLD_EACH: Final = 1000


def opener(folder: Path) -> Opener:
    """Opens the files of an export in a folder."""

    def open_file(name: str) -> IO[bytes]:
        try:
            return (folder / name).open("rb")
        except OSError as error:
            wanted = f"an export, with the file {name} (colineage export makes one)"
            fault = Fault(str(folder), wanted, error.strerror or str(error))
            raise InputError("no export there", [fault]) from error

    return open_file


def read_small(open_file: Opener, name: str, most: int) -> bytes:
    """A file of the export that is read at once.

    Raises:
        InputError: It isn't there, or has more bytes than that.
    """
    with open_file(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise InputError("no export", [Fault(name, f"at most {most} bytes", "more")])
    return data


def note_in(open_file: Opener) -> str:
    """The text of the export's checkpoint.

    Raises:
        InputError: It isn't there, or is no text.
    """
    data = read_small(open_file, CHECKPOINT, MAX_NOTE)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        fault = Fault(CHECKPOINT, "a signed note in UTF-8", f"byte {error.start} that is not")
        raise InputError("no export", [fault]) from error


def about_in(open_file: Opener) -> About:
    """What the export tells of itself.

    Raises:
        InputError: It isn't there, or is something else.
    """
    return read_about(read_small(open_file, ABOUT, MAX_ABOUT_BYTES))


def held_note(text: str, key: str) -> SignedCheckpoint:
    """The checkpoint of a note that holds under a key.

    Raises:
        BrokenLogError: It doesn't.
    """
    try:
        return read_note(text, key)
    except InputError as error:
        raise BrokenLogError(f"the checkpoint does not hold: {error}") from error


def followed(
    open_file: Opener,
    signed: Checkpoint,
    *,
    start: Peaks | None = None,
    at: int = 0,
    progress: Progress | None = None,
) -> tuple[Peaks, str]:
    """Judges the bundles of an export up to a signed checkpoint, and that they are what it signs.

    Args:
        open_file: Opens its files.
        signed: The checkpoint.
        start: The peaks of what was judged before; `None`: from the first bundle.
        at: A size, from that of `start` to the checkpoint's.
        progress: Told how many bundles the log has so far.

    Returns:
        The peaks of the whole, and the root at the size `at`.

    Raises:
        BrokenLogError: A bundle is none, one is missing, or the root over all is another one.
    """
    peaks = start or Peaks()
    root = peaks.root()
    for raw in raw_bundles(open_file, peaks.size, signed.size):
        judged(raw)
        peaks = peaks.plus((leaf_hash(raw.header),))
        if peaks.size == at:
            root = peaks.root()
        if progress is not None and not peaks.size % _TOLD_EACH:
            progress(peaks.size)
    if peaks.root() != signed.root:
        raise BrokenLogError(
            f"expected {signed.size} bundles with the root {signed.root}, which the checkpoint signs, "
            f"got others, with {peaks.root()}"
        )
    return peaks, root
