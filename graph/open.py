"""The only place that chooses a store."""

from graph.clock import Clock, system_clock
from graph.errors import Fault, InputError
from graph.sqlite.store import open_sqlite
from graph.store import GraphStore


def open_store(
    url: str,
    *,
    clock: Clock = system_clock,
    patience_s: float = 30.0,
    must_exist: bool = False,
) -> GraphStore:
    """The store of a URL: `sqlite:FILE`, or `sqlite::memory:` for one that is forgotten.

    Args:
        url: Where it is.
        clock: Tells when a bundle is too early.
        patience_s: How long a write waits for another process's, in seconds.
        must_exist: Refuse to make a new one.

    Raises:
        InputError: No such kind of store.
        ForeignStoreError: What is there is no store of ours, or a newer one.
        StoreError: It can't be opened.
    """
    scheme, _, path = url.partition(":")
    if scheme != "sqlite" or not path:
        raise InputError(
            "no such store", [Fault("store", "a URL like sqlite:colineage.db", url[:200])]
        )
    return open_sqlite(path, clock, patience_s=patience_s, must_exist=must_exist)
