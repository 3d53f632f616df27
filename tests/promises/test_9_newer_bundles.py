"""Promise 9, of bundles: what a newer version said is kept, counted and handed on, and understood after an upgrade."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit.verify import verify
from graph.bundle.bundle import read
from graph.bundle.envelopes import pack, unpack
from graph.model.canonical import canonical_bytes
from graph.model.vocabulary import Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from tests.graph.histories import ADA, ZED
from tests.graph.statements import add, say
from tests.promises.newer import NEWER, ODD, PAPER, RECORD, SAID, STATEMENT, VOUCHES, enveloped
from tests.promises.runs import Typed

ROOT = Path(__file__).parents[2]
OURS = ("graph", "ingest", "recommend", "audit", "api", "colineage")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with what this version understands, and what it does not."""
    path = tmp_path / "colineage.db"
    with closing(open_store(f"sqlite:{path}")) as store:
        store.trust([TrustEntry(ADA.key)])
        add(store, RECORD, STATEMENT, VOUCHES)
    return path


def typed_elsewhere(program: Path, folder: Path, *words: str) -> tuple[int, Any]:
    """A command of another copy of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "colineage", *words, "--json"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(program), "HOME": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_what_is_not_understood_is_kept_counted_and_said(
    path: Path, tmp_path: Path, typed: Typed
) -> None:
    with closing(open_store(f"sqlite:{path}")) as store:
        assert add(store, *NEWER) == ()
        assert store.counts().bundles == 3
        found = store.bundles_by_id([one.id for one in NEWER])
        assert [(found[one.id].bundle, found[one.id].lives) for one in NEWER] == [
            (one, False) for one in NEWER
        ]
        assert store.things(["arxiv:2401.00001", "arxiv:2401.00002"]) == {}
        assert verify(store, fresh=lambda: open_store("sqlite::memory:")).ok
    assert typed(tmp_path, "stats")[1]["bundles"] == 3
    for one in NEWER:
        status, told = typed(tmp_path, "show", one.id)
        shown = told["bundle"]
        assert (status, shown["kind"], shown["lives"]) == (0, "not understood", False)


def test_what_is_not_understood_is_in_an_export_and_in_what_is_made_of_it(
    path: Path, tmp_path: Path, typed: Typed
) -> None:
    assert typed(tmp_path, "export", "exported")[0] == 0
    lines = (tmp_path / "exported" / "bundles" / "00000000.ndjson").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines[:2]] == [one.to_json() for one in NEWER]
    assert typed(tmp_path, "copy", "exported", "sqlite:copied.db")[0] == 0
    with (
        closing(open_store(f"sqlite:{path}")) as store,
        closing(open_store(f"sqlite:{tmp_path / 'copied.db'}")) as copied,
    ):
        assert list(copied.raw_bundles()) == list(store.raw_bundles())
        assert copied.checkpoint() == store.checkpoint()
        assert (copied.digest(), copied.origin()) == (store.digest(), store.origin())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program that understands version 2: it means what version 1 does."""
    folder = tmp_path_factory.mktemp("upgraded")
    for name in OURS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = 0
    for file in (folder / "graph").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for old, new in (("== VERSION", "in (1, 2)"), ("!= VERSION", "not in (1, 2)")):
            changed += text.count(old)
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    assert changed == 2, "the check of a header, and the count of its licences"
    return folder


def test_an_upgrade_understands_what_was_kept(path: Path, program: Path, tmp_path: Path) -> None:
    with closing(open_store("sqlite::memory:")) as expected:
        expected.trust([TrustEntry(ADA.key)])
        add(expected, PAPER, SAID, say(ADA, vouches=(PAPER,), at="2026-01-02T00:00:00Z"))
        digest = expected.digest()
    status, told = typed_elsewhere(program, tmp_path, "rebuild")
    assert (status, told["digest"]) == (0, digest)
    status, told = typed_elsewhere(program, tmp_path, "verify")
    assert (status, told["ok"], told["digest"]) == (0, True, digest)
    for one, kind in ((RECORD, "record"), (STATEMENT, "statement")):
        shown = typed_elsewhere(program, tmp_path, "show", one.id)[1]["bundle"]
        assert (shown["kind"], shown["lives"]) == (kind, True)


def test_what_nobody_signed_takes_no_place_from_the_true_one(
    path: Path, program: Path, tmp_path: Path
) -> None:
    """It has the id of the true one, and nobody can judge it before the upgrade: each envelope is kept."""
    junk = enveloped(ZED.sign(STATEMENT.header_bytes))
    squatted = read(STATEMENT.header_bytes, None, pack([junk]))
    with closing(open_store(f"sqlite:{tmp_path / 'squatted.db'}")) as store:
        add(store, squatted)
    squat = ("--store", "sqlite:squatted.db")
    assert typed_elsewhere(program, tmp_path, "rebuild", *squat)[0] == 0
    assert typed_elsewhere(program, tmp_path, "verify", *squat)[0] == 0
    shown = typed_elsewhere(program, tmp_path, "show", STATEMENT.id, *squat)[1]["bundle"]
    assert (shown["kind"], shown["lives"]) == ("not understood", False)
    with closing(open_store(f"sqlite:{tmp_path / 'squatted.db'}")) as store:
        assert add(store, STATEMENT) == ()
        (raw,) = store.raw_bundles()
        assert raw.signature == pack([junk, *unpack(STATEMENT.signature)])
    assert typed_elsewhere(program, tmp_path, "rebuild", *squat)[0] == 0
    assert typed_elsewhere(program, tmp_path, "verify", *squat)[0] == 0
    shown = typed_elsewhere(program, tmp_path, "show", STATEMENT.id, *squat)[1]["bundle"]
    assert (shown["kind"], shown["lives"]) == ("statement", True)
    assert "envelopes" not in shown, "the one that holds is left"
    assert shown["envelope"]["signatures"] == unpack(STATEMENT.signature)[0]["signatures"]


def test_what_no_version_says_harms_no_log_after_the_upgrade(
    path: Path, program: Path, tmp_path: Path
) -> None:
    """Anybody may have said it while nobody could judge it: it means nothing, and the log that holds it holds."""
    with closing(open_store(f"sqlite:{path}")) as store:
        unsigned = read(canonical_bytes(json.loads(STATEMENT.header_bytes) | {"n": 3}), None, None)
        add(store, ODD, unsigned, say(ADA, answers=((Verb.RETRACTS, ODD),)))
    assert typed_elsewhere(program, tmp_path, "export", "before")[0] == 0
    for _ in range(2):
        assert typed_elsewhere(program, tmp_path, "rebuild")[0] == 0
    assert typed_elsewhere(program, tmp_path, "show", "arxiv:2401.00003")[0] == 1
    assert typed_elsewhere(program, tmp_path, "show", "arxiv:2401.00002")[0] == 0
    status, told = typed_elsewhere(program, tmp_path, "verify")
    assert (status, told["faults"]) == (0, [])
    assert typed_elsewhere(program, tmp_path, "export", "after")[0] == 0
    for folder in ("before", "after"):
        copied = f"sqlite:{folder}.db"
        faults = typed_elsewhere(program, tmp_path, "verify", folder)[1]["faults"]
        told_before = [one for one in faults if "has the digest" in one["what"]]
        assert faults == told_before, "the digest was told before it was understood"
        assert typed_elsewhere(program, tmp_path, "copy", folder, copied)[0] == 0
        status, again = typed_elsewhere(program, tmp_path, "verify", "--store", copied)
        assert (status, again["digest"]) == (0, told["digest"])
    pulled = ("pull", "after", "--trust", "--store", "sqlite:pulled.db", "--seen", "seen")
    assert typed_elsewhere(program, tmp_path, *pulled)[0] == 0
