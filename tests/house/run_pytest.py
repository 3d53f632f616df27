"""Run all tests, those with Neo4j or a browser in a process of their own beside the others: `make pytest` runs this.

Such a program takes its time to start, to answer and to be killed; meanwhile the others have a processor to themselves.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PYTEST = str(Path(sys.executable).with_name("pytest"))
BESIDE = "neo4j or browser"


def main() -> int:
    """The exit status: of the first that failed."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.txt"
        with (
            told.open("wb") as out,
            subprocess.Popen([PYTEST, "-m", BESIDE], stdout=out, stderr=out) as beside,
        ):
            others = subprocess.run(
                [PYTEST, "-m", f"not ({BESIDE})", "--cov", "--cov-report="], check=False
            )
        heading = "\n== pytest, beside it: what asks a Neo4j or a browser ==\n"
        sys.stdout.write(heading + told.read_text(encoding="utf-8", errors="replace"))
    return others.returncode or beside.returncode


if __name__ == "__main__":
    sys.exit(main())
