"""Points of edwards25519 (RFC 8032, 5.1), to make keys and signatures that no honest program makes."""

import hashlib
from functools import cache
from typing import Final, TypeAlias

Point: TypeAlias = tuple[int, int]

P: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, P) % P
_ZERO: Final[Point] = (0, 1)


def _x_of(y: int) -> int:
    """An x of the point with this y, by RFC 8032, 5.1.3; the y must be of one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0
    return x


_BASE_Y: Final = 4 * pow(5, -1, P) % P
_BASE_X: Final = _x_of(_BASE_Y)
BASE: Final[Point] = (_BASE_X if _BASE_X % 2 == 0 else P - _BASE_X, _BASE_Y)
_EIGHTH_Y: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
EIGHTH: Final[Point] = (_x_of(_EIGHTH_Y), _EIGHTH_Y)
"""A point of order 8."""


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    (x1, y1), (x2, y2) = a, b
    product = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


@cache
def times(number: int, point: Point) -> Point:
    """The point added to itself so many times."""
    total = _ZERO
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def encoded(point: Point) -> bytes:
    """The 32 bytes of a point."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    """The k of a signature."""
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER


def signature(secret: int, key: bytes, nonce: int, tail: Point, message: bytes) -> bytes:
    """A signature whose R has this tail of small order added to it."""
    r = encoded(add(times(nonce, BASE), tail))
    s = (nonce + challenge(r, key, message) * secret) % ORDER
    return r + s.to_bytes(32, "little")
