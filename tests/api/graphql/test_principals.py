"""Who speaks in the log: authors, keys, grants, whom the store trusts; read once, and kept while it stands."""

from typing import Any

from api.principals_cache import KEEP_FACTOR, PrincipalsCache
from graph.bundle.bundle import statement
from graph.bundle.keys import signer_of
from graph.model.model import Body, End, Grant, Header
from graph.model.vocabulary import Scope
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from tests.api.conftest import Ask
from tests.api.counting_store import counting
from tests.api.world import SECOND, VOICE, World

HAND = signer_of(bytes(range(64, 96)))
STRANGER = signer_of(bytes(range(96, 128)))
MISSING = "sha256:" + "ab" * 32
ASK = """query($first: Int) { speakers { asOf { size } authors(first: $first) { totalCount
  pageInfo { hasNextPage } edges { node { key isTrusted own { ...S } granted { ...S } } } }
  pending { under key statements } } }
  fragment S on Speaker { key state grant scope grantedBy depth names statements counting endedBy }"""


def said(signer: Any, by: str, /, **more: Any) -> Any:
    header = Header(by=by, at="2026-11-20T00:00:00Z", **more)
    return statement(header, None if header.grants or header.ends else Body(), signer)


def test_authors_with_their_keys_and_grants(world: World, store: GraphStore, data: Ask) -> None:
    ada = f"person:{SECOND.key}"
    grant = said(SECOND, ada, grants=Grant(HAND.key, Scope.ACT), prev=(world.dispute,), n=1)
    spoken = said(HAND, "ai:" + "5" * 64, under=grant.id)
    waiting = said(STRANGER, "ai:" + "6" * 64, under=MISSING)
    store.append(lambda look: [grant, spoken, waiting])
    found = data(ASK)["speakers"]
    assert found["asOf"] == {"size": store.checkpoint().size}
    authors = {one["node"]["key"]: one["node"] for one in found["authors"]["edges"]}
    assert authors.keys() == {VOICE.key, SECOND.key}
    assert {key: one["isTrusted"] for key, one in authors.items()} == {
        VOICE.key: True,
        SECOND.key: False,
    }
    [granted] = authors[SECOND.key]["granted"]
    assert granted == {
        "key": HAND.key,
        "state": "LIVING",
        "grant": grant.id,
        "scope": "act",
        "grantedBy": SECOND.key,
        "depth": 1,
        "names": ["ai:" + "5" * 64],
        "statements": 1,
        "counting": 1,
        "endedBy": None,
    }
    own = authors[SECOND.key]["own"]
    assert (own["grant"], own["scope"], own["depth"], own["names"]) == (None, None, 0, [ada])
    assert found["pending"] == [{"under": MISSING, "key": STRANGER.key, "statements": 1}]
    end = said(SECOND, ada, ends=End(grant.id, (spoken.id,)), prev=(grant.id,), n=2)
    store.append(lambda look: [end])
    listener = PrincipalsCache()
    [author] = [
        one for one in listener.snapshot(store).principals.authors if one.own.key == SECOND.key
    ]
    assert (author.grants[0].state, author.grants[0].ended_by) == ("ended", end.id)


def test_authors_come_in_pages(world: World, data: Ask) -> None:
    found = data(ASK, first=1)["speakers"]["authors"]
    assert (found["totalCount"], len(found["edges"])) == (2, 1)
    assert found["pageInfo"]["hasNextPage"] is True


def test_the_log_is_read_once_while_it_stands_and_seldom_while_it_grows(
    world: World, store: GraphStore
) -> None:
    counted, asked = counting(store)
    now = [0.0]

    def seconds() -> float:
        now[0] += 1.0  # each look at the clock is a second later
        return now[0]

    listener = PrincipalsCache(seconds=seconds)
    first = listener.snapshot(counted)
    assert listener.snapshot(counted) is first
    assert asked["raw_bundles"] == 1
    store.append(lambda look: [said(STRANGER, f"person:{STRANGER.key}")])
    assert listener.snapshot(counted) is first, "kept for ten times as long as it took"
    now[0] += KEEP_FACTOR
    later = listener.snapshot(counted)
    assert later.as_of.size == first.as_of.size + 1
    assert len(later.principals.authors) == 3
    now[0] += 100 * KEEP_FACTOR
    assert listener.snapshot(counted) is later, "the log is the same"
    store.trust([TrustEntry(STRANGER.key)])
    trusted = {one.own.key: one.is_trusted for one in listener.snapshot(counted).principals.authors}
    assert trusted[STRANGER.key] is True
    assert trusted[VOICE.key] is False
