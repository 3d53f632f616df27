"""Principals of a store: each author's root key, and the grants by which other keys speak for it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from graph.bundle.bundle import reread
from graph.errors import DamagedError, ForeignStoreError
from graph.model.model import BundleId, Header
from graph.model.vocabulary import Scope
from graph.rules.authorization import Obstacle, silence_of
from graph.rules.settlement import Flags
from graph.store import GraphStore

_AT_ONCE: Final = 500


class State(StrEnum):
    """State of an actor: would its next statement count, and if not, why."""

    LIVING = "living"
    ENDED = "ended"
    RESIGNED = "resigned"
    NOT_COUNTING = "not counting"


@dataclass(frozen=True, slots=True)
class Granted:
    """Grant that an actor speaks under: its id, scope and time; the key that signed it, `by` which agent.

    `under` is the grant that it was itself made under, if any; `depth` the number of grants that lead to it.
    """

    id: BundleId
    scope: Scope
    at: str | None
    granted_by: str
    by: str
    under: BundleId | None
    depth: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Key that speaks, for itself or under a grant.

    `ended_by` is the statement that ended or resigned it. `names` are the agents it spoke as; `statements`
    the number of its statements here, `counting` how many of them count; `heads` those that none of its
    others follows; `last` the time of its newest.
    """

    key: str
    granted: Granted | None
    state: State
    ended_by: BundleId | None
    names: tuple[str, ...]
    statements: int
    counting: int
    heads: tuple[BundleId, ...]
    last: str | None

    @property
    def id(self) -> str:
        """Id of the grant acted under, else the key."""
        return self.granted.id if self.granted else self.key


@dataclass(frozen=True, slots=True)
class Pending:
    """Statements that wait for their grant, or claim one that was made to another key."""

    under: BundleId
    key: str
    statements: int


@dataclass(frozen=True, slots=True)
class Author:
    """Author: a root key, and the actors that speak for it under grants, each before those it granted."""

    own: Actor
    grants: tuple[Actor, ...]
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Speakers:
    """Authors in the order of their keys, including those that are only trusted; and pending statements."""

    authors: tuple[Author, ...]
    pending: tuple[Pending, ...]

    def actors(self) -> Iterator[Actor]:
        """Yield every actor."""
        for author in self.authors:
            yield author.own
            yield from author.grants


def speakers(store: GraphStore) -> Speakers:
    """Return every author of statements in a store; the log is read once.

    Raises:
        ForeignStoreError: The store holds damaged bytes.
    """
    told = _Told()
    try:
        for raw in store.raw():
            if raw.signature is not None:
                header = reread(raw.header, None, raw.signature).header
                if header is not None:
                    told.add(raw.id, header)
    except DamagedError as error:
        raise ForeignStoreError(
            f"the log holds damaged bytes ({error}): `colineage verify` names all of them"
        ) from error
    names = list(told.headers)
    for start in range(0, len(names), _AT_ONCE):
        for name, stored in store.stored(names[start : start + _AT_ONCE]).items():
            told.settled[name] = Flags(stored.counts, stored.lives)
            told.authors[name] = stored.author
    return told.speakers(store.trusted())


@dataclass(slots=True)
class _Told:
    """Index of the headers of all statements; implements `graph.rules.settlement.RuleFacts` for authorization alone."""

    headers: dict[BundleId, Header] = field(default_factory=dict)
    settled: dict[BundleId, Flags] = field(default_factory=dict)
    authors: dict[BundleId, str | None] = field(default_factory=dict)
    _said: dict[tuple[str, str], list[BundleId]] = field(default_factory=lambda: defaultdict(list))
    _ends: dict[str, list[BundleId]] = field(default_factory=lambda: defaultdict(list))
    _grants: dict[tuple[str, str], list[BundleId]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, name: BundleId, header: Header) -> None:
        actor, key = header.actor or "", header.key or ""
        self.headers[name] = replace(
            header, vouches=(), answers=()
        )  # a run names a thousand records
        self._said[actor, key].append(name)
        if header.ends is not None:
            self._ends[header.ends.grant or f"self {actor}"].append(name)
        if header.grants is not None:
            self._grants[actor, key].append(name)

    def speakers(self, trusted: frozenset[str]) -> Speakers:
        roots = {key for actor, key in self._said if actor == key} | trusted
        waiting: Counter[tuple[str, str]] = Counter()
        for name, header in self.headers.items():
            if self.authors.get(name) is None and header.under is not None:
                waiting[header.under, header.key or ""] += 1
        return Speakers(
            authors=tuple(
                Author(self._actor(key, None), tuple(self._granted(key)), key in trusted)
                for key in sorted(roots)
            ),
            pending=tuple(Pending(*who, number) for who, number in sorted(waiting.items())),
        )

    def _granted(self, root: str) -> Iterator[Actor]:
        """Yield all grants below a root; they can't form a cycle, as each names the hash of the next."""
        waiting = self._made_by(root, None, 1)
        while waiting:
            key, granted = waiting.pop()
            yield self._actor(key, granted)
            waiting += self._made_by(key, granted.id, granted.depth + 1)

    def _made_by(self, key: str, under: BundleId | None, depth: int) -> list[tuple[str, Granted]]:
        """Return the grants that an actor made, the last first."""
        found = []
        for name in reversed(self._grants.get((under or key, key), [])):
            header = self.headers[name]
            if header.grants is not None:
                scope, by = header.grants.scope, header.by
                granted = Granted(name, scope, header.at, key, by, under, depth)
                found.append((header.grants.key, granted))
        return found

    def _actor(self, key: str, granted: Granted | None) -> Actor:
        grant = granted.id if granted else None
        said = self._said.get((grant or key, key), [])
        silence = silence_of(self, key, grant)
        states = {Obstacle.ENDED: State.ENDED, Obstacle.RESIGNED: State.RESIGNED}
        return Actor(
            key=key,
            granted=granted,
            state=states.get(silence.obstacle, State.NOT_COUNTING) if silence else State.LIVING,
            ended_by=silence.bundle if silence and silence.obstacle in states else None,
            names=tuple(sorted({self.headers[name].by for name in said})),
            statements=len(said),
            counting=sum(self.flags(name).counts for name in said),
            heads=self._heads(said),
            last=max((self.headers[name].at or "" for name in said), default=None),
        )

    def _heads(self, said: Sequence[BundleId]) -> tuple[BundleId, ...]:
        followed = {earlier for name in said for earlier in self.headers[name].prev}
        return tuple(sorted(set(said) - followed))

    # The facts that authorization looks up.

    def trusted(self) -> frozenset[str]:
        return frozenset()

    def header(self, name: BundleId) -> Header | None:
        return self.headers.get(name)

    def at(self, name: BundleId) -> str:
        return (name in self.headers and self.headers[name].at) or ""

    def flags(self, name: BundleId) -> Flags:
        return self.settled.get(name, Flags(counts=False, lives=False))

    def answering(self, _name: BundleId) -> Sequence[BundleId]:
        return ()

    def vouching(self, _record: BundleId) -> Sequence[BundleId]:
        return ()

    def in_slot(self, _by: str, _uri: str) -> Sequence[BundleId]:
        return ()

    def speaking_as(self, _actor: str) -> Sequence[BundleId]:
        return ()

    def ending(self, grant: BundleId) -> Sequence[BundleId]:
        return self._ends.get(grant, ())

    def resigning(self, actor: str) -> Sequence[BundleId]:
        return self._ends.get(f"self {actor}", ())
