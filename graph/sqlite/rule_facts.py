"""Facts for the rules and the append view for writers, read inside one transaction."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

from graph.bundle.bundle import Bundle, reread
from graph.model.model import BundleId, Header
from graph.model.vocabulary import Scope
from graph.rules.authorization import Denial, denial_of, has_word_on
from graph.rules.facts import Brief, State, TrustEntry, brief_of
from graph.rules.own_heads import own_heads
from graph.rules.records import rank_of
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


def read_trust(connection: sqlite3.Connection) -> tuple[TrustEntry, ...]:
    """Return whom the store trusts, in order."""
    return tuple(
        TrustEntry(author, None if sources is None else frozenset(json.loads(sources)))
        for author, sources in connection.execute(query("trust_list"))
    )


_NO_STATE: Final = State()


class SqliteFacts:
    """Implementation of `graph.rules.facts.RuleFacts` and `graph.store.AppendView` over one connection.

    Caches what it reads for the whole transaction: it is made once the references of the arriving
    bundles are written, and what it caches does not change until they are settled.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._headers: dict[BundleId, Header | None] = {}
        self._briefs: dict[BundleId, Brief | None] = {}
        self._states: dict[BundleId, State] = {}
        self._vouchers: dict[BundleId, list[BundleId]] = {}
        self._arrived: dict[BundleId, list[BundleId]] = defaultdict(list)
        self._members: dict[tuple[str, str], list[BundleId]] = {}
        self._trust: tuple[TrustEntry, ...] | None = None
        self._has_answers: bool | None = None

    def add_arrival(self, bundle: Bundle) -> None:
        """Cache a bundle that was just added, without reading it back."""
        self._headers[bundle.id] = bundle.header
        self._briefs[bundle.id] = brief_of(bundle.header) if bundle.header else None
        self._states[bundle.id] = _NO_STATE

    def prepare(self, bundles: Iterable[Bundle]) -> None:
        """Prefetch, for all at once, what settling these bundles will read."""
        arrivals = list(bundles)
        headers = [bundle.header for bundle in arrivals if bundle.header is not None]
        statements = [header for header in headers if header.key is not None]
        targets = {name for header in statements for name in header.vouches}
        targets |= {answer.target for header in statements for answer in header.answers}
        self._load(targets)
        referenced = [brief for name in targets if (brief := self._briefs[name]) is not None]
        slots = {(header.by, header.source.uri) for header in headers if header.source}
        slots |= {(brief.by, brief.uri) for brief in referenced if brief.uri is not None}
        for header, name in ((bundle.header, bundle.id) for bundle in arrivals):
            for record in header.vouches if header else ():
                self._arrived[record].append(name)
        members = self._load_slots(slots).values()
        self._load([name for several in members for name in several])

    def _load(self, names: Iterable[BundleId]) -> None:
        missing = [name for name in names if name not in self._briefs]
        if not missing:
            return
        for raw, *row in self._connection.execute(query("briefs"), pack_ids(missing)):
            name = unpack_id(raw)
            self._states[name] = to_state(row[:6])
            self._briefs[name] = _to_brief(row[6:])
        for name in missing:
            # None where it was not understood on arrival, or waits.
            self._briefs.setdefault(name, None)
            self._states.setdefault(name, _NO_STATE)

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

    def trust_list(self) -> tuple[TrustEntry, ...]:
        """See `RuleFacts`."""
        if self._trust is None:
            self._trust = read_trust(self._connection)
        return self._trust

    def header(self, name: BundleId) -> Header | None:
        """See `RuleFacts`."""
        if name not in self._headers:
            row = self._connection.execute(query("header_of"), (pack_id(name),)).fetchone()
            self._headers[name] = reread(row[0], None, None).header if row else None
        return self._headers[name]

    def brief(self, name: BundleId) -> Brief | None:
        """See `RuleFacts`."""
        if name not in self._briefs:
            self._load([name])
        return self._briefs[name]

    def state(self, name: BundleId) -> State:
        """See `RuleFacts`."""
        if name not in self._states:
            self._load([name])
        return self._states[name]

    def statements_of(self, actor: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("speaking_as", actor)

    def followers_of(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("following", pack_id(name))

    def ends_of(self, grant: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("ending", grant)

    def ends_with_head(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("ending_at", pack_id(name))

    def _is_answered(self) -> bool:
        """Return whether the store holds any answer: most hold none, and one query finds out."""
        if self._has_answers is None:
            row = self._connection.execute(query("has_answers")).fetchone()
            self._has_answers = row is not None
        return self._has_answers

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("answering", pack_id(name)) if self._is_answered() else ()

    def words_on(self, name: BundleId, author: str) -> Sequence[tuple[str, BundleId]]:
        """See `RuleFacts`."""
        if not self._is_answered():
            return ()
        rows = self._connection.execute(query("words_by"), (pack_id(name), author))
        return [(verb, unpack_id(raw)) for verb, raw in rows]

    def vouchers(self, record: BundleId) -> Iterator[BundleId]:
        """See `RuleFacts`; those that arrived just now come first."""
        new_runs = self._arrived.get(record, [])
        yield from new_runs
        self._load_vouchers([record])
        yield from (run for run in self._vouchers[record] if run not in new_runs)

    def _load_vouchers(self, records: Iterable[BundleId]) -> None:
        missing = [name for name in records if name not in self._vouchers]
        if not missing:
            return
        self._vouchers.update((name, []) for name in missing)
        for record, run in self._connection.execute(query("vouching"), pack_ids(missing)):
            self._vouchers[unpack_id(record)].append(unpack_id(run))

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._load_slots([(by, uri)])[by, uri]

    def voices(self, key: str) -> frozenset[str]:
        """Return the authors for whom a key has a counting statement."""
        return frozenset(row[0] for row in self._connection.execute(query("voices"), (key,)))

    def heads(self, actor: str) -> Heads:
        """See `AppendView`. A stranger who claims a grant that was not made to its key is none of them."""
        grant = None if actor.startswith("ed25519:") else self.header(actor)
        key = grant.grants.key if grant and grant.grants else None
        rows = self._connection.execute(query("heads"), (actor, key)).fetchall()
        numbers = [n for _, n in rows]
        return Heads(tuple(unpack_id(raw) for raw, _ in rows), max(numbers, default=-1) + 1)

    def own_heads(self, actor: str, own: Set[BundleId]) -> Heads:
        """See `AppendView`."""
        return Heads(*own_heads(self, self.heads(actor).heads, own))

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
        self._load([winner for _, winner in authors])
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

    def denial(self, key: str, under: BundleId | None, right: Scope | None = None) -> Denial | None:
        """See `AppendView`."""
        return denial_of(self, key, under, right)

    def has_word_on(self, actor: str, name: BundleId) -> bool:
        """See `AppendView`."""
        return has_word_on(self, actor, name)


def to_state(row: Sequence[Any]) -> State:
    """Return the state that a row makes: counts, lives, erased, cut, decider, place."""
    counts, lives, erased, cut, decider, place = row
    return State(bool(counts), bool(lives), bool(erased), cut, decider, place)


def _to_brief(row: Sequence[Any]) -> Brief:
    at, n, key, actor, uri, by, run, author = row
    if key is None:
        return Brief(author, at or "", 0, None, author, uri, is_run=False)
    return Brief(by, at or "", n, key, actor, None, is_run=bool(run))
