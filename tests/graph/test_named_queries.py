"""Query files: their form, and that the queries in them and the names in the code are the same."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.named_queries import parse_queries, read_queries
from graph.neo4j import connection as neo4j
from graph.sqlite import connection as sqlite

# The functions of the stores that are given the name of a query, and the place of that parameter.
READERS = {
    "query": 0,
    "run": 0,
    "read_one": 0,
    "read_many": 0,
    "write_many": 0,
    "_delete_batch": 1,
    "_load_answers": 0,
    "_names": 0,
    "_read_one": 1,
    "_rows": 0,
}
STORES = {sqlite: (".sql", "--"), neo4j: (".cypher", "//")}
LINES = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).filter(
        lambda line: not line.startswith(("--", "//"))
    ),
    min_size=1,
).map("\n".join)
NAMES = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)


@given(st.dictionaries(NAMES, LINES, min_size=1), st.sampled_from(["--", "//"]), st.integers(0, 3))
def test_a_query_is_the_text_under_its_name(
    queries: dict[str, str], comment: str, blank: int
) -> None:
    gap = "\n" * (blank + 1)
    source = "".join(f"{comment} name: {name}{gap}{text}{gap}" for name, text in queries.items())
    assert dict(parse_queries({"a": source}, comment=comment).texts) == queries


@given(st.dictionaries(NAMES, LINES, min_size=1))
def test_the_files_are_one_space_of_names(queries: dict[str, str]) -> None:
    sources = {f"{name}.sql": f"-- name: {name}\n{text}\n" for name, text in queries.items()}
    assert dict(parse_queries(sources, comment="--").texts) == queries


def test_a_comment_after_the_name_is_the_query_s() -> None:
    source = "\n-- name: first\n-- Why so.\nSELECT 1 -- name: none\n\n-- name: second\nSELECT 2\n"
    parsed = parse_queries({"a.sql": source}, comment="--")
    assert parsed.text("first") == "-- Why so.\nSELECT 1 -- name: none"
    assert parsed.text("second") == "SELECT 2"


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        ({}, "expected query files, got none"),
        ({"a": ""}, "a: expected `-- name: …` first, got ''"),
        ({"a": "SELECT 1\n"}, "a: expected `-- name: …` first, got 'SELECT 1'"),
        (
            {"a": "-- Of it.\n-- name: b\nSELECT 1\n"},
            "expected `-- name: …` first, got '-- Of it.'",
        ),
        ({"a": "-- name: b\n"}, "a: expected a query under b, got none"),
        ({"a": "-- name: b\n\n-- name: c\nSELECT 1\n"}, "expected a query under b, got none"),
        ({"a": "-- name: b\n  -- Why so.\n"}, "expected a query under b, got none"),
        (
            {"a": "-- name: b\nSELECT 1\n-- name: b\nSELECT 1\n"},
            "a: expected a new name, got b, which stands in a",
        ),
        (
            {"a": "-- name: b\nSELECT 1\n", "c": "-- name: b\nSELECT 2\n"},
            "c: expected a new name, got b, which stands in a",
        ),
        *[
            ({"a": f"-- name: b\nSELECT 1\n{line}\nSELECT 2\n"}, f"got {line.strip()!r}")
            for line in (
                "-- name: Upper",
                "-- name: two words",
                "-- name:",
                "-- name: c ",
                "--name: c",
                "  -- name: c",
                "-- Name: c",
                "-- name c",
            )
        ],
    ],
)
def test_what_is_not_of_the_form_is_refused(sources: dict[str, str], fault: str) -> None:
    with pytest.raises(RuntimeError) as raised:
        parse_queries(sources, comment="--")
    assert fault in str(raised.value)


def test_every_fault_is_named_at_once() -> None:
    sources = {"a": "SELECT 1\n-- name: b\n", "c": "-- name: b\nSELECT 1\n--name: d\n"}
    with pytest.raises(RuntimeError) as raised:
        parse_queries(sources, comment="--")
    assert len(str(raised.value).splitlines()) == 5


def test_a_package_without_query_files_is_refused() -> None:
    with pytest.raises(RuntimeError, match="expected query files, got none"):
        read_queries("graph.model", suffix=".sql", comment="--")


@pytest.mark.parametrize("store", STORES, ids=["sqlite", "neo4j"])
def test_an_unknown_name_is_refused_and_the_known_ones_are_named(store: ModuleType) -> None:
    with pytest.raises(
        RuntimeError, match=r"got 'adjacent': there are .*add_answer, .*, words"
    ) as raised:
        store.query("adjacent")
    # The stores take these for damaged rows.
    assert not isinstance(raised.value, ValueError | LookupError)


@pytest.mark.parametrize("store", STORES, ids=["sqlite", "neo4j"])
def test_every_query_stands_beside_a_module_that_uses_it(store: ModuleType) -> None:
    suffix, comment = STORES[store]
    known: set[str] = set()
    for path in _folder(store).glob(f"*{suffix}"):
        named = parse_queries({path.name: path.read_text("utf-8")}, comment=comment).texts
        used = set(_strings(ast.parse(path.with_suffix(".py").read_text("utf-8"))))
        assert named.keys() - used == set(), path.name
        known |= named.keys()
    assert known == store.queries().texts.keys()


@pytest.mark.parametrize("store", STORES, ids=["sqlite", "neo4j"])
def test_every_name_in_the_code_is_that_of_a_query(store: ModuleType) -> None:
    used: set[str] = set()
    for path in _folder(store).glob("*.py"):
        for argument in _query_arguments(ast.parse(path.read_text("utf-8"))):
            built = [n for n in ast.walk(argument) if isinstance(n, ast.JoinedStr | ast.BinOp)]
            assert not built, f"{path.name}:{argument.lineno}: a name is put together"
            used |= set(_strings(argument))
    assert len(used) > 50
    assert used - store.queries().texts.keys() == set()


def _folder(store: ModuleType) -> Path:
    assert store.__file__ is not None
    return Path(store.__file__).parent


def _query_arguments(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the arguments of the calls that are given the name of a query."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in READERS and len(node.args) > READERS[name]:
                yield node.args[READERS[name]]
            if name.startswith("execute_"):  # the driver calls its first argument with the others
                yield from node.args[1:]


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
