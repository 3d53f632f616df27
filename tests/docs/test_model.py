"""docs/model.md names every word of the vocabulary, and the tables in it are those of the code."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from graph.model import vocabulary
from graph.model.vocabulary import ATTRIBUTES, QUALIFIERS, Shape

WORDS = (
    vocabulary.Kind,
    vocabulary.Relation,
    vocabulary.Derivation,
    vocabulary.Activity,
    vocabulary.Role,
    vocabulary.Degree,
    vocabulary.Autonomy,
    vocabulary.Improves,
    vocabulary.IdentificationBasis,
    vocabulary.AgentNature,
    vocabulary.ReadingOutcome,
)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "model.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_every_word_is_explained(page: str, words: type[StrEnum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in page] == []


def _table(title: str, table: Mapping[str, Shape | type[StrEnum]]) -> str:
    """What the page must hold: the names of each form, in the order of the code."""
    forms: dict[str, list[str]] = {}
    for name, shape in table.items():
        form = shape.value if isinstance(shape, Shape) else "one of " + ", ".join(shape)
        forms.setdefault(form, []).append(f"`{name}`")
    rows = [f"| {form} | {', '.join(names)} |" for form, names in forms.items()]
    return "\n".join([f"| form | {title} |", "| --- | --- |", *rows])


@pytest.mark.parametrize(
    ("title", "table"), [("attributes", ATTRIBUTES), ("qualifiers", QUALIFIERS)]
)
def test_the_tables_are_those_of_the_code(
    page: str, title: str, table: Mapping[str, Shape | type[StrEnum]]
) -> None:
    found = re.search(rf"<!-- {title}: .*? -->\n(.*?)\n?<!-- end -->", page, flags=re.DOTALL)
    assert found
    wanted = _table(title, table)
    assert found.group(1) == wanted, f"put this into docs/model.md:\n{wanted}"
