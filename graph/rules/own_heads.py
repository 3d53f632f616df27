"""Own heads: of an actor's statements in a store, the last of those that its maker signed itself."""

from collections.abc import Iterable, Set

from graph.model.model import BundleId
from graph.rules.facts import RuleFacts


def own_heads(
    facts: RuleFacts, heads: Iterable[BundleId], own: Set[BundleId]
) -> tuple[tuple[BundleId, ...], int]:
    """Return the heads among one's own statements, and the number of the statement that follows them.

    A statement of somebody else with the same key hides what it follows; the way to one's own leads back along `prev`.

    Args:
        facts: What the store looks up.
        heads: The actor's heads in the store, whoever made them.
        own: The statements that the maker signed, or takes for its own.
    """
    waiting, seen, found = list(heads), set[BundleId](), set[BundleId]()
    while waiting:
        name = waiting.pop()
        header = facts.header(name)
        if name in seen or header is None:
            continue
        seen.add(name)
        if name not in own:
            waiting += header.prev
        elif own.isdisjoint(facts.followers_of(name)):
            found.add(name)
    numbers = [brief.n for name in found if (brief := facts.brief(name))]
    return tuple(sorted(found)), max(numbers, default=-1) + 1
