"""Exclusive lock on an open file or folder, which the system releases when its process dies.

The lock is the system's (`flock(2)`), taken on a descriptor that the caller opened: no lock file lies
beside what is locked, and none is ever removed while others wait for it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import BusyError

# filelock takes as long to import as some commands to run, so it is imported where a lock is needed.


@contextmanager
def exclusive_lock(descriptor: int, task: str) -> Iterator[None]:
    """Hold the lock on an open file or folder during the block, without waiting for it; then close the descriptor.

    Args:
        descriptor: The open file or folder; closed in any case.
        task: Holder of the lock, as the error names it: `another pull of …`.

    Raises:
        BusyError: Somebody else holds it.
        OSError: The file system has no such locks.
    """
    from filelock import lock_descriptor

    try:
        if not lock_descriptor(descriptor, blocking=False):
            raise BusyError(f"{task} is under way: try again later")
        yield
    finally:
        os.close(descriptor)


def wait_for_lock(descriptor: int) -> None:
    """Wait for the lock on an open file; it is held until the descriptor is closed.

    Waiting is asking again twenty times a second, so those who wait have no order among them: for what is held for a moment.

    Raises:
        OSError: The file system has no such locks.
    """
    from filelock import lock_descriptor

    lock_descriptor(descriptor)
