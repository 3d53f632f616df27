"""Two readers of the format, written from docs/bundle.md apart from one another: the service's and the explorer's agree.

On 2,000 bundles at the edges of the format in `make test`, on 10,000 with `--soak`.
"""

import base64
import json
import os
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from graph.bundle.body import VOCABULARY
from graph.bundle.bundle import Bundle, read
from graph.errors import BundleError
from graph.model import vocabulary as words
from graph.model.vocabulary import Kind, Relation, Shape
from tests.conftest import Size
from tests.explorer.bundle_bytes import at_the_edges, large
from tests.explorer.bundle_changes import changes
from tests.explorer.bundle_drafts import GOOD, Case, case
from tests.explorer.bundle_edges import each_rule
from tests.explorer.new_characters import with_new_characters

EXPLORER: Final = Path(__file__).parents[2] / "explorer"
SEED: Final = 20261120

BREAKS: Final = (
    ("identifiers", '"(?:0[1-9]|10|11|12)"', '"[0-9]{2}"'),
    ("identifiers", "{1,400}", "{1,399}"),
    ("identifiers", "sum + Number(digit)) * 2) % 11", "sum + Number(digit)) * 2) % 9"),
    ("identifiers", "MAX_ID_OCTETS = 512", "MAX_ID_OCTETS = 513"),
    ("identifiers", "year >= 1 && ", ""),
    ("canonical", "MAX_DEPTH = 16", "MAX_DEPTH = 17"),
    ("canonical", "MAX_HEADER_BYTES = 1_048_576", "MAX_HEADER_BYTES = 1_048_577"),
    ("canonical", "rank(a.charCodeAt(k)) - rank(b.charCodeAt(k))", "a.charCodeAt(k) - b.charCodeAt(k)"),
    ("canonical", 'text.isWellFormed()', "true"),
    ("header", "isRun || !has(value, \"vouches\")", "true"),
    ("header", "!isRun || mints.size === 1", "true"),
    ("header", "mints.size === pairs.length", "true"),
    ("header", "new Set(words).size === words.length", "true"),
    ("header", "!hasAny(value, BESIDE_NO_GRANT)", "true"),
    ("fit", "ids.includes(label)", "true"),
    ("fit", "isOwn || isToSubject", "isOwn"),
    ("fit", '!hasSubtype || rel === "wasDerivedFrom"', "true"),
    ("fit", "!header.isRun || isOfRun", "true"),
    ("values", "MAX_SHORT_TEXT_BYTES = 4096", "MAX_SHORT_TEXT_BYTES = 4097"),
    ("ed25519", "isFirm(signature.subarray(0, 32)) && ", ""),
)  # fmt: skip
"""Rules of the explorer's reader, each broken by one change of one line."""


def all_cases(number: int) -> list[Case]:
    """So many cases; where they are fewer than those of the rules, a choice of these and of the others."""
    fixed = [*each_rule(), *at_the_edges()]
    dice = random.Random(SEED)  # noqa: S311 - cases, not secrets
    if number < len(fixed):
        fixed = dice.sample(fixed, number * 2 // 3)
    whole = [*fixed, *large()]
    return [*whole, *islice(changes(SEED), number - len(whole))]


def ours(of: Case) -> str:
    """The verdict of the service's reader."""
    try:
        return _verdict(_read(of, of.body))
    except BundleError:
        pass
    try:
        _read(of, None)
    except BundleError:
        return "refused header"
    return "refused body"


def _read(of: Case, body: bytes | None) -> Bundle:
    """The bundle; where its header isn't understood, nobody judges the signature."""
    try:
        return read(of.header, body, of.signature)
    except BundleError:
        bundle = read(of.header, body, None)
        if bundle.header is not None:
            raise
        return bundle


def _verdict(bundle: Bundle) -> str:
    if bundle.header is None:
        return "not understood"
    return "says" if bundle.body is not None else "silent"


def theirs(of: Sequence[Case], *options: str) -> list[str]:
    """The verdicts of the explorer's reader."""
    lines = "".join(json.dumps([_text(part) for part in one[1:]]) + "\n" for one in of)
    answers = _node(*options, given=lines).splitlines()
    return [_words(json.loads(answer)) for answer in answers]


def _text(part: bytes | None) -> str | None:
    return None if part is None else base64.b64encode(part).decode()


def _words(verdict: dict[str, Any]) -> str:
    match verdict:
        case {"state": "refused", "of": part}:
            return f"refused {part}"
        case {"state": "admitted", "silence": silence}:
            return "says" if silence is None else "silent"
        case {"state": state}:
            return str(state)
        case _:
            pytest.fail(f"expected a verdict, found {verdict}")


def _node(*options: str, given: str = "") -> str:
    """What the reader prints."""
    path = os.pathsep.join((os.environ.get("PATH", ""), str(Path(sys.executable).parent)))
    node = shutil.which("node", path=path)
    if node is None or not (EXPLORER / "node_modules").exists():
        pytest.fail("expected Node and the explorer's packages, found none; run: make explorer")
    command = [node, "dev/read_bundles.mjs", *options]
    done = subprocess.run(
        command, cwd=EXPLORER, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def judged(number: int) -> tuple[list[Case], list[str]]:
    """Cases with the verdicts of the service's reader."""
    cases = all_cases(number)
    return cases, [ours(one) for one in cases]


@pytest.fixture(scope="module")
def number(size: Size) -> int:
    """How many cases."""
    return size(2_000, 10_000)


def test_they_agree_on_every_case(number: int) -> None:
    cases, expected = judged(number)
    apart = [
        (one.rule, our, their, one.header[:300], (one.body or b"")[:600])
        for one, our, their in zip(cases, expected, theirs(cases), strict=True)
        if our != their
    ]
    assert apart == []
    assert len(cases) == number


def test_the_cases_are_not_all_of_one_verdict(number: int) -> None:
    """Each verdict is met often; and at the edge of a rule stands what keeps it and what doesn't."""
    _, expected = judged(number)
    assert {one: expected.count(one) > number // 500 for one in set(expected)} == dict.fromkeys(
        ("says", "silent", "refused header", "refused body", "not understood"), True
    )
    by_rule = defaultdict(set)
    for one in (*each_rule(), *at_the_edges(), *large()):
        by_rule[one.rule].add(ours(one))
    one_sided = {rule for rule, verdicts in by_rule.items() if len(verdicts) == 1}
    assert one_sided == set(GOOD)


def test_the_good_ones_are_taken() -> None:
    verdicts = {name: ours(case(name, draft)) for name, draft in GOOD.items()}
    silent = {"a grant": "silent", "an end": "silent"}
    later = {"a later version": "not understood", "a later key": "not understood"}
    assert verdicts == dict.fromkeys(GOOD, "says") | silent | later


def test_they_agree_whatever_versions_of_unicode_they_run_on() -> None:
    """The two run on tables of different ages; in the control theirs decides what a digit is."""
    cases = list(with_new_characters())
    expected = [ours(one) for one in cases]
    assert theirs(cases) == expected
    assert {"says", "silent", "refused header", "not understood"} <= set(expected)
    by_table = r"new RegExp(`^(?:${pattern.replaceAll('0-9', '\\p{Nd}')})$`, 'u')"
    broken = theirs(cases, "--break", "identifiers", "new RegExp(`^(?:${pattern})$`)", by_table)
    assert broken != expected


def test_a_reader_with_a_broken_rule_is_noticed(size: Size, number: int) -> None:
    """The control: three broken readers, or all of them with `--soak`."""
    pairs = zip(*judged(number), strict=True)
    cases, expected = zip(
        *(pair for pair in pairs if len(pair[0].body or b"") < 2**20), strict=True
    )
    for broken in BREAKS[:: size(7, 1)]:
        assert theirs(cases, "--break", *broken) != list(expected), f"nobody noticed {broken}"


def test_they_have_the_same_vocabulary() -> None:
    theirs = json.loads(_node("--vocabulary"))
    assert theirs["WORDS"] == VOCABULARY
    groups = (words.ENTITY_KINDS, words.ACTIVITY_KINDS, words.AGENT_KINDS)
    for name, group in zip(("ENTITIES", "ACTIVITIES", "AGENTS"), groups, strict=True):
        assert theirs[name] == [kind.value for kind in Kind if kind in group]
    assert theirs["RELATIONS"] == {relation.value: _ends(relation) for relation in Relation}
    assert theirs["ATTRIBUTES"] == {key: _form(form) for key, form in words.ATTRIBUTES.items()}
    assert theirs["QUALIFIERS"] == {key: _form(form) for key, form in words.QUALIFIERS.items()}


def _ends(relation: Relation) -> list[str]:
    source = "an activity" if relation in words.FROM_ACTIVITY else "any"
    target = "an activity" if relation in words.TO_ACTIVITY else "any"
    return [source, "an agent" if relation in words.TO_AGENT else target]


def _form(form: Shape | type[StrEnum]) -> str | list[str]:
    return form.value if isinstance(form, Shape) else [member.value for member in form]
