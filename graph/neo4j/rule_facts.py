"""Facts for the rules and the append view for writers, read inside one transaction and mostly prefetched."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import neo4j

from graph.bundle.bundle import Bundle, reread
from graph.model.model import BundleId, Header
from graph.model.vocabulary import ENDING_VERBS
from graph.neo4j.connection import Tx
from graph.rules.authorization import Denial, denial_of
from graph.rules.settlement import Flags, rank_of
from graph.store import Heads, Slot, Standing

_NO_FLAGS = Flags(counts=False, lives=False)


def _matching_queries(header: Header) -> Iterator[tuple[str, str]]:
    """Yield the queries that a bundle is a result of, each with the key that is queried."""
    if header.source is not None:
        yield "in_slot", slot_key(header.by, header.source.uri)
        return
    for record in header.vouches:
        yield "vouching", record
    for answer in header.answers:
        if answer.verb in ENDING_VERBS:
            yield "answering", answer.target
    if header.actor is not None:
        yield "speaking_as", header.actor
    if header.ends is not None and header.ends.grant is not None:
        yield "ending", header.ends.grant
    elif header.ends is not None and header.actor is not None:
        yield "resigning", header.actor


def slot_key(by: str, uri: str) -> str:
    """Return the index key of a slot: a hash, as a uri may be longer than an index key may be."""
    return hashlib.sha256(f"{by} {uri}".encode()).hexdigest()


class _Run(NamedTuple):
    """Properties of a run that are read without its header; the author only while it lives."""

    at: str | None
    author: str | None


class Neo4jFacts:
    """Implementation of `graph.rules.settlement.RuleFacts` and `graph.store.AppendView` within one transaction.

    Each result is cached, as the stored facts don't change before the arrivals are settled. `prepare`
    prefetches what a batch will need in some five queries; anything else is queried on demand.
    """

    def __init__(self, tx: Tx, trusted: frozenset[str]) -> None:
        self._tx = tx
        self._trusted = trusted
        self._headers: dict[BundleId, Header | None] = {}
        self._flags: dict[BundleId, Flags] = {}
        self._answers: dict[str, dict[str, list[BundleId]]] = {}
        self._arrived: dict[str, dict[str, list[BundleId]]] = {}
        self._runs: dict[BundleId, _Run] = {}

    def add_arrivals(self, bundles: Iterable[Bundle], unmentioned: Collection[BundleId]) -> None:
        """Cache bundles that are not in the store yet; nothing stored refers to the `unmentioned`."""
        for question in ("vouching", "answering"):
            self._answers.setdefault(question, {}).update((name, []) for name in unmentioned)
        for bundle in bundles:
            self._headers[bundle.id] = bundle.header
            self._flags[bundle.id] = _NO_FLAGS
            if bundle.header is not None:
                for question, about in _matching_queries(bundle.header):
                    by_key = self._arrived.setdefault(question, {})
                    by_key.setdefault(about, []).append(bundle.id)

    def prepare(self, bundles: Iterable[Bundle]) -> None:
        """Prefetch what settling these bundles, stored or arrived, will read."""
        headers = [bundle.header for bundle in bundles if bundle.header is not None]
        statements = [header for header in headers if header.key is not None]
        targets = {name for header in statements for name in header.vouches}
        targets |= {answer.target for header in statements for answer in header.answers}
        grants = {header.under for header in statements if header.under is not None}
        self.load({*targets, *grants})
        actors = {header.actor for header in statements if header.actor is not None}
        self._load_answers("ending", actors)
        self._load_answers("resigning", actors)
        referenced = [header for name in targets if (header := self._headers.get(name)) is not None]
        slots = {
            slot_key(header.by, header.source.uri)
            for header in (*headers, *referenced)
            if header.source is not None
        }
        self._load_answers("in_slot", slots)
        self.prefetch_ranks(name for slot in slots for name in self._names("in_slot", slot))
        own = {bundle.id for bundle in bundles if bundle.header and bundle.header.key is not None}
        self._load_answers("answering", {*own, *targets})

    def prefetch_ranks(self, records: Iterable[BundleId]) -> None:
        """Prefetch what ranking these records will read."""
        names = set(records)
        self.load(names)
        self._load_answers("vouching", names)
        # A category has a voucher in each page ever read, whose headers are long: the latest one is enough.
        self.load({max(runs, key=self.at) for name in names if (runs := self.vouchers(name))})
        self._load_answers("answering", names)

    def load(self, names: Iterable[BundleId]) -> None:
        """Load headers and flags of bundles; those that aren't here have none."""
        missing = [name for name in names if name not in self._headers]
        for row in self._tx.read_many("flags", "asked", missing):
            self._cache_row(row)
        for name in missing:
            self._headers.setdefault(name, None)
            self._flags.setdefault(name, _NO_FLAGS)

    def _cache_row(self, row: neo4j.Record) -> None:
        name = row["id"]
        if name not in self._headers:
            header = row["header"]
            # None where it was not understood on arrival: only `rebuild` judges such a bundle again.
            self._headers[name] = reread(header, None, None).header if header else None
            self._flags[name] = Flags(row["counts"], row["lives"])

    def _load_answers(self, question: str, keys: Iterable[str]) -> None:
        by_key = self._answers.setdefault(question, {})
        missing = [about for about in keys if about not in by_key]
        by_key.update((about, []) for about in missing)
        for row in self._tx.read_many(question, "asked", missing):
            by_key[row["about"]].append(row["id"])
            if question == "vouching":  # a run's header is as long as its page: it is read apart
                self._runs[row["id"]] = _Run(row["at"], row["author"])
            else:
                self._cache_row(row)

    def _names(self, question: str, about: str) -> Sequence[BundleId]:
        by_key = self._answers.setdefault(question, {})
        if about not in by_key:
            self._load_answers(question, [about])
        arrivals = self._arrived.get(question, {}).get(about)
        return [*arrivals, *by_key[about]] if arrivals else by_key[about]

    def trusted_authors(self) -> frozenset[str]:
        """See `RuleFacts`."""
        return self._trusted

    def header(self, name: BundleId) -> Header | None:
        """See `RuleFacts`."""
        self.load([name])
        return self._headers[name]

    def at(self, name: BundleId) -> str:
        """See `RuleFacts`."""
        if name in self._runs:
            return self._runs[name].at or ""
        header = self.header(name)
        return (header.at if header else None) or ""

    def flags(self, name: BundleId) -> Flags:
        """See `RuleFacts`."""
        self.load([name])
        return self._flags[name]

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("answering", name)

    def vouchers(self, record: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("vouching", record)

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("in_slot", slot_key(by, uri))

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
        rows = self._tx.run("heads", actor=actor, key=key)
        return Heads(
            tuple(row["id"] for row in rows), max((row["n"] for row in rows), default=-1) + 1
        )

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """See `AppendView`."""
        keys = {slot: slot_key(slot.by, slot.uri) for slot in slots}
        self._load_answers("in_slot", keys.values())
        living = {
            slot: name
            for slot, key in keys.items()
            for name in self._answers["in_slot"][key]
            if self._flags[name].lives
        }
        self.prefetch_ranks(living.values())
        by_slot: dict[Slot, Standing] = {}
        for slot, name in living.items():
            rank = rank_of(self, name)
            if rank is not None:
                authors = {self._runs[run].author for run in self._answers["vouching"][name]}
                by_slot[slot] = Standing(
                    name, rank, frozenset(author for author in authors if author)
                )
        return by_slot

    def upheld_records(self, records: Sequence[BundleId], author: str) -> frozenset[BundleId]:
        """See `AppendView`."""
        self.load(records)
        sources = [(name, header) for name in records if (header := self._headers[name])]
        slots = {
            name: Slot(record_header.by, record_header.source.uri)
            for name, record_header in sources
            if record_header.source
        }
        standings = self.standings(list(slots.values()))
        standing = [
            name
            for name, slot in slots.items()
            if slot in standings
            and standings[slot].winner == name
            and author in standings[slot].vouched_by
        ]
        rows = self._tx.read_many("is_here", "names", standing)
        return frozenset(row["id"] for row in rows if not row["withheld"])

    def has_said(self, actor: str, body: str) -> bool:
        """See `AppendView`."""
        return self._tx.read_one("has_said", actor=actor, body=body) is not None

    def denial(self, key: str, under: BundleId | None) -> Denial | None:
        """See `AppendView`."""
        return denial_of(self, key, under)
