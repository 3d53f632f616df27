"""What the routes share: the store, the recommender, the threads that answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from api.principals_cache import Listener
from api.recommender import Recommender
from graph.store import GraphStore

THREADS: Final = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes share; `store_of` gives a store that the calling thread may use."""

    store_of: Callable[[], GraphStore]
    recommender: Recommender
    explorer: Path | None
    threads: ThreadPoolExecutor
    listener: Listener = field(default_factory=Listener)

    async def answer(self, ask: Callable[[GraphStore], T]) -> T:
        """What a function finds in the store; it runs in a thread, so that nobody else waits."""

        def work() -> T:
            return ask(self.store_of())

        return await asyncio.get_running_loop().run_in_executor(self.threads, work)
