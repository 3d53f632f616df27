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
from graph.rules.facts import authority_of
from graph.sqlite.connection import query
from graph.sqlite.log_writer import UNREAD, columns_of
from graph.sqlite.rows import guard_rows
from graph.sqlite.rule_facts import SqliteFacts
from graph.sqlite.state_tree import SqliteTree
from graph.view.display_choice import search_text
from graph.view.state_digest import branch_faults

_CHUNK: Final = 500
_MAX_FAULTS: Final = 20
_COLUMN_NAMES: Final = (
    *("date", "number", "slot", "actor", "key", "speaker", "kind of statement", "body", "end"),
)

_UNREAD: Final = list(UNREAD[1:-1])

DescriptionsAt = Callable[[int], Mapping[str, Description]]
"""Returns the descriptions by the bundle at a position, by node."""


def integrity_faults(connection: sqlite3.Connection, descriptions_at: DescriptionsAt) -> list[str]:
    """See `GraphStore`."""
    faults = [text for (text,) in connection.execute(query("damage")) if text != "ok"]
    if faults:  # the other checks could fail on a broken page
        return faults
    checks = (
        _stray_faults(connection),
        _reference_faults(connection),
        _column_faults(connection),
        _authority_faults(connection),
        _branch_faults(connection),
        _minter_faults(connection),
        _display_faults(connection, descriptions_at),
        _orphan_text_faults(connection),
    )
    try:
        return [text for check in checks for text in islice(check, _MAX_FAULTS)]
    except (sqlite3.OperationalError, DamagedError) as error:  # damaged bytes can be anything
        return [f"what is kept beside the log can't be read: {error}"]


def _stray_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (fault,) in connection.execute(query("strays")):
        yield fault


def _reference_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the references of statements: what they follow, vouch for and answer."""
    for difference, relation, name, at in connection.execute(query("misfiled")):
        yield f"that position {at} names {name} ({relation}) {difference}"


def _column_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the columns by which the rules look up a bundle."""
    start = 0
    while rows := connection.execute(query("noted"), (start, _CHUNK)).fetchall():
        for position, is_head_wrong, header, body, signature, waits, *actual in rows:
            expected = _expected_columns(header, body, signature, waits, actual)
            mismatches = [
                name
                for name, actual_value, expected_value in zip(
                    _COLUMN_NAMES, actual, expected, strict=True
                )
                if actual_value != expected_value
            ]
            for name in [*mismatches, *(["being the last"] if is_head_wrong else [])]:
                yield f"position {position} is not noted with the {name} that it has"
        start = rows[-1][0] + 1


@guard_rows
def _expected_columns(
    header: bytes, body: bytes | None, signature: bytes | None, waits: str | None, actual: list[Any]
) -> list[Any]:
    """Return the columns that a header implies; of a damaged one, which the log's own check reports, those stored."""
    try:
        bundle = (read_late if actual == _UNREAD else reread)(header, body, signature)
    except DamagedError:
        return actual
    if waits is not None and bundle.header is not None and bundle.header.at == waits:
        return _UNREAD
    return list(columns_of(bundle, None)[1:-1])


def _authority_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the rank of each actor, by which its statements outrank others."""
    facts = SqliteFacts(connection)
    for actor, is_attributed, *actual in connection.execute(query("authorities")).fetchall():
        authority = authority_of(facts, actor) if is_attributed else None
        expected = [authority.acts or None, len(authority.grants)] if authority else [None, None]
        if actual != expected:
            yield f"the statements of {actor} are not noted with the rank that they have"


def _branch_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the branches of the digest's tree against what lies below them; the leaves are compared one by one elsewhere."""
    tree = SqliteTree(connection)
    stored = {"": tree.branches([""]).get("")}
    while stored:
        yield from branch_faults(tree, stored)
        stored = dict(connection.execute(query("branches_after"), (max(stored), _CHUNK)))


def _minter_faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the minter of each minted id."""
    expected_count = 0
    for row in connection.execute(query("minting")):
        name, ids = _minted_ids(*row)
        expected_count += len(ids)
        for minted_id in ids:
            if connection.execute(query("minter"), (minted_id,)).fetchall() != [(name,)]:
                yield f"{minted_id} is not noted as new in sha256:{name.hex()}"
    actual_count = connection.execute(query("minted")).fetchone()[0]
    if actual_count > expected_count:
        yield f"{actual_count - expected_count} more ids are noted as new in some bundle than bundles say"


@guard_rows
def _minted_ids(header: bytes, body: bytes, signature: bytes) -> tuple[bytes, list[str]]:
    try:
        bundle = reread(header, body, signature)
    except DamagedError:
        return b"", []
    return bytes.fromhex(bundle.id[7:]), list(bundle.minted_ids())


def _display_faults(
    connection: sqlite3.Connection, descriptions_at: DescriptionsAt
) -> Iterator[str]:
    """Check the kind under which a node is listed, and the text by which full-text search finds it."""
    after = -1
    while rows := connection.execute(query("shown"), (after, _CHUNK)).fetchall():
        for _, name, kind, position, *text in rows:
            expected = _expected_display(name, position, descriptions_at)
            if expected[0] != kind:
                yield f"{name} is listed as {kind}, and is {expected[0]}"
            if expected[1] != tuple(text):
                yield f"the words of {name} are not filed as they are shown"
        after = rows[-1][0]


@guard_rows
def _expected_display(
    name: str, position: int | None, descriptions_at: DescriptionsAt
) -> tuple[str | None, tuple[str | None, str | None]]:
    if position is None:
        return kind_of(name), (None, None)
    description = descriptions_at(position)[name]
    return description.kind, search_text(description)


def _orphan_text_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (name,) in connection.execute(query("unfindable")):
        yield f"the words of {name} are not filed as they are shown"
