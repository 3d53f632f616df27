"""Characters that only a later Unicode assigned, in every text of good bundles: no table of any version may decide."""

import copy
from collections.abc import Iterator
from typing import Any, Final

from tests.explorer.bundle_drafts import GOOD, Case, Draft, Json, case

NEW: Final = {
    "15.0": ("\U00010efd", "\U00011f02", "\U00011f50"),  # a mark, a letter, a digit
    "16.0": ("\ua7cb", "\U00010d50", "\U00010d40"),  # two capitals whose small letters are others; a digit
    "17.0": ("\U00016ea0", "\U0001e6e3"),  # a capital whose small letter is another; a mark
}  # fmt: skip
"""By the version that assigned them: https://www.unicode.org/versions/."""


def with_new_characters() -> Iterator[Case]:
    """Each text and each key of the good bundles, with a character before it or after it."""
    letters = [character for characters in NEW.values() for character in characters]
    for name, draft in GOOD.items():
        paths = [("header", path) for path in _texts(draft.header)]
        paths += [("body", path) for path in _texts(draft.body or {})]
        for number, (part, path) in enumerate(paths):
            letter = letters[number % len(letters)]
            for is_before in (True, False):
                yield case(f"new in {name}", _changed(draft, part, path, letter, is_before))


def _texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of texts, and of keys: these end in `None`."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key, None)
            yield from _texts(item, (*path, key))


def _changed(draft: Draft, part: str, path: tuple[Any, ...], letter: str, is_before: bool) -> Draft:
    values: dict[str, Json] = {
        "header": copy.deepcopy(draft.header),
        "body": copy.deepcopy(draft.body or {}),
    }
    *way, last = path if path[-1] is not None else path[:-1]
    holder: Any = values[part]
    for step in way:
        holder = holder[step]
    if path[-1] is None:
        holder[_put(last, letter, is_before)] = holder.pop(last)
    else:
        holder[last] = _put(holder[last], letter, is_before)
    return Draft(values["header"], values["body"] if draft.body else None, draft.signer)


def _put(text: str, letter: str, is_before: bool) -> str:
    return letter + text if is_before else text + letter
