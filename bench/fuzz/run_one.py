"""Fuzz one parser in this process, or try inputs again: `python -m bench.fuzz` starts it for each name.

    python -m bench.fuzz.run_one NAME FOLDER [--seconds N | --runs N] [--seed N]
    python -m bench.fuzz.run_one NAME --again FILE…

The engine is atheris (Google's libFuzzer for Python, Apache-2.0), which traces the lines that an input reaches and goes
on from those that reach new ones; where it has no wheel (macOS, ARM, a newer Python) it is a plain loop over changed
seeds. Hypothesis' own coverage-guided fuzzer, hypofuzz, is under the AGPL. The changes are the same in both:
`bench.fuzz.mutate`, to which atheris adds its own.
"""

import argparse
import hashlib
import importlib
import mmap
import resource
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.fuzz.judge import LIMIT_S, MAX_BYTES, Finding, Target, judge_input
from bench.fuzz.mutate import mutate

PACKAGES: Final = ["graph", "ingest", "api", "colineage"]
MEMORY_BYTES: Final = 2 * 2**30
LAST: Final = "last"
FINDINGS: Final = "findings"
_HEAD: Final = 16
_SHORT: Final = 2048


def main() -> None:
    """Fuzz until its time or its runs are over; status 1 where an input that is tried again shows a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", nargs="+", type=Path)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if options.again:
        _try_again(_target(options.name), options.again)
    atheris = _atheris()
    if atheris is None:
        _loop(_target(options.name), options)
        return
    with atheris.instrument_imports(include=PACKAGES):
        target = _target(options.name)
    _guided(atheris, target, options)


def _target(name: str) -> Target:
    # Only now, as atheris instruments what is imported here.
    target: Target | None = importlib.import_module("bench.fuzz.targets").target_named(name)
    if target is None:
        sys.exit(
            f"expected the name of a parser (python -m bench.fuzz --names lists them), got {name}"
        )
    return target


def _atheris() -> Any:
    try:
        return importlib.import_module("atheris")
    except ImportError:
        return None


def _bound_memory() -> None:
    """Bound the addresses of this process: threads and allocators reserve more than they use, so by twice as much."""
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY_BYTES, 2 * MEMORY_BYTES))


def _try_again(target: Target, paths: list[Path]) -> None:
    _bound_memory()
    findings = [judge_input(target, path.read_bytes()) for path in paths]
    for path, finding in zip(paths, findings, strict=True):
        print(f"{path}: {finding or 'nothing wrong'}")
    sys.exit(1 if any(findings) else 0)


class _Runner:
    """Runner: judges inputs and keeps each finding once; after a crash, the last input and the count are on file."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target = target
        self.findings = folder / FINDINGS
        self.findings.mkdir(parents=True, exist_ok=True)
        self.known_findings: set[tuple[str, str]] = set()
        self.runs = 0
        last = folder / LAST
        last.write_bytes(bytes(_HEAD + MAX_BYTES))
        with last.open("r+b") as file:
            self.last = mmap.mmap(file.fileno(), 0)

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        self.last[:_HEAD] = self.runs.to_bytes(8, "big") + len(data).to_bytes(8, "big")
        self.last[_HEAD : _HEAD + len(data)] = data
        finding = judge_input(self.target, data, limit_s=LIMIT_S)
        if finding and (finding.error, finding.where) not in self.known_findings:
            self.known_findings.add((finding.error, finding.where))
            self._keep(data, finding)

    def _keep(self, data: bytes, finding: Finding) -> None:
        (self.findings / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        print(f"{self.target.name}: {finding}", file=sys.stderr, flush=True)


def last_of(folder: Path) -> tuple[int, bytes]:
    """Return how many inputs were tried, and the last one; 0 and none where none was."""
    data = (folder / LAST).read_bytes() if (folder / LAST).exists() else bytes(_HEAD)
    length = int.from_bytes(data[8:_HEAD], "big")
    return int.from_bytes(data[:8], "big"), data[_HEAD : _HEAD + length]


def _loop(target: Target, options: argparse.Namespace) -> None:
    """Try changed seeds, one after the other."""
    _bound_memory()
    runner, chance = _Runner(target, options.folder), Random(options.seed)  # noqa: S311 - no secret
    seeds = [seed[:MAX_BYTES] for seed in target.seeds()]
    for seed in seeds:
        runner(seed)
    end = time.monotonic() + options.seconds
    while runner.runs < options.runs if options.runs else time.monotonic() < end:
        room = _room(seeds, chance)
        runner(mutate(chance.choice(seeds), seeds, chance, max_bytes=room))


def _room(seeds: list[bytes], chance: Random) -> int:
    """Return how long the next input may get: quadratic time needs length, all else needs many inputs."""
    if chance.random() < 0.1:
        return MAX_BYTES
    return min(MAX_BYTES, max(_SHORT, *map(len, seeds)))


def _guided(atheris: Any, target: Target, options: argparse.Namespace) -> None:
    """Fuzz by coverage, from the seeds and from what earlier runs found worth keeping; end this process."""
    folder: Path = options.folder
    seeds = [seed_bytes[:MAX_BYTES] for seed_bytes in target.seeds()]
    for name in ("corpus", "seeds"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for seed_bytes in seeds:
        (folder / "seeds" / hashlib.sha256(seed_bytes).hexdigest()[:16]).write_bytes(seed_bytes)
    budget = f"-runs={options.runs}" if options.runs else f"-max_total_time={options.seconds}"
    arguments = [
        target.name,
        str(folder / "corpus"),
        str(folder / "seeds"),
        budget,
        f"-seed={options.seed}",
        f"-max_len={MAX_BYTES}",
        f"-rss_limit_mb={MEMORY_BYTES // 2**20}",
        "-len_control=0",
        "-timeout=120",
        f"-artifact_prefix={folder}/",
    ]

    def change(data: bytes, max_bytes: int, seed: int) -> bytes:
        chance = Random(seed)  # noqa: S311 - no secret
        if chance.random() < 0.4:  # its own are good at single bytes, ours at how texts are built
            mutant: bytes = atheris.Mutate(data, max_bytes)
            return mutant
        room = min(max_bytes, _room(seeds, chance))
        return mutate(data[:room], seeds, chance, max_bytes=room)

    atheris.Setup(arguments, _Runner(target, folder), custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
