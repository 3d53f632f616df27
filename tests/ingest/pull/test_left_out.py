"""What is left out of a pull: bundles that are none, and bodies that are not those of their headers; the rest is taken."""

import shutil
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.model.canonical import MAX_BODY_BYTES, canonical_bytes, digest
from graph.model.vocabulary import Kind, Verb
from ingest.pull.pull import MAX_REFUSALS
from tests.graph.statements import add, idea, say
from tests.ingest.pull.conftest import tampered

Labs: TypeAlias = Callable[[int], Any]
EVE = signer_of(b"\x66" * 32)


LEFT_OUT: dict[str, tuple[dict[str, Any], str]] = {
    "a signature": (
        {"envelope": {"signatures": [{"sig": "AAAA"}]}},
        "signature: expected one that",
    ),
    "a signature gone": ({"envelope": None}, "signature: expected one by ed25519:"),
    "no base64": ({"envelope": {"signatures": [{"sig": "?"}]}}, "expected base64"),
    "two signatures": (
        {"envelope": {"signatures": [{"sig": "AAAA"}, {"sig": "AAAA"}]}},
        "expected exactly one",
    ),
    "another payload": ({"envelope": {"payload": "AAAA"}}, "expected the header in base64"),
    "another type": ({"envelope": {"payloadType": "x"}}, "envelope.payloadType: expected"),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_a_bundle_without_its_signature_is_left_out_and_asked_for_again(
    lab_of: Labs, what: str
) -> None:
    """The log's root says nothing of envelopes: one may have been damaged on the way, and the rest holds."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    ada.exports()
    changes, reason = LEFT_OUT[what]

    def change(lines: list[dict[str, Any]]) -> None:
        envelope = lines[3]["envelope"] | (changes["envelope"] or {})
        lines[3]["envelope"] = changes["envelope"] and envelope

    tampered(ada.folder, change)
    found = ben.pulls(ada, trust=True)
    assert (found.seen, found.added, found.refused, found.withheld) == (4, 3, 1, 0)
    [refusal] = found.refusals
    run = ada.log[3]
    assert (refusal.bundle, refusal.position, refusal.part) == (run.id, 3, "bundle")
    assert reason in refusal.reason
    assert ben.store.list_ids(None, limit=1) == [], "nobody vouches for the three"
    again = ben.pulls(ada)
    assert (again.seen, again.added, again.refused) == (0, 0, 1)
    shutil.rmtree(ada.folder)
    healed = ben.pulls(ada.exports())
    assert (healed.seen, healed.added, healed.refused) == (1, 1, 0)
    assert len(ben.store.list_ids(Kind.WORK, limit=9)) == 3
    assert ben.pulls(ada).refusals == ()


@pytest.mark.parametrize("body", ["{}", "", "x" * (MAX_BODY_BYTES + 1)])
def test_of_a_bundle_with_another_body_the_header_is_taken(lab_of: Labs, body: str) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1, 2, 3)
    ada.exports()
    tampered(ada.folder, lambda lines: lines[2].update(body=body))
    found = ben.pulls(ada, trust=True)
    assert (found.seen, found.added, found.refused, found.withheld) == (4, 4, 0, 1)
    [refusal] = found.refusals
    assert (refusal.bundle, refusal.position, refusal.part) == (ada.log[2].id, 2, "body")
    assert "expected at most" in refusal.reason or "header.body: expected" in refusal.reason
    assert [raw.body is None for raw in ben.log] == [False, False, True, False]
    again = ben.pulls(ada)
    assert (again.seen, again.added, again.withheld, len(again.refusals)) == (0, 0, 1, 1)
    shutil.rmtree(ada.folder)
    healed = ben.pulls(ada.exports())
    assert (healed.seen, healed.added, healed.withheld, healed.refusals) == (1, 0, 0, ())
    assert ben.log == ada.log


def logged(lab: Any, header: bytes, signature: bytes | None = None) -> str:
    """Puts a header into a log as only a faulty program does; gives back its id."""
    bundle = Bundle(digest(header), header, None, signature, None, None)
    add(lab.store, bundle)
    return bundle.id


def test_a_log_that_signs_what_is_no_bundle_is_taken_without_it(lab_of: Labs) -> None:
    """Its root holds, as it logged the things itself."""
    ada, ben = lab_of(1), lab_of(2)
    forged = say(EVE, idea("#1", "Not mine"))
    unsigned = Bundle(
        forged.id, forged.header_bytes, forged.body_bytes, b"\0" * 64, forged.header, forged.body
    )
    ada.reads(1, 2)
    add(ada.store, unsigned)
    odd = logged(ada, canonical_bytes({"v": 2, "at": "now"}))
    ada.reads(3)
    ada.exports()
    found = ben.pulls(ada)
    assert (found.seen, found.added, found.refused) == (7, 5, 2)
    assert [refusal.bundle for refusal in found.refusals] == [forged.id, odd]
    assert {raw.id for raw in ben.log} == {raw.id for raw in ada.log} - {forged.id, odd}
    again = ben.pulls(ada)
    assert (again.seen, again.refused) == (0, 1), "a header that is none stays none"


def test_the_first_of_many_refusals_are_named(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    odd = [
        logged(ada, canonical_bytes({"v": 2, "at": "now", "n": number}))
        for number in range(MAX_REFUSALS + 5)
    ]
    found = ben.pulls(ada.exports())
    assert (found.seen, found.added, found.refused) == (25, 0, 25)
    assert [refusal.bundle for refusal in found.refusals] == odd[:MAX_REFUSALS]


def test_a_bundle_that_comes_back_without_its_body_comes_in(lab_of: Labs) -> None:
    """First its signature is missing, then its body: the header is taken as soon as it holds."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    tampered(ada.folder, lambda lines: lines[1].update(envelope=None))
    assert ben.pulls(ada).added == 1
    shutil.rmtree(ada.folder)
    ada.exports()
    tampered(ada.folder, lambda lines: lines[1].update(body=None))
    found = ben.pulls(ada)
    assert (found.seen, found.added, found.refused, found.withheld) == (1, 1, 0, 1)


def test_a_body_that_was_erased_here_is_not_asked_for(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.says("Ours")
    kept = ada.said[-1]
    ben.pulls(ada.exports())
    erasure = say(
        ada.signer, answers=((Verb.ERASES, kept),), prev=(kept,), at="2026-11-21T00:00:00Z"
    )
    add(ada.store, erasure)
    found = ben.pulls(ada.exports())
    assert (found.added, found.withheld) == (1, 0)
    assert ben.log[0].body is None
    cem = lab_of(3)
    found = cem.pulls(ada)
    assert (found.added, found.withheld) == (2, 0)
    assert cem.pulls(ada).withheld == 0
