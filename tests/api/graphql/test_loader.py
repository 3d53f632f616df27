"""A list of many things costs a handful of questions to the store, however many things it has."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from graph.model.vocabulary import Relation
from graph.store import GraphStore
from tests.api.counting_store import counting
from tests.api.world import edge, ingest, paper

PAPERS = 50


@pytest.fixture
def many(store: GraphStore) -> GraphStore:
    ids = [f"arxiv:2301.1{k:04}" for k in range(PAPERS)]
    cites = {one: edge(one, Relation.CITES, other) for one, other in pairwise(ids)}
    ingest(
        store,
        *(
            paper(
                one, *([cites[one]] if one in cites else []), title=f"Paper {one}", names=("A", "B")
            )
            for one in ids
        ),
    )
    return store


def asked(store: GraphStore, query: str) -> tuple[dict[str, Any], Counter[str]]:
    counted, counts = counting(store)
    with TestClient(make_app(lambda: counted)) as client:
        answer = client.post("/graphql", json={"query": query}).json()
    assert "errors" not in answer, answer
    return answer["data"], counts


def test_fifty_papers_with_their_authors(many: GraphStore) -> None:
    data, counts = asked(
        many,
        """{ nodes(kind: "work", first: 50) { edges { node { title
        authors { edges { node { agent { title } nature } } } } } } }""",
    )
    edges = data["nodes"]["edges"]
    assert len(edges) == PAPERS
    assert all(len(one["node"]["authors"]["edges"]) == 2 for one in edges)
    assert counts == {"list_ids": 1, "things": 2, "adjacent": 2}


def test_fifty_papers_with_everything_around_them(many: GraphStore) -> None:
    data, counts = asked(
        many,
        """{ nodes(kind: "work", first: 50) { edges { node { title warnings
        versions { id } authors { totalCount } contributions { totalCount }
        citations(first: 3) { edges { node { title citedBy(first: 3) { edges { node { title } } } } } }
        relations(first: 5) { edges { node { source { title } target { title } bundles { id }
        attributions { words grants { id } vouchedBy { author at } } } } } } } } }""",
    )
    assert len(data["nodes"]["edges"]) == PAPERS
    assert counts["bundles_by_id"] == 3, "the bundles; who is behind them, with their runs"
    assert sum(counts.values()) <= 20
