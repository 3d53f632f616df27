"""The language of the code: first sentences, names of functions, and rooms that stay few.

It is here because a stranger reads first sentences and names before code: a third of them were riddles once.
"""

import ast
from pathlib import Path

import pytest

from tests.house.structure import Module, arrows, is_participle, modules, openings, participles


@pytest.fixture(scope="module")
def code(root: Path) -> list[Module]:
    return modules(root)


@pytest.mark.parametrize("kind", ["module", "function"])
def test_first_sentences_open_with_a_verb_or_a_noun(code: list[Module], kind: str) -> None:
    """What, Which, Who, Whether and How ask the reader; a first sentence answers."""
    places, count = openings(code, kind)
    assert count > 200
    assert len(places) <= 0.03 * count, places


def test_no_public_function_is_named_by_a_participle(code: list[Module]) -> None:
    """Names of commands (`related`) are the user's."""
    ours = [module for module in code if not module.path.startswith("colineage/commands/")]
    assert participles(ours, public=True)[0] == []


def test_few_functions_at_all_are_named_by_a_participle(code: list[Module]) -> None:
    """`told` says that something happened, not what comes out."""
    places, count = participles(code, public=False)
    assert len(places) <= 0.04 * count, places


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, True) for name in ("told", "_held", "ended", "said_by", "vouched_for", "kept")),
        *(
            (name, False)
            for name in ("is_held", "known_works", "embed", "feed_of", "sign", "red_list")
        ),
    ],
)
def test_what_a_participle_is(name: str, expected: bool) -> None:
    """The rule is only as good as what it takes for a participle."""
    assert is_participle(name) == expected


def test_graph_stays_a_house_of_few_rooms(code: list[Module]) -> None:
    """37 modules side by side were on twelve levels; nobody found anything."""
    rooms, edges = arrows(code, "graph")
    assert len(rooms) <= 16, sorted(rooms)
    assert len(edges) <= 70


def test_each_test_of_the_house_says_why_it_is_there(root: Path) -> None:
    """A check of form without its reason is a nuisance that somebody switches off."""
    files = modules(root, ("tests/house",))
    silent = [
        f"{module.path}:{function.name}"
        for module in files
        if "test_" in module.path
        for function in module.functions()
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []
