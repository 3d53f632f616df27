"""Facts for the rules and the append view for writers, read inside one transaction."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.bundle.bundle import Bundle, reread
from graph.model.model import BundleId, Header
from graph.rules.authorization import Denial, denial_of
from graph.rules.settlement import Flags, rank_of
from graph.sqlite.connection import query
from graph.store import Heads, Slot, Standing


def pack_id(name: str) -> bytes:
    """Return the 32 bytes of a bundle id, `sha256:…`."""
    return bytes.fromhex(name[7:])


def unpack_id(raw: bytes) -> BundleId:
    """Return the bundle id of 32 bytes."""
    return "sha256:" + raw.hex()


def pack_ids(names: Sequence[BundleId]) -> tuple[bytes, str]:
    """Return many ids as query parameters: their concatenated bytes, and the offset of each as JSON, from 1."""
    return b"".join(map(pack_id, names)), json.dumps([1 + 32 * k for k in range(len(names))])


_NO_FLAGS: Final = Flags(counts=False, lives=False)


class SqliteFacts:
    """Implementation of `graph.rules.settlement.RuleFacts` and `graph.store.AppendView` over one connection.

    Caches what it reads for the whole transaction: it is made once the references of the arriving
    bundles are written, and what it caches does not change until they are settled.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._headers: dict[BundleId, Header | None] = {}
        self._flags: dict[BundleId, Flags] = {}
        self._times: dict[BundleId, str] = {}
        self._vouchers: dict[BundleId, list[BundleId]] = {}
        self._arrived: dict[BundleId, list[BundleId]] = defaultdict(list)
        self._members: dict[tuple[str, str], list[BundleId]] = {}
        self._trusted: frozenset[str] | None = None
        self._has_answers: bool | None = None

    def add_arrival(self, bundle: Bundle) -> None:
        """Cache a bundle that was just added, without reading it back."""
        self._headers[bundle.id] = bundle.header
        self._flags[bundle.id] = _NO_FLAGS

    def prepare(self, bundles: Iterable[Bundle]) -> None:
        """Prefetch, for all at once, what settling these bundles will read."""
        arrivals = list(bundles)
        headers = [bundle.header for bundle in arrivals if bundle.header is not None]
        statements = [header for header in headers if header.key is not None]
        targets = {name for header in statements for name in header.vouches}
        targets |= {answer.target for header in statements for answer in header.answers}
        self._load(targets)
        referenced = [header for name in targets if (header := self._headers[name]) is not None]
        slots = {
            (header.by, header.source.uri)
            for header in (*headers, *referenced)
            if header.source is not None
        }
        for header, name in ((bundle.header, bundle.id) for bundle in arrivals):
            for record in header.vouches if header else ():
                self._arrived[record].append(name)
        members = self._load_slots(slots).values()
        self._load([name for several in members for name in several])
        self._load_vouchers([name for several in members if len(several) > 1 for name in several])

    def _prefetch_ranks(self, records: Sequence[BundleId]) -> None:
        """Prefetch what ranking these records will read."""
        self._load(records)
        self._load_vouchers(records)

    def _load(self, names: Iterable[BundleId]) -> None:
        missing = [name for name in names if name not in self._headers]
        if not missing:
            return
        for raw, counts, lives, header in self._connection.execute(
            query("flags"), pack_ids(missing)
        ):
            name = unpack_id(raw)
            # None where it was not understood on arrival: only `rebuild` judges such a bundle again.
            self._headers[name] = reread(header, None, None).header if header else None
            self._flags[name] = Flags(bool(counts), bool(lives))
        for name in missing:
            self._headers.setdefault(name, None)
            self._flags.setdefault(name, _NO_FLAGS)

    def _load_vouchers(self, records: Iterable[BundleId]) -> None:
        missing = [name for name in records if name not in self._vouchers]
        if not missing:
            return
        self._vouchers.update((name, []) for name in missing)
        for record, run, at in self._connection.execute(query("vouching"), pack_ids(missing)):
            name = unpack_id(run)
            self._vouchers[unpack_id(record)].append(name)
            self._times[name] = at or ""

    def _load_slots(
        self, slots: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], list[BundleId]]:
        missing: dict[str, list[str]] = defaultdict(list)
        for by, uri in slots:
            if (by, uri) not in self._members:
                self._members[by, uri] = []
                missing[by].append(uri)
        for by, uris in missing.items():
            for uri, raw in self._connection.execute(query("in_slot"), (by, json.dumps(uris))):
                self._members[by, uri].append(unpack_id(raw))
        return {slot: self._members[slot] for slot in slots}

    def _names(self, name: str, *values: object) -> list[BundleId]:
        return [unpack_id(row[0]) for row in self._connection.execute(query(name), values)]

    def trusted_authors(self) -> frozenset[str]:
        """See `RuleFacts`."""
        if self._trusted is None:
            self._trusted = frozenset(row[0] for row in self._connection.execute(query("trusted")))
        return self._trusted

    def header(self, name: BundleId) -> Header | None:
        """See `RuleFacts`."""
        if name not in self._headers:
            self._load([name])
        return self._headers[name]

    def at(self, name: BundleId) -> str:
        """See `RuleFacts`."""
        if name not in self._times:
            header = self.header(name)
            self._times[name] = (header and header.at) or ""
        return self._times[name]

    def flags(self, name: BundleId) -> Flags:
        """See `RuleFacts`."""
        if name not in self._flags:
            self._load([name])
        return self._flags[name]

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        if self._has_answers is None:  # most stores hold no retraction: one query finds out
            self._has_answers = (
                self._connection.execute(query("has_answers")).fetchone() is not None
            )
        return self._names("answering", pack_id(name)) if self._has_answers else ()

    def vouchers(self, record: BundleId) -> Iterator[BundleId]:
        """See `RuleFacts`."""
        new_runs = self._arrived.get(record, [])
        yield from new_runs
        self._load_vouchers([record])
        yield from (run for run in self._vouchers[record] if run not in new_runs)

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._load_slots([(by, uri)])[by, uri]

    def statements_of(self, actor: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("speaking_as", actor)

    def grant_ends(self, grant: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("ending", grant)

    def resignations(self, actor: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("resigning", actor)

    def heads(self, actor: str) -> Heads:
        """See `AppendView`. A stranger who claims a grant that was not made to its key is none of them."""
        grant = None if actor.startswith("ed25519:") else self.header(actor)
        key = grant.grants.key if grant and grant.grants else None
        rows = self._connection.execute(query("heads"), (actor, key)).fetchall()
        numbers = [n for _, n in rows]
        return Heads(tuple(unpack_id(raw) for raw, _ in rows), max(numbers, default=-1) + 1)

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """See `AppendView`."""
        uris: dict[str, list[str]] = defaultdict(list)
        for slot in slots:
            uris[slot.by].append(slot.uri)
        authors: dict[tuple[Slot, BundleId], set[str | None]] = defaultdict(set)
        for by, slot_uris in uris.items():
            for uri, raw, author in self._connection.execute(
                query("standings"), (by, json.dumps(slot_uris))
            ):
                authors[Slot(by, uri), unpack_id(raw)].add(author)
        self._prefetch_ranks([winner for _, winner in authors])
        by_slot: dict[Slot, Standing] = {}
        for (slot, winner), vouched_by in authors.items():
            rank = rank_of(self, winner)
            if rank is not None:
                by_slot[slot] = Standing(winner, rank, frozenset(filter(None, vouched_by)))
        return by_slot

    def upheld_records(self, records: Sequence[BundleId], author: str) -> frozenset[BundleId]:
        """See `AppendView`."""
        rows = self._connection.execute(query("upheld"), (*pack_ids(records), author))
        return frozenset(unpack_id(row[0]) for row in rows)

    def has_said(self, actor: str, body: str) -> bool:
        """See `AppendView`."""
        values: tuple[Any, ...] = (actor, pack_id(body))
        return self._connection.execute(query("has_said"), values).fetchone() is not None

    def denial(self, key: str, under: BundleId | None) -> Denial | None:
        """See `AppendView`."""
        return denial_of(self, key, under)
