"""Counting: which statements speak with authority (docs/bundle.md, section 5, rules 3 to 5).

An end of a grant covers all that was said below it. Which of that the deciding ends keep is noted in each statement, a
bit for each grant above it, so that an arrival looks at its neighbours along `prev` and at no history.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush

from graph.model.model import BundleId, End, Header
from graph.model.vocabulary import Scope
from graph.rules.facts import Authority, Brief, is_fit
from graph.rules.ledger import Ledger
from graph.rules.names import may_speak


class Counting:
    """Counting in progress: statements wait to be judged, those with the fewest grants above them first."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._facts = ledger.facts
        self._heap: list[tuple[int, BundleId]] = []
        self._queued: set[BundleId] = set()
        self._judged: set[BundleId] = set()
        self.attributed: dict[BundleId, None] = {}

    def settle(self, arrivals: Iterable[BundleId]) -> None:
        """Judge what the arrival of these statements can have changed."""
        self._attribute(arrivals)
        self._place()
        while self._heap:
            _, name = heappop(self._heap)
            self._queued.discard(name)
            self._judge(name)

    def flips(self) -> set[BundleId]:
        """Return the statements that began or ceased to count."""
        return {
            name
            for name in self._judged
            if self._ledger.state(name).counts != self._ledger.before(name).counts
        }

    # --- who speaks

    def _attribute(self, arrivals: Iterable[BundleId]) -> None:
        """Find the statements whose author is known only now: arrivals, and what waited for a grant among them."""
        todo = list(arrivals)
        while todo:
            name = todo.pop()
            header = self._ledger.header(name)
            if header is None or name in self.attributed or self._ledger.authority(name) is None:
                continue
            self.attributed[name] = None
            self._ledger.add_words(name, header)
            if header.grants is not None:
                todo += self._facts.statements_of(name)

    # --- what ends keep

    def _place(self) -> None:
        """Note of each newly attributed statement which ends above keep it, and queue it."""
        for name in self.attributed:
            authority = self._ledger.authority_of_actor(name) if self._facts.ends_of(name) else None
            if authority is not None:
                self._ledger.change(name, decider=self._decider(name, authority))
        ended = [place for name in self.attributed for place in self._cut_unless_named(name)]
        for name, authority, level in ended:
            if self._is_cut(name, level) and self._is_followed(name, authority, level):
                self._set_bit(name, level, is_cut=False)
            if not self._is_cut(name, level):
                self._spread([name], level)
        for name in self.attributed:
            self._queue(name)
            brief = self._ledger.brief(name)
            for answer in self._facts.answers_to(name) if brief and brief.is_run else ():
                self._queue(answer)

    def _cut_unless_named(self, name: BundleId) -> Iterator[tuple[BundleId, Authority, int]]:
        """Cut a statement at each ended grant above whose deciding ends don't name it; yield these grants' levels."""
        authority = self._authority(name)
        for level, grant in enumerate(authority.grants):
            decider = self._ledger.state(grant).decider
            if decider is not None:
                self._set_bit(name, level, is_cut=not self._is_head(name, grant, decider))
                yield name, authority, level

    def _is_head(self, name: BundleId, grant: BundleId, decider: str) -> bool:
        """Return whether a deciding end of the grant names a statement among its heads."""
        return any(
            self._grant_ended_by(end) == grant and self._decides(end, decider)
            for end in self._facts.ends_with_head(name)
        )

    def _is_followed(self, name: BundleId, authority: Authority, level: int) -> bool:
        """Return whether a statement of the same actor that is kept follows this one."""
        return any(
            follower not in self.attributed
            and self._is_of(follower, authority.actor)
            and not self._is_cut(follower, level)
            for follower in self._facts.followers_of(name)
        )

    def _is_of(self, name: BundleId, actor: str) -> bool:
        brief = self._ledger.brief(name)
        return brief is not None and brief.actor == actor and is_fit(self._facts, brief)

    def _decides(self, end: BundleId, decider: str) -> bool:
        brief = self._ledger.brief(end)
        return brief is not None and brief.actor == decider and self._ledger.state(end).counts

    def _grant_ended_by(self, end: BundleId) -> BundleId | None:
        header = self._ledger.header(end)
        return header.ends.grant if header and header.ends else None

    def _decider(self, grant: BundleId, authority: Authority) -> str | None:
        """Return the most senior actor above a grant that has a counting end of it; `authority` is that of the grant."""
        enders = {
            brief.actor
            for end in self._facts.ends_of(grant)
            if self._ledger.state(end).counts and (brief := self._ledger.brief(end))
        }
        return next((actor for actor in authority.seniors if actor in enders), None)

    def _spread(self, names: Iterable[BundleId], level: int) -> None:
        """Keep what kept statements follow, along `prev`, without leaving the actor."""
        todo = list(names)
        while todo:
            name = todo.pop()
            header, brief = self._ledger.header(name), self._ledger.brief(name)
            for earlier in header.prev if header else ():
                if brief is not None and self._is_of(earlier, brief.actor):
                    todo += self._keep(earlier, level)

    def _keep(self, name: BundleId, level: int) -> list[BundleId]:
        if not self._is_cut(name, level):
            return []
        self._set_bit(name, level, is_cut=False)
        self._queue(name)
        return [name]

    def _is_cut(self, name: BundleId, level: int) -> bool:
        return bool(self._ledger.state(name).cut >> level & 1)

    def _set_bit(self, name: BundleId, level: int, *, is_cut: bool) -> None:
        cut = self._ledger.state(name).cut & ~(1 << level)
        self._ledger.change(name, cut=cut | is_cut << level)

    def _renew(self, grant: BundleId, authority: Authority, decider: str | None) -> None:
        """Note again, of all below a grant, what the ends of its new decider keep."""
        level = len(authority.grants) - 1
        self._ledger.change(grant, decider=decider)
        for name in self._below(grant):
            self._set_bit(name, level, is_cut=decider is not None)
            self._queue(name)
        if decider is not None:
            for end in self._facts.ends_of(grant):
                header = self._ledger.header(end)
                if header and header.ends and self._decides(end, decider):
                    self._keep_heads(header.ends, level)

    def _keep_heads(self, end: End, level: int) -> None:
        for head in end.heads:
            authority = self._ledger.authority(head)
            if authority and len(authority.grants) > level and authority.grants[level] == end.grant:
                self._spread(self._keep(head, level), level)

    def _below(self, grant: BundleId) -> Iterator[BundleId]:
        """Yield the statements under a grant, and under the grants made there."""
        todo = [grant]
        while todo:
            for name in self._facts.statements_of(todo.pop()):
                if self._ledger.authority(name) is not None:
                    yield name
                    if self._grants(name):
                        todo.append(name)

    # --- who counts

    def _queue(self, name: BundleId) -> None:
        authority = self._ledger.authority(name)
        if authority is not None and name not in self._queued:
            self._queued.add(name)
            heappush(self._heap, (len(authority.grants), name))

    def _authority(self, name: BundleId) -> Authority:
        authority = self._ledger.authority(name)
        if authority is None:
            raise LookupError(f"expected a statement with an author, got {name}")
        return authority

    def _judge(self, name: BundleId) -> None:
        brief = self._ledger.brief(name)
        if brief is None:
            return
        self._judged.add(name)
        counts = self._counts(name, brief, self._authority(name))
        if counts == self._ledger.state(name).counts:
            return
        self._ledger.change(name, counts=counts)
        header = None if brief.is_run else self._ledger.header(name)
        if header is not None and header.grants is not None:
            for below in self._facts.statements_of(name):
                self._queue(below)
        if header is not None and header.ends is not None:
            self._weigh_end(brief.actor, header.ends, counts=counts)

    def _counts(self, name: BundleId, brief: Brief, authority: Authority) -> bool:
        return (
            may_speak(brief.by, authority.root, brief.key or "")
            and not self._ledger.state(name).cut
            and (not authority.grants or self._ledger.state(brief.actor).counts)
            and (Scope.SAY in authority.rights or self._may_harvest(name, brief, authority))
        )

    def _may_harvest(self, name: BundleId, brief: Brief, authority: Authority) -> bool:
        """Return whether a statement is a run, or answers runs, and does nothing else, with the right to do so."""
        if Scope.HARVEST not in authority.rights:
            return False
        header = self._ledger.header(name)
        if header is None or not (brief.is_run or (header.answers and not header.mints)):
            return False
        return all(self._is_own_run(answer.target, brief.actor) for answer in header.answers)

    def _is_own_run(self, name: BundleId, actor: str) -> bool:
        brief = self._ledger.brief(name)
        return brief is not None and brief.is_run and self._is_of(name, actor)

    def _weigh_end(self, actor: str, end: End, *, counts: bool) -> None:
        """Weigh an end that began or ceased to count against those of the same grant."""
        authority = self._ledger.authority_of_actor(end.grant)
        if authority is None or actor not in authority.seniors:
            return
        decider = self._ledger.state(end.grant).decider
        if not counts:
            if actor == decider:
                self._renew(end.grant, authority, self._decider(end.grant, authority))
        elif actor == decider:
            self._keep_heads(end, len(authority.grants) - 1)
        elif decider is None or _is_before(actor, decider, authority.seniors):
            self._renew(end.grant, authority, actor)

    def _grants(self, name: BundleId) -> bool:
        brief = self._ledger.brief(name)
        header: Header | None = None if brief is None or brief.is_run else self._ledger.header(name)
        return header is not None and header.grants is not None


def _is_before(actor: str, other: str, order: Sequence[str]) -> bool:
    return order.index(actor) < order.index(other)
