"""Quarantine file of refused records: one JSON object a line, with the reason, the hash and the record as received."""

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
from graph.export.file_lock import wait_for_lock

_MAX_KEPT_BYTES: Final = 64 * 2**10
"""Bytes kept of a refused record; the hash is of all of it."""

_MAX_LINE_BYTES: Final = 2**20
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

    def keep(self, query: str, refusals: Sequence[Refusal]) -> None:
        """Append what was refused of the answer to a query.

        Raises:
            StoreError: The file can't be read or written.
        """
        if self.file is None or not refusals:
            return
        digests = [hashlib.sha256(refusal.data).hexdigest() for refusal in refusals]
        try:
            _refuse_device(self.file)
            with self.file.open("a+b") as file:
                wait_for_lock(file.fileno())  # two harvests may refuse at once
                recorded_keys = set(_recorded_keys(file, frozenset(digests)))
                lines = [
                    self._line(query, refusal, digest)
                    for refusal, digest in zip(refusals, digests, strict=True)
                    if _add_if_new((refusal.where, digest, refusal.reason), recorded_keys)
                ]
                file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
                # A line that was cut stays a line of its own.
                separator = b"" if file.read() in {b"", b"\n"} else b"\n"
                file.write(separator + b"".join(lines))
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(f"{self.file}: what was refused can't be kept: {reason}") from error

    def _line(self, query: str, refusal: Refusal, digest: str) -> bytes:
        entry = {
            "where": refusal.where,
            "reason": refusal.reason,
            "sha256": digest,
            "query": query,
            "refused": stamp(self.clock()) if self.clock else None,
            "data": refusal.data[:_MAX_KEPT_BYTES].decode("utf-8", "replace"),
        }
        return json.dumps(entry).encode() + b"\n"


def _refuse_device(file: Path) -> None:
    """Refuse a folder, pipe or device: reading one may never end, or block."""
    if file.exists() and not file.is_file():
        raise OSError("expected a file, got a folder, a pipe or a device")


def _recorded_keys(file: BinaryIO, digests: frozenset[str]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield place, digest and reason of the entries in the file that have one of these digests."""
    file.seek(0)
    while line := file.readline(_MAX_LINE_BYTES):
        match = _DIGEST.search(line)
        if match is None or match[1].decode() not in digests:
            continue
        try:
            entry = json.loads(line)
            yield entry["where"], entry["sha256"], entry["reason"]
        except (ValueError, TypeError, KeyError):
            continue  # a line that a full disk cut, or somebody's own


def _add_if_new(key: tuple[Any, Any, Any], keys: set[tuple[Any, Any, Any]]) -> bool:
    """Return whether it was not known, and add it to those known."""
    if key in keys:
        return False
    keys.add(key)
    return True


NO_QUARANTINE: Final = Quarantine(None)
