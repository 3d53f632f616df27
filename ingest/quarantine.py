"""A file of what was refused: one JSON object a line, with the reason, the hash, and the record as it came."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any, Final, Protocol

from graph.clock import Clock, stamp
from graph.errors import StoreError

_LONGEST: Final = 64 * 2**10
"""How much of a refused record is kept, in bytes; the hash is of all of it."""


class Refusal(Protocol):
    """What was refused: where it stood, why, its SHA-256 and its bytes (empty where it has none)."""

    @property
    def where(self) -> str:
        """Where it stood."""
        ...

    @property
    def reason(self) -> str:
        """All that is wrong with it."""
        ...

    @property
    def data(self) -> bytes:
        """What it came as."""
        ...


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Keeps refused records in a file; the same one for the same reason once.

    `file` is made with the first refusal; `None` keeps nothing.
    """

    file: Path | None
    clock: Clock | None = None

    def keep(self, query: str, refused: Sequence[Refusal]) -> None:
        """Adds what was refused of the answer to a query.

        Raises:
            StoreError: The file can't be read or written.
        """
        if self.file is None or not refused:
            return
        try:
            known = set(self._known())
            lines = [line for one in refused if (line := self._line(query, one, known))]
            with self.file.open("a+b") as out:
                out.seek(max(0, out.seek(0, SEEK_END) - 1))
                # A line that was cut stays a line of its own.
                out.writelines([b"" if out.read() in {b"", b"\n"} else b"\n", *lines])
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(f"{self.file}: what was refused can't be kept: {reason}") from error

    def _known(self) -> Iterator[tuple[Any, Any, Any]]:
        if self.file is None or not self.file.exists():
            return
        with self.file.open("rb") as lines:
            for line in lines:
                try:
                    found = json.loads(line)
                    yield found["where"], found["sha256"], found["reason"]
                except (ValueError, TypeError, KeyError):
                    continue  # a line that a full disk cut, or somebody's own

    def _line(self, query: str, one: Refusal, known: set[tuple[Any, Any, Any]]) -> bytes:
        """The line of a refusal; empty where it is there already."""
        digest = hashlib.sha256(one.data).hexdigest()
        if (one.where, digest, one.reason) in known:
            return b""
        known.add((one.where, digest, one.reason))
        found = {
            "where": one.where,
            "reason": one.reason,
            "sha256": digest,
            "query": query,
            "refused": stamp(self.clock()) if self.clock else None,
            "data": one.data[:_LONGEST].decode("utf-8", "replace"),
        }
        return json.dumps(found).encode() + b"\n"


NO_QUARANTINE: Final = Quarantine(None)
