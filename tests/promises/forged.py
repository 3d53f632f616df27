"""Forged signatures: altered, removed, swapped or used again."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

from graph.bundle.bundle import Bundle, statement
from graph.bundle.keys import Signer, signer_of
from graph.model.canonical import canonical_bytes
from graph.model.model import Answer, Body, Description, End, Grant, Header
from graph.model.vocabulary import Kind, Scope, Verb

ORDER: Final = 2**252 + 27742317777372353535851937790883648493
SIGNERS: Final = tuple(signer_of(bytes([number]) * 32) for number in range(1, 6))


class Bytes(NamedTuple):
    """What `graph.bundle.bundle.read` is given."""

    header: bytes
    body: bytes | None
    signature: bytes | None


Forgery: TypeAlias = Callable[[random.Random, Sequence[Bundle]], Bytes]


def honest(number: int = 40) -> list[Bundle]:
    """Statements of several keys, of every sort."""
    made: list[Bundle] = []
    last: dict[str, Bundle] = {}
    for count in range(number):
        signer = SIGNERS[count % len(SIGNERS)]
        before = last.get(signer.key)
        named = made[count // 2].id if made else None
        header = Header(
            by=f"person:{signer.key}",
            at=f"2026-01-0{1 + count % 8}T00:00:00Z",
            prev=(before.id,) if before else (),
            n=count // len(SIGNERS),
            answers=(Answer(Verb.DISPUTES, named),) if named and count % 4 == 1 else (),
            grants=Grant(SIGNERS[0].key, Scope.ACT) if count % 4 == 2 else None,
            ends=End(named) if named and count % 4 == 3 else None,
        )
        body = Body((Description("#1", Kind.IDEA, {"title": f"Idea {count}"}),))
        is_grant = header.grants is not None or header.ends is not None
        last[signer.key] = statement(header, None if is_grant else body, signer)
        made.append(last[signer.key])
    return made


def forgeries(number: int) -> list[tuple[str, Bytes]]:
    """So many, each with the name of its way, all ways in turn; none of them is honest."""
    chance = random.Random(number)  # noqa: S311 - a seed, so that each run tries the same
    given = honest()
    return [
        (way.__name__, way(chance, given)) for way in (WAYS[k % len(WAYS)] for k in range(number))
    ]


def _signature(bundle: Bundle) -> bytes:
    assert bundle.signature is not None
    return bundle.signature


def _signer(bundle: Bundle) -> Signer:
    assert bundle.header
    return next(one for one in SIGNERS if one.key == bundle.header.key)


def _with(bundle: Bundle, signature: bytes | None) -> Bytes:
    return Bytes(bundle.header_bytes, bundle.body_bytes, signature)


def _changed(bundle: Bundle, **values: object) -> bytes:
    """The header with other values, in its one form."""
    return canonical_bytes({**json.loads(bundle.header_bytes), **values})


# Altered.


def a_bit_of_the_signature(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    one = chance.choice(given)
    place = chance.randrange(512)
    signature = bytearray(_signature(one))
    signature[place // 8] ^= 1 << place % 8
    return _with(one, bytes(signature))


def a_bit_of_the_header(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    one = chance.choice(given)
    header = bytearray(one.header_bytes)
    place = chance.randrange(len(header) * 8)
    header[place // 8] ^= 1 << place % 8
    return Bytes(bytes(header), one.body_bytes, one.signature)


def another_value(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """Backdated, renumbered, said to follow nothing, to speak under a grant, to retract."""
    one, other = chance.choice(given), chance.choice(given)
    values: list[dict[str, object]] = [
        {"at": "2025-12-31T00:00:00Z"},
        {"n": 99},
        {"prev": ["sha256:" + "0" * 64]},
        {"under": other.id},
        {"answers": [["retracts", other.id]]},
        {"grants": [SIGNERS[1].key, "act"], "n": 98},
        {"ends": [other.id]},
        {"vouches": [other.id]},
    ]
    return Bytes(_changed(one, **chance.choice(values)), one.body_bytes, one.signature)


def another_form_of_s(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """S + L signs the same; only one form is admitted (RFC 8032, 5.1.7)."""
    one = chance.choice(given)
    s = int.from_bytes(_signature(one)[32:], "little") + ORDER * chance.randint(1, 14)
    return _with(one, _signature(one)[:32] + s.to_bytes(32, "little"))


def another_length(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    one = chance.choice(given)
    signature = _signature(one)
    short = signature[: chance.randrange(64)]
    return _with(one, chance.choice([short, signature + b"\0", signature * 2]))


def nothing_but_chance(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    return _with(chance.choice(given), chance.choice([chance.randbytes(64), bytes(64)]))


# Stripped.


def no_signature(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    return _with(chance.choice(given), None)


def no_key(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """A statement without its key, with its signature or without."""
    one = chance.choice(given)
    header = json.loads(one.header_bytes)
    del header["key"]
    return Bytes(canonical_bytes(header), one.body_bytes, chance.choice([None, one.signature]))


def a_record_with_a_signature(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    one = chance.choice(given)
    header = canonical_bytes(
        {
            "v": 1,
            "by": "source:arxiv",
            "at": None,
            "body": json.loads(one.header_bytes).get("body", one.id),
            "source": {"uri": "arxiv:x", "mapping": "arxiv-raw/300", "licence": None},
        }
    )
    return Bytes(header, one.body_bytes, _signer(one).sign(header))


# Swapped.


def that_of_another(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """Another statement's signature, of the same key or not."""
    one, other = chance.sample(given, 2)
    return _with(one, other.signature)


def under_another_key(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """Somebody else's words with one's own name and their signature; or theirs with one's own."""
    one = chance.choice(given)
    other = chance.choice([signer for signer in SIGNERS if signer != _signer(one)])
    header = _changed(one, key=other.key, by=f"person:{other.key}")
    own = other.sign(one.header_bytes)
    return chance.choice([Bytes(header, one.body_bytes, one.signature), _with(one, own)])


def the_halves_of_two(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    one, other = chance.sample(given, 2)
    return _with(one, _signature(one)[:32] + _signature(other)[32:])


def another_body(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    other = chance.choice([bundle for bundle in given if bundle.body_bytes is not None])
    one = chance.choice([bundle for bundle in given if bundle is not other])
    return Bytes(one.header_bytes, other.body_bytes, one.signature)


# Replayed.


def signed_as_something_else(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """The right key's signature over the same bytes, made for another purpose."""
    one = chance.choice(given)
    signer, header = _signer(one), one.header_bytes
    kind = b"application/vnd.another+json"
    another_type = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(header), header)
    return _with(
        one,
        chance.choice(
            [
                signer.sign_note(header),
                signer.sign_note(b"-" + another_type),
                signer._private.sign(another_type),
                signer.sign(one.body_bytes or b""),
                signer.sign(header + b"\n"),
            ]
        ),
    )


def for_a_later_statement(chance: random.Random, given: Sequence[Bundle]) -> Bytes:
    """An old signature on what would follow."""
    one = chance.choice(given)
    number = json.loads(one.header_bytes)["n"]
    return Bytes(_changed(one, prev=[one.id], n=number + 1), one.body_bytes, one.signature)


WAYS: Final[tuple[Forgery, ...]] = (
    a_bit_of_the_signature,
    a_bit_of_the_header,
    another_value,
    another_form_of_s,
    another_length,
    nothing_but_chance,
    no_signature,
    no_key,
    a_record_with_a_signature,
    that_of_another,
    under_another_key,
    the_halves_of_two,
    another_body,
    signed_as_something_else,
    for_a_later_statement,
)
