"""Caveats of a thing, in words: withdrawn, retracted or deleted as stated, and invalidated, disputed or refuted by others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from graph.model.vocabulary import AGENT_KINDS, Relation
from graph.store import GraphStore, Thing

_LONGEST: Final = 80
_STATED: Final = {
    "withdrawn": "withdrawn",
    "retracted": "retracted",
    "deleted": "deleted at the source",
}
_INVALIDATED: Final = frozenset({Relation.WAS_INVALIDATED_BY})
_AGAINST: Final = {
    Relation.WAS_INVALIDATED_BY: "invalidated",
    Relation.DISPUTES: "disputed",
    Relation.REFUTES: "refuted",
    Relation.VETOES: "vetoed",
    Relation.HANDS_BACK: "handed back",
}
_STANCES: Final = frozenset(_AGAINST) - _INVALIDATED


def cautions_of(store: GraphStore, things: Iterable[Thing]) -> Mapping[str, tuple[str, ...]]:
    """Return the caveats of each of these things by its id, the gravest first: `disputed by “…”`.

    Costs three queries to the store, however many things. A thing without caveats has an empty tuple.
    """
    each = {thing.id: thing for thing in things}
    ends = store.adjacent(sorted(each), outgoing=True, relations=_INVALIDATED)
    stances = store.adjacent(sorted(each), outgoing=False, relations=_STANCES)
    against = [(one.edge.source, one.edge.relation, one.edge.target) for one in ends]
    against += [(one.edge.target, one.edge.relation, one.edge.source) for one in stances]
    others = store.things(sorted({other for _, _, other in against}))
    by: dict[str, dict[Relation, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, relation, other in against:
        by[name][relation].add(_called(other, others))
    return {
        name: (
            *stated_of(thing),
            *(
                f"{word} by {_listed(by[name][relation])}"
                for relation, word in _AGAINST.items()
                if relation in by[name]
            ),
        )
        for name, thing in each.items()
    }


def stated_of(thing: Thing) -> tuple[str, ...]:
    """Return the caveats that those who describe a thing state themselves: `withdrawn (source:arxiv)`."""
    found = []
    for key, word in _STATED.items():
        authors = {
            said.author
            for said in (thing.shown, *thing.also)
            if said is not None and said.description.attributes.get(key) is True
        }
        if authors:
            found.append(f"{word} ({_listed(authors)})")
    return tuple(found)


def _called(name: str, things: Mapping[str, Thing]) -> str:
    """Return an agent's name, another thing's title in quotes, or the id of what nobody describes."""
    thing = things.get(name)
    if thing is None or thing.title == name:
        return name
    short = (
        thing.title if len(thing.title) <= _LONGEST else thing.title[: _LONGEST - 1].rstrip() + "…"
    )
    return short if thing.kind in AGENT_KINDS else f"“{short}”"


def _listed(names: Iterable[str]) -> str:
    first, *others = sorted(names)
    return f"{first} and {len(others)} more" if others else first
