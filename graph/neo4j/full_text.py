"""Full-text search on Neo4j: tokenizer, index text and query.

Neo4j's index (Lucene) gets words that are tokenized and folded here as SQLite's `unicode61
remove_diacritics 2` does (https://www.sqlite.org/fts5.html#unicode61_tokenizer), so that the same
words find the same nodes in both stores. The order is Lucene's own. SQLite knows the characters of
Unicode 6.1; later ones (most emoji) are letters to SQLite and none here.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from graph.model.model import Description
from graph.model.vocabulary import Kind
from graph.neo4j.connection import Tx
from graph.view.display_choice import search_text

# sqlite3Fts5UnicodeIsdiacritic: these marks are dropped within a word, others end it.
_MARKS: Final = frozenset(
    [0x300 + k for k in range(32) if 0x08029FDF >> k & 1]
    + [0x320 + k for k in range(18) if 0x000361F8 >> k & 1]
)
_MAX_PHRASES: Final = 200


def tokens(text: str) -> list[str]:
    """Return the words of a text: runs of letters and digits, in lower case, Latin ones without accents."""
    if text.isascii():
        return "".join(c if c.isalnum() else " " for c in text).lower().split()
    return "".join(map(_fold, unicodedata.normalize("NFC", text))).split()


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Mn":
        return "" if ord(character) in _MARKS else " "
    if category[0] not in "LN" and category not in {"Co", "Cn"}:
        return " "
    folded = character.casefold()
    lower = folded if len(folded) == 1 else character.lower()
    base = unicodedata.normalize("NFD", lower)[:1]
    return base if base.isascii() else lower


def index_text(description: Description) -> tuple[str, str]:
    """Return the index text of a node shown by this description: the words of its title, and of its text."""
    title, text = search_text(description)
    return " ".join(tokens(title)), " ".join(tokens(text))


def search(tx: Tx, text: str, *, kind: Kind | None, limit: int) -> list[str]:
    """See `GraphStore`. A word that yields several tokens is searched as a phrase."""
    phrases = [" ".join(cut) for word in dict.fromkeys(text.split()) if (cut := tokens(word))]
    if not phrases:
        return []
    if len(phrases) <= _MAX_PHRASES:
        return _matching_ids(tx, phrases, kind, limit)
    # Lucene takes 1,024 clauses at once: a longer query is split, and the results are intersected.
    ids = _matching_ids(tx, phrases[:_MAX_PHRASES], kind, None)
    for start in range(_MAX_PHRASES, len(phrases), _MAX_PHRASES):
        matches = set(_matching_ids(tx, phrases[start : start + _MAX_PHRASES], kind, None))
        ids = [name for name in ids if name in matches]
    return ids[:limit]


def _matching_ids(
    tx: Tx, phrases: Sequence[str], kind: Kind | None, limit: int | None
) -> list[str]:
    clauses = " AND ".join(
        f'(title_words:"{phrase}"^8 OR text_words:"{phrase}")' for phrase in phrases
    )
    row_limit = 2**62 if limit is None else limit
    rows = tx.run("search", words=clauses, kind=kind and kind.value, limit=row_limit)
    return [row["id"] for row in rows]
