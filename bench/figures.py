"""Figure of a benchmark: the measured value, its bound, and a baseline of the same run."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Line of the table; `beside` is the baseline in words, empty where the value is a ratio itself."""

    what: str
    value: float
    unit: str
    wanted: str
    holds: bool
    beside: str = ""


def at_least(what: str, value: float, wanted: float, unit: str, beside: str = "") -> Figure:
    """Return a figure with a lower bound."""
    return Figure(what, value, unit, f"≥ {wanted:,g}", value >= wanted, beside)


def at_most(what: str, value: float, wanted: float, unit: str, beside: str = "") -> Figure:
    """Return a figure with an upper bound."""
    return Figure(what, value, unit, f"≤ {wanted:,g}", value <= wanted, beside)


def table(figures: Iterable[Figure]) -> str:
    """Format the figures as text, a line each."""
    lines = [f"{'':40}{'measured':>12} {'':14}{'wanted':>10}        beside"]
    for one in figures:
        value = f"{one.value:,.0f}" if one.value >= 100 else f"{one.value:.2f}"
        holds = "  " if one.holds else "no"
        lines.append(
            f"{one.what:40}{value:>12} {one.unit:14}{one.wanted:>10}  {holds:4}  {one.beside}"
        )
    return "\n".join(lines)


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print them: as a table, or as JSON for the calling program."""
    print(json.dumps(list(map(asdict, figures))) if as_json else table(figures))


def asked(*command: str) -> str:
    """Run another process of the benchmark and return its stdout; its stderr goes where ours does."""
    run = [sys.executable, "-m", *command]
    return subprocess.run(run, check=True, stdout=subprocess.PIPE, text=True).stdout


def figures_of(*command: str) -> list[Figure]:
    """Return the figures that another part of the benchmark measures, in a process of its own."""
    return [Figure(**one) for one in json.loads(asked(*command, "--json"))]
