"""The order of lists: the keys by which relations and versions are sorted, and pages go on."""

from typing import Final

from api.graphql.cursors import Key
from graph.model.canonical import MAX_INTEGER, canonical, digest
from graph.store import Asserted, Thing

EDGE_KEY: Final = (str, int, str, str)


def edge_key(name: str, one: Asserted, *, outgoing: bool) -> Key:
    """Name, position (none is last), far end; and a hash, as many edges may join the same two."""
    position = one.edge.qualifiers.get("position")
    return (
        name,
        position if isinstance(position, int) else MAX_INTEGER,
        one.edge.target if outgoing else one.edge.source,
        edge_mark(one),
    )


def edge_mark(one: Asserted) -> str:
    """What tells an edge from others between the same two."""
    return digest(canonical(one.edge.to_json()))[7:23]


def version_order(thing: Thing) -> tuple[int, str]:
    """Its number (none is last), then its id."""
    number = thing.shown.description.attributes.get("number") if thing.shown else None
    return (number if isinstance(number, int) else MAX_INTEGER, thing.id)


def text_in(asserted: Asserted, name: str) -> str | None:
    """What an edge says under a name, where that is a text."""
    found = asserted.edge.qualifiers.get(name)
    return found if isinstance(found, str) else None
