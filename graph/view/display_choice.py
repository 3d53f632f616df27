"""Choice of the description to show, owners of an id, and text for full-text search; the same in every store."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from graph.model.canonical import Json
from graph.model.identifiers import key_in, kind_of, mention_subject, owner_of
from graph.model.model import BundleId, Description
from graph.rules.facts import TrustEntry
from graph.store import AuthoredDescription, Thing

_TITLES = dict.fromkeys(("title", "name", "raw_title"))
_TEXTS = dict.fromkeys(("abstract", "text", "summary", "message", "comment", "keywords", "note"))


class DescriptionRef(NamedTuple):
    """Reference to a description of a node by a living bundle; sorts by age, the newest last, no `at` first.

    `acts` and `grants` are the speaker's: may it act for the author, and how many grants lead to it. `place` is of a
    record: the earliest place in the trust list of those who vouch for it; `None` of a statement.
    """

    at: str
    n: int
    bundle: BundleId
    author: str
    actor: str
    by: str
    position: int
    acts: bool
    grants: int
    place: int | None
    is_run: bool


Speaker: TypeAlias = tuple[str, str]
"""Author and actor."""


class Chooser(NamedTuple):
    """Lookups by which the description to show is chosen.

    `owners` are the authors to whom the node's id belongs; `may_end_minter` tells of an actor whether it may end what
    minted the id, where its own author did (else it is true).
    """

    trust: Sequence[TrustEntry]
    owners: Collection[str]
    may_end_minter: Callable[[str], bool]


def newest_by_speaker(refs: Iterable[DescriptionRef]) -> dict[Speaker, DescriptionRef]:
    """Return each actor's newest description (docs/bundle.md, section 5, rule 8)."""
    best: dict[Speaker, DescriptionRef] = {}
    for ref in refs:
        speaker = ref.author, ref.actor
        best[speaker] = max(best.get(speaker, ref), ref)
    return best


def choose(newest: Iterable[DescriptionRef], chooser: Chooser) -> DescriptionRef | None:
    """Choose the description to show of the newest of each actor (docs/bundle.md, section 5, rule 8)."""
    by_author: dict[str, list[DescriptionRef]] = {}
    for ref in newest:
        by_author.setdefault(ref.author, []).append(ref)

    def standing(ref: DescriptionRef) -> tuple[bool, bool, int, DescriptionRef]:
        return chooser.may_end_minter(ref.actor), ref.acts, -ref.grants, ref

    firsts = [refs[0] if len(refs) == 1 else max(refs, key=standing) for refs in by_author.values()]
    if len(firsts) < 2:
        return firsts[0] if firsts else None
    places = {
        entry.author: -place
        for place, entry in reversed(list(enumerate(chooser.trust)))
        if entry.sources is None
    }

    def rank(ref: DescriptionRef) -> tuple[object, ...]:
        is_record = ref.place is not None
        return (
            ref.author in chooser.owners,
            ref.author in places,
            places.get(ref.author, 0),
            is_record,
            -(ref.place or 0),
            _reversed(ref.by) if is_record else (),
            ref,
        )

    return max(firsts, key=rank)


def _reversed(text: str) -> tuple[int, ...]:
    """Return a key that sorts texts from the last to the first by their code points."""
    return (*(-ord(sign) for sign in text), 1)


class Ownership(NamedTuple):
    """Part of an id that decides to whom it belongs: a source, the key that it names, or else whoever minted `subject`.

    A mention belongs to whom its subject belongs.
    """

    subject: str
    source: str | None
    key: str | None


def ownership_of(name: str) -> Ownership:
    """Return to whom an id belongs, as far as the id alone tells (docs/bundle.md, section 5, rule 9)."""
    subject = mention_subject(name) if name.startswith("mention:") else name
    return Ownership(subject, owner_of(subject), key_in(subject))


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
    for ref in newest_by_speaker(refs).values():
        description = AuthoredDescription(
            author=ref.author,
            actor=ref.actor,
            by=ref.by,
            bundle=ref.bundle,
            at=ref.at or None,
            description=describe(ref.position, name),
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
