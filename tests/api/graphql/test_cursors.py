"""Cursors to the letter: what is in one, which are refused and with which words, and where a page ends."""

import base64
from typing import Any

import pytest

from api.graphql.cursors import CursorPage, cursor_of, key_of, keyset_page, listing_of
from graph.errors import Fault, InputError


def encoded(text: str) -> str:
    """A cursor with this text inside."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def fault(listing: str, cursor: str, *shape: type) -> Fault:
    """The one fault of a cursor that is refused."""
    with pytest.raises(InputError) as refusal:
        key_of(listing, cursor, shape)
    assert refusal.value.what == "the page can't be found"
    [only] = refusal.value.faults
    return only


def test_a_cursor_holds_the_version_the_list_and_the_key() -> None:
    assert cursor_of("nodes", ("é", 7)) == encoded('[1,"nodes","é",7]')


@pytest.mark.parametrize("length", range(12))
def test_a_cursor_of_any_length_is_read_back(length: int) -> None:
    key = ("ÿþ~?>" * length)[:length], length
    cursor = cursor_of("nodes", key)
    assert "=" not in cursor
    assert key_of("nodes", cursor, (str, int)) == key


def test_both_characters_that_an_address_needs_instead_are_in_use() -> None:
    cursor = cursor_of("nodes", ("~~~ÿÿÿ???",))
    assert {"-", "_"} <= set(cursor)
    assert {"+", "/"}.isdisjoint(cursor)
    assert key_of("nodes", cursor, (str,)) == ("~~~ÿÿÿ???",)


@pytest.mark.parametrize(
    ("inside", "got"),
    [
        ('{"a": 1}', "'{cursor}', which is none"),
        ("[]", "'{cursor}', which is none"),
        ('[1,"nodes","\\ud800"]', "'{cursor}', which is none"),
        ('[2,"nodes","a"]', "'{cursor}', which is none"),
        ("[1]", "a cursor of the list []"),
        ('[1,"other","a"]', "a cursor of the list ['other']"),
        (f'[1,"{"o" * 70}","a"]', f"a cursor of the list ['{'o' * 58}"),
        ('[1,"nodes"]', "'{cursor}', which is damaged"),
        ('[1,"nodes",1]', "'{cursor}', which is damaged"),
        ('[1,"nodes","a",1]', "'{cursor}', which is damaged"),
    ],
)
def test_a_refused_cursor_is_quoted_with_the_reason(inside: str, got: str) -> None:
    cursor = encoded(inside)
    expected = "a cursor that this service gave with the list nodes (leave it out to start)"
    assert fault("nodes", cursor, str) == Fault("after", expected, got.format(cursor=cursor))


@pytest.mark.parametrize("inside", ["[2," + '"a",' * 20 + "1]", '[1,"nodes",' + "1," * 40 + "1]"])
def test_of_a_long_cursor_60_characters_are_quoted(inside: str) -> None:
    cursor = encoded(inside)
    assert len(cursor) > 61
    assert fault("nodes", cursor, str).got.startswith(f"'{cursor[:60]}', which is ")


def cursor_with(length: int) -> str:
    """A cursor of this length (without padding, so a multiple of four)."""
    rest = length // 4 * 3 - len('[1,"nodes",""]')
    cursor = encoded(f'[1,"nodes","{"a" * rest}"]')
    assert len(cursor) == length
    return cursor


def test_a_cursor_has_4096_characters_at_most() -> None:
    [key] = key_of("nodes", cursor_with(4096), (str,))
    assert len(str(key)) == 3072 - 14
    assert fault("nodes", cursor_with(4100), str).got.endswith(", which is none")


@pytest.mark.parametrize("character", ["!", "\n", " ", "="])
def test_a_cursor_with_another_character_in_it_is_none(character: str) -> None:
    cursor = cursor_of("nodes", ("abc",))
    damaged = cursor[:8] + character * 4 + cursor[8:]
    assert fault("nodes", damaged, str).got.endswith(", which is none")


@pytest.mark.parametrize(
    ("inside", "listing"),
    [
        ('[1,"nodes","a"]', "nodes"),
        ('[1,"nodes"]', "nodes"),
        ("[1]", None),
        ("[1,2,3]", None),
        ('{"a":"b","c":"d"}', None),
        ("no JSON", None),
    ],
)
def test_the_list_that_a_cursor_names(inside: str, listing: str | None) -> None:
    assert listing_of(encoded(inside)) == listing


def page(items: list[Any], first: int, after: str | None = None) -> CursorPage[Any]:
    return keyset_page(
        "l", items, lambda item: (item["k"],), shape=(int,), first=first, after=after
    )


def test_a_page_and_the_one_after_it() -> None:
    items = [{"k": k} for k in (3, 1, 2)]  # can't be compared, so only their keys are
    cursors = tuple(cursor_of("l", (k,)) for k in (1, 2, 3))
    assert page(items, 2) == CursorPage(({"k": 1}, {"k": 2}), cursors[:2], has_next=True)
    assert page(items, 3) == CursorPage(({"k": 1}, {"k": 2}, {"k": 3}), cursors, has_next=False)
    assert page(items, 2, cursors[1]) == CursorPage(({"k": 3},), cursors[2:], has_next=False)
    assert page(items, 1, cursors[0]) == CursorPage(({"k": 2},), cursors[1:2], has_next=True)
    assert page(items, 9, cursors[2]) == CursorPage((), (), has_next=False)


def test_items_of_one_key_keep_their_order() -> None:
    items = [{"k": 1, "name": name} for name in "ba"]
    assert page(items, 2).items == tuple(items)


def test_a_page_refuses_the_cursor_of_another_list_or_key() -> None:
    with pytest.raises(InputError, match=r"gave with the list l .*, got a cursor of the list"):
        page([{"k": 1}], 1, cursor_of("other", (1,)))
    with pytest.raises(InputError, match="which is damaged"):
        page([{"k": 1}], 1, cursor_of("l", ("1",)))
