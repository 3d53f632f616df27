"""Text of a thing that is embedded and compared, and the kinds of things that have one."""

import hashlib
from collections.abc import Iterable
from typing import Final

from graph.model.vocabulary import Kind
from graph.store import Thing

EMBEDDED_KINDS: Final = (
    Kind.WORK,
    Kind.IDEA,
    Kind.CLAIM,
    Kind.QUESTION,
    Kind.PROBLEM,
    Kind.METHOD,
    Kind.PLAN,
    Kind.RESULT,
    Kind.DATASET,
    Kind.BENCHMARK,
)
"""Kinds that are embedded and suggested: those that carry thought. Agents, activities, categories, files and
versions are found through these (a version through its work)."""

_HEADINGS: Final = ("title", "name")
_BODIES: Final = ("abstract", "text", "summary")


def text_of(thing: Thing) -> str | None:
    """Return a thing's own text: its heading, then its abstract, text or summary on a new line.

    It is taken from the shown description; `None` where that has none. Runs of white space become one
    space, since sources break their lines anywhere.
    """
    if thing.shown is None:
        return None
    attributes = thing.shown.description.attributes
    parts = [_first(attributes.get(key) for key in keys) for keys in (_HEADINGS, _BODIES)]
    return "\n".join(part for part in parts if part) or None


def _first(values: Iterable[object]) -> str:
    for value in values:
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""


def text_hash(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, 64 hex digits: what `graph.store.Vector.text` holds."""
    return hashlib.sha256(text.encode()).hexdigest()
