"""A person's keys as they are made: at a terminal, shown once, and nowhere else."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from colineage.recovery_words import seed_of, words_of
from graph.bundle.grants_file import read_grants
from graph.bundle.key_files import read_key
from graph.bundle.keys import signer_of
from graph.errors import InputError
from tests.colineage.pseudo_terminal import asked_word, at_terminal, init, shown_words

Type = Callable[..., Any]

IDEA = "statements: [{by: person, nodes: [{id: '#1', kind: idea, title: Mine}]}]\n"


@pytest.fixture
def person(key: Path) -> Path:
    """Where a person's working key is."""
    return key.with_name("person.pem")


@pytest.fixture
def idea(place: Path) -> str:
    (place / "idea.yaml").write_text(IDEA)
    return "idea.yaml"


# The words.


def test_words_are_those_of_bip_39() -> None:
    """Its own test vectors, https://github.com/trezor/python-mnemonic/blob/master/vectors.json."""
    assert words_of(bytes(32)) == (*["abandon"] * 23, "art")
    assert words_of(b"\xff" * 32) == (*["zoo"] * 23, "vote")
    seed = bytes(range(32))
    assert seed_of("  ".join(words_of(seed)).upper()) == seed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abandon " * 23, "got 23"),
        ("", "got 0"),
        ("abandon " * 23 + "artt", "number 24: mistyped?"),
        ("art " + "abandon " * 23, "two changed places"),
    ],
)
def test_wrong_words_are_told_by_the_kind_of_error_and_not_repeated(
    text: str, expected: str
) -> None:
    with pytest.raises(InputError) as error:
        seed_of(text)
    assert expected in str(error.value)
    assert "abandon" not in str(error.value)
    assert "artt" not in str(error.value)


# The command.


def test_a_person_s_keys(typed: Type, place: Path, person: Path, idea: str) -> None:
    words = init(place)
    root = signer_of(seed_of(" ".join(words)))
    working = read_key(person)
    (grant,) = read_grants(person, working.key)
    assert grant.header
    assert grant.header.grants
    assert (grant.header.by, grant.header.key) == (f"person:{root.key}", root.key)
    assert (grant.header.grants.key, grant.header.grants.scope) == (working.key, "act")
    assert person.with_name("person.pem.signed").read_text() == f"{grant.id}\n"

    added = typed("add", idea, "--as", "person", "--json")
    assert added.status == 0, added.err
    (name,) = added.json["appended"]  # the grant went before it and isn't counted
    assert added.json["log_size"] == 2
    told = added.json["attributions"][name]
    assert (told["by"], told["author"]) == (f"person:{root.key}", root.key)
    assert (told["key"], told["under"], told["counts"]) == (working.key, grant.id, True)
    assert typed("add", idea, "--as", "person", "--json").json["unchanged"] == 1
    assert typed("verify").status == 0


def test_a_person_may_be_named_by_the_variable(
    typed: Type, place: Path, idea: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    init(place)
    monkeypatch.setenv("COLINEAGE_AS", "person")
    (told,) = typed("add", idea, "--json").json["attributions"].values()
    assert told["by"].startswith("person:")
    # Where --key names a file, that file signs.
    typed("key", "new", "agent.pem")
    refused = typed("add", idea, "--key", "agent.pem", "--json")
    assert refused.status == 2
    assert "colineage init" in refused.json["error"]["message"]


def test_the_secret_is_in_no_file_and_not_in_what_later_commands_print(
    typed: Type, place: Path, tmp_path: Path, idea: str
) -> None:
    words = init(place)
    seed = seed_of(" ".join(words))
    said = [
        typed("add", idea, "--as", "person"),
        typed("key", "list"),
        typed("key", "list", "--json"),
    ]
    said.append(typed("export", "shared"))
    forms = [seed, seed.hex().encode(), " ".join(words[:3]).encode(), "\n".join(words[:3]).encode()]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 5
    for file in files:
        data = file.read_bytes()
        assert not any(form in data for form in forms), file
        listed = [word for word in set(words) if len(word) > 5 and word.encode() in data]
        assert len(listed) < 3, file
    assert not any(form.decode("latin-1") in one.out + one.err for one in said for form in forms)


def test_the_screen_is_cleared_once_a_word_was_typed_back(place: Path) -> None:
    session = at_terminal(
        place, ["init"], [(r"type word \d+:", "wrong"), (r"type word \d+:", asked_word)]
    )
    assert session.status == 0
    shown, _, after = session.screen.partition("\x1b[2J\x1b[3J")
    assert "That is another word" in shown
    words = shown_words(shown)
    assert len(words) == 24
    assert not any(f" {word} " in after for word in words)
    assert "--as person" in after


@pytest.mark.parametrize("redirected", ["stdin", "stdout", "both"])
def test_without_a_terminal_nothing_is_made(place: Path, person: Path, redirected: str) -> None:
    if redirected == "both":
        done = subprocess.run(
            [sys.executable, "-m", "colineage", "init"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 2
        assert "--no-recovery" in done.stderr
        assert done.stdout == ""
    else:
        sign = "</dev/null" if redirected == "stdin" else "|cat"
        script = f"set -o pipefail; {sys.executable} -m colineage init {sign}"
        session = _shell_at_terminal(place, script)
        assert "status 2" in session
        assert "--no-recovery" in session
    assert not person.parent.exists()


def _shell_at_terminal(place: Path, script: str) -> str:
    """The screen of a shell at a terminal of its own."""
    code = (
        "import pty, sys; sys.exit(pty.spawn(['bash', '-c', sys.argv[1]], "
        "stdin_read=lambda fd: b'') and 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"{script}; echo status $?"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.stdout


def test_with_json_the_words_are_not_shown(place: Path, person: Path) -> None:
    session = at_terminal(place, ["init", "--json"])
    assert session.status == 2
    assert not person.exists()


def test_a_key_that_is_there_is_not_written_over(typed: Type, place: Path, person: Path) -> None:
    init(place)
    before = {file.name: file.read_bytes() for file in person.parent.iterdir()}
    for words in (["init"], ["init", "--no-recovery"], ["key", "new-device"]):
        session = at_terminal(place, words)
        assert session.status == 74, session.screen
        assert "there already" in session.screen
    assert {file.name: file.read_bytes() for file in person.parent.iterdir()} == before


def test_interrupted_before_the_word_is_typed_back_nothing_is_made(
    place: Path, person: Path
) -> None:
    session = at_terminal(place, ["init"], [(r"type word \d+:", "\x03")])
    assert session.status == 130
    assert not person.parent.exists()


def test_a_key_without_recovery_is_the_root(
    typed: Type, place: Path, person: Path, idea: str
) -> None:
    made = typed("init", "--no-recovery", "--json")
    assert made.status == 0
    assert (made.json["root"], made.json["grant"]) == (made.json["key"], None)
    assert "nothing ends it" in made.err
    assert "no other key" in made.err
    (told,) = typed("add", idea, "--as", "person", "--json").json["attributions"].values()
    assert (told["by"], told["under"]) == (f"person:{made.json['key']}", None)
    assert not person.with_name("person.pem.grants").exists()


# Another device.


def test_a_second_device_speaks_under_the_same_name(
    typed: Type, place: Path, tmp_path: Path, idea: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = init(place)
    root = f"person:{signer_of(seed_of(' '.join(words))).key}"
    first = typed("add", idea, "--as", "person", "--json").json
    typed("export", "shared")
    monkeypatch.setenv("HOME", str(tmp_path / "second"))
    asked = [(r"\(not shown\):", " ".join(words))]
    session = at_terminal(place, ["key", "new-device"], asked)
    assert session.status == 0, session.screen
    assert not any(f" {word} " in session.screen for word in words if len(word) > 4)
    (place / "other.yaml").write_text(IDEA.replace("Mine", "Mine too"))
    store = ("--store", "sqlite:second.db")
    typed("pull", "shared", *store)
    added = typed("add", "other.yaml", "--as", "person", *store, "--json").json
    (told,) = added["attributions"].values()
    assert (told["by"], told["counts"]) == (root, True)
    assert told["under"] != first["attributions"][first["appended"][0]]["under"]
    (author,) = (
        one for one in typed("key", "list", *store, "--json").json["authors"] if one["grants"]
    )
    assert (len(author["grants"]), author["trusted"]) == (2, True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda words: words[:-1], "got 23"),
        (lambda words: [*words[:-1], "xylophone"], "mistyped?"),
        (lambda words: [*words[:22], *(["zoo", "abandon"])], "another checksum"),
    ],
)
def test_wrong_words_make_no_device(
    place: Path, person: Path, change: Callable[[list[str]], list[str]], expected: str
) -> None:
    words = list(words_of(bytes(range(32))))
    session = at_terminal(
        place, ["key", "new-device"], [(r"\(not shown\):", " ".join(change(words)))]
    )
    assert session.status == 2
    assert expected in session.screen
    assert not person.parent.exists()


def test_a_device_needs_a_terminal(typed: Type, person: Path) -> None:
    refused = typed("key", "new-device", "--json")
    assert (refused.status, refused.json["error"]["kind"]) == (2, "InputError")
    assert not person.parent.exists()


# Whom a new store trusts.


def trusted(typed: Type) -> list[str]:
    text = json.loads((typed("export", "out") and Path("out/about.json")).read_text())
    return [entry["author"] if isinstance(entry, dict) else entry for entry in text["trusted"]]


def test_a_new_store_trusts_the_person_then_the_installation(
    typed: Type, place: Path, person: Path, idea: str
) -> None:
    init(place)
    root = read_grants(person, read_key(person).key)[0].header
    (place / "tool.yaml").write_text(IDEA.replace("person", "software"))
    assert typed("add", "tool.yaml").status == 0
    own = typed("key", "list", "--json").json["key"]
    assert root
    assert trusted(typed) == [root.key, own]


def test_a_person_who_comes_later_is_trusted_first_and_not_again_once_distrusted(
    typed: Type, place: Path, person: Path, idea: str
) -> None:
    (place / "tool.yaml").write_text(IDEA.replace("person", "software"))
    typed("add", "tool.yaml")
    own = typed("key", "list", "--json").json["key"]
    init(place)
    typed("add", idea, "--as", "person")
    root = read_grants(person, read_key(person).key)[0].header
    assert root
    assert root.key
    assert trusted(typed) == [root.key, own]
    typed("key", "distrust", root.key)
    (place / "more.yaml").write_text(IDEA.replace("Mine", "More"))
    assert typed("add", "more.yaml", "--as", "person").status == 0
    assert trusted(typed) == [own]
