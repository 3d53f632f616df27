"""Known works of a store, read for title matching: their titles, years and first authors."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph.model.vocabulary import Kind, Relation
from graph.store import GraphStore, Thing
from ingest.pdf.match.title_index import Known

_AT_ONCE: Final = 500
_MOST_CHARS: Final = 500
_BY_MONTH: Final = re.compile(r"arxiv:(\d\d)(?:0[1-9]|1[0-2])\.\d{4,5}")
_BETWEEN: Final = re.compile(r"\s*[,;]\s+|\s+and\s+|\s*&\s*")
_DATES: Final = ("date", "announced", "submitted")


def known_works(store: GraphStore) -> Iterator[Known]:
    """Yield every work of a store that has a title, in the order of ids."""
    after = ""
    while ids := store.listed(Kind.WORK, after=after, limit=_AT_ONCE):
        things = store.things(ids)
        for identifier in ids:
            thing = things.get(identifier)
            title = _attributes(thing).get("title") if thing else None
            if thing and isinstance(title, str) and not _attributes(thing).get("deleted"):
                yield Known(identifier, title, _year(thing))
        after = ids[-1]


def first_authors(store: GraphStore, works: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the first author of each of these works, as far as the store knows one."""
    wanted = sorted(set(works))
    found: dict[str, tuple[str, ...]] = {}
    for k in range(0, len(wanted), _AT_ONCE):
        some = wanted[k : k + _AT_ONCE]
        for identifier, thing in store.things(some).items():
            stated = _attributes(thing).get("authors")
            if isinstance(stated, str):
                found[identifier] = (_BETWEEN.split(stated[:_MOST_CHARS], maxsplit=1)[0],)
        found |= _attributed(store, [one for one in some if one not in found])
    return found


def described(store: GraphStore, ids: Iterable[str]) -> frozenset[str]:
    """Return those ids that the store has a description of."""
    wanted = sorted(set(ids))
    found: set[str] = set()
    for k in range(0, len(wanted), _AT_ONCE):
        things = store.things(wanted[k : k + _AT_ONCE])
        found |= {one for one, thing in things.items() if thing.shown is not None}
    return frozenset(found)


def _attributed(store: GraphStore, works: Sequence[str]) -> dict[str, tuple[str, ...]]:
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
    said = _attributes(thing)
    if isinstance(said.get("year"), int):
        return int(said["year"])
    for key in _DATES:
        if isinstance(said.get(key), str):
            return int(str(said[key])[:4])
    month = _BY_MONTH.fullmatch(thing.id)
    return 2000 + int(month[1]) if month else None
