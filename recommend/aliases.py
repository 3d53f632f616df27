"""Aliases: ids that are one thing under several names, as versions or joined by `alternateOf`."""

from collections.abc import Collection, Iterable
from typing import Final

from graph.model.identifiers import kind_of, work_of
from graph.model.vocabulary import Kind, Relation
from graph.store import AssertedEdge, GraphReader

_NAMES: Final = frozenset({Relation.ALTERNATE_OF, Relation.SPECIALIZATION_OF})
_ALTERNATES: Final = frozenset({Relation.ALTERNATE_OF})
_MAX_ROUNDS: Final = 6
_PAGE: Final = 5000


def group_of(store: GraphReader, name: str) -> frozenset[str]:
    """Return a thing with its versions and its other names, and theirs."""
    names: set[str] = set()
    level = {name}
    for _ in range(_MAX_ROUNDS):
        names |= level
        ids = sorted(level)
        out = store.adjacent(ids, outgoing=True, relations=_NAMES)
        back = store.adjacent(ids, outgoing=False, relations=_NAMES)
        level = {
            end
            for asserted in (*out, *back)
            if _is_name(asserted)
            for end in (asserted.edge.source, asserted.edge.target)
        } - names
        if not level:
            break
    return frozenset(names)


def _is_name(asserted: AssertedEdge) -> bool:
    # PROV lets an idea specialise another idea; that is another thing, not a version.
    edge = asserted.edge
    return edge.relation is Relation.ALTERNATE_OF or kind_of(edge.source) is Kind.VERSION


def identities(store: GraphReader, names: Collection[str]) -> dict[str, str]:
    """Map each of these ids, and of their other names, to one id that is common to all names of a thing.

    An arXiv version counts as its work.
    """
    ids = sorted(names)
    pairs = [
        (asserted.edge.source, asserted.edge.target)
        for start in range(0, len(ids), _PAGE)
        for outgoing in (True, False)
        for asserted in store.adjacent(
            ids[start : start + _PAGE], outgoing=outgoing, relations=_ALTERNATES
        )
    ]
    versions = [(name, work) for name in ids if (work := work_of(name)) is not None]
    return {**{name: name for name in ids}, **representatives([*pairs, *versions])}


def representatives(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map each id in these pairs to one that stands for all it is joined to, however far (union-find)."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for left, right in pairs:
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    return {name: root(name) for name in sorted(parent)}
