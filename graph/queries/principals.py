"""Principals of a store: each author's root key, and the grants by which other keys speak for it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from graph.bundle.bundle import reread
from graph.errors import DamagedError, ForeignStoreError
from graph.model.model import BundleId, Header
from graph.rules.authorization import Denial, Obstacle, denial_of
from graph.rules.facts import (
    Authority,
    Brief,
    State,
    TrustEntry,
    authority_of,
    authors_of,
    brief_of,
)
from graph.store import GraphStore

_BATCH: Final = 500


class ActorState(StrEnum):
    """State of an actor: would its next statement count, and if not, why."""

    LIVING = "living"
    ENDED = "ended"
    NOT_COUNTING = "not counting"


@dataclass(frozen=True, slots=True)
class ActorGrant:
    """Grant that an actor speaks under: its id, scope and time; the key that signed it, `by` which agent.

    `under` is the grant that it was itself made under, if any; `depth` the number of grants that lead to it.
    """

    id: BundleId
    scope: str
    at: str | None
    granted_by: str
    by: str
    under: BundleId | None
    depth: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Key that speaks, for itself or under a grant.

    `ended_by` is the statement that ended it, or a grant above. `names` are the agents it spoke as; `statements`
    the number of its statements here, `counting` how many of them count; `heads` those that none of its
    others follows; `last` the time of its newest.
    """

    key: str
    grant: ActorGrant | None
    state: ActorState
    ended_by: BundleId | None
    names: tuple[str, ...]
    statements: int
    counting: int
    heads: tuple[BundleId, ...]
    last: str | None

    @property
    def id(self) -> str:
        """Id of the grant acted under, else the key."""
        return self.grant.id if self.grant else self.key


@dataclass(frozen=True, slots=True)
class PendingStatements:
    """Statements that wait for their grant, or claim one that was made to another key."""

    under: BundleId
    key: str
    statements: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Author: a root key, and the actors that speak for it under grants, each before those it granted."""

    own: Actor
    grants: tuple[Actor, ...]
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Principals:
    """Authors in the order of their keys, including those that are only trusted; and pending statements."""

    authors: tuple[Principal, ...]
    pending: tuple[PendingStatements, ...]

    def actors(self) -> Iterator[Actor]:
        """Yield every actor."""
        for author in self.authors:
            yield author.own
            yield from author.grants


def principals(store: GraphStore) -> Principals:
    """Return every author of statements in a store; the log is read once.

    Raises:
        ForeignStoreError: The store holds damaged bytes.
    """
    index = _StatementIndex()
    try:
        for raw in store.raw_bundles():
            if raw.signature is not None:
                header = reread(raw.header, None, raw.signature).header
                if header is not None:
                    index.add(raw.id, header)
    except DamagedError as error:
        raise ForeignStoreError(
            f"the log holds damaged bytes ({error}): `colineage verify` names all of them"
        ) from error
    names = list(index.headers)
    for start in range(0, len(names), _BATCH):
        for name, entry in store.bundles_by_id(names[start : start + _BATCH]).items():
            index.states[name] = State(entry.counts, entry.lives)
            index.authors[name] = entry.author
    return index.principals(authors_of(store.trust_list()))


@dataclass(slots=True)
class _StatementIndex:
    """Index of the headers of all statements; implements `graph.rules.facts.RuleFacts` for authorization alone."""

    headers: dict[BundleId, Header] = field(default_factory=dict)
    states: dict[BundleId, State] = field(default_factory=dict)
    authors: dict[BundleId, str | None] = field(default_factory=dict)
    _statements: dict[tuple[str, str], list[BundleId]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _ends: dict[str, list[BundleId]] = field(default_factory=lambda: defaultdict(list))
    _grants: dict[tuple[str, str], list[BundleId]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, name: BundleId, header: Header) -> None:
        actor, key = header.actor or "", header.key or ""
        self.headers[name] = replace(
            header, vouches=(), answers=()
        )  # a run names a thousand records
        self._statements[actor, key].append(name)
        if header.ends is not None:
            self._ends[header.ends.grant].append(name)
        if header.grants is not None:
            self._grants[actor, key].append(name)

    def principals(self, trusted: frozenset[str]) -> Principals:
        roots = {key for actor, key in self._statements if actor == key} | trusted
        waiting: Counter[tuple[str, str]] = Counter()
        for name, header in self.headers.items():
            if self.authors.get(name) is None and header.under is not None:
                waiting[header.under, header.key or ""] += 1
        return Principals(
            authors=tuple(
                Principal(self._actor(key, None), tuple(self._grants_below(key)), key in trusted)
                for key in sorted(roots)
            ),
            pending=tuple(
                PendingStatements(*claimant, number) for claimant, number in sorted(waiting.items())
            ),
        )

    def _grants_below(self, root: str) -> Iterator[Actor]:
        """Yield all grants below a root; they can't form a cycle, as each names the hash of the next."""
        waiting = self._grants_made_by(root, None, 1)
        while waiting:
            key, actor_grant = waiting.pop()
            yield self._actor(key, actor_grant)
            waiting += self._grants_made_by(key, actor_grant.id, actor_grant.depth + 1)

    def _grants_made_by(
        self, key: str, under: BundleId | None, depth: int
    ) -> list[tuple[str, ActorGrant]]:
        """Return the grants that an actor made, the last first."""
        grants = []
        for name in reversed(self._grants.get((under or key, key), [])):
            header = self.headers[name]
            if header.grants is not None:
                scope, by = header.grants.scope, header.by
                actor_grant = ActorGrant(name, scope, header.at, key, by, under, depth)
                grants.append((header.grants.key, actor_grant))
        return grants

    def _actor(self, key: str, actor_grant: ActorGrant | None) -> Actor:
        grant = actor_grant.id if actor_grant else None
        statements = self._statements.get((grant or key, key), [])
        denial = denial_of(self, key, grant)
        return Actor(
            key=key,
            grant=actor_grant,
            state=_state_of(denial),
            ended_by=denial.bundle if denial and denial.obstacle is Obstacle.ENDED else None,
            names=tuple(sorted({self.headers[name].by for name in statements})),
            statements=len(statements),
            counting=sum(self.state(name).counts for name in statements),
            heads=self._heads(statements),
            last=max((self.headers[name].at or "" for name in statements), default=None),
        )

    def _heads(self, statements: Sequence[BundleId]) -> tuple[BundleId, ...]:
        predecessors = {earlier for name in statements for earlier in self.headers[name].prev}
        return tuple(sorted(set(statements) - predecessors))

    # The facts that authorization looks up.

    def trust_list(self) -> Sequence[TrustEntry]:
        return ()

    def header(self, name: BundleId) -> Header | None:
        return self.headers.get(name)

    def brief(self, name: BundleId) -> Brief | None:
        header = self.headers.get(name)
        return brief_of(header) if header else None

    def state(self, name: BundleId) -> State:
        state = self.states.get(name, State())
        header = self.headers.get(name)
        if header is None or header.grants is None:
            return state
        authority = authority_of(self, name)
        decider = self._decider(name, authority) if authority else None
        return state._replace(decider=decider)

    def _decider(self, grant: BundleId, authority: Authority) -> str | None:
        """Return the most senior actor with a counting end of a grant."""
        enders = {
            self.headers[end].actor
            for end in self._ends.get(grant, ())
            if self.states.get(end, State()).counts
        }
        return next((actor for actor in authority.seniors if actor in enders), None)

    def statements_of(self, _actor: str) -> Sequence[BundleId]:
        return ()

    def followers_of(self, _name: BundleId) -> Sequence[BundleId]:
        return ()

    def ends_of(self, grant: BundleId) -> Sequence[BundleId]:
        return self._ends.get(grant, ())

    def ends_with_head(self, _name: BundleId) -> Sequence[BundleId]:
        return ()

    def answers_to(self, _name: BundleId) -> Sequence[BundleId]:
        return ()

    def words_on(self, _name: BundleId, _author: str) -> Sequence[tuple[str, BundleId]]:
        return ()

    def vouchers(self, _record: BundleId) -> Sequence[BundleId]:
        return ()

    def slot_records(self, _by: str, _uri: str) -> Sequence[BundleId]:
        return ()


def _state_of(denial: Denial | None) -> ActorState:
    """Return the state of an actor whose next statement is denied for this, or isn't."""
    if denial is None or denial.obstacle is Obstacle.NO_RIGHT:
        return ActorState.LIVING
    return ActorState.ENDED if denial.obstacle is Obstacle.ENDED else ActorState.NOT_COUNTING
