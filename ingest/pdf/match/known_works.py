"""Known works of a store, read for title matching: their titles, years and first authors."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.model.vocabulary import Kind, Relation
from graph.store import GraphReader, Thing
from ingest.pdf.match.title_index import KnownWork

_AT_ONCE: Final = 500
_MOST_CHARS: Final = 500
_BY_MONTH: Final = re.compile(r"arxiv:(\d\d)(?:0[1-9]|1[0-2])\.\d{4,5}")
_BETWEEN: Final = re.compile(r"\s*[,;]\s+|\s+and\s+|\s*&\s*")
_DATES: Final = ("date", "announced", "submitted")


def known_works(store: GraphReader) -> Iterator[KnownWork]:
    """Yield every work of a store that has a title, in the order of ids."""
    after = ""
    while ids := store.list_ids(Kind.WORK, after=after, limit=_AT_ONCE):
        things = store.things(ids)
        for identifier in ids:
            thing = things.get(identifier)
            title = _attributes(thing).get("title") if thing else None
            if thing and isinstance(title, str) and not _attributes(thing).get("deleted"):
                yield KnownWork(identifier, title, _year(thing))
        after = ids[-1]


def first_authors(store: GraphReader, works: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the first author of each of these works, as far as the store knows one."""
    work_ids = sorted(set(works))
    authors: dict[str, tuple[str, ...]] = {}
    for k in range(0, len(work_ids), _AT_ONCE):
        batch = work_ids[k : k + _AT_ONCE]
        for identifier, thing in store.things(batch).items():
            names = _attributes(thing).get("authors")
            if isinstance(names, str):
                authors[identifier] = (_BETWEEN.split(names[:_MOST_CHARS], maxsplit=1)[0],)
        authors |= _attributed_authors(store, [work for work in batch if work not in authors])
    return authors


def described_ids(store: GraphReader, ids: Iterable[str]) -> frozenset[str]:
    """Return those ids that the store has a description of."""
    sorted_ids = sorted(set(ids))
    with_description: set[str] = set()
    for k in range(0, len(sorted_ids), _AT_ONCE):
        things = store.things(sorted_ids[k : k + _AT_ONCE])
        with_description |= {
            identifier for identifier, thing in things.items() if thing.shown is not None
        }
    return frozenset(with_description)


def _attributed_authors(store: GraphReader, works: Sequence[str]) -> dict[str, tuple[str, ...]]:
    firsts: dict[str, tuple[int, str, str]] = {}
    relations = frozenset({Relation.WAS_ATTRIBUTED_TO})
    for asserted in store.adjacent(works, outgoing=True, relations=relations):
        edge = asserted.edge
        place = edge.qualifiers.get("position")
        name = edge.qualifiers.get("name")
        rank = (
            place if isinstance(place, int) else 2**31,
            edge.target,
            name if isinstance(name, str) else "",
        )
        if edge.source not in firsts or rank < firsts[edge.source]:
            firsts[edge.source] = rank
    people = store.things(sorted({agent for _, agent, _ in firsts.values()}))
    return {
        work: (name or people[agent].title,)
        for work, (_, agent, name) in firsts.items()
        if name or agent in people
    }


def _attributes(thing: Thing) -> Mapping[str, Any]:
    return thing.shown.description.attributes if thing.shown else {}


def _year(thing: Thing) -> int | None:
    attributes = _attributes(thing)
    if isinstance(attributes.get("year"), int):
        return int(attributes["year"])
    for key in _DATES:
        if isinstance(attributes.get(key), str):
            return int(str(attributes[key])[:4])
    month = _BY_MONTH.fullmatch(thing.id)
    return 2000 + int(month[1]) if month else None
