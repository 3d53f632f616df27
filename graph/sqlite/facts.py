"""What the rules and a writer ask, answered inside one transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from graph.bundle import Bundle, reread
from graph.model import BundleId, Header
from graph.rules import Flags, rank_of
from graph.speaking import Silence, silence_of
from graph.sqlite.connection import query
from graph.store import Heads, Slot, Standing


def packed(name: str) -> bytes:
    """The 32 bytes of `sha256:…`."""
    return bytes.fromhex(name[7:])


def unpacked(raw: bytes) -> BundleId:
    """The name of 32 bytes."""
    return "sha256:" + raw.hex()


class SqliteFacts:
    """Answers `graph.rules.Facts` and `graph.store.Look` over one connection.

    Headers and flags that were read once are kept for as long as the transaction lasts.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._headers: dict[BundleId, Header | None] = {}
        self._flags: dict[BundleId, Flags] = {}
        self._trusted: frozenset[str] | None = None
        self._has_answers: bool | None = None

    def remember(self, bundle: Bundle) -> None:
        """Knows a bundle that was just added, without reading it back."""
        self._headers[bundle.id] = bundle.header
        self._flags[bundle.id] = Flags(counts=False, lives=False)

    def _names(self, name: str, *values: object) -> list[BundleId]:
        return [unpacked(row[0]) for row in self._connection.execute(query(name), values)]

    def _load(self, name: BundleId) -> None:
        row = self._connection.execute(query("flags"), (packed(name),)).fetchone()
        self._headers[name] = reread(row[2], None, None).header if row else None
        self._flags[name] = Flags(bool(row[0]), bool(row[1])) if row else Flags(False, False)  # noqa: FBT003

    def trusted(self) -> frozenset[str]:
        """See `Facts`."""
        if self._trusted is None:
            self._trusted = frozenset(row[0] for row in self._connection.execute(query("trusted")))
        return self._trusted

    def header(self, name: BundleId) -> Header | None:
        """See `Facts`."""
        if name not in self._headers:
            self._load(name)
        return self._headers[name]

    def flags(self, name: BundleId) -> Flags:
        """See `Facts`."""
        if name not in self._flags:
            self._load(name)
        return self._flags[name]

    def answering(self, name: BundleId) -> Sequence[BundleId]:
        """See `Facts`."""
        if self._has_answers is None:  # most stores never retracted anything: one question tells
            self._has_answers = (
                self._connection.execute(query("has_answers")).fetchone() is not None
            )
        return self._names("answering", packed(name)) if self._has_answers else ()

    def vouching(self, record: BundleId) -> Sequence[BundleId]:
        """See `Facts`."""
        return self._names("vouching", packed(record))

    def in_slot(self, by: str, uri: str) -> Sequence[BundleId]:
        """See `Facts`."""
        return self._names("in_slot", by, uri)

    def speaking_as(self, actor: str) -> Sequence[BundleId]:
        """See `Facts`."""
        return self._names("speaking_as", actor)

    def ending(self, grant: BundleId) -> Sequence[BundleId]:
        """See `Facts`."""
        return self._names("ending", grant)

    def resigning(self, actor: str) -> Sequence[BundleId]:
        """See `Facts`."""
        return self._names("resigning", actor)

    def heads(self, actor: str) -> Heads:
        """See `Look`. A stranger who claims a grant that was not made to its key is none of them."""
        grant = None if actor.startswith("ed25519:") else self.header(actor)
        key = grant.grants.key if grant and grant.grants else None
        rows = self._connection.execute(query("heads"), (actor, key)).fetchall()
        numbers = [n for _, n in rows]
        return Heads(tuple(unpacked(raw) for raw, _ in rows), max(numbers, default=-1) + 1)

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """See `Look`."""
        found: dict[Slot, Standing] = {}
        for slot in slots:
            rows = self._connection.execute(query("standings"), (slot.by, slot.uri)).fetchall()
            rank = rank_of(self, unpacked(rows[0][0])) if rows else None
            if rank is not None:
                vouchers = frozenset(row[1] for row in rows if row[1] is not None)
                found[slot] = Standing(rank[-1], rank, vouchers)
        return found

    def has_said(self, actor: str, body: str) -> bool:
        """See `Look`."""
        values: tuple[Any, ...] = (actor, packed(body))
        return self._connection.execute(query("has_said"), values).fetchone() is not None

    def silence(self, key: str, under: BundleId | None) -> Silence | None:
        """See `Look`."""
        return silence_of(self, key, under)
