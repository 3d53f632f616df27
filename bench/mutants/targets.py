"""Targets of the mutation run: a module where an off-by-one loses data quietly, beside the few tests that hold it.

The tests are those of the module alone, and fast: each of its mutants runs those that reach the changed function.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Target:
    """Module to mutate and the tests that have to notice, as paths from the root."""

    name: str
    module: str
    tests: tuple[str, ...]


_PIPELINE: Final = "tests/ingest/pipeline"
_GRAPHQL: Final = "tests/api/graphql"
TARGETS: Final = (
    Target(
        "page",
        "ingest/pipeline/commit_page.py",
        (f"{_PIPELINE}/test_page_counts.py", f"{_PIPELINE}/test_commit_page.py"),
    ),
    Target(
        "file",
        "ingest/pipeline/commit_file.py",
        (f"{_PIPELINE}/test_commit_records.py", f"{_PIPELINE}/test_commit_page.py"),
    ),
    Target("cursors", "api/graphql/cursors.py", (f"{_GRAPHQL}/test_cursors.py",)),
    Target("order", "api/graphql/sort_keys.py", (f"{_GRAPHQL}/test_sort_keys.py",)),
    Target(
        "cost",
        "api/graphql/cost.py",
        (f"{_GRAPHQL}/test_cost_arithmetic.py", f"{_GRAPHQL}/test_cost.py"),
    ),
)
