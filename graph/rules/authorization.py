"""Authorization: may a key speak, alone or under a grant, so that its next statement counts (docs/bundle.md, section 5, rules 4 and 5)."""

from enum import StrEnum
from typing import NamedTuple

from graph.model.model import BundleId, Header
from graph.rules.settlement import RuleFacts, chain_of


class Obstacle(StrEnum):
    """Reason why a key has no authority to speak."""

    NOT_HERE = "the grant is not here"
    NO_GRANT = "the bundle grants nothing"
    OTHER_KEY = "the grant was made to another key"
    INCOMPLETE = "a grant above it is not here"
    NOT_COUNTING = "the grant does not count"
    ENDED = "the grant was ended"
    RESIGNED = "the actor resigned"


class Denial(NamedTuple):
    """Denial of authorization: the obstacle, and the bundle that causes it."""

    obstacle: Obstacle
    bundle: BundleId


def denial_of(facts: RuleFacts, key: str, under: BundleId | None) -> Denial | None:
    """Return why a new statement of this key, under this grant, would not count; `None` where it would.

    An end and a resignation let only earlier statements count, and a new one is not among those.
    """
    denial = _grant_denial(facts, key, under) if under is not None else None
    if denial is not None:
        return denial
    for last in facts.resignations(under or key):
        # Of a grant that counts and that nobody ended, each resignation by its own key holds.
        if chain_of(facts, last) is not None:
            return Denial(Obstacle.RESIGNED, last)
    return None


def _grant_denial(facts: RuleFacts, key: str, under: BundleId) -> Denial | None:
    grant = facts.header(under)
    if grant is None:
        return Denial(Obstacle.NOT_HERE, under)
    if grant.grants is None:
        return Denial(Obstacle.NO_GRANT, under)
    if grant.grants.key != key:
        return Denial(Obstacle.OTHER_KEY, under)
    above = chain_of(facts, under)
    if above is None:
        return Denial(Obstacle.INCOMPLETE, under)
    if not facts.flags(under).counts:
        return Denial(Obstacle.NOT_COUNTING, under)
    seniors = {_actor(grant), *(_actor(facts.header(senior)) for senior in above)}
    for end in facts.grant_ends(under):
        if facts.flags(end).counts and _actor(facts.header(end)) in seniors:
            return Denial(Obstacle.ENDED, end)
    return None


def _actor(header: Header | None) -> str | None:
    return header.actor if header else None
