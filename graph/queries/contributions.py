"""Contributions, the answer to "who": qualified edges to agents, and the nature of each agent (person, AI, software)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from graph.model.canonical import canonical_bytes
from graph.model.vocabulary import AgentNature, Kind, Relation
from graph.store import AssertedEdge, GraphReader, Thing

_GENERATION: Final = frozenset({Relation.WAS_GENERATED_BY})
_TO_AGENTS: Final = frozenset({Relation.WAS_ATTRIBUTED_TO, Relation.WAS_ASSOCIATED_WITH})
_NATURES: Final = {
    Kind.PERSON: AgentNature.PERSON,
    Kind.AI: AgentNature.AI,
    Kind.SOFTWARE: AgentNature.SOFTWARE,
    Kind.ORGANIZATION: AgentNature.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """Contribution of an agent to a thing: the edge holds role, degree, autonomy, who checked it.

    `nature` is `None` where nobody recorded whether the agent is a person or a machine. `via` is
    the activity that generated the thing where the agent took part in that.
    """

    agent: Thing
    nature: AgentNature | None
    asserted: AssertedEdge
    via: str | None = None


def nature_of(agent: Thing) -> AgentNature | None:
    """Return person, AI, software or organisation; `None` where that is not recorded.

    For a mention, its shown description states the nature; else the newest of the others that does.
    """
    if agent.kind in _NATURES:
        return _NATURES[agent.kind]
    for entry in (agent.shown, *agent.also):
        value = entry.description.attributes.get("agent") if entry else None
        if isinstance(value, str):
            return AgentNature(value)
    return None


def contributions(store: GraphReader, thing: str) -> tuple[Contribution, ...]:
    """Return the contributions to a thing and to the activities that generated it; in printed order, then by agent id."""
    return contributions_of(store, [thing])[thing]


def contributions_of(
    store: GraphReader, things: Sequence[str]
) -> Mapping[str, tuple[Contribution, ...]]:
    """Return the contributions to each of these things; costs three queries to the store, however many."""
    makers: dict[str, set[str]] = {thing: {thing} for thing in things}
    for generation in store.adjacent(sorted(makers), outgoing=True, relations=_GENERATION):
        makers[generation.edge.source].add(generation.edge.target)
    parts = defaultdict(list)
    sources = sorted(set().union(*makers.values()))
    for part in store.adjacent(sources, outgoing=True, relations=_TO_AGENTS):
        parts[part.edge.source].append(part)
    agents = store.things(sorted({part.edge.target for group in parts.values() for part in group}))
    return {
        thing: _contributions(
            thing, [part for maker in makers[thing] for part in parts[maker]], agents
        )
        for thing in makers
    }


def _contributions(
    thing: str, parts: Sequence[AssertedEdge], agents: Mapping[str, Thing]
) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(
            agent=agent,
            nature=nature_of(agent),
            asserted=asserted,
            via=None if asserted.edge.source == thing else asserted.edge.source,
        )
        for asserted in sorted(parts, key=_sort_key)
        if (agent := agents.get(asserted.edge.target)) is not None
    )


def _sort_key(asserted: AssertedEdge) -> tuple[float, str, str, bytes]:
    edge = asserted.edge
    position = edge.qualifiers.get("position")
    order = position if isinstance(position, int) else inf
    return order, edge.target, edge.relation, canonical_bytes(edge.qualifiers)
