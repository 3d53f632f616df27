"""Lock that lets one pull of a log run at a time: on a file of its own, which stays."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.errors import Fault, InputError
from graph.export.file_lock import exclusive_lock

# A link that somebody put there would let a pull create or hold a file elsewhere.
_OPEN_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW


@contextmanager
def pull_lock(file: Path, task: str) -> Iterator[None]:
    """Hold the lock on a file during the block, without waiting for it; the file is created where there is none.

    Raises:
        BusyError: Somebody else holds it.
        InputError: The file can't be created, or is a link.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, _OPEN_FLAGS, 0o666)
    except OSError as error:
        fault = Fault(str(file), "a place that can be written", error.strerror or str(error))
        raise InputError("what a pull needs can't be kept", [fault]) from error
    with exclusive_lock(descriptor, task):
        yield
