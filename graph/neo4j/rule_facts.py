"""Facts for the rules and the append view for writers, read inside one transaction and mostly prefetched."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

from graph.bundle.bundle import Bundle, reread
from graph.model.model import BundleId, Header
from graph.model.vocabulary import Scope
from graph.neo4j.connection import Tx
from graph.rules.authorization import Denial, denial_of, has_word_on
from graph.rules.facts import Brief, State, TrustEntry, authority_of, brief_of
from graph.rules.own_heads import own_heads
from graph.rules.records import rank_of
from graph.store import Heads, Slot, Standing

_NO_STATE: Final = State()


def to_state(row: Mapping[str, Any]) -> State:
    """Return the state that the properties of a bundle make."""
    return State(
        *(row["counts"], row["lives"], bool(row["erased"])),
        *(row["cut"] or 0, row["decider"], row["place"]),
    )


_REFERRING: Final = ("vouching", "answering", "following", "ending", "ending_at")
"""Queries whose results are bundles that refer to the one that is asked about."""


def _matching_queries(header: Header) -> Iterator[tuple[str, str]]:
    """Yield the queries that a bundle is a result of, each with the key that is queried."""
    if header.source is not None:
        yield "in_slot", slot_key(header.by, header.source.uri)
        return
    yield from (("vouching", record) for record in header.vouches)
    yield from (("answering", target) for target in {answer.target for answer in header.answers})
    yield from (("following", earlier) for earlier in header.prev)
    if header.actor is not None:
        yield "speaking_as", header.actor
    if header.ends is not None:
        yield "ending", header.ends.grant
        yield from (("ending_at", head) for head in header.ends.heads)


def slot_key(by: str, uri: str) -> str:
    """Return the index key of a slot: a hash, as a uri may be longer than an index key may be."""
    return hashlib.sha256(f"{by} {uri}".encode()).hexdigest()


class Neo4jFacts:
    """Implementation of `graph.rules.facts.RuleFacts` and `graph.store.AppendView` within one transaction.

    Each result is cached, as the stored facts don't change before the arrivals are settled. `prepare`
    prefetches what a batch will need in some ten queries; anything else is queried on demand.
    """

    def __init__(self, tx: Tx, trust: Sequence[TrustEntry]) -> None:
        self._tx = tx
        self._trust = tuple(trust)
        self._headers: dict[BundleId, Header | None] = {}
        self._briefs: dict[BundleId, Brief | None] = {}
        self._states: dict[BundleId, State] = {}
        self._authors: dict[BundleId, str | None] = {}
        self._answers: dict[str, dict[str, list[BundleId]]] = {}
        self._words: dict[tuple[BundleId, str], list[tuple[str, BundleId]]] = {}
        self._arrived: dict[str, dict[str, list[BundleId]]] = {}
        self._unmentioned: set[BundleId] = set()

    def add_arrivals(self, bundles: Iterable[Bundle], unmentioned: Collection[BundleId]) -> None:
        """Cache bundles that are not in the store yet; nothing stored refers to the `unmentioned`."""
        self._unmentioned |= set(unmentioned)
        for question in _REFERRING:
            self._answers.setdefault(question, {}).update((name, []) for name in unmentioned)
        for bundle in bundles:
            self._headers[bundle.id] = bundle.header
            self._briefs[bundle.id] = brief_of(bundle.header) if bundle.header else None
            self._states[bundle.id] = _NO_STATE
            if bundle.header is not None:
                for question, about in _matching_queries(bundle.header):
                    by_key = self._arrived.setdefault(question, {})
                    by_key.setdefault(about, []).append(bundle.id)

    def prepare(self, bundles: Iterable[Bundle]) -> None:
        """Prefetch what settling these bundles, stored or arrived, will read."""
        headers = {bundle.id: bundle.header for bundle in bundles if bundle.header is not None}
        statements = {name: header for name, header in headers.items() if header.key is not None}
        targets = {name for header in statements.values() for name in header.vouches}
        targets |= {answer.target for header in statements.values() for answer in header.answers}
        self.load({*targets, *headers})
        self._load_grants({header.under for header in statements.values() if header.under})
        referenced = [brief for name in targets if (brief := self._briefs.get(name)) is not None]
        slots = {
            slot_key(header.by, header.source.uri) for header in headers.values() if header.source
        }
        slots |= {slot_key(brief.by, brief.uri) for brief in referenced if brief.uri is not None}
        self._load_answers("in_slot", slots)
        records = {name for slot in slots for name in self._names("in_slot", slot)}
        self.load(records)
        self._load_answers("ending", statements)
        runs = [name for name, header in statements.items() if header.is_run]
        self._load_answers("answering", runs)
        arriving_records = [name for name, header in headers.items() if header.source is not None]
        self._load_answers("vouching", arriving_records)
        self._prefetch_words(statements, records)

    def _load_grants(self, grants: Collection[BundleId]) -> None:
        """Load the headers of grants and of those above them, a level at a time."""
        waiting = set(grants)
        while waiting:
            self.load(waiting)
            self._load_headers(waiting)
            above = (self._headers[name] for name in waiting)
            waiting = {header.under for header in above if header and header.under}
            waiting -= self._headers.keys()

    def _prefetch_words(
        self, statements: Mapping[BundleId, Header], records: Collection[BundleId]
    ) -> None:
        """Prefetch the words on statements by their authors, and on records by the trusted ones."""
        pairs = [
            (name, authority.root)
            for name, header in statements.items()
            if (authority := authority_of(self, header.actor or "")) is not None
        ]
        authors = {entry.author for entry in self._trust}
        self._load_words([*pairs, *((name, author) for name in records for author in authors)])

    def load(self, names: Iterable[BundleId]) -> None:
        """Load briefs and states of bundles; those that aren't here have none."""
        missing = [name for name in names if name not in self._briefs]
        for row in self._tx.read_many("briefs", "asked", missing):
            self._cache_row(row["brief"])
        for name in missing:
            # None where it was not understood on arrival, or waits.
            self._briefs.setdefault(name, None)
            self._states.setdefault(name, _NO_STATE)

    def _cache_row(self, row: Mapping[str, Any]) -> None:
        name = row["id"]
        self._states[name] = to_state(row)
        self._authors[name] = row["author"]
        if row["key"] is None:
            source = row["author"]
            brief = Brief(source, row["at"] or "", 0, None, source, row["uri"], is_run=False)
        else:
            is_run = bool(row["run"])
            brief = Brief(
                row["by"], row["at"] or "", row["n"], row["key"], row["actor"], None, is_run
            )
        self._briefs[name] = brief

    def _load_headers(self, names: Iterable[BundleId]) -> None:
        missing = [name for name in names if name not in self._headers]
        for row in self._tx.read_many("headers_of", "asked", missing):
            self._headers[row["id"]] = reread(row["header"], None, None).header
        for name in missing:
            self._headers.setdefault(name, None)

    def _load_answers(self, question: str, keys: Iterable[str]) -> None:
        by_key = self._answers.setdefault(question, {})
        missing = [about for about in keys if about not in by_key]
        by_key.update((about, []) for about in missing)
        for row in self._tx.read_many(question, "asked", missing):
            by_key[row["about"]].append(row["id"])

    def _load_words(self, pairs: Iterable[tuple[BundleId, str]]) -> None:
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._words]
        self._words.update((pair, []) for pair in missing)
        asked = [list(pair) for pair in missing if pair[0] not in self._unmentioned]
        for row in self._tx.read_many("words", "asked", asked):
            self._words[row["about"], row["author"]].append((row["verb"], row["id"]))

    def _names(self, question: str, about: str) -> Sequence[BundleId]:
        by_key = self._answers.setdefault(question, {})
        if about not in by_key:
            self._load_answers(question, [about])
        arrivals = self._arrived.get(question, {}).get(about)
        return [*arrivals, *by_key[about]] if arrivals else by_key[about]

    def trust_list(self) -> tuple[TrustEntry, ...]:
        """See `RuleFacts`."""
        return self._trust

    def header(self, name: BundleId) -> Header | None:
        """See `RuleFacts`."""
        if name not in self._headers:
            self._load_headers([name])
        return self._headers[name]

    def brief(self, name: BundleId) -> Brief | None:
        """See `RuleFacts`."""
        if name not in self._briefs:
            self.load([name])
        return self._briefs[name]

    def state(self, name: BundleId) -> State:
        """See `RuleFacts`."""
        if name not in self._states:
            self.load([name])
        return self._states[name]

    def statements_of(self, actor: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("speaking_as", actor)

    def followers_of(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("following", name)

    def ends_of(self, grant: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("ending", grant)

    def ends_with_head(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("ending_at", name)

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("answering", name)

    def words_on(self, name: BundleId, author: str) -> Sequence[tuple[str, BundleId]]:
        """See `RuleFacts`. Those that arrive now are told by who settles them."""
        if (name, author) not in self._words:
            self._load_words([(name, author)])
        return self._words[name, author]

    def vouchers(self, record: BundleId) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("vouching", record)

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """See `RuleFacts`."""
        return self._names("in_slot", slot_key(by, uri))

    def voices(self, key: str) -> frozenset[str]:
        """Return the authors for whom a key has a counting statement."""
        authors: list[str] = []
        while row := self._tx.read_one("voices", key=key, after=authors[-1] if authors else ""):
            authors.append(row["author"])
        return frozenset(authors)

    def heads(self, actor: str) -> Heads:
        """See `AppendView`. A stranger who claims a grant that was not made to its key is none of them."""
        grant = None if actor.startswith("ed25519:") else self.header(actor)
        key = grant.grants.key if grant and grant.grants else None
        rows = self._tx.run("heads", actor=actor, key=key)
        return Heads(
            tuple(row["id"] for row in rows), max((row["n"] for row in rows), default=-1) + 1
        )

    def own_heads(self, actor: str, own: Set[BundleId]) -> Heads:
        """See `AppendView`."""
        return Heads(*own_heads(self, self.heads(actor).heads, own))

    def standings(self, slots: Sequence[Slot]) -> Mapping[Slot, Standing]:
        """See `AppendView`."""
        keys = {slot: slot_key(slot.by, slot.uri) for slot in slots}
        self._load_answers("in_slot", keys.values())
        self.load(name for key in keys.values() for name in self._answers["in_slot"][key])
        living = {
            slot: name
            for slot, key in keys.items()
            for name in self._answers["in_slot"][key]
            if self._states[name].lives
        }
        self._load_headers(living.values())
        self._load_answers("vouching", living.values())
        self.load(run for name in living.values() for run in self._answers["vouching"][name])
        by_slot: dict[Slot, Standing] = {}
        for slot, name in living.items():
            rank = rank_of(self, name)
            if rank is not None:
                authors = {
                    self._authors[run]
                    for run in self._answers["vouching"][name]
                    if self._states[run].lives
                }
                by_slot[slot] = Standing(name, rank, frozenset(filter(None, authors)))
        return by_slot

    def upheld_records(self, records: Sequence[BundleId], author: str) -> frozenset[BundleId]:
        """See `AppendView`."""
        self.load(records)
        slots = {
            name: Slot(brief.by, brief.uri)
            for name in records
            if (brief := self._briefs[name]) and brief.uri is not None
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

    def denial(self, key: str, under: BundleId | None, right: Scope | None = None) -> Denial | None:
        """See `AppendView`."""
        return denial_of(self, key, under, right)

    def has_word_on(self, actor: str, name: BundleId) -> bool:
        """See `AppendView`."""
        return has_word_on(self, actor, name)
