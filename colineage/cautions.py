"""What to know of a thing before relying on it, in words."""

from collections.abc import Sequence
from typing import Final

from graph.store import Asserted, Said, Thing
from graph.vocabulary import Relation

_STATED: Final = (
    ("withdrawn", "withdrawn"),
    ("retracted", "retracted"),
    ("deleted", "deleted at the source"),
)
_AGAINST: Final = {
    Relation.DISPUTES: "disputed",
    Relation.REFUTES: "refuted",
    Relation.VETOES: "vetoed",
    Relation.HANDS_BACK: "handed back",
}


def cautions(
    thing: Thing, *, outgoing: Sequence[Asserted], incoming: Sequence[Asserted]
) -> list[str]:
    """What its authors state of it, what invalidated it, and the stances against it.

    Args:
        thing: The thing.
        outgoing: All edges that leave it.
        incoming: All edges that reach it.
    """
    said = [one for one in (thing.shown, *thing.also) if one is not None]
    found = [
        f"{word} ({_listed([one.author for one in said if _is_so(one, key)])})"
        for key, word in _STATED
        if any(_is_so(one, key) for one in said)
    ]
    found += [
        f"invalidated by {one.edge.target}"
        for one in outgoing
        if one.edge.relation is Relation.WAS_INVALIDATED_BY
    ]
    for relation, word in _AGAINST.items():
        sources = [one.edge.source for one in incoming if one.edge.relation is relation]
        if sources:
            found.append(f"{word} by {_listed(sources)}")
    return found


def _is_so(said: Said, key: str) -> bool:
    return said.description.attributes.get(key) is True


def _listed(names: Sequence[str]) -> str:
    each = sorted(set(names))
    return each[0] if len(each) == 1 else f"{each[0]} and {len(each) - 1} more"
