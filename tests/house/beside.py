"""Run all tests, those that ask a Neo4j in a process of their own beside the others: `make pytest` runs this.

A server takes its time to start, to answer and to be killed; meanwhile the others have a processor to themselves.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PYTEST = str(Path(sys.executable).with_name("pytest"))


def main() -> int:
    """The exit status: of the first that failed."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "neo4j.txt"
        with (
            told.open("wb") as out,
            subprocess.Popen([PYTEST, "-m", "neo4j"], stdout=out, stderr=out) as beside,
        ):
            others = subprocess.run(
                [PYTEST, "-m", "not neo4j", "--cov", "--cov-report="], check=False
            )
        sys.stdout.write(
            "\n== pytest, on a Neo4j ==\n" + told.read_text(encoding="utf-8", errors="replace")
        )
    return others.returncode or beside.returncode


if __name__ == "__main__":
    sys.exit(main())
