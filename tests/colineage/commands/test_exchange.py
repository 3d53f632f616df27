"""export, pull, copy and verify of an export, as a user types them; two services that pull each other."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from colineage.answers.exchange import _without_password

Typed: TypeAlias = Any
Type: TypeAlias = Callable[..., Typed]
EVE = "ed25519:" + "2" * 64


def told(typed: Type, *words: str, status: int = 0) -> Any:
    """What a command prints with `--json`."""
    found = typed(*words, "--json")
    assert found.status == status, found.err
    return found.json


def test_a_log_goes_out_is_checked_and_comes_in_elsewhere(filled: Path, typed: Type) -> None:
    made = told(typed, "export", "shared")
    assert (made["added"], made["log"]["size"], made["folder"]) == (5, 5, "shared")
    assert told(typed, "export", "shared") == made | {"added": 0}
    key = made["key"]
    checked = typed("verify", "shared", "--json")
    assert (checked.status, "own word" in checked.err) == (0, True)
    assert checked.json == told(typed, "verify", "shared", "--from", key)
    assert checked.json["digest"] == made["digest"] == told(typed, "verify")["digest"]
    assert (checked.json["origin"], checked.json["key"]) == (made["origin"], key)
    first = typed("pull", "shared", "--store", "sqlite:mine.db", "--json")
    assert first.json == {
        "from": "shared",
        "origin": made["origin"],
        "key": key,
        "first_sight": True,
        "pulled": made["log"],
        "seen": 5,
        "added": 5,
        "refused": 0,
        "refusals": [],
        "withheld": 0,
        "waiting": 0,
        "trusted": False,
        "log": made["log"],
    }
    assert f"its key is {key} is its own word" in first.err
    assert "doesn't trust" in first.err
    again = typed("pull", "shared", "--trust", "--store", "sqlite:mine.db", "--json")
    assert (again.json["added"], again.json["first_sight"], again.err) == (0, False, "")
    mine = told(typed, "verify", "--store", "sqlite:mine.db")
    assert mine["digest"] == made["digest"]


def test_people_read_it_too(filled: Path, typed: Type) -> None:
    for words, wanted in (
        (("export", "shared"), "5 bundles"),
        (("verify", "shared"), "holds"),
        (("pull", "shared", "--store", "sqlite:mine.db"), "5 new since the last time"),
        (("copy", "shared", "sqlite:new.db"), "5 bundles"),
        (("verify",), "holds"),
    ):
        found = typed(*words)
        assert (found.status, wanted in found.out) == (0, True), found.out + found.err


def test_a_copy_from_a_store_and_from_a_backup(filled: Path, typed: Type) -> None:
    made = told(typed, "export", "backup")
    for source, target in (("sqlite:colineage.db", "sqlite:a.db"), ("backup", "sqlite:b.db")):
        found = told(typed, "copy", source, target)
        assert found == {
            "from": source,
            "to": target,
            "origin": made["origin"],
            "log": made["log"],
            "added": 5,
            "trusted": [made["key"]],
        }
        assert told(typed, "copy", source, target)["added"] == 0
        assert told(typed, "verify", "--store", target)["digest"] == made["digest"]
        assert told(typed, "export", target[7:-3], "--store", target)["log"] == made["log"]
    for name in ("a", "b"):
        for file in ("checkpoint", "about.json", "bundles/00000000.ndjson"):
            assert Path(name, file).read_bytes() == Path("backup", file).read_bytes()


def _line(number: int, old: str, new: str) -> None:
    path = Path("shared", "bundles", "00000000.ndjson")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new)
    path.write_text("".join(lines), encoding="utf-8")


def test_what_does_not_hold_is_no(filled: Path, typed: Type) -> None:
    """Exit status 1, the bundle named, nothing stored."""
    bundle = json.loads(typed("show", "arxiv:2401.00001", "--json").out)["shown"]["bundle"]
    told(typed, "export", "shared")
    _line(0, "Learning", "Unlearning")
    found = typed("verify", "shared", "--json")
    assert found.status == 1
    assert not found.json["ok"]
    assert {one["bundle"] for one in found.json["faults"]} == {bundle}
    refused = told(typed, "copy", "shared", "sqlite:x.db", status=1)
    assert refused["error"]["kind"] == "BrokenLogError"
    assert bundle in refused["error"]["message"]
    assert told(typed, "stats", "--store", "sqlite:x.db")["bundles"] == 0
    pulled = typed("pull", "shared", "--store", "sqlite:x.db", "--json")
    assert (pulled.status, f"left out: the body of the bundle {bundle}" in pulled.err) == (0, True)
    assert [pulled.json[key] for key in ("added", "refused", "withheld")] == [5, 0, 1]
    [left_out] = pulled.json["refusals"]
    assert (left_out["bundle"], left_out["position"]) == (bundle, 0)
    assert (left_out["left_out"], "header.body" in left_out["reason"]) == ("body", True)
    _line(0, "Unlearning", "Learning")
    healed = told(typed, "pull", "shared", "--store", "sqlite:x.db")
    assert (healed["added"], healed["withheld"], healed["refusals"]) == (0, 0, [])


def test_another_key_a_rollback_and_a_fork_are_no(
    filled: Path, typed: Type, tmp_path: Path
) -> None:
    told(typed, "export", "shared")
    mine = ("--store", "sqlite:mine.db")
    assert typed("verify", "shared", "--from", EVE).status == 1
    assert typed("pull", "shared", "--from", EVE, *mine).status == 1
    shutil.copytree("shared", "earlier")
    (tmp_path / "more.yaml").write_text(
        "nodes: [{id: '#1', kind: idea, title: More}]\n", encoding="utf-8"
    )
    assert typed("add", str(tmp_path / "more.yaml")).status == 0
    told(typed, "export", "shared")
    told(typed, "pull", "shared", *mine)
    rolled = typed("pull", "earlier", *mine)
    assert (rolled.status, "rolled back" in rolled.err) == (1, True)
    told(typed, "copy", "earlier", "sqlite:fork.db")
    (tmp_path / "other.yaml").write_text(
        "nodes: [{id: '#1', kind: idea, title: Other}]\n", encoding="utf-8"
    )
    assert typed("add", str(tmp_path / "other.yaml"), "--store", "sqlite:fork.db").status == 0
    told(typed, "export", "fork", "--store", "sqlite:fork.db")
    forked = typed("pull", "fork", *mine)
    assert (forked.status, "forked" in forked.err) == (1, True)
    refused = typed("copy", "sqlite:colineage.db", "sqlite:fork.db")
    assert (refused.status, "both went on under one name" in refused.err) == (74, True)


WRONG: dict[tuple[str, ...], tuple[int, str]] = {
    ("export", "shared", "--store", "sqlite:nowhere.db"): (74, "ingest something first"),
    ("export", "work"): (2, "empty or with an earlier export"),
    ("verify", "nowhere"): (2, "colineage export makes one"),
    ("verify", "--from", EVE): (2, "--from: expected an export beside it"),
    ("verify", "shared", "--store", "sqlite:x.db"): (2, "--store: expected nothing beside"),
    ("pull", "nowhere"): (2, "colineage export makes one"),
    ("pull", "http://127.0.0.1:1/log"): (75, "give the command again to go on"),
    ("pull", "http://a:b@127.0.0.1/log"): (2, "without a user, a password"),
    ("pull", "shared", "--from", "ada"): (2, "a key, ed25519:"),
    ("pull", "shared", "--from", ""): (2, "a key, ed25519: and 64 hex digits, got nothing"),
    ("verify", "shared", "--from", ""): (2, "a key, ed25519: and 64 hex digits, got nothing"),
    ("copy", "nowhere", "sqlite:x.db"): (2, "colineage export makes one"),
    ("copy", "sqlite:nowhere.db", "sqlite:x.db"): (74, "nowhere.db"),
    ("copy", "shared", "x.db"): (2, "a URL like sqlite:colineage.db"),
}


@pytest.mark.parametrize("words", WRONG)
def test_asked_wrongly_it_says_what_was_expected(
    filled: Path, typed: Type, words: tuple[str, ...]
) -> None:
    told(typed, "export", "shared")
    Path("work").mkdir()
    Path("work", "thesis").write_text("")
    before = set(Path().iterdir())
    status, text = WRONG[words]
    found = typed(*words)
    assert (found.status, text in found.err) == (status, True), found.err
    made = set(Path().iterdir()) - before
    assert made == set() or words[:2] == ("pull", "shared"), "a store was made of nothing"


def test_a_password_is_not_printed() -> None:
    assert _without_password("bolt://neo4j:s3cret@host:7687/db") == "bolt://neo4j@host:7687/db"
    assert _without_password("bolt://neo4j:s3/c:r@et@host:7687") == "bolt://neo4j@host:7687"
    for url in ("bolt://neo4j@host:7687", "bolt://host:7687", "sqlite:a@b:c.db", "backup"):
        assert _without_password(url) == url


@pytest.mark.parametrize("words", [("--seen", "told"), ()])
def test_what_was_seen_is_kept_where_it_is_told(
    filled: Path, typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Any
) -> None:
    told(typed, "export", "shared")
    for number, (variable, value, place) in enumerate(
        (
            ("HOME", str(tmp_path / "home"), tmp_path / "home/.local/state/colineage/seen"),
            ("XDG_STATE_HOME", "relative", tmp_path / "home/.local/state/colineage/seen"),
            ("XDG_STATE_HOME", str(tmp_path / "state"), tmp_path / "state/colineage/seen"),
            ("COLINEAGE_SEEN", str(tmp_path / "named"), tmp_path / "named"),
        )
    ):
        monkeypatch.setenv(variable, value)
        told(typed, "pull", "shared", "--store", f"sqlite:{number}.db", *words)
        assert len(list((Path("told") if words else place).glob("*.json"))) == 1


def test_what_was_seen_may_be_kept_right_here(filled: Path, typed: Type) -> None:
    told(typed, "export", "shared")
    told(typed, "pull", "shared", "--store", "sqlite:mine.db", "--seen", ".")
    assert len(list(Path().glob("*.json"))) == 1


def test_what_a_killed_pull_made_is_gone_on_with(filled: Path, typed: Type) -> None:
    """A store that was made, and nothing in it: the next pull fills it."""
    told(typed, "export", "shared")
    told(typed, "copy", "shared", "sqlite:mine.db")
    assert told(typed, "pull", "shared", "--store", "sqlite:mine.db")["added"] == 0


# --- over HTTP


@contextmanager
def running(words: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@contextmanager
def served(store: str, key: str) -> Iterator[str]:
    """The log of a store, served by `colineage serve`."""
    words = ["-m", "colineage", "serve", "--store", store, "--key", key, "--port", "0", "--json"]
    with running(words, Path()) as process:
        assert process.stdout
        line = next(one for one in process.stdout if one.startswith("{"))
        yield json.loads(line)["url"] + "/log"


@contextmanager
def static(folder: Path) -> Iterator[str]:
    """A folder, served by Python's own plain server."""
    words = ["-m", "http.server", "0", "--bind", "127.0.0.1"]
    with running(words, folder) as process:
        assert process.stdout
        port = process.stdout.readline().split(" port ")[1].split()[0]
        yield f"http://127.0.0.1:{port}"


def test_two_services_pull_each_other_twice(filled: Path, typed: Type, tmp_path: Path) -> None:
    """After the first time both have the same graph; the second time changes nothing."""
    (tmp_path / "ben.yaml").write_text(
        "nodes: [{id: '#1', kind: idea, title: Ben's}]\n", encoding="utf-8"
    )
    ben = ("--store", "sqlite:ben.db")
    assert typed("add", str(tmp_path / "ben.yaml"), *ben, "--key", "ben.pem").status == 0
    with ExitStack() as stack:
        key = str(Path(os.environ["HOME"], ".config", "colineage", "key.pem"))
        of_ada = stack.enter_context(served("sqlite:colineage.db", key))
        of_ben = stack.enter_context(served("sqlite:ben.db", "ben.pem"))
        assert told(typed, "pull", of_ada, *ben, "--trust")["added"] == 5
        assert told(typed, "pull", of_ben, "--trust")["added"] == 1
        states = [told(typed, "verify"), told(typed, "verify", *ben)]
        assert states[0]["digest"] == states[1]["digest"]
        for _ in range(2):
            assert told(typed, "pull", of_ada, *ben, "--trust")["added"] == 0
            assert told(typed, "pull", of_ben, "--trust")["added"] == 0
        assert [told(typed, "verify"), told(typed, "verify", *ben)] == states


def test_any_static_server_can_publish_an_export(filled: Path, typed: Type) -> None:
    told(typed, "export", "shared")
    with static(Path("shared")) as url:
        found = told(typed, "pull", url + "/", "--store", "sqlite:mine.db", "--trust")
        assert (found["added"], found["trusted"]) == (5, True)
        missing = typed("pull", url + "/elsewhere", "--store", "sqlite:mine.db")
        assert (missing.status, "/log" in missing.err) == (69, True)
    cache = Path(os.environ["HOME"], ".cache", "colineage", "pull")
    assert not list(cache.glob("*/*.ndjson"))
