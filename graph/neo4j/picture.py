"""Writing the graph: what comes to life is drawn, what dies is wiped out, the best description is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.bundle import reread_descriptions
from graph.canonical import canonical
from graph.identifiers import kind_of
from graph.model import Body, BundleId, Description
from graph.neo4j.connection import Asker
from graph.neo4j.facts import Neo4jFacts
from graph.neo4j.words import found_by
from graph.rules import author_of
from graph.shown import Stated, chosen, claim, newest


@dataclass(frozen=True, slots=True)
class Living:
    """A bundle that came to life or died: its place, what it says, and who its author is."""

    id: BundleId
    position: int
    author: str
    body: Body


def paint(
    asker: Asker,
    facts: Neo4jFacts,
    born: Sequence[Living],
    died: Sequence[Living],
    mints: Mapping[str, BundleId],
) -> None:
    """Draws the born, wipes out the dead, and shows the best description of each node.

    `mints` are the ids that arrived bundles mint, with the bundles: the minter of a node is known
    even where its bundle does not live.
    """
    _add_nodes(asker, born, died, mints)
    asker.tell("set_minter", ({"id": name, "minter": by} for name, by in mints.items()))
    # The names on what was minted may have arrived before it: they belong to the minter.
    named = [row["id"] for row in asker.of("mentions_on", "ids", mints)]
    _wipe(asker, died)
    _draw(asker, born)
    described = {node.id for living in (*born, *died) for node in living.body.nodes}
    said = {living.position: living.body.nodes for living in born}
    _choose(asker, facts, {*described, *mints, *named}, said)


def _add_nodes(
    asker: Asker, born: Sequence[Living], died: Sequence[Living], mints: Iterable[str]
) -> None:
    ids = dict.fromkeys(mints)
    for living in (*born, *died):
        ids.update(dict.fromkeys(node.id for node in living.body.nodes))
        for edge in living.body.edges:
            ids[edge.source] = None
            ids[edge.target] = None
    known = {row["id"] for row in asker.of("node_keys", "ids", ids)}
    asker.tell(
        "add_node", ({"id": name, "kind": kind_of(name)} for name in ids if name not in known)
    )


def _wipe(asker: Asker, died: Sequence[Living]) -> None:
    names = [living.id for living in died]
    asker.tell("drop_description", names, key="names")
    asker.tell("drop_edge", names, key="names")


def _draw(asker: Asker, born: Sequence[Living]) -> None:
    asker.tell(
        "add_description",
        (
            {"bundle": living.id, "id": node.id, "author": living.author}
            for living in born
            for node in living.body.nodes
        ),
    )
    asker.tell(
        "add_edge",
        (
            {
                "source": edge.source,
                "relation": edge.relation.value,
                "target": edge.target,
                "bundle": living.id,
                "ordinal": ordinal,
                "qualifiers": canonical(edge.qualifiers).decode() if edge.qualifiers else None,
            }
            for living in born
            for ordinal, edge in enumerate(living.body.edges)
        ),
    )


def _choose(
    asker: Asker, facts: Neo4jFacts, names: Iterable[str], said: Mapping[int, Sequence[Description]]
) -> None:
    """Shows of each node the newest description by the id's owner, else the newest of the others."""
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
        "set_shown", (_row(name, place, descriptions.get(name)) for name, place in changed.items())
    )


def stated_by(row: Mapping[str, object]) -> Stated:
    """One living description, as a row tells it."""
    return Stated(
        at=str(row["at"] or ""),
        n=int(str(row["n"])),
        bundle=str(row["bundle"]),
        author=str(row["author"]),
        position=int(str(row["position"])),
    )


def _row(name: str, place: int | None, description: Description | None) -> dict[str, object]:
    if description is None:
        kind = kind_of(name)
        return {"id": name, "kind": kind, "shown": None, "title_words": None, "text_words": None}
    return {
        "id": name,
        "kind": description.kind.value,
        "shown": place,
        **found_by(description),
    }


def _owners(asker: Asker, facts: Neo4jFacts, names: Iterable[str]) -> dict[str, str | None]:
    """The author to whom each id belongs: a source, a key, or who minted it."""
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
    """The description of each node by the bundle at its place."""
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
