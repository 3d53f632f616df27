"""Records: who vouches for them, which one of a slot lives, which are erased (docs/bundle.md, section 5, rule 7)."""

from collections import defaultdict
from typing import TypeAlias

from graph.model.model import BundleId
from graph.model.vocabulary import Scope, Verb
from graph.rules.facts import Authority, Brief, RuleFacts, may_end, place_of
from graph.rules.ledger import Ledger
from graph.rules.words import ERASING_VERBS, Standing, standing_of

Rank: TypeAlias = tuple[str, int, str, BundleId]
"""`at`, mapping number, time of the latest voucher (only where there is no `at`), id: the greatest of a slot wins."""

_Word: TypeAlias = tuple[int, Authority, Standing, str]
"""Place of who says it, the authority it is said with, its standing, its verb."""


def rank_of(facts: RuleFacts, record: BundleId) -> Rank | None:
    """Return the rank of a record within its slot; `None` where nobody trusted vouches for it."""
    return Slots(Ledger(facts)).rank(record)


class Slots:
    """Slots to settle: those of new records, and those whose vouchers or words changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._facts = ledger.facts
        self._slots: dict[tuple[str, str], None] = {}
        self._new_vouchers: dict[BundleId, list[BundleId]] = defaultdict(list)
        self._reviewed: set[BundleId] = set()
        self._words: dict[BundleId, list[_Word]] = {}

    def add_record(self, name: BundleId) -> None:
        """Settle the slot of a record that arrived: runs that were here before may vouch for it."""
        self._reviewed.add(name)
        self._touch(name)

    def add_statement(self, name: BundleId) -> None:
        """Settle what a statement that began or ceased to count or to live vouches for, or answers."""
        header = self._ledger.header(name)
        if header is None:
            return
        before, now = self._ledger.before(name), self._ledger.state(name)
        for answer in header.answers if before.counts != now.counts else ():
            self._reviewed.add(answer.target)
            self._touch(answer.target)
        for record in header.vouches if before.lives != now.lives else ():
            if now.lives:
                self._new_vouchers[record].append(name)
            else:
                self._reviewed.add(record)
            self._touch(record)

    def _touch(self, name: BundleId) -> None:
        brief = self._ledger.brief(name)
        if brief is not None and brief.uri is not None:
            self._slots[brief.by, brief.uri] = None

    def settle(self) -> None:
        """Settle each slot: the places of its records, the winner, and what is erased."""
        for by, uri in self._slots:
            members = self._facts.slot_records(by, uri)
            places = {name: self._place(name) for name in members}
            vouched = [name for name in members if places[name] is not None]
            ranks = [self.rank(name) for name in vouched] if len(vouched) > 1 else []
            winner = max(filter(None, ranks))[-1] if ranks else next(iter(vouched), None)
            for name in members:
                self._ledger.change(
                    name,
                    counts=True,
                    lives=name == winner,
                    place=places[name],
                    erased=places[name] is None and self._is_erased(name),
                )

    def rank(self, name: BundleId) -> Rank | None:
        """See `rank_of`."""
        brief, header = self._ledger.brief(name), self._ledger.header(name)
        if brief is None or header is None or header.source is None:
            return None
        latest = ""
        if not brief.at:
            # A category has a voucher in each page ever read: the latest one tells.
            runs = sorted(self._facts.vouchers(name), key=self._at, reverse=True)
            run = next((run for run in runs if self._place_of_voucher(name, run) is not None), None)
            if run is None:
                return None
            latest = self._at(run)
        return brief.at, header.source.mapping_number, latest, name

    def _at(self, name: BundleId) -> str:
        brief = self._ledger.brief(name)
        return brief.at if brief else ""

    def _place(self, name: BundleId) -> int | None:
        """Return the earliest place of a record's vouchers; new ones are compared with the place that it had."""
        best = None if name in self._reviewed else self._ledger.state(name).place
        runs = self._facts.vouchers(name) if name in self._reviewed else self._new_vouchers[name]
        for run in runs:
            if best == 0:
                break
            place = self._place_of_voucher(name, run)
            if place is not None and (best is None or place < best):
                best = place
        return best

    def _place_of_voucher(self, record: BundleId, run: BundleId) -> int | None:
        """Return the place of a run that vouches for a record, `None` where it has none or a word is against it."""
        source, authority = self._ledger.brief(record), self._ledger.authority(run)
        if source is None or authority is None or Scope.HARVEST not in authority.rights:
            return None
        if not self._ledger.state(run).lives:
            return None
        place = place_of(self._ledger.trust, authority.root, source.by)
        return None if place is None or self._is_out(record, source, authority, place) else place

    def _is_out(self, record: BundleId, source: Brief, voucher: Authority, place: int) -> bool:
        """Return whether the highest word on a record, of those that reach as far as its voucher, ends it."""
        words = [
            (-word_place, standing, verb)
            for word_place, authority, standing, verb in self._words_on(record, source)
            if word_place <= place
            and (may_end(authority, voucher) if authority.root == voucher.root else authority.acts)
        ]
        return bool(words) and max(words)[-1] != Verb.RESTORES

    def _is_erased(self, record: BundleId) -> bool:
        """Return whether a record that nobody vouches for is erased."""
        source = self._ledger.brief(record)
        words = [
            (-place, standing, verb)
            for place, authority, standing, verb in (
                self._words_on(record, source) if source else ()
            )
            if verb in ERASING_VERBS and authority.acts
        ]
        return bool(words) and max(words)[-1] == Verb.ERASES

    def _words_on(self, record: BundleId, source: Brief) -> list[_Word]:
        """Return the words on a record by authors with a place for its source."""
        if record not in self._words:
            words: dict[tuple[str, BundleId], _Word] = {}
            for author in dict.fromkeys(entry.author for entry in self._ledger.trust):
                place = place_of(self._ledger.trust, author, source.by)
                if place is None:
                    continue
                for verb, name in self._ledger.words_on(record, author):
                    authority = self._ledger.authority(name)
                    if authority and authority.root == author and self._ledger.state(name).counts:
                        standing = standing_of(self._ledger, name, authority)
                        words[verb, name] = place, authority, standing, verb
            self._words[record] = list(words.values())
        return self._words[record]
