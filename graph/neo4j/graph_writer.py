"""Writer of the graph, a materialised view of the log.

Inserts activated bundles, deletes deactivated ones, and chooses the shown description of each node.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.bundle.bundle import reread_descriptions
from graph.model.canonical import canonical
from graph.model.identifiers import kind_of
from graph.model.model import Body, BundleId, Description, Edge
from graph.neo4j.connection import Asker, in_parts
from graph.neo4j.full_text import found_by
from graph.neo4j.rule_facts import Neo4jFacts
from graph.rules.settlement import author_of
from graph.view.display_choice import Stated, chosen, claim, newest

_PART: Final = 1000
_LISTS: Final = 500


@dataclass(frozen=True, slots=True)
class Living:
    """Bundle to activate or deactivate: its position in the log, its author and its body."""

    id: BundleId
    position: int
    author: str
    body: Body


@dataclass(slots=True)
class _Touched:
    """Node affected by this append: the number of activated bundles that describe it, and the last of these."""

    times: int = 0
    only: Description | None = None
    position: int = -1


def paint(
    asker: Asker,
    facts: Neo4jFacts,
    born: Sequence[Living],
    died: Sequence[Living],
    mints: Mapping[str, BundleId],
) -> None:
    """Insert activated bundles, delete deactivated ones, and choose each node's shown description.

    `mints` are the ids that arrived bundles mint, with the bundles: the minter of a node is known
    even where its bundle does not live.
    """
    touched = _touched(born, died, mints)
    stored = {row["id"] for row in asker.of("node_keys", "ids", touched)}
    # Mentions on minted things may have arrived before them: the minter owns them.
    named = [row["id"] for row in asker.of("mentions_on", "ids", mints)]
    asker.tell("add_node", _fresh(touched, stored, mints))
    asker.tell("set_minter", ([name, by] for name, by in mints.items() if name in stored))
    _wipe(asker, died)
    _draw(asker, born)
    again = {*mints, *named, *(node.id for living in died for node in living.body.nodes)}
    said = {living.position: living.body.nodes for living in born}
    _choose(asker, facts, _unsure(touched, stored, again), said)


def _touched(
    born: Sequence[Living], died: Sequence[Living], mints: Iterable[str]
) -> dict[str, _Touched]:
    found = {name: _Touched() for name in mints}
    for living in (*born, *died):
        for edge in living.body.edges:
            found.setdefault(edge.source, _Touched())
            found.setdefault(edge.target, _Touched())
        for node in living.body.nodes:
            found.setdefault(node.id, _Touched())
    for living in born:
        for node in living.body.nodes:
            one = found[node.id]
            one.times, one.only, one.position = one.times + 1, node, living.position
    return found


def _fresh(
    touched: Mapping[str, _Touched], stored: Collection[str], mints: Mapping[str, BundleId]
) -> Iterator[list[object]]:
    """Yield the rows of new nodes; one that a single bundle describes shows that without a choice."""
    for name, one in touched.items():
        if name not in stored:
            only = one.only if one.times == 1 else None
            row = row_of_node(name, one.position if only else None, only)
            yield [*row, mints.get(name)]


def _unsure(
    touched: Mapping[str, _Touched], stored: Collection[str], again: Collection[str]
) -> set[str]:
    """Return the nodes whose shown description must be chosen again, as some were added or removed."""
    described = {
        name
        for name, one in touched.items()
        if one.times > 1 or (name in stored and (one.times or name in again))
    }
    return described | (set(again) - touched.keys())


def _wipe(asker: Asker, died: Sequence[Living]) -> None:
    names = [living.id for living in died]
    asker.tell("drop_description", names)
    asker.tell("drop_edge", names)


def _draw(asker: Asker, born: Sequence[Living]) -> None:
    asker.tell(
        "add_description",
        (
            [living.id, living.author, part]
            for living in born
            for part in in_parts((node.id for node in living.body.nodes), _PART)
        ),
        size=_LISTS,
    )
    asker.tell(
        "add_edge",
        (
            [source, living.id, part]
            for living in born
            for source, edges in _by_source(living.body.edges).items()
            for part in in_parts(edges, _PART)
        ),
        size=_LISTS,
    )


def _by_source(edges: Iterable[Edge]) -> dict[str, list[list[object]]]:
    found: dict[str, list[list[object]]] = {}
    for ordinal, edge in enumerate(edges):
        more = canonical(edge.qualifiers).decode() if edge.qualifiers else None
        row: list[object] = [edge.target, edge.relation.value, ordinal, more]
        found.setdefault(edge.source, []).append(row)
    return found


def _choose(
    asker: Asker, facts: Neo4jFacts, names: Iterable[str], said: Mapping[int, Sequence[Description]]
) -> None:
    """Show of each node the newest description by the id's owner, else the newest of the others."""
    asked = sorted(names)
    shown: dict[str, int | None] = {}
    stated: dict[str, list[Stated]] = {}
    for row in asker.of("candidates", "ids", asked):
        shown[row["id"]] = row["shown"]
        if row["author"] is not None:
            stated.setdefault(row["id"], []).append(stated_by(row))
    owners = _owners(asker, facts, asked)
    chosen_ones = {
        name: chosen(newest(stated.get(name, ())), owners[name]) for name in asked if name in shown
    }
    changed = {
        name: one.position if one else None
        for name, one in chosen_ones.items()
        if one is None or one.position != shown[name]
    }
    descriptions = _descriptions(asker, changed, said)
    asker.tell(
        "set_shown",
        (row_of_node(name, place, descriptions.get(name)) for name, place in changed.items()),
    )


def stated_by(row: Mapping[str, object]) -> Stated:
    """Convert a row into a reference to a living description."""
    return Stated(
        at=str(row["at"] or ""),
        n=int(str(row["n"])),
        bundle=str(row["bundle"]),
        author=str(row["author"]),
        position=int(str(row["position"])),
    )


def row_of_node(name: str, place: int | None, description: Description | None) -> list[object]:
    """Return the row of a node: its id, shown kind, position of the shown bundle, and full-text words."""
    if description is None:
        return [name, kind_of(name), None, None, None]
    return [name, description.kind.value, place, *found_by(description)]


def _owners(asker: Asker, facts: Neo4jFacts, names: Iterable[str]) -> dict[str, str | None]:
    """Return the owner of each id: a source, a key, or its minter."""
    claims = {name: claim(name) for name in names}
    unowned = {subject for subject, owner in claims.values() if owner is None}
    minters = {row["id"]: row["minter"] for row in asker.of("minter", "ids", unowned)}
    facts.load(minters.values())
    return {
        name: owner
        if owner is not None
        else author_of(facts, minters[subject])
        if subject in minters
        else None
        for name, (subject, owner) in claims.items()
    }


def _descriptions(
    asker: Asker, places: Mapping[str, int | None], known: Mapping[int, Sequence[Description]]
) -> dict[str, Description]:
    """Return the description of each node by the bundle at its position."""
    wanted = {place for place in places.values() if place is not None and place not in known}
    said = dict(known)
    for row in asker.of("content", "positions", wanted):
        said[row["position"]] = reread_descriptions(row["header"], row["body"], row["signature"])
    by_place = {
        place: {node.id: node for node in said[place]}
        for place in set(places.values())
        if place is not None
    }
    return {name: by_place[place][name] for name, place in places.items() if place is not None}
