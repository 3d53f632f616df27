"""Atomic file writes: a file is put in place whole, or what was there stays."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from graph.errors import StoreError

PART: Final = ".part"
"""Suffix of a file that is still being written."""


def write_atomically(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its place, and rename it once it is on the disk.

    Raises:
        StoreError: It can't be written; what was there is as it was.
    """
    part = path.with_name(path.name + PART)
    try:
        part.unlink(missing_ok=True)  # a killed one's; or a link, which would lead elsewhere
        with part.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise StoreError(
            f"can't write {path} ({error.strerror or error}): see that it may be written and that there is room, "
            "and give the same command again"
        ) from error
