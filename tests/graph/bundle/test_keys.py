"""Keys: DSSE signatures and refused points."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from graph.bundle.keys import (
    PAYLOAD_TYPE,
    is_key,
    is_note_signed,
    is_signed,
    pae,
    parse_public_key,
    signer_of,
)
from graph.errors import InputError

P = 2**255 - 19


def test_pae_is_that_of_dsse() -> None:
    """The protocol's own example, with our type in place of its own: lengths in decimal bytes."""
    assert pae("hé".encode()) == b"DSSEv1 40 " + PAYLOAD_TYPE.encode() + b" 3 h\xc3\xa9"
    assert len(PAYLOAD_TYPE) == 40


def test_rfc_8032_test_1() -> None:
    """The public key of the first test vector of RFC 8032, 7.1."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert signer_of(seed).key == "ed25519:" + public


def test_a_signature_holds_for_its_header_alone() -> None:
    signer, other = signer_of(b"a" * 32), signer_of(b"b" * 32)
    signature = signer.sign(b"{}")
    assert is_signed(signer.key, b"{}", signature)
    assert not is_signed(signer.key, b"{} ", signature)
    assert not is_signed(other.key, b"{}", signature)
    for bad in (b"", signature[:-1], signature + b"\0", bytes(64)):
        assert not is_signed(signer.key, b"{}", bad)


def test_a_signature_has_one_form() -> None:
    """S + L signs the same; RFC 8032, 5.1.7 refuses it."""
    order = 2**252 + 27742317777372353535851937790883648493
    signer = signer_of(b"a" * 32)
    signature = signer.sign(b"{}")
    second = int.from_bytes(signature[32:], "little") + order
    assert not is_signed(signer.key, b"{}", signature[:32] + second.to_bytes(32, "little"))


def encoded(y: int, sign: int = 0) -> str:
    return "ed25519:" + (y | sign << 255).to_bytes(32, "little").hex()


def small_order_ys() -> list[int]:
    """The y of each point whose order divides 8, found by doubling and not copied from the code."""
    d = -121665 * pow(121666, -1, P) % P
    root = pow(2, (P - 1) // 4, P)
    ys = {0, 1, P - 1}
    # Doubling a point of order 8 gives one of order 4 (y = 0): y^2 = -x^2, so d*y^4 + 2*y^2 - 1 = 0.
    for sign in (1, -1):
        half = _sqrt((1 + d) % P, root)
        if half is None:
            continue
        square = (-1 + sign * half) * pow(d, -1, P) % P
        y = _sqrt(square, root)
        if y is not None:
            ys |= {y, P - y}
    return sorted(ys)


def _sqrt(value: int, root_of_minus_one: int) -> int | None:
    found = pow(value, (P + 3) // 8, P)
    for candidate in (found, found * root_of_minus_one % P):
        if candidate * candidate % P == value % P:
            return candidate
    return None


def test_points_of_small_order_are_no_keys() -> None:
    ys = small_order_ys()
    assert len(ys) == 5
    for y in ys:
        for sign in (0, 1):
            assert not is_key(encoded(y, sign)), y


@pytest.mark.parametrize("y", [P, P + 1, P + 18, 2**255 - 1])
def test_encodings_that_are_not_canonical_are_no_keys(y: int) -> None:
    assert not is_key(encoded(y))
    assert not is_key(encoded(y, 1))


NO_KEYS = (
    *(None, 7, b"", "", "ed25519:", "ed25519:" + "g" * 64, "ed25519:" + "AB" * 32),
    *("rsa:" + "ab" * 32, "ed25519:" + "ab" * 31, "ed25519:" + "ab" * 33, "ed25519:" + " " * 64),
    *("ed25519:" + "٣" * 64, "ed25519:" + "ab " * 21 + "a"),
)


@pytest.mark.parametrize("text", NO_KEYS)
def test_other_things_are_no_keys(text: object) -> None:
    assert not is_key(text)


def test_honest_keys_are_keys() -> None:
    for seed in range(40):
        assert is_key(signer_of(bytes([seed]) * 32).key)


def test_a_signer_never_shows_its_secret() -> None:
    signer = signer_of(b"a" * 32)
    assert signer.key in repr(signer)
    assert "rivate" not in repr(signer)


# The hard cases of "Taming the many EdDSAs": what other verifiers disagree about.


def hard_cases() -> list[tuple[str, bytes, bytes]]:
    told = json.loads((Path(__file__).parent / "ed25519" / "speccheck.json").read_text())
    return [
        (
            "ed25519:" + one["pub_key"],
            bytes.fromhex(one["message"]),
            bytes.fromhex(one["signature"]),
        )
        for one in told["cases"]
    ]


def test_of_the_hard_cases_only_what_every_strict_verifier_admits_is_admitted() -> None:
    """As libsodium, whose row of the paper's table is this one: 6, a key with a part of small order."""
    admitted = [
        number
        for number, (key, message, signature) in enumerate(hard_cases())
        if is_key(key) and is_note_signed(key, message, signature)
    ]
    assert admitted == [6]


def test_the_library_alone_would_admit_more() -> None:
    """Why keys and R are judged here too: OpenSSL lets small order pass (1, 3, 5, 14)."""
    admitted = []
    for number, (key, message, signature) in enumerate(hard_cases()):
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key[8:]))
        with suppress(InvalidSignature):
            public.verify(signature, message)
            admitted.append(number)
    assert {1, 3, 5, 6, 14} >= set(admitted) > {6}


@pytest.mark.parametrize("y", [*small_order_ys(), P, P + 1])
def test_a_signature_whose_r_is_of_small_order_holds_for_nobody(y: int) -> None:
    signer = signer_of(b"a" * 32)
    for sign in (0, 1):
        r = (y | sign << 255).to_bytes(32, "little")
        assert not is_note_signed(signer.key, b"x", r + signer.sign_note(b"x")[32:])


# What a person types.


def test_a_key_may_be_typed_as_the_name_of_who_speaks_with_it() -> None:
    key = signer_of(b"a" * 32).key
    for typed in (key, f" {key}\n", f"person:{key}", f"software:{key}"):
        assert parse_public_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "got nothing"),
        ("ada", "expected a public key: ed25519: and 64 hex digits in lower case, got ada"),
        (signer_of(b"a" * 32).key.upper(), "in lower case"),
        (signer_of(b"a" * 32).key[:-1], "64 hex digits"),
        ("a1" * 32, "got 64 characters without ed25519:"),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQ", "got a private key or its file"),
        ("/home/ada/key.pem", "got a private key or its file"),
        (encoded(1), "of a point of full order"),
        (encoded(P + 3), "in its one canonical form"),
        (encoded(2), "one of them is mistyped"),
    ],
)
def test_what_is_no_public_key_says_which_way(typed: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        parse_public_key(typed)
    assert words in str(error.value)
    assert "MC4CAQ" not in str(error.value)
    assert "a1a1" not in str(error.value)
