"""What is signed with one key at two places: never followed unasked, shown, and adopted only by name."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.open import open_store
from tests.colineage.elsewhere import Elsewhere
from tests.colineage.pseudo_terminal import at_terminal, init

Type = Callable[..., Any]


def idea(place: Path, title: str) -> str:
    name = f"{title.replace(' ', '-')}.yaml"
    (place / name).write_text(f"nodes: [{{id: '#1', kind: idea, title: {title}}}]\n")
    return name


@pytest.fixture
def elsewhere(
    typed: Type, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Elsewhere:
    typed("add", idea(place, "first"))
    return Elsewhere(typed, monkeypatch, tmp_path / "home")


def prev_of(name: str) -> tuple[str, ...]:
    with closing(open_store("sqlite:colineage.db", must_exist=True)) as store:
        header = store.bundles_by_id([name])[name].bundle.header
    assert header
    return header.prev


def test_nothing_signed_elsewhere_is_followed_unasked(
    typed: Type, place: Path, elsewhere: Elsewhere
) -> None:
    with closing(open_store("sqlite:colineage.db", must_exist=True)) as store:
        (first,) = (entry.bundle.id for entry in store.bundles())
    (foreign,) = elsewhere.says("add", idea(place, "elsewhere")).json["appended"]
    added = typed("add", idea(place, "second"), "--json")
    assert f"{foreign} was signed with" in added.err
    assert "colineage key forks" in added.err
    (second,) = added.json["appended"]
    assert prev_of(second) == (first,)
    found = typed("key", "forks", "--json").json
    assert [one["id"] for one in found["forks"]] == [foreign]
    assert (found["unlisted"], found["adopted"]) == ([], [])
    assert "--adopt" in typed("key", "forks").out

    adopted = typed("key", "forks", "--adopt", foreign, "--json").json
    assert (adopted["forks"], adopted["adopted"]) == ([], [foreign])
    quiet = typed("add", idea(place, "third"), "--json")
    assert quiet.err == ""
    assert prev_of(quiet.json["appended"][0]) == tuple(sorted([second, foreign]))
    assert "Nothing was signed elsewhere" in typed("key", "forks").out


def test_a_fork_says_what_it_does(typed: Type, place: Path, elsewhere: Elsewhere) -> None:
    with closing(open_store("sqlite:colineage.db", must_exist=True)) as store:
        (first,) = (entry.bundle.id for entry in store.bundles())
    (place / "answer.yaml").write_text(f"answers: {{retracts: '{first}'}}\n")
    elsewhere.says("add", "answer.yaml")
    (fork,) = typed("key", "forks", "--json").json["forks"]
    assert fork["answers"] == [{"verb": "retracts", "target": first}]
    assert (fork["counts"], fork["under"]) == (True, None)
    assert first in typed("key", "forks").out


def test_only_a_fork_is_adopted(typed: Type, place: Path, elsewhere: Elsewhere) -> None:
    elsewhere.says("add", idea(place, "elsewhere"))
    refused = typed("key", "forks", "--adopt", "sha256:" + "0" * 64, "--json")
    assert refused.status == 2
    assert len(typed("key", "forks", "--json").json["forks"]) == 1


def test_a_key_that_was_moved_without_its_list_is_told(
    typed: Type, place: Path, key: Path, elsewhere: Elsewhere
) -> None:
    key.with_name("key.pem.signed").unlink()
    added = typed("add", idea(place, "second"), "--json")
    assert "key.pem.signed is missing" in added.err
    key.with_name("key.pem.signed").unlink()
    found = typed("key", "forks", "--json").json
    assert found["unlisted"] == [str(key)]
    assert "bring that file" in typed("key", "forks").out


def test_a_second_device_s_grant_is_shown_on_the_first(
    typed: Type, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who has the recovery words made it: you, or whoever found the paper."""
    words = init(place)
    (place / "idea.yaml").write_text("nodes: [{id: '#1', kind: idea, title: Mine}]\n")
    typed("add", "idea.yaml", "--as", "person")
    typed("export", "shared")
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(tmp_path / "second"))
    at_terminal(place, ["key", "new-device"], [(r"\(not shown\):", " ".join(words))])
    typed("pull", "shared", "--store", "sqlite:second.db")
    typed("add", "idea.yaml", "--as", "person", "--store", "sqlite:second.db")
    typed("export", "back", "--store", "sqlite:second.db")
    monkeypatch.setenv("HOME", str(home))
    typed("pull", "back")
    (fork,) = typed("key", "forks", "--json").json["forks"]
    assert fork["grants"]
    assert typed("key", "forks", "--adopt", fork["id"]).status == 0
    assert typed("key", "forks", "--json").json["forks"] == []


# A stolen working key, ended with the recovery words.


def test_a_working_key_s_own_grant_is_ended_by_the_root_alone(typed: Type, place: Path) -> None:
    words = init(place)
    (place / "idea.yaml").write_text("nodes: [{id: '#1', kind: idea, title: Mine}]\n")
    typed("add", "idea.yaml", "--as", "person")
    (author,) = typed("key", "list", "--json").json["authors"]
    (grant,) = (one["grant"] for one in author["grants"])
    refused = typed("key", "end", grant, "--as", "person", "--yes")
    assert (refused.status, "--recover" in refused.err) == (2, True)
    assert typed("key", "end", grant, "--recover", "--yes").status == 2  # no terminal
    command = ["key", "end", grant, "--recover", "--yes"]
    stranger = at_terminal(place, command, [(r"\(not shown\):", "abandon " * 23 + "art")])
    assert (stranger.status, "not yours to end" in stranger.screen) == (2, True)
    session = at_terminal(place, command, [(r"\(not shown\):", " ".join(words))])
    assert session.status == 0, session.screen
    assert "1 now, 1 afterwards" in session.screen
    over = typed("add", "idea.yaml", "--as", "person")
    assert (over.status, "ended by" in over.err) == (2, True)
