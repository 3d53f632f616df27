"""What other tools build on: the schema, as it stands in the golden file."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

import api
from api.graphql.cost import refuse_dear
from api.graphql.schema import schema

GOLDEN = Path(api.__file__).with_name("schema.graphql")
QUESTIONS = Path(api.__file__).parent.parent / "explorer" / "src" / "questions"


@pytest.fixture(scope="module")
def plan() -> GraphQLSchema:
    return build_schema(GOLDEN.read_text("utf-8"))


def test_the_schema_is_the_golden_one() -> None:
    # After a change that is meant:
    # python -c 'from api.graphql.schema import schema; print(schema.as_str())' > api/schema.graphql
    assert schema.as_str() + "\n" == GOLDEN.read_text("utf-8")


def test_everything_that_can_be_asked_is_described(plan: GraphQLSchema) -> None:
    types = [one for name, one in plan.type_map.items() if not name.startswith("__")]
    assert [one.name for one in types if not one.description] == []


def test_the_explorers_questions_fit_the_schema_and_the_limits(plan: GraphQLSchema) -> None:
    files = sorted(QUESTIONS.glob("*.graphql"))
    assert files
    document = parse("\n".join(file.read_text("utf-8") for file in files))
    assert validate(plan, document) == []
    variables = {"first": 60, "depth": 3}
    price = refuse_dear(schema.executable, document, variables=variables, operation=None)
    assert price.nodes > 0
