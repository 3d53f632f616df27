"""Model of a bundle: descriptions of nodes, edges between them, body and header (frozen values, no behaviour).

Descriptions and edges are msgspec Structs: they are made by the million, six times as fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from graph.model.canonical import Json
from graph.model.vocabulary import Kind, Relation

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
    """Body of a bundle: its descriptions and edges, as sets that are written in one order.

    `reason` stands only where the statement answers, and says why. `salt` is set where a statement is signed.
    """

    nodes: tuple[Description, ...] = ()
    edges: tuple[Edge, ...] = ()
    reason: str | None = None
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Source of a record: its subject's id (the slot, with the source), the mapping that read it, the licence of what it says."""

    uri: str
    mapping: str
    licence: str | None = None

    @property
    def mapping_number(self) -> int:
        """Number behind the slash: `arxiv-raw/300` is 300. A greater one replaces a lesser."""
        return int(self.mapping.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class Grant:
    """Grant that lets another key speak for this author; `scope` is a `Scope`, or a word that is not known yet."""

    key: str
    scope: str


@dataclass(frozen=True, slots=True)
class End:
    """End of a grant; of what was said under it, or below it, the `heads` and all before them still count."""

    grant: BundleId
    heads: tuple[BundleId, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a statement to another bundle: a verb (a `Verb`, or any other word) and its target."""

    verb: str
    target: BundleId


@dataclass(frozen=True, slots=True)
class Mint:
    """New thing that a statement mints: the label under which its body speaks of it, and its kind."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a bundle: who says it, when, on what authority; `body` is the hash of the body.

    A record has a `source` and no `key`; a statement has a `key` and no `source`. A statement that grants or
    ends has no body.
    """

    by: str
    at: str | None
    body: str | None = None
    source: RecordSource | None = None
    key: str | None = None
    under: BundleId | None = None
    prev: tuple[BundleId, ...] = ()
    n: int = 0
    answers: tuple[Answer, ...] = ()
    grants: Grant | None = None
    ends: End | None = None
    vouches: tuple[BundleId, ...] = ()
    mints: tuple[Mint, ...] = ()

    @property
    def actor(self) -> str | None:
        """Grant acted under, else the key itself; `None` for a record."""
        return self.under or self.key

    @property
    def is_run(self) -> bool:
        """Whether this is an ingest run: a statement that mints an `ingest`."""
        return any(mint.kind == Kind.INGEST for mint in self.mints)
