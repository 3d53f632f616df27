"""The body of a bundle: from JSON and to JSON, with every fault found at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, TypeVar

from graph.canonical import canonical
from graph.errors import Fault
from graph.identifiers import belongs, is_label, kinds_of
from graph.model import Body, Description, Edge
from graph.values import ATTRIBUTE_TESTS, QUALIFIER_TESTS, expected
from graph.vocabulary import (
    ACTIVITY_KINDS,
    AGENT_KINDS,
    ATTRIBUTES,
    FROM_ACTIVITY,
    QUALIFIERS,
    TO_ACTIVITY,
    TO_AGENT,
    Kind,
    Relation,
    Shape,
)

MAX_BODY_BYTES: Final = 8 * 2**20

_SALT = re.compile(r"[0-9a-f]{32}")
_KINDS: Final = {kind.value: kind for kind in Kind}
_RELATIONS: Final = {relation.value: relation for relation in Relation}
_NO_KINDS: Final[frozenset[Kind]] = frozenset()
_T = TypeVar("_T")


def shown(value: object) -> str:
    """A foreign value, short enough for an error."""
    text = value if isinstance(value, str) and value.isprintable() and value else repr(value)
    return text if len(text) <= 160 else text[:157] + "…"


def body_from_json(value: Any, *, slot: str | None) -> tuple[Body | None, list[Fault]]:
    """The body behind parsed JSON, or `None` and all that is wrong with it.

    Args:
        value: What `graph.canonical.parse` gave.
        slot: The `source.uri` of the record that it is the body of, `None` for a statement. A record
            mints nothing and describes only what belongs to its slot.
    """
    reader = _Reader(slot)
    body = reader.body(value)
    return (None, reader.faults) if reader.faults else (body, [])


def body_to_json(body: Body) -> dict[str, Any]:
    """The one JSON form of a body: nodes by id; edges by from, rel, to, then canonical bytes."""
    found: dict[str, Any] = {
        "nodes": [node.to_json() for node in sorted(body.nodes, key=lambda node: node.id)],
        "edges": [edge.to_json() for edge in _ordered(body.edges)],
    }
    if body.salt is not None:
        found["salt"] = body.salt
    return found


def edge_order(edge: Edge) -> tuple[str, str, str, bytes]:
    """The order of the edges in a body."""
    return *_ends(edge), canonical(edge.qualifiers)


def _ends(edge: Edge) -> tuple[str, str, str]:
    return edge.source, edge.relation, edge.target


def _ordered(edges: Sequence[Edge]) -> list[Edge]:
    """The edges in order; their bytes are made only where two join the same ends."""
    found = sorted(edges, key=_ends)
    if any(_ends(a) == _ends(b) for a, b in pairwise(found)):
        found.sort(key=edge_order)
    return found


class _Reader:
    """Collects the faults of one body while it is read."""

    def __init__(self, slot: str | None) -> None:
        self.slot = slot
        self.labels: dict[str, Kind] = {}
        self.faults: list[Fault] = []

    def fault(self, where: str, wanted: str, got: object) -> None:
        self.faults.append(Fault(where, wanted, shown(got)))

    def mistake(self, where: str, wanted: str, what: str) -> None:
        """Notes what is wrong in words of ours, where no value of theirs is to be shown."""
        self.faults.append(Fault(where, wanted, what))

    def body(self, value: Any) -> Body:
        if not isinstance(value, dict):
            self.fault("body", "an object", value)
            return Body()
        for key in value.keys() - {"nodes", "edges", "salt"}:
            self.mistake(f"body.{key}", "one of nodes, edges, salt", "an unknown key")
        salt = value.get("salt")
        if "salt" in value and not (isinstance(salt, str) and _SALT.fullmatch(salt)):
            self.fault("body.salt", "32 hex digits", salt)
        self.labels = self._labels(value.get("nodes"))
        nodes = self._each(value, "nodes", self.description)
        if any(a.id >= b.id for a, b in pairwise(nodes)):
            self.mistake("body.nodes", "sorted by id, each once", "another order or a repeat")
        edges = self._each(value, "edges", self.edge)
        if not _in_order(edges):
            self.mistake(
                "body.edges", "sorted by from, rel, to, each once", "another order or a repeat"
            )
        return Body(nodes, edges, salt)

    def _each(
        self, value: dict[str, Any], key: str, read: Callable[[dict[str, Any], str], _T | None]
    ) -> tuple[_T, ...]:
        items = value.get(key)
        if not isinstance(items, list):
            self.fault(f"body.{key}", "an array", items)
            return ()
        found = []
        for k, item in enumerate(items):
            if isinstance(item, dict):
                found.append(read(item, f"body.{key}[{k}]"))
            else:
                self.fault(f"body.{key}[{k}]", "an object", item)
        return tuple(one for one in found if one is not None)

    def _labels(self, nodes: object) -> dict[str, Kind]:
        """The kinds of the new things that this statement's nodes describe."""
        if self.slot is not None or not isinstance(nodes, list):
            return {}
        pairs = [(n.get("id"), n.get("kind")) for n in nodes if isinstance(n, dict)]
        return {
            label: _KINDS[kind]
            for label, kind in pairs
            if isinstance(label, str)
            and is_label(label)
            and isinstance(kind, str)
            and kind in _KINDS
        }

    def description(self, item: dict[str, Any], where: str) -> Description | None:
        """One description; `None` where its id or its kind is wrong."""
        attributes = dict(item)
        identifier, kind_text = attributes.pop("id", None), attributes.pop("kind", None)
        kind = _KINDS.get(kind_text) if isinstance(kind_text, str) else None
        self._values(attributes, ATTRIBUTE_TESTS, ATTRIBUTES, where)
        if kind is None:
            self.fault(f"{where}.kind", "one of " + ", ".join(_KINDS), kind_text)
            return None
        if isinstance(identifier, str) and is_label(identifier) and self.slot is None:
            return Description(identifier, kind, attributes)
        kinds = kinds_of(identifier) if isinstance(identifier, str) else _NO_KINDS
        if not kinds or not isinstance(identifier, str):
            wanted = "an identifier" if self.slot else "an identifier or a label like #1"
            self.fault(f"{where}.id", wanted, identifier)
            return None
        if kind not in kinds:
            self.fault(
                f"{where}.kind", "one of " + ", ".join(sorted(kinds)), f"{kind} for {identifier}"
            )
        if self.slot is not None and not belongs(identifier, self.slot):
            self.fault(f"{where}.id", f"an id that belongs to {self.slot}", identifier)
        return Description(identifier, kind, attributes)

    def edge(self, item: dict[str, Any], where: str) -> Edge | None:
        """One edge; `None` where an end or the relation is wrong."""
        qualifiers = dict(item)
        ends = qualifiers.pop("from", None), qualifiers.pop("to", None)
        name = qualifiers.pop("rel", None)
        relation = _RELATIONS.get(name) if isinstance(name, str) else None
        if qualifiers:
            self._values(qualifiers, QUALIFIER_TESTS, QUALIFIERS, where)
        kinds = [
            self._kinds_of_end(end, f"{where}.{key}")
            for end, key in zip(ends, ("from", "to"), strict=True)
        ]
        if relation is None:
            self.fault(f"{where}.rel", "one of " + ", ".join(_RELATIONS), name)
            return None
        if not (isinstance(ends[0], str) and isinstance(ends[1], str) and all(kinds)):
            return None
        if relation in FROM_ACTIVITY and not kinds[0] & ACTIVITY_KINDS:
            self.fault(f"{where}.from", f"an activity, as {relation} starts at one", ends[0])
        if relation in TO_ACTIVITY and not kinds[1] & ACTIVITY_KINDS:
            self.fault(f"{where}.to", f"an activity, as {relation} ends at one", ends[1])
        if relation in TO_AGENT and not kinds[1] & AGENT_KINDS:
            self.fault(f"{where}.to", f"an agent, as {relation} ends at one", ends[1])
        if "subtype" in qualifiers and relation is not Relation.WAS_DERIVED_FROM:
            self.mistake(f"{where}.subtype", "only with wasDerivedFrom", f"one with {relation}")
        return Edge(ends[0], relation, ends[1], qualifiers)

    def _kinds_of_end(self, end: object, where: str) -> frozenset[Kind]:
        if isinstance(end, str):
            if end in self.labels:
                return frozenset({self.labels[end]})
            kinds = kinds_of(end)
            if kinds:
                return kinds
            if is_label(end) and self.slot is None:
                self.fault(where, "a label that this bundle's nodes describe", end)
                return _NO_KINDS
        self.fault(where, "an identifier" if self.slot else "an identifier or a label like #1", end)
        return _NO_KINDS

    def _values(
        self,
        values: Mapping[str, Any],
        tests: Mapping[str, Callable[[Any], bool]],
        forms: Mapping[str, Shape | type[StrEnum]],
        where: str,
    ) -> None:
        for key, value in values.items():
            test = tests.get(key)
            if test is None:
                self.mistake(f"{where}.{key}", "one of " + ", ".join(forms), "an unknown key")
            elif not test(value):
                self.fault(f"{where}.{key}", expected(forms[key]), value)
            elif forms[key] in {Shape.IDENTIFIER, Shape.IDENTIFIERS}:
                self._labels_known(value, f"{where}.{key}")

    def _labels_known(self, value: str | list[str], where: str) -> None:
        for one in [value] if isinstance(value, str) else value:
            if is_label(one) and one not in self.labels:
                self.fault(where, "a label that this bundle's nodes describe", one)


def _in_order(edges: Sequence[Edge]) -> bool:
    for a, b in pairwise(edges):
        left, right = _ends(a), _ends(b)
        if left > right or (left == right and edge_order(a) >= edge_order(b)):
            return False
    return True


def admitted_body(value: Any) -> Body:
    """The body behind JSON that `body_from_json` accepted once; nothing is checked again."""
    nodes = tuple(
        Description(node.pop("id"), _KINDS[node.pop("kind")], node) for node in value["nodes"]
    )
    edges = tuple(
        Edge(edge.pop("from"), _RELATIONS[edge.pop("rel")], edge.pop("to"), edge)
        for edge in value["edges"]
    )
    return Body(nodes, edges, value.get("salt"))
