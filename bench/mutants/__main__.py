"""Mutate the code that must not lose a record, a page or a place in an order, and see whether its tests notice.

    python -m bench.mutants [NAME…] [--workers N]
    python -m bench.mutants --names

Mutants are made by mutmut in a copy of the working tree: one change of one function each (constants of modules stay).
Each survivor is printed with its place and its change. Exit status 1 where more than 5 % survive that
`equivalent.toml` does not explain, or where an entry of it matches no survivor.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.mutants.equivalent import read_equivalents
from bench.mutants.report import outcome_lines, problems_of
from bench.mutants.run_mutmut import MutmutError, Outcome, copy_tree, mutate
from bench.mutants.targets import TARGETS, Target


def main() -> None:
    """Mutate, and print the figures of each target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="NAME", help="which; all")
    parser.add_argument("--names", action="store_true", help="list them")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="one a processor")
    options = parser.parse_args()
    targets = {target.name: target for target in TARGETS}
    if options.names:
        print(*targets, sep="\n")
        return
    unknown = [name for name in options.targets if name not in targets]
    if unknown:
        parser.error(f"no target is called {', '.join(unknown)}: --names lists them")
    chosen = [targets[name] for name in options.targets or targets]
    try:
        sys.exit(0 if _run(chosen, options.workers) else 1)
    except MutmutError as error:
        sys.exit(str(error))


def _run(targets: Sequence[Target], workers: int) -> bool:
    """Run the targets and print the figures; return whether all is well."""
    modules = {target.module for target in targets}
    equivalents = [entry for entry in read_equivalents() if entry.module in modules]
    outcomes: list[Outcome] = []
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy_tree(Path(folder))
        for target in targets:
            outcomes.append(mutate(target, Path(folder), workers=workers))
            print(*outcome_lines(outcomes[-1], equivalents), sep="\n", flush=True)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    minutes = (time.monotonic() - start) / 60, (usage.ru_utime + usage.ru_stime) / 60
    print(f"{minutes[0]:.1f} minutes, {minutes[1]:.1f} of CPU")
    problems = problems_of(outcomes, equivalents)
    for problem in problems:
        print(problem)
    return not problems


if __name__ == "__main__":
    main()
