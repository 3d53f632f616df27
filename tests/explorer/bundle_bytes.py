"""Bundles at the edges of bytes, sizes and signatures: docs/bundle.md, section 1, and the end of section 2."""

from collections.abc import Iterator
from typing import Final

from graph.bundle.keys import pae
from graph.model.canonical import MAX_BODY_BYTES, MAX_HEADER_BYTES, digest
from tests.explorer import edwards
from tests.explorer.bundle_drafts import (
    ADA,
    ANSWER,
    GRANT,
    LATER,
    LATER_KEY,
    RUN,
    SAID,
    SERVED,
    SPOKEN,
    TRIED,
    ZED,
    Case,
    Draft,
    case,
    in_bytes,
    put,
    signed,
)
from tests.explorer.edge_texts import HASH

_TEXTS: Final = (
    *(b"\\u0001", b"\\b", b"\\u0008", b"\\n", b"\\u000a", b"\\u001f", b"\\u001F", b"\x1f", b"\n"),
    *(b"\\/", b"/", b"\\u0041", b"\\u007f", b"\x7f", b"\xc2\x80", b"\\u0080", b"\\ud800", b"\\x41"),
    *(b"\\ud83d\\ude00", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"),
    *(b"\\u0000", b"\\\\u0000", b"\\\\\\u0000", b"\\\\\\\\u0000", b"\x00", b"\xff", b"\\", b'"'),
    *(b"\xe2\x80\xa8", b"\\u2028", b"e\xcc\x81", b"\xc3\xa9", b"\\'", b"\xef\xbb\xbf", b"\xef\xbf\xbf"),
)  # fmt: skip
"""Insides of a text, in JSON."""
_WHOLES: Final = (
    *(b"", b"{}", b"[]", b"null", b"1", b'"a"', b"\xff", b"{", b"\x00", b'{"v":1}', b'{"v":2}'),
    *(b'{"words":1}', b'{"body":1,"v":2}', b'{"body":"a","v":1.0}', b'{"body":"a","v":9e9}'),
    *(b'{"body":"a","v":9007199254740991}', b'{"body":"a","v":9007199254740992}', b"[" * 9999),
)  # fmt: skip


def at_the_edges() -> Iterator[Case]:
    """The cases, the same each time."""
    yield from _spellings()
    yield from _depths()
    yield from _signatures()
    yield from _points()
    yield from _tails()


def large() -> Iterator[Case]:
    """The cases of as many bytes as may be, and of one more."""
    for draft in (SAID, SERVED, LATER):
        room = MAX_HEADER_BYTES - len(case("", draft.changed(put("zzz", value=""))).header)
        for more in (0, 1):
            long = draft.changed(put("zzz", value="a" * (room + more)))
            yield case("size of a header", long)
    long = RUN.changed(None, put("nodes", value=[{"id": "#1", "kind": "ingest", "text": ""}]))
    room = MAX_BODY_BYTES - len(in_bytes(long.body))
    for more in (0, 1):
        value = "a" * (room + more)
        yield case("size of a body", long.changed(None, put("nodes", 0, "text", value=value)))


def with_body(rule: str, draft: Draft, body: bytes) -> Case:
    """The case of a header with this body, whatever it is."""
    return signed(rule, in_bytes({**draft.header, "body": digest(body)}), body, draft.signer)


def _spellings() -> Iterator[Case]:
    """Other bytes for the same values, and bytes that are none."""
    for draft in (SAID, SERVED, LATER):
        plain = case("", draft)
        for header in _spelled(plain.header):
            yield signed("spelling of a header", header, plain.body, draft.signer)
        for text in _TEXTS:
            data = case("", draft.changed(put("zzz", value=["?"]))).header.replace(b"?", text)
            yield signed("a text in a header", data, plain.body, draft.signer)
            data = case("", draft.changed(put("zzz", value={"?": 1}))).header.replace(b"?", text)
            yield signed("a key in a header", data, plain.body, draft.signer)
    for whole in _WHOLES:
        yield Case("no header", whole, None, None)
        yield with_body("no body", ANSWER, whole)
        yield with_body("no body", SERVED, whole)
    yield case("spelling of a body", ANSWER)
    for body in _spelled(in_bytes(ANSWER.body)):
        yield with_body("spelling of a body", ANSWER, body)
    for text in _TEXTS:
        yield with_body("a text in a body", ANSWER, in_bytes(ANSWER.body).replace(b"Half", text))
    body = in_bytes(ANSWER.body)
    for other in (body + b" ", b"", None):
        yield replace_body(case("hash of a body", ANSWER), other)
        yield replace_body(case("hash of a body", GRANT), other)
        yield replace_body(case("hash of a body", LATER), other)
        yield replace_body(case("hash of a body", SERVED), other)
    yield with_body("hash of a body", LATER, b"anything")
    yield with_body("hash of a body", LATER_KEY, b"\xff")


def replace_body(of: Case, body: bytes | None) -> Case:
    """The case with another body, whose hash the header doesn't hold."""
    return of._replace(body=body)


def _spelled(data: bytes) -> Iterator[bytes]:
    yield from (data + b" ", data + b"\n", b" " + data, b"\xef\xbb\xbf" + data, data[:-1])
    yield from (data.replace(b":", b": ", 1), data.replace(b",", b", ", 1), data + data)
    yield from (
        data + b"\x00",
        data.decode().encode("utf-16"),
        data[:-1] + b",}",
        b"[" + data + b"]",
    )
    yield data.replace(b'{"', b'{"\\u0061', 1).replace(b"\\u0061a", b"\\u0061", 1)
    last = data.rindex(b',"')
    yield b"{" + data[last + 1 : -1] + b"," + data[1:last] + b"}"  # the last key first
    yield data[:-1] + data[last:]  # the last key twice
    for number in (b"1.0", b"1e0", b"01", b"-0", b"0", b"1E0", b"+1", b"0x1", b"1.5", b"true"):
        yield data[:-2] + number + b"}"
        yield data[:-1] + b',"zzz":' + number + b"}"
    for whole in (2**53 - 1, 2**53, 1 - 2**53, -(2**53), 2**63, 2**64, 10**30, 10**400):
        yield data[:-1] + b',"zzz":%d}' % whole


def _depths() -> Iterator[Case]:
    for depth in (14, 15, 16, 17, 400):
        for left, right in (("[", "]"), ('{"a":', "}")):
            text = left * (depth - 1) + "1" + right * (depth - 1)
            for draft in (SAID, SERVED, LATER):
                data = case("", draft.changed(put("zzz", value=0))).header
                data = data.replace(b'"zzz":0', b'"zzz":' + text.encode())
                yield signed("depth", data, None, draft.signer)
            yield with_body("depth", ANSWER, b'{"nodes":%s,"words":1}' % text.encode())
    for text in ("[" * 20, "]" * 20 + "[" * 20, '\\"' + "[" * 20, "\\\\" + '",["' * 16):
        data = case("", SAID.changed(put("zzz", value=["?"]))).header.replace(b"?", text.encode())
        yield signed("brackets in texts", data, None, ADA)


def _signatures() -> Iterator[Case]:
    for draft in (SAID, RUN, GRANT):
        good = case("signature", draft)
        yield good
        signature = good.signature or b""
        scalar = int.from_bytes(signature[32:], "little")
        for other in (
            *(None, b"", bytes(64), signature[:-1], signature + b"\0", signature[::-1], signature * 2),
            *(signature[:k] + bytes([signature[k] ^ 1]) + signature[k + 1 :] for k in (0, 31, 32, 63)),
            *(signature[:32] + number.to_bytes(32, "little") for number in (0, edwards.ORDER)),
            signature[:32] + (scalar + edwards.ORDER).to_bytes(32, "little"),
            ZED.sign(good.header),
        ):  # fmt: skip
            yield good._replace(signature=other)
    for draft in (SERVED, TRIED, LATER, LATER_KEY):
        for other in (None, b"", bytes(64), ADA.sign(case("", draft).header)):
            yield case("a signature of none", draft)._replace(signature=other)


def _spoken(key: bytes, n: int = 0) -> bytes:
    name = f"ed25519:{key.hex()}"
    return in_bytes({**SPOKEN, "key": name, "by": f"person:{name}", "body": HASH, "n": n})


def _points() -> Iterator[Case]:
    """Keys and halves of signatures that are of small order, not canonical, or on no point of the curve."""
    small = [edwards.encoded(edwards.times(k, edwards.EIGHTH)) for k in range(8)]
    numbers = [int.from_bytes(point, "little") for point in small]
    others = [(number ^ 1 << 255).to_bytes(32, "little") for number in numbers]
    far = [(edwards.P + k).to_bytes(32, "little") for k in range(19)]
    signature = case("", SAID).signature or b""
    yield case("a key that can't sign", ANSWER)
    yield case("R that can't be", SAID)
    for point in (*small, *others, *far, b"\xff" * 32, b"\x02" + bytes(31), b"\x07" * 31 + b"\x00"):
        header = _spoken(point)
        for other in (ADA.sign(header), point + bytes(32), small[0] + bytes(32)):
            yield Case("a key that can't sign", header, None, other)
        grant = put("grants", value=[f"ed25519:{point.hex()}", "say"])
        yield case("text: key", GRANT.changed(grant))
        header = case("", SAID).header
        yield Case("R that can't be", header, None, point + signature[32:])


def _tails() -> Iterator[Case]:
    """Keys and signatures with a part of small order: [S]B = R + [k]A holds without the cofactor, or only with it.

    Where the nonce is 0, R has no other part, and is refused although the equation may hold.
    """
    pairs = ((0, 0), (0, 1), (0, 4), (1, 0), (4, 0), (1, 3), (2, 6), (4, 4))
    for nonce in (0xFEDCBA0987654321, 0):
        for of_key, of_r in pairs:
            yield from _tail(nonce, of_key, of_r)


def _tail(nonce: int, of_key: int, of_r: int) -> Iterator[Case]:
    secret = 0x1234567890ABCDEF
    tail = edwards.times(of_key, edwards.EIGHTH)
    key = edwards.encoded(edwards.add(edwards.times(secret, edwards.BASE), tail))
    fitting = _header_that_holds(key, of_key, nonce, of_r)
    headers = [_spoken(key, n) for n in range(4)] + ([] if fitting is None else [fitting])
    for header in headers:
        r = edwards.times(of_r, edwards.EIGHTH)
        signature = edwards.signature(secret, key, nonce, r, pae(header))
        yield Case("a tail of small order", header, None, signature)


def _header_that_holds(key: bytes, of_key: int, nonce: int, of_r: int) -> bytes | None:
    """A header for which the tails of R and of [k]A cancel, where there is one: k is reduced modulo the order."""
    tail = edwards.times(of_r, edwards.EIGHTH)
    r = edwards.encoded(edwards.add(edwards.times(nonce, edwards.BASE), tail))
    for n in range(200):
        k = edwards.challenge(r, key, pae(_spoken(key, n)))
        if (of_r + k * of_key) % 8 == 0:
            return _spoken(key, n)
    return None
