"""Contents of a disk after a power cut: all that was synced, and of the rest a random part."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

import msgspec

from tests.promises.disk import Event
from tests.promises.runs import Acknowledged

SECTOR: Final = 512


class Luck(Enum):
    """What becomes of a write that nobody synced."""

    NOTHING = "none of them arrived"
    EACH = "each arrived or did not, in any order"
    TORN = "each sector of each arrived or did not"
    FIRST = "they arrived in order, up to some sector"
    EVERYTHING = "all of them arrived"


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Event] = field(default_factory=list)


class Disk:
    """The files of one folder, as they would be found after a power cut at any event.

    A file is under its name once its folder was synced; until then chance decides, for all that was done
    to the folder's entries since, in order (which is more than a file system has to promise, and less than
    most do).
    """

    def __init__(self, found: Mapping[str, bytes], *, folder_syncs: bool = True) -> None:
        """Begins with the files that were there.

        Args:
            found: What they held, by name.
            folder_syncs: `False` on a file system that forgets to sync folders.
        """
        self._folder_syncs = folder_syncs
        self._entries = {name: _File(bytearray(data)) for name, data in found.items()}
        self._changes: list[dict[str, _File]] = []

    @property
    def _now(self) -> dict[str, _File]:
        return self._changes[-1] if self._changes else self._entries

    def happen(self, event: Event) -> None:
        """Takes in the next event."""
        match event.what:
            case "create":
                self._changes.append(self._now | {event.file: _File()})
            case "delete":
                self._changes.append({k: v for k, v in self._now.items() if k != event.file})
            case "write" | "truncate":
                self._now[event.file].waiting.append(event)
            case "sync":
                file = self._now[event.file]
                for one in file.waiting:
                    _apply(one, file.synced)
                file.waiting.clear()
            case "failed sync":
                # What Linux does: it is still read, taken for written, and no later sync writes it.
                self._now[event.file].waiting.clear()
            case "sync folder" if self._folder_syncs:
                self._entries, self._changes = dict(self._now), []

    def cut(self, folder: Path, luck: Luck, chance: random.Random) -> None:
        """Writes into a folder what is found after a power cut now."""
        entries = [self._entries, *self._changes]
        left = {Luck.NOTHING: 0, Luck.EVERYTHING: len(entries) - 1}
        found = entries[left.get(luck, chance.randrange(len(entries)))]
        for name, file in found.items():
            content = bytearray(file.synced)
            for event in _lucky(file.waiting, luck, chance):
                _apply(event, content)
            (folder / name).write_bytes(content)


def _apply(event: Event, content: bytearray) -> None:
    end = event.offset + len(event.data)
    if event.what == "truncate":
        del content[event.offset :]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[event.offset : end] = event.data


def _lucky(waiting: Sequence[Event], luck: Luck, chance: random.Random) -> Iterator[Event]:
    first = chance.randint(0, len(waiting))
    for number, event in enumerate(waiting):
        sectors = list(_sectors(event))
        match luck:
            case Luck.NOTHING:
                return
            case Luck.EVERYTHING:
                yield event
            case Luck.EACH:
                yield from [event] if chance.getrandbits(1) else []
            case Luck.TORN:
                yield from (one for one in sectors if chance.getrandbits(1))
            case Luck.FIRST if number < first:
                yield event
            case Luck.FIRST:
                yield from sectors[: chance.randrange(len(sectors))]
                return


def _sectors(event: Event) -> Iterator[Event]:
    """A write, cut where the disk's sectors end; anything else as it is."""
    if event.what != "write":
        yield event
        return
    start, end = event.offset, event.offset + len(event.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        data = event.data[start - event.offset : stop - event.offset]
        yield Event("write", event.file, start, data)
        start = stop


@dataclass(frozen=True, slots=True)
class Found:
    """A power cut: what it left, and what had been acknowledged by then."""

    folder: Path
    luck: Luck
    acknowledged: tuple[Acknowledged, ...]


def cuts(
    events: Sequence[Event],
    folder: Path,
    count: int,
    *,
    seed: int,
    found: Mapping[str, bytes] | None = None,
    folder_syncs: bool = True,
) -> Iterator[Found]:
    """Power cuts at so many events, chosen by chance, with every luck in turn.

    Args:
        events: What happened.
        folder: Where each leaves a folder of what it left.
        count: How many.
        seed: Of the chances.
        found: The files that were there before, by name.
        folder_syncs: `False` on a file system that forgets to sync folders.
    """
    chance = random.Random(seed)  # noqa: S311 - a seed
    points = sorted(chance.choices(range(len(events) + 1), k=count))
    disk = Disk(found or {}, folder_syncs=folder_syncs)
    acknowledged: list[Acknowledged] = []
    happened = 0
    for number, point in enumerate(points):
        for event in events[happened:point]:
            disk.happen(event)
            if event.what == "acknowledge":
                acknowledged.append(msgspec.json.decode(event.data, type=Acknowledged))
        happened = point
        luck = list(Luck)[number % len(Luck)]
        left = folder / str(number)
        left.mkdir()
        disk.cut(left, luck, chance)
        yield Found(left, luck, tuple(acknowledged))
