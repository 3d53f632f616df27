"""Fork server for processes that ingest pages: it imports once, and forks for each.

    python -m tests.promises.forked '{"driver": true, "rewritten": {}}'

Each line of stdin is a list of runs that start together, each line of stdout a list of what came of them.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tests.promises.runs import Ended, Run, Setup, Told


def _start(
    run: Run, do: Callable[[Run, Callable[[Told], None]], int], gate: int
) -> tuple[int, int]:
    """Forks a process that waits at the gate; its id, and the pipe on which it tells."""
    reading, telling = os.pipe()
    child = os.fork()
    if child:
        os.close(telling)
        return child, reading
    try:
        os.read(gate, 1)
        status = do(run, lambda told: _write(telling, msgspec.json.encode(told) + b"\n"))
    except BaseException:  # noqa: BLE001 - a fork must not go on as the server
        sys.excepthook(*sys.exc_info())
        os._exit(70)
    os._exit(status)


def _write(pipe: int, data: bytes) -> None:
    assert os.write(pipe, data) == len(data)


def _ended(child: int, pipe: int, started: float) -> Ended:
    parts = []
    while part := os.read(pipe, 65536):
        parts.append(part)
    os.close(pipe)
    _, how = os.waitpid(child, 0)
    told = [msgspec.json.decode(line, type=Told) for line in b"".join(parts).splitlines()]
    return Ended(os.waitstatus_to_exitcode(how), told, time.monotonic() - started)


def _all(runs: Sequence[Run], do: Callable[[Run, Callable[[Told], None]], int]) -> list[Ended]:
    gate, opener = os.pipe()
    started = [_start(run, do, gate) for run in runs]
    now = time.monotonic()
    os.write(opener, b"x" * len(runs))
    for run, (child, _) in zip(runs, started, strict=True):
        if run.kill_after_s is not None:
            time.sleep(run.kill_after_s)
            os.kill(child, signal.SIGKILL)
    found = [_ended(child, pipe, now) for child, pipe in started]
    os.close(gate)
    os.close(opener)
    return found


def main(setup: Setup) -> None:
    """Serves until stdin ends."""
    if setup.driver:
        from tests.promises import disk, driver

        watched = disk.Disk()
        driver.dress(disk.NAME, setup.rewritten)
    else:
        watched = None
    from tests.promises import process

    if setup.next_schema:
        from tests.promises import next_schema

        next_schema.plant()

    def do(run: Run, tell: Callable[[Told], None]) -> int:
        return process.run_one(run, tell, watched)

    for line in sys.stdin.buffer:
        runs = msgspec.json.decode(line, type=list[Run])
        process.prepare(runs)
        answer: Any = _all(runs, do)
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Setup))
