"""Quarantine file of refused records: one JSON object a line, with the reason, the hash and the record as received."""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from graph.clock import Clock, stamp
from graph.errors import StoreError

_LONGEST: Final = 64 * 2**10
"""Bytes kept of a refused record; the hash is of all of it."""

_LONGEST_LINE: Final = 2**20
_DIGEST: Final = re.compile(rb'"sha256": "([0-9a-f]{64})"')


class Refusal(Protocol):
    """Refused record: where it stood, why it was refused, and its bytes (empty where it has none)."""

    @property
    def where(self) -> str:
        """Position in its source, such as `line 3`."""
        ...

    @property
    def reason(self) -> str:
        """Everything that is wrong with it."""
        ...

    @property
    def data(self) -> bytes:
        """Bytes as received."""
        ...


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Quarantine file: keeps refused records, the same one for the same reason once.

    `file` is created at the first refusal; `None` keeps nothing.
    """

    file: Path | None
    clock: Clock | None = None

    def keep(self, query: str, refused: Sequence[Refusal]) -> None:
        """Append what was refused of the answer to a query.

        Raises:
            StoreError: The file can't be read or written.
        """
        if self.file is None or not refused:
            return
        digests = [hashlib.sha256(one.data).hexdigest() for one in refused]
        try:
            _refuse_device(self.file)
            with self.file.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # two harvests may refuse at once
                known = set(_known(file, frozenset(digests)))
                lines = [
                    self._line(query, one, digest)
                    for one, digest in zip(refused, digests, strict=True)
                    if _is_new((one.where, digest, one.reason), known)
                ]
                file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
                # A line that was cut stays a line of its own.
                ends = b"" if file.read() in {b"", b"\n"} else b"\n"
                file.write(ends + b"".join(lines))
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(f"{self.file}: what was refused can't be kept: {reason}") from error

    def _line(self, query: str, one: Refusal, digest: str) -> bytes:
        found = {
            "where": one.where,
            "reason": one.reason,
            "sha256": digest,
            "query": query,
            "refused": stamp(self.clock()) if self.clock else None,
            "data": one.data[:_LONGEST].decode("utf-8", "replace"),
        }
        return json.dumps(found).encode() + b"\n"


def _refuse_device(file: Path) -> None:
    """Refuse a folder, pipe or device: reading one may never end, or block."""
    if file.exists() and not file.is_file():
        raise OSError("expected a file, got a folder, a pipe or a device")


def _known(file: BinaryIO, digests: frozenset[str]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield place, digest and reason of the entries in the file that have one of these digests."""
    file.seek(0)
    while line := file.readline(_LONGEST_LINE):
        match = _DIGEST.search(line)
        if match is None or match[1].decode() not in digests:
            continue
        try:
            found = json.loads(line)
            yield found["where"], found["sha256"], found["reason"]
        except (ValueError, TypeError, KeyError):
            continue  # a line that a full disk cut, or somebody's own


def _is_new(one: tuple[Any, Any, Any], known: set[tuple[Any, Any, Any]]) -> bool:
    """Return whether it was not known, and add it to those known."""
    if one in known:
        return False
    known.add(one)
    return True


NO_QUARANTINE: Final = Quarantine(None)
