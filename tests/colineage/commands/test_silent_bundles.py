"""Bundles that say nothing, and words that are not known here, are shown and verified all the same."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.model.model import Grant
from graph.open import open_store
from tests.graph.statements import add, idea, say
from tests.graph.unfit import NO_TEXT, UNFIT, unfit

Type = Callable[..., Any]

ADA = signer_of(bytes(range(32)))
BEN = signer_of(bytes(range(32, 64)))


@pytest.fixture
def store_of(place: Path) -> Callable[..., None]:
    def store_of(*bundles: Bundle) -> None:
        with closing(open_store("sqlite:colineage.db")) as store:
            add(store, *bundles)

    return store_of


@pytest.mark.parametrize("body", UNFIT)
def test_a_body_that_does_not_fit_is_shown_with_the_reason(
    typed: Type, store_of: Callable[..., None], body: bytes
) -> None:
    bundle = unfit(ADA, body)
    store_of(bundle)
    shown = typed("show", bundle.id, "--json").json["bundle"]
    assert shown["body"] == (None if body is NO_TEXT else body.decode())
    assert shown["says_nothing"].startswith("its body doesn't fit: ")
    words = typed("show", bundle.id)
    assert (words.status, "says nothing" in words.out) == (0, True), words.err
    checked = typed("verify", "--json")
    assert (checked.status, checked.json["silent"]) == (0, 1)
    assert "says nothing" in typed("verify").out


def test_an_export_of_such_bodies(typed: Type, store_of: Callable[..., None]) -> None:
    """Of bytes that are no text an export has no body."""
    store_of(*(unfit(ADA, body) for body in UNFIT))
    assert typed("export", "shared").status == 0
    checked = typed("verify", "shared", "--json")
    assert checked.status == 0, checked.json
    assert (checked.json["withheld"], checked.json["silent"]) == (1, len(UNFIT) - 1)


def test_a_withheld_body(typed: Type, store_of: Callable[..., None]) -> None:
    bundle = replace(say(ADA, idea("#1", "x")), body_bytes=None, body=None)
    store_of(bundle)
    shown = typed("show", bundle.id, "--json").json["bundle"]
    assert (shown["body"], shown["says_nothing"]) == (None, "its body is not here, only the hash")
    assert "only the hash" in typed("show", bundle.id).out


def test_a_scope_of_tomorrow(typed: Type, store_of: Callable[..., None]) -> None:
    grant = say(ADA, grants=Grant(BEN.key, "sing"))
    under = say(BEN, idea("#1", "x"), under=grant.id)
    store_of(grant, under)
    (author,) = typed("key", "list", "--json").json["authors"]
    assert author["grants"][0]["scope"] == "sing"
    assert "may do nothing known here (sing)" in typed("key", "list").out
    assert "(sing)" in typed("show", under.id).out
    assert "right to say" in typed("show", under.id, "--json").json["bundle"]["says_nothing"]


def test_what_is_dated_ahead_is_shown_as_waiting(
    typed: Type, store_of: Callable[..., None]
) -> None:
    late = say(ADA, idea("#1", "x"), at="2999-01-01T00:00:00Z")
    store_of(late)
    found = typed("show", late.id, "--json").json["bundle"]["attribution"]
    assert "dated more than a day ahead" in found["pending"]
    assert "no effect until its time" in " ".join(typed("show", late.id).out.split())
    assert typed("verify").status == 0
    typed("export", "shared")
    checked = typed("verify", "shared", "--json")
    assert (checked.status, bool(checked.json["digest"])) == (0, True)
