"""Counting store: a small adapter that forwards every call and counts it."""

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from graph.store import GraphStore


class CountingStore:
    """Counts the questions that reach a store, by their names."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        question: Callable[..., Any] = getattr(self._store, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.asked[name] += 1
            return question(*given, **named)

        return counted


def counting(store: GraphStore) -> tuple[GraphStore, Counter[str]]:
    """The store, and the counter of what it is asked."""
    found = CountingStore(store)
    return cast("GraphStore", found), found.asked
