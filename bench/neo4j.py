"""Benchmark of Neo4j: bundles per second, beside a bare driver that writes the same rows with `UNWIND`.

    python -m bench.neo4j [--records 5000] [--rounds 3] [--uri bolt://…]

Both write the same nodes and relationships, under the same constraints and indexes, a page a
transaction; ours composes, looks up standings, settles the rules, chooses what is shown and grows the
log besides. They take turns on one server, after a round that warms it up and isn't counted. The
server is started as in the tests; one named with `--uri` loses its data.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from neo4j import Driver, GraphDatabase, ManagedTransaction

from bench.generate import fill, papers
from graph.open import open_store
from ingest.pipeline.commit_page import PAGE_SIZE
from tests.graph.neo4j.process import RELEASES, Server, kit_of

ROWS: Final = 1000
BUNDLES: Final = "MATCH (b:Bundle) RETURN properties(b) AS row ORDER BY b.position"
THINGS: Final = "MATCH (t:Thing) RETURN properties(t) AS row"
EDGES: Final = """
MATCH (s:Thing)-[e:RELATES]->(t:Thing) MATCH (b:Name {id: e.bundle})
RETURN {source: s.id, target: t.id, own: properties(e)} AS row, b.position AS place
"""
DESCRIPTIONS: Final = """
MATCH (b:Bundle)-[d:DESCRIBES]->(t:Thing)
RETURN {source: b.id, target: t.id, own: properties(d)} AS row, b.position AS place
"""
VOUCHES: Final = """
MATCH (b:Bundle)-[d:VOUCHES]->(r:Name)
RETURN {source: b.id, target: r.id} AS row, b.position AS place
"""
ADD: Final = {
    "bundles": "UNWIND $rows AS row CREATE (b:Name:Bundle) SET b = row",
    "things": "UNWIND $rows AS row CREATE (t:Thing) SET t = row",
    "edges": """
        UNWIND $rows AS row
        MATCH (s:Thing {id: row.source}) USING INDEX s:Thing(id)
        MATCH (t:Thing {id: row.target}) USING INDEX t:Thing(id)
        CREATE (s)-[e:RELATES]->(t) SET e = row.own""",
    "said": """
        UNWIND $rows AS row
        MATCH (s:Name {id: row.source}) USING INDEX s:Name(id)
        MATCH (t:Thing {id: row.target}) USING INDEX t:Thing(id)
        CREATE (s)-[d:DESCRIBES]->(t) SET d = row.own""",
    "vouched": """
        UNWIND $rows AS row
        MATCH (s:Name {id: row.source}) USING INDEX s:Name(id)
        MATCH (t:Name {id: row.target}) USING INDEX t:Name(id)
        CREATE (s)-[:VOUCHES]->(t)""",
}
EMPTY: Final = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS"

RowsByTable = Mapping[str, list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Time that one round took: wall-clock seconds, and CPU-seconds of this process and the server."""

    wall_s: float
    ours_s: float
    server_s: float


class Stopwatch:
    """Stopwatch: measures the time since it was made."""

    def __init__(self, server: int | None) -> None:
        self._server = server
        self._start = (time.perf_counter(), time.process_time(), _cpu_of(server))

    def elapsed(self) -> TimeSpent:
        """Return the time since the start."""
        wall, own, server = self._start
        return TimeSpent(
            time.perf_counter() - wall, time.process_time() - own, _cpu_of(self._server) - server
        )


def _cpu_of(process: int | None) -> float:
    """Return the CPU-seconds of another process (proc(5)); 0 where it is not known."""
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def pages_of(driver: Driver, bundles: int) -> list[RowsByTable]:
    """Return a store's content as the pages it was written in; a node is made with the first that names it."""
    with driver.session() as session:
        rows_by_table = {
            "bundles": [(r["row"], r["row"]["position"]) for r in session.run(BUNDLES)],
            "edges": [(r["row"], r["place"]) for r in session.run(EDGES)],
            "said": [(r["row"], r["place"]) for r in session.run(DESCRIPTIONS)],
            "vouched": [(r["row"], r["place"]) for r in session.run(VOUCHES)],
        }
        things = [r["row"] for r in session.run(THINGS)]
    first: dict[str, int] = {}
    for row, place in rows_by_table["edges"] + rows_by_table["said"]:
        for end in ("source", "target"):
            first[row[end]] = min(place, first.get(row[end], place))
    rows_by_table["things"] = [(row, first[row["id"]]) for row in things]
    pages: list[RowsByTable] = [
        {name: [] for name in ADD} for _ in range(-(-bundles // (PAGE_SIZE + 1)))
    ]
    for name, rows in rows_by_table.items():
        for row, place in rows:
            pages[place // (PAGE_SIZE + 1)][name].append(row)
    return pages


def write_bare(driver: Driver, pages: Sequence[RowsByTable]) -> None:
    """Write the rows, a page a transaction."""

    def work(transaction: ManagedTransaction, page: RowsByTable) -> None:
        for name, text in ADD.items():
            for part in _parts(page[name]):
                transaction.run(text, rows=part).consume()

    with driver.session() as session:
        for page in pages:
            session.execute_write(work, page)


def _parts(rows: list[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]


def compare(url: str, driver: Driver, server: int | None, records: int, rounds: int) -> None:
    """Measure both in turns and print the table."""
    times: dict[str, list[TimeSpent]] = {"ours": [], "bare": []}
    bundles = 0
    pages: list[RowsByTable] = []
    inputs = list(papers(records, cites=10))
    for number in range(rounds + 1):
        _empty(driver)
        with closing(open_store(url)) as store:
            ours = Stopwatch(server)
            fill(store, iter(inputs))
            times["ours"].append(ours.elapsed())
            bundles = store.checkpoint().size
        pages = pages if number else pages_of(driver, bundles)
        _empty(driver)
        bare = Stopwatch(server)
        write_bare(driver, pages)
        times["bare"].append(bare.elapsed())
    rows = sum(len(table) for page in pages for table in page.values())
    print(f"{bundles:,} bundles, {rows:,} nodes and relationships; median of {rounds} rounds")
    print(f"{'':6}{'bundles/s':>12}{'seconds':>10}{'client CPU':>12}{'server CPU':>12}")
    figures = {}
    for who, rounds_spent in times.items():
        counted_rounds = rounds_spent[1:]
        wall = median(time_spent.wall_s for time_spent in counted_rounds)
        own = median(time_spent.ours_s for time_spent in counted_rounds)
        theirs = median(time_spent.server_s for time_spent in counted_rounds)
        figures[who] = (wall, own + theirs)
        print(f"{who:6}{bundles / wall:12,.0f}{wall:10.2f}{own:12.2f}{theirs:12.2f}")
    wall = figures["bare"][0] / figures["ours"][0]
    cpu = figures["bare"][1] / figures["ours"][1]
    print(f"ours is {wall:.2f}x the bare driver's speed, {cpu:.2f}x of it for each CPU-second")


def _empty(driver: Driver) -> None:
    with driver.session() as session:
        session.run(EMPTY).consume()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--uri")
    options = parser.parse_args()
    with ExitStack() as stack:
        url, process = options.uri, None
        if url is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            kit = kit_of(RELEASES["lts"], folder)
            server = Server(kit, folder / "neo4j", heap_mb=1024, java_options=())
            stack.enter_context(server)
            url, process = server.url, server.pid
        driver = stack.enter_context(GraphDatabase.driver(url))
        print(driver.get_server_info().agent)
        compare(url, driver, process, options.records, options.rounds)


if __name__ == "__main__":
    main()
