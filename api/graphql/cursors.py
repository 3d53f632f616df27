"""Keyset cursor: a page resumes after the sort key of its last item, so concurrent inserts neither repeat nor skip items.

A cursor is opaque to clients; inside are the version, the list it belongs to, and the key.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from graph.errors import Fault, InputError

Key: TypeAlias = tuple[str | int, ...]
T = TypeVar("T")

VERSION: Final = 1
_MAX_CURSOR: Final = 4_096


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T]):
    """Page of a list: its items, the cursor of each, and whether there is more."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool


def cursor_of(listing: str, key: Key) -> str:
    """Return the cursor of an item of a list."""
    text = json.dumps([VERSION, listing, *key], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(listing: str, cursor: str, shape: tuple[type, ...]) -> Key:
    """Return the sort key inside a cursor.

    Args:
        listing: The list that is read.
        cursor: The value of `after`.
        shape: The types of the key's parts.

    Raises:
        InputError: It is no cursor of this list.
    """
    value = _decode(cursor)
    if not isinstance(value, list) or value[:1] != [VERSION]:
        raise _refusal(listing, f"{cursor[:60]!r}, which is none")
    if value[1:2] != [listing]:
        raise _refusal(listing, f"a cursor of the list {str(value[1:2])[:60]}")
    key = tuple(value[2:])
    if tuple(map(type, key)) != shape:
        raise _refusal(listing, f"{cursor[:60]!r}, which is damaged")
    return key


def listing_of(cursor: str) -> str | None:
    """Return the list that a cursor claims to belong to, `None` where it is no cursor."""
    value = _decode(cursor)
    listing = value[1] if isinstance(value, list) and len(value) > 1 else None
    return listing if isinstance(listing, str) else None


def keyset_page(
    listing: str,
    items: Sequence[T],
    key: Callable[[T], Key],
    *,
    shape: tuple[type, ...],
    first: int,
    after: str | None,
) -> CursorPage[T]:
    """Return the page of a whole list that follows a cursor, in the order of the items' keys."""
    pairs = sorted(((key(item), item) for item in items), key=lambda pair: pair[0])
    if after is not None:
        last = key_of(listing, after, shape)
        pairs = [pair for pair in pairs if pair[0] > last]
    return CursorPage(
        tuple(item for _, item in pairs[:first]),
        tuple(cursor_of(listing, sort_key) for sort_key, _ in pairs[:first]),
        len(pairs) > first,
    )


def _decode(cursor: str) -> object:
    if len(cursor) > _MAX_CURSOR:
        return None
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        value: object = json.loads(data)
        json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates: "\\ud800"
    except (binascii.Error, ValueError, RecursionError):
        return None
    return value


def _refusal(listing: str, got: str) -> InputError:
    expected = f"a cursor that this service gave with the list {listing} (leave it out to start)"
    return InputError("the page can't be found", [Fault("after", expected, got)])
