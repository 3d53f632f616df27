"""The order of lists: by number and not by text, and what has no number comes last."""

import hashlib
from itertools import permutations

import pytest

from api.graphql.sort_keys import edge_key, version_order
from graph.model.canonical import MAX_INTEGER, canonical_bytes
from graph.model.model import Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.store import AssertedEdge, AuthoredDescription, Thing

WORK = "arxiv:2401.00001"


def relation(far: str, position: int | None) -> AssertedEdge:
    """An edge to (or from) a thing, at a position or at none."""
    qualifiers = {} if position is None else {"position": position}
    return AssertedEdge(Edge(WORK, Relation.CITES, far, qualifiers), ())


@pytest.mark.parametrize("outgoing", [True, False])
@pytest.mark.parametrize("positions", [*permutations((2, 9, 10, None))])
def test_unnumbered_relations_come_last(positions: tuple[int | None, ...], outgoing: bool) -> None:
    edges = [relation(f"doi:10.1/{k}", position) for k, position in enumerate(positions)]
    edges.sort(key=lambda edge: edge_key("cites", edge, outgoing=outgoing))
    assert [edge.edge.qualifiers.get("position") for edge in edges] == [2, 9, 10, None]


def test_names_come_before_positions() -> None:
    first = edge_key("cites", relation("doi:10.1/a", None), outgoing=True)
    assert first < edge_key("wasDerivedFrom", relation("doi:10.1/a", 1), outgoing=True)


@pytest.mark.parametrize("numbers", [*permutations((9, 10, 11, None))])
def test_versions_by_number_and_one_without_last(numbers: tuple[int | None, ...]) -> None:
    versions = [version(f"{WORK}v{k}", number) for k, number in enumerate(numbers)]
    versions.sort(key=version_order)
    shown = [version.shown for version in versions]
    assert [one and one.description.attributes.get("number") for one in shown] == [9, 10, 11, None]


def version(identifier: str, number: int | None) -> Thing:
    attributes = {} if number is None else {"number": number}
    description = Description(identifier, Kind.VERSION, attributes)
    return Thing(
        identifier,
        Kind.VERSION,
        AuthoredDescription(
            "source:arxiv", "source:arxiv", "source:arxiv", "sha256:0", None, description
        ),
        (),
    )


def test_the_key_of_a_relation_to_the_letter() -> None:
    edge = relation("doi:10.1/a", 3)
    mark = hashlib.sha256(canonical_bytes(edge.edge.to_json())).hexdigest()[:16]
    assert edge_key("cites", edge, outgoing=True) == ("cites", 3, "doi:10.1/a", mark)
    assert edge_key("citedBy", edge, outgoing=False) == ("citedBy", 3, WORK, mark)
    assert edge_key("cites", relation("doi:10.1/a", None), outgoing=True)[1] == MAX_INTEGER


def test_the_key_of_a_version_to_the_letter() -> None:
    assert version_order(version("arxiv:2401.00001v3", 3)) == (3, "arxiv:2401.00001v3")
    undescribed = Thing("arxiv:2401.00001v4", Kind.VERSION, None, ())
    assert version_order(undescribed) == (MAX_INTEGER, "arxiv:2401.00001v4")
