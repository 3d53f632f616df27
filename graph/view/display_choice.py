"""Choice of the description to show, owner of an id, and text for full-text search; the same in every store."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from graph.model.canonical import Json
from graph.model.identifiers import key_in, kind_of, mention_subject, owner_of
from graph.model.model import BundleId, Description
from graph.store import AuthoredDescription, Thing

_TITLES = dict.fromkeys(("title", "name", "raw_title"))
_TEXTS = dict.fromkeys(("abstract", "text", "summary", "message", "comment", "keywords", "note"))


class DescriptionRef(NamedTuple):
    """Reference to a description of a node by a living bundle; sorts by age, the newest last, no `at` first."""

    at: str
    n: int
    bundle: BundleId
    author: str
    position: int


def newest_by_author(refs: Iterable[DescriptionRef]) -> dict[str, DescriptionRef]:
    """Return each author's newest description (docs/bundle.md, 5.8)."""
    best: dict[str, DescriptionRef] = {}
    for ref in refs:
        best[ref.author] = max(best.get(ref.author, ref), ref)
    return best


def choose(best: Mapping[str, DescriptionRef], owner: str | None) -> DescriptionRef | None:
    """Choose the description to show: the owner's, else the newest of the others."""
    return best.get(owner or "") or max(best.values(), default=None)


def ownership(name: str) -> tuple[str, str | None]:
    """Return the id that decides who owns an id, and the owner where that id alone determines it.

    A mention belongs to the owner of its subject. Where the owner is `None`, it is whoever minted the id.
    """
    subject = mention_subject(name) if name.startswith("mention:") else name
    return subject, owner_of(subject) or key_in(subject)


def thing(
    name: str,
    refs: Iterable[DescriptionRef],
    shown: int | None,
    describe: Callable[[int, str], Description],
) -> Thing:
    """Build a node as it is shown.

    Args:
        name: Its id.
        refs: Its living descriptions.
        shown: The position of the bundle whose description is shown.
        describe: Returns the description of a node by the bundle at a position.
    """
    shown_description: AuthoredDescription | None = None
    others: list[tuple[DescriptionRef, AuthoredDescription]] = []
    for author, ref in newest_by_author(refs).items():
        description = AuthoredDescription(
            author, ref.bundle, ref.at or None, describe(ref.position, name)
        )
        if ref.position == shown:
            shown_description = description
        else:
            others.append((ref, description))
    others.sort(key=lambda pair: pair[0], reverse=True)
    kind = shown_description.description.kind if shown_description else kind_of(name)
    return Thing(name, kind, shown_description, tuple(other for _, other in others))


def search_text(description: Description) -> tuple[str, str]:
    """Return the text that full-text search indexes of a node: its titles, and its longer texts."""
    attributes = description.attributes
    return _join_values(attributes, _TITLES), _join_values(attributes, _TEXTS)


def _join_values(attributes: Mapping[str, Json], keys: Mapping[str, None]) -> str:
    if keys.keys().isdisjoint(attributes):
        return ""
    texts: list[str] = []
    for key in keys:
        if key in attributes:
            value = attributes[key]
            texts += map(str, value) if isinstance(value, list) else [str(value)]
    return "\n".join(texts)
