"""The oracle itself; that each of its rules matters to some history is promise 5's control."""

from graph.model.vocabulary import Scope
from tests.graph.rules.rules_taken_out import TAKEN_OUT


def test_there_are_variants_of_each_rule_of_the_graph() -> None:
    assert set(TAKEN_OUT) == {2, *range(4, 13)}
    assert sum(map(len, TAKEN_OUT.values())) >= 40


def test_scopes_are_the_two_that_the_oracle_knows() -> None:
    assert {scope.value for scope in Scope} == {"say", "act"}
