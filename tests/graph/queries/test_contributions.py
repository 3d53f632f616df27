"""Who contributed what, and what kind of agent each is."""

import pytest

from graph.bundle.bundle import Bundle
from graph.model.model import Description, Edge
from graph.model.vocabulary import AgentNature, Kind, Relation
from graph.queries.contributions import Contribution, contributions, contributions_of
from graph.store import GraphStore
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.statements import add, say

IDEA = IDEAS[0]
RUN = "mlflow:0/a"
PERSON = "orcid:0000-0002-1825-0097"
AI = "ai:" + "1" * 64
MENTION = "mention:arxiv:2401.00001/" + "2" * 64
ACADEMY = "ror:02mhbdp94"


def by(agent: str, source: str = IDEA, **qualifiers: str | int) -> Edge:
    relation = Relation.WAS_ASSOCIATED_WITH if source == RUN else Relation.WAS_ATTRIBUTED_TO
    return Edge(source, relation, agent, qualifiers)


def told(*edges: Edge, nodes: tuple[Description, ...] = ()) -> Bundle:
    return say(ADA, *nodes, edges=edges)


def of(store: GraphStore, name: str = IDEA) -> list[tuple[str, AgentNature | None, str | None]]:
    return [(one.agent.id, one.nature, one.via) for one in contributions(store, name)]


def test_contributions_are_in_printed_order_then_the_others(store: GraphStore) -> None:
    add(store, told(by(AI), by(MENTION, position=2), by(PERSON, position=1), by(ACADEMY)))
    assert of(store) == [
        (PERSON, AgentNature.PERSON, None),
        (MENTION, None, None),
        (AI, AgentNature.AI, None),
        (ACADEMY, AgentNature.ORGANIZATION, None),
    ]


def test_position_ten_comes_after_two(store: GraphStore) -> None:
    add(store, told(by(AI, position=10), by(PERSON, position=2)))
    assert [agent for agent, _, _ in of(store)] == [PERSON, AI]


def test_who_took_part_in_making_it_contributed(store: GraphStore) -> None:
    made = Edge(IDEA, Relation.WAS_GENERATED_BY, RUN)
    add(store, told(made, by(AI, RUN), by(PERSON, role="supervision")))
    assert sorted(of(store)) == [(AI, AgentNature.AI, RUN), (PERSON, AgentNature.PERSON, None)]
    assert of(store, RUN) == [(AI, AgentNature.AI, None)]


def test_the_edge_tells_the_part(store: GraphStore) -> None:
    edge = by(AI, role="software", degree="lead", autonomy="ai-generated", verified_by=PERSON)
    add(store, told(edge))
    (found,) = contributions(store, IDEA)
    assert isinstance(found, Contribution)
    assert found.asserted.edge == edge


@pytest.mark.parametrize(
    ("agent", "nature"), [("ai", AgentNature.AI), ("person", AgentNature.PERSON)]
)
def test_a_mention_says_what_it_is_a_mention_of(
    store: GraphStore, agent: str, nature: AgentNature
) -> None:
    described = Description(MENTION, Kind.MENTION, {"name": "C", "agent": agent})
    add(store, told(by(MENTION), nodes=(described,)))
    assert of(store) == [(MENTION, nature, None)]


def test_what_nobody_recorded_is_not_guessed(store: GraphStore) -> None:
    described = Description(MENTION, Kind.MENTION, {"name": "GPT Claude III"})
    add(store, told(by(MENTION), nodes=(described,)))
    assert of(store) == [(MENTION, None, None)]


def test_somebody_else_may_know(store: GraphStore) -> None:
    shown = Description(MENTION, Kind.MENTION, {"name": "C"})
    other = Description(MENTION, Kind.MENTION, {"name": "C", "agent": "ai"})
    add(store, say(ZED, other), say(ADA, shown, edges=(by(MENTION),), at="2026-01-02T00:00:00Z"))
    assert of(store) == [(MENTION, AgentNature.AI, None)]


def test_two_roles_of_one_agent_are_two_contributions(store: GraphStore) -> None:
    add(store, told(by(AI, role="software"), by(AI, role="validation")))
    found = contributions(store, IDEA)
    assert sorted(str(one.asserted.edge.qualifiers["role"]) for one in found) == [
        "software",
        "validation",
    ]


def test_nobody_contributed_to_what_is_not_here(store: GraphStore) -> None:
    assert contributions(store, IDEA) == ()


def test_many_at_once_are_each_as_alone(store: GraphStore) -> None:
    made = Edge(IDEA, Relation.WAS_GENERATED_BY, RUN)
    add(store, told(made, by(AI, RUN), by(PERSON, position=1), by(ACADEMY)))
    names = [IDEA, RUN, PERSON]
    assert contributions_of(store, names) == {one: contributions(store, one) for one in names}
    assert contributions_of(store, []) == {}
