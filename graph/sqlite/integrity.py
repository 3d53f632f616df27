"""Integrity check of all that is derived from the log (rule columns, minters, full-text search) against the log.

No query would reveal such a fault: a store can answer right today and misjudge what arrives tomorrow.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from graph.bundle.bundle import read_late, reread
from graph.errors import DamagedError
from graph.model.identifiers import kind_of
from graph.model.model import Description
from graph.sqlite.connection import query
from graph.sqlite.log_writer import row_of
from graph.sqlite.rows import reads_rows
from graph.view.display_choice import words

_CHUNK: Final = 500
_MOST: Final = 20
_NOTHING: Final = [None, 0, *(None,) * 5]
_NOTED: Final = ("date", "number", "slot", "actor", "key", "body", "end")

Said = Callable[[int], Mapping[str, Description]]
"""Returns the descriptions by the bundle at a position, by node."""


def damage(connection: sqlite3.Connection, said: Said) -> list[str]:
    """See `GraphStore`."""
    found = [text for (text,) in connection.execute(query("damage")) if text != "ok"]
    if found:  # the other checks could fail on a broken page
        return found
    checks = (
        _strays(connection),
        _references(connection),
        _notes(connection),
        _minters(connection),
        _shown(connection, said),
        _left_words(connection),
    )
    try:
        return [text for check in checks for text in islice(check, _MOST)]
    except (sqlite3.OperationalError, DamagedError) as error:  # damaged bytes can be anything
        return [f"what is kept beside the log can't be read: {error}"]


def _strays(connection: sqlite3.Connection) -> Iterator[str]:
    for (what,) in connection.execute(query("strays")):
        yield what


def _references(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the references of statements: what they follow, vouch for and answer."""
    for how, what, name, at in connection.execute(query("misfiled")):
        yield f"that position {at} names {name} ({what}) {how}"


def _notes(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the columns by which the rules look up a bundle."""
    start = 0
    while rows := connection.execute(query("noted"), (start, _CHUNK)).fetchall():
        for position, is_head_wrong, header, body, signature, *noted in rows:
            told = _told(header, body, signature, noted)
            wrong = [
                name for name, kept, one in zip(_NOTED, noted, told, strict=True) if kept != one
            ]
            for name in [*wrong, *(["being the last"] if is_head_wrong else [])]:
                yield f"position {position} is not noted with the {name} that it has"
        start = rows[-1][0] + 1


@reads_rows
def _told(
    header: bytes, body: bytes | None, signature: bytes | None, noted: list[Any]
) -> list[Any]:
    """Return the columns that a header implies; of a damaged one, which the log's own check reports, those stored."""
    try:
        bundle = (read_late if noted == _NOTHING else reread)(header, body, signature)
    except DamagedError:
        return noted
    return list(row_of(bundle, 0, None)[3:10])


def _minters(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the minter of each minted id."""
    told = 0
    for row in connection.execute(query("minting")):
        name, ids = _minted(*row)
        told += len(ids)
        for one in ids:
            if connection.execute(query("minter"), (one,)).fetchall() != [(name,)]:
                yield f"{one} is not noted as new in sha256:{name.hex()}"
    noted = connection.execute(query("minted")).fetchone()[0]
    if noted > told:
        yield f"{noted - told} more ids are noted as new in some bundle than bundles say"


@reads_rows
def _minted(header: bytes, body: bytes, signature: bytes) -> tuple[bytes, list[str]]:
    try:
        bundle = reread(header, body, signature)
    except DamagedError:
        return b"", []
    return bytes.fromhex(bundle.id[7:]), list(bundle.mints())


def _shown(connection: sqlite3.Connection, said: Said) -> Iterator[str]:
    """Check the kind under which a node is listed, and the text by which full-text search finds it."""
    after = -1
    while rows := connection.execute(query("shown"), (after, _CHUNK)).fetchall():
        for _, name, kind, position, *found_by in rows:
            wanted = _listed_as(name, position, said)
            if wanted[0] != kind:
                yield f"{name} is listed as {kind}, and is {wanted[0]}"
            if wanted[1] != tuple(found_by):
                yield f"the words of {name} are not filed as they are shown"
        after = rows[-1][0]


@reads_rows
def _listed_as(
    name: str, position: int | None, said: Said
) -> tuple[str | None, tuple[str | None, str | None]]:
    if position is None:
        return kind_of(name), (None, None)
    description = said(position)[name]
    return description.kind, words(description)


def _left_words(connection: sqlite3.Connection) -> Iterator[str]:
    for (name,) in connection.execute(query("unfindable")):
        yield f"the words of {name} are not filed as they are shown"
