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
from graph.store import Asserted, GraphStore, Thing
from ingest.arxiv.options import API, Asked
from ingest.arxiv.paper.to_bundle import BY, category_id
from ingest.pipeline.run_log import runs_of

NEW: Final = "new versions"
"""Name of the run parameter that lists the versions which the run saw first."""

_AT_ONCE: Final = 500
_NUMBER: Final = re.compile(r"v(\d+)$", re.ASCII)
_SPECIAL: Final = frozenset({Relation.SPECIALIZATION_OF})
_SUBJECT: Final = frozenset({Relation.HAS_SUBJECT})


@dataclass(frozen=True, slots=True)
class Owed:
    """Versions whose PDFs are still to be fetched, in the order of ids.

    `withdrawn` counts papers that have none, `unversioned` those without a known version to request.
    """

    versions: tuple[str, ...] = ()
    withdrawn: int = 0
    unversioned: int = 0


def named_new(store: GraphStore, records: Iterable[Bundle]) -> list[Json]:
    """Return the parameters of a run with these records: their newest versions that arXiv had not described before."""
    newest = {work: name for record in records for work, name in _newest(_versions(record)).items()}
    things = _things(store, sorted(newest.values()))
    new = sorted(name for name in newest.values() if not _is_told(things.get(name)))
    return [{"name": NEW, "value": " ".join(new)}] if new else []


def promised(store: GraphStore, queries: Iterable[str]) -> frozenset[str]:
    """Return the versions that runs of these queries saw first."""
    return frozenset(
        name
        for said in runs_of(store, *queries)
        for one in _parameters(said.description.attributes.get("params"))
        if one.get("name") == NEW
        for name in str(one.get("value")).split()
    )


def in_span(store: GraphStore, asked: Asked) -> Iterator[str]:
    """Yield the works in the store that a harvest selects, by arXiv's own records, in the order of ids.

    A work is selected when it is in one of the categories and its day lies in the span: the day of the last change, or,
    with the query API, of the first submission.
    """
    after = "arxiv:"
    while ids := store.listed(Kind.WORK, after=after, limit=_AT_ONCE):
        things = store.things(ids)
        some = [one for one in ids if _is_in(things.get(one), asked)]
        if asked.categories and some:
            some = _of_categories(store, some, asked.categories)
        yield from some
        after = ids[-1]
        if not after.startswith("arxiv:"):
            return


def owed_of(
    store: GraphStore, author: str, works: Iterable[str], among: Set[str] | None = None
) -> Owed:
    """Return those of these works without a PDF of their newest version that was read.

    Args:
        store: The store to search.
        author: An author whose statements count beside those of the authors trusted by the store.
        works: The works; those that arXiv does not describe, or lists as deleted, have none.
        among: Only these versions; `None` for all.
    """
    lacking: set[str] = set()
    withdrawn: set[str] = set()
    unversioned: set[str] = set()
    for some in _batches(works):
        newest = _newest(_known_versions(store, set(some)))
        if among is None:
            unversioned |= _existing(store, [work for work in some if work not in newest])
        versions = sorted(v for v in newest.values() if among is None or v in among)
        read = _read(store, versions, store.trusted() | {author})
        for name, thing in store.things([one for one in versions if one not in read]).items():
            (withdrawn if _attributes(thing).get("withdrawn") else lacking).add(name)
    return Owed(tuple(sorted(lacking)), len(withdrawn), len(unversioned))


def owed_of_versions(store: GraphStore, author: str, versions: Set[str]) -> Owed:
    """Return the missing PDFs of these versions, as far as each is the newest of its work."""
    works = {work for name in versions if (work := work_of(name))}
    return owed_of(store, author, sorted(works), versions)


def _existing(store: GraphStore, works: Sequence[str]) -> set[str]:
    """Return those of these works that arXiv describes and does not list as deleted."""
    return {
        name
        for name, thing in store.things(works).items()
        if _is_told(thing) and not _attributes(thing).get("deleted")
    }


def _read(store: GraphStore, versions: Sequence[str], authors: frozenset[str]) -> set[str]:
    """Return the versions to which one of these authors has linked a file.

    A record links by the stamp on the first page: that does not show that its citations were stated, too.
    """
    edges = [one for one in _reaching(store, versions) if one.edge.source.startswith("sha256:")]
    bundles = store.stored({bundle for one in edges for bundle in one.bundles})
    ours = {name for name, stored in bundles.items() if stored.author in authors}
    return {one.edge.target for one in edges if not ours.isdisjoint(one.bundles)}


def _known_versions(store: GraphStore, works: Set[str]) -> Iterator[str]:
    """Yield the versions of these works that arXiv describes; a deleted work has none."""
    sources = {one.edge.source for one in _reaching(store, sorted(works))}
    versions = sorted(name for name in sources if work_of(name) in works)
    things = _things(store, versions)
    yield from (name for name in versions if _is_told(things.get(name)))


def _reaching(store: GraphStore, ids: Sequence[str]) -> Sequence[Asserted]:
    return store.adjacent(ids, outgoing=False, relations=_SPECIAL)


def _versions(record: Bundle) -> Iterator[str]:
    for node in record.said().nodes:
        if node.kind is Kind.VERSION:
            yield node.id


def _newest(versions: Iterable[str]) -> dict[str, str]:
    """Return the version with the greatest number of each work."""
    found: dict[str, str] = {}
    for name in versions:
        work = work_of(name)
        if work and (work not in found or _number(name) > _number(found[work])):
            found[work] = name
    return found


def _number(version: str) -> int:
    match = _NUMBER.search(version)
    return int(match[1]) if match else 0


def _is_told(thing: Thing | None) -> bool:
    """Return whether arXiv itself describes a thing, not only somebody who names it."""
    return thing is not None and thing.shown is not None and thing.shown.author == BY


def _is_in(thing: Thing | None, asked: Asked) -> bool:
    if thing is None or thing.shown is None or not _is_told(thing):
        return False
    said = thing.shown.description.attributes
    day = said.get("date") if asked.via == API else (thing.shown.at or "")[:10]
    return isinstance(day, str) and asked.since <= day and day <= (asked.until or "9999")


def _of_categories(store: GraphStore, works: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Return the works in one of the categories, or in a subcategory of one that is an archive."""
    wanted = tuple(map(category_id, categories))
    parts = tuple(f"{concept}." for concept in wanted)
    found = {
        one.edge.source
        for one in store.adjacent(works, outgoing=True, relations=_SUBJECT)
        if one.edge.target in wanted or one.edge.target.startswith(parts)
    }
    return [work for work in works if work in found]


def _things(store: GraphStore, ids: Sequence[str]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for some in _batches(ids):
        found.update(store.things(some))
    return found


def _attributes(thing: Thing | None) -> Mapping[str, Any]:
    return thing.shown.description.attributes if thing and thing.shown else {}


def _parameters(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))


def _batches(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
