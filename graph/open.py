"""Opening a store by its URL: the only place that chooses between SQLite and Neo4j."""

import os

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
    """Open the store of a URL.

    `sqlite:FILE`, or `sqlite::memory:` for one that is forgotten; `neo4j://[user@]host[:port][/database]`
    or `bolt://…`, whose password is in the URL, in `NEO4J_PASSWORD` or in the file that
    `NEO4J_PASSWORD_FILE` names.

    Args:
        url: Address of the store.
        clock: Gives the time by which a bundle is too early.
        patience_s: How long a write waits for another process's, in seconds.
        must_exist: Refuse to make a new one.

    Raises:
        InputError: No such kind of store.
        ForeignStoreError: What is there is no store of ours, or a newer one.
        UnreachableError: Its server doesn't answer.
        StoreError: It can't be opened.
    """
    scheme, _, path = url.partition(":")
    if path.startswith("//") and scheme.partition("+")[0] in {"neo4j", "bolt"}:
        # The driver takes a while to load, and most stores are files.
        from graph.neo4j.connection import address_of
        from graph.neo4j.open_database import open_neo4j

        address = address_of(url, os.environ)
        return open_neo4j(address, clock, patience_s=patience_s, must_exist=must_exist)
    # `sqlite://name.db` names a machine; `sqlite:///name.db` a file in the root folder, with three slashes for one.
    names_machine = path.startswith("//") and not path.startswith("///")
    if scheme != "sqlite" or not path.strip() or names_machine:
        raise InputError(
            "no such store",
            [Fault("store", "a URL like sqlite:colineage.db or neo4j://host:7687", url[:200])],
        )
    return open_sqlite(path, clock, patience_s=patience_s, must_exist=must_exist)
