"""Key files, what lies beside them, and the order in which they appear."""

import base64
import json
import multiprocessing
import os
import signal
import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from graph.bundle.bundle import Bundle
from graph.bundle.grants_file import grants_file, read_grants
from graph.bundle.key_files import installation_key, move_aside, new_key, read_key, write_key
from graph.bundle.keys import is_key, is_signed, signer_of
from graph.bundle.signed_ids import SignedIds
from graph.errors import KeyFileError
from graph.model.model import Grant
from graph.model.vocabulary import Scope
from tests.graph.statements import say

posix = pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
SEED = b"w" * 32
ROOT = signer_of(b"r" * 32)
LAB = signer_of(b"l" * 32)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_key_is_made_at_first_use_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "key.pem"
    signer = installation_key(path)
    assert is_key(signer.key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert installation_key(path).key == signer.key
    assert is_signed(signer.key, b"{}", installation_key(path).sign(b"{}"))
    assert names(path.parent) == ["key.pem", "key.pem.salt"]
    assert stat.S_IMODE((path.parent / "key.pem.salt").stat().st_mode) == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert installation_key(tmp_path / "a").key != installation_key(tmp_path / "b").key


@posix
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.pem"
    installation_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        installation_key(path)


def pem(key: Ed25519PrivateKey | X25519PrivateKey, password: bytes | None = None) -> bytes:
    secret = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)


def key_on_an_unknown_curve() -> bytes:
    """A key whose curve has an object identifier that nobody gave: 1.2.840.10045.3.1.127."""
    known = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    changed = known.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f"))
    lines = base64.encodebytes(changed)
    return b"-----BEGIN PRIVATE KEY-----\n%s-----END PRIVATE KEY-----\n" % lines


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        pem(X25519PrivateKey.generate()),
        pem(Ed25519PrivateKey.generate(), b"secret"),
        pem(Ed25519PrivateKey.generate())[:-40],
        key_on_an_unknown_curve(),
    ],
    ids=[
        *("nothing", "words", "another kind of key", "a locked key", "a cut-off key"),
        "a curve that the library does not know",
    ],
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=r"key\.pem"):
        installation_key(path)
    assert path.read_bytes() == content


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="can't be read"):
        installation_key(tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeyFileError, match="got the file"):
        installation_key(tmp_path / "file" / "key.pem")


def test_a_key_that_cannot_be_written() -> None:
    """Not even root makes files there."""
    with pytest.raises(KeyFileError, match="can't be made"):
        installation_key(Path("/proc/self/key.pem"))


def _key_of(path: str) -> str:
    return installation_key(Path(path)).key


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[3]))
    context = multiprocessing.get_context("fork")
    for attempt in range(5):
        path = str(tmp_path / f"key{attempt}.pem")
        with context.Pool(4) as pool:
            keys = set(pool.map(_key_of, [path] * 8, chunksize=1))
        assert len(keys) == 1
    assert {entry.suffix for entry in tmp_path.iterdir()} == {".pem", ".salt"}


# Keys for others.


def test_a_new_key_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "agent.pem"
    signer = new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match="is there already"):
        new_key(path)
    assert path.read_bytes() == before
    assert read_key(path).key == signer.key


def test_a_key_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="key new"):
        read_key(tmp_path / "agent.pem")
    assert list(tmp_path.iterdir()) == []


# The salt secret.


def test_salts_are_not_made_of_the_private_key(tmp_path: Path) -> None:
    """Who had the key alone could else try out what was erased."""
    one, other = write_key(tmp_path / "a", SEED), write_key(tmp_path / "b", SEED)
    assert one.key == other.key == signer_of(SEED).key
    assert len({one.salt(b"{}"), other.salt(b"{}"), signer_of(SEED).salt(b"{}")}) == 3
    assert read_key(tmp_path / "a").salt(b"{}") == one.salt(b"{}")


def test_a_key_file_without_a_salt_secret_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    new_key(path)
    (tmp_path / "key.pem.salt").unlink()
    assert read_key(path).salt(b"{}") == read_key(path).salt(b"{}")


@pytest.mark.parametrize("text", ["", "00" * 31, "zz" * 32])
def test_a_salt_secret_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    new_key(tmp_path / "key.pem")
    (tmp_path / "key.pem.salt").write_text(text)
    with pytest.raises(KeyFileError, match="64 hex digits"):
        read_key(tmp_path / "key.pem")


@posix
def test_a_salt_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    new_key(tmp_path / "key.pem")
    (tmp_path / "key.pem.salt").chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(tmp_path / "key.pem")


# Grants.


def chain() -> tuple[Bundle, Bundle]:
    """The root lets the lab act, the lab lets the key of SEED say."""
    first = say(ROOT, grants=Grant(LAB.key, Scope.ACT))
    return first, say(LAB, under=first.id, grants=Grant(signer_of(SEED).key, Scope.SAY))


def test_grants_lie_beside_their_key(tmp_path: Path) -> None:
    path, grants = tmp_path / "agent.pem", chain()
    key = write_key(path, SEED, grants).key
    assert read_grants(path, key) == grants
    assert stat.S_IMODE(grants_file(path).stat().st_mode) == 0o600
    lines = [json.loads(line) for line in grants_file(path).read_text().splitlines()]
    assert [sorted(line) for line in lines] == [["envelope", "header", "id"]] * 2
    assert read_grants(tmp_path / "other.pem", key) == ()


def test_grants_that_do_not_lead_to_the_key_are_refused(tmp_path: Path) -> None:
    first, second = chain()
    stranger = say(ROOT, under=first.id, grants=Grant(signer_of(SEED).key, Scope.SAY))
    for number, grants in enumerate([(first,), (second,), (second, first), (first, stranger)]):
        path = tmp_path / f"{number}.pem"
        write_key(tmp_path / f"{number}", SEED)
        (tmp_path / f"{number}").rename(path)
        write_key(tmp_path / f"{number}-with", b"x" * 32, grants)
        grants_file(tmp_path / f"{number}-with").rename(grants_file(path))
        with pytest.raises(KeyFileError, match=r"\.grants"):
            read_grants(path, signer_of(SEED).key)


@pytest.mark.parametrize("change", [b"", b"{}", b"[]", b"x", b"id", b"sig", b"header"])
def test_what_is_no_line_of_grants_is_refused(tmp_path: Path, change: bytes) -> None:
    path = tmp_path / "agent.pem"
    write_key(path, SEED, chain())
    first, second = grants_file(path).read_bytes().splitlines()
    altered = {
        b"id": first.replace(chain()[0].id.encode(), chain()[1].id.encode()),
        b"sig": first.replace(b'"sig":"', b'"sig":"AAAA'),
        b"header": first.replace(b"act", b"say"),
    }.get(change, change)
    grants_file(path).write_bytes(altered + b"\n" + second + b"\n")
    with pytest.raises(KeyFileError, match="line 1"):
        read_grants(path, signer_of(SEED).key)


# What appears in which order.


def test_a_key_killed_in_the_making_is_whole_or_of_no_use(tmp_path: Path) -> None:
    """At each call that changes a folder the process dies; what is left is no key, or one with its grants and salts."""
    seen = set()
    for last in range(1, 12):
        folder = tmp_path / str(last)
        folder.mkdir()
        child = os.fork()
        if not child:
            _die_at(last)
            write_key(folder / "person.pem", SEED, chain())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        seen.add(status)
        made = [name for name in names(folder) if not name.endswith(".part")]
        if "person.pem" in made:
            signer = read_key(folder / "person.pem")
            assert read_grants(folder / "person.pem", signer.key) == chain()
            assert "person.pem.salt" in made
    assert seen == {0, signal.SIGKILL}


def _die_at(last: int) -> None:
    calls = 0

    def count(event: str, _arguments: object) -> None:
        nonlocal calls
        if event in {"open", "os.link", "os.remove", "os.mkdir"}:
            calls += 1
            if calls == last * 2:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def test_grants_without_their_key_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "person.pem"
    write_key(path, SEED, chain())
    path.unlink()
    before = grants_file(path).read_bytes()
    with pytest.raises(KeyFileError, match="bring the key back"):
        new_key(path)
    assert grants_file(path).read_bytes() == before


def test_a_key_is_moved_aside_with_its_grants(tmp_path: Path) -> None:
    path, other = tmp_path / "person.pem", tmp_path / "old.pem"
    key = write_key(path, SEED, chain()).key
    SignedIds(path).add(chain()[0].id)
    move_aside(path, other)
    assert read_grants(other, read_key(other).key) == chain()
    assert names(tmp_path) == ["old.pem", "old.pem.grants", "old.pem.salt", "person.pem.signed"]
    write_key(path, SEED)
    with pytest.raises(KeyFileError, match="there already"):
        move_aside(path, other)
    assert read_key(path).key == key


# What was signed at this place.


def test_ids_are_listed_once_they_are_signed(tmp_path: Path) -> None:
    one, other = SignedIds(tmp_path / "key.pem"), SignedIds(tmp_path / "key.pem")
    assert not one.exists()
    assert one.names() == set()
    first, second = (bundle.id for bundle in chain())
    one.add(first)
    assert other.names() == {first}
    other.add(second)
    assert one.names() == {first, second}
    assert one.file.read_text() == f"{first}\n{second}\n"
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600


def test_a_torn_line_takes_no_other_with_it(tmp_path: Path) -> None:
    ids = SignedIds(tmp_path / "key.pem")
    first, second = (bundle.id for bundle in chain())
    ids.file.write_text(f"{first}\n{second[:20]}")
    assert ids.names() == {first}
    ids.add(second)
    assert ids.names() == SignedIds(tmp_path / "key.pem").names() == {first, second}


def test_a_list_that_can_not_be_written_stops_the_signing() -> None:
    with pytest.raises(KeyFileError, match="can't be"):
        SignedIds(Path("/proc/self/key.pem")).add("sha256:" + "0" * 64)
