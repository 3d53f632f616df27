"""Why a bundle says nothing: its body is missing, erased, doesn't fit or may not be said."""

from dataclasses import replace

import pytest

from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Grant
from graph.model.vocabulary import Scope, Verb
from graph.queries.attribution import attributions
from graph.queries.silence import silence_of
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS
from tests.graph.statements import add, idea, paper, say
from tests.graph.unfit import NEWER, NO_TEXT, UNFIT, unfit


def of(store: GraphStore, bundle: Bundle) -> str | None:
    stored = store.bundles_by_id([bundle.id])[bundle.id]
    return silence_of(store, stored, attributions(store, [bundle.id])[bundle.id])


def test_what_is_said_is_not_silent(store: GraphStore) -> None:
    record, statement = paper("2401.00001", "One"), say(ADA, idea("#1", "x"))
    run = say(ADA, vouches=(record,))
    add(store, record, statement, run)
    assert [of(store, bundle) for bundle in (record, statement, run)] == [None] * 3


@pytest.mark.parametrize("body", UNFIT)
def test_a_body_that_does_not_fit_says_why(store: GraphStore, body: bytes) -> None:
    bundle = unfit(ADA, body)
    add(store, bundle)
    told = of(store, bundle)
    assert told is not None
    assert told.startswith("its body doesn't fit: body")
    assert store.things([f"person:{ADA.key}"]) == {}


def test_a_newer_vocabulary_is_named(store: GraphStore) -> None:
    bundle = unfit(ADA, NEWER)
    add(store, bundle)
    assert "a vocabulary that is known here, got 2" in (of(store, bundle) or "")


def test_many_faults_are_counted(store: GraphStore) -> None:
    bundle = unfit(ADA, canonical_bytes({"words": 1, **{f"k{n}": 1 for n in range(9)}}))
    add(store, bundle)
    assert (of(store, bundle) or "").endswith("; and 7 more")


def test_a_body_that_is_not_here(store: GraphStore) -> None:
    whole = say(ADA, idea("#1", "x"))
    bundle = replace(whole, body_bytes=None, body=None)
    add(store, bundle)
    assert of(store, bundle) == "its body is not here, only the hash"
    add(store, whole)
    assert of(store, bundle) is None


def test_a_body_that_was_erased(store: GraphStore) -> None:
    bundle = say(ADA, idea("#1", "x"))
    add(store, bundle, say(ADA, answers=((Verb.ERASES, bundle),), prev=(bundle,)))
    assert of(store, bundle) == (
        f"its body was erased by person:{ADA.key}, 2026-01-01T00:00:00Z: no reason given"
    )


def test_a_grant_has_no_body(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    add(store, grant)
    assert of(store, grant) == "it grants or ends, and has no body"


@pytest.mark.parametrize("scope", [Scope.HARVEST, "sing"])
def test_a_grant_that_gives_no_right_to_say(store: GraphStore, scope: str) -> None:
    grant = say(ADA, grants=Grant(HANDS[0].key, scope))
    bundle = say(HANDS[0], idea("#1", "x"), under=grant.id)
    add(store, grant, bundle)
    assert "right to say" in (of(store, bundle) or "")


def test_a_run_speaks_with_the_right_to_harvest(store: GraphStore) -> None:
    record = paper("2401.00001", "One")
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.HARVEST))
    run = say(HANDS[0], under=grant.id, vouches=(record,))
    add(store, record, grant, run)
    assert of(store, run) is None


def test_what_is_not_understood(store: GraphStore) -> None:
    header = canonical_bytes({"v": 2, "body": digest(NO_TEXT)})
    bundle = Bundle(digest(header), header, NO_TEXT, None, None, None)
    add(store, bundle)
    assert "not understood here" in (of(store, bundle) or "")


def test_what_is_dated_ahead_has_no_author_yet(store: GraphStore) -> None:
    late = say(ADA, idea("#1", "x"), at="2999-01-01T00:00:00Z")
    record = paper("2401.00001", "One", at="2999-01-01T00:00:00Z")
    add(store, late, record)
    for found in attributions(store, [late.id, record.id]).values():
        assert found.author is None
        assert "dated more than a day ahead" in (found.pending or "")


def test_more_grants_than_eight_have_no_author(store: GraphStore) -> None:
    keys = [ADA, *(HANDS[0] for _ in range(9))]
    grants: list[Bundle] = []
    for signer in keys[:9]:
        under = grants[-1].id if grants else None
        grants.append(say(signer, under=under, grants=Grant(HANDS[0].key, Scope.SAY)))
    bundle = say(HANDS[0], idea("#1", "x"), under=grants[-1].id)
    add(store, *grants, bundle)
    found = attributions(store, [bundle.id])[bundle.id]
    assert (found.author, found.pending) == (None, "there are more than 8 grants above it")
