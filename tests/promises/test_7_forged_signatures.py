"""Promise 7: of altered, stripped, swapped and replayed signatures, and of keys that can't sign, none is admitted."""

import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from colineage.cli import app, run
from graph.bundle.bundle import Bundle, read, statement
from graph.bundle.keys import pae, signer_of
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Grant, Header
from graph.model.vocabulary import Scope
from graph.open import open_store
from graph.store import AppendView, GraphStore
from tests.conftest import Size, emptied
from tests.graph.bundle.test_keys import P, encoded, small_order_ys
from tests.graph.conftest import clock
from tests.graph.neo4j.server import Servers
from tests.graph.statements import add
from tests.promises.forged import SIGNERS, WAYS, Bytes, forgeries, honest

AT = "2026-01-01T00:00:00Z"
KINDS = ["sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'log.db'}"
    servers: Servers = request.getfixturevalue("neo4j_servers")
    return emptied(servers)


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    with closing(open_store(url, clock=clock)) as opened:
        yield opened


def admits(store: GraphStore, given: Bytes) -> bool:
    """Whether it is taken in as somebody's word; of a key or a version that isn't understood it is nobody's yet."""

    def reads(_look: AppendView) -> Sequence[Bundle]:
        bundle = read(*given)
        understood.append(bundle.header is not None)
        return [bundle] if understood[-1] else []

    understood: list[bool] = []
    try:
        store.append(reads)
    except BundleError:
        return False
    return understood[-1]


def test_no_forged_signature_is_admitted(store: GraphStore, size: Size) -> None:
    add(store, *honest())
    before = (store.checkpoint(), store.digest())
    tried = forgeries(size(200, 1000))
    admitted = [way for way, given in tried if admits(store, given)]
    assert admitted == []
    assert (store.checkpoint(), store.digest()) == before
    assert len(Counter(way for way, _ in tried)) == len(WAYS)


def test_what_is_not_forged_is_admitted_and_again_changes_nothing(store: GraphStore) -> None:
    """The control: it is the signatures that are refused. And a bundle replayed whole is itself."""
    for _ in range(2):
        for one in honest():
            assert admits(store, Bytes(one.header_bytes, one.body_bytes, one.signature))
        assert store.checkpoint().size == len(honest())


# Keys that can't sign.


def weak_keys() -> list[str]:
    """Every encoding of a point of small order, canonical or not, and other encodings with y ≥ p."""
    small = [encoded(y, sign) for y in small_order_ys() for sign in (0, 1)]
    return [*small, *(encoded(y, sign) for y in (P, P + 1, P + 5, P + 18) for sign in (0, 1))]


def header_by(key: str) -> bytes:
    body = digest(canonical_bytes({"salt": "0" * 32, "words": 1}))
    by = f"person:{key}"
    return canonical_bytes({"v": 1, "by": by, "at": AT, "body": body, "key": key, "n": 0})


def test_a_key_of_small_order_would_sign_anything() -> None:
    """Why it is refused: under the neutral point, one signature holds for whatever is said."""
    signature = bytes.fromhex("58" + "66" * 31) + (1).to_bytes(32, "little")  # R = B, S = 1
    neutral = Ed25519PublicKey.from_public_bytes((1).to_bytes(32, "little"))
    for said in (b"this", b"that", pae(header_by(encoded(1)))):
        neutral.verify(signature, said)
    with pytest.raises(BundleError, match="of full order"):
        read(header_by(encoded(1)), canonical_bytes({"salt": "0" * 32, "words": 1}), signature)


def test_no_weak_key_says_anything(store: GraphStore) -> None:
    body = canonical_bytes({"salt": "0" * 32, "words": 1})
    base = bytes.fromhex("58" + "66" * 31)
    for key in weak_keys():
        for r, s in (
            (base, 1),
            (bytes(32), 0),
            (bytes.fromhex(key[8:]), 0),
            (bytes([1]) + bytes(31), 0),
        ):
            assert not admits(store, Bytes(header_by(key), body, r + s.to_bytes(32, "little")))
        # In a grant a key is judged by its form alone: to whom it was made can sign nothing.
        grants = Header(f"person:{SIGNERS[0].key}", AT, grants=Grant(key, Scope.SAY))
        assert statement(grants, None, SIGNERS[0]).header
    assert store.checkpoint().size == 0


# Through the commands.


Type = Callable[..., int]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command in a folder of its own; gives back its exit status."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda *words: run(app, "colineage", words)


def test_what_is_forged_in_an_export_is_left_out_and_told(
    typed: Type, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], size: Size
) -> None:
    """Roots don't cover signatures, so it is these alone that tell."""
    source = f"sqlite:{tmp_path / 'source.db'}"
    with closing(open_store(source, clock=clock)) as opened:
        add(opened, *honest(10))
    assert typed("export", "shared", "--store", source) == 0
    (file,) = (tmp_path / "shared" / "bundles").iterdir()
    lines = file.read_text().splitlines()
    chance = random.Random(7)  # noqa: S311 - a seed
    for number in range(size(8, 60)):
        place = number % len(lines)
        forged = json.loads(lines[place])
        signature = bytearray(base64.b64decode(forged["envelope"]["signatures"][0]["sig"]))
        other = json.loads(lines[place - 1])["envelope"]["signatures"][0]["sig"]
        signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        altered = base64.b64encode(signature).decode()
        if number % 4 == 3:
            forged["envelope"] = None
        else:
            forged["envelope"]["signatures"][0]["sig"] = other if number % 4 == 2 else altered
        changed = json.dumps(forged, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
        file.write_text("\n".join([*lines[:place], changed, *lines[place + 1 :], ""]))
        capsys.readouterr()
        target = f"sqlite:{tmp_path / f'pulled{number}.db'}"
        assert typed("pull", "shared", "--store", target, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        name = json.loads(lines[place])["id"]
        assert (told["added"], told["refused"]) == (len(lines) - 1, 1)
        assert [refusal["bundle"] for refusal in told["refusals"]] == [name]
        with closing(open_store(target, clock=clock)) as opened:
            assert opened.bundles_by_id([name]) == {}
        assert typed("verify", "shared") == 1
    file.write_text("\n".join([*lines, ""]))
    assert typed("pull", "shared", "--store", url, "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["refused"] == 0


def test_a_key_file_that_is_another_s_signs_nothing_of_theirs(typed: Type, tmp_path: Path) -> None:
    """Whose words they are is told by the key that signed, whatever the commands are told."""
    ada = signer_of(b"A" * 32)
    (tmp_path / "x.yaml").write_text("statements: [{nodes: [{id: '#1', kind: idea, title: x}]}]")
    assert typed("add", "x.yaml", "--as", f"person:{ada.key}") == 2
    assert not (tmp_path / "colineage.db").exists()
