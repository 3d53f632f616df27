"""Printing: answers to stdout, as JSON or for a person to read; talk and progress to stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any, Final, TypeAlias

from rich.console import Console, RenderableType

from colineage.safe_text import plain

Progress: TypeAlias = Callable[[int], None]
"""Is told how many were seen so far."""

_PIPE_WIDTH: Final = 160


def to_stderr() -> Console:
    """Where talk goes."""
    return Console(file=sys.stderr, markup=False, highlight=False, emoji=False)


def answer(
    found: dict[str, Any], view: Callable[[dict[str, Any]], RenderableType], *, as_json: bool
) -> None:
    """Prints one answer.

    Args:
        found: The answer, as other programs read it.
        view: Makes of it what a person reads.
        as_json: Whether to print exactly one JSON object, in ASCII, on one line.
    """
    if as_json:
        print_json(found)
    else:
        show(view(found))


def show(what: RenderableType) -> None:
    """Prints for a person: as wide as the terminal; into a pipe wide, plain, without padding."""
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if console.is_terminal:
        console.print(what)
        return
    pipe = Console(
        file=StringIO(),
        width=None if "COLUMNS" in os.environ else _PIPE_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        no_color=True,
    )
    with pipe.capture() as captured:
        pipe.print(what)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
    sys.stdout.flush()


def print_json(found: dict[str, Any]) -> None:
    """Prints the one object that a command with `--json` prints."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def talk(message: str) -> None:
    """Says something to the person at the terminal."""
    sys.stderr.write(plain(message) + "\n")
    sys.stderr.flush()


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A counter on stderr while a long run goes on, only where stderr is a terminal."""
    console = to_stderr()
    if not console.is_terminal:
        yield _silent
        return
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda seen: bar.update(task, completed=seen)


def _silent(_seen: int) -> None:
    """Says nothing."""
