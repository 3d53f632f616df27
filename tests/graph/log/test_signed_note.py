"""Signed checkpoints: C2SP's own examples, Go's own signatures, and every way of being none."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.bundle.keys import is_note_signed, is_signed, pae, signer_of
from graph.errors import NoteError
from graph.log.checkpoint import Checkpoint
from graph.log.merkle import leaf_hash
from graph.log.signed_note import (
    MAX_NOTE,
    is_origin,
    key_hash,
    read_note,
    sign_checkpoint,
    verifier_key,
)
from tests.graph.log.naive import root_of

ORIGIN = "colineage/" + "0f" * 16
SIGNER = signer_of(b"n" * 32)
OTHER = signer_of(b"o" * 32)
CHECKPOINT = Checkpoint(3, root_of([leaf_hash(b"%d" % k) for k in range(3)]).hex())
NOTE = sign_checkpoint(ORIGIN, CHECKPOINT, SIGNER)
TEXT, SIGNATURE = NOTE.split("\n\n")

# From the tests and the documentation of golang.org/x/mod/sumdb/note: a key pair, a text, and its
# signature. Ed25519 is deterministic (RFC 8032), so the same bytes must come out here.
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)

# The example of https://c2sp.org/tlog-checkpoint, and its cosignature of https://c2sp.org/tlog-cosignature.
C2SP_EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
C2SP_COSIGNATURE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin"
    "1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def test_the_key_and_the_signature_are_those_of_go() -> None:
    signer = signer_of(base64.b64decode(GO_PRIVATE)[1:])
    assert verifier_key("PeterNeumann", signer.key) == GO_VERIFIER
    blob = key_hash("PeterNeumann", signer.key) + signer.sign_note(GO_TEXT.encode())
    assert base64.b64encode(blob).decode() == GO_SIGNATURE
    assert is_note_signed(signer.key, GO_TEXT.encode(), blob[4:])
    assert not is_note_signed(signer.key, GO_TEXT.encode() + b"\n", blob[4:])


@pytest.mark.parametrize("more", ["", C2SP_COSIGNATURE])
def test_the_example_of_the_specification_is_read(more: str) -> None:
    read = read_note(C2SP_EXAMPLE + more)
    assert read.origin == "example.com/behind-the-sofa"
    assert read.checkpoint.size == 20852163
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert read.checkpoint.root == root.hex()
    assert read.key_hash == "033de0ae"
    with pytest.raises(
        NoteError, match=r"expected one of example\.com/behind-the-sofa by ed25519:"
    ):
        read_note(C2SP_EXAMPLE + more, SIGNER.key)


def test_what_is_written_is_exact() -> None:
    root = base64.b64encode(bytes.fromhex(CHECKPOINT.root)).decode()
    assert f"{TEXT}\n" == f"{ORIGIN}\n3\n{root}\n"
    dash, name, encoded = SIGNATURE.removesuffix("\n").split(" ")
    assert (dash, name) == ("\u2014", ORIGIN)
    value = base64.b64decode(encoded)
    assert value[:4] == key_hash(ORIGIN, SIGNER.key)
    assert is_note_signed(SIGNER.key, f"{TEXT}\n".encode(), value[4:])


@pytest.mark.parametrize("key", [SIGNER.key, None])
def test_what_was_written_is_read(key: str | None) -> None:
    read = read_note(NOTE, key)
    assert (read.origin, read.checkpoint) == (ORIGIN, CHECKPOINT)
    assert read.key_hash == key_hash(ORIGIN, SIGNER.key).hex()


def test_an_empty_log_has_a_checkpoint() -> None:
    empty = Checkpoint(0, root_of([]).hex())
    assert read_note(sign_checkpoint(ORIGIN, empty, SIGNER), SIGNER.key).checkpoint == empty


def test_extensions_and_other_signers_are_tolerated() -> None:
    body = f"{TEXT}\nan extension of tomorrow\n"
    ours = base64.b64encode(key_hash(ORIGIN, SIGNER.key) + SIGNER.sign_note(body.encode())).decode()
    theirs = base64.b64encode(key_hash(ORIGIN, OTHER.key) + OTHER.sign_note(b"else")).decode()
    note = f"{body}\n{C2SP_COSIGNATURE}— {ORIGIN} {theirs}\n— {ORIGIN} {ours}\n"
    assert read_note(note, SIGNER.key).checkpoint == CHECKPOINT
    with pytest.raises(NoteError, match=r"expected one by .* that holds"):
        read_note(note, OTHER.key)


def test_another_log_of_the_same_key_is_another() -> None:
    """The name goes into the key's hash and the text into the signature."""
    moved = NOTE.replace(ORIGIN, "colineage/" + "aa" * 16)
    with pytest.raises(NoteError, match=r"expected one of colineage/aa.*got 'colineage/aa"):
        read_note(moved, SIGNER.key)
    assert read_note(moved).origin == "colineage/" + "aa" * 16


def test_every_signature_by_the_key_must_hold() -> None:
    twice = NOTE + SIGNATURE.replace(SIGNATURE[-20:-10], "A" * 10)
    assert twice.count(ORIGIN) == 3
    with pytest.raises(NoteError, match="that does not"):
        read_note(twice, SIGNER.key)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_one_bit_changed_is_refused(place: int, bit: int) -> None:
    raw = bytearray(NOTE.encode())
    raw[place] ^= 1 << bit
    with pytest.raises((NoteError, UnicodeDecodeError)):
        read_note(raw.decode(), SIGNER.key)


ROOT_LINE = TEXT.split("\n")[2]
BAD = {
    "nothing": ("", "an empty line"),
    "no signature": (f"{TEXT}\n", "an empty line"),
    "an empty line and no signature": (f"{TEXT}\n\n", "an empty line"),
    "the last newline cut": (NOTE[:-1], "each ended"),
    "two lines": (f"{ORIGIN}\n3\n\n{SIGNATURE}", "an origin, a size and a root"),
    "an empty line inside": (f"{TEXT}\n\nmore\n\n{SIGNATURE}", "no line of them empty"),
    "a size with a zero before it": (NOTE.replace("\n3\n", "\n03\n"), "line 2, the size"),
    "a size below none": (NOTE.replace("\n3\n", "\n-3\n"), "line 2, the size"),
    "digits of another script": (NOTE.replace("\n3\n", "\n٣\n"), "line 2, the size"),
    "a size without end": (NOTE.replace("\n3\n", "\n" + "9" * 5000 + "\n"), "line 2, the size"),
    "a root too short": (NOTE.replace(ROOT_LINE, "AAAA"), "base64 of 32 bytes"),
    "a root in hex": (NOTE.replace(ROOT_LINE, CHECKPOINT.root), "base64 of 32 bytes"),
    "a root no encoder writes": (NOTE.replace(ROOT_LINE, "/" * 43 + "="), "base64 of 32 bytes"),
    "another root of an empty log": (NOTE.replace("\n3\n", "\n0\n"), "that of an empty log"),
    "an origin of two words": (NOTE.replace(ORIGIN, "a log"), "signature 1"),
    "two dashes": (NOTE.replace("\u2014", "--"), "signature 1"),
    "a signature in another alphabet": (NOTE.replace(SIGNATURE[-20:-10], "-" * 10), "signature 1"),
    "a signature of nothing": (f"{TEXT}\n\n— {ORIGIN} AAAA\n", "signature 1"),
    "a line after the signatures": (f"{NOTE}and more\n", "signature 2"),
    "only another's signature": (f"{TEXT}\n\n{C2SP_COSIGNATURE}", "expected one"),
    "a carriage return": (NOTE.replace("\n", "\r\n"), "control character"),
    "half a character": (NOTE + "\ud800", "UTF-8"),
    "too long": (NOTE + "x" * MAX_NOTE, "at most 1000000 characters"),
}


@pytest.mark.parametrize("key", [SIGNER.key, None], ids=["with the key", "without a key"])
@pytest.mark.parametrize(("note", "told"), BAD.values(), ids=BAD.keys())
def test_no_checkpoint(note: str, told: str, key: str | None) -> None:
    with pytest.raises(NoteError, match=told):
        read_note(note, key)


def test_all_that_is_wrong_with_a_checkpoint_is_told_at_once() -> None:
    bad = NOTE.replace(TEXT, f"a log\n03\n{CHECKPOINT.root}")
    with pytest.raises(NoteError) as caught:
        read_note(bad)
    assert [one.where.partition(",")[0] for one in caught.value.faults] == [
        "line 1",
        "line 2",
        "line 3",
    ]


@pytest.mark.parametrize("key", ["", "ed25519:", "ed25519:" + "00" * 32, "ED25519:" + "0f" * 32])
def test_no_key(key: str) -> None:
    with pytest.raises(NoteError, match="a point that may sign"):
        read_note(NOTE, key)


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\tb", "a\0b", "\udcff"])
def test_no_origin(origin: str) -> None:
    assert not is_origin(origin)
    with pytest.raises(NoteError, match="line 1, the origin"):
        sign_checkpoint(origin, CHECKPOINT, SIGNER)


def test_a_note_is_never_a_header() -> None:
    """One key signs both: neither signature may be taken for the other."""
    with pytest.raises(ValueError, match="DSSEv1"):
        SIGNER.sign_note(pae(b"{}"))
    text = f"{TEXT}\n".encode()
    assert not is_signed(SIGNER.key, text, SIGNER.sign_note(text))
    assert not is_note_signed(SIGNER.key, text, SIGNER.sign(text))
