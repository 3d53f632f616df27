"""Sealed folder: bodies kept beside a store and never in it, each in a file named by its hash that only its owner may read."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Fault, InputError, StoreError
from graph.model.canonical import digest

_PREFIX: Final = "sha256:"
_DIGITS: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """Folder of sealed bodies; a file's name is the 64 hex digits of the SHA-256 of its bytes."""

    path: Path

    def write(self, body: bytes) -> None:
        """Write a body; it is on the disk when this returns.

        Raises:
            StoreError: It can't be written, or others may look into the folder.
        """
        part = self._file(digest(body)).with_suffix(".part")
        try:
            self._make()
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._file(digest(body)))
            _sync(self.path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise StoreError(
                f"can't write into {self.path} ({error.strerror or error}), so nothing is sealed: see that it may be written and "
                "that there is room"
            ) from error

    def _make(self) -> None:
        """Make the folder where there is none.

        Raises:
            StoreError: Others may look into it.
        """
        if not self.path.is_dir():
            self.path.mkdir(mode=0o700)
            _sync(self.path.parent)
        elif os.name == "posix" and self.path.stat().st_mode & 0o077:
            raise StoreError(f"others may look into {self.path}: chmod 700 {self.path}")

    def read(self, name: str) -> bytes:
        """Return the body of this hash.

        Raises:
            InputError: It isn't here, can't be read, or isn't the body that was sealed.
        """
        file = self._file(name)
        try:
            body = file.read_bytes()
        except OSError as error:
            got = "no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)
            fault = Fault(str(file), "the sealed body, or a backup of it put back there", got)
            raise InputError("the sealed body can't be read", [fault]) from error
        if digest(body) != name:
            fault = Fault(
                str(file), f"the body with the hash {name}", f"another one: {digest(body)}"
            )
            raise InputError("the sealed body is not what was sealed; put a backup back", [fault])
        return body

    def has(self, name: str) -> bool:
        """Return whether there is a file of this hash."""
        return self._file(name).exists()

    def remove(self, name: str) -> bool:
        """Remove the body of this hash, durably; return whether it was here.

        Raises:
            StoreError: It can't be removed.
        """
        file = self._file(name)
        try:
            file.unlink()
            _sync(self.path)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(
                f"can't remove {file} ({error.strerror}): remove it yourself"
            ) from error
        return True

    def names(self) -> tuple[str, ...]:
        """Return the hashes of the bodies that are here, sorted; none where there is no folder."""
        if not self.path.is_dir():
            return ()
        digits = sorted(file.name for file in self.path.iterdir())
        return tuple(
            _PREFIX + name for name in digits if len(name) == 64 and _DIGITS.issuperset(name)
        )

    def copy_to(self, target: "SealedFolder") -> int:
        """Copy into another folder what it lacks; return how many bodies it has of these then.

        Raises:
            InputError: A body isn't what was sealed.
            StoreError: The other can't be written.
        """
        names = self.names()
        for name in names:
            body = self.read(name)
            if not target.has(name):
                target.write(body)
        return len(names)

    def _file(self, name: str) -> Path:
        return self.path / name.removeprefix(_PREFIX)


def _sync(folder: Path) -> None:
    """Sync a folder, so that the names in it are durable."""
    with suppress(OSError):  # no folder can be opened on Windows
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
