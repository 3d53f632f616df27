"""Exclusive lock on a file, which the system releases when a process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import BusyError, Fault, InputError


@contextmanager
def exclusive_lock(file: Path, task: str) -> Iterator[None]:
    """Hold the lock on a file during the block; don't wait for it.

    Raises:
        BusyError: Somebody else holds it.
        InputError: The file can't be created.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = file.open("a")
    except OSError as error:
        fault = Fault(str(file), "a place that can be written", error.strerror or str(error))
        raise InputError("what a pull needs can't be kept", [fault]) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{task} is under way: try again later") from error
        yield
