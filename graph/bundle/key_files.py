"""Key files: a private key in PEM, with its grants, its salt secret and the list of what it signed here beside it.

Beside a key `FILE` may lie, readable by its owner alone:

    FILE.grants     the grants from the root down to this key (`graph.bundle.grants_file`)
    FILE.salt       the secret of the salts: 32 random bytes in hex
    FILE.signed     the ids of the statements signed with it at this place (`graph.bundle.signed_ids`)
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph.bundle.bundle import Bundle
from graph.bundle.grants_file import grants_file, write_grants
from graph.bundle.keys import Signer, signer_of
from graph.bundle.private_file import is_there, read_private, sync_folder, write_once
from graph.errors import KeyFileError

_SALT_BYTES: Final = 32


def installation_key(path: Path) -> Signer:
    """Return the key in a PEM file that only its owner may read; make it when there is none.

    Raises:
        KeyFileError: The file can't be read or made, is no Ed25519 key, or others may read it.
    """
    if not is_there(path):
        _make(path, Ed25519PrivateKey.generate())
    return read_key(path)


def read_key(path: Path) -> Signer:
    """Read the key in a PEM file, which must be there; make its salt secret where it has none.

    Raises:
        KeyFileError: It is not there, can't be read, is no Ed25519 key, or others may read it.
    """
    private = _read_key(path)
    return signer_of(private.private_bytes_raw(), _salt_secret(path))


def read_public_key(path: Path) -> str:
    """Return the public key of a PEM file, which must be there; nothing is made.

    Raises:
        KeyFileError: As for `read_key`.
    """
    return signer_of(_read_key(path).private_bytes_raw()).key


def new_key(path: Path) -> Signer:
    """Make a new key in a PEM file that only its owner may read; what is there is never overwritten.

    Raises:
        KeyFileError: Something is there already, or the file can't be made.
    """
    return write_key(path, Ed25519PrivateKey.generate().private_bytes_raw())


def write_key(path: Path, seed: bytes, grants: Sequence[Bundle] = ()) -> Signer:
    """Write a new key: its own name appears last, after its grants and its salt secret, so no half of it is of use.

    Args:
        path: The new file.
        seed: The private key, 32 bytes.
        grants: From the root down to this key.

    Raises:
        KeyFileError: Something is there already, or a file can't be made.
    """
    refuse_if_there(path)
    if grants:
        write_grants(path, grants)
    if not _make(path, Ed25519PrivateKey.from_private_bytes(seed)):
        raise _already_there(path)
    return read_key(path)


def refuse_if_there(path: Path) -> None:
    """Refuse a place for a new key where one lies already, or the grants of one.

    Raises:
        KeyFileError: Something is there.
    """
    if is_there(path):
        raise _already_there(path)
    if is_there(grants_file(path)):
        raise KeyFileError(
            f"{grants_file(path)} is there without {path.name}: a command was interrupted, or the key was "
            "moved; delete the file, or bring the key back"
        )


def move_aside(path: Path, other: Path) -> None:
    """Rename a key file with its grants and its salt secret; the list of what was signed at this place stays.

    Raises:
        KeyFileError: Something has the other name, or it can't be renamed.
    """
    for of in (Path, grants_file, _salt_file):
        if is_there(of(other)):
            raise _already_there(of(other))
    try:
        for of in (Path, grants_file, _salt_file):
            if is_there(of(path)):
                of(path).rename(of(other))
    except OSError as error:
        raise KeyFileError(f"{path} can't be renamed: {error.strerror}") from error
    sync_folder(path.parent)


def _salt_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.salt")


def _already_there(path: Path) -> KeyFileError:
    return KeyFileError(
        f"{path} is there already, and a key that is overwritten is lost: name another file"
    )


def _make(path: Path, private: Ed25519PrivateKey) -> bool:
    """Write a key file behind its salt secret; return whether it was this call that made it."""
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _make_salt(path)
    return write_once(path, pem)


def _make_salt(path: Path) -> None:
    write_once(_salt_file(path), secrets.token_hex(_SALT_BYTES).encode() + b"\n")


def _salt_secret(path: Path) -> bytes:
    """Return the salt secret beside a key, made where there is none."""
    file = _salt_file(path)
    if not is_there(file):
        _make_salt(path)
    try:
        secret = bytes.fromhex(read_private(file).decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != _SALT_BYTES:
        raise KeyFileError(
            f"expected 64 hex digits in {file}, got something else: bring the file back from a copy, or take it "
            "away for a new secret, by which nothing that was said before is known as said already"
        )
    return secret


def _read_key(path: Path) -> Ed25519PrivateKey:
    if not is_there(path):
        raise KeyFileError(f"expected a key in {path}, got no file: `colineage key new` makes one")
    try:
        private = serialization.load_pem_private_key(read_private(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"expected an Ed25519 key in PEM in {path}: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"expected an Ed25519 key in {path}, got another kind of key")
    return private
