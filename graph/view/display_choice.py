"""Which description of a node is shown, to whom an id belongs, and the words it is found by: the same in every store."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from graph.model.canonical import Json
from graph.model.identifiers import key_in, kind_of, mentioned_in, owner_of
from graph.model.model import BundleId, Description
from graph.store import Said, Thing

_TITLES = dict.fromkeys(("title", "name", "raw_title"))
_TEXTS = dict.fromkeys(("abstract", "text", "summary", "message", "comment", "keywords", "note"))


class Stated(NamedTuple):
    """That a living bundle describes a node: the greatest is the newest. No `at` is the least."""

    at: str
    n: int
    bundle: BundleId
    author: str
    position: int


def newest(stated: Iterable[Stated]) -> dict[str, Stated]:
    """Each author's newest description (docs/bundle.md, 5.8)."""
    best: dict[str, Stated] = {}
    for one in stated:
        best[one.author] = max(best.get(one.author, one), one)
    return best


def chosen(best: Mapping[str, Stated], owner: str | None) -> Stated | None:
    """The one that is shown: the owner's, else the newest of the others."""
    return best.get(owner or "") or max(best.values(), default=None)


def claim(name: str) -> tuple[str, str | None]:
    """What decides to whom an id belongs, and the author that it alone tells.

    A mention belongs to whom its subject belongs to. Where no author is told, it is the minter's.
    """
    subject = mentioned_in(name) if name.startswith("mention:") else name
    return subject, owner_of(subject) or key_in(subject)


def thing(
    name: str,
    stated: Iterable[Stated],
    shown: int | None,
    described: Callable[[int, str], Description],
) -> Thing:
    """A node as it is shown.

    Args:
        name: Its id.
        stated: Its living descriptions.
        shown: The position of the bundle whose description is shown.
        described: The description of a node by the bundle at a position.
    """
    said: Said | None = None
    others: list[tuple[Stated, Said]] = []
    for author, one in newest(stated).items():
        found = Said(author, one.bundle, one.at or None, described(one.position, name))
        if one.position == shown:
            said = found
        else:
            others.append((one, found))
    others.sort(key=lambda pair: pair[0], reverse=True)
    kind = said.description.kind if said else kind_of(name)
    return Thing(name, kind, said, tuple(other for _, other in others))


def words(description: Description) -> tuple[str, str]:
    """What full-text search finds a node by: its titles, and its longer texts."""
    attributes = description.attributes
    return _joined(attributes, _TITLES), _joined(attributes, _TEXTS)


def _joined(attributes: Mapping[str, Json], keys: Mapping[str, None]) -> str:
    if keys.keys().isdisjoint(attributes):
        return ""
    texts: list[str] = []
    for key in keys:
        if key in attributes:
            value = attributes[key]
            texts += map(str, value) if isinstance(value, list) else [str(value)]
    return "\n".join(texts)
