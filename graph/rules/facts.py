"""Facts that the rules look up, and the authority of who speaks (docs/bundle.md, section 5, rules 3 and 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from graph.model.model import BundleId, Header
from graph.model.vocabulary import Scope

MAX_GRANTS: Final = 8
"""Most grants above a statement: with more it has no author."""


class State(NamedTuple):
    """State of a bundle as the rules left it.

    `counts`: it speaks with authority (always true of a record). `lives`: what it says is in the graph. `erased`: its
    body is dropped, and not taken in again. `cut`: of a statement, the grants above it whose ends don't keep it, a bit
    each, the topmost the lowest. `decider`: of a grant, the actor whose ends of it decide. `place`: of a record, the
    earliest place in the trust list of those who vouch for it, `None` where nobody does.
    """

    counts: bool = False
    lives: bool = False
    erased: bool = False
    cut: int = 0
    decider: str | None = None
    place: int | None = None


class Brief(NamedTuple):
    """Part of a header that the rules look up without reading it: a run's names a thousand records.

    `at` is empty where there is none. Of a record `key` is `None`, and `actor` its source; `uri` is a record's subject.
    """

    by: str
    at: str
    n: int
    key: str | None
    actor: str
    uri: str | None
    is_run: bool


def brief_of(header: Header) -> Brief:
    """Return the brief of a header."""
    uri = header.source.uri if header.source else None
    actor = header.actor or header.by
    return Brief(header.by, header.at or "", header.n, header.key, actor, uri, header.is_run)


class TrustEntry(NamedTuple):
    """Author whom a store trusts: to vouch for these sources, or (`None`) for all, and in what it says itself."""

    author: str
    sources: frozenset[str] | None = None


class RuleFacts(Protocol):
    """Lookups over the bundles in the store; of one that is not here, not understood or waiting there is nothing."""

    def trust_list(self) -> Sequence[TrustEntry]:
        """Return whom the store trusts, in order."""
        ...

    def header(self, name: BundleId) -> Header | None:
        """Return the header of a bundle."""
        ...

    def brief(self, name: BundleId) -> Brief | None:
        """Return the brief of a bundle."""
        ...

    def state(self, name: BundleId) -> State:
        """Return the state that the last settlement left."""
        ...

    def statements_of(self, actor: str) -> Sequence[BundleId]:
        """Return the statements that claim an actor, a key or a grant."""
        ...

    def followers_of(self, name: BundleId) -> Sequence[BundleId]:
        """Return the statements that name a bundle in `prev`."""
        ...

    def ends_of(self, grant: BundleId) -> Sequence[BundleId]:
        """Return the statements that end a grant."""
        ...

    def ends_with_head(self, name: BundleId) -> Sequence[BundleId]:
        """Return the ends that name a bundle among their heads."""
        ...

    def answers_to(self, name: BundleId) -> Sequence[BundleId]:
        """Return the statements that answer a bundle, whatever the verb."""
        ...

    def words_on(self, name: BundleId, author: str) -> Sequence[tuple[str, BundleId]]:
        """Return the answers with an effect to a bundle by an author as far as the store knows authors: verb and statement."""
        ...

    def vouchers(self, record: BundleId) -> Iterable[BundleId]:
        """Return the runs that vouch for a record."""
        ...

    def slot_records(self, by: str, uri: str) -> Sequence[BundleId]:
        """Return the records of a slot."""
        ...


_RIGHTS: Final = {
    Scope.SAY: frozenset({Scope.SAY}),
    Scope.HARVEST: frozenset({Scope.HARVEST}),
    Scope.ACT: frozenset(Scope),
}
ALL_RIGHTS: Final = frozenset(Scope)
"""Rights of a root."""
_NONE: Final[frozenset[Scope]] = frozenset()


@dataclass(frozen=True, slots=True)
class Authority:
    """Authority of an actor: the root key, the grants above what it says (the topmost first), and its rights.

    A right is a scope: to say, to vouch and answer own runs, to act for the author. A root has all.
    """

    root: str
    grants: tuple[BundleId, ...] = ()
    rights: frozenset[Scope] = ALL_RIGHTS

    @property
    def seniors(self) -> tuple[str, ...]:
        """Actors above it, the root first."""
        return (self.root, *self.grants[:-1]) if self.grants else ()

    @property
    def actor(self) -> str:
        """Actor itself: the grant that is spoken under, else the root key."""
        return self.grants[-1] if self.grants else self.root

    @property
    def acts(self) -> bool:
        """Whether it may act for the author."""
        return Scope.ACT in self.rights


def rights_of(scope: str) -> frozenset[Scope]:
    """Return the rights that a grant of this scope gives; an unknown one gives none."""
    return _RIGHTS.get(scope, _NONE)  # type: ignore[call-overload,no-any-return]


def authority_of(facts: RuleFacts, actor: str) -> Authority | None:
    """Return the authority of an actor; `None` while a grant above is missing or misfits, or there are too many."""
    grants: list[BundleId] = []
    rights = ALL_RIGHTS
    if not actor.startswith("sha256:"):
        return Authority(actor)
    name, key = actor, None
    while True:
        grant = facts.header(name)
        if grant is None or grant.grants is None or len(grants) == MAX_GRANTS:
            return None
        if key is not None and grant.grants.key != key:
            return None
        grants.append(name)
        rights &= rights_of(grant.grants.scope)
        if grant.under is None:
            return Authority(grant.key or "", tuple(reversed(grants)), rights)
        name, key = grant.under, grant.key


def is_fit(facts: RuleFacts, brief: Brief) -> bool:
    """Return whether a statement speaks for itself, or under a grant that is here and was made to its key."""
    if brief.key is None or not brief.actor.startswith("sha256:"):
        return brief.key is not None
    grant = facts.header(brief.actor)
    return grant is not None and grant.grants is not None and grant.grants.key == brief.key


def author_of(facts: RuleFacts, name: BundleId) -> str | None:
    """Return the root key above all grants; the source of a record; `None` of a statement that is pending."""
    brief = facts.brief(name)
    if brief is None or brief.key is None:
        return brief.by if brief else None
    authority = authority_of(facts, brief.actor) if is_fit(facts, brief) else None
    return authority.root if authority else None


def may_end(ending: Authority, ended: Authority) -> bool:
    """Return whether what the one says may end what the other says (docs/bundle.md, section 5, rule 6)."""
    if ending.root != ended.root:
        return False
    if ending.actor == ended.actor or ending.actor in ended.seniors:
        return True
    return ending.acts and ended.actor not in ending.seniors


def authors_of(trust: Iterable[TrustEntry]) -> frozenset[str]:
    """Return all whom a trust list names."""
    return frozenset(entry.author for entry in trust)


def with_author(trust: Sequence[TrustEntry], author: str) -> tuple[TrustEntry, ...]:
    """Return a trust list with an author behind the others, for all sources; as it is where it names the author for all."""
    entry = TrustEntry(author)
    return tuple(trust) if entry in trust else (*trust, entry)


def place_of(trust: Sequence[TrustEntry], author: str, source: str) -> int | None:
    """Return the author's place for a source: of the first entry that fits; `None` where there is none."""
    for place, entry in enumerate(trust):
        if entry.author == author and (entry.sources is None or source in entry.sources):
            return place
    return None
