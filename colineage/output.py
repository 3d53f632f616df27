"""Terminal output: answers to stdout, as JSON or as text for people; messages and progress to stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any, Final, TypeAlias

from rich.console import Console, RenderableType

from colineage.safe_text import sanitize

Json: TypeAlias = dict[str, Any]
"""Answer of a command, or a part of one: JSON, but for attributions, which are printed as JSON by `print_json`."""

Progress: TypeAlias = Callable[[int], None]
"""Callback that receives the number of items seen so far."""

_PIPE_WIDTH: Final = 160


def stderr_console() -> Console:
    """Return a console on stderr, for messages and progress."""
    return Console(file=sys.stderr, markup=False, highlight=False, emoji=False)


def print_answer(result: Json, view: Callable[[Json], RenderableType], *, as_json: bool) -> None:
    """Print one answer to stdout.

    Args:
        result: The answer: JSON, and attributions.
        view: Lays the answer out for people.
        as_json: Print exactly one JSON object, in ASCII, on one line.
    """
    if as_json:
        print_json(result)
    else:
        print_for_people(view(result))


def print_for_people(content: RenderableType) -> None:
    """Print for people: at the terminal's width; into a pipe 160 wide (or `COLUMNS`), without color or padding."""
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if console.is_terminal:
        console.print(content)
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
        pipe.print(content)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
    sys.stdout.flush()


def print_json(result: Json) -> None:
    """Print the answer of a command with `--json` as one line."""
    sys.stdout.write(json.dumps(result, default=_to_json) + "\n")
    sys.stdout.flush()


def _to_json(value: object) -> object:
    """Return as JSON a value that an answer holds whole for its view: an attribution.

    Raises:
        TypeError: It is of another type.
    """
    from colineage.attribution_json import (
        attribution_to_json,
    )  # costs 0.1 s, and errors need none of it
    from graph.queries.attribution import Attribution

    if isinstance(value, Attribution):
        return attribution_to_json(value)
    raise TypeError(f"expected JSON or an attribution in an answer, got {type(value).__name__}")


def print_message(message: str) -> None:
    """Print a message to stderr, with control characters removed."""
    sys.stderr.write(sanitize(message) + "\n")
    sys.stderr.flush()


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """Show a progress counter on stderr during a long run; nothing where stderr is no terminal."""
    console = stderr_console()
    if not console.is_terminal:
        yield _ignore_progress
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
        task = bar.add_task(label, total=None)
        yield lambda count: bar.update(task, completed=count)


def _ignore_progress(_seen: int) -> None:
    """Ignore the count: stderr is no terminal."""
