"""`colineage seal` and `open`: what is public at once, what is not before it is opened, and what anybody can check then."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from colineage.cli import app
from graph.bundle.bundle import read
from graph.bundle.key_files import read_key
from graph.clock import system_clock
from graph.export.format import raw_bundles
from graph.export.reader import opener
from graph.open import open_store
from graph.speaker import Speaker
from ingest.statements.ingest import add_file
from tests.colineage.conftest import PAPER

Type = Callable[..., Any]

MARK = "qzxquagga"
FILE = f"""
nodes:
  - {{id: "#plan", kind: idea, title: Reefs of {MARK}, text: "How {MARK} will grow."}}
edges:
  - {{from: "#plan", rel: wasDerivedFrom, to: "{PAPER}", subtype: inspiration}}
"""


def marked(folder: Path) -> list[str]:
    """The files below a folder that hold the mark, in any encoding."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files, "nothing was looked at"
    needles = [MARK.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(path.relative_to(folder))
        for path in files
        if any(needle in path.read_bytes() for needle in needles)
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed statement, and the file of its body."""

    id: str
    body: Path
    minted: str


@pytest.fixture
def sealed(typed: Type, filled: Path, file: Path) -> Sealed:
    """In a filled store."""
    found = typed("seal", str(file), "--json")
    assert found.status == 0, found.err
    (name,) = found.json["appended"]
    header = json.loads(typed("show", name, "--json").json["bundle"]["header"])
    bundle = read(_header(name), None, _signature(name))
    body = filled.parent / "colineage.db.sealed" / header["body"].removeprefix("sha256:")
    return Sealed(name, body, next(bundle.minted_ids()))


def _raw(name: str) -> Any:
    with closing(open_store("sqlite:colineage.db")) as store:
        return next(raw for raw in store.raw_bundles() if raw.id == name)


def _header(name: str) -> bytes:
    header: bytes = _raw(name).header
    return header


def _signature(name: str) -> bytes:
    signature: bytes = _raw(name).signature
    return signature


def test_only_the_folder_has_the_body(place: Path, sealed: Sealed) -> None:
    assert marked(place) == [str(sealed.body.relative_to(place))]
    assert (sealed.body.stat().st_mode & 0o777, sealed.body.parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )


def test_what_is_public_is_told_before_anything_is_signed(
    typed: Type, place: Path, file: Path
) -> None:
    (place / "colineage.db").mkdir()  # so that there is no store to sign for
    found = typed("seal", str(file))
    assert found.status == 74
    assert "labels #plan (idea); answers none" in found.err
    assert "for good" in found.err
    assert MARK not in found.err


def test_the_header_is_shown_and_says_nothing_yet(typed: Type, sealed: Sealed) -> None:
    shown = typed("show", sealed.id, "--json").json["bundle"]
    assert (shown["body"], shown["says_nothing"]) == (None, "its body is not here, only the hash")
    assert shown["lives"]
    assert json.loads(shown["header"])["mints"] == [["#plan", "idea"]]
    assert typed("search", MARK, "--json").json["results"] == []
    assert typed("show", sealed.minted).status == 1
    assert typed("verify").status == 0


def test_sealing_again_seals_nothing_more(typed: Type, sealed: Sealed, file: Path) -> None:
    before = typed("stats", "--json").json["log"]
    again = typed("seal", str(file), "--json").json
    assert (again["appended"], again["unchanged"]) == ([], 1)
    assert typed("stats", "--json").json["log"] == before
    assert sealed.body.exists()


def test_opened_it_is_as_public_as_any_and_anybody_can_check_it(
    typed: Type, place: Path, sealed: Sealed
) -> None:
    """An export made before holds the header, whose hash of the body the one made after has to keep."""
    assert typed("export", "before").status == 0
    found = typed("open", sealed.id, "--json")
    assert found.status == 0, found.err
    word = typed("show", found.json["appended"], "--json").json["bundle"]
    assert json.loads(word["header"])["answers"] == [["opens", sealed.id]]
    assert len(typed("search", MARK, "--json").json["results"]) == 1
    assert not sealed.body.exists()
    assert typed("export", "after").status == 0
    for folder in ("before", "after"):
        assert typed("verify", folder).status == 0, folder
    assert typed("verify").status == 0
    assert marked(place / "before") == []
    assert marked(place / "after") == ["bundles/00000000.ndjson"]
    early = {raw.id: raw for raw in raw_bundles(opener(place / "before"), 0, 6)}[sealed.id]
    late = {raw.id: raw for raw in raw_bundles(opener(place / "after"), 0, 7)}[sealed.id]
    assert (early.header, early.body) == (late.header, None)
    assert read(early.header, late.body, early.signature).body is not None


def test_who_pulled_it_sealed_gets_the_body_at_the_next_pull(typed: Type, sealed: Sealed) -> None:
    other = ("--store", "sqlite:other.db")
    typed("export", "shared")
    assert typed("pull", "shared", *other, "--json").json["withheld"] == 1
    typed("open", sealed.id)
    typed("export", "shared")
    assert typed("pull", "shared", *other, "--json").json["withheld"] == 0
    assert len(typed("search", MARK, *other, "--json").json["results"]) == 1


def test_opening_again_only_removes_what_a_stopped_run_left(typed: Type, sealed: Sealed) -> None:
    body = sealed.body.read_bytes()
    typed("open", sealed.id)
    sealed.body.write_bytes(body)
    again = typed("open", sealed.id, "--json")
    assert (again.status, again.json["appended"]) == (0, None)
    assert not sealed.body.exists()


def test_a_tampered_body_is_refused(typed: Type, sealed: Sealed) -> None:
    sealed.body.write_bytes(sealed.body.read_bytes().replace(b"grow", b"fade"))
    found = typed("open", sealed.id, "--json")
    assert found.status == 2
    (fault,) = found.json["error"]["faults"]
    assert fault["where"].endswith(sealed.body.name)
    assert "put a backup back" in found.json["error"]["message"]
    assert typed("stats", "--json").json["log"]["size"] == 6
    assert sealed.body.exists()


def test_a_lost_body_comes_back_from_a_backup(typed: Type, place: Path, sealed: Sealed) -> None:
    made = typed("export", "shared", "--sealed", "backup", "--json")
    assert (made.status, made.json["sealed"]) == (0, 1), made.err
    assert marked(place / "shared") == []
    shutil.rmtree(sealed.body.parent)
    lost = typed("open", sealed.id)
    assert (lost.status, "a backup of it put back" in lost.err) == (2, True)
    shutil.copytree("backup", sealed.body.parent)
    assert typed("open", sealed.id).status == 0


def test_a_backup_of_sealed_bodies_lies_in_no_export(
    typed: Type, place: Path, sealed: Sealed
) -> None:
    found = typed("export", "shared", "--sealed", "shared/secret")
    assert (found.status, "outside shared" in found.err) == (2, True)
    sealed.body.write_bytes(b"{}")
    assert typed("export", "shared", "--sealed", "backup").status == 2
    assert not (place / "shared").exists()


def test_erasing_a_sealed_statement_removes_its_file(
    typed: Type, place: Path, sealed: Sealed
) -> None:
    found = typed("erase", sealed.id, "--reason", "Never mind.", "--yes", "--json")
    assert (found.status, found.json["sealed"]) == (0, 1), found.err
    assert marked(place) == []
    opened = typed("open", sealed.id)
    assert (opened.status, "erased" in opened.err) == (2, True)


def test_only_one_s_own_can_be_opened(typed: Type, sealed: Sealed) -> None:
    typed("key", "new", "other.pem")
    found = typed("open", sealed.id, "--key", "other.pem")
    assert (found.status, "isn't this key's to open" in found.err) == (2, True)
    assert sealed.body.exists()


def test_a_folder_that_others_may_look_into_is_refused(
    typed: Type, place: Path, file: Path
) -> None:
    (place / "open").mkdir(mode=0o755)
    found = typed("seal", str(file), "--sealed", "open")
    assert (found.status, "chmod 700 open" in found.err) == (74, True)
    assert typed("stats", "--json").json["bundles"] == 0
    assert list((place / "open").iterdir()) == []


def test_nothing_is_logged_where_the_body_can_t_be_kept(
    typed: Type, place: Path, file: Path
) -> None:
    found = typed("seal", str(file), "--sealed", "no/such/place")
    assert (found.status, "nothing is sealed" in found.err) == (74, True)
    assert typed("stats", "--json").json["bundles"] == 0


def test_a_store_that_is_no_file_needs_a_folder(typed: Type, file: Path) -> None:
    found = typed("seal", str(file), "--store", "neo4j://nowhere:1")
    assert (found.status, "--sealed" in found.err) == (2, True)


@pytest.mark.neo4j
def test_on_neo4j(typed: Type, place: Path, file: Path, neo4j_url: str) -> None:
    there = ("--store", neo4j_url, "--sealed", "secret")
    (name,) = typed("seal", str(file), *there, "--json").json["appended"]
    assert len(marked(place)) == 1
    assert typed("search", MARK, *there[:2], "--json").json["results"] == []
    assert typed("open", name, *there).status == 0
    assert len(typed("search", MARK, *there[:2], "--json").json["results"]) == 1
    assert typed("verify", *there[:2]).status == 0


# What is answered is the same whether the folder is there or not. Of each command that answers: its words.

ANSWERING: dict[str, tuple[str, ...]] = {
    "stats": (),
    "show": ("{id}",),
    "search": (MARK,),
    "lineage": ("{paper}", "--down"),
    "who": ("{paper}",),
    "related": ("{paper}", "--model", "none"),
    "directions": ("--model", "none"),
    "audit": ("mlflow:7/0123abcd",),
    "verify": (),
    "rebuild": (),
    "export": ("shared",),
    "copy": ("sqlite:colineage.db", "sqlite:copy.db"),
    "pull": ("shared", "--store", "sqlite:pulled.db", "--seen", "pins"),
    "key list": (),
    "log checkpoint": (),
    "log inclusion": ("{id}",),
    "log consistency": ("3",),
}
SAYING = {
    "add",
    "seal",
    "open",
    "erase",
    "embed",
    "init",
    "serve",
    "key new",
    "key grant",
    "key end",
}
"""They sign, make vectors, keys or trust; what `serve` answers is compared in tests/api."""


def _commands() -> set[str]:
    top: Any = get_command(app)
    return {
        f"{name} {inner}".strip()
        for name, command in top.commands.items()
        for inner in getattr(command, "commands", {"": command})
    }


def test_no_command_is_left_out() -> None:
    rest = _commands() - ANSWERING.keys() - SAYING
    assert {name for name in rest if not name.startswith(("ingest", "key"))} == set()
    assert _commands() >= ANSWERING.keys() | SAYING


def answers_in(typed: Type, folder: Path, sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What every answering command prints in a folder, for people and as JSON, and the files that they make."""
    monkeypatch.chdir(folder)
    printed = {}
    for name, words in ANSWERING.items():
        filled_in = [word.format(id=sealed.id, paper=PAPER) for word in words]
        for form in ((), ("--json",)):
            found = typed(*name.split(), *filled_in, *form)
            assert found.status in {0, 1}, (name, found.err)
            printed[name, form] = (found.status, found.out, found.err)
    made = {
        path.name: path.read_bytes() for path in (folder / "shared").rglob("*") if path.is_file()
    }
    return printed, made


def test_every_command_answers_as_if_the_folder_were_not_there(
    typed: Type, place: Path, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [place.parent / name for name in ("with", "without", "opened")]
    for folder in folders:
        folder.mkdir()
        shutil.copy(place / "colineage.db", folder)
    shutil.copytree(sealed.body.parent, folders[0] / "colineage.db.sealed")
    # The control: where the body is in the tables, the same comparison sees it in nearly each answer.
    raw = _raw(sealed.id)
    with closing(open_store(f"sqlite:{folders[2] / 'colineage.db'}")) as store:
        opened = read(raw.header, sealed.body.read_bytes(), raw.signature)
        store.append(lambda _view: [opened])
    there, absent, public = (answers_in(typed, one, sealed, monkeypatch) for one in folders)
    assert there == absent
    differing = {name for (name, _), printed in public[0].items() if printed != absent[0][name, ()]}
    assert {"stats", "show", "search", "lineage", "verify", "export"} <= differing
    assert public[1] != absent[1]


def test_who_guesses_every_word_has_another_hash(
    typed: Type, place: Path, sealed: Sealed, file: Path
) -> None:
    """The salt is made with a secret of the key's: so the public hash of the body can't be tried out."""
    typed("key", "new", "other.pem")
    signer = read_key(place / "other.pem")
    with closing(open_store("sqlite:guess.db")) as store:
        add_file(store, Speaker(signer, f"software:{signer.key}", system_clock), file)
        (said,) = store.bundles()
        assert said.bundle.body_hash != f"sha256:{sealed.body.name}"
