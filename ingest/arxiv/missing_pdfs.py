"""Find the PDFs still to be fetched: of the versions that a harvest saw first, or of all papers of its date span.

Each paper has one at most: that of its newest version. The store shows which were fetched already (a statement links
the file to the version, however its reading ended), so no separate list is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from graph.bundle.bundle import Bundle
from graph.model.canonical import Json
from graph.model.identifiers import work_of
from graph.model.vocabulary import Kind, Relation
from graph.rules.facts import authors_of
from graph.store import AssertedEdge, GraphReader, GraphStore, Thing
from ingest.arxiv.options import API, HarvestOptions
from ingest.arxiv.paper.to_bundle import BY, category_id
from ingest.pipeline.run_log import runs_of

NEW_VERSIONS: Final = "new versions"
"""Name of the run parameter that lists the versions which the run saw first."""

_BATCH_SIZE: Final = 500
_NUMBER: Final = re.compile(r"v(\d+)$", re.ASCII)
_SPECIALIZATION: Final = frozenset({Relation.SPECIALIZATION_OF})
_SUBJECT: Final = frozenset({Relation.HAS_SUBJECT})


@dataclass(frozen=True, slots=True)
class MissingPdfs:
    """Versions whose PDFs are still to be fetched, in the order of ids.

    `withdrawn` counts papers that have none, `unversioned` those without a known version to request.
    """

    versions: tuple[str, ...] = ()
    withdrawn: int = 0
    unversioned: int = 0


def new_version_params(store: GraphReader, records: Iterable[Bundle]) -> list[Json]:
    """Return the parameters of a run with these records: their newest versions that arXiv had not described before."""
    newest = {
        work: name
        for record in records
        for work, name in _newest_versions(_versions(record)).items()
    }
    things = _things_by_id(store, sorted(newest.values()))
    new_versions = sorted(
        name for name in newest.values() if not _is_described_by_arxiv(things.get(name))
    )
    return [{"name": NEW_VERSIONS, "value": " ".join(new_versions)}] if new_versions else []


def first_seen_versions(store: GraphStore, queries: Iterable[str]) -> frozenset[str]:
    """Return the versions that runs of these queries saw first."""
    return frozenset(
        name
        for run in runs_of(store, *queries)
        for param in _parameters(run.description.attributes.get("params"))
        if param.get("name") == NEW_VERSIONS
        for name in str(param.get("value")).split()
    )


def works_in_span(store: GraphReader, options: HarvestOptions) -> Iterator[str]:
    """Yield the works in the store that a harvest selects, by arXiv's own records, in the order of ids.

    A work is selected when it is in one of the categories and its day lies in the span: the day of the last change, or,
    with the query API, of the first submission.
    """
    after = "arxiv:"
    while ids := store.list_ids(Kind.WORK, after=after, limit=_BATCH_SIZE):
        things = store.things(ids)
        works = [work for work in ids if _is_in_span(things.get(work), options)]
        if options.categories and works:
            works = _works_in_categories(store, works, options.categories)
        yield from works
        after = ids[-1]
        if not after.startswith("arxiv:"):
            return


def missing_pdfs_of(
    store: GraphStore, author: str, works: Iterable[str], among: Set[str] | None = None
) -> MissingPdfs:
    """Return those of these works without a PDF of their newest version that was read.

    Args:
        store: The store to search.
        author: An author whose statements count beside those of the authors trusted by the store.
        works: The works; those that arXiv does not describe, or lists as deleted, have none.
        among: Only these versions; `None` for all.
    """
    missing: set[str] = set()
    withdrawn: set[str] = set()
    unversioned: set[str] = set()
    for batch in _batches(works):
        newest = _newest_versions(_described_versions(store, set(batch)))
        if among is None:
            unversioned |= _existing_works(store, [work for work in batch if work not in newest])
        versions = sorted(v for v in newest.values() if among is None or v in among)
        read_versions = _read_versions(store, versions, authors_of(store.trust_list()) | {author})
        for name, thing in store.things(
            [version for version in versions if version not in read_versions]
        ).items():
            (withdrawn if _attributes(thing).get("withdrawn") else missing).add(name)
    return MissingPdfs(tuple(sorted(missing)), len(withdrawn), len(unversioned))


def missing_pdfs_of_versions(store: GraphStore, author: str, versions: Set[str]) -> MissingPdfs:
    """Return the missing PDFs of these versions, as far as each is the newest of its work."""
    works = {work for name in versions if (work := work_of(name))}
    return missing_pdfs_of(store, author, sorted(works), versions)


def _existing_works(store: GraphReader, works: Sequence[str]) -> set[str]:
    """Return those of these works that arXiv describes and does not list as deleted."""
    return {
        name
        for name, thing in store.things(works).items()
        if _is_described_by_arxiv(thing) and not _attributes(thing).get("deleted")
    }


def _read_versions(store: GraphStore, versions: Sequence[str], authors: frozenset[str]) -> set[str]:
    """Return the versions to which one of these authors has linked a file.

    A record links by the stamp on the first page: that does not show that its citations were stated, too.
    """
    edges = [
        assertion
        for assertion in _specialization_edges(store, versions)
        if assertion.edge.source.startswith("sha256:")
    ]
    bundles = store.bundles_by_id({bundle for assertion in edges for bundle in assertion.bundles})
    ours = {name for name, stored_bundle in bundles.items() if stored_bundle.author in authors}
    return {assertion.edge.target for assertion in edges if not ours.isdisjoint(assertion.bundles)}


def _described_versions(store: GraphReader, works: Set[str]) -> Iterator[str]:
    """Yield the versions of these works that arXiv describes; a deleted work has none."""
    sources = {assertion.edge.source for assertion in _specialization_edges(store, sorted(works))}
    versions = sorted(name for name in sources if work_of(name) in works)
    things = _things_by_id(store, versions)
    yield from (name for name in versions if _is_described_by_arxiv(things.get(name)))


def _specialization_edges(store: GraphReader, ids: Sequence[str]) -> Sequence[AssertedEdge]:
    return store.adjacent(ids, outgoing=False, relations=_SPECIALIZATION)


def _versions(record: Bundle) -> Iterator[str]:
    for node in record.resolved_body().nodes:
        if node.kind is Kind.VERSION:
            yield node.id


def _newest_versions(versions: Iterable[str]) -> dict[str, str]:
    """Return the version with the greatest number of each work."""
    newest: dict[str, str] = {}
    for name in versions:
        work = work_of(name)
        if work and (work not in newest or _number(name) > _number(newest[work])):
            newest[work] = name
    return newest


def _number(version: str) -> int:
    match = _NUMBER.search(version)
    return int(match[1]) if match else 0


def _is_described_by_arxiv(thing: Thing | None) -> bool:
    """Return whether arXiv itself describes a thing, not only somebody who names it."""
    return thing is not None and thing.shown is not None and thing.shown.author == BY


def _is_in_span(thing: Thing | None, options: HarvestOptions) -> bool:
    if thing is None or thing.shown is None or not _is_described_by_arxiv(thing):
        return False
    attributes = thing.shown.description.attributes
    day = attributes.get("date") if options.via == API else (thing.shown.at or "")[:10]
    return isinstance(day, str) and options.since <= day and day <= (options.until or "9999")


def _works_in_categories(
    store: GraphReader, works: Sequence[str], categories: Sequence[str]
) -> list[str]:
    """Return the works in one of the categories, or in a subcategory of one that is an archive."""
    concepts = tuple(map(category_id, categories))
    parts = tuple(f"{concept}." for concept in concepts)
    members = {
        assertion.edge.source
        for assertion in store.adjacent(works, outgoing=True, relations=_SUBJECT)
        if assertion.edge.target in concepts or assertion.edge.target.startswith(parts)
    }
    return [work for work in works if work in members]


def _things_by_id(store: GraphReader, ids: Sequence[str]) -> dict[str, Thing]:
    things: dict[str, Thing] = {}
    for batch in _batches(ids):
        things.update(store.things(batch))
    return things


def _attributes(thing: Thing | None) -> Mapping[str, Any]:
    return thing.shown.description.attributes if thing and thing.shown else {}


def _parameters(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (
        param for param in (value if isinstance(value, list) else ()) if isinstance(param, dict)
    )


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH_SIZE)):
        yield batch
