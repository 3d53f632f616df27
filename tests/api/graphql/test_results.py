"""Every field of the schema answers on a small real graph."""

import hashlib
from typing import Any

from graph.log.merkle import is_included
from graph.model.model import Body, Edge
from graph.model.vocabulary import Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.world import CONCEPT, HOSTILE, OLDER, PAPER, RUN, SECOND, UNTOLD, VOICE, World, clock

ADA = f"person:{SECOND.key}"


def nodes_of(connection: dict[str, Any]) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def test_a_thing_and_who_describes_it(world: World, data: Ask) -> None:
    found = data(
        """query($id: ID!) { node(id: $id) { id kind title alsoStated { author }
        shown { author at attributes bundle { id } } } }""",
        id=PAPER,
    )["node"]
    assert (found["id"], found["kind"], found["title"]) == (PAPER, "work", HOSTILE)
    assert found["alsoStated"] == []
    assert found["shown"]["author"] == "source:arxiv"
    assert found["shown"]["at"] == "2026-01-02T00:00:00Z"
    assert found["shown"]["bundle"]["id"] == world.paper_record
    assert found["shown"]["attributes"]["abstract"].startswith("Humans and machines")


def test_a_thing_by_its_address(world: World, data: Ask) -> None:
    assert data('{ node(id: "https://arxiv.org/abs/2401.00001") { id } }')["node"]["id"] == PAPER


def test_a_thing_that_is_only_referred_to(world: World, data: Ask) -> None:
    found = data("query($id: ID!) { node(id: $id) { title kind shown { at } } }", id=UNTOLD)["node"]
    assert found == {"title": UNTOLD, "kind": "work", "shown": None}


def test_an_unknown_thing_is_null(world: World, data: Ask) -> None:
    assert data('{ node(id: "arxiv:1901.00001") { id } }') == {"node": None}


def test_relations_both_ways_and_by_name(world: World, data: Ask) -> None:
    query = """query($id: ID!, $way: RelationDirection!, $names: [String!]) { node(id: $id) {
      relations(direction: $way, names: $names) { totalCount edges { node {
        name subtype source { id } target { id } qualifiers bundles { id } } } } } }"""
    out = data(query, id=PAPER, way="OUT", names=["cites", "hasSubject"])["node"]["relations"]
    assert out["totalCount"] == 3
    assert [(one["name"], one["target"]["id"]) for one in nodes_of(out)] == [
        ("cites", UNTOLD),
        ("cites", OLDER),
        ("hasSubject", CONCEPT),
    ]
    assert nodes_of(out)[2]["qualifiers"] == {"primary": True}
    assert nodes_of(out)[2]["bundles"] == [{"id": world.paper_record}]
    back = data(query, id=PAPER, way="IN", names=["wasDerivedFrom"])["node"]["relations"]
    assert [(one["subtype"], one["source"]["id"]) for one in nodes_of(back)] == [
        ("inspiration", world.idea)
    ]


def test_versions_in_their_order(world: World, data: Ask) -> None:
    found = data("query($id: ID!) { node(id: $id) { versions { id } } }", id=PAPER)["node"]
    assert [one["id"] for one in found["versions"]] == [f"{PAPER}v{k}" for k in (1, 2, 10)]


def test_a_version_that_two_speak_of_is_told_once(
    world: World, store: GraphStore, data: Ask
) -> None:
    speaker = Speaker(SECOND, ADA, clock)
    edges = [
        Edge(f"{PAPER}v2", Relation.SPECIALIZATION_OF, PAPER, {"method": method})
        for method in ("by its name", "by its title")
    ]
    store.append(lambda look: [speaker.make_statement(look, Body((), tuple(edges)))])
    test_versions_in_their_order(world, data)


def test_authors_in_the_order_printed(world: World, data: Ask) -> None:
    found = data(
        """query($id: ID!) { node(id: $id) { authors { totalCount pageInfo { hasNextPage endCursor }
        edges { cursor node { agent { title } nature position role relation { name } } } } } }""",
        id=PAPER,
    )["node"]["authors"]
    assert found["totalCount"] == 2
    assert [(one["agent"]["title"], one["position"]) for one in nodes_of(found)] == [
        ("Zoe Young", 1),
        ("Adam Old", 2),
    ]
    assert [one["nature"] for one in nodes_of(found)] == [None, None], "arXiv tells nobody's nature"
    assert found["pageInfo"] == {"hasNextPage": False, "endCursor": found["edges"][1]["cursor"]}


def test_contributions_of_people_and_machines(world: World, data: Ask) -> None:
    found = data(
        """query($id: ID!) { node(id: $id) { contributions { totalCount edges { node {
        agent { title } nature role degree autonomy activity initiative position
        verifiedBy { title } relation { name source { kind } bundles { id } } } } } } }""",
        id=world.idea,
    )["node"]["contributions"]
    by_name = {one["agent"]["title"]: one for one in nodes_of(found)}
    assert by_name.keys() == {"Ada", "Drafting machine"}
    machine = by_name["Drafting machine"]
    assert machine["nature"] == "SOFTWARE"
    assert machine["role"] == "conceptualization"
    assert (machine["degree"], machine["autonomy"]) == ("lead", "ai-generated")
    assert (machine["initiative"], machine["verifiedBy"]) == (ADA, {"title": "Ada"})
    assert machine["relation"]["bundles"] == [{"id": world.statement}]
    assert by_name["Ada"]["nature"] == "PERSON"
    assert by_name["Ada"]["activity"] == "method-innovation"
    assert by_name["Ada"]["relation"]["source"]["kind"] == "research"


def test_citations_and_what_cites(world: World, data: Ask) -> None:
    query = """query($id: ID!) { node(id: $id) {
      citations { edges { node { id } } } citedBy { edges { node { id } } } } }"""
    paper = data(query, id=PAPER)["node"]
    assert nodes_of(paper["citations"]) == [{"id": UNTOLD}, {"id": OLDER}]
    assert nodes_of(paper["citedBy"]) == []
    assert nodes_of(data(query, id=OLDER)["node"]["citedBy"]) == [{"id": PAPER}]


def test_warnings_say_who(world: World, data: Ask) -> None:
    query = "query($id: ID!) { node(id: $id) { warnings } }"
    assert data(query, id=OLDER)["node"]["warnings"] == ["withdrawn (source:arxiv)"]
    assert data(query, id=PAPER)["node"]["warnings"] == ["disputed by Ada"]
    assert data(query, id=world.idea)["node"]["warnings"] == []


def test_search_and_lists(world: World, data: Ask) -> None:
    found = data(
        """{ hit: search(text: "improve", kind: "idea") { edges { node { id } } }
        none: search(text: "improve", kind: "venue") { edges { node { id } } }
        works: nodes(kind: "work") { edges { node { id } } } }"""
    )
    assert nodes_of(found["hit"]) == [{"id": world.idea}]
    assert nodes_of(found["none"]) == []
    assert nodes_of(found["works"]) == [{"id": OLDER}, {"id": PAPER}]


def test_lineage_up_and_down(world: World, data: Ask) -> None:
    query = """query($id: ID!, $way: Direction!, $first: Int) {
      lineage(id: $id, direction: $way, depth: 2, first: $first) {
        start { id } nodes { depth node { id } } more { id count }
        relations { name source { id } target { id } } } }"""
    up = data(query, id=world.idea, way="UP", first=60)["lineage"]
    assert up["start"]["id"] == world.idea
    depths = {one["node"]["id"]: one["depth"] for one in up["nodes"]}
    assert depths.pop(world.idea) == 0
    assert (depths[PAPER], depths[OLDER], depths[UNTOLD]) == (1, 2, 2)
    assert {"name": "cites", "source": {"id": PAPER}, "target": {"id": OLDER}} in up["relations"]
    assert up["more"] == []
    down = data(query, id=OLDER, way="DOWN", first=60)["lineage"]
    assert {one["node"]["id"]: one["depth"] for one in down["nodes"]}[world.idea] == 2
    cut = data(query, id=PAPER, way="UP", first=2)["lineage"]
    assert len(cut["nodes"]) == 2
    assert cut["more"] == [{"id": PAPER, "count": 1}]


def test_a_record_with_its_proof(world: World, store: GraphStore, data: Ask) -> None:
    found = data(
        """query($id: ID!) { bundle(id: $id) { id kind by at author key under position counts lives
        vouchers answeredBy header body envelope source { uri mapping licence }
        proof { position size root leaf hashes } } }""",
        id=world.paper_record,
    )["bundle"]
    assert (found["kind"], found["by"], found["author"]) == (
        "RECORD",
        "source:arxiv",
        "source:arxiv",
    )
    assert found["source"]["licence"] == "CC0-1.0"
    assert (found["key"], found["under"], found["envelope"]) == (None, None, None)
    assert found["counts"] and found["lives"]
    assert len(found["vouchers"]) == 1
    header = found["header"].encode()
    assert "sha256:" + hashlib.sha256(header).hexdigest() == found["id"]
    assert "sha256:" + hashlib.sha256(found["body"].encode()).hexdigest() in found["header"]
    proof = found["proof"]
    leaf = hashlib.sha256(b"\0" + header).digest()
    assert proof["leaf"] == leaf.hex()
    path = [bytes.fromhex(one) for one in proof["hashes"]]
    root = bytes.fromhex(proof["root"])
    assert is_included(leaf, proof["position"], proof["size"], path, root)
    assert proof["root"] == store.checkpoint().root


def test_a_statement_and_its_answers(world: World, data: Ask) -> None:
    found = data(
        "query($id: ID!) { bundle(id: $id) { kind key author answeredBy envelope source { uri } } }",
        id=world.statement,
    )["bundle"]
    assert (found["kind"], found["key"], found["author"]) == ("STATEMENT", VOICE.key, VOICE.key)
    assert found["answeredBy"] == [world.dispute]
    assert found["source"] is None
    assert found["envelope"]["signatures"][0].keys() == {"sig"}


def test_an_unknown_bundle_is_null(world: World, data: Ask) -> None:
    assert data("query($id: ID!) { bundle(id: $id) { id } }", id="sha256:" + "0" * 64) == {
        "bundle": None
    }


def test_stats(world: World, store: GraphStore, data: Ask) -> None:
    found = data(
        "{ stats { bundles nodes { name count } edges { name count } log { size root } } }"
    )
    checkpoint = store.checkpoint()
    assert found["stats"]["log"] == {"size": checkpoint.size, "root": checkpoint.root}
    assert found["stats"]["bundles"] == checkpoint.size
    assert {"name": "cites", "count": 2} in found["stats"]["edges"]
    assert {"name": "run", "count": 1} in found["stats"]["nodes"]


def test_an_audit(world: World, data: Ask) -> None:
    found = data(
        "query($id: ID!) { audit(id: $id) { node { id } checks { name verdict evidence remedy } } }",
        id=RUN,
    )["audit"]
    assert found["node"]["id"] == RUN
    verdicts = {one["name"]: one["verdict"] for one in found["checks"]}
    assert verdicts["metrics"] == "pass"
    assert verdicts["seed"] == "unknown"
    assert all(one["evidence"] for one in found["checks"])


def test_related_without_a_model_comes_from_citations(world: World, data: Ask) -> None:
    query = """query($id: ID, $text: String) { related(id: $id, text: $text, first: 5) {
      asOf { size root } model whyEmpty items { node { id } score reasons path { name } } } }"""
    found = data(query, id=OLDER)["related"]
    assert found["model"] is None
    assert found["asOf"]["size"] > 0
    assert PAPER in [one["node"]["id"] for one in found["items"]]
    assert all(one["reasons"] and 0 <= one["score"] <= 1 for one in found["items"])
    nothing = data(query, id=RUN)["related"]
    assert nothing["items"] == []
    assert nothing["whyEmpty"]


def test_directions_say_why_there_are_none(world: World, data: Ask) -> None:
    found = data(
        """{ directions(first: 3) { asOf { size } whyEmpty items { score reason
        concepts { id } bridging { id } left { id } right { id } } } }"""
    )["directions"]
    assert found["items"] == []
    assert found["whyEmpty"]
