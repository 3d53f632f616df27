"""Words are cut and folded for Neo4j as SQLite's own index does it."""

import sqlite3
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from graph.neo4j.full_text import tokens

# Two letters whose marks SQLite keeps on, as its table says.
ODD = {"\u01e0", "\u01e1"}
OLD = [
    chr(k)
    for k in range(1, 0x11000)
    if unicodedata.ucd_3_2_0.category(chr(k)) == unicodedata.category(chr(k))
    and unicodedata.category(chr(k)) not in {"Cn", "Cs", "Co"}
    and unicodedata.is_normalized("NFC", chr(k))
    and chr(k) not in ODD
]
"""The characters that are what they were in Unicode 3.2: SQLite's tables are those of 6.1."""


class Sqlite:
    """SQLite's tokenizer."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "CREATE VIRTUAL TABLE w USING fts5(t, tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(w, 'instance')")

    def __enter__(self) -> "Sqlite":
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def tokens(self, texts: list[str]) -> list[list[str]]:
        self._db.execute("DELETE FROM w")
        self._db.executemany("INSERT INTO w (rowid, t) VALUES (?, ?)", enumerate(texts))
        found: list[list[str]] = [[] for _ in texts]
        for term, doc in self._db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
            found[doc].append(term)
        return found


def test_every_character_is_taken_alike() -> None:
    texts = [f"q{c}b" for c in OLD]
    assert len(OLD) > 40_000
    with Sqlite() as sqlite:
        pairs = zip(texts, sqlite.tokens(texts), strict=True)
        assert {text: wanted for text, wanted in pairs if tokens(text) != wanted} == {}


@given(
    st.text(
        st.sampled_from(
            ["a", "Ä", "ß", " ", "-", "1", "é", "\u0323", ".", "\u03c3", "\u03c2", "漢"]
        )
    )
)
def test_texts_are_cut_alike(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    with Sqlite() as sqlite:
        assert tokens(text) == sqlite.tokens([text])[0]
