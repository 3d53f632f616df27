"""Signed notes: a checkpoint of the log, signed by its key, as a text that other programs read.

A checkpoint (https://c2sp.org/tlog-checkpoint) is a signed note (https://c2sp.org/signed-note):
three lines (the log's origin, its size, its root), an empty line, and signatures. What we write is
exactly that; a note that we read may also hold extension lines and the signatures of others (witnesses).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from graph.bundle.keys import Signer, is_key, is_note_signed
from graph.errors import Fault, NoteError
from graph.log.checkpoint import Checkpoint

MAX_NOTE: Final = 1_000_000
"""Most characters of a note, as in Go's sumdb/note."""

_DASH: Final = "\N{EM DASH}"
_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+]+")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_EMPTY_ROOT: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """Checkpoint as it was read from a note.

    `key_hash` (8 hex digits) names the key of this origin that signed it. It identifies a key and
    proves nothing: only reading with the key does.
    """

    origin: str
    checkpoint: Checkpoint
    key_hash: str


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    key_hash: bytes
    value: bytes


def key_hash(origin: str, key: str) -> bytes:
    """Return the four bytes by which a note names the key of a log."""
    return hashlib.sha256(f"{origin}\n".encode() + _ED25519 + _raw(key)).digest()[:4]


def verifier_key(origin: str, key: str) -> str:
    """Return the log's key in the form for other programs (a `vkey`): `<origin>+<key hash>+<base64 of the key>`."""
    return f"{origin}+{key_hash(origin, key).hex()}+{_base64(_ED25519 + _raw(key))}"


def sign_checkpoint(origin: str, checkpoint: Checkpoint, signer: Signer) -> str:
    """Sign a checkpoint: the text of the note.

    Raises:
        NoteError: The origin is empty, or holds a space, a control character or a `+`.
    """
    if not is_origin(origin):
        raise NoteError("no origin of a log", [_origin_fault(origin)])
    text = f"{origin}\n{checkpoint.size}\n{_base64(bytes.fromhex(checkpoint.root))}\n"
    value = key_hash(origin, signer.key) + signer.sign_note(text.encode())
    return f"{text}\n{_DASH} {origin} {_base64(value)}\n"


def read_note(text: str, key: str | None = None) -> SignedCheckpoint:
    """Read the checkpoint of a signed note, and verify its signature where the key is given.

    Args:
        text: The note as it was served or stored.
        key: The log's key (`ed25519:…`), under which it must be signed. Without one nothing is
            verified: the note is read as it stands, and must still name a key of its origin.

    Raises:
        NoteError: It is no checkpoint, or not signed by that key.
    """
    body, lines = _split_note(text)
    signatures = [_signature(number, line) for number, line in enumerate(lines, start=1)]
    origin, checkpoint = _read_body(body)
    own_signatures = [
        signature
        for signature in signatures
        if signature.name == origin and len(signature.value) == 64
    ]
    if key is None:
        if not own_signatures:
            raise _refusal(
                "the signatures", f"one by a key of {origin}", _describe_signatures(signatures)
            )
        return SignedCheckpoint(origin, checkpoint, own_signatures[0].key_hash.hex())
    if not is_key(key):
        raise _refusal(
            "the key", "`ed25519:` and 64 hex digits of a point that may sign", repr(key)
        )
    expected_hash = key_hash(origin, key)
    by_key = [signature for signature in own_signatures if signature.key_hash == expected_hash]
    if not by_key:
        raise _refusal(
            "the signatures",
            f"one of {origin} by {key} (key hash {expected_hash.hex()})",
            _describe_signatures(signatures),
        )
    if not all(is_note_signed(key, body.encode(), signature.value) for signature in by_key):
        raise _refusal(
            "the signature", f"one by {key} that holds for this text", "one that does not"
        )
    return SignedCheckpoint(origin, checkpoint, expected_hash.hex())


def is_origin(text: str) -> bool:
    """Return whether a log may have this name, as signed notes demand of the name of a key."""
    return bool(_NAME.fullmatch(text)) and not _has_control(text) and _is_utf8(text)


def _split_note(text: str) -> tuple[str, list[str]]:
    """Split a note into the signed text (with its last newline) and the lines of signatures."""
    if len(text) > MAX_NOTE:
        raise _refusal("the note", f"at most {MAX_NOTE} characters", f"{len(text)}")
    if _has_control(text) or not _is_utf8(text):
        raise _refusal(
            "the note", "UTF-8 text, and newline as its only control character", "others"
        )
    body, empty, signatures = text.rpartition("\n\n")
    if not empty or not body or not signatures.endswith("\n"):
        raise _refusal(
            "the note", "a text, an empty line and lines of signatures, each ended", "another form"
        )
    return body + "\n", signatures[:-1].split("\n")


def _signature(number: int, line: str) -> _Signature:
    where, form = f"signature {number}", f"`{_DASH} NAME BASE64`"
    dash, _, rest = line.partition(" ")
    name, space, encoded = rest.partition(" ")
    if dash != _DASH or not space or not _NAME.fullmatch(name):
        raise _refusal(where, form, _short(line))
    value = _bytes_of(encoded)
    if value is None or len(value) < 5:
        raise _refusal(where, f"{form} of a key hash and a signature", _short(line))
    return _Signature(name, value[:4], value[4:])


def _read_body(body: str) -> tuple[str, Checkpoint]:
    """Parse the origin and the checkpoint; whatever follows the third line is an extension."""
    lines = body[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise _refusal(
            "the text", "an origin, a size and a root, no line of them empty", _short(body)
        )
    origin, size, encoded = lines[:3]
    root = _bytes_of(encoded)
    faults = []
    if not is_origin(origin):
        faults.append(_origin_fault(origin))
    if not _SIZE.fullmatch(size):
        faults.append(
            Fault("line 2, the size", "a decimal number without zeros before it", _short(size))
        )
    if root is None or len(root) != 32:
        faults.append(Fault("line 3, the root", "base64 of 32 bytes", _short(encoded)))
    elif size == "0" and root.hex() != _EMPTY_ROOT:
        faults.append(Fault("line 3, the root", f"that of an empty log, {_EMPTY_ROOT}", root.hex()))
    if faults or root is None:
        raise NoteError("no checkpoint of a log", faults)
    return origin, Checkpoint(int(size), root.hex())


def _refusal(where: str, expected: str, got: str) -> NoteError:
    return NoteError("no signed checkpoint", [Fault(where, expected, got)])


def _origin_fault(origin: str) -> Fault:
    expected = "a name without spaces, control characters and `+`"
    return Fault("line 1, the origin", expected, _short(origin))


def _describe_signatures(signatures: list[_Signature]) -> str:
    return ", ".join(
        _short(f"{signature.name} (key hash {signature.key_hash.hex()})")
        for signature in signatures[:5]
    )


def _has_control(text: str) -> bool:
    return any(char < " " and char != "\n" for char in text)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else f"{text[:100]}…")


def _raw(key: str) -> bytes:
    return bytes.fromhex(key.removeprefix("ed25519:"))


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes_of(encoded: str) -> bytes | None:
    """Decode strict base64; `None` where no encoder writes this (unused bits set, other characters)."""
    try:
        value = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if _base64(value) == encoded else None
