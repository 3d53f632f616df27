"""Ed25519 keys, DSSE signatures, and the installation's own key file.

DSSE: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

import base64
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graph.errors import KeyFileError

PAYLOAD_TYPE: Final = "application/vnd.colineage.header.v1+json"

_PREFIX: Final = "ed25519:"
_PAE: Final = b"DSSEv1 "
_FIELD: Final = 2**255 - 19
# The y coordinates of the eight points of small order on edwards25519 (RFC 8032): orders 4, 1, 2, 8, 8.
_LOW_ORDER_Y: Final = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)


def pae(payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding of a header."""
    kind = PAYLOAD_TYPE.encode()
    return _PAE + b"%d %s %d %s" % (len(kind), kind, len(payload), payload)


def is_key(text: object) -> bool:
    """Whether this is `ed25519:` and the 64 hex digits of a point that may sign.

    Refused are non-canonical encodings (y ≥ p) and points of small order, under which one signature
    may hold for many messages.
    """
    if not isinstance(text, str) or not text.startswith(_PREFIX) or len(text) != 72:
        return False
    digits = text.removeprefix(_PREFIX)
    if digits.lower() != digits:
        return False
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return False
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return len(raw) == 32 and y < _FIELD and y not in _LOW_ORDER_Y


def is_signed(key: str, header: bytes, signature: bytes) -> bool:
    """Whether the signature of the header holds under this key."""
    return _holds(key, pae(header), signature)


def note_holds(key: str, text: bytes, signature: bytes) -> bool:
    """Whether the signature of a note's text holds under this key."""
    return _holds(key, text, signature)


def _holds(key: str, message: bytes, signature: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix(_PREFIX)))
        public.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that signs headers; `key` is its public half, `ed25519:` and 64 hex digits."""

    key: str
    _private: Ed25519PrivateKey

    def sign(self, header: bytes) -> bytes:
        """The 64 bytes of the DSSE signature of a header."""
        return self._private.sign(pae(header))

    def sign_note(self, text: bytes) -> bytes:
        """The 64 bytes of the plain Ed25519 signature of a note's text (https://c2sp.org/signed-note).

        A text that begins as a header's encoding is refused: signing it would sign a header.
        """
        if text.startswith(_PAE):
            raise ValueError(f"expected a note's text, got one that begins with {_PAE!r}")
        return self._private.sign(text)

    def __repr__(self) -> str:
        return f"Signer({self.key})"


def signer_of(seed: bytes) -> Signer:
    """The signer of a 32-byte seed (RFC 8032)."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    raw = private.public_key().public_bytes_raw()
    return Signer(_PREFIX + raw.hex(), private)


def installation_key(path: Path) -> Signer:
    """The key kept in a PEM file that only its owner reads; made when there is none.

    Raises:
        KeyFileError: The file can't be read or made, is no Ed25519 key, or others may read it.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise KeyFileError(f"the key {path} can't be read: {error.strerror}") from error
    _make(path)
    return _read(path)


def _read(path: Path) -> Signer:
    pem = path.read_bytes()
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KeyFileError(f"others may read the key {path}: chmod 600 {path}")
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"expected an Ed25519 key in PEM in {path}: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"expected an Ed25519 key in {path}, got another kind of key")
    return signer_of(private.private_bytes_raw())


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # fails where another process was first: its key is the one
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyFileError(f"the key {path} can't be made: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def envelope(header: bytes, key: str | None, signature: bytes) -> dict[str, Any]:
    """The DSSE envelope of a statement, as JSON.

    Args:
        header: What is signed.
        key: Who signed; `None` where the header is of a version that isn't understood (DSSE needs no `keyid`).
        signature: The 64 bytes.
    """
    named = {} if key is None else {"keyid": key}
    return {
        "payload": base64.b64encode(header).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{**named, "sig": base64.b64encode(signature).decode()}],
    }
