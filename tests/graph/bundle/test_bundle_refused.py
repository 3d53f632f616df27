"""Every way in which a header is none, one case each, with the place and the expectation named.

A bundle is judged by its header and the signature alone: `test_bundle_bytes` has bytes, hashes and signatures, and
`test_bundle_unfit` the bodies that are taken and say nothing.
"""

from typing import Any

import pytest

from tests.graph.bundle.dishonest import (
    ENTITLED,
    HASH,
    NAME,
    OTHER,
    PAPER,
    SAID,
    SERVED,
    SPOKEN,
    Change,
    changed,
    made,
    places,
    put,
    without,
)
from tests.graph.histories import ADA, ZED

LOW_ORDER = "ed25519:" + "0" * 64


def test_the_honest_ones_are_read() -> None:
    for bundle in (made(SPOKEN, SAID, ADA), made(SERVED, PAPER, None)):
        assert bundle.header is not None
        assert bundle.body is not None
    for act in ({"grants": [ZED.key, "say"]}, {"ends": [HASH, OTHER]}):
        assert made({**ENTITLED, **act}, None, ADA).header is not None


STATEMENT_HEADERS: dict[str, tuple[Change, str]] = {
    "an empty text of an unknown key": (put("colour", value=""), "header.colour"),
    "an empty array inside an unknown key": (put("colour", value=[[]]), "header.colour"),
    "a null inside an unknown key": (put("colour", value={"a": None}), "header.colour"),
    "an unknown key beyond ASCII": (put("färg", value="red"), "header"),
    "a key beyond ASCII inside an unknown one": (put("colour", value={"färg": 1}), "header"),
    "a record's key": (put("source", value=SERVED["source"]), "header.source"),
    "version nought": (put("v", value=0), "header.v"),
    "a version that is true": (put("v", value=True), "header.v"),
    "a version in words": (put("v", value="1"), "header.v"),
    "no version": (without("v"), "header.v"),
    "a paper's name without a grant": (put("by", value="arxiv:2401.00001"), "header.by"),
    "a speaker that is no identifier": (put("by", value="Ada"), "header.by"),
    "a speaker with a space": (put("by", value="ai:a b"), "header.by"),
    "a speaker that is a list": (put("by", value=[]), "header.by"),
    "no speaker": (without("by"), "header.by"),
    "the name of another key": (put("by", value=f"person:{ZED.key}"), "header.by"),
    "another's name without a grant": (put("by", value="orcid:0000-0002-1825-0097"), "header.by"),
    "an AI without a grant": (put("by", value=f"ai:{NAME}"), "header.by"),
    "a minted person without a grant": (put("by", value=f"person:{NAME}"), "header.by"),
    "no time": (put("at", value=None), "header.at"),
    "no time at all": (without("at"), "header.at"),
    "an impossible date": (put("at", value="2026-02-30T00:00:00Z"), "header.at"),
    "year nought": (put("at", value="0000-01-01T00:00:00Z"), "header.at"),
    "a leap second": (put("at", value="2026-06-30T23:59:60Z"), "header.at"),
    "hour 24": (put("at", value="2026-06-30T24:00:00Z"), "header.at"),
    "a fraction of a second": (put("at", value="2026-01-01T00:00:00.5Z"), "header.at"),
    "an offset": (put("at", value="2026-01-01T00:00:00+00:00"), "header.at"),
    "a day": (put("at", value="2026-01-01"), "header.at"),
    "other digits": (put("at", value="٢٠٢٦-01-01T00:00:00Z"), "header.at"),
    "no body": (put("body", value=None), "header.body"),
    "a body that is no hash": (put("body", value="3f" * 32), "header.body"),
    "a key of low order": (put("key", value=LOW_ORDER), "header.key"),
    "the neutral point": (put("key", value="ed25519:01" + "0" * 62), "header.key"),
    "a key in capitals": (put("key", value="ed25519:" + "AB" * 32), "header.key"),
    "a short key": (put("key", value="ed25519:ab"), "header.key"),
    "a key that is null": (put("key", value=None), "header.key"),
    "a key without an algorithm": (put("key", value=NAME), "header.key"),
    "a grant that is no hash": (put("under", value="mine"), "header.under"),
    "a grant above that is null": (put("under", value=None), "header.under"),
    "an empty prev": (put("prev", value=[]), "header.prev"),
    "prev out of order": (put("prev", value=[OTHER, HASH]), "header.prev"),
    "prev twice": (put("prev", value=[HASH, HASH]), "header.prev"),
    "prev in capitals": (put("prev", value=["sha256:" + "AB" * 32]), "header.prev"),
    "prev that is a text": (put("prev", value=HASH), "header.prev"),
    "no n": (without("n"), "header.n"),
    "a negative n": (put("n", value=-1), "header.n"),
    "an n that is true": (put("n", value=True), "header.n"),
    "an n in words": (put("n", value="1"), "header.n"),
    "an n of 2^53": (put("n", value=2**53), "header"),
    "empty answers": (put("answers", value=[]), "header.answers"),
    "a verb with a capital": (put("answers", value=[["Likes", HASH]]), "header.answers"),
    "a verb with a digit": (put("answers", value=[["likes2", HASH]]), "header.answers"),
    "a verb of 33 letters": (put("answers", value=[["a" * 33, HASH]]), "header.answers"),
    "an empty verb": (put("answers", value=[["", HASH]]), "header.answers"),
    "an answer to no hash": (
        put("answers", value=[["disputes", f"idea:{NAME}"]]),
        "header.answers",
    ),
    "an answer that is an object": (put("answers", value=[{"disputes": HASH}]), "header.answers"),
    "an answer of three": (put("answers", value=[["disputes", HASH, HASH]]), "header.answers"),
    "a verb that is a list": (put("answers", value=[[[], HASH]]), "header.answers"),
    "answers out of order": (
        put("answers", value=[["retracts", HASH], ["disputes", HASH]]),
        "header.answers",
    ),
    "an answer twice": (
        put("answers", value=[["disputes", HASH], ["disputes", HASH]]),
        "header.answers",
    ),
    "a word and its undoing on one bundle": (
        put("answers", value=[["restores", HASH], ["retracts", HASH]]),
        "header.answers",
    ),
    "two words that end one bundle": (
        put("answers", value=[["erases", HASH], ["supersedes", HASH]]),
        "header.answers",
    ),
    "vouching without a run": (put("vouches", value=[HASH]), "header.vouches"),
    "a run that mints an idea too": (
        put("mints", value=[["#1", "idea"], ["#run", "ingest"]]),
        "header.mints",
    ),
    "a run of two runs": (
        put("mints", value=[["#1", "ingest"], ["#2", "ingest"]]),
        "header.mints",
    ),
    "empty mints": (put("mints", value=[]), "header.mints"),
    "a mention minted": (put("mints", value=[["#1", "mention"]]), "header.mints"),
    "a label of two kinds": (put("mints", value=[["#1", "claim"], ["#1", "idea"]]), "header.mints"),
    "mints out of order": (put("mints", value=[["#2", "idea"], ["#1", "idea"]]), "header.mints"),
    "a mint that is no label": (put("mints", value=[["1", "idea"]]), "header.mints"),
    "a label of 65 letters": (put("mints", value=[["#" + "x" * 65, "idea"]]), "header.mints"),
    "a minted kind with a capital": (put("mints", value=[["#1", "Idea"]]), "header.mints"),
    "a minted kind of 33 letters": (put("mints", value=[["#1", "a" * 33]]), "header.mints"),
    "a minted kind that is a list": (put("mints", value=[["#1", []]]), "header.mints"),
    "mints that are an object": (put("mints", value={"#1": "idea"}), "header.mints"),
}


@pytest.mark.parametrize("name", STATEMENT_HEADERS)
def test_a_statement_header_is_refused(name: str) -> None:
    change, where = STATEMENT_HEADERS[name]
    assert where in places(lambda: made(changed(SPOKEN, change), SAID, ADA))


RUN: dict[str, Any] = {**SPOKEN, "mints": [["#run", "ingest"]], "vouches": [HASH, OTHER]}
VOUCHES: dict[str, list[Any] | str] = {
    "empty": [],
    "out of order": [OTHER, HASH],
    "twice": [HASH, HASH],
    "a text": HASH,
    "no hash": [NAME],
}


@pytest.mark.parametrize("name", VOUCHES)
def test_the_vouching_of_a_run_is_refused(name: str) -> None:
    assert made(RUN, SAID, ADA).header is not None
    header = {**RUN, "vouches": VOUCHES[name]}
    assert places(lambda: made(header, SAID, ADA)) == {"header.vouches"}


ACTS: dict[str, tuple[dict[str, Any], str]] = {
    "a grant to no key": ({"grants": ["Ada", "say"]}, "header.grants"),
    "a grant to a short key": ({"grants": ["ed25519:ab", "say"]}, "header.grants"),
    "a grant to a key in capitals": ({"grants": ["x:AB", "say"]}, "header.grants"),
    "a grant to a key of 65 bytes": ({"grants": ["x:" + "ab" * 65, "say"]}, "header.grants"),
    "a scope with a capital": ({"grants": [ZED.key, "Say"]}, "header.grants"),
    "a scope that is a list": ({"grants": [ZED.key, []]}, "header.grants"),
    "a scope that is an object": ({"grants": [ZED.key, {}]}, "header.grants"),
    "a grant without a scope": ({"grants": [ZED.key]}, "header.grants"),
    "a grant of three": ({"grants": [ZED.key, "act", "say"]}, "header.grants"),
    "an empty grant": ({"grants": []}, "header.grants"),
    "a grant that is null": ({"grants": None}, "header.grants"),
    "an end of everything": ({"ends": "all"}, "header.ends"),
    "a resignation": ({"ends": "self"}, "header.ends"),
    "a resignation in an array": ({"ends": ["self"]}, "header.ends"),
    "an end with its heads in an array": ({"ends": [HASH, [OTHER]]}, "header.ends"),
    "an end with heads out of order": ({"ends": [HASH, OTHER, HASH]}, "header.ends"),
    "an end with a head twice": ({"ends": [HASH, OTHER, OTHER]}, "header.ends"),
    "an empty end": ({"ends": []}, "header.ends"),
    "an end that is null": ({"ends": None}, "header.ends"),
    "a grant and an end": ({"grants": [ZED.key, "say"], "ends": [HASH]}, "header.ends"),
    "a grant with a body": ({"grants": [ZED.key, "say"], "body": HASH}, "header.body"),
    "a grant that answers": (
        {"grants": [ZED.key, "say"], "answers": [["retracts", HASH]]},
        "header.answers",
    ),
    "a grant that vouches": ({"grants": [ZED.key, "say"], "vouches": [HASH]}, "header.vouches"),
    "a grant that mints": ({"grants": [ZED.key, "say"], "mints": [["#1", "idea"]]}, "header.mints"),
    "an end with a body": ({"ends": [HASH], "body": HASH}, "header.body"),
    "an end that answers": ({"ends": [HASH], "answers": [["disputes", HASH]]}, "header.answers"),
    "an end that vouches": ({"ends": [HASH], "vouches": [HASH]}, "header.vouches"),
    "an end that mints": ({"ends": [HASH], "mints": [["#1", "ingest"]]}, "header.mints"),
    "neither a grant nor a body": ({}, "header.body"),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_grant_or_an_end_is_refused(name: str) -> None:
    act, where = ACTS[name]
    assert where in places(lambda: made({**ENTITLED, **act}, None, ADA))


TAKEN: dict[str, dict[str, Any]] = {
    "an unknown key": {"colour": {"of": [["red", 7, True]]}},
    "the greatest n": {"n": 2**53 - 1},
    "an n that nobody counted": {"n": 7},
    "an unknown verb": {"answers": [["likes", HASH]]},
    "a verb of 32 letters": {"answers": [["a" * 32, HASH]]},
    "an unknown word and an ending one on one bundle": {
        "answers": [["disputes", HASH], ["opens", HASH], ["retracts", HASH]]
    },
    "a word on one, its undoing on another": {"answers": [["restores", HASH], ["retracts", OTHER]]},
    "an unknown kind": {"mints": [["#1", "pasture"]]},
    "two labels": {"mints": [["#1", "idea"], ["#2", "idea"]]},
    "a run that vouches for nothing": {"mints": [["#run", "ingest"]]},
    "software's own name": {"by": f"software:{ADA.key}"},
    "any name under a grant": {"by": "x-1:anybody", "under": HASH},
    "a paper's name under a grant": {"by": "arxiv:2401.00001", "under": HASH},
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_header_is_taken_whatever_its_effect(name: str) -> None:
    """Who may speak so, and what comes of it, are questions of the graph: docs/bundle.md, section 5."""
    assert made({**SPOKEN, **TAKEN[name]}, SAID, ADA).header is not None


@pytest.mark.parametrize(
    "act",
    [
        {"grants": [ZED.key, "sing"]},
        {"grants": [LOW_ORDER, "say"]},
        {"grants": ["x25519p:2a", "act"]},
        {"ends": [HASH]},
        {"ends": [HASH, HASH]},
    ],
)
def test_a_grant_or_an_end_is_taken_by_its_form_alone(act: dict[str, Any]) -> None:
    assert made({**ENTITLED, **act}, None, ADA).header is not None


OF_STATEMENTS: dict[str, Any] = {
    "under": HASH,
    "prev": [HASH],
    "n": 0,
    "answers": [["disputes", HASH]],
    "grants": [ZED.key, "say"],
    "ends": [HASH],
    "vouches": [HASH],
    "mints": [["#1", "idea"]],
}
RECORD_HEADERS: dict[str, tuple[Change, str]] = {
    **{
        f"a statement's {key}": (put(key, value=value), f"header.{key}")
        for key, value in OF_STATEMENTS.items()
    },
    "an empty unknown key": (put("colour", value=""), "header.colour"),
    "a source in capitals": (put("by", value="source:arXiv"), "header.by"),
    "a source without a name": (put("by", value="source:"), "header.by"),
    "a source's name of 513 octets": (put("by", value="source:" + "a" * 506), "header.by"),
    "an agent": (put("by", value=f"person:{ADA.key}"), "header.by"),
    "no time at all": (without("at"), "header.at"),
    "a day": (put("at", value="2026-01-01"), "header.at"),
    "an impossible date": (put("at", value="2026-13-01T00:00:00Z"), "header.at"),
    "no body": (put("body", value=None), "header.body"),
    "no source": (without("source"), "header.source"),
    "a source without a licence": (
        put("source", value={"uri": "x:y", "mapping": "a/1"}),
        "header.source",
    ),
    "an empty licence": (put("source", "licence", value=""), "header.source"),
    "an unknown key of the source": (put("source", "colour", value="red"), "header.source"),
    "an empty uri": (put("source", "uri", value=""), "header.source"),
    "a uri that is no id": (put("source", "uri", value="a paper"), "header.source"),
    "a uri of 513 octets": (put("source", "uri", value="x:" + "y" * 511), "header.source"),
    "a mapping without a number": (put("source", "mapping", value="arxiv-raw"), "header.source"),
    "a mapping numbered nought": (put("source", "mapping", value="a/0"), "header.source"),
    "a mapping with a leading nought": (put("source", "mapping", value="a/01"), "header.source"),
    "a mapping of ten digits": (put("source", "mapping", value="a/1234567890"), "header.source"),
    "a mapping with another digit": (put("source", "mapping", value="a/²"), "header.source"),
    "a mapping that is a number": (put("source", "mapping", value=1), "header.source"),
}


@pytest.mark.parametrize("name", RECORD_HEADERS)
def test_a_record_header_is_refused(name: str) -> None:
    change, where = RECORD_HEADERS[name]
    assert where in places(lambda: made(changed(SERVED, change), PAPER, None))
