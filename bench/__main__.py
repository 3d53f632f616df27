"""Benchmarks: SQLite's figures in one table, then Neo4j's, each beside a baseline of the same run; then PDFs.

    python -m bench [--quick]

A figure is CPU time of the working process unless stated otherwise: machines and their other load differ.
`--quick` takes a tenth of each size, to see that everything runs.
"""

import argparse
import subprocess
import sys

from bench.figures import Figure, figures_of, table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    sizes = {
        "bench.ingest": ("--small", "2000", "--large", "20000") if quick else (),
        "bench.questions": ("--papers", "10000") if quick else (),
        "bench.concurrent_reads": ("--papers", "3000") if quick else (),
    }
    figures: list[Figure] = []
    for part, options in sizes.items():
        print(f"{part} …", file=sys.stderr, flush=True)
        figures += figures_of(part, *options)
    print(table(figures))
    print(flush=True)
    neo4j = ["--records", "1000", "--rounds", "1"] if quick else []
    subprocess.run([sys.executable, "-m", "bench.neo4j", *neo4j], check=True)
    print(flush=True)
    papers = ["tests/ingest/pdf/data", "--hostile", "tests/ingest/pdf/data/hostile"]
    subprocess.run([sys.executable, "-m", "bench.pdf", *papers], check=True)


if __name__ == "__main__":
    main()
