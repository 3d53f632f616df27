"""Small graphs, stated by one speaker."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from graph.bundle.keys import signer_of
from graph.model.model import Body, BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore

_SIGNER = signer_of(b"\x05" * 32)


def clock() -> datetime:
    return datetime(2026, 11, 23, 6, tzinfo=UTC)


VOICE = Speaker(_SIGNER, f"software:{_SIGNER.key}", clock)


def paper(number: int) -> str:
    """The id of an arXiv paper."""
    return f"arxiv:2401.{number:05d}"


def work(identifier: str, /, **words: Any) -> Description:
    return Description(identifier, Kind.WORK, words)


def node(identifier: str, kind: Kind, /, **words: Any) -> Description:
    return Description(identifier, kind, words)


def concept(name: str, /, **words: Any) -> Description:
    return Description(f"concept:test/{name}", Kind.CONCEPT, {"name": name, **words})


def edge(source: str, relation: Relation, target: str, /, **qualifiers: Any) -> Edge:
    return Edge(source, relation, target, qualifiers)


def cites(source: str, *targets: str) -> list[Edge]:
    return [Edge(source, Relation.CITES, target) for target in targets]


def about(source: str, *names: str, **qualifiers: Any) -> list[Edge]:
    """`hasSubject` edges to the concepts of these names."""
    return [
        Edge(source, Relation.HAS_SUBJECT, f"concept:test/{name}", qualifiers) for name in names
    ]


def say(
    store: GraphStore, nodes: Iterable[Description] = (), edges: Iterable[Edge] = ()
) -> BundleId:
    """One statement."""
    body = Body(tuple(nodes), tuple(edges))
    [name] = store.append(lambda look: [VOICE.make_statement(look, body)]).added
    return name
