"""A pseudo-terminal with somebody at it, who answers what a command asks."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Reply = Callable[[str], str]
"""What is typed, from all that was on the screen so far."""

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Session:
    """What came of a command at a terminal: its exit status, and all that stood on the screen."""

    status: int
    screen: str


def at_terminal(
    place: Path, words: Sequence[str], replies: Sequence[tuple[str, str | Reply]] = ()
) -> Session:
    """Run a command at a terminal of its own.

    Args:
        place: The current folder.
        words: The command's words, after `colineage`.
        replies: For each question in turn a pattern of it and the answer, without its newline.
    """
    child, terminal = pty.fork()
    if not child:
        os.chdir(place)
        os.execv(sys.executable, [sys.executable, "-m", "colineage", *words])  # noqa: S606 - our own
    screen, start, waiting = "", 0, list(replies)
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data = os.read(terminal, 4096)
        except OSError:  # the other side was closed
            break
        if not data:
            break
        screen += data.decode()
        if waiting and re.search(waiting[0][0] + r"\s*$", screen[start:]):
            _, reply = waiting.pop(0)
            start = len(screen)
            text = reply if isinstance(reply, str) else reply(screen)
            os.write(terminal, text.encode() + b"\n")
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert not waiting, f"never asked: {waiting[0][0]}\n{screen}"
    return Session(os.waitstatus_to_exitcode(status), screen)


def shown_words(screen: str) -> list[str]:
    """The recovery words on a screen."""
    return [
        word for _, word in sorted((int(n), w) for n, w in re.findall(r"(\d+)\. ([a-z]+)", screen))
    ]


def asked_word(screen: str) -> str:
    """The word that is asked for."""
    return shown_words(screen)[int(re.findall(r"type word (\d+)", screen)[-1]) - 1]


def init(place: Path) -> list[str]:
    """Make a person's keys as a person does, and return what stands on paper then."""
    session = at_terminal(place, ["init"], [(r"type word \d+:", asked_word)])
    assert session.status == 0, session.screen
    return shown_words(session.screen)
