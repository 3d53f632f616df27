"""docs/bundle.md says what the code does: its tables, its grammar, its examples, its limits."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.attribute_values import MAX_SHORT_TEXT_BYTES, is_number
from graph.bundle.bundle import Bundle, read
from graph.bundle.header import (
    header_from_json,
    header_to_json,
    is_hash,
    is_verb,
    later_faults,
)
from graph.bundle.keys import PAYLOAD_TYPE
from graph.clock import is_time
from graph.model.canonical import MAX_BODY_BYTES, MAX_DEPTH, MAX_HEADER_BYTES
from graph.model.identifiers import (
    MAX_ID_BYTES,
    belongs,
    is_any_id,
    is_identifier,
    is_key_form,
    is_label,
    kinds_of,
)
from graph.model.vocabulary import ACTIVITY_KINDS, AGENT_KINDS, ENTITY_KINDS, Kind, Scope, Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from tests.graph.bundle.abnf import Grammar
from tests.graph.bundle.bundle_page import (
    INSTALLATION,
    PAGE,
    example_bundles,
    filled,
    state_digest,
)

TEXT: Final = PAGE.read_text(encoding="utf-8")
GRAMMAR: Final = Grammar(TEXT.partition("```abnf\n")[2].partition("```")[0])
EXAMPLES: Final = example_bundles()
MINTING: Final = EXAMPLES["A statement that mints"]


def test_the_page_holds_what_the_code_holds() -> None:
    """Not so? Run `PYTHONPATH=. python tests/graph/bundle/bundle_page.py` and read what changed."""
    assert filled(TEXT) == TEXT


@pytest.mark.parametrize("bundle", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_examples_can_be_read_back(bundle: Bundle) -> None:
    assert read(bundle.header_bytes, bundle.body_bytes, bundle.signature) == bundle


@pytest.mark.parametrize("seed", range(3))
def test_a_store_makes_the_state_of_the_examples(seed: int) -> None:
    order = list(EXAMPLES.values())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, and no secret
    store = open_store("sqlite::memory:", clock=lambda: datetime(2026, 2, 1, tzinfo=UTC))
    store.trust([TrustEntry(INSTALLATION.key)])
    for bundle in order:
        store.append(lambda _view: (bundle,))  # noqa: B023 - it is called here, and not later
    assert all(one.lives for one in store.bundles())
    assert store.digest() == state_digest(order)
    assert state_digest(order) in TEXT
    store.close()


def test_the_examples_are_of_each_kind() -> None:
    """Every key of a header is in one of them."""
    headers = [header_to_json(one.header) for one in EXAMPLES.values() if one.header]
    assert {key for header in headers for key in header} == _header_keys()


def _header_keys() -> set[str]:
    section = TEXT.partition("\n## 2. ")[2].partition("\n## 3. ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_every_header_key_stands_on_the_page() -> None:
    keys = "v by at body source key under prev n answers grants ends vouches mints"
    assert _header_keys() == set(keys.split())


def test_constants_stand_on_the_page() -> None:
    assert PAYLOAD_TYPE in TEXT
    for limit in (MAX_HEADER_BYTES, MAX_BODY_BYTES, MAX_SHORT_TEXT_BYTES):
        assert f"{limit:,} bytes" in TEXT
    assert f"at most {MAX_DEPTH} deep" in TEXT
    assert f"at most {MAX_ID_BYTES} octets" in TEXT


@pytest.mark.parametrize("word", [*Verb, *Scope])
def test_each_word_of_today_stands_on_the_page(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_each_kind_but_a_mention_can_be_minted() -> None:
    assert re.findall(r'%s"([a-z]+)"', _rule("kind")) == [
        kind for group in (ENTITY_KINDS, ACTIVITY_KINDS, AGENT_KINDS) for kind in Kind if kind in group
        if kind is not Kind.MENTION
    ]  # fmt: skip


def _rule(name: str) -> str:
    match = re.search(rf"^{name} +=(.*(?:\n +/.*)*)", TEXT, re.MULTILINE)
    assert match
    return match[1]


def _is_admitted(**changes: Any) -> bool:
    assert MINTING.header
    return not header_from_json({**header_to_json(MINTING.header), **changes})[1]


def _is_record_admitted(mapping: str) -> bool:
    header = EXAMPLES["A record"].header
    assert header
    value = header_to_json(header)
    return not header_from_json({**value, "source": {**value["source"], "mapping": mapping}})[1]


CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "id": is_identifier,
    "any-id": is_any_id,
    "key": is_key_form,
    "label": is_label,
    "any-kind": lambda text: _is_admitted(mints=[["#1", text]]),
    "hash": is_hash,
    "at": is_time,
    "mapping": _is_record_admitted,
    "verb": is_verb,
    "decimal": is_number,
}
"""The rules that the code asks about, each with its answer."""


def accepts(rule: str, text: str) -> bool:
    """Return whether the page accepts a text: by its grammar, and by what it says beside it."""
    if not re.fullmatch(GRAMMAR.pattern(rule), text):
        return False
    if rule in {"id", "any-id"} and len(text) > 512:
        return False
    if rule == "any-kind" and text in {"mention", "ingest"}:  # a run mints without anything else
        return text == "ingest"
    if rule == "at":
        return _is_moment(*map(int, re.findall(r"\d+", text)))
    if rule == "key":
        return not text.startswith("ed25519:") or len(text) == 72
    if rule == "id":
        subject = text.removeprefix("mention:")
        if subject.startswith("orcid:"):
            return _has_check_digit(subject[6:25].replace("-", ""))
        if match := re.match("(?:person|software):ed25519:", subject):
            return bool(re.match("[0-9a-f]{64}(?:/|$)", subject[match.end() :]))
    return True


def _is_moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    is_day = year >= 1 and 1 <= month <= 12 and 1 <= day <= days[month - 1]
    return is_day and hour < 24 and minute < 60 and second < 60


def _has_check_digit(digits: str) -> bool:
    """Return whether ISO 7064 MOD 11-2 holds, by the standard's own sum: weights are powers of 2."""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(value << k for k, value in enumerate(reversed(values))) % 11 == 1


def _texts(rule: str) -> st.SearchStrategy[str]:
    """Texts of a rule, and such with one octet put in, taken out or changed."""
    whole = st.from_regex(GRAMMAR.pattern(rule), fullmatch=True)
    octets = st.characters(min_codepoint=0x20, max_codepoint=0x7F) | st.sampled_from(
        "\n\0\xe9\u0391\u0663\u017f"
    )

    def changed(text: str, place: int, octet: str, width: int) -> str:
        at = place % (len(text) + 1)
        return text[:at] + octet + text[at + width :]

    one = st.sampled_from(("", "0", "1", "-", "/", ".", "v", "A", "a", "e")) | octets
    return whole | st.builds(changed, whole, st.integers(0, 600), one, st.integers(0, 1))


BRANCHES: Final = (
    *_rule("subject").replace("/", " ").split(),
    "mention",
)


@pytest.mark.parametrize("branch", BRANCHES)
@settings(max_examples=40)
@given(data=st.data())
def test_the_grammar_and_the_code_agree_on_each_form_of_an_id(
    branch: str, data: st.DataObject
) -> None:
    text = data.draw(_texts(branch))
    assert is_identifier(text) == accepts("id", text), text


@pytest.mark.parametrize("rule", [rule for rule in CHECKS if rule != "id"])
@settings(max_examples=60)
@given(data=st.data())
def test_the_grammar_and_the_code_agree_on_every_other_text(rule: str, data: st.DataObject) -> None:
    text = data.draw(_texts(rule))
    assert CHECKS[rule](text) == accepts(rule, text), text


EDGES: Final = {
    "id": (
        "arxiv:2412.0001", "arxiv:2413.00001", "arxiv:2400.00001", "arxiv:2401.01234v0", "arxiv:2401.01234v01",
        "arxiv:2401.01234v1234567890", "arxiv:math.GT/0309136", "arxiv:aaaaaaaaaaaaaaaa/0309136", "arxiv:aaaaaaaaaaaaaaaaa/0309136",
        "doi:10.1000.10/x", "doi:10.1000./x", "doi:10.100/x", "doi:10.1000/X", "doi:10.1000/%c3%a4", "doi:10.1000/%C3", "doi:10.1000/%41",
        "doi:10.1000/%20", "doi:10.1000/%7f", "doi:10.1000/%25", "doi:10.1000/é", "doi:10.1000/" + "x" * 400, "doi:10.1000/" + "x" * 401,
        "orcid:0000-0002-1825-0097", "orcid:0000-0002-1825-0098", "orcid:0000-0002-1694-233X", "ror:02mhbdp94", "ror:02mhbdp95", "ror:0lmhbdp94",
        "openalex:W1", "openalex:W01", "openalex:w1", "openalex:W" + "1" * 15, "openalex:W" + "1" * 16, "git:" + "a" * 40, "git:" + "A" * 40,
        "git:" + "a" * 41, "git:" + "a" * 64, "swh:1:cnt:" + "a" * 40, "swh:2:cnt:" + "a" * 40, "mlflow:0/a", "mlflow:0/models", "mlflow:0/models/a",
        "mlflow:0/models/a/b", "mlflow:" + "a" * 128 + "/a", "mlflow:" + "a" * 129 + "/a", "concept:arxiv/cs.AI", "concept:arxiv/a b",
        "concept:a/" + "x" * 200, "concept:a/" + "x" * 201, "mention:mention:arxiv:2401.01234/" + "a" * 64 + "/" + "a" * 64,
        *(f"mention:arxiv:2401.01234/{'a' * 64}{end}" for end in ("", ".1", ".2", ".9", ".10", ".02", ".123456789", ".1234567890")),
        "person:" + "a" * 64, "person:ed25519:" + "a" * 64, "person:ed25519:" + "a" * 62, "person:x25519p:" + "a" * 66, "person:x:" + "a" * 128,
        "person:x:" + "a" * 130, "ai:ed25519:" + "a" * 64, "mention:" + "a" * 64, "pasture:" + "a" * 64, "model:a/b", "model:a/b@c", "model:a/b@",
        "model:a:b/c", "repository:git/" + "a" * 40, "repository:" + "a" * 64, "source:arxiv", "source:1a", "concept:x/" + "y" * 200,
    ),
    "any-id": ("x:y", "x:", "X:y", "1:y", "x-1:y", "x:é", "x:y z", "x:" + "y" * 510, "x:" + "y" * 511),
    "key": ("ed25519:" + "a" * 64, "ed25519:" + "a" * 66, "x:ab", "x:abc", "x:AB", "x-y:ab", "x:" + "ab" * 64, "x:" + "ab" * 65),
    "label": ("#1", "#", "1", "#" + "a" * 64, "#" + "a" * 65, "#a.b", "#é"),
    "any-kind": ("idea", "pasture", "mention", "ingest", "a" * 32, "a" * 33, "Idea", "a1"),
    "at": (
        "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z",
        "2026-06-30T23:59:60Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00z", "2026-01-01", "2026-01-01T00:00:00.0Z",
    ),
    "mapping": ("arxiv-raw/300", "arxiv-raw/0", "arxiv-raw/01", "arxiv-raw/123456789", "arxiv-raw/1234567890", "Arxiv/1", "arxiv/1/2"),
    "verb": ("retracts", "repliesTo", "Retracts", "a" * 32, "a" * 33, "a1", ""),
    "decimal": (
        "0", "-0", "00", "01", "+1", ".5", "5.", "1.50", "1e5", "1E5", "1e+5", "1e05", "1e-5", "1e0", "1e123456789", "1e1234567890", "NaN", "-NaN",
        "Infinity", "-Infinity", "+Infinity", "nan", "٣",
    ),
}  # fmt: skip
"""Texts at the edges of the grammar."""


@pytest.mark.parametrize(("rule", "text"), [(r, text) for r in EDGES for text in EDGES[r]])
def test_the_grammar_and_the_code_agree_at_the_edges(rule: str, text: str) -> None:
    assert CHECKS[rule](text) == accepts(rule, text)


def test_the_edges_have_two_sides() -> None:
    """Texts that all are accepted, or none, would check nothing."""
    for rule, texts in EDGES.items():
        assert {accepts(rule, text) for text in texts} == {True, False}, rule


def test_each_form_of_an_id_has_a_row() -> None:
    """Of each form of the grammar one of the examples in the table is one."""
    table = TEXT.partition("<!-- identifiers: begin -->")[2].partition("<!-- identifiers: end -->")[
        0
    ]
    shown = [
        re.sub(r"3f…\((\d+) hex\)", lambda match: "3f" * (int(match[1]) // 2), text)
        for text in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    ]
    assert all(map(kinds_of, shown))
    for branch in BRANCHES:
        assert any(re.fullmatch(GRAMMAR.pattern(branch), text) for text in shown), branch


def test_a_mention_stands_on_the_subject_itself() -> None:
    """A subject may have a slash, so that another begins as it does."""
    name = "mention:concept:arxiv/cs/AI/" + "3f" * 32
    assert belongs(name, "concept:arxiv/cs/AI")
    assert not belongs(name, "concept:arxiv/cs")
    assert not belongs(f"mention:arxiv:2401.01234v2/{'3f' * 32}", "arxiv:2401.01234")


NOT_UNDERSTOOD: Final[dict[str, tuple[dict[str, Any], bool]]] = {
    "two nulls of a record": ({"at": None, "source": {"uri": "weather:x", "licence": None}}, True),
    "another null": ({"at": None, "by": None}, False),
    "a null of a statement": ({"at": None, "key": "x25519p:2a"}, False),
    "an empty array": ({"prev": []}, False),
    "no body": ({"body": None}, False),
    "a key that is none": ({"key": "secret"}, True),
}


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_section_1_holds_of_what_is_not_understood(name: str) -> None:
    changes, is_kept = NOT_UNDERSTOOD[name]
    value = {"v": 2, "body": f"sha256:{'3f' * 32}", **changes}
    assert (later_faults(value) == []) == is_kept
