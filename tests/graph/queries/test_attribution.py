"""Who is behind a bundle, on every store."""

from graph.bundle.bundle import Bundle, read
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import End, Grant
from graph.model.vocabulary import Scope
from graph.queries.attribution import Attribution, BundleForm, GrantLink, Voucher, attributions
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import add, idea, paper, say

AI, SUB = HANDS


def of(store: GraphStore, bundle: Bundle) -> Attribution:
    return attributions(store, [bundle.id])[bundle.id]


def test_a_record_is_its_source_s_and_names_the_runs_that_vouch(store: GraphStore) -> None:
    record = paper("2401.00001", "One", at="2026-01-02T00:00:00Z")
    hers = say(ADA, vouches=(record,), at="2026-01-03T00:00:00Z")
    another = say(ZED, vouches=(record,), at="2026-01-04T00:00:00Z")
    store.trust([TrustEntry(ADA.key)])
    add(store, record, hers, another)
    found = of(store, record)
    assert (found.form, found.by, found.author) == (
        BundleForm.RECORD,
        "source:arxiv",
        "source:arxiv",
    )
    assert (found.key, found.under, found.chain, found.pending) == (None, None, (), None)
    assert (found.at, found.counts, found.lives) == ("2026-01-02T00:00:00Z", True, True)
    assert sorted(found.vouchers, key=lambda one: one.at or "") == [
        Voucher(hers.id, ADA.key, "2026-01-03T00:00:00Z", f"person:{ADA.key}", is_trusted=True),
        Voucher(another.id, ZED.key, "2026-01-04T00:00:00Z", f"person:{ZED.key}", is_trusted=False),
    ]


def test_a_record_that_nobody_vouches_for(store: GraphStore) -> None:
    record = paper("2401.00001", "One")
    add(store, record)
    found = of(store, record)
    assert (found.author, found.at, found.vouchers, found.lives) == (
        "source:arxiv",
        None,
        (),
        False,
    )


def test_a_statement_of_a_key_of_its_own(store: GraphStore) -> None:
    said = say(ADA, idea("#1", "hers"))
    add(store, say(ZED, idea("#1", "another")), said)
    found = of(store, said)
    assert (found.form, found.author, found.key) == (BundleForm.STATEMENT, ADA.key, ADA.key)
    assert (found.by, found.under, found.chain) == (f"person:{ADA.key}", None, ())
    assert (found.counts, found.lives, found.position) == (True, True, 1)


def test_a_statement_under_grants_tells_the_whole_chain(store: GraphStore) -> None:
    first = say(ADA, grants=Grant(AI.key, Scope.ACT))
    second = say(AI, under=first.id, grants=Grant(SUB.key, Scope.SAY))
    said = say(SUB, idea("#1", "its own"), under=second.id)
    add(store, said, second, first)
    found = of(store, said)
    assert (found.author, found.key, found.under) == (ADA.key, SUB.key, second.id)
    assert found.chain == (
        GrantLink(second.id, SUB.key, Scope.SAY, AI.key, f"person:{AI.key}"),
        GrantLink(first.id, AI.key, Scope.ACT, ADA.key, f"person:{ADA.key}"),
    )
    assert of(store, first).chain == ()
    assert of(store, second).author == ADA.key


def test_while_a_grant_is_missing_nobody_is_named(store: GraphStore) -> None:
    first = say(ADA, grants=Grant(AI.key, Scope.ACT))
    second = say(AI, under=first.id, grants=Grant(SUB.key, Scope.SAY))
    said = say(SUB, under=second.id)
    add(store, said, second)
    found = of(store, said)
    assert (found.author, found.key, found.counts) == (None, SUB.key, False)
    assert [link.grant for link in found.chain] == [second.id]
    assert found.pending == f"the grant {first.id} is not here"
    add(store, first)
    assert (of(store, said).author, of(store, said).pending) == (ADA.key, None)


def test_what_claims_another_s_grant_is_nobody_s(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(AI.key, Scope.ACT))
    stolen = say(ZED, under=grant.id)
    nothing = say(ZED, under=stolen.id)
    add(store, grant, stolen, nothing)
    assert of(store, stolen).author is None
    assert of(store, stolen).pending == f"the grant {grant.id} was not made to {ZED.key}"
    assert of(store, nothing).pending == f"{stolen.id} is no grant"


def test_what_was_said_after_the_end_does_not_count(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(AI.key, Scope.SAY))
    before = say(AI, under=grant.id, salt="0" * 32)
    end = say(ADA, ends=End(grant.id, (before.id,)), prev=(grant,))
    after = say(AI, under=grant.id, prev=(before,), salt="1" * 32)
    add(store, grant, before, end, after)
    assert [of(store, one).counts for one in (before, after)] == [True, False]
    assert of(store, after).author == ADA.key


def test_what_is_not_understood_says_so(store: GraphStore) -> None:
    body = canonical_bytes({"nodes": [], "edges": []})
    newer = read(canonical_bytes({"v": 2, "by": "source:arxiv", "body": digest(body)}), body, None)
    add(store, newer)
    found = of(store, newer)
    assert found.form is BundleForm.NOT_UNDERSTOOD
    assert (found.by, found.at, found.author, found.key, found.lives) == (*(None,) * 4, False)


def test_many_at_once_and_those_that_are_not_here(store: GraphStore) -> None:
    said = [say(ADA, salt=f"{number:032x}") for number in range(40)]
    add(store, *said)
    names = [one.id for one in said]
    found = attributions(store, [*names, "sha256:" + "0" * 64, *names])
    assert sorted(found) == sorted(names)
    assert attributions(store, []) == {}
