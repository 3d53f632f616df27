"""Process of the promises: ingest pages, or run a command, and report the progress."""

import os
import resource
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from colineage.cli import app, run
from colineage.exit_status import status_of
from colineage.settings import Settings
from graph.errors import GraphError
from tests.promises.disk import Disk, Fault
from tests.promises.pages import harvest, pages
from tests.promises.runs import Acknowledged, Run, Told

Tell = Callable[[Told], None]


def prepare(runs: Iterable[Run]) -> None:
    """Makes the pages before anybody is forked, so that each process starts with them."""
    for one in runs:
        if one.order:
            pages(*one.pages)


def run_one(given: Run, tell: Tell, disk: Disk | None) -> int:
    """Does what is asked, in this process; the exit status."""
    os.chdir(given.folder)
    if given.most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (given.most_bytes, given.most_bytes))
    if disk is not None:
        disk.events = [] if given.events else None
        if given.fault:
            call, first, times = given.fault
            assert call in {"sync", "write"}
            disk.fault = Fault(call, first) if times is None else Fault(call, first, times)  # type: ignore[arg-type] # asserted
    try:
        return _command(given.words) if given.words else _harvest(given, tell, disk)
    finally:
        if disk is not None:
            tell(Told(calls=dict(disk.calls)))
            if given.events:
                Path(given.events).write_bytes(msgspec.msgpack.encode(disk.events))


def _command(words: list[str]) -> int:
    """A command as typed; what it says goes to files of the folder."""
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
    status = run(app, "colineage", words)
    return int(status)


def _harvest(given: Run, tell: Tell, disk: Disk | None) -> int:
    def acknowledge(one: Acknowledged) -> None:
        if disk is not None:
            disk.note("acknowledge", data=msgspec.json.encode(one))
        tell(Told(one))

    settings = Settings(
        store="sqlite:colineage.db", key=Path(given.key), model="none", patience_s=30
    )
    every = pages(*given.pages)
    try:
        harvest(settings, [every[number] for number in given.order], acknowledge)
    except GraphError as error:
        tell(Told(error=str(error), kind=type(error).__name__))
        return int(status_of(error))
    return 0
