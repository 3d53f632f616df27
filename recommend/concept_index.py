"""Index of the works that hold each concept, read from a store, one part for each vocabulary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.model.canonical import Json
from graph.model.identifiers import owner_of
from graph.model.model import Edge
from graph.model.vocabulary import Kind, Relation
from graph.store import GraphReader, Thing
from recommend.aliases import identities
from recommend.cooccurrence import Incidence, Places, incidence_of
from recommend.vectors import Matrix

SURE: Final = 0.3
"""OpenAlex adds a concept's ancestors to a work whatever their score; from 0.3 on it means the concept
itself (https://docs.openalex.org/api-entities/concepts). No score is sure."""

_PAGE: Final = 1000
_SUBJECT: Final = frozenset({Relation.HAS_SUBJECT})


@dataclass(frozen=True, slots=True, eq=False)
class VocabularyIndex:
    """Works that hold concepts of one vocabulary: of arXiv's categories, of OpenAlex's concepts."""

    name: str
    incidence: Incidence


@dataclass(frozen=True, slots=True, eq=False)
class ConceptIndex:
    """Index of all vocabularies, the one with the most works first.

    `aliases` are for each work all of its names that the store knows, since names of one thing (arXiv's
    and OpenAlex's) hold concepts together.
    """

    concepts: Mapping[str, Thing]
    vocabularies: tuple[VocabularyIndex, ...]
    aliases: Mapping[str, tuple[str, ...]]

    @property
    def too_general(self) -> frozenset[str]:
        """Concepts that are top-level fields of their vocabulary."""
        return frozenset(name for name, concept in self.concepts.items() if _is_field(concept))

    def vector_rows(self, vocabulary: VocabularyIndex, matrix: Matrix | None) -> Places:
        """Return for each work of a vocabulary the position of its vector, -1 where it has none."""
        index = matrix.index if matrix is not None else {}
        places = (
            next((index[name] for name in self.aliases[work] if name in index), -1)
            for work in vocabulary.incidence.works
        )
        return np.fromiter(places, dtype=np.int64, count=len(vocabulary.incidence.works))


def read_concept_index(store: GraphReader) -> ConceptIndex:
    """Read the index from a store: every described concept, and all works that have it as a subject."""
    concepts = dict(_concepts(store))
    edges = list(_subjects(store, sorted(concepts)))
    canonical_ids = identities(store, {edge.source for edge in edges})
    names: dict[str, list[str]] = {}
    for name, work in sorted(canonical_ids.items()):
        names.setdefault(work, []).append(name)
    rows: dict[str, list[tuple[str, str, bool]]] = {}
    for edge in edges:
        row = (canonical_ids[edge.source], edge.target, _is_sure(edge.qualifiers))
        rows.setdefault(_vocabulary(edge.target), []).append(row)
    vocabularies = [
        VocabularyIndex(vocabulary, incidence_of(vocabulary_rows))
        for vocabulary, vocabulary_rows in rows.items()
    ]
    vocabularies.sort(key=lambda index: (-len(index.incidence.works), index.name))
    return ConceptIndex(
        concepts, tuple(vocabularies), {work: tuple(aliases) for work, aliases in names.items()}
    )


def _concepts(store: GraphReader) -> Iterator[tuple[str, Thing]]:
    after = ""
    while page := store.list_ids(Kind.CONCEPT, after=after, limit=_PAGE):
        yield from store.things(page).items()
        after = page[-1]


def _subjects(store: GraphReader, concepts: list[str]) -> Iterator[Edge]:
    for start in range(0, len(concepts), _PAGE):
        page = concepts[start : start + _PAGE]
        for asserted in store.adjacent(page, outgoing=False, relations=_SUBJECT):
            yield asserted.edge


def _is_field(concept: Thing) -> bool:
    attributes = concept.shown.description.attributes if concept.shown else {}
    return attributes.get("level") == 0


def _is_sure(qualifiers: Mapping[str, Json]) -> bool:
    score = qualifiers.get("score")
    return not isinstance(score, str) or float(score) >= SURE


def _vocabulary(concept: str) -> str:
    owner = owner_of(concept)
    return owner.removeprefix("source:") if owner else "statements"
