"""What in the graph says that two things belong together, with the path that shows it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final, TypeAlias

from graph.model.vocabulary import Relation
from graph.store import Asserted, GraphStore

LINKS: Final = frozenset(
    {
        Relation.CITES,
        Relation.WAS_DERIVED_FROM,
        Relation.SUPPORTS,
        Relation.DISPUTES,
        Relation.REFUTES,
        Relation.CONFIRMS,
        Relation.QUALIFIES,
        Relation.EXTENDS,
        Relation.CORRECTS,
        Relation.REPLIES_TO,
    }
)
"""Relations by which one piece of thought refers to another."""

AUTHORSHIP: Final = frozenset({Relation.WAS_ATTRIBUTED_TO})
SUBJECTS: Final = frozenset({Relation.HAS_SUBJECT})


class Signal(StrEnum):
    """A way in which two things can belong together."""

    TEXT = "text"
    WORDS = "words"
    LINK = "link"
    COUPLING = "coupling"
    COCITATION = "cocitation"
    AUTHORS = "authors"
    SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one signal says of one thing.

    `path` leads in the graph from what was asked about to the thing, whichever way its edges point.
    `via` are the things in between that say so, the most telling first.
    """

    score: float
    path: tuple[Asserted, ...] = ()
    via: tuple[str, ...] = ()
    leaving: bool = False
    """Whether the first edge of the path leaves what was asked about."""


Found: TypeAlias = Mapping[str, Evidence]
"""What one signal found, by id."""


def link_evidence(store: GraphStore, group: Collection[str]) -> dict[Signal, Found]:
    """What citations and their like say, in four batched questions whatever the size of the lists.

    Args:
        store: Where to look.
        group: The thing asked about with its versions and other names.
    """
    ids = sorted(group)
    leaving = store.adjacent(ids, outgoing=True, relations=LINKS)
    reaching = store.adjacent(ids, outgoing=False, relations=LINKS)
    cited = sorted({asserted.edge.target for asserted in leaving} - set(group))
    citing = sorted({asserted.edge.source for asserted in reaching} - set(group))
    also_citing = store.adjacent(cited, outgoing=False, relations=LINKS) if cited else ()
    also_cited = store.adjacent(citing, outgoing=True, relations=LINKS) if citing else ()
    return {
        Signal.LINK: direct(leaving, reaching, group),
        Signal.COUPLING: meeting(leaving, also_citing, group, outgoing=True),
        Signal.COCITATION: meeting(reaching, also_cited, group, outgoing=False),
    }


def author_evidence(store: GraphStore, group: Collection[str]) -> Found:
    """Things by the same authors; a name alone makes nobody the same, so only identified ones count."""
    leaving = store.adjacent(sorted(group), outgoing=True, relations=AUTHORSHIP)
    agents = sorted({asserted.edge.target for asserted in leaving})
    reaching = store.adjacent(agents, outgoing=False, relations=AUTHORSHIP) if agents else ()
    return meeting(leaving, reaching, group, outgoing=True)


def subject_evidence(
    store: GraphStore, group: Collection[str], candidates: Collection[str]
) -> Found:
    """Which of some candidates have the same subjects; a subject rare among them says more.

    Only candidates are asked: a category may hold a good part of the graph.
    """
    leaving = store.adjacent(sorted(group), outgoing=True, relations=SUBJECTS)
    theirs = store.adjacent(sorted(candidates), outgoing=True, relations=SUBJECTS)
    held = {asserted.edge.target for asserted in leaving}
    shared = [asserted for asserted in theirs if asserted.edge.target in held]
    return meeting(leaving, shared, group, outgoing=True)


def direct(
    leaving: Iterable[Asserted], reaching: Iterable[Asserted], group: Collection[str]
) -> dict[str, Evidence]:
    """What is joined to the group by one edge; more edges say more."""
    found: defaultdict[str, list[Asserted]] = defaultdict(list)
    for asserted in leaving:
        found[asserted.edge.target].append(asserted)
    for asserted in reaching:
        found[asserted.edge.source].append(asserted)
    answer = {}
    for name, edges in found.items():
        if name not in group:
            first = min(edges, key=_order)
            answer[name] = Evidence(float(len(edges)), (first,), leaving=first.edge.target == name)
    return answer


def meeting(
    near: Iterable[Asserted],
    far: Iterable[Asserted],
    group: Collection[str],
    *,
    outgoing: bool,
) -> dict[str, Evidence]:
    """What meets the group in things in between: a shared reference, a work that cites both.

    Each thing in between counts 1 / ln(how many meet there), so that a reference that all share says
    little (Adamic and Adar, "Friends and neighbors on the Web", Social Networks 25, 2003).

    Args:
        near: Edges between the group and what is in between.
        far: Edges between that and others (the group's own may be among them).
        group: The thing asked about with its versions and other names.
        outgoing: Whether the edges lead to what is in between, else they come from it.
    """
    ours = _by_middle(near, outgoing=outgoing)
    theirs = _by_middle(far, outgoing=outgoing)
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for middle, edges in theirs.items():
        names = edges.keys() - group
        if middle in group or middle not in ours or not names:
            continue
        weight = 1 / log(len(names) + 1)  # the group is one more that meets there
        for name in names:
            found[name].append((-weight, middle))
    answer = {}
    for name, middles in found.items():
        middles.sort()
        first = middles[0][1]
        own = min(ours[first].values(), key=_order)
        score = -sum(weight for weight, _ in middles)
        path = (own, theirs[first][name])
        answer[name] = Evidence(score, path, tuple(middle for _, middle in middles), outgoing)
    return answer


def _by_middle(edges: Iterable[Asserted], *, outgoing: bool) -> dict[str, dict[str, Asserted]]:
    found: defaultdict[str, dict[str, Asserted]] = defaultdict(dict)
    for asserted in sorted(edges, key=_order, reverse=True):  # the first in order stays
        ends = (asserted.edge.target, asserted.edge.source)
        middle, end = ends if outgoing else ends[::-1]
        found[middle][end] = asserted
    return found


def _order(asserted: Asserted) -> tuple[str, str, str, Sequence[str]]:
    edge = asserted.edge
    return edge.relation.value, edge.source, edge.target, asserted.bundles
