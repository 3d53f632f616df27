"""What to know before relying on a thing, in words: what its authors state, and the stances against it."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.reader import Reader
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
_INVALIDATED: Final = frozenset({Relation.WAS_INVALIDATED_BY})


async def warnings_of(reader: Reader, thing: Thing) -> list[str]:
    """The warnings of a thing, the gravest first."""
    stances = await reader.edges(thing.id, outgoing=False, relations=frozenset(_AGAINST))
    ends = await reader.edges(thing.id, outgoing=True, relations=_INVALIDATED)
    others = await reader.things(
        [*(one.edge.source for one in stances), *(one.edge.target for one in ends)]
    )
    names = {one.id: one.title for one in others}
    return warnings(thing, stances=stances, ends=ends, names=names)


def warnings(
    thing: Thing,
    *,
    stances: Sequence[Asserted],
    ends: Sequence[Asserted],
    names: Mapping[str, str],
) -> list[str]:
    """The warnings of a thing, from its descriptions, the stances on it and what invalidated it."""
    said = [one for one in (thing.shown, *thing.also) if one is not None]
    found = [
        f"{word} ({_listed([one.author for one in said if _is_so(one, key)])})"
        for key, word in _STATED
        if any(_is_so(one, key) for one in said)
    ]
    found += [f"invalidated by {names[one.edge.target]}" for one in ends]
    for relation, word in _AGAINST.items():
        sources = [names[one.edge.source] for one in stances if one.edge.relation is relation]
        if sources:
            found.append(f"{word} by {_listed(sources)}")
    return found


def _is_so(said: Said, key: str) -> bool:
    return said.description.attributes.get(key) is True


def _listed(names: Sequence[str]) -> str:
    each = sorted(set(names))
    return each[0] if len(each) == 1 else f"{each[0]} and {len(each) - 1} more"
