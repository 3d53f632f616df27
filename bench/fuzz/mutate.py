"""Mutate fuzz inputs: bytes, words, brackets and JSON values changed, repeated, nested; by seeded chance.

It knows what parsers stumble over (odd numbers, half characters, long repeats for what is quadratic, depth for what
recurses) and how the formats here are built, so that what it makes often gets past the first check.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

_WORD: Final = re.compile(rb"<[^<>]{0,300}>|\"(?:[^\"\\\n]|\\.){0,300}\"|\w+|\s+|.", re.DOTALL)
_WINDOW: Final = 400
_DEEPEST: Final = 6000
_NESTS: Final = (
    (b"[", b"]"),
    (b'{"a":', b"}"),
    (b"{", b"}"),
    (b"(", b")"),
    (b"<a>", b"</a>"),
    (b"- ", b""),
    (b"\\", b""),
    (b"mention:", b"/a"),
)
_ODD: Final = (
    *(b"", b"0", b"-0", b"-1", b"1e999", b"NaN", b"0.1", b"9" * 19, b"9" * 400, b"9" * 5000),
    *(b"9007199254740992", b"18446744073709551616", b"null", b"true", b"[]", b"{}", b'""'),
    *(b'"\\ud800"', b'"\\u0000"', b"\\ud800", b"\x00", b"\x1f", b"\x7f", b"\xff", b"\xed\xa0\x80"),
    *("\u00a0", "\u2028", "\ufeff", "\ufdd0", "\uffff", "e\u0301", "\u0345\u0301", "\u1100\u1161"),
    *("\U0010ffff", "\u0660", "\u00b2", "\u2167", "\u0130", "\u202e", "\u200d", "\u0338"),
    *(b"\r", b"\n", b"\n\n", b"\t", b" ", b"'", b'"', b"\\", b"/", b"%", b"%00", b"&", b"#", b"$"),
    *(b"<![CDATA[", b"<!DOCTYPE a>", b"&amp;", b"&#0;", b"&lt", b"-->", b"<a/>", b"&a b: *c"),
    *(b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"2026-02-30", b"1970-01-01"),
    *(b"shift_jis", b"utf-16", b"utf-7", b"idna", b"hex", b"utf-8-sig"),
)
_ODD_BYTES: Final = tuple(one.encode() if isinstance(one, str) else one for one in _ODD)
_ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**53, 2**63, 2**64, -(2**70), 10**300, 0.1, 1e300),
    *("", " ", "\ud800", "\x00", "\u0301", "e\u0301", "a" * 300, "9" * 400, "\n", "\u2028"),
    *([], {}, [[]], [None], {"": None}, {"id": "a"}, ["a", "a"], [1, "a"], [{}]),
)


def mutate(data: bytes, others: Sequence[bytes], chance: Random, *, max_bytes: int) -> bytes:
    """Return another input near this one.

    Args:
        data: The input to change.
        others: Inputs to take parts from.
        chance: Decides all.
        max_bytes: How long it may get; it is cut there.
    """
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(_WAYS)(data, others, chance, max_bytes)[:max_bytes]
    return data


def _span(data: bytes, chance: Random, longest: int) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.randint(0, longest))


def _flip(data: bytes, _others: Sequence[bytes], chance: Random, _most: int) -> bytes:
    if not data:
        return bytes([chance.randrange(256)])
    k = chance.randrange(len(data))
    return data[:k] + bytes([data[k] ^ (1 << chance.randrange(8))]) + data[k + 1 :]


def _cut(data: bytes, _others: Sequence[bytes], chance: Random, _most: int) -> bytes:
    start, end = _span(data, chance, chance.choice((1, 8, 200, len(data))))
    return data[:start] + data[end:]


def _splice(data: bytes, others: Sequence[bytes], chance: Random, _most: int) -> bytes:
    other = chance.choice(others) if others else data
    start, end = _span(other, chance, chance.choice((8, 100, 2000)))
    into, to = _span(data, chance, chance.choice((0, 8, 100)))
    return data[:into] + other[start:end] + data[to:]


def _change_words(data: bytes, others: Sequence[bytes], chance: Random, _most: int) -> bytes:
    """Drop, repeat or move one word of a stretch, or put another in its place."""
    start, _ = _span(data, chance, 0)
    end = min(len(data), start + _WINDOW)
    words = _WORD.findall(data[start:end])
    if not words:
        return data + chance.choice(_ODD_BYTES)
    k = chance.randrange(len(words))
    match chance.randrange(5):
        case 0:
            del words[k]
        case 1:
            words.insert(k, words[k])
        case 2:
            words.insert(chance.randrange(len(words)), words[k])
        case 3:
            words[k] = chance.choice(_WORD.findall(_part(others, chance)) or [b""])
        case _:
            words[k] = chance.choice(_ODD_BYTES)
    return data[:start] + b"".join(words) + data[end:]


def _part(others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others) if others else b""
    start, _ = _span(other, chance, 0)
    return other[start : start + _WINDOW]


def _repeat(data: bytes, _others: Sequence[bytes], chance: Random, most: int) -> bytes:
    """Repeat a short piece many times: quadratic time shows itself."""
    start, end = _span(data, chance, chance.choice((1, 2, 4, 16, 64)))
    piece = data[start:end] if chance.random() < 0.7 else chance.choice(_ODD_BYTES)
    if not piece:
        return data
    room = max(0, most - len(data)) // len(piece)
    times = room if chance.random() < 0.2 else chance.randint(0, min(room, 200))
    return data[:end] + piece * times + data[end:]


def _nest(data: bytes, _others: Sequence[bytes], chance: Random, most: int) -> bytes:
    opening, closing = chance.choice(_NESTS)
    start, end = _span(data, chance, 40)
    depth = min(chance.choice((1, 10, 60, 200, 990, 1100, _DEEPEST)), most // (len(opening) + 1))
    depth = chance.randint(depth // 2, depth)
    return data[:start] + opening * depth + data[start:end] + closing * depth + data[end:]


def _change_line(data: bytes, _others: Sequence[bytes], chance: Random, _most: int) -> bytes:
    """Change a value in one line of JSON, or in all where it is one value."""
    lines = data.split(b"\n")
    k = chance.randrange(len(lines))
    for text, put in ((data, None), (lines[k], k)):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        try:
            json_text = json.dumps(_change_value(value, chance), ensure_ascii=chance.random() < 0.5)
        except (ValueError, RecursionError):
            return data
        new = json_text.encode("utf-8", "surrogatepass")
        return new if put is None else b"\n".join([*lines[:put], new, *lines[put + 1 :]])
    return data


def _change_value(value: Any, chance: Random) -> Any:
    """Return the value with one thing in it changed, somewhere."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(_ODD_VALUES) if chance.random() < 0.9 else [value]
    if isinstance(value, dict):
        key = chance.choice(list(value))
        copy = dict(value)
        match chance.randrange(8):
            case 0:
                del copy[key]
            case 1:
                copy[chance.choice(("", "a", "id", key + "s", "\ud800"))] = copy[key]
            case 2:
                copy[key] = copy[chance.choice(list(value))]
            case _:
                copy[key] = _change_value(copy[key], chance)
        return copy
    k = chance.randrange(len(value))
    match chance.randrange(6):
        case 0:
            return value[:k] + value[k + 1 :]
        case 1:
            return [*value, value[k]]
        case 2:
            return value[::-1]
        case _:
            return [*value[:k], _change_value(value[k], chance), *value[k + 1 :]]


_Way = Callable[[bytes, Sequence[bytes], Random, int], bytes]
_WAYS: Final[tuple[_Way, ...]] = (
    *(_flip, _cut, _splice, _splice, _change_words, _change_words, _change_words),
    *(_repeat, _nest, _change_line, _change_line, _change_line, _change_line),
)
