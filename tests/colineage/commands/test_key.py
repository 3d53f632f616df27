"""Keys as their users type them: whom they let speak, what ends, whose runs count."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.keys import signer_of
from graph.model.model import Grant
from graph.model.vocabulary import Scope
from graph.open import open_store
from tests.colineage.pseudo_terminal import at_terminal
from tests.graph.statements import add, say

Type = Callable[..., Any]

AI = "ai:" + "a" * 64
PAPER = {
    "id": "2512.05356",
    "title": "Better together",
    "authors": ["Ada"],
    "categories": ["cs.AI"],
}
NOWHERE = "sha256:" + "0" * 64
RFC_KEY = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
LOW_ORDER = "ed25519:" + "01" + "00" * 31
NOT_CANONICAL = "ed25519:ee" + "ff" * 30 + "7f"


def statement(place: Path, title: str) -> str:
    name = f"{title.replace(' ', '-')}.yaml"
    text = f"statements: [{{nodes: [{{id: '#1', kind: idea, title: {title}}}]}}]\n"
    (place / name).write_text(text)
    return name


@pytest.fixture
def snapshot(place: Path) -> str:
    (place / "papers.jsonl").write_text(
        json.dumps({**PAPER, "abstract": "Together.", "announced": "2025-12-08"}) + "\n"
    )
    return "papers.jsonl"


@pytest.fixture
def agent(typed: Type) -> str:
    """The public key of an agent, kept in agent.pem."""
    key: str = typed("key", "new", "agent.pem", "--json").json["key"]
    return key


@pytest.fixture
def granted(typed: Type, agent: str) -> str:
    """A grant of the installation to the agent."""
    grant: str = typed("key", "grant", agent, "--json").json["grant"]
    return grant


def size(typed: Type) -> int:
    found: int = typed("stats", "--json").json["log"]["size"]
    return found


# New keys.


def test_a_new_key_for_somebody_else(typed: Type, place: Path, key: Path) -> None:
    found = typed("key", "new", "agent.pem", "--json")
    assert (found.status, set(found.json)) == (0, {"file", "key"})
    assert stat.S_IMODE((place / "agent.pem").stat().st_mode) == 0o600
    assert not key.exists()
    before = (place / "agent.pem").read_bytes()
    again = typed("key", "new", "agent.pem", "--json")
    assert (again.status, again.json["error"]["kind"]) == (74, "KeyFileError")
    assert (place / "agent.pem").read_bytes() == before
    assert found.json["key"] in typed("key", "list", "--key", "agent.pem").out


def test_the_installation_s_own_key(typed: Type, key: Path) -> None:
    assert typed("key", "list", "--json").json["key"] is None
    assert "none yet" in typed("key", "list").out
    assert not key.exists()
    made = typed("key", "new", "--json").json
    assert made["file"] == str(key)
    listed = typed("key", "list", "--json").json
    assert (listed["key"], listed["authors"], listed["pending"]) == (made["key"], [], [])


def test_listing_a_store_that_is_named_and_not_there_is_an_error(typed: Type) -> None:
    assert typed("key", "list", "--store", "sqlite:nowhere.db").status == 74


# Grants.


def test_a_granted_agent_speaks_for_its_author(
    typed: Type, place: Path, agent: str, granted: str
) -> None:
    words = ("--key", "agent.pem", "--under", granted, "--as", AI)
    added = typed("add", statement(place, "of an agent"), *words, "--json")
    assert added.status == 0, added.err
    (name,) = added.json["appended"]
    root = typed("key", "list", "--json").json["key"]
    told = added.json["attributions"][name]
    assert (told["kind"], told["author"], told["key"]) == ("statement", root, agent)
    assert (told["by"], told["under"], told["counts"]) == (AI, granted, True)
    assert [(link["grant"], link["scope"]) for link in told["chain"]] == [(granted, "say")]
    assert typed("show", name, "--json").json["bundle"]["attribution"] == told
    shown = typed("show", name).out
    for word in (root, agent, AI, f"{granted} (say)"):
        assert word in shown
    (author,) = typed("key", "list", "--json").json["authors"]
    assert (author["key"], author["own"], author["trusted"]) == (root, True, True)
    (below,) = author["grants"]
    assert (below["grant"], below["key"], below["state"]) == (granted, agent, "living")
    assert (below["names"], below["statements"], below["heads"]) == ([AI], 1, [name])
    assert granted in typed("key", "list").out
    assert typed("verify").status == 0


def test_the_variables_say_the_same_as_the_options(
    typed: Type, place: Path, granted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLINEAGE_KEY", "agent.pem")
    monkeypatch.setenv("COLINEAGE_UNDER", granted)
    monkeypatch.setenv("COLINEAGE_AS", AI)
    (told,) = typed("add", statement(place, "said so"), "--json").json["attributions"].values()
    assert (told["by"], told["under"]) == (AI, granted)


def test_a_grant_that_stands_is_not_made_again(typed: Type, agent: str, granted: str) -> None:
    again = typed("key", "grant", agent, "--json").json
    assert (again["grant"], again["new"]) == (granted, False)
    acts = typed("key", "grant", agent, "--scope", "act", "--json").json
    assert acts["new"]
    assert acts["grant"] != granted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ada", "ed25519: and 64 hex digits"),
        ("agent.pem", "a private key or its file"),
        (LOW_ORDER, "of full order"),
        (NOT_CANONICAL, "canonical"),
    ],
)
def test_what_is_no_public_key_is_refused_and_makes_no_store(
    typed: Type, place: Path, text: str, words: str
) -> None:
    for command in ("grant", "trust", "distrust"):
        if command != "grant":
            typed("add", statement(place, "a store"))
        found = typed("key", command, text, "--json")
        assert found.status == 2
        assert words in str(found.json["error"])
        assert (place / "colineage.db").exists() == (command != "grant")


def test_a_key_is_not_granted_to_itself(typed: Type) -> None:
    own = typed("key", "new", "--json").json["key"]
    found = typed("key", "grant", own, "--json")
    assert found.status == 2
    assert "this one" in found.json["error"]["message"]


def test_who_may_only_say_gives_no_more_than_that(typed: Type, granted: str) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    found = typed("key", "grant", RFC_KEY, "--scope", "act", *words, "--json")
    assert found.status == 2
    assert "haven't got" in found.json["error"]["message"]
    below = typed("key", "grant", RFC_KEY, *words, "--json")
    assert below.status == 0, below.err
    assert below.json["under"] == granted


def test_very_many_who_speak_are_counted(typed: Type, place: Path, key: Path) -> None:
    typed("add", statement(place, "mine"))
    own = typed("key", "list", "--json").json["key"]
    strangers = [signer_of(bytes([number]) * 32) for number in range(1, 31)]
    with closing(open_store("sqlite:colineage.db")) as store:
        grants = [say(strangers[0], grants=Grant(one.key, Scope.SAY)) for one in strangers[1:]]
        missing = [say(one, under=NOWHERE) for one in strangers]
        add(store, *grants, *(say(one) for one in strangers), *missing)
    words = typed("key", "list").out
    for rest in ("and 11 more authors", "and 9 more grants", "and 10 more of these"):
        assert rest in words
    assert words.index(own) < words.index(strangers[0].key)
    found = typed("key", "list", "--json").json
    assert (len(found["authors"]), len(found["pending"])) == (31, 30)


# Speaking wrongly.


def test_what_may_not_be_spoken_is_refused_and_stores_nothing(
    typed: Type, place: Path, granted: str
) -> None:
    file = statement(place, "refused")
    said = typed("add", statement(place, "said"), "--json").json["appended"][0]
    own = typed("key", "list", "--json").json["key"]
    before = size(typed)
    wrong = [
        (("--under", NOWHERE), "in this store"),
        (("--under", said), "a statement that grants"),
        (("--under", granted), f"a grant made to the key {own}"),
        (("--under", "mine"), "the id of a grant"),
        (("--as", AI), "no grant (--under)"),
        (("--as", "arxiv:2512.05356"), "an agent"),
        (("--as", "ada"), "an agent"),
        (("--as", f"person:{RFC_KEY}"), "person or software"),
        (("--as", f"person:{own}"), "person or software"),  # an installation is no person
        (("--as", "person"), "colineage init"),
    ]
    for words, expected in wrong:
        found = typed("add", file, *words, "--json")
        assert found.status == 2, words
        assert expected in found.json["error"]["faults"][0]["expected"], words
    assert size(typed) == before
    assert typed("add", file, "--under", granted, "--key", "none.pem").status == 74
    assert not (place / "none.pem").exists()


def test_a_grant_needs_a_store_that_is_there(typed: Type, place: Path) -> None:
    typed("key", "new")
    found = typed("add", statement(place, "x"), "--under", NOWHERE, "--json")
    assert (found.status, found.json["error"]["kind"]) == (74, "StoreError")
    assert not (place / "colineage.db").exists()


# Ends.


def test_an_ended_grant_says_nothing_more_and_what_it_said_stays(
    typed: Type, place: Path, granted: str
) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    (name,) = typed("add", statement(place, "before"), *words, "--json").json["appended"]
    found = typed("key", "end", granted, "--yes", "--json")
    assert found.status == 0, found.err
    assert "statements that count: 1 now, 1 afterwards" in found.err
    assert set(found.json) == {"ends", "log_size"}
    (end,) = found.json["ends"]
    assert set(end) == {"grant", "bundle", "heads", "statements", "counting", "below"}
    assert (end["heads"], end["counting"]) == ([name], 1)
    before = size(typed)
    for command in (("add", statement(place, "after")), ("key", "grant", RFC_KEY)):
        refused = typed(*command, *words, "--json")
        assert refused.status == 2
        assert f"ended by {end['bundle']}" in refused.json["error"]["message"]
    assert size(typed) == before
    assert typed("search", "before", "--json").json["results"]
    (author,) = typed("key", "list", "--json").json["authors"]
    assert author["grants"][0]["state"] == "ended"
    assert f"ended by {end['bundle']}" in typed("key", "list").out
    again = typed("key", "end", granted, "--json")
    assert again.status == 2
    assert "nobody ended" in again.json["error"]["message"]


def test_what_still_counts_can_be_named(typed: Type, place: Path, granted: str) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    one, two = (
        typed("add", statement(place, title), *words, "--json").json["appended"][0]
        for title in ("one", "two")
    )
    wrong = typed("key", "end", granted, "--head", granted, "--head", "x", "--json")
    assert wrong.status == 2
    assert len(wrong.json["error"]["faults"]) == 2
    assert typed("key", "end", granted, "--none", "--head", one).status == 2
    ended = typed("key", "end", granted, "--head", one, "--yes", "--json")
    assert "statements that count: 2 now, 1 afterwards" in ended.err
    (found,) = ended.json["ends"]
    assert (found["heads"], found["statements"], found["counting"]) == ([one], 2, 1)
    assert typed("search", "two", "--json").json["results"] == []
    assert not typed("show", two, "--json").json["bundle"]["counts"]
    assert "the key had no authority to say it" in " ".join(typed("show", two).out.split())
    none = typed("key", "end", granted, "--none", "--json")
    assert none.status == 2
    assert "keeps more" in none.json["error"]["message"]
    (more,) = typed("key", "end", granted, "--head", two, "--yes", "--json").json["ends"]
    assert (more["heads"], more["counting"]) == ([two], 2)


def test_nothing_may_count_that_was_said_under_a_grant(
    typed: Type, place: Path, granted: str
) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    typed("add", statement(place, "one"), *words)
    (none,) = typed("key", "end", granted, "--none", "--yes", "--json").json["ends"]
    assert (none["heads"], none["counting"]) == ([], 0)
    assert typed("search", "one", "--json").json["results"] == []


def test_an_end_covers_the_grants_below(typed: Type, agent: str, granted: str) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    below = typed("key", "grant", RFC_KEY, *words, "--json").json["grant"]
    again = typed("key", "grant", RFC_KEY, "--scope", "say", *words, "--json").json
    assert (again["grant"], again["new"]) == (below, False)
    assert typed("key", "end", granted, *words).status == 2  # nobody ends the grant it speaks under
    (found,) = typed("key", "end", granted, "--yes", "--json").json["ends"]
    assert (found["below"], found["heads"]) == ([below], [below])
    states = typed("key", "list", "--json").json["authors"][0]["grants"]
    assert [one["state"] for one in states] == ["ended", "ended"]
    assert typed("key", "end", below, "--json").status == 2


def test_an_agent_ends_what_it_granted(typed: Type, granted: str) -> None:
    words = ("--key", "agent.pem", "--under", granted)
    below = typed("key", "grant", RFC_KEY, *words, "--json").json["grant"]
    found = typed("key", "end", below, *words, "--as", AI, "--yes", "--json")
    assert found.status == 0, found.err
    told = typed("show", found.json["ends"][0]["bundle"], "--json").json["bundle"]["attribution"]
    assert (told["under"], told["by"], told["counts"]) == (granted, AI, True)
    states = {
        one["grant"]: one["state"]
        for one in typed("key", "list", "--json").json["authors"][0]["grants"]
    }
    assert states == {granted: "living", below: "ended"}


def test_what_is_not_one_s_own_to_end(typed: Type, place: Path, agent: str, granted: str) -> None:
    (name,) = typed("add", statement(place, "no grant"), "--json").json["appended"]
    assert typed("key", "end", NOWHERE, "--json").status == 1
    assert typed("key", "end", "mine", "--json").status == 2
    assert "that grants" in str(typed("key", "end", name, "--json").json["error"])
    stranger = typed("key", "end", granted, "--key", "agent.pem", "--json")
    assert stranger.status == 2
    assert "not yours to end" in stranger.json["error"]["message"]


def test_all_grants_to_a_key_end_at_once(
    typed: Type, place: Path, agent: str, granted: str
) -> None:
    acts = typed("key", "grant", agent, "--scope", "act", "--json").json["grant"]
    said = [
        typed(
            "add", statement(place, f"under {n}"), "--key", "agent.pem", "--under", grant, "--json"
        )
        for n, grant in enumerate((granted, acts))
    ]
    found = typed("key", "end", agent, "--yes", "--json").json["ends"]
    assert {one["grant"]: one["heads"] for one in found} == {
        granted: said[0].json["appended"],
        acts: said[1].json["appended"],
    }
    states = typed("key", "list", "--json").json["authors"][0]["grants"]
    assert [one["state"] for one in states] == ["ended", "ended"]
    again = typed("key", "end", agent, "--yes", "--json")
    assert (again.status, "nothing to end" in again.err) == (2, True)


def test_nothing_is_ended_unasked(typed: Type, place: Path, granted: str) -> None:
    """Without a terminal --yes is needed; at one, anything but a yes is a no."""
    before = size(typed)
    refused = typed("key", "end", granted, "--json")
    assert refused.status == 2
    assert "--yes" in refused.json["error"]["message"]
    assert "statements that count: 0 now" in refused.err
    for answer in ("n", "", "perhaps"):
        session = at_terminal(place, ["key", "end", granted], [(r"End it\? \[y/N\]", answer)])
        assert session.status == 1
    assert size(typed) == before
    session = at_terminal(place, ["key", "end", granted], [(r"End it\? \[y/N\]", "y")])
    assert session.status == 0
    assert size(typed) == before + 1


# Trust.


def trusted(typed: Type) -> list[str]:
    return [one["key"] for one in typed("key", "list", "--json").json["authors"] if one["trusted"]]


def test_a_key_is_trusted_at_its_first_words_and_not_again(typed: Type, snapshot: str) -> None:
    typed("ingest", "arxiv", "--snapshot", snapshot)
    own = typed("key", "list", "--json").json["key"]
    assert trusted(typed) == [own]
    found = typed("key", "distrust", own, "--json").json
    assert (found["trusted"], found["changed"], found["all"]) == (False, True, [])
    assert typed("search", "Better", "--json").json["results"] == []
    refused = typed("ingest", "arxiv", "--snapshot", snapshot, "--json")
    assert refused.status == 2
    assert f"key trust {own}" in refused.json["error"]["message"]
    assert trusted(typed) == []
    again = typed("key", "trust", own, "--json").json
    assert (again["trusted"], again["changed"]) == (True, True)
    assert not typed("key", "trust", own, "--json").json["changed"]
    assert typed("search", "Better", "--json").json["results"]
    assert typed("ingest", "arxiv", "--snapshot", snapshot).status == 0


def test_a_run_under_a_grant_is_its_author_s_and_trusts_nobody_new(
    typed: Type, snapshot: str, agent: str, granted: str
) -> None:
    own = typed("key", "list", "--json").json["key"]
    ingest = ("ingest", "arxiv", "--snapshot", snapshot, "--key", "agent.pem", "--under")
    refused = typed(*ingest, granted, "--json")
    assert refused.status == 2
    assert "harvest or act" in refused.json["error"]["message"]
    to_harvest = typed("key", "grant", agent, "--scope", "harvest", "--json").json["grant"]
    words = (*ingest, to_harvest)
    found = typed(*words, "--as", AI, "--json")
    assert (found.status, found.json["new"]) == (0, 1), found.err
    assert trusted(typed) == [own]
    told = typed("show", "arxiv:2512.05356", "--json").json
    record = told["attributions"][told["shown"]["bundle"]]
    assert (record["kind"], record["author"]) == ("record", "source:arxiv")
    (voucher,) = record["vouchers"]
    assert (voucher["author"], voucher["by"], voucher["trusted"]) == (own, AI, True)
    again = typed(*words, "--json").json
    assert (again["unchanged"], again["log_size"]) == (1, found.json["log_size"])
    assert own[8:20] in typed("show", "arxiv:2512.05356").out


def test_a_granted_key_is_not_trusted_for_itself_unasked(
    typed: Type, place: Path, snapshot: str, agent: str, granted: str
) -> None:
    own = typed("key", "list", "--json").json["key"]
    refused = typed("ingest", "arxiv", "--snapshot", snapshot, "--key", "agent.pem", "--json")
    assert refused.status == 2
    assert f"--under {granted}" in refused.err
    assert typed("add", statement(place, "its own"), "--key", "agent.pem").status == 0
    assert trusted(typed) == [own]
    typed("key", "trust", agent)
    assert typed("ingest", "arxiv", "--snapshot", snapshot, "--key", "agent.pem").status == 0


def test_a_grant_that_was_ended_is_not_told_as_a_way_out(
    typed: Type, place: Path, agent: str, granted: str
) -> None:
    typed("key", "end", granted, "--yes")
    found = typed("add", statement(place, "its own"), "--key", "agent.pem")
    assert found.status == 0
    assert f"key trust {agent}" in found.err
    assert "--under" not in found.err


def test_a_distrusted_author_s_grant_takes_in_nothing(
    typed: Type, snapshot: str, granted: str
) -> None:
    own = typed("key", "list", "--json").json["key"]
    typed("key", "distrust", own)
    words = ("ingest", "arxiv", "--snapshot", snapshot, "--key", "agent.pem", "--under", granted)
    refused = typed(*words, "--json")
    assert refused.status == 2
    assert own in refused.json["error"]["faults"][0]["got"]


def test_keys_that_speak_first_at_the_same_instant_are_all_trusted(
    typed: Type, place: Path, snapshot: str
) -> None:
    typed("add", statement(place, "first"))
    command = [sys.executable, "-m", "colineage", "ingest", "arxiv", "--snapshot", snapshot]
    started = [
        subprocess.Popen([*command, "--key", f"{number}.pem"], stdout=subprocess.DEVNULL)
        for number in range(3)
    ]
    assert [process.wait(timeout=300) for process in started] == [0, 0, 0]
    assert len(trusted(typed)) == 4


# What is asked wrongly makes no store.


@pytest.mark.parametrize(
    "words",
    [
        ("--since", "yesterday"),
        ("--since", "2025-02-01", "--until", "2025-01-01"),
        ("--since", "2025-02-01", "--delay", "1"),
        ("--since", "2025-02-01", "--category", "no such"),
        ("--since", "2025-02-01", "--as", AI),
    ],
)
def test_a_wrong_query_makes_no_store(typed: Type, place: Path, words: tuple[str, ...]) -> None:
    assert typed("ingest", "arxiv", *words).status == 2
    assert not (place / "colineage.db").exists()
