"""Judge a parser on one input: only declared errors, within its time limit."""

import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MAX_BYTES: Final = 2**16
"""Longest input that is made."""

LIMIT_S: Final = 2.0
"""CPU time that an input of that length may take."""


@dataclass(frozen=True, slots=True)
class Target:
    """Fuzz target: a parser, the errors that its documentation declares, and real inputs.

    `parse` may also raise `AssertionError` where what it read breaks a law (a bundle that can't be read again).
    """

    name: str
    parse: Callable[[bytes], object]
    declared: tuple[type[Exception], ...]
    seeds: Callable[[], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Finding: an undeclared error or `TooSlowError`, and where in the project it was raised."""

    error: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.error} at {self.where}: {self.message}"


class TooSlowError(BaseException):
    """Error of an input that takes too much CPU time; no `Exception`, so that no parser catches it."""


def judge_input(target: Target, data: bytes, *, limit_s: float = LIMIT_S) -> Finding | None:
    """Return the fault of a parser that an input shows; `None` where there is none."""
    try:
        with _cpu_limit(limit_s):
            target.parse(data)
    except target.declared:
        return None
    except (Exception, TooSlowError) as error:  # noqa: BLE001 - whatever it is, it was not declared
        return Finding(type(error).__name__, _place(error.__traceback__), _words(error))
    return None


@contextmanager
def _cpu_limit(limit_s: float) -> Iterator[None]:
    """Raise where the block takes more CPU time of this process; with 0, never."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"more than {limit_s:g} seconds of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _place(trace: TracebackType | None) -> str:
    """Return the innermost line of the project outside of this package: two inputs that meet there are one finding."""
    own = Path(__file__).parent
    place = "nowhere"
    for frame in traceback.extract_tb(trace):
        path = Path(frame.filename)
        is_ours = path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv")
        if is_ours and (path.parent != own or place == "nowhere"):
            place = f"{path.relative_to(ROOT)}:{frame.lineno}"
    return place


def _words(error: BaseException) -> str:
    return ascii(str(error))[1:-1][:200]
