"""Benchmark of ingest: records per CPU-second from a local arXiv into SQLite, at two sizes; rebuild; verify.

    python -m bench.ingest [--small 20000] [--large 200000]

Records are new, changed and unchanged. Each size runs in a process of its own: fetching, parsing,
graph, full text, log and the signed runs are all in its CPU time; the serving arXiv is another
process. The baseline is one bare `INSERT` of the same bytes, a page a transaction, in the same minute.
"""

import argparse
import gc
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from audit.verify import verify
from bench.figures import Figure, at_least, at_most, run_part, show
from bench.generate import bench_speaker
from graph.bundle.bundle import read
from graph.log.frontier import Peaks
from graph.log.merkle import leaf_hash
from graph.model.canonical import digest
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest
from ingest.arxiv.options import HarvestOptions


def measure_harvests(records: int, folder: str, url: str, revised: str) -> dict[str, float]:
    """Harvest in this process and return records per CPU-second, and the peak of resident memory in MB."""
    speaker = bench_speaker()
    rates: dict[str, float] = {}
    with closing(open_store(f"sqlite:{folder}/{records}.db")) as store:
        store.trust([TrustEntry(speaker.signer.key)])
        for what, address in (("new", url), ("unchanged", url), ("changed", revised)):
            if address:
                start = time.process_time()
                options = HarvestOptions("2005-01-01", base_url=address, delay_s=0.0)
                report = harvest(IngestContext(store, speaker), options)
                rates[what] = getattr(report, what) / (time.process_time() - start)
            if what == "new":
                rates["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return rates


def measure_checks(file: Path) -> dict[str, float]:
    """Return bundles per CPU-second of a rebuild, of verifying the log alone, and of all that verify does."""
    rates: dict[str, float] = {}
    with closing(open_store(f"sqlite:{file}")) as store:
        bundles, root = store.checkpoint().size, store.checkpoint().root
        start = time.process_time()
        store.rebuild()
        rates["rebuild"] = bundles / (time.process_time() - start)
        start = time.process_time()
        if logs_root(store) != root:
            raise SystemExit("the log does not have its root")
        rates["log"] = bundles / (time.process_time() - start)
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            if not verify(store, fresh=lambda: open_store(f"sqlite:{folder}/again.db")).ok:
                raise SystemExit("the store does not hold")
            rates["verify"] = bundles / (time.process_time() - start)
    return rates


def logs_root(store: GraphStore) -> str:
    """Return the root over a log, each bundle checked against its id, its hashes, its signature and the rules."""
    leaves = []
    for raw in store.raw_bundles():
        bundle = read(raw.header, raw.body, raw.signature)
        if bundle.id != raw.id or digest(raw.header) != raw.id:
            raise SystemExit(f"{raw.id} is not what it says")
        leaves.append(leaf_hash(raw.header))
    return Peaks().plus(leaves).root()


def bare(database: Path) -> float:
    """Return records per CPU-second of inserting the same headers and bodies, and nothing else."""
    rows = sqlite3.connect(database).execute("SELECT header, body FROM content").fetchall()
    with tempfile.TemporaryDirectory() as folder:
        out = sqlite3.connect(f"{folder}/bare.db", isolation_level=None)
        out.execute("PRAGMA journal_mode = WAL")
        out.execute("CREATE TABLE content (position INTEGER PRIMARY KEY, header BLOB, body BLOB)")
        start = time.process_time()
        for k in range(0, len(rows), 1000):
            out.execute("BEGIN IMMEDIATE")
            out.executemany("INSERT INTO content (header, body) VALUES (?, ?)", rows[k : k + 1000])
            out.execute("COMMIT")
        return len(rows) / (time.process_time() - start)


@contextmanager
def serve(records: int, *options: str) -> Iterator[str]:
    """Serve a local arXiv meanwhile and yield its address."""
    command = [sys.executable, "-m", "bench.local_arxiv", "--records", str(records), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - for the type checker
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def measure(small: int, large: int) -> list[Figure]:
    """Measure the figures."""
    with tempfile.TemporaryDirectory() as folder:
        with serve(small) as url, serve(small, "--revised") as revised:
            less = json.loads(run_part("bench.ingest", "--one", str(small), folder, url, revised))
        after = json.loads(run_part("bench.ingest", "--after", f"{folder}/{small}.db"))
        with serve(large) as url:
            more = json.loads(run_part("bench.ingest", "--one", str(large), folder, url, ""))
        # Last: a process inherits the peak of memory of the one that starts it.
        base = bare(Path(folder) / f"{small}.db")
    inserts = f"{less['new'] / base:.3f} of {base:,.0f} bare inserts of the same bytes"
    rebuilt, flat = after["rebuild"] / less["new"], more["peak_mb"] / less["peak_mb"]
    return [
        at_least(f"append, {small:,} records", less["new"], 2500, "/CPU-s", inserts),
        at_least(f"append, {large:,} records", more["new"], 2500, "/CPU-s"),
        at_least(f"revisions, {small:,}", less["changed"], 1500, "/CPU-s"),
        at_least(f"unchanged, {small:,}", less["unchanged"], 8000, "/CPU-s"),
        at_least(f"unchanged, {large:,}", more["unchanged"], 8000, "/CPU-s"),
        at_most(f"peak memory, {large:,} records", more["peak_mb"], 150, "MB"),
        at_most("peak memory, large to small", flat, 1.10, "x"),
        at_least("rebuild", rebuilt, 1.5, "x append", f"{after['rebuild']:,.0f} bundles/CPU-s"),
        at_least("verify: hashes, signatures, root", after["log"], 10000, "/CPU-s"),
        Figure("verify, the graph made again too", after["verify"], "/CPU-s", "", holds=True),
    ]


def main() -> None:
    """Measure, or be one of the measuring processes."""
    gc.freeze()  # as the command does
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=4, metavar=("RECORDS", "FOLDER", "URL", "REVISED"))
    parser.add_argument("--after", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.one:
        records, folder, url, revised = options.one
        print(json.dumps(measure_harvests(int(records), folder, url, revised)))
    elif options.after:
        print(json.dumps(measure_checks(options.after)))
    else:
        show(measure(options.small, options.large), as_json=options.json)


if __name__ == "__main__":
    main()
