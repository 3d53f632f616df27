"""Terminal: dialogues with a person who sits there, for secrets that no file and no log may hold."""

import secrets
import sys
import warnings
from collections.abc import Sequence
from getpass import GetPassWarning, getpass
from typing import Final

from graph.errors import Fault, InputError

_CLEAR: Final = "\x1b[H\x1b[2J\x1b[3J"
"""Cursor home, clear the screen, clear what was scrolled out of it (ECMA-48, and xterm's 3J)."""


def is_terminal() -> bool:
    """Return whether a person can read and answer here: stdin and stdout are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def refuse_without_terminal(what: str, way_out: str) -> None:
    """Refuse to go on where stdin or stdout is no terminal.

    Args:
        what: The secret that is shown or asked for.
        way_out: What to do else.

    Raises:
        InputError: One of them is none.
    """
    if not is_terminal():
        expected = f"a terminal to read and to type at, as {what} may go into no file; {way_out}"
        got = "no terminal" if not sys.stdin.isatty() else "an output that is no terminal"
        raise InputError("this is done at a terminal alone", [Fault("terminal", expected, got)])


def show_secret_words(words: Sequence[str], heading: str) -> None:
    """Show words until one of them is typed back, then clear the screen.

    Args:
        words: The secret.
        heading: Says what to do with it.
    """
    rows = [
        "   ".join(f"{number + 1:2}. {words[number]:9}" for number in range(start, start + 4))
        for start in range(0, len(words), 4)
    ]
    _say("\n".join([heading, "", *rows, "", ""]))
    number = secrets.randbelow(len(words))
    while ask(f"To go on, type word {number + 1}: ").lower() != words[number]:
        _say("That is another word.\n")
    _say(_CLEAR)


def ask(question: str) -> str:
    """Ask for a line at the terminal, and return it without spaces around it.

    Raises:
        KeyboardInterrupt: The input ends.
    """
    _say(question)
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.strip()


def ask_secret(question: str) -> str:
    """Ask for a line that is not shown while it is typed.

    Raises:
        InputError: This terminal would show it.
        KeyboardInterrupt: The input ends.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass(question)
        except GetPassWarning as error:
            fault = Fault("terminal", "one that can type without showing it", str(error))
            raise InputError("a secret can't be typed here", [fault]) from error
        except EOFError as error:
            raise KeyboardInterrupt from error


def is_confirmed(question: str, *, is_agreed: bool) -> bool:
    """Ask on stderr for a yes, unless it was given before (`--yes`); anything but y and yes is no.

    Raises:
        InputError: Nobody sits there to be asked, and `--yes` wasn't given.
    """
    if is_agreed:
        return True
    if not sys.stdin.isatty():
        fault = Fault("--yes", "a yes to what is shown above", "nobody at a terminal to be asked")
        raise InputError("nothing is signed yet", [fault])
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
