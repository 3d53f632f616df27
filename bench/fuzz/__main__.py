"""Fuzz every parser of ours: only declared errors, at most 2 seconds of CPU for 64 KiB, no crash.

    python -m bench.fuzz [NAME…] [--seconds N | --runs N] [--seed N] [--keep DIR]
    python -m bench.fuzz --names

Each parser gets a process of its own, so that none can end the others. Inputs that reach new lines are kept in DIR
(`.fuzz`), so that the next night resumes from there; so is each input that shows a fault, once it is reproduced in a
fresh process without the fuzzer. Exit status 1 where there is one.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bench.fuzz.run_one import FINDINGS, LAST, last_of
from bench.fuzz.targets import target_named, targets

_SLACK_S = 180.0
"""Time that a process may take beyond its own: an input that nothing can interrupt is a finding, too."""


def main() -> None:
    """Fuzz, and print a line for each parser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parsers", nargs="*", metavar="NAME", help="which; all")
    parser.add_argument("--names", action="store_true", help="list them")
    parser.add_argument("--seconds", type=int, default=60, help="for each; 60")
    parser.add_argument("--runs", type=int, help="for each, in place of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), metavar="DIR")
    options = parser.parse_args()
    if options.names:
        print(*(target.name for target in targets()), sep="\n")
        return
    unknown = [name for name in options.parsers if target_named(name) is None]
    if unknown:
        parser.error(f"no parser is called {', '.join(unknown)}: --names lists them")
    # A process that is terminated ends its children, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    findings = 0
    for name in options.parsers or [target.name for target in targets()]:
        lines = list(_fuzz(name, options))
        findings += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "", flush=True)
    sys.exit(1 if findings else 0)


def _fuzz(name: str, options: argparse.Namespace) -> Iterator[str]:
    """Fuzz one; yield a line for each finding that is reproduced."""
    folder = options.keep / name
    (folder / FINDINGS).mkdir(parents=True, exist_ok=True)
    (folder / LAST).unlink(missing_ok=True)
    budget = ["--runs", str(options.runs)] if options.runs else ["--seconds", str(options.seconds)]
    start = time.monotonic()
    with (folder / "log").open("wb") as log:
        failure = _exit_of(
            [name, str(folder), *budget, "--seed", str(options.seed)],
            log,
            None if options.runs else options.seconds + _SLACK_S,
        )
    runs, last = last_of(folder)
    if failure:  # the last input ended the process itself
        (folder / FINDINGS / "last").write_bytes(last)
        yield f"  {name}: the fuzzer ended with {failure}; {folder / 'log'} says why"
    print(f"{name}: {runs:,} inputs in {time.monotonic() - start:.0f} s", flush=True)
    for path in sorted((folder / FINDINGS).iterdir()):
        with tempfile.TemporaryFile() as output:
            failure = _exit_of([name, "--again", str(path)], output, _SLACK_S)
            output.seek(0)
            words = output.read(2000).decode(errors="replace").strip()
        if failure:
            yield f"  {words or path} ({failure})\n  again: python -m bench.fuzz.run_one {name} --again {path}"
        else:
            path.unlink()


def _exit_of(arguments: list[str], output: IO[bytes], limit_s: float | None) -> str:
    """Run a process of its own and return how it ended; empty where it ended well."""
    try:
        status = subprocess.run(
            [sys.executable, "-m", "bench.fuzz.run_one", *arguments],
            stdout=output,
            stderr=output,
            check=False,
            timeout=limit_s,
        ).returncode
    except subprocess.TimeoutExpired:
        return f"no end in {limit_s:g} s"
    return f"status {status}" if status else ""


if __name__ == "__main__":
    main()
