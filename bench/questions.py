"""Benchmark of queries: get, 2-hop and lineage of at most 12 steps, against hand-written SQL on one generated graph.

    python -m bench.questions [--papers 100000] [--cites 15]

100,000 papers with 5 authors and 15 citations are some 600k nodes and 2M edges. CPU time of this
process; the ratio is ours to hand-written SQL on the same file in the same run, and to ourselves on
a graph of a tenth of the size.
"""

import argparse
import gc
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from bench.figures import Figure, at_most, show
from bench.generate import fill, papers, work_id
from graph.open import open_store
from graph.queries.lineage import lineage
from graph.store import GraphStore

_Query: TypeAlias = Callable[[str], object]

NEXT = """
SELECT s.id, e.relation, t.id, e.qualifiers, b.id FROM json_each(?) j JOIN node s ON s.id = j.value
JOIN edge e ON e.source = s.k JOIN node t ON t.k = e.target JOIN bundle b ON b.position = e.bundle
"""


def get_by_hand(connection: sqlite3.Connection, name: str) -> object:
    """Return one node's description, from the body that states it."""
    row = connection.execute(
        "SELECT c.body FROM node n JOIN content c ON c.position = n.shown WHERE n.id = ?", (name,)
    ).fetchone()
    return next(node for node in json.loads(row[0])["nodes"] if node["id"] == name)


def two_hops(store: GraphStore, name: str) -> int:
    """Count the edges within two steps outwards."""
    first = store.adjacent([name], outgoing=True)
    return len(first) + len(store.adjacent(list({a.edge.target for a in first}), outgoing=True))


def two_hops_by_hand(connection: sqlite3.Connection, name: str) -> int:
    """Count the same rows as tuples."""
    first = connection.execute(NEXT, (json.dumps([name]),)).fetchall()
    onward = json.dumps(list({row[2] for row in first}))
    return len(first) + len(connection.execute(NEXT, (onward,)).fetchall())


def lineage_by_levels(connection: sqlite3.Connection, name: str, cites: int) -> int:
    """Do the same breadth-first walk by hand: one SQL query a level, until 60 nodes are known."""
    visited, level, edges = {name}, [name], 0
    for _ in range(12):
        rows = connection.execute(
            "SELECT s.id, t.id, e.qualifiers, b.id FROM json_each(?) j JOIN node s ON s.id = j.value "
            "JOIN edge e ON e.source = s.k AND e.relation = ? JOIN node t ON t.k = e.target "
            "JOIN bundle b ON b.position = e.bundle",
            (json.dumps(level), cites),
        ).fetchall()
        level = []
        for row in rows:
            if row[1] in visited or len(visited) < 60:
                edges += 1
                if row[1] not in visited:
                    visited.add(row[1])
                    level.append(row[1])
        if not level:
            break
    return edges


def cpu_us(work: _Query, names: list[str]) -> float:
    """Return the microseconds of CPU a call."""
    for name in names[:50]:
        work(name)
    start = time.process_time()
    for name in names:
        work(name)
    return (time.process_time() - start) / len(names) * 1e6


def measure(count: int, cites: int, questions: int) -> list[Figure]:
    """Measure the figures: at this many papers, and how much slower than at a tenth of them."""
    few, many = measure_size(count // 10, cites, questions), measure_size(count, cites, questions)
    figures = []
    for title, (ours, by_hand) in many.items():
        beside = f"{ours:,.0f} µs, {by_hand:,.0f} µs by hand"
        figures.append(at_most(title, ours / by_hand, 1.5, "x by hand", beside))
    for title, (ours, by_hand) in many.items():
        before, by_hand_before = few[title]
        beside = f"from {before:,.0f} µs; by hand {by_hand / by_hand_before:.2f}x"
        figures.append(at_most(f"{title}, at 10x the size", ours / before, 1.3, "x", beside))
    return figures


def measure_size(count: int, cites: int, questions: int) -> dict[str, tuple[float, float]]:
    """Return the microseconds of CPU of each query, ours and by hand, on a graph of this many papers."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        with closing(open_store(f"sqlite:{file}")) as store:
            fill(store, papers(count, cites=cites))
            counts = store.counts()
            nodes, edges = sum(counts.nodes.values()), sum(counts.edges.values())
            print(f"{nodes:,} nodes, {edges:,} edges", file=sys.stderr, flush=True)
            with closing(sqlite3.connect(file)) as hand:
                return compare(store, hand, count, questions)


def compare(
    store: GraphStore, hand: sqlite3.Connection, count: int, questions: int
) -> dict[str, tuple[float, float]]:
    """Measure both, in turns."""
    hand.execute("PRAGMA cache_size = -32768")
    cites = hand.execute("SELECT k FROM relation WHERE name = 'cites'").fetchone()[0]
    rng = random.Random(1)  # noqa: S311 - not for secrets
    names = [work_id(rng.randrange(count // 2, count)) for _ in range(questions)]
    rows: dict[str, tuple[_Query, _Query]] = {
        "get": (lambda n: store.things([n]), lambda n: get_by_hand(hand, n)),
        "2-hop": (lambda n: two_hops(store, n), lambda n: two_hops_by_hand(hand, n)),
        "lineage ≤ 12, 60 nodes": (
            lambda n: lineage(store, n, up=True, depth=12, limit=60),
            lambda n: lineage_by_levels(hand, n, cites),
        ),
    }
    return {
        title: (cpu_us(ours, names), cpu_us(by_hand, names))
        for title, (ours, by_hand) in rows.items()
    }


def main() -> None:
    """Print the table."""
    gc.freeze()  # as the command does
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--cites", type=int, default=15)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(options.papers, options.cites, options.questions), as_json=options.json)


if __name__ == "__main__":
    main()
