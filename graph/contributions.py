"""Who contributed what to a thing: qualified edges to agents, and what kind of agent each is."""

from dataclasses import dataclass
from math import inf
from typing import Final

from graph.canonical import canonical
from graph.store import Asserted, GraphStore, Thing
from graph.vocabulary import Kind, Nature, Relation

_TO_AGENTS: Final = frozenset({Relation.WAS_ATTRIBUTED_TO, Relation.WAS_ASSOCIATED_WITH})
_NATURES: Final = {
    Kind.PERSON: Nature.PERSON,
    Kind.AI: Nature.AI,
    Kind.SOFTWARE: Nature.SOFTWARE,
    Kind.ORGANIZATION: Nature.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One agent's part in a thing: the edge holds role, degree, autonomy, who checked it.

    `nature` is `None` where nobody recorded whether the agent is a person or a machine. `via` is
    the activity that generated the thing where the agent took part in that.
    """

    agent: Thing
    nature: Nature | None
    asserted: Asserted
    via: str | None = None


def nature_of(agent: Thing) -> Nature | None:
    """Person, AI, software, organisation, or `None` where that is not recorded.

    A mention says itself what it is a mention of, or somebody else states it: the newest who does.
    """
    if agent.kind in _NATURES:
        return _NATURES[agent.kind]
    for said in (agent.shown, *agent.also):
        stated = said.description.attributes.get("agent") if said else None
        if isinstance(stated, str):
            return Nature(stated)
    return None


def contributions(store: GraphStore, thing: str) -> tuple[Contribution, ...]:
    """Who contributed to a thing, and to the activities that generated it; printed order first."""
    direct = store.adjacent([thing], outgoing=True, relations=_TO_AGENTS)
    made = store.adjacent([thing], outgoing=True, relations=frozenset({Relation.WAS_GENERATED_BY}))
    activities = sorted({asserted.edge.target for asserted in made})
    through = store.adjacent(activities, outgoing=True, relations=_TO_AGENTS) if activities else ()
    found = sorted([*direct, *through], key=_order)
    agents = store.things([asserted.edge.target for asserted in found])
    return tuple(
        Contribution(
            agent=agent,
            nature=nature_of(agent),
            asserted=asserted,
            via=None if asserted.edge.source == thing else asserted.edge.source,
        )
        for asserted in found
        if (agent := agents.get(asserted.edge.target)) is not None
    )


def _order(asserted: Asserted) -> tuple[float, str, str, bytes]:
    edge = asserted.edge
    position = edge.qualifiers.get("position")
    place = position if isinstance(position, int) else inf
    return place, edge.target, edge.relation, canonical(edge.qualifiers)
