"""Benchmark of reads beside a writer at full speed: none may fail, and how long they take.

    python -m bench.concurrent_reads [--papers 20000] [--cites 15]

A process of its own appends page after page to the same file; this one sends one query after another
until the writer is done. Seconds here are wall-clock time, as a user would wait; the baseline
is the same queries to the same file when nobody writes.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench.figures import Figure, at_most, show
from bench.generate import WORDS, fill, papers, work_id
from graph.open import open_store
from graph.queries.lineage import lineage
from graph.store import GraphStore


def ask(store: GraphStore, rng: random.Random, paper_count: int) -> None:
    """Send one query of a kind that a page of the explorer sends."""
    name = work_id(rng.randrange(paper_count))
    kinds: list[Callable[[], object]] = [
        lambda: store.things([name]),
        lambda: store.adjacent([name], outgoing=True),
        lambda: lineage(store, name, up=True, depth=4, limit=60),
        lambda: store.search(f"{rng.choice(WORDS)} {rng.choice(WORDS)}", limit=20),
        lambda: store.list_ids(None, after=name, limit=50),
    ]
    rng.choice(kinds)()


def waits(
    store: GraphStore, paper_count: int, keep_going: Callable[[int], bool]
) -> tuple[list[float], int]:
    """Return the milliseconds that each query took, sorted, and how many failed."""
    rng = random.Random(1)  # noqa: S311 - not for secrets
    milliseconds: list[float] = []
    errors = 0
    while keep_going(len(milliseconds)):
        start = time.perf_counter()
        try:
            ask(store, rng, paper_count)
        except Exception:  # noqa: BLE001 - any failure is what is counted
            errors += 1
        milliseconds.append((time.perf_counter() - start) * 1000)
    return sorted(milliseconds), errors


def measure(count: int, cites: int) -> list[Figure]:
    """Measure the figures."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        with closing(open_store(f"sqlite:{file}")) as store:
            fill(store, papers(count, cites=cites))
            write = [
                sys.executable,
                "-m",
                "bench.concurrent_reads",
                "--write",
                str(file),
                "--papers",
            ]
            with subprocess.Popen([*write, str(count)]) as writer:
                busy, errors = waits(store, count, lambda _: writer.poll() is None)
                if writer.returncode:
                    raise SystemExit("the writer failed")
            quiet, _ = waits(store, count, lambda done: done < len(busy))
    alone = f"{_quantile(quiet, 0.99):.1f} ms when nobody writes; half take {_quantile(busy, 0.5):.1f} ms"
    return [
        at_most("questions beside a writer that fail", errors, 0, f"of {len(busy):,}"),
        Figure(
            "questions beside a writer, p99",
            _quantile(busy, 0.99),
            "ms",
            "",
            holds=True,
            beside=alone,
        ),
    ]


def _quantile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def write(file: Path, start: int) -> None:
    """Append as many papers again."""
    with closing(open_store(f"sqlite:{file}")) as store:
        fill(store, papers(start, cites=15, first=start))


def main() -> None:
    """Measure, or be the writer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--cites", type=int, default=15)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.write:
        write(options.write, options.papers)
    else:
        show(measure(options.papers, options.cites), as_json=options.json)


if __name__ == "__main__":
    main()
