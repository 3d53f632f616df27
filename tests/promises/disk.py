"""Disk under SQLite (a VFS) that records the calls to it, and fails on request."""

from collections import Counter
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final, Literal, TypeAlias

import apsw
import msgspec

NAME: Final = "breakable"
_JOURNALS: Final = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
_ERRORS: Final = {
    "sync": (apsw.SQLITE_IOERR_FSYNC, "disk I/O error"),
    "write": (apsw.SQLITE_FULL, "database or disk is full"),
}

Call: TypeAlias = Literal["sync", "write"]


class Event(msgspec.Struct, frozen=True):
    """One thing that happened to the disk, in order.

    `what`: create, write, truncate, sync, failed sync, delete, sync folder; or acknowledge, which is the process's
    own word that something is durable, told in `data`.
    """

    what: str
    file: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which call fails: the `first` of its kind (counted from 1), and so many after it.

    A sync fails with EIO; a write with ENOSPC, after half of it was done.
    """

    call: Call
    first: int
    times: float = inf

    def strikes(self, call: Call, number: int) -> bool:
        return call == self.call and self.first <= number < self.first + self.times


class Disk(apsw.VFS):
    """SQLite's own VFS, watched."""

    def __init__(self) -> None:
        self.events: list[Event] | None = None
        self.fault: Fault | None = None
        self.calls: Counter[str] = Counter()
        super().__init__(NAME, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        new = path is not None and not Path(path).exists()
        file = File(self, Path(path).name if path else "", name, flags, new=new)
        if new:
            self.note("create", file.name)
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self.note("delete", Path(filename).name)
        if syncdir:
            self.note("sync folder")

    def note(self, what: str, file: str = "", offset: int = 0, data: bytes = b"") -> None:
        if self.events is not None:
            self.events.append(Event(what, file, offset, data))

    def excepthook(self, *_error: object) -> bool:
        """Leaves the telling of a failure to SQLite."""
        return True

    def fails(self, call: Call) -> bool:
        """Counts a call, and says whether it is to fail."""
        self.calls[call] += 1
        return self.fault is not None and self.fault.strikes(call, self.calls[call])


def failure(call: Call) -> Exception:
    """What SQLite is told when a call fails; the words are those of its `sqlite3_errstr`."""
    code, words = _ERRORS[call]
    found = apsw.exception_for(code)
    found.args = (words,)
    return found


class File(apsw.VFSFile):
    """A file of SQLite's own, watched.

    The first sync of a new journal or WAL is followed by one of its folder, as os_unix.c does it
    (`UNIXFILE_DIRSYNC`); SQLite asks no VFS for it, so it is noted here.
    """

    def __init__(
        self,
        disk: Disk,
        name: str,
        opened: str | apsw.URIFilename | None,
        flags: list[int],
        *,
        new: bool,
    ) -> None:
        self.disk = disk
        self.name = name
        self._new_journal = new and bool(flags[0] & _JOURNALS)
        super().__init__("", opened, flags)

    def excepthook(self, *_error: object) -> bool:
        """Leaves the telling of a failure to SQLite."""
        return True

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self.disk.fails("write"):
            half = data[: len(data) // 2]
            super().xWrite(half, offset)
            raise failure("write")
        super().xWrite(data, offset)
        self.disk.note("write", self.name, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.disk.note("truncate", self.name, newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self.disk.fails("sync"):
            self.disk.note("failed sync", self.name)
            raise failure("sync")
        super().xSync(flags)
        self.disk.note("sync", self.name)
        if self._new_journal:
            self._new_journal = False
            self.disk.note("sync folder")
