"""Report of a mutation run: the figures of each target, its survivors, and the reasons to fail."""

from collections.abc import Iterator, Sequence
from typing import Final

from bench.mutants.equivalent import Equivalent
from bench.mutants.mutant import Verdict
from bench.mutants.run_mutmut import Outcome

MAX_SHARE: Final = 0.05
"""Largest share of unexplained survivors among all mutants of a run."""


def outcome_lines(outcome: Outcome, equivalents: Sequence[Equivalent]) -> Iterator[str]:
    """Yield the figures of a target, then each survivor with the reason where it is equivalent."""
    numbers = ", ".join(f"{outcome.numbers[verdict]} {verdict}" for verdict in Verdict)
    yield f"{outcome.name}: {outcome.total} mutants: {numbers}"
    for survivor in outcome.survivors:
        yield f"  {survivor}"
        for entry in equivalents:
            if entry.covers(survivor):
                yield f"    equivalent: {entry.reason}"


def problems_of(outcomes: Sequence[Outcome], equivalents: Sequence[Equivalent]) -> list[str]:
    """Return the reasons to fail, a sentence each; none where the tests hold the code."""
    survivors = [survivor for outcome in outcomes for survivor in outcome.survivors]
    unexplained = [
        survivor
        for survivor in survivors
        if not any(entry.covers(survivor) for entry in equivalents)
    ]
    total = sum(outcome.total for outcome in outcomes)
    problems = [
        f"{entry.module}: no survivor is the equivalent mutant of {entry.function}: {' / '.join(entry.change)}"
        for entry in equivalents
        if not any(entry.covers(survivor) for survivor in survivors)
    ]
    if len(unexplained) > MAX_SHARE * total:
        problems.append(
            f"{len(unexplained)} of {total} mutants survive unexplained "
            f"({len(unexplained) / total:.1%}); {MAX_SHARE:.0%} is the most"
        )
    return problems
