"""Records per CPU-second from a local arXiv into SQLite, and the peak memory at two sizes.

    python -m bench.ingest [--small 20000] [--large 200000]

Each size runs in a process of its own: fetching, parsing, graph, full text, log and the signed runs
are all in its CPU time; the serving arXiv is another process. The baseline is one bare
`INSERT` of the same bytes, a page a transaction, in the same minute.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.generate import bench_voice
from graph.open import open_store
from ingest.arxiv.harvest import harvest


def one(records: int, folder: str, url: str) -> dict[str, float]:
    """Harvests in this process: records per CPU-second and the peak of resident memory in MB."""
    voice = bench_voice()
    store = open_store(f"sqlite:{folder}/{records}.db")
    store.trust(frozenset({voice.signer.key}))
    start = time.process_time()
    report = harvest(store, voice, since="2005-01-01", base_url=url, delay_s=0.0)
    spent = time.process_time() - start
    again = time.process_time()
    harvest(store, voice, since="2005-01-01", base_url=url, delay_s=0.0)
    unchanged = time.process_time() - again
    store.close()
    return {
        "seen": report.seen,
        "per_cpu_second": report.new / spent,
        "unchanged_per_cpu_second": report.seen / unchanged,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def bare(database: Path) -> float:
    """Records per CPU-second of inserting the same headers and bodies, and nothing else."""
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


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--one", nargs=3, metavar=("RECORDS", "FOLDER", "URL"))
    options = parser.parse_args()
    if options.one:
        records, folder, url = options.one
        print(json.dumps(one(int(records), folder, url)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (options.small, options.large):
            serve = [sys.executable, "-m", "bench.local_arxiv", "--records", str(size)]
            with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
                assert server.stdout is not None  # noqa: S101 - for the type checker
                url = server.stdout.readline().strip()
                run = [sys.executable, "-m", "bench.ingest", "--one", str(size), folder, url]
                answer = subprocess.run(run, check=True, capture_output=True, text=True)
                server.kill()
            found[size] = json.loads(answer.stdout)
            print(f"{size:>8,} records: {found[size]}")
        base = bare(Path(folder) / f"{options.small}.db")
    small, large = found[options.small], found[options.large]
    print(
        f"bare inserts of the same bytes: {base:,.0f} per CPU-second; ours is "
        f"{small['per_cpu_second'] / base:.3f} of that"
    )
    print(
        f"memory: {large['peak_mb'] / small['peak_mb']:.2f}x from {options.small:,} to {options.large:,}"
    )


if __name__ == "__main__":
    main()
