"""Lookups for the choice of what is shown of a node, from the facts of the rules; the same in every store."""

from collections.abc import Callable, Collection

from graph.model.model import BundleId
from graph.rules.facts import RuleFacts, author_of, authority_of, may_end
from graph.view.display_choice import Chooser, Ownership


def chooser_of(
    facts: RuleFacts,
    ownership: Ownership,
    minter: BundleId | None,
    voices: Callable[[str], Collection[str]],
) -> Chooser:
    """Return the lookups for a node (docs/bundle.md, section 5, rules 8 and 9).

    Args:
        facts: The facts as they are before the settlement; who speaks for whom is the same after it.
        ownership: Of its id.
        minter: The statement that minted it, if one did.
        voices: Returns the authors for whom a key has a counting statement.
    """
    owners = {ownership.source} if ownership.source else set[str]()
    if ownership.key:
        owners |= {ownership.key, *voices(ownership.key)}
    brief = facts.brief(minter) if minter else None
    author = author_of(facts, minter) if minter and brief and brief.key else None
    if author:
        owners.add(author)
    minting = authority_of(facts, brief.actor) if author and brief else None

    def may_end_minter(actor: str) -> bool:
        own = authority_of(facts, actor) if minting else None
        return not (own and minting and own.root == minting.root) or may_end(own, minting)

    return Chooser(facts.trust_list(), owners, may_end_minter)
