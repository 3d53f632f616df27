"""State shared by the routes: store, recommender, principals cache, and the threads that answer requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from api.principals_cache import PrincipalsCache
from api.recommender import Recommender
from graph.store import GraphStore

THREADS: Final = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """State shared by the routes; `store_of` returns a store that the calling thread may use."""

    store_of: Callable[[], GraphStore]
    recommender: Recommender
    explorer: Path | None
    threads: ThreadPoolExecutor
    principals_cache: PrincipalsCache = field(default_factory=PrincipalsCache)

    async def answer(self, ask: Callable[[GraphStore], T]) -> T:
        """Return the result of a function of the store, run in a thread so that no other request waits."""

        def work() -> T:
            return ask(self.store_of())

        return await asyncio.get_running_loop().run_in_executor(self.threads, work)
