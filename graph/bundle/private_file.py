"""Private file: a small file that its owner alone may read, written whole or not at all, and durable."""

import os
from contextlib import suppress
from pathlib import Path

from graph.errors import KeyFileError


def is_there(path: Path) -> bool:
    """Return whether something is at this path.

    Raises:
        KeyFileError: That can't be found out.
    """
    try:
        return path.exists()
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {error.strerror}") from error


def read_private(path: Path) -> bytes:
    """Read a file that nobody but its owner may read.

    Raises:
        KeyFileError: It can't be read, or others may read it.
    """
    try:
        data = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as error:
        raise KeyFileError(f"{path} can't be read: {error.strerror}") from error
    if os.name == "posix" and mode & 0o077:
        raise KeyFileError(f"others may read {path}: chmod 600 {path}")
    return data


def write_once(path: Path, data: bytes) -> bool:
    """Write a new file, whole or not at all; return whether it was this call that made it.

    Where another process was first, its file is the one.

    Raises:
        KeyFileError: It can't be made.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    missing = [
        ancestor for ancestor in (path.parent, *path.parent.parents) if not ancestor.exists()
    ]
    try:
        _make_folder(path.parent)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise KeyFileError(f"{path} can't be made: {error.strerror}") from error
    else:
        return True
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        for folder in {path.parent, *(ancestor.parent for ancestor in missing)}:
            sync_folder(folder)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise KeyFileError(f"expected a folder, got the file {folder}: name another") from error


def append_lines(path: Path, lines: str) -> None:
    """Append whole lines to a file, created where there is none; durable when it returns.

    A line that a power cut tore stays a line of its own.

    Raises:
        KeyFileError: It can't be written.
    """
    try:
        _make_folder(path.parent)
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            os.write(handle, ("\n" * is_torn + lines).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise KeyFileError(f"{path} can't be written: {error.strerror}") from error
    if is_new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that its names are durable: what a key signed is no use to its owner without the key."""
    with suppress(OSError):  # no folder can be opened on Windows, and some nowhere
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
