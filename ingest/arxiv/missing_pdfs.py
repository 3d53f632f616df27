"""Which PDFs are still to be had: of the versions that a harvest saw first, or of all papers of its span.

Each paper has one at most: that of its newest version. What was had is known from the store (a statement says of a
file that it is of the version, whatever became of its reading), so there is no list to be kept.
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
"""The name of the parameter by which a run tells the versions that it saw first."""

_AT_ONCE: Final = 500
_NUMBER: Final = re.compile(r"v(\d+)$", re.ASCII)
_SPECIAL: Final = frozenset({Relation.SPECIALIZATION_OF})
_SUBJECT: Final = frozenset({Relation.HAS_SUBJECT})


@dataclass(frozen=True, slots=True)
class Owed:
    """The versions whose PDFs are to be had, in the order of ids.

    `withdrawn` papers have none, and of `unversioned` ones no version is known to ask for.
    """

    versions: tuple[str, ...] = ()
    withdrawn: int = 0
    unversioned: int = 0


def named_new(store: GraphStore, records: Iterable[Bundle]) -> list[Json]:
    """Parameters of a run that brings these records: their newest versions that arXiv told nothing of before."""
    newest = {work: name for record in records for work, name in _newest(_versions(record)).items()}
    things = _things(store, sorted(newest.values()))
    new = sorted(name for name in newest.values() if not _is_told(things.get(name)))
    return [{"name": NEW, "value": " ".join(new)}] if new else []


def promised(store: GraphStore, queries: Iterable[str]) -> frozenset[str]:
    """The versions that runs of these queries saw first."""
    return frozenset(
        name
        for said in runs_of(store, *queries)
        for one in _parameters(said.description.attributes.get("params"))
        if one.get("name") == NEW
        for name in str(one.get("value")).split()
    )


def in_span(store: GraphStore, asked: Asked) -> Iterator[str]:
    """The works in the store that a harvest asks for, by what arXiv says of them, in the order of ids.

    They are in one of its categories, and the day that it goes by lies in its span: that of the last change, with the
    query API that of the first submission.
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
    """Which of these works lack a PDF of their newest version that was read.

    Args:
        store: Where it would be.
        author: Whose word counts besides that of the authors trusted by the store.
        works: The works; those that arXiv says nothing of, or that they are deleted, have none.
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
    """The same of versions, as far as they are their works' newest."""
    works = {work for name in versions if (work := work_of(name))}
    return owed_of(store, author, sorted(works), versions)


def _existing(store: GraphStore, works: Sequence[str]) -> set[str]:
    """Those of these works that arXiv tells of, and not that they are deleted."""
    return {
        name
        for name, thing in store.things(works).items()
        if _is_told(thing) and not _attributes(thing).get("deleted")
    }


def _read(store: GraphStore, versions: Sequence[str], authors: frozenset[str]) -> set[str]:
    """The versions of which one of these authors says that a file is theirs.

    A record says so by the stamp on the first page: that is no sign that its citations are said, too.
    """
    edges = [one for one in _reaching(store, versions) if one.edge.source.startswith("sha256:")]
    bundles = store.stored({bundle for one in edges for bundle in one.bundles})
    ours = {name for name, stored in bundles.items() if stored.author in authors}
    return {one.edge.target for one in edges if not ours.isdisjoint(one.bundles)}


def _known_versions(store: GraphStore, works: Set[str]) -> Iterator[str]:
    """The versions of these works that arXiv tells of; a deleted work has none."""
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
    """The version with the greatest number of each work."""
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
    """Whether arXiv itself says something of a thing, not only somebody who names it."""
    return thing is not None and thing.shown is not None and thing.shown.author == BY


def _is_in(thing: Thing | None, asked: Asked) -> bool:
    if thing is None or thing.shown is None or not _is_told(thing):
        return False
    said = thing.shown.description.attributes
    day = said.get("date") if asked.via == API else (thing.shown.at or "")[:10]
    return isinstance(day, str) and asked.since <= day and day <= (asked.until or "9999")


def _of_categories(store: GraphStore, works: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Those in one of the categories, or in a part of one that is an archive."""
    wanted = tuple(map(category_id, categories))
    parts = tuple(f"{one}." for one in wanted)
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
