"""Caveats of a thing, in words: withdrawn, retracted or deleted as stated, and invalidated, disputed or refuted by others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from graph.model.vocabulary import AGENT_KINDS, Relation
from graph.store import GraphReader, Thing

_MAX_TITLE: Final = 80
_STATED_WORDS: Final = {
    "withdrawn": "withdrawn",
    "retracted": "retracted",
    "deleted": "deleted at the source",
}
_INVALIDATED: Final = frozenset({Relation.WAS_INVALIDATED_BY})
_OBJECTION_WORDS: Final = {
    Relation.WAS_INVALIDATED_BY: "invalidated",
    Relation.DISPUTES: "disputed",
    Relation.REFUTES: "refuted",
    Relation.VETOES: "vetoed",
    Relation.HANDS_BACK: "handed back",
}
_STANCES: Final = frozenset(_OBJECTION_WORDS) - _INVALIDATED


def caveats_of(store: GraphReader, things: Iterable[Thing]) -> Mapping[str, tuple[str, ...]]:
    """Return the caveats of each of these things by its id, the gravest first: `disputed by “…”`.

    Costs three queries to the store, however many things. A thing without caveats has an empty tuple.
    """
    by_id = {thing.id: thing for thing in things}
    ends = store.adjacent(sorted(by_id), outgoing=True, relations=_INVALIDATED)
    stances = store.adjacent(sorted(by_id), outgoing=False, relations=_STANCES)
    objections = [
        (asserted.edge.source, asserted.edge.relation, asserted.edge.target) for asserted in ends
    ]
    objections += [
        (asserted.edge.target, asserted.edge.relation, asserted.edge.source) for asserted in stances
    ]
    other_things = store.things(sorted({other for _, _, other in objections}))
    objectors: dict[str, dict[Relation, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, relation, other in objections:
        objectors[name][relation].add(_display_name(other, other_things))
    return {
        name: (
            *stated_caveats(thing),
            *(
                f"{word} by {_join_names(objectors[name][relation])}"
                for relation, word in _OBJECTION_WORDS.items()
                if relation in objectors[name]
            ),
        )
        for name, thing in by_id.items()
    }


def stated_caveats(thing: Thing) -> tuple[str, ...]:
    """Return the caveats that those who describe a thing state themselves: `withdrawn (source:arxiv)`."""
    caveats = []
    for key, word in _STATED_WORDS.items():
        authors = {
            entry.author
            for entry in (thing.shown, *thing.also)
            if entry is not None and entry.description.attributes.get(key) is True
        }
        if authors:
            caveats.append(f"{word} ({_join_names(authors)})")
    return tuple(caveats)


def _display_name(name: str, things: Mapping[str, Thing]) -> str:
    """Return an agent's name, another thing's title in quotes, or the id of what nobody describes."""
    thing = things.get(name)
    if thing is None or thing.title == name:
        return name
    title = (
        thing.title
        if len(thing.title) <= _MAX_TITLE
        else thing.title[: _MAX_TITLE - 1].rstrip() + "…"
    )
    return title if thing.kind in AGENT_KINDS else f"“{title}”"


def _join_names(names: Iterable[str]) -> str:
    first, *others = sorted(names)
    return f"{first} and {len(others)} more" if others else first
