"""Pins of other logs: the last checkpoint seen of each, a file a log, so that a rollback or fork is noticed.

    {"origin", "key", "size", "root", "note", "peaks",
     "stores": {"<a store's origin>": {"size", "peaks", "log": {"size", "root"}, "missing": [{"position", "bundle"}]}}}

`stores` states up to where each store has the log: true as long as that store's own log begins with `log`.
`missing` are bundles that it has without their body, or that were refused for their signature: the log may serve them
whole later.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from graph.errors import Fault, InputError
from graph.export.atomic_file import write_atomically
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import read_note


@dataclass(frozen=True, slots=True)
class MissingBundle:
    """Bundle that was refused for its signature, or pulled without its body: its position in its log, and its id."""

    position: int
    bundle: str


@dataclass(frozen=True, slots=True)
class PullProgress:
    """Pull progress of a store: all of a log to the size of `peaks` but `missing`.

    True once the store's own log was `log`.
    """

    peaks: Peaks
    log: Checkpoint
    missing: tuple[MissingBundle, ...] = ()


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin of a log: the checkpoint last seen, the key that signed it, and the progress of each store."""

    origin: str
    key: str
    note: str
    peaks: Peaks
    stores: Mapping[str, PullProgress] = field(default_factory=dict)

    @property
    def checkpoint(self) -> Checkpoint:
        """Checkpoint last seen."""
        return Checkpoint(self.peaks.size, self.peaks.root())

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that the file holds."""
        return {
            "origin": self.origin,
            "key": self.key,
            "size": self.peaks.size,
            "root": self.peaks.root(),
            "note": self.note,
            "peaks": _hex(self.peaks),
            "stores": {
                name: {
                    "size": progress.peaks.size,
                    "peaks": _hex(progress.peaks),
                    "log": {"size": progress.log.size, "root": progress.log.root},
                    "missing": [
                        {"position": missing.position, "bundle": missing.bundle}
                        for missing in progress.missing
                    ],
                }
                for name, progress in sorted(self.stores.items())
            },
        }


class _MissingForm(msgspec.Struct, forbid_unknown_fields=True):
    position: int
    bundle: str


class _LogForm(msgspec.Struct, forbid_unknown_fields=True):
    size: int
    root: str


class _ProgressForm(msgspec.Struct, forbid_unknown_fields=True):
    size: int
    peaks: list[str]
    log: _LogForm
    missing: list[_MissingForm]


class _PinForm(msgspec.Struct, forbid_unknown_fields=True):
    origin: str
    key: str
    size: int
    root: str
    note: str
    peaks: list[str]
    stores: dict[str, _ProgressForm]


def pin_path(folder: Path, origin: str) -> Path:
    """Return the path of a log's pin; the log's name can't lead out of the folder."""
    readable = "".join(c if c.isascii() and c.isalnum() else "-" for c in origin)[:60]
    return folder / f"{readable}-{hashlib.sha256(origin.encode()).hexdigest()[:16]}.json"


def read_pin(folder: Path, origin: str) -> Pin | None:
    """Read the pin of a log; `None` where the log was never seen.

    Raises:
        InputError: The file is damaged: without it nobody knows what was seen.
    """
    path = pin_path(folder, origin)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        form = msgspec.json.decode(data, type=_PinForm)
        pin = Pin(
            form.origin, form.key, form.note, _peaks(form.size, form.peaks), _stores(form.stores)
        )
        signed = read_note(pin.note, pin.key)
    except (ValueError, InputError) as error:
        raise _damage_error(path, str(error)[:160]) from error
    expected = (origin, Checkpoint(form.size, form.root))
    if not (pin.origin, pin.checkpoint) == expected == (signed.origin, signed.checkpoint):
        raise _damage_error(path, "parts that contradict each other")
    return pin


def _damage_error(path: Path, got: str) -> InputError:
    expected = "what was last seen of a log; restore the file, or remove it to see that log as for the first time"
    return InputError("a pin is damaged", [Fault(str(path), expected, got)])


def write_pin(folder: Path, pin: Pin) -> None:
    """Write a pin to its file, atomically and durably."""
    data = msgspec.json.format(msgspec.json.encode(pin.to_json()), indent=2) + b"\n"
    write_atomically(pin_path(folder, pin.origin), [data])


def _stores(forms: Mapping[str, _ProgressForm]) -> dict[str, PullProgress]:
    return {
        name: PullProgress(
            _peaks(form.size, form.peaks),
            Checkpoint(form.log.size, form.log.root),
            tuple(MissingBundle(missing.position, missing.bundle) for missing in form.missing),
        )
        for name, form in forms.items()
    }


def _peaks(size: int, hashes: list[str]) -> Peaks:
    return Peaks(size, tuple(bytes.fromhex(digest) for digest in hashes))


def _hex(peaks: Peaks) -> list[str]:
    return [digest.hex() for digest in peaks.hashes]
