"""Contributions to a thing: qualified edges to agents, and the nature of each agent (person, AI, software)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from graph.model.canonical import canonical
from graph.model.vocabulary import Kind, Nature, Relation
from graph.store import Asserted, GraphStore, Thing

_GENERATED: Final = frozenset({Relation.WAS_GENERATED_BY})
_TO_AGENTS: Final = frozenset({Relation.WAS_ATTRIBUTED_TO, Relation.WAS_ASSOCIATED_WITH})
_NATURES: Final = {
    Kind.PERSON: Nature.PERSON,
    Kind.AI: Nature.AI,
    Kind.SOFTWARE: Nature.SOFTWARE,
    Kind.ORGANIZATION: Nature.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """Contribution of an agent to a thing: the edge holds role, degree, autonomy, who checked it.

    `nature` is `None` where nobody recorded whether the agent is a person or a machine. `via` is
    the activity that generated the thing where the agent took part in that.
    """

    agent: Thing
    nature: Nature | None
    asserted: Asserted
    via: str | None = None


def nature_of(agent: Thing) -> Nature | None:
    """Return person, AI, software or organisation; `None` where that is not recorded.

    For a mention, its shown description states the nature; else the newest of the others that does.
    """
    if agent.kind in _NATURES:
        return _NATURES[agent.kind]
    for said in (agent.shown, *agent.also):
        stated = said.description.attributes.get("agent") if said else None
        if isinstance(stated, str):
            return Nature(stated)
    return None


def contributions(store: GraphStore, thing: str) -> tuple[Contribution, ...]:
    """Return the contributions to a thing and to the activities that generated it; printed order first."""
    return contributions_of(store, [thing])[thing]


def contributions_of(
    store: GraphStore, things: Sequence[str]
) -> Mapping[str, tuple[Contribution, ...]]:
    """Return the contributions to each of these things; costs three queries to the store, however many."""
    makers: dict[str, set[str]] = {thing: {thing} for thing in things}
    for made in store.adjacent(sorted(makers), outgoing=True, relations=_GENERATED):
        makers[made.edge.source].add(made.edge.target)
    parts = defaultdict(list)
    sources = sorted(set().union(*makers.values()))
    for part in store.adjacent(sources, outgoing=True, relations=_TO_AGENTS):
        parts[part.edge.source].append(part)
    agents = store.things(sorted({part.edge.target for each in parts.values() for part in each}))
    return {
        thing: _contributions(
            thing, [part for maker in makers[thing] for part in parts[maker]], agents
        )
        for thing in makers
    }


def _contributions(
    thing: str, parts: Sequence[Asserted], agents: Mapping[str, Thing]
) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            agent=agent,
            nature=nature_of(agent),
            asserted=asserted,
            via=None if asserted.edge.source == thing else asserted.edge.source,
        )
        for asserted in sorted(parts, key=_order)
        if (agent := agents.get(asserted.edge.target)) is not None
    )


def _order(asserted: Asserted) -> tuple[float, str, str, bytes]:
    edge = asserted.edge
    position = edge.qualifiers.get("position")
    place = position if isinstance(position, int) else inf
    return place, edge.target, edge.relation, canonical(edge.qualifiers)
