"""`colineage log`: what is printed is enough for a stranger, and what can't be proved is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.bundle import record
from graph.model.model import Body, Description, RecordSource
from graph.model.vocabulary import Kind
from graph.open import open_store
from tests.stranger import check, read_checkpoint

Type = Callable[..., Any]
POSITIONS = range(4)


def more(filled: Path, number: int) -> None:
    """The log grows by some records."""
    records = [
        record(
            "source:openalex",
            "2026-11-20T00:00:00Z",
            RecordSource(f"openalex:W{k}", "openalex-work/100"),
            Body((Description(f"openalex:W{k}", Kind.WORK, {"title": "More"}),)),
        )
        for k in range(1, number + 1)
    ]
    with closing(open_store(f"sqlite:{filled}")) as store:
        store.append(lambda _: records)


def test_the_checkpoint_is_a_signed_note_of_this_log(typed: Type, filled: Path) -> None:
    found = typed("log", "checkpoint", "--json").json
    assert set(found) == {"origin", "key", "verifier", "size", "root", "note"}
    assert typed("log", "checkpoint").out == found["note"]
    origin, size, root = read_checkpoint(found["note"], found["key"])
    assert (origin, size, root.hex()) == (found["origin"], found["size"], found["root"])
    assert found["verifier"].startswith(f"{origin}+")
    assert {"size": size, "root": root.hex()} == typed("stats", "--json").json["log"]


def test_the_same_log_has_the_same_checkpoint(typed: Type, filled: Path) -> None:
    before = typed("log", "checkpoint").out
    assert typed("log", "checkpoint").out == before
    more(filled, 1)
    after = typed("log", "checkpoint").out
    assert after != before
    assert after.split("\n")[0] == before.split("\n")[0], "the log keeps its name"


@pytest.mark.parametrize("position", POSITIONS)
def test_a_stranger_can_check_an_inclusion(typed: Type, filled: Path, position: int) -> None:
    key = typed("log", "checkpoint", "--json").json["key"]
    found = typed("log", "inclusion", str(position), "--json").json
    check(found, key)
    assert typed("log", "inclusion", found["bundle"], "--json").json == found
    shown = typed("log", "inclusion", str(position)).out
    for part in (found["bundle"], found["leaf"], *found["hashes"], found["log"]["root"]):
        assert part in shown
    with pytest.raises(ValueError, match="leads elsewhere"):
        check({**found, "position": position ^ 1}, key)


def test_a_stranger_sees_through_every_change_of_a_proof(typed: Type, filled: Path) -> None:
    before = typed("log", "checkpoint").out
    more(filled, 9)
    key = typed("log", "checkpoint", "--json").json["key"]
    included = typed("log", "inclusion", "2", "--json").json
    grew = typed("log", "consistency", "5", "--json").json
    assert "begins with the 5 that it had" in check(grew, key, before)
    after = grew["second"]["note"]
    assert "is in" in check(included, key, after)
    other = "ed25519:" + "11" * 32
    for proof, by, kept, words in (
        (included, other, None, "not signed by"),
        (included, key, before, "another log than you saw"),
        (grew, key, after, "does not start from the log that you saw"),
        (grew, key, "", "not enough"),  # an empty file is no checkpoint, not none at all
        ({**included, "position": 3}, key, None, "leads elsewhere"),
        ({**included, "hashes": included["hashes"][1:]}, key, None, "too short"),
        ({**included, "hashes": [*included["hashes"], "00" * 32]}, key, None, "the path"),
        (
            {**included, "header": included["header"] + " "},
            key,
            None,
            "the header has another hash",
        ),
        ({**grew, "hashes": grew["hashes"][:-1]}, key, None, "the path"),
        ({**grew, "first": grew["second"], "second": grew["first"]}, key, None, "did not grow"),
        ({**grew, "second": {"note": after.replace("\n14\n", "\n13\n")}}, key, None, "not one by"),
    ):
        with pytest.raises(ValueError, match=words):
            check(proof, by, kept)


def test_the_stranger_imports_nothing_of_ours() -> None:
    text = (Path(__file__).parents[3] / "examples" / "check_proof.py").read_text(encoding="utf-8")
    modules = set(re.findall(r"^(?:from|import) (\w+)", text, flags=re.MULTILINE))
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}
    assert text.count("\n") == 113, "docs/commands.md says how long it is"


@pytest.mark.parametrize("proof", ["[" * 5000, "[]", "{}", '{"hashes": [7]}'], ids=len)
def test_a_proof_that_is_none_is_told_as_that(tmp_path: Path, proof: str) -> None:
    script = Path(__file__).parents[3] / "examples" / "check_proof.py"
    (tmp_path / "proof.json").write_text(proof, encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path / "proof.json"), "ed25519:00"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("DOES NOT HOLD: ")


def test_an_inclusion_in_an_earlier_log(typed: Type, filled: Path) -> None:
    more(filled, 9)
    key = typed("log", "checkpoint", "--json").json["key"]
    found = typed("log", "inclusion", "2", "--size", "5", "--json").json
    assert found["log"]["size"] == 5
    check(found, key)


def test_a_stranger_can_check_that_a_log_grew(typed: Type, filled: Path) -> None:
    before = typed("log", "checkpoint", "--json").json
    more(filled, 9)
    found = typed("log", "consistency", "5", "--json").json
    check(found, before["key"])
    assert found["first"] == before
    assert found["second"] == typed("log", "checkpoint", "--json").json
    for first, second in ((0, 0), (0, 13), (3, 7), (7, 7), (8, 12)):
        found = typed("log", "consistency", str(first), str(second), "--json").json
        assert (found["first"]["size"], found["second"]["size"]) == (first, second)
        check(found, before["key"])
    shown = typed("log", "consistency", "8", "12").out
    for part in (*found["hashes"], found["first"]["root"], found["second"]["root"]):
        assert part in shown


@pytest.mark.parametrize(
    ("words", "expected", "got"),
    [
        (("inclusion", "5"), "from 0 to below 5", "5"),
        (("inclusion", "2", "--size", "2"), "from 0 to below 2", "2"),
        (("inclusion", "0", "--size", "6"), "from 0 to 5, the size of this log", "6"),
        (("inclusion", "arxiv:2512.05356"), "`sha256:…`, or its position", "arxiv:2512.05356"),
        (("inclusion", "-" + "1" * 50), "", ""),
        (("inclusion", "1" * 50), "`sha256:…`, or its position", "111"),
        (("inclusion", "٣"), "`sha256:…`, or its position", "٣"),
        (("consistency", "6"), "from 0 to 5, the second size", "6"),
        (("consistency", "3", "2"), "from 0 to 2, the second size", "3"),
        (("consistency", "0", "9"), "from 0 to 5, the size of this log", "9"),
        (("consistency", "-1"), "", ""),
        (("consistency", "many"), "", ""),
    ],
)
def test_what_cannot_be_proved_is_told(
    typed: Type, filled: Path, words: tuple[str, ...], expected: str, got: str
) -> None:
    found = typed("log", *words, "--json")
    assert found.status == 2
    message = json.loads(found.out)["error"]["message"]
    assert expected in message
    assert got in message


def test_a_bundle_that_is_not_in_the_log(typed: Type, filled: Path) -> None:
    found = typed("log", "inclusion", "sha256:" + "0" * 64)
    assert found.status == 1
    assert "no bundle sha256:000" in found.err


def test_asking_makes_no_store(typed: Type, place: Path) -> None:
    assert typed("log", "checkpoint").status == 74
    assert not (place / "colineage.db").exists()


def test_the_log_command_as_a_process(started: Type, filled: Path) -> None:
    note = started("log", "checkpoint").out
    key = json.loads(started("log", "checkpoint", "--json").out)["key"]
    assert read_checkpoint(note, key)[1] == 5
