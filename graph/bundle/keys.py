"""Ed25519 keys and DSSE signatures.

DSSE: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graph.errors import Fault, InputError
from graph.model.identifiers import ED25519

PAYLOAD_TYPE: Final = "application/vnd.colineage.header.v1+json"

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
    """Return DSSE's pre-authentication encoding (PAE) of a header."""
    kind = PAYLOAD_TYPE.encode()
    return _PAE + b"%d %s %d %s" % (len(kind), kind, len(payload), payload)


def is_key(text: object) -> bool:
    """Return whether this is `ed25519:` and the 64 hex digits of a point that may sign.

    Refused are non-canonical encodings (y ≥ p) and points of small order, under which one signature
    may hold for many messages.
    """
    raw = _raw(text)
    return raw is not None and _y(raw) < _FIELD and _y(raw) not in _LOW_ORDER_Y


def parse_public_key(text: str) -> str:
    """Parse a public key that somebody typed: as it is, or as the agent's id that holds it.

    Raises:
        InputError: It is none: a private key, a file, a cut or mistyped one, a point that can't sign.
    """
    candidate = text.strip()
    for name in ("person:", "software:"):
        candidate = candidate.removeprefix(name)
    expected, got = "a public key: ed25519: and 64 hex digits in lower case", candidate
    raw = _raw(candidate)
    # What may be secret is not repeated, not even in a message.
    if "PRIVATE KEY" in text or candidate.endswith(".pem"):
        got = "a private key or its file (`colineage key list --key FILE` prints its public key)"
    elif len(candidate) == 64:
        got = "64 characters without ed25519: before them"
    elif raw is None:
        got = candidate[:80]
    elif _y(raw) >= _FIELD:
        expected += ", in its one canonical form"
    elif _y(raw) in _LOW_ORDER_Y:
        expected += ", of a point of full order"
    elif not _is_on_curve(_y(raw)):
        expected += ", of a point of the curve (one of them is mistyped)"
    else:
        return candidate
    raise InputError("no public key", [Fault("key", expected, got or "nothing")])


def _raw(text: object) -> bytes | None:
    """Return the 32 bytes of a key's text, `None` where it is none."""
    if not isinstance(text, str) or not text.startswith(ED25519) or len(text) != 72:
        return None
    digits = text.removeprefix(ED25519)
    if digits.lower() != digits:
        return None
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        return None
    return raw if len(raw) == 32 else None


def _y(raw: bytes) -> int:
    """Return the y coordinate of an encoded point (RFC 8032, 5.1.3)."""
    return int.from_bytes(raw, "little") & (2**255 - 1)


def _is_on_curve(y: int) -> bool:
    """Return whether -x² + y² = 1 + dx²y² has an x, by Euler's criterion (RFC 8032, 5.1.3)."""
    d = -121665 * pow(121666, -1, _FIELD)
    square = (y * y - 1) * pow(d * y * y + 1, -1, _FIELD) % _FIELD
    return square == 0 or pow(square, (_FIELD - 1) // 2, _FIELD) == 1


def is_signed(key: str, header: bytes, signature: bytes) -> bool:
    """Return whether the signature of the header is valid under this key."""
    return _is_valid(key, pae(header), signature)


def is_note_signed(key: str, text: bytes, signature: bytes) -> bool:
    """Return whether the signature of a note's text is valid under this key."""
    return _is_valid(key, text, signature)


def _is_valid(key: str, message: bytes, signature: bytes) -> bool:
    """Return whether a signature is valid, by rules strict enough that no verifier in use disagrees.

    OpenSSL checks [S]B = R + [k]A, S < L and R's canonical form (RFC 8032, 5.1.7, without the
    cofactor). An R of small order is refused on top, as libsodium does: of the fifteen hard cases of
    "Taming the many EdDSAs" (https://eprint.iacr.org/2020/1244) the two then admit the same one.
    """
    if len(signature) != 64 or _y(signature[:32]) % _FIELD in _LOW_ORDER_Y:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix(ED25519)))
        public.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Signer:
    """Private key that signs headers; `key` is its public half, `ed25519:` and 64 hex digits."""

    key: str
    _private: Ed25519PrivateKey
    _salt_secret: bytes

    def sign(self, header: bytes) -> bytes:
        """Return the 64 bytes of the DSSE signature of a header."""
        return self._private.sign(pae(header))

    def salt(self, body: bytes) -> str:
        """Return the salt of a body: the first 128 bits of HMAC-SHA-256 over its bytes without a salt, in hex."""
        return hmac.digest(self._salt_secret, body, "sha256")[:16].hex()

    def sign_note(self, text: bytes) -> bytes:
        """Return the 64 bytes of the plain Ed25519 signature of a note's text (https://c2sp.org/signed-note).

        A text that begins as a header's encoding is refused: signing it would sign a header.
        """
        if text.startswith(_PAE):
            raise ValueError(f"expected a note's text, got one that begins with {_PAE!r}")
        return self._private.sign(text)

    def __repr__(self) -> str:
        return f"Signer({self.key})"


def signer_of(seed: bytes, salt_secret: bytes | None = None) -> Signer:
    """Return the signer of a 32-byte seed (RFC 8032).

    Args:
        seed: The private key.
        salt_secret: The secret of the salts; `None` for one that is made of the seed, as the examples and tests have it.
    """
    private = Ed25519PrivateKey.from_private_bytes(seed)
    raw = private.public_key().public_bytes_raw()
    secret = salt_secret or hashlib.sha256(b"colineage salt\n" + seed).digest()
    return Signer(ED25519 + raw.hex(), private, secret)


def bytes_of(encoded: str) -> bytes | None:
    """Decode strict base64 (RFC 4648, 4); `None` where no encoder writes exactly this."""
    try:
        value = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if base64.b64encode(value).decode() == encoded else None


def envelope(header: bytes, signature: bytes) -> dict[str, Any]:
    """Return the DSSE envelope of a statement, as JSON; the header tells the key.

    Args:
        header: The bytes that are signed.
        signature: The 64 bytes.
    """
    return {
        "payload": base64.b64encode(header).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }
