"""Evidence in the graph that two things are related (citations, coupling, co-citation, authors, subjects)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Final, TypeAlias

from graph.model.vocabulary import Relation
from graph.store import AssertedEdge, GraphReader

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
    """Signal of relatedness: a way in which two things can belong together."""

    TEXT = "text"
    WORDS = "words"
    LINK = "link"
    COUPLING = "coupling"
    COCITATION = "cocitation"
    AUTHORS = "authors"
    SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of one signal for one thing.

    `path` leads in the graph from the query to the thing, whichever way its edges point.
    `via` are the things in between that connect the two, the most telling first.
    """

    score: float
    path: tuple[AssertedEdge, ...] = ()
    via: tuple[str, ...] = ()
    leaving: bool = False
    """True when the first edge of the path leaves the query."""


EvidenceById: TypeAlias = Mapping[str, Evidence]
"""Evidence of one signal, by the id of the thing."""


def link_evidence(store: GraphReader, group: Collection[str]) -> dict[Signal, EvidenceById]:
    """Return the evidence of citations and their like, in four batched queries whatever the size of the lists.

    Args:
        store: Where to look.
        group: The queried thing with its versions and other names.
    """
    ids = sorted(group)
    leaving = store.adjacent(ids, outgoing=True, relations=LINKS)
    reaching = store.adjacent(ids, outgoing=False, relations=LINKS)
    cited = sorted({asserted.edge.target for asserted in leaving} - set(group))
    citing = sorted({asserted.edge.source for asserted in reaching} - set(group))
    also_citing = store.adjacent(cited, outgoing=False, relations=LINKS) if cited else ()
    also_cited = store.adjacent(citing, outgoing=True, relations=LINKS) if citing else ()
    return {
        Signal.LINK: direct_links(leaving, reaching, group),
        Signal.COUPLING: shared_neighbours(leaving, also_citing, group, outgoing=True),
        Signal.COCITATION: shared_neighbours(reaching, also_cited, group, outgoing=False),
    }


def author_evidence(store: GraphReader, group: Collection[str]) -> EvidenceById:
    """Return things by the same authors; only identified ones count, as equal names make nobody the same."""
    leaving = store.adjacent(sorted(group), outgoing=True, relations=AUTHORSHIP)
    agents = sorted({asserted.edge.target for asserted in leaving})
    reaching = store.adjacent(agents, outgoing=False, relations=AUTHORSHIP) if agents else ()
    return shared_neighbours(leaving, reaching, group, outgoing=True)


def subject_evidence(
    store: GraphReader, group: Collection[str], candidates: Collection[str]
) -> EvidenceById:
    """Return the candidates with the same subjects; a subject rare among them scores higher.

    Only candidates are looked up: a category may hold a good part of the graph.
    """
    leaving = store.adjacent(sorted(group), outgoing=True, relations=SUBJECTS)
    theirs = store.adjacent(sorted(candidates), outgoing=True, relations=SUBJECTS)
    subjects = {asserted.edge.target for asserted in leaving}
    shared = [asserted for asserted in theirs if asserted.edge.target in subjects]
    return shared_neighbours(leaving, shared, group, outgoing=True)


def direct_links(
    leaving: Iterable[AssertedEdge], reaching: Iterable[AssertedEdge], group: Collection[str]
) -> dict[str, Evidence]:
    """Return what is joined to the group by one edge; more edges score higher."""
    edges_by_name: defaultdict[str, list[AssertedEdge]] = defaultdict(list)
    for asserted in leaving:
        edges_by_name[asserted.edge.target].append(asserted)
    for asserted in reaching:
        edges_by_name[asserted.edge.source].append(asserted)
    evidence = {}
    for name, edges in edges_by_name.items():
        if name not in group:
            first = min(edges, key=_order)
            evidence[name] = Evidence(
                float(len(edges)), (first,), leaving=first.edge.target == name
            )
    return evidence


def shared_neighbours(
    near: Iterable[AssertedEdge],
    far: Iterable[AssertedEdge],
    group: Collection[str],
    *,
    outgoing: bool,
) -> dict[str, Evidence]:
    """Return what meets the group in things in between: a shared reference, a work that cites both.

    Each thing in between counts 1 / ln(how many meet there), so that a reference that all share says
    little (Adamic and Adar, "Friends and neighbors on the Web", Social Networks 25, 2003).

    Args:
        near: Edges between the group and what is in between.
        far: Edges between that and others (the group's own may be among them).
        group: The queried thing with its versions and other names.
        outgoing: True when the edges lead to what is in between, else they come from it.
    """
    ours = _by_middle(near, outgoing=outgoing)
    theirs = _by_middle(far, outgoing=outgoing)
    middles_by_name: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for middle, edges in theirs.items():
        names = edges.keys() - group
        if middle in group or middle not in ours or not names:
            continue
        weight = 1 / log(len(names) + 1)  # the group is one more that meets there
        for name in names:
            middles_by_name[name].append((-weight, middle))
    evidence = {}
    for name, middles in middles_by_name.items():
        middles.sort()
        first = middles[0][1]
        own = min(ours[first].values(), key=_order)
        score = -sum(weight for weight, _ in middles)
        path = (own, theirs[first][name])
        evidence[name] = Evidence(score, path, tuple(middle for _, middle in middles), outgoing)
    return evidence


def _by_middle(
    edges: Iterable[AssertedEdge], *, outgoing: bool
) -> dict[str, dict[str, AssertedEdge]]:
    edges_by_middle: defaultdict[str, dict[str, AssertedEdge]] = defaultdict(dict)
    for asserted in sorted(edges, key=_order, reverse=True):  # the first in order stays
        ends = (asserted.edge.target, asserted.edge.source)
        middle, end = ends if outgoing else ends[::-1]
        edges_by_middle[middle][end] = asserted
    return edges_by_middle


def _order(asserted: AssertedEdge) -> tuple[str, str, str, Sequence[str]]:
    edge = asserted.edge
    return edge.relation.value, edge.source, edge.target, asserted.bundles
