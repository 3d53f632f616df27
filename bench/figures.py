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


def at_least(what: str, value: float, bound: float, unit: str, beside: str = "") -> Figure:
    """Return a figure with a lower bound."""
    return Figure(what, value, unit, f"≥ {bound:,g}", value >= bound, beside)


def at_most(what: str, value: float, bound: float, unit: str, beside: str = "") -> Figure:
    """Return a figure with an upper bound."""
    return Figure(what, value, unit, f"≤ {bound:,g}", value <= bound, beside)


def table(figures: Iterable[Figure]) -> str:
    """Format the figures as text, a line each."""
    lines = [f"{'':40}{'measured':>12} {'':14}{'wanted':>10}        beside"]
    for figure in figures:
        value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
        holds = "  " if figure.holds else "no"
        lines.append(
            f"{figure.what:40}{value:>12} {figure.unit:14}{figure.wanted:>10}  {holds:4}  {figure.beside}"
        )
    return "\n".join(lines)


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print them: as a table, or as JSON for the calling program."""
    print(json.dumps(list(map(asdict, figures))) if as_json else table(figures))


def run_part(*command: str) -> str:
    """Run another process of the benchmark and return its stdout; its stderr goes where ours does."""
    run = [sys.executable, "-m", *command]
    return subprocess.run(run, check=True, stdout=subprocess.PIPE, text=True).stdout


def figures_of(*command: str) -> list[Figure]:
    """Return the figures that another part of the benchmark measures, in a process of its own."""
    return [Figure(**fields) for fields in json.loads(run_part(*command, "--json"))]
