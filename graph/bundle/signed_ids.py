"""Signed ids: what was signed with a key at this place, in `FILE.signed` beside the key file `FILE`.

An id is listed before its statement is in any store. So this place tells its own statements from those that somebody
else signed with the same key, at another place or with a stolen copy.
"""

from collections.abc import Set
from pathlib import Path

from graph.bundle.header import is_hash
from graph.bundle.private_file import append_lines, is_there
from graph.errors import KeyFileError
from graph.model.model import BundleId


class SignedIds:
    """List of the statements that were signed with one key file at this place; other processes may add to it, too."""

    def __init__(self, path: Path) -> None:
        """Keep the place of the key file; the list is read when it is asked for."""
        self.file = path.with_name(f"{path.name}.signed")
        self._names: set[BundleId] = set()
        self._size = 0

    def exists(self) -> bool:
        """Return whether there is such a list: not where the key file was moved, or nothing was signed yet."""
        return is_there(self.file)

    def names(self) -> Set[BundleId]:
        """Return the ids on the list, as it is now.

        Raises:
            KeyFileError: The file can't be read.
        """
        if is_there(self.file):
            self._read_on()
        return self._names

    def add(self, name: BundleId) -> None:
        """Add an id, durable when it returns.

        Raises:
            KeyFileError: The file can't be written.
        """
        append_lines(self.file, f"{name}\n")

    def _read_on(self) -> None:
        try:
            with self.file.open("rb") as file:
                file.seek(self._size)
                data = file.read()
        except OSError as error:
            raise KeyFileError(f"{self.file} can't be read: {error.strerror}") from error
        whole = data[: data.rfind(b"\n") + 1]
        self._size += len(whole)
        # A line that a power cut tore is of a statement that no store took.
        lines = whole.decode("ascii", errors="replace").splitlines()
        self._names.update(line for line in lines if is_hash(line))
