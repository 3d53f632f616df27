"""Model of a bundle: descriptions of nodes, edges between them, body and header (frozen values, no behaviour).

Descriptions and edges are msgspec Structs: they are made by the million, six times as fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from graph.model.canonical import Json
from graph.model.vocabulary import Kind, Relation, Scope, Verb

BundleId: TypeAlias = str
"""`sha256:` and the 64 hex digits of the SHA-256 of a header."""


class Description(msgspec.Struct, frozen=True, gc=False):
    """Description of one node by one author; it counts whole."""

    id: str
    kind: Kind
    attributes: Mapping[str, Json] = msgspec.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return `{"id", "kind", …attributes}`."""
        return {"id": self.id, "kind": self.kind, **self.attributes}


class Edge(msgspec.Struct, frozen=True, gc=False):
    """Relation between two nodes; the whole object, qualifiers included, is its identity."""

    source: str
    relation: Relation
    target: str
    qualifiers: Mapping[str, Json] = msgspec.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return `{"from", "rel", "to", …qualifiers}`."""
        return {
            "from": self.source,
            "rel": self.relation,
            "to": self.target,
            **self.qualifiers,
        }


@dataclass(frozen=True, slots=True)
class Body:
    """Body of a bundle: its descriptions and edges, as sets that are written in one order."""

    nodes: tuple[Description, ...] = ()
    edges: tuple[Edge, ...] = ()
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Source of a record: its slot's uri, the mapping that read it, the licence of what it says."""

    uri: str
    mapping: str
    licence: str | None = None

    @property
    def mapping_number(self) -> int:
        """Number behind the slash: `arxiv-raw/300` is 300. A greater one replaces a lesser."""
        return int(self.mapping.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Grant:
    """Grant that lets another key speak for this author."""

    key: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class End:
    """End of a grant (`grant` is its id) or of the actor itself (`grant` is `None`); `heads` still count."""

    grant: BundleId | None
    heads: tuple[BundleId, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a statement to another bundle: a verb and its target."""

    verb: Verb
    target: BundleId


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a bundle: who says it, when, on what authority; `body` is the hash of the body.

    A record has a `source` and no `key`; a statement has a `key` and no `source`.
    """

    by: str
    at: str | None
    body: str
    source: RecordSource | None = None
    key: str | None = None
    under: BundleId | None = None
    prev: tuple[BundleId, ...] = ()
    n: int = 0
    answers: tuple[Answer, ...] = ()
    grants: Grant | None = None
    ends: End | None = None
    vouches: tuple[BundleId, ...] = ()

    @property
    def actor(self) -> str | None:
        """Grant acted under, else the key itself; `None` for a record."""
        return self.under or self.key
