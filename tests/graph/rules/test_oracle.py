"""The oracle itself: small truths that can be checked by eye, and that its variants differ somewhere."""

import hashlib

import pytest

from graph.model.vocabulary import Scope
from tests.graph.rules.ordinary import nine_grants
from tests.graph.rules.rules_taken_out import TAKEN_OUT
from tests.graph.rules.scene import TRUST, Scene
from tests.graph.rules.trial_histories import all_histories
from tests.graph.world import NOW, PAPER, content, header_of, idea, key, moment, node, without_body
from tests.oracle import Graph, Oracle, graph_of
from tests.oracle_form import Rule

VARIANTS = [variant for variants in TAKEN_OUT.values() for variant in variants]
NOT_OF_A_STORE = {
    *(Rule.RECORD_IS_BARE, Rule.LABEL_ONCE, Rule.GRANT_STANDS_ALONE, Rule.NO_RESIGNATION),
    *(Rule.EVERY_ENVELOPE_IS_KEPT, Rule.LEAST_NUMBER),
}
"""Rules of what is taken in at all, of keys and of vocabularies that come later: no store has what they refuse."""


def test_scopes_are_those_that_the_oracle_knows() -> None:
    assert {scope.value for scope in Scope} == {"say", "harvest", "act"}


def test_at_most_eight_grants_are_above_a_statement() -> None:
    scene = Scene()
    nine_grants(scene)
    said = [one for one in scene.bundles if "mints" in header_of(one)]
    assert [scene.counts(one) for one in said] == [True] * 8 + [False]
    assert scene.oracle().author(said[7].id) == key("A")
    assert scene.oracle().author(said[8].id) is None


def test_who_speaks_under_a_grant_waits_for_it() -> None:
    scene = Scene()
    grant = scene.grant("A", "B", "say")
    said = scene.say("B", grant, **idea("B's"))
    assert scene.oracle(said).author(said.id) is None
    assert scene.graph(said).counts == frozenset()
    assert scene.counts(said)


def test_twice_is_once_and_a_body_joins_its_header() -> None:
    scene = Scene()
    said = scene.say("A", **idea("hers"))
    assert scene.graph(said, said) == scene.graph(without_body(said), said) == scene.graph()
    assert scene.graph(without_body(said)) != scene.graph()


def test_an_edge_lives_while_anybody_alive_says_it() -> None:
    scene = Scene()
    cites = content(node(PAPER, "a"), edges=[{"from": PAPER, "rel": "cites", "to": PAPER}])
    first, second = scene.say("A", body=cites), scene.say("Z", body=cites)
    scene.answer("A", "retracts", first)
    ((says, *others),) = scene.graph().asserted.values()
    assert (says, others) == (second.id, [])
    scene.answer("Z", "retracts", second)
    assert scene.graph().asserted == {}


def test_what_waits_is_in_no_set() -> None:
    scene = Scene()
    ahead = scene.say("A", at=NOW + 101, **idea("later"))
    assert scene.graph().waits == {ahead.id: "2026-01-05T00:14:24Z"}
    assert scene.graph().lives == frozenset()
    assert scene.graph(now=moment(NOW + 1)).lives == {ahead.id}


def test_the_digest_of_nothing_and_of_one_node() -> None:
    first = b'["colineage-state",1]\n'
    assert Oracle(()).digest == f"sha256:{hashlib.sha256(first + bytes(32)).hexdigest()}"
    scene = Scene()
    scene.describe("A", PAPER, "a title")
    by = f"person:{key('A')}"
    line = f'["node","{key("A")}","{key("A")}","{by}",'
    line += f'{{"id":"{PAPER}","kind":"work","title":"a title"}}]\n'
    leaf = hashlib.sha256(b"\0" + f'"{PAPER}"\n{line}'.encode()).digest()
    assert scene.graph().digest == f"sha256:{hashlib.sha256(first + leaf).hexdigest()}"
    place = hashlib.sha256(PAPER.encode()).hexdigest()
    other = "0" if place[0] != "0" else "1"
    assert scene.oracle().digest_of(place[:3]) == leaf
    assert scene.oracle().digest_of(other) == bytes(32)


def test_the_digest_of_two_nodes_is_a_branch() -> None:
    scene = Scene()
    scene.describe("A", PAPER, "a title")
    scene.describe("A", f"sha256:{'0' * 64}", "a file")
    oracle = scene.oracle()
    below = b"".join(oracle.digest_of(digit) for digit in "0123456789abcdef")
    assert oracle.digest_of("") == hashlib.sha256(b"\1" + below).digest()


@pytest.fixture(scope="module")
def graphs() -> list[Graph]:
    """What the histories mean on which stores are tried."""
    return [graph_of(Oracle(one, TRUST, moment(NOW))) for one in all_histories()]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_some_history_on_which_stores_are_tried_tells_a_variant(
    graphs: list[Graph], variant: type[Oracle]
) -> None:
    """A store without that rule would equal what is left."""
    pairs = zip(all_histories(), graphs, strict=True)
    assert any(graph_of(variant(one, TRUST, moment(NOW))) != graph for one, graph in pairs)


@pytest.mark.parametrize(
    "rule", [one for one in Rule if one not in NOT_OF_A_STORE], ids=lambda r: r.name
)
def test_some_history_on_which_stores_are_tried_tells_a_rule(
    graphs: list[Graph], rule: Rule
) -> None:
    pairs = zip(all_histories(), graphs, strict=True)
    assert any(graph_of(Oracle(one, TRUST, moment(NOW), {rule})) != graph for one, graph in pairs)
