"""What `graph.store` promises of its log and of what lives: one test a promise, on every store."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from graph.bundle.bundle import Bundle, read, record
from graph.clock import stamp
from graph.errors import InputError, StoreError
from graph.log.checkpoint import Checkpoint
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Body, BundleId, Description, Grant, RecordSource
from graph.model.vocabulary import Kind, Scope, Verb
from graph.open import open_store
from graph.proofs.proofs import checkpoint_at, prove_inclusion
from graph.rules.facts import TrustEntry, authors_of, with_author
from graph.speaker import Speaker
from graph.store import AppendView, GraphStore, Heads, RawBundle, Slot, Standing, Waiting
from tests.graph.conftest import NOW, clock
from tests.graph.histories import ADA, HANDS, IDEAS, ZED
from tests.graph.log.naive import climb, root_of_headers
from tests.graph.statements import add, cites, idea, paper, say, seen, work
from tests.oracle import oracle

PAPER = paper("2401.00001", "A paper", cites("arxiv:2401.00001", "arxiv:2401.00002"))


def run(
    *records: Bundle, at: str = "2026-01-01T00:00:00Z", prev: tuple[Bundle, ...] = ()
) -> Bundle:
    """Ada vouches for records."""
    return say(ADA, at=at, prev=prev, vouches=records)


def lives(store: GraphStore, bundle: Bundle) -> bool:
    stored = store.bundles_by_id([bundle.id]).get(bundle.id)
    assert stored is not None
    return stored.lives


def digest_of_nothing() -> str:
    return digest(b'["colineage-state",1]\n' + bytes(32))


# Appending.


def test_an_append_names_what_is_new_in_log_order(store: GraphStore) -> None:
    first, second, third = (say(ADA, salt=f"{k:032x}") for k in range(3))
    assert add(store, second) == (second.id,)
    assert add(store, third, second, first, third) == (third.id, first.id)
    assert [one.bundle.id for one in store.bundles()] == [second.id, third.id, first.id]


def test_an_append_tells_the_log_after_it(store: GraphStore) -> None:
    appended = store.append(lambda _look: [PAPER])
    assert appended.checkpoint == store.checkpoint()
    assert appended.checkpoint.size == 1
    assert store.append(lambda _look: [PAPER]).checkpoint == appended.checkpoint


def test_twice_is_once(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    add(store, PAPER, run(PAPER))
    once = seen(store), store.counts(), store.checkpoint()
    assert add(store, PAPER, run(PAPER)) == ()
    assert (seen(store), store.counts(), store.checkpoint()) == once


def test_nothing_is_added_when_composing_fails(store: GraphStore) -> None:
    def fails(look: AppendView) -> Sequence[Bundle]:
        assert look.heads(ADA.key) == Heads((), 0)
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        store.append(fails)
    assert store.checkpoint().size == 0
    assert add(store, PAPER) == (PAPER.id,)


def test_a_bundle_more_than_a_day_ahead_waits(store: GraphStore) -> None:
    """It is kept and served; of the graph it is no part, nor does it answer anything."""
    said = say(ADA, idea("#1", "now"))
    at = stamp(NOW + timedelta(days=1, seconds=1))
    ahead = say(ADA, idea("#1", "later"), at=at, answers=((Verb.RETRACTS, said),))
    assert add(store, said, ahead) == (said.id, ahead.id)
    assert store.waiting() == Waiting(1, at, at)
    assert lives(store, said)
    assert not lives(store, ahead)
    assert store.things(list(ahead.minted_ids())) == {}
    assert seen(store) == oracle([said, ahead], (), clock())
    store.rebuild()
    assert seen(store) == oracle([said, ahead], (), clock())


def test_what_waited_has_its_effect_with_the_first_append_after_its_time(file_url: str) -> None:
    said = say(ADA, idea("#1", "now"))
    at = stamp(NOW + timedelta(days=2))
    ahead = say(ADA, idea("#1", "later"), at=at, answers=((Verb.RETRACTS, said),))
    with closing(open_store(file_url, clock=clock)) as store:
        add(store, said, ahead)
    later = NOW + timedelta(days=1)
    with closing(open_store(file_url, clock=lambda: later)) as store:
        assert store.waiting() == Waiting(1, at, at)
        add(store, PAPER)
        assert store.waiting() == Waiting(0, None, None)
        assert lives(store, ahead)
        assert not lives(store, said)
        assert store.digest() == oracle([said, ahead, PAPER], (), later).digest
        assert list(store.integrity_faults()) == []


def test_a_bundle_one_day_ahead_is_admitted(store: GraphStore) -> None:
    source = RecordSource("arxiv:2401.00001", "arxiv-raw/300")
    statement = say(ADA, at=stamp(NOW + timedelta(days=1)))
    early = record("source:arxiv", stamp(NOW + timedelta(days=1)), source, Body())
    assert add(store, statement, early) == (statement.id, early.id)


# Looking before one speaks.


def test_heads_are_what_nobody_of_the_actor_follows(store: GraphStore) -> None:
    first = say(ADA)
    left, right = (say(ADA, prev=(first,), salt=f"{k:032x}") for k in range(2))
    stranger = say(ZED, prev=(left,))
    add(store, right, stranger, first, left)
    found: list[Heads] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        found.extend([look.heads(ADA.key), look.heads(ZED.key), look.heads(HANDS[0].key)])
        return []

    store.append(looks)
    both = tuple(sorted([left.id, right.id]))
    assert found == [Heads(both, 2), Heads((stranger.id,), 3), Heads((), 0)]


def test_a_stranger_is_no_head_of_a_grant(store: GraphStore) -> None:
    """Else whoever reads the log could fork another's chain, or exhaust its numbers."""
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    hers = say(HANDS[0], under=grant.id)
    thief = say(ZED, under=grant.id, prev=(hers,))
    add(store, grant, hers, thief)
    found: list[Heads] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        found.append(look.heads(grant.id))
        return []

    store.append(looks)
    assert found == [Heads((hers.id,), 1)]


def standings(store: GraphStore, *slots: Slot) -> dict[Slot, Standing]:
    found: dict[Slot, Standing] = {}

    def looks(look: AppendView) -> Sequence[Bundle]:
        found.update(look.standings(slots))
        return []

    store.append(looks)
    return found


def test_standings_name_winners_and_who_vouches(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key), TrustEntry(ZED.key)])
    other = paper("2401.00002", "Without a voucher")
    later = say(ZED, at="2026-01-02T00:00:00Z", vouches=(PAPER,))
    add(store, PAPER, run(PAPER), later, other)
    slots = [Slot("source:arxiv", f"arxiv:2401.0000{k}") for k in (1, 2, 3)]
    rank = ("", 300, "2026-01-02T00:00:00Z", PAPER.id)
    both = frozenset({ADA.key, ZED.key})
    assert standings(store, *slots) == {slots[0]: Standing(PAPER.id, rank, both)}


def test_what_an_author_upholds(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key), TrustEntry(ZED.key)])
    older, unvouched = PAPER, paper("2401.00002", "Without a voucher")
    beaten = paper("2401.00003", "First"), paper("2401.00003", "Then", at="2026-01-02T00:00:00Z")
    bare = replace(paper("2401.00004", "Without its body"), body=None, body_bytes=None)
    hers = run(older, *beaten, bare)
    add(store, older, unvouched, *beaten, bare, hers, say(ZED, vouches=(older, unvouched)))
    found: list[frozenset[BundleId]] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        asked = [one.id for one in (older, unvouched, *beaten, bare, hers)] + ["sha256:" + "0" * 64]
        found.extend(
            look.upheld_records(asked, key) for key in (ADA.key, ZED.key, "ed25519:" + "1" * 64)
        )
        return []

    store.append(looks)
    assert found == [{older.id, beaten[1].id}, {older.id, unvouched.id}, frozenset()]


def test_a_stranger_lends_a_standing_no_date(store: GraphStore) -> None:
    """Only vouchers that hold decide within a slot, so only they are in the rank."""
    store.trust([TrustEntry(ADA.key)])
    later = say(ZED, at="2026-01-02T00:00:00Z", vouches=(PAPER,))
    add(store, PAPER, run(PAPER), later)
    slot = Slot("source:arxiv", "arxiv:2401.00001")
    assert standings(store, slot)[slot].rank == ("", 300, "2026-01-01T00:00:00Z", PAPER.id)


def test_has_said_knows_what_an_actor_still_says(store: GraphStore) -> None:
    said = say(ADA, idea(IDEAS[0], "an idea"))
    taken_back = say(ADA, idea(IDEAS[1], "another"), prev=(said,))
    retraction = say(ADA, prev=(taken_back,), answers=((Verb.RETRACTS, taken_back),))
    add(store, said, taken_back, retraction)
    found: list[bool] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        for bundle in (said, taken_back):
            assert bundle.body_hash is not None
            found.append(look.has_said(ADA.key, bundle.body_hash))
            found.append(look.has_said(ZED.key, bundle.body_hash))
        return []

    store.append(looks)
    assert found == [True, False, False, False]


def test_a_voice_continues_its_own_chain(store: GraphStore) -> None:
    speaker = Speaker(ADA, f"person:{ADA.key}", clock)

    def two(look: AppendView) -> Sequence[Bundle]:
        first = speaker.make_statement(look, Body((idea(IDEAS[0], "one"),)))
        return [first, speaker.make_statement(look, Body((idea(IDEAS[1], "two"),)), after=[first])]

    first, second = store.append(two).added
    (third,) = store.append(lambda look: [speaker.make_statement(look, Body())]).added
    chain = [stored.bundle.header for stored in store.bundles()]
    assert [header and header.prev for header in chain] == [(), (first,), (second,)]
    assert [header and header.n for header in chain] == [0, 1, 2]
    assert [header and header.at for header in chain] == [stamp(NOW)] * 3
    assert third == chain_ids(store)[-1]


def chain_ids(store: GraphStore) -> list[str]:
    return [stored.bundle.id for stored in store.bundles()]


# The log.


def test_bundles_come_as_they_were_added(store: GraphStore) -> None:
    vouching = run(PAPER)
    dispute = say(ZED, answers=((Verb.DISPUTES, PAPER),))
    store.trust([TrustEntry(ADA.key)])
    add(store, PAPER, vouching, dispute)
    stored = list(store.bundles())
    assert [one.position for one in stored] == [0, 1, 2]
    assert [one.bundle for one in stored] == [PAPER, vouching, dispute]
    assert [one.author for one in stored] == ["source:arxiv", ADA.key, ZED.key]
    assert [one.counts for one in stored] == [one.lives for one in stored] == [True] * 3
    assert [one.vouchers for one in stored] == [(vouching.id,), (), ()]
    assert [one.answered_by for one in stored] == [(dispute.id,), (), ()]
    assert [one.position for one in store.bundles(1)] == [1, 2]
    assert list(store.bundles(3)) == []
    assert list(store.bundles_by_id([one.bundle.id for one in stored]).values()) == stored


def test_the_vouchers_of_a_record_are_its_living_runs(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    vouching = run(PAPER)
    elsewhere = say(ZED, vouches=(PAPER,))
    add(store, PAPER, vouching, elsewhere)
    stored = store.bundles_by_id([PAPER.id]).get(PAPER.id)
    assert stored is not None
    assert stored.vouchers == tuple(sorted([vouching.id, elsewhere.id]))
    add(store, say(ADA, prev=(vouching,), answers=((Verb.RETRACTS, vouching),)))
    stored = store.bundles_by_id([PAPER.id]).get(PAPER.id)
    assert stored is not None
    assert stored.vouchers == (elsewhere.id,)
    assert not stored.lives


def test_who_answers_is_listed_whatever_the_verb(store: GraphStore) -> None:
    said = say(ADA, idea(IDEAS[0], "an idea"))
    answers = [
        say(ZED, answers=((verb, said),), salt=f"{k:032x}")
        for k, verb in enumerate((Verb.RETRACTS, Verb.SUPPORTS))
    ]
    add(store, *answers, said)
    stored = store.bundles_by_id([said.id]).get(said.id)
    assert stored is not None
    assert stored.answered_by == tuple(sorted(one.id for one in answers))
    assert stored.lives


def test_raw_bytes_come_as_they_were_made(store: GraphStore) -> None:
    statement = say(ADA, idea(IDEAS[0], "ö"))
    withheld = replace(say(ZED, idea(IDEAS[1], "hidden")), body=None, body_bytes=None)
    add(store, PAPER, statement, withheld)
    expected = [
        RawBundle(k, one.id, one.header_bytes, one.body_bytes, one.signature)
        for k, one in enumerate((PAPER, statement, withheld))
    ]
    assert list(store.raw_bundles()) == expected
    assert list(store.raw_bundles(2)) == expected[2:]


def test_an_unknown_bundle_is_none(store: GraphStore) -> None:
    assert store.bundles_by_id(["sha256:" + "0" * 64]).get("sha256:" + "0" * 64) is None


def test_an_unknown_version_is_kept_and_means_nothing(store: GraphStore) -> None:
    body = canonical_bytes({"nodes": [], "edges": [], "news": "later"})
    future = read(canonical_bytes({"v": 2, "body": digest(body)}), body, None)
    empty = store.digest()
    assert add(store, future) == (future.id,)
    (stored,) = store.bundles()
    assert stored.bundle == future
    assert (stored.author, stored.counts, stored.lives) == (None, False, False)
    assert store.digest() == empty
    store.rebuild()
    assert store.bundles_by_id([future.id]).get(future.id) == stored


def test_a_statement_waits_for_its_grant(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    said = say(HANDS[0], idea(IDEAS[0], "an idea"), under=grant.id)
    add(store, said)
    (waiting,) = store.bundles()
    assert (waiting.author, waiting.counts, waiting.lives) == (None, False, False)
    add(store, grant)
    stored = store.bundles_by_id([said.id]).get(said.id)
    assert stored is not None
    assert (stored.author, stored.counts, stored.lives) == (ADA.key, True, True)
    assert store.things([IDEAS[0]])[IDEAS[0]].shown is not None


def test_a_withheld_body_is_said_to_be_absent(store: GraphStore) -> None:
    whole = say(ADA, idea(IDEAS[0], "hidden"))
    assert whole.header is not None
    add(store, read(whole.header_bytes, None, whole.signature))
    assert store.digest() == oracle([read(whole.header_bytes, None, whole.signature)], ()).digest
    assert store.digest() != digest_of_nothing()
    assert lives(store, whole)
    assert store.things([IDEAS[0]]) == {}


# Trust.


def test_nobody_is_trusted_at_first(store: GraphStore) -> None:
    assert authors_of(store.trust_list()) == frozenset()
    add(store, PAPER, run(PAPER))
    assert not lives(store, PAPER)


def test_trust_gives_and_takes_life(store: GraphStore) -> None:
    add(store, PAPER, run(PAPER))
    store.trust([TrustEntry(ADA.key)])
    assert authors_of(store.trust_list()) == {ADA.key}
    assert lives(store, PAPER)
    store.trust([TrustEntry(ZED.key)])
    assert authors_of(store.trust_list()) == {ZED.key}
    assert not lives(store, PAPER)
    assert store.things(["arxiv:2401.00001"]) == {}


def test_trust_is_changed_from_what_it_is_then(store: GraphStore) -> None:
    add(store, PAPER, run(PAPER))
    store.change_trust(lambda before: with_author(before, ADA.key))
    assert lives(store, PAPER)
    store.change_trust(lambda before: with_author(before, ZED.key))
    assert authors_of(store.trust_list()) == {ADA.key, ZED.key}
    store.change_trust(lambda before: [e for e in before if e.author != ADA.key])
    assert authors_of(store.trust_list()) == {ZED.key}
    assert not lives(store, PAPER)


# Proofs.


def test_an_empty_log_has_the_root_of_nothing(store: GraphStore) -> None:
    assert store.checkpoint() == Checkpoint(0, hashlib.sha256(b"").hexdigest())


def test_roots_are_those_of_rfc_6962(store: GraphStore) -> None:
    headers: list[bytes] = []
    for size in range(1, 9):
        made = say(ADA, salt=f"{size:032x}")
        add(store, made)
        headers.append(made.header_bytes)
        assert store.checkpoint() == Checkpoint(size, root_of_headers(headers).hex())


def test_each_bundle_is_proved_to_be_in_the_log(store: GraphStore) -> None:
    made = [say(ADA, salt=f"{k:032x}") for k in range(300)]
    add(store, *made[:7])
    add(store, *made[7:260])
    add(store, *made[260:])
    for position in (0, 6, 7, 128, 255, 256, 299):
        for size in {max(position + 1, 299), 300}:
            proof = prove_inclusion(store, position, size=size)
            climbed = climb(made[position].header_bytes, position, size, list(proof.hashes))
            assert climbed.hex() == proof.checkpoint.root
            assert proof.checkpoint == checkpoint_at(store, size)
        assert prove_inclusion(store, position).checkpoint == store.checkpoint()
    assert store.checkpoint().root == root_of_headers([one.header_bytes for one in made]).hex()


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300])
def test_a_log_knows_what_it_was(store: GraphStore, size: int) -> None:
    made = [say(ADA, salt=f"{k:032x}") for k in range(300)]
    add(store, *made)
    expected = root_of_headers([one.header_bytes for one in made[:size]]).hex()
    assert checkpoint_at(store, size) == Checkpoint(size, expected)


@pytest.mark.parametrize(("position", "size"), [(-1, 2), (2, 2), (0, 3), (0, -1), (0, 0)])
def test_what_was_never_in_the_log_is_not_proved(
    store: GraphStore, position: int, size: int
) -> None:
    add(store, say(ADA, salt="0" * 32), say(ADA, salt="1" * 32))
    with pytest.raises(InputError, match="expected from 0 to"):
        prove_inclusion(store, position, size=size)


# The log's own name.


def test_each_log_has_a_name_of_its_own(open_new: Callable[[], GraphStore]) -> None:
    first, second = open_new(), open_new()
    assert re.fullmatch(r"colineage/[0-9a-f]{32}", first.origin())
    assert first.origin() != second.origin()


def test_an_empty_store_takes_the_name_of_the_log_it_will_copy(store: GraphStore) -> None:
    store.adopt("colineage/" + "0" * 32)
    assert store.origin() == "colineage/" + "0" * 32
    add(store, say(ADA, salt="0" * 32))
    store.adopt("colineage/" + "0" * 32)
    with pytest.raises(StoreError, match="expected an empty store"):
        store.adopt("colineage/" + "1" * 32)
    assert store.origin() == "colineage/" + "0" * 32


# Making the graph again.


def test_a_rebuilt_graph_is_the_same(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    said = say(ADA, idea("#1", "new"), work(IDEAS[0].replace("idea", "work"), "w"))
    retraction = say(ZED, answers=((Verb.RETRACTS, said),))
    vouching = run(PAPER)
    add(
        store,
        PAPER,
        vouching,
        said,
        retraction,
        say(ADA, grants=Grant(ZED.key, Scope.ACT), prev=(said, vouching)),
    )
    before = seen(store), store.counts(), store.checkpoint(), list(store.bundles())
    found = store.search("paper", limit=5)
    assert found == ["arxiv:2401.00001"]
    store.rebuild()
    assert (seen(store), store.counts(), store.checkpoint(), list(store.bundles())) == before
    assert store.search("paper", limit=5) == found


def test_a_store_goes_on_after_a_rebuild(store: GraphStore) -> None:
    first = say(ADA, idea(IDEAS[0], "one"))
    add(store, first)
    store.rebuild()
    second = say(ADA, idea(IDEAS[0], "two"), at="2026-01-02T00:00:00Z", prev=(first,))
    add(store, second)
    shown = store.things([IDEAS[0]])[IDEAS[0]].shown
    assert shown is not None
    assert shown.bundle == second.id


def test_two_stores_with_the_same_bundles_have_the_same_digest(
    open_new: Callable[[], GraphStore],
) -> None:
    said = [say(ADA, idea(IDEAS[0], "one")), say(ZED, idea(IDEAS[0], "two")), PAPER, run(PAPER)]
    here, there = open_new(), open_new()
    for store, order in ((here, said), (there, said[::-1])):
        store.trust([TrustEntry(ADA.key)])
        for bundle in order:
            add(store, bundle)
    assert here.digest() == there.digest()
    assert here.checkpoint() != there.checkpoint()


def test_the_digest_leaves_ingest_runs_out(store: GraphStore) -> None:
    empty = store.digest()
    page = say(ADA, Description("#run", Kind.INGEST, {"tool": "a test"}))
    add(store, page)
    assert store.things(list(page.minted_ids())) != {}
    assert store.digest() == empty
