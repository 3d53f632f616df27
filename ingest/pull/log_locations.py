"""Locations of logs: remember the log at an address, so that another in its place isn't accepted as a first sight.

{"place", "origin"}
"""

import hashlib
from pathlib import Path

import msgspec

from graph.errors import BrokenLogError, Fault, InputError
from graph.export.atomic_file import write_atomically


class _LogLocation(msgspec.Struct, forbid_unknown_fields=True):
    place: str
    origin: str


def refuse_another_log(folder: Path, address: str, origin: str) -> None:
    """Refuse a log at an address where another one was.

    Raises:
        BrokenLogError: Another one was there.
        InputError: The file that states it is damaged.
    """
    path = _path(folder, address)
    try:
        location = msgspec.json.decode(path.read_bytes(), type=_LogLocation)
    except FileNotFoundError:
        return
    except ValueError as error:
        expected = "which log was at an address; remove the file to take the one that is there now"
        fault = Fault(str(path), expected, str(error)[:160])
        raise InputError("what was seen is damaged", [fault]) from error
    if location.origin != origin:
        raise BrokenLogError(
            f"expected the log {location.origin} at {address}, which was there before, got {origin}: ask whoever runs it "
            "what became of the first, and under which key the other is signed; with that, --from KEY takes it"
        )


def write_location(folder: Path, address: str, origin: str) -> None:
    """Record that this log is at the address."""
    data = msgspec.json.encode(_LogLocation(_without_slash(address), origin))
    write_atomically(_path(folder, address), [msgspec.json.format(data, indent=2) + b"\n"])


def _path(folder: Path, address: str) -> Path:
    return folder / f"at-{hashlib.sha256(_without_slash(address).encode()).hexdigest()[:32]}.json"


def _without_slash(address: str) -> str:
    return address.rstrip("/")
