"""Full-text search on SQLite: the words of a text as a query of FTS5, which ranks by BM25."""

import sqlite3

from graph.model.vocabulary import Kind
from graph.sqlite.connection import query


def search(
    connection: sqlite3.Connection, text: str, *, kind: Kind | None, limit: int
) -> list[str]:
    """See `GraphStore`. Every word is quoted, so that none is read as an operator of FTS5."""
    words = " ".join(
        '"' + word.replace('"', '""') + '"' for word in text.replace("\0", " ").split()
    )
    if not words:
        return []
    rows = connection.execute(query("search"), (words, kind and kind.value, limit))
    return [identifier for (identifier,) in rows]
