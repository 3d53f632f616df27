"""Authorization: may a key speak, alone or under a grant, so that its next statement counts, and end what is here (docs/bundle.md, section 5, rules 5 to 7)."""

from enum import StrEnum
from typing import NamedTuple

from graph.model.model import BundleId
from graph.model.vocabulary import Scope
from graph.rules.facts import Authority, RuleFacts, authority_of, is_fit, may_end, place_of


class Obstacle(StrEnum):
    """Reason why a key has no authority to speak."""

    NOT_HERE = "the grant is not here"
    NO_GRANT = "the bundle grants nothing"
    OTHER_KEY = "the grant was made to another key"
    INCOMPLETE = "a grant above it is not here, or there are more than eight"
    NOT_COUNTING = "the grant does not count"
    ENDED = "the grant was ended"
    NO_RIGHT = "it does not give the right to do this"


class Denial(NamedTuple):
    """Denial of authorization: the obstacle, and the bundle that causes it."""

    obstacle: Obstacle
    bundle: BundleId


def denial_of(
    facts: RuleFacts, key: str, under: BundleId | None, right: Scope | None = None
) -> Denial | None:
    """Return why a new statement of this key, under this grant, would not count; `None` where it would.

    An end lets only earlier statements count, and a new one is not among those. Nobody is above a root key.

    Args:
        facts: What the rules look up.
        key: The key that would sign.
        under: The grant that it would speak under; `None` where it speaks for itself.
        right: To say; to harvest, where the statement is a run that is to vouch; `None` for whatever right it has.
    """
    if under is None:
        return None
    grant = facts.header(under)
    if grant is None:
        return Denial(Obstacle.NOT_HERE, under)
    if grant.grants is None:
        return Denial(Obstacle.NO_GRANT, under)
    if grant.grants.key != key:
        return Denial(Obstacle.OTHER_KEY, under)
    authority = authority_of(facts, under)
    if authority is None:
        return Denial(Obstacle.INCOMPLETE, under)
    for above in authority.grants:
        decider = facts.state(above).decider
        if decider is not None:
            return Denial(Obstacle.ENDED, _deciding_end(facts, above, decider))
    if not facts.state(under).counts:
        return Denial(Obstacle.NOT_COUNTING, under)
    if not authority.rights or (right is not None and right not in authority.rights):
        return Denial(Obstacle.NO_RIGHT, _narrowest(facts, authority, right or Scope.SAY))
    return None


def has_word_on(facts: RuleFacts, actor: str, name: BundleId) -> bool:
    """Return whether a word of an actor on a bundle, to end, erase or restore it, would be among those that decide.

    On a statement it is where the actor may end it, on a record where it acts for an author that has a place for its source.
    """
    speaker, brief = authority_of(facts, actor), facts.brief(name)
    if speaker is None or brief is None:
        return False
    if brief.key is None:
        return speaker.acts and place_of(facts.trust_list(), speaker.root, brief.by) is not None
    answered = authority_of(facts, brief.actor) if is_fit(facts, brief) else None
    return answered is not None and may_end(speaker, answered)


def _deciding_end(facts: RuleFacts, grant: BundleId, decider: str) -> BundleId:
    """Return the newest of the ends that decide about a grant."""
    ends = [
        (brief.at, brief.n, end)
        for end in facts.ends_of(grant)
        if (brief := facts.brief(end)) and brief.actor == decider and facts.state(end).counts
    ]
    return max(ends)[-1]


def _narrowest(facts: RuleFacts, authority: Authority, right: Scope) -> BundleId:
    """Return the topmost of the grants that don't give a right."""
    for grant in authority.grants:
        above = authority_of(facts, grant)
        if above is None or right not in above.rights:
            return grant
    return authority.grants[-1]
