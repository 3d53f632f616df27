"""Turns are taken in turn: a process that asks for one after another keeps nobody out."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from graph.clock import system_clock
from ingest.http.rate_limit import RateLimiter

ROOT = Path(__file__).parents[3]
TAKE_ONE_AFTER_ANOTHER = """
import sys
import time
from pathlib import Path
from graph.clock import system_clock
from ingest.http.rate_limit import RateLimiter

rate_limiter = RateLimiter(Path(sys.argv[1]), 0.0, system_clock, time.sleep)
while True:
    with rate_limiter.acquire():
        time.sleep(0.05)
        print(flush=True)
    time.sleep(0.003)
"""


def test_who_waits_is_next_whoever_else_keeps_asking(tmp_path: Path) -> None:
    """By polling every 0.05 s, half of the turns come after seven or more of the other process."""
    file, taken = tmp_path / "turn", tmp_path / "taken"
    rate_limiter = RateLimiter(file, 0.0, system_clock, time.sleep)
    passed = []
    with (
        taken.open("w") as lines,
        subprocess.Popen(
            [sys.executable, "-c", TAKE_ONE_AFTER_ANOTHER, str(file)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=lines,
        ) as other,
    ):
        try:
            while len(taken.read_bytes()) < 2:
                time.sleep(0.01)
            for pause in range(9):
                time.sleep(0.01 * pause)
                before = len(taken.read_bytes())
                with rate_limiter.acquire():
                    passed.append(len(taken.read_bytes()) - before)
        finally:
            other.kill()
    assert statistics.median(passed) <= 2, passed
