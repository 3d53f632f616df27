"""YAML as values: what is read, what is refused, and that nothing is ever constructed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.yaml import MAX_CHARACTERS, MAX_DEPTH, parse_yaml

TREES = st.recursive(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"))),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text("abc"), inside),
    max_leaves=9,
)


def value(text: str) -> Any:
    found, faults = parse_yaml(text, plain=str)
    assert not faults
    assert found
    return found.value


@given(TREES)
def test_json_is_yaml_that_means_the_same(tree: Any) -> None:
    assert value(json.dumps(tree, ensure_ascii=False)) == tree


def test_words_are_what_the_caller_says_and_quoted_ones_are_text() -> None:
    found, _ = parse_yaml("a: yes\nb: 'yes'\nc: |\n  yes\n", plain=len)
    assert found
    assert found.value == {"a": 3, "b": "yes", "c": "yes\n"}
    assert found.lines[("c",)] == 3


def test_an_empty_text_says_nothing() -> None:
    assert value("") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: expected each key once, got 'a' again"),
        ("a: &x 1\nb: *x", "line 2: expected YAML, got an alias, expected the value itself"),
        ("a: !!binary eA==", "line 1: expected no tags, got tag:yaml.org,2002:binary"),
        ("? [a]\n: 1", "line 1: expected a key that is text, got another"),
        ("--- 1\n--- 2", "line 2: expected YAML, got but found another document"),
        ("a: \x07", "the file: expected YAML, got unacceptable character #x0007"),
        ("[" * 9000, f"line 1: expected YAML, got more than {MAX_DEPTH} values inside each other"),
        ("- " * 9000, f"line 1: expected YAML, got more than {MAX_DEPTH} values inside each other"),
        ("x" * (MAX_CHARACTERS + 1), f"the file: expected at most {MAX_CHARACTERS} characters"),
    ],
)
def test_what_is_refused(text: str, fault: str) -> None:
    found, faults = parse_yaml(text, plain=str)
    assert found is None
    assert str(faults[0]).startswith(fault)


def test_the_greatest_depth_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert json.dumps(value("[" * depth + "a" + "]" * depth)).count("[") == depth


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    found, faults = parse_yaml(text, plain=str)
    assert (found is None) == bool(faults)
