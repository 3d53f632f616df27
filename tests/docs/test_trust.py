"""docs/trust.md, followed from an empty folder; the verifier in examples/ against each kind of tampering."""

import base64
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.keys import Signer, signer_of
from graph.export.writer import export
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import sign_checkpoint
from graph.model.model import End, Grant
from graph.model.vocabulary import Scope
from graph.open import open_store
from tests.graph.statements import add, idea, paper, say

BLOCK = re.compile(r"^```sh\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
BIN = Path(sys.executable).parent
ADA = signer_of(b"\x11" * 32)
EVE = signer_of(b"\x66" * 32)


@pytest.mark.timeout(900)  # some thirty commands, each a process
def test_every_command_of_the_page_does_what_it_says(
    root: Path, workplace: Path, tmp_path: Path
) -> None:
    shutil.copytree(workplace / "examples", tmp_path / "examples")
    blocks = BLOCK.findall((root / "docs" / "trust.md").read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 25
    script = tmp_path / "script.sh"
    script.write_text("".join(map(_checked, lines)), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COLINEAGE_")}
    places = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    done = subprocess.run(
        ["/bin/sh", str(script)],
        cwd=tmp_path,
        env=clean | places | {"PATH": f"{BIN}{os.pathsep}{clean['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    _says_what_the_page_says(done.stdout)


def _checked(line: str) -> str:
    """The line, its output under its own name, and that it ends as the page says."""
    status = re.search(r"# exit (\d+)", line)
    wanted = status[1] if status else "0"
    told = shlex.quote(f"this ended otherwise than with {wanted}: {line}")
    return (
        f"echo {shlex.quote('$ ' + line)}\n{line}\n"
        f"[ $? -eq {wanted} ] || {{ echo {told}; exit 99; }}\n"
    )


def _says_what_the_page_says(out: str) -> None:
    """What a reader compares by eye: two hashes, twice; two digests; one new statement."""
    said = [part.partition("\n")[::2] for part in out.split("$ ")[1:]]
    printed = {line: answer.split() for line, answer in said}
    by_hand = [answer[0] for line, answer in printed.items() if "one.json" in line and answer]
    ours = [one.removeprefix("sha256:") for one in by_hand]
    assert ours[0] == ours[1] != ours[2] == ours[3]
    digests = [answer for line, answer in printed.items() if '["digest"]' in line]
    assert len(digests) == 2
    assert digests[0] == digests[1]
    last = json.loads(said[-1][1])
    assert (last["seen"], last["added"]) == (65, 1)


Verified = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def verified(root: Path) -> Verified:
    """Runs the verifier as its page says, where nothing of ours can be imported."""
    program = root / "examples" / "verify_export.py"

    def run(folder: Path, *key: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", str(program), str(folder), *key],
            cwd=folder.parent,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The export of a small log: records and statements."""
    made = tmp_path / "export"
    with closing(open_store(f"sqlite:{tmp_path / 'lab.db'}")) as store:
        first = say(ADA, idea("#1", "Together"), at="2026-01-01T00:00:00Z")
        records = [paper(f"2401.{number:05d}", f"Paper {number}") for number in range(9)]
        add(store, first, *records, say(ADA, prev=(first,), vouches=tuple(records)))
        export(store, made, ADA)
    return made


def test_it_imports_nothing_of_ours(root: Path) -> None:
    text = (root / "examples" / "verify_export.py").read_text(encoding="utf-8")
    modules = set(re.findall(r"^(?:from|import) (\w+)", text, flags=re.MULTILINE))
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}
    assert text.count("\n") <= 120


@pytest.mark.parametrize(
    "told",
    ['{"key": 7}', '{"key": null}', "[]", pytest.param('{"key": ' + "[" * 5000, id="deep")],
)
def test_what_tells_no_key_does_not_hold(folder: Path, verified: Verified, told: str) -> None:
    (folder / "about.json").write_text(told, encoding="utf-8")
    done = verified(folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("DOES NOT HOLD: ")


def test_a_good_export_holds(folder: Path, verified: Verified) -> None:
    for key in ((), (ADA.key,)):
        done = verified(folder, *key)
        assert (done.returncode, done.stderr) == (0, "")
        assert "9 records" in done.stdout
        assert "2 statements, signatures too" in done.stdout
        assert ("own word" in done.stdout) == (not key)


def test_a_key_that_was_never_set_is_not_the_export_s_own(folder: Path, verified: Verified) -> None:
    done = verified(folder, "")
    assert (done.returncode, "DOES NOT HOLD" in done.stderr) == (1, True)


def test_bodies_that_are_withheld_are_counted(folder: Path, verified: Verified) -> None:
    _change(folder, RECORD, lambda line: line.update(body=None))
    done = verified(folder, ADA.key)
    assert "checked 1 records, body withheld" in done.stdout, done.stderr


def test_the_name_that_an_envelope_gives_to_a_key_is_ignored(
    folder: Path, verified: Verified
) -> None:
    _change(folder, STATEMENT, _of_signature(keyid=EVE.key))
    done = verified(folder, ADA.key)
    assert (done.returncode, done.stderr) == (0, "")


def test_grants_and_ends_have_no_body_that_could_be_withheld(
    tmp_path: Path, verified: Verified
) -> None:
    given = say(ADA, grants=Grant(EVE.key, Scope.SAY))
    with closing(open_store("sqlite::memory:")) as store:
        add(store, given, say(ADA, ends=End(given.id, ()), prev=(given,)))
        export(store, tmp_path / "export", ADA)
    done = verified(tmp_path / "export", ADA.key)
    assert "checked 2 statements, signatures too\n" in done.stdout, done.stderr


def test_what_is_not_understood_is_counted(folder: Path, verified: Verified) -> None:
    def put_off(line: dict[str, Any]) -> None:
        line["header"] = line["header"].replace('"v":1', '"v":2')
        line["id"] = "sha256:" + hashlib.sha256(line["header"].encode()).hexdigest()

    _change(folder, RECORD, put_off)
    _signed_again(folder, ADA)
    done = verified(folder, ADA.key)
    assert "checked 1 not understood here\n" in done.stdout, done.stderr
    _change(folder, RECORD, lambda line: line.update(body=None))
    assert "checked 1 not understood here, body withheld\n" in verified(folder).stdout


def _carriage_returns(folder: Path) -> None:
    path = folder / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _byte_order_mark(folder: Path) -> None:
    path = folder / "bundles" / "00000000.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def _nested(folder: Path) -> None:
    (folder / "bundles" / "00000000.ndjson").write_bytes(b"[" * 100_000 + b"\n")


@pytest.mark.parametrize("change", [_carriage_returns, _byte_order_mark, _nested])
def test_other_bytes_are_no_export(
    folder: Path, verified: Verified, change: Callable[[Path], None]
) -> None:
    change(folder)
    done = verified(folder, ADA.key)
    assert (done.returncode, "DOES NOT HOLD" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_it_agrees_with_us_on_logs_of_any_size(tmp_path: Path, verified: Verified) -> None:
    with closing(open_store("sqlite::memory:")) as store:
        for size in range(1, 10):
            add(store, paper(f"2401.{size:05d}", f"Paper {size}"))
            export(store, tmp_path / str(size), ADA)
            done = verified(tmp_path / str(size), ADA.key)
            assert store.checkpoint().root in done.stdout, done.stderr


def _change(folder: Path, number: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes one line of the export."""
    path = folder / "bundles" / "00000000.ndjson"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines[number])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _signed_again(folder: Path, signer: Signer, *, keep: int | None = None) -> None:
    """A checkpoint over the lines as they are now, by whoever altered them."""
    path = folder / "bundles" / "00000000.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)[:keep]
    path.write_bytes(b"".join(lines))
    headers = [json.loads(line)["header"].encode() for line in lines]
    peaks = Peaks().plus(hashlib.sha256(b"\0" + header).digest() for header in headers)
    origin = (folder / "checkpoint").read_text(encoding="utf-8").split("\n")[0]
    note = sign_checkpoint(origin, Checkpoint(peaks.size, peaks.root()), signer)
    (folder / "checkpoint").write_text(note, encoding="utf-8")


def _edit(key: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(line: dict[str, Any]) -> None:
        assert old in line[key]
        line[key] = line[key].replace(old, new)

    return change


def _of_envelope(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line["envelope"].update(values)


def _of_signature(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line["envelope"]["signatures"][0].update(values)


def _rehashed(line: dict[str, Any]) -> None:
    """Whoever alters a header can give the bundle another id; not the signature, nor the root."""
    line["header"] = line["header"].replace("2026-01-01", "2025-01-01")
    line["id"] = "sha256:" + hashlib.sha256(line["header"].encode()).hexdigest()
    if line["envelope"]:
        line["envelope"]["payload"] = base64.b64encode(line["header"].encode()).decode()


def _stranger(line: dict[str, Any]) -> None:
    """Signed by somebody else, who says so nowhere."""
    line["envelope"]["signatures"][0]["sig"] = base64.b64encode(
        EVE.sign(line["header"].encode())
    ).decode()


STATEMENT, RECORD = 0, 3
TAMPERED: dict[str, tuple[int, Callable[[dict[str, Any]], None]]] = {
    "the body of a statement": (STATEMENT, _edit("body", "Together", "Alone")),
    "the body of a record": (RECORD, _edit("body", "Paper", "Poem")),
    "the header of a statement": (STATEMENT, _edit("header", "2026", "2025")),
    "the header of a record": (RECORD, _edit("header", "CC0", "CC1")),
    "the id": (RECORD, _edit("id", "sha256:", "sha256:0")),
    "the header and its id": (STATEMENT, _rehashed),
    "the envelope is gone": (STATEMENT, lambda line: line.update(envelope=None)),
    "an envelope of nobody": (RECORD, lambda line: line.update(envelope={"signatures": []})),
    "the payload": (STATEMENT, _of_envelope(payload=base64.b64encode(b"{}").decode())),
    "the payload's type": (STATEMENT, _of_envelope(payloadType="text/plain")),
    "no signature": (STATEMENT, _of_envelope(signatures=[])),
    "the signature": (STATEMENT, _of_signature(sig=base64.b64encode(b"x" * 64).decode())),
    "the signature of a stranger": (STATEMENT, _stranger),
    "no header": (RECORD, lambda line: line.pop("header")),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_altered_does_not_hold(folder: Path, verified: Verified, what: str) -> None:
    _change(folder, *TAMPERED[what])
    done = verified(folder)
    assert done.returncode == 1
    assert f"DOES NOT HOLD: position {TAMPERED[what][0]}:" in done.stderr, done.stderr


def test_a_log_that_is_cut_or_turned_does_not_hold(folder: Path, verified: Verified) -> None:
    path = folder / "bundles" / "00000000.ndjson"
    lines = path.read_bytes().splitlines(keepends=True)
    for kept, words in ((lines[:-1], "11 bundles are signed, 10"), (lines[::-1], "another root")):
        path.write_bytes(b"".join(kept))
        done = verified(folder)
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    path.unlink()
    assert verified(folder).returncode == 1


@pytest.mark.parametrize("line", range(3))
def test_a_checkpoint_that_is_altered_does_not_hold(
    folder: Path, verified: Verified, line: int
) -> None:
    path = folder / "checkpoint"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[line] = ("colineage/" + "0" * 32, "10", base64.b64encode(b"r" * 32).decode())[line]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = verified(folder)
    assert done.returncode == 1
    assert "signed" in done.stderr or "signature" in done.stderr


def test_another_key_does_not_hold(folder: Path, verified: Verified) -> None:
    """A log shortened and signed again by a stranger holds only for those who take its word for its key."""
    _signed_again(folder, EVE, keep=5)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    (folder / "about.json").write_text(json.dumps(about | {"key": EVE.key}), encoding="utf-8")
    assert verified(folder).returncode == 0
    done = verified(folder, ADA.key)
    assert (done.returncode, "not signed by" in done.stderr) == (1, True)


def test_what_is_no_export_does_not_hold(tmp_path: Path, verified: Verified) -> None:
    (tmp_path / "empty").mkdir()
    done = verified(tmp_path / "empty")
    assert (done.returncode, "DOES NOT HOLD" in done.stderr) == (1, True)
