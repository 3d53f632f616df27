"""Choice of the description to show, owner of an id, and text for full-text search; the same in every store."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from graph.model.canonical import Json
from graph.model.identifiers import key_in, kind_of, mentioned_in, owner_of
from graph.model.model import BundleId, Description
from graph.store import Said, Thing

_TITLES = dict.fromkeys(("title", "name", "raw_title"))
_TEXTS = dict.fromkeys(("abstract", "text", "summary", "message", "comment", "keywords", "note"))


class Stated(NamedTuple):
    """Reference to a description of a node by a living bundle; sorts by age, the newest last, no `at` first."""

    at: str
    n: int
    bundle: BundleId
    author: str
    position: int


def newest(stated: Iterable[Stated]) -> dict[str, Stated]:
    """Return each author's newest description (docs/bundle.md, 5.8)."""
    best: dict[str, Stated] = {}
    for one in stated:
        best[one.author] = max(best.get(one.author, one), one)
    return best


def chosen(best: Mapping[str, Stated], owner: str | None) -> Stated | None:
    """Choose the description to show: the owner's, else the newest of the others."""
    return best.get(owner or "") or max(best.values(), default=None)


def claim(name: str) -> tuple[str, str | None]:
    """Return the id that decides who owns an id, and the owner where that id alone determines it.

    A mention belongs to the owner of its subject. Where the owner is `None`, it is whoever minted the id.
    """
    subject = mentioned_in(name) if name.startswith("mention:") else name
    return subject, owner_of(subject) or key_in(subject)


def thing(
    name: str,
    stated: Iterable[Stated],
    shown: int | None,
    described: Callable[[int, str], Description],
) -> Thing:
    """Build a node as it is shown.

    Args:
        name: Its id.
        stated: Its living descriptions.
        shown: The position of the bundle whose description is shown.
        describe: Returns the description of a node by the bundle at a position.
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
    """Return the text that full-text search indexes of a node: its titles, and its longer texts."""
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
