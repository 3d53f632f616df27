"""Settlement: decide which bundles count and which live, incrementally (docs/bundle.md, section 5, rules 4 to 7).

Of the records of a slot the greatest with a trusted voucher lives.
`settle` looks only at what the new bundles can have changed. Neither order, nor position, nor the
clock decides: after any order of arrival the result equals that of the naive oracle in the tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from graph.model.model import BundleId, Header
from graph.model.vocabulary import ENDING_VERBS, Scope

Rank: TypeAlias = tuple[str, int, str, BundleId]
"""`at`, mapping number, time of the latest voucher, id: the greatest of a slot wins."""


class Flags(NamedTuple):
    """State of a bundle: `counts`, its key spoke with authority; `lives`, its content is in the graph."""

    counts: bool
    lives: bool


class RuleFacts(Protocol):
    """Lookups that the rules need over the bundles in the store; an unknown bundle yields nothing."""

    def trusted_authors(self) -> frozenset[str]:
        """Return the trusted authors: records live by their runs."""
        ...

    def header(self, name: BundleId) -> Header | None:
        """Return the header of a bundle that is here and understood."""
        ...

    def at(self, name: BundleId) -> str:
        """Return the time stated by a bundle that is here, without reading its header where that is long."""
        ...

    def flags(self, name: BundleId) -> Flags:
        """Return the flags that the last settlement left."""
        ...

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """Return the statements that retract or supersede a bundle, here or not."""
        ...

    def vouchers(self, record: BundleId) -> Iterable[BundleId]:
        """Return the runs that vouch for a record, those that arrived just now first."""
        ...

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """Return the records of a slot."""
        ...

    def statements_of(self, actor: str) -> Sequence[BundleId]:
        """Return the statements of an actor."""
        ...

    def grant_ends(self, grant: BundleId) -> Sequence[BundleId]:
        """Return the statements that end a grant."""
        ...

    def resignations(self, actor: str) -> Sequence[BundleId]:
        """Return the statements by which an actor resigns."""
        ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """Result of settling: the new flags of each changed bundle, and the statements whose author became known."""

    flags: Mapping[BundleId, Flags]
    newly_attributed: frozenset[BundleId]


def settle(facts: RuleFacts, arrivals: Iterable[BundleId]) -> Settlement:
    """Settle what the arrival of these bundles changes; they are among `facts` already."""
    settling = _Settling(facts)
    for name in arrivals:
        settling.add_arrival(name)
    settling.run()
    return Settlement(settling.changed_flags(), frozenset(settling.newly_attributed))


def chain_of(facts: RuleFacts, name: BundleId) -> tuple[BundleId, ...] | None:
    """Return the grants that a statement speaks under, nearest first; `None` while one is missing."""
    grants: list[BundleId] = []
    header = facts.header(name)
    while header is not None and header.under is not None:
        grant = facts.header(header.under)
        if grant is None or grant.grants is None or grant.grants.key != header.key:
            return None
        grants.append(header.under)
        header = grant
    return tuple(grants) if header is not None and header.key is not None else None


def author_of(facts: RuleFacts, name: BundleId) -> str | None:
    """Return the root key above the chain of grants; the source of a record; `None` while a grant is missing."""
    header = facts.header(name)
    if header is None or header.key is None:
        return header.by if header else None
    chain = chain_of(facts, name)
    if chain is None:
        return None
    root = facts.header(chain[-1]) if chain else header
    return root.key if root else None


def rank_of(facts: RuleFacts, record: BundleId) -> Rank | None:
    """Return the rank of a record within its slot; `None` where no trusted run vouches for it."""
    return _Settling(facts).rank(record)


class _Settling:
    """Settlement in progress: flags as they change, and a work list of what is still to be judged."""

    def __init__(self, facts: RuleFacts) -> None:
        self._facts = facts
        self._before: dict[BundleId, Flags] = {}
        self._current: dict[BundleId, Flags] = {}
        self._work: list[BundleId] = []
        self._unrestricted: list[BundleId] = []
        self._actors: set[str] = set()
        self._reach: dict[tuple[str, tuple[BundleId, ...]], set[BundleId]] = {}
        self._slots: dict[tuple[str, str], None] = {}
        self._chains: dict[BundleId, tuple[BundleId, ...] | None] = {}
        self.newly_attributed: set[BundleId] = set()

    def changed_flags(self) -> dict[BundleId, Flags]:
        """Return the flags that differ from before."""
        return {name: now for name, now in self._current.items() if now != self._before[name]}

    def add_arrival(self, name: BundleId) -> None:
        """Queue what a new bundle can change."""
        header = self._facts.header(name)
        if header is None:
            return
        if header.source is not None:
            self._slots[header.by, header.source.uri] = None
            return
        self._work.append(name)
        self.newly_attributed.add(name)
        actor = header.actor or ""
        if self._facts.grant_ends(actor) or self._resignations(actor):
            self._actors.add(actor)
        else:
            self._unrestricted.append(name)
        if header.grants is not None:
            self._attribute_below(name)
        self._queue_juniors(name, header)

    def run(self) -> None:
        """Settle who counts, then which statements live, then which records do: no phase depends on a later one."""
        for name in self._unrestricted:
            self._settle_authority(name)
        while self._actors:
            actor = min(self._actors, key=self._depth)
            self._actors.remove(actor)
            for name in self._facts.statements_of(actor):
                self._settle_authority(name)
        for name in self._answerers_first():
            self._settle_life(name)
        for by, uri in self._slots:
            self._settle_slot(by, uri)

    def _depth(self, actor: str) -> tuple[int, str]:
        """Return the sort key that judges an actor after those above it: its depth below the root, its id."""
        chain = self._chain(actor) if actor.startswith("sha256:") else None
        return (0 if chain is None else 1 + len(chain), actor)

    def _answerers_first(self) -> list[BundleId]:
        """Return the statements that may have to change, each after all those that answer it.

        Answers name hashes, so they can't run in a circle; in this order each is looked at once,
        however they are tangled.
        """
        waiting: dict[BundleId, int] = dict.fromkeys(self._work, 0)
        todo = list(waiting)
        while todo:
            for target in self._ending_targets(todo.pop()):
                if target not in waiting:
                    waiting[target] = 0
                    todo.append(target)
                waiting[target] += 1
        ready = [name for name, count in waiting.items() if count == 0]
        for name in ready:
            for target in self._ending_targets(name):
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        return ready

    def _ending_targets(self, name: BundleId) -> list[BundleId]:
        """Return the statements that a statement retracts or supersedes; queue the slots of such records."""
        header = self._facts.header(name)
        targets: list[BundleId] = []
        for answer in header.answers if header else ():
            target = self._facts.header(answer.target) if answer.verb in ENDING_VERBS else None
            if target is not None and target.source is not None:
                self._slots[target.by, target.source.uri] = None
            elif target is not None and answer.target not in targets:
                targets.append(answer.target)
        return targets

    def _flags(self, name: BundleId) -> Flags:
        if name not in self._current:
            self._current[name] = self._before[name] = self._facts.flags(name)
        return self._current[name]

    def _set(self, name: BundleId, flags: Flags) -> None:
        self._flags(name)
        self._current[name] = flags

    # --- who speaks

    def _chain(self, name: BundleId) -> tuple[BundleId, ...] | None:
        if name not in self._chains:
            self._chains[name] = chain_of(self._facts, name)
        return self._chains[name]

    def _root(self, name: BundleId, header: Header) -> str | None:
        chain = self._chain(name)
        if chain is None:
            return None
        root = self._facts.header(chain[-1]) if chain else header
        return root.key if root else None

    def _seniors(self, name: BundleId) -> set[str]:
        grants = [self._facts.header(grant) for grant in self._chain(name) or ()]
        return {grant.actor for grant in grants if grant is not None and grant.actor is not None}

    def _attribute_below(self, grant: BundleId) -> None:
        """Attribute all statements that waited for a grant, and queue what they answer."""
        for name in self._facts.statements_of(grant):
            self._chains.pop(name, None)
            self.newly_attributed.add(name)
            self._work.append(name)
            header = self._facts.header(name)
            if header is not None and header.grants is not None:
                self._attribute_below(name)

    # --- who counts

    def _queue_juniors(self, name: BundleId, header: Header) -> None:
        """Queue the actors that a statement authorizes or ends, to be judged again."""
        if header.grants is not None:
            self._actors.add(name)
        if header.ends is not None and header.ends.grant is not None:
            self._actors.add(header.ends.grant)

    def _resignations(self, actor: str) -> list[BundleId]:
        """Return the resignations of an actor; a stranger's claim to its grant is none."""
        return [name for name in self._facts.resignations(actor) if self._chain(name) is not None]

    def _settle_authority(self, name: BundleId) -> None:
        header = self._facts.header(name)
        if header is None:
            return
        counts, flags = self._counts(name, header), self._flags(name)
        if counts == flags.counts:
            return
        self._set(name, Flags(counts, flags.lives))
        self._work.append(name)
        self._queue_juniors(name, header)

    def _counts(self, name: BundleId, header: Header) -> bool:
        if not self._is_upheld(name, header):
            return False
        actor = header.actor or ""
        for last in self._resignations(actor):
            resigned = self._facts.header(last)
            if resigned is None or not self._is_upheld(last, resigned):
                continue
            if name not in self._reachable(actor, (last,)):
                return False
        return True

    def _is_upheld(self, name: BundleId, header: Header) -> bool:
        """Return whether no senior actor ended the grant that a statement speaks under."""
        chain = self._chain(name)
        if chain is None:
            return False
        if not chain:
            return True
        if not self._flags(chain[0]).counts:
            return False
        seniors = self._seniors(name)
        for end in self._facts.grant_ends(chain[0]):
            ended = self._facts.header(end)
            if ended is None or ended.ends is None or not self._flags(end).counts:
                continue
            if ended.actor in seniors and name not in self._reachable(chain[0], ended.ends.heads):
                return False
        return True

    def _reachable(self, actor: str, heads: tuple[BundleId, ...]) -> set[BundleId]:
        """Return the statements reachable by `prev` from these heads without leaving the actor."""
        if (actor, heads) in self._reach:
            return self._reach[actor, heads]
        reachable = self._reach[actor, heads] = set[BundleId]()
        todo = list(heads)
        while todo:
            name = todo.pop()
            header = None if name in reachable else self._facts.header(name)
            if header is None or header.actor != actor:
                continue
            reachable.add(name)
            todo += header.prev
        return reachable

    # --- who lives

    def _may_end(self, name: BundleId, target: BundleId) -> bool:
        """Return whether a statement has authority over another: same author, and not from below."""
        ending, ended = self._facts.header(name), self._facts.header(target)
        if ending is None or ended is None or ending.key is None or ended.key is None:
            return False
        root = self._root(name, ending)
        if root is None or root != self._root(target, ended):
            return False
        if ending.actor == ended.actor or ending.actor in self._seniors(target):
            return True
        # A key that may only speak can't let itself act: every grant up to the root says act.
        grants = [self._facts.header(grant) for grant in self._chain(name) or ()]
        return bool(grants) and all(
            grant is not None and grant.grants is not None and grant.grants.scope is Scope.ACT
            for grant in grants
        )

    def _is_ended(self, name: BundleId, by_authority_over: BundleId) -> bool:
        return any(
            self._flags(other).lives and self._may_end(other, by_authority_over)
            for other in self._facts.answers_to(name)
        )

    def _settle_life(self, name: BundleId) -> None:
        header = self._facts.header(name)
        if header is None:
            return
        flags = self._flags(name)
        lasting = header.grants is not None or header.ends is not None
        lives = flags.counts and (lasting or not self._is_ended(name, name))
        if lives == flags.lives:
            return
        self._set(name, Flags(flags.counts, lives))
        for record in header.vouches:
            vouched = self._facts.header(record)
            if vouched is not None and vouched.source is not None:
                self._slots[vouched.by, vouched.source.uri] = None

    def _settle_slot(self, by: str, uri: str) -> None:
        """Choose the winner of a slot: the greatest by `at`, mapping, latest voucher, id."""
        members = self._facts.slot_records(by, uri)
        if len(members) == 1:  # without a rival it has no need of a rank: any voucher will do
            (name,) = members
            vouched = any(self._voucher_time(run, name) for run in self._facts.vouchers(name))
            self._set(name, Flags(counts=True, lives=vouched))
            return
        ranked = [rank for name in members if (rank := self.rank(name)) is not None]
        winner = max(ranked)[-1] if ranked else None
        for name in members:
            self._set(name, Flags(counts=True, lives=name == winner))

    def rank(self, name: BundleId) -> Rank | None:
        """See `rank_of`."""
        header = self._facts.header(name)
        if header is None or header.source is None:
            return None
        # A category has a voucher in each page ever read, whose headers are long: the latest one tells.
        runs = sorted(self._facts.vouchers(name), key=self._facts.at, reverse=True)
        latest = next((at for run in runs if (at := self._voucher_time(run, name))), None)
        if latest is None:
            return None
        return header.at or "", header.source.mapping_number, latest, name

    def _voucher_time(self, run: BundleId, record: BundleId) -> str | None:
        """Return when a run vouched for a record, `None` where that does not hold."""
        header = self._facts.header(run)
        if header is None or not self._flags(run).lives:
            return None
        if self._root(run, header) not in self._facts.trusted_authors() or self._is_ended(
            record, run
        ):
            return None
        return header.at
