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
_STORE: Final = "tests/graph/store"
_RULES: Final = (
    "tests/graph/rules/test_authorization.py",
    "tests/graph/rules/test_hostile_histories.py",
    f"{_STORE}/test_own_heads.py",
    f"{_STORE}/test_store.py",
    f"{_STORE}/test_store_graph.py",
    f"{_STORE}/test_store_says_nothing.py",
    f"{_STORE}/test_store_withstands_attacks.py",
    "tests/promises/test_5_any_history.py",
)
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
    Target("authorization", "graph/rules/authorization.py", _RULES),
    Target("counting", "graph/rules/counting.py", _RULES),
    Target("effects", "graph/rules/effects.py", _RULES),
    Target("ledger", "graph/rules/ledger.py", _RULES),
    Target("names", "graph/rules/names.py", _RULES),
    Target("own-heads", "graph/rules/own_heads.py", _RULES),
    Target("records", "graph/rules/records.py", _RULES),
    Target("settlement", "graph/rules/settlement.py", _RULES),
    Target("last-words", "graph/rules/words.py", _RULES),
)
