"""Sort keys of relations and versions: the order of lists, and where their pages resume."""

from typing import Final

from api.graphql.cursors import Key
from graph.model.canonical import MAX_INTEGER, canonical_bytes, digest
from graph.store import AssertedEdge, Thing

EDGE_KEY: Final = (str, int, str, str)


def edge_key(name: str, assertion: AssertedEdge, *, outgoing: bool) -> Key:
    """Return the sort key of an edge: name, position (none is last), far end, and a hash.

    The hash is needed because many edges may join the same two nodes.
    """
    position = assertion.edge.qualifiers.get("position")
    return (
        name,
        position if isinstance(position, int) else MAX_INTEGER,
        assertion.edge.target if outgoing else assertion.edge.source,
        edge_mark(assertion),
    )


def edge_mark(assertion: AssertedEdge) -> str:
    """Return a hash that distinguishes an edge from others between the same two nodes."""
    return digest(canonical_bytes(assertion.edge.to_json()))[7:23]


def version_order(thing: Thing) -> tuple[int, str]:
    """Return the sort key of a version: its number (none is last), then its id."""
    number = thing.shown.description.attributes.get("number") if thing.shown else None
    return (number if isinstance(number, int) else MAX_INTEGER, thing.id)
