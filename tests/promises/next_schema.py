"""Schema after the present one, planted: there is no older store to bring up to date until a second one is made."""

from graph.neo4j import connection as neo4j_connection
from graph.sqlite import connection

SQLITE = """
ALTER TABLE node ADD COLUMN later TEXT;
UPDATE node SET later = id;
CREATE INDEX node_later ON node (later);
"""
NEO4J = ("CREATE INDEX thing_later IF NOT EXISTS FOR (t:Thing) ON (t.later)",)


def sqlite_migrations() -> dict[int, str]:
    """Scripts of this version, and one more."""
    found = connection.migrations()
    return {**found, max(found) + 1: SQLITE}


def neo4j_migrations() -> dict[int, tuple[str, ...]]:
    """Commands of this version, and one more."""
    found = neo4j_connection.migrations()
    return {**found, max(found) + 1: NEO4J}


def plant() -> None:
    """Make this process one of the version that knows it."""
    planted = sqlite_migrations()
    connection.migrations = lambda: planted  # type: ignore[assignment]
