"""The golden graph is the one that the rules, as a plain program, make of the golden bundles."""

from datetime import UTC, datetime

from tests.golden.test_golden import BUNDLES, DIGEST, GRAPH, TRUSTED
from tests.oracle import Oracle, graph_of

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def test_the_oracle_makes_the_same_graph() -> None:
    trust = [(author, None) for author in sorted(TRUSTED)]
    graph = graph_of(Oracle(BUNDLES.values(), trust=trust, now=NOW))
    assert sorted(graph.counts) == GRAPH["counts"]
    assert sorted(graph.lives) == GRAPH["lives"]
    assert sorted(graph.erased) == GRAPH["erased"]
    assert len(graph.waits) == GRAPH["waiting"]["bundles"]
    said = {
        (node["description"]["id"], node["author"], node["actor"]): (
            node["description"],
            node["bundle"],
        )
        for node in GRAPH["nodes"]
    }
    assert {
        key: (description.to_json(), bundle)
        for key, (description, bundle) in graph.descriptions.items()
    } == said
    shown = {node["description"]["id"]: node["bundle"] for node in GRAPH["nodes"] if node["shown"]}
    assert graph.shown == shown
    assert graph.digest == DIGEST
