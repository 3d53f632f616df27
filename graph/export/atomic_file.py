"""Putting a file in place whole, or leaving what was there."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from graph.errors import StoreError

PART: Final = ".part"
"""How the name of a file ends that is being written."""


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Writes a file beside its place, and renames it once it is on the disk.

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
