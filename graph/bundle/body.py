"""Body of a bundle: from JSON and to JSON, with every fault reported at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final, TypeVar

from graph.bundle.attribute_values import ATTRIBUTE_FORMS, QUALIFIER_FORMS, Forms, describe_form
from graph.errors import Fault
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import belongs, is_label, kinds_of
from graph.model.model import Body, Description, Edge
from graph.model.vocabulary import (
    ACTIVITY_KINDS,
    AGENT_KINDS,
    FROM_ACTIVITY,
    TO_ACTIVITY,
    TO_AGENT,
    Kind,
    Relation,
)

MAX_BODY_BYTES: Final = 8 * 2**20

_SALT = re.compile(r"[0-9a-f]{32}")
_KINDS: Final = {kind.value: kind for kind in Kind}
_RELATIONS: Final = {relation.value: relation for relation in Relation}
_NO_KINDS: Final[frozenset[Kind]] = frozenset()
_CONSTRAINED: Final = FROM_ACTIVITY | TO_ACTIVITY | TO_AGENT
_ends: Final = attrgetter("source", "relation", "target")
_id: Final = attrgetter("id")
_T = TypeVar("_T")


def abbreviate(value: object) -> str:
    """Shorten a foreign value for an error."""
    try:
        text = value if isinstance(value, str) and value.isprintable() and value else repr(value)
    except RecursionError:
        return "something nested very deep"
    return text if len(text) <= 160 else text[:157] + "…"


def body_from_json(value: Any, *, slot: str | None) -> tuple[Body | None, list[Fault]]:
    """Parse a body from JSON: the body, or `None` and all that is wrong with it.

    Args:
        value: Result of `graph.model.canonical.parse`.
        slot: The `source.uri` of the record that it is the body of, `None` for a statement. A record
            mints nothing and describes only what belongs to its slot.
    """
    parser = _BodyParser(slot)
    body = parser.body(value)
    return (None, parser.faults) if parser.faults else (body, [])


def body_to_json(body: Body) -> dict[str, Any]:
    """Return the one JSON form of a body: nodes by id; edges by from, rel, to, then canonical bytes."""
    fields: dict[str, Any] = {
        "nodes": [node.to_json() for node in sorted(body.nodes, key=_id)],
        "edges": [edge.to_json() for edge in _sort_edges(body.edges)],
    }
    if body.salt is not None:
        fields["salt"] = body.salt
    return fields


def edge_order(edge: Edge) -> tuple[str, str, str, bytes]:
    """Return the sort key of an edge in a body."""
    return *_ends(edge), canonical_bytes(edge.qualifiers)


def _sort_edges(edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges in order; their bytes are made only where two join the same ends."""
    sorted_edges = sorted(edges, key=_ends)
    if len(set(map(_ends, sorted_edges))) < len(sorted_edges):
        sorted_edges.sort(key=edge_order)
    return sorted_edges


class _BodyParser:
    """Parser of one body, which collects all its faults."""

    def __init__(self, slot: str | None) -> None:
        self.slot = slot
        self.labels: dict[str, Kind] = {}
        self.faults: list[Fault] = []
        self._part = ""
        self._number = -1

    def add_value_fault(self, where: str, expected: str, got: object) -> None:
        """Note a fault and the foreign value; `where` is within the node or the edge that is being read, if one is."""
        self.add_fault(where, expected, abbreviate(got))

    def add_fault(self, where: str, expected: str, got: str) -> None:
        """Note a fault in words of ours, where the foreign value is not to be shown."""
        item = f"[{self._number}]" if self._number >= 0 else ""
        place = ".".join(part for part in ("body", self._part + item, where) if part)
        self.faults.append(Fault(place, expected, got))

    def _enter(self, part: str, number: int = -1) -> None:
        """Set the place that is being read: the body, a part of it, one item of that."""
        self._part, self._number = part, number

    def body(self, value: Any) -> Body:
        """Read the body; the result is not to be used where there are faults."""
        self._enter("")
        if not isinstance(value, dict):
            self.add_value_fault("", "an object", value)
            return Body()
        for key in value.keys() - {"nodes", "edges", "salt"}:
            self.add_fault(key, "one of nodes, edges, salt", "an unknown key")
        salt = value.get("salt")
        if "salt" in value and not (isinstance(salt, str) and _SALT.fullmatch(salt)):
            self.add_value_fault("salt", "32 hex digits", salt)
        self.labels = self._labels(value.get("nodes"))
        nodes = self._each(value, "nodes", self.description)
        if any(a.id >= b.id for a, b in pairwise(nodes)):
            self.add_fault("", "sorted by id, each once", "another order or a repeat")
        edges = self._each(value, "edges", self.edge)
        if not _in_order(edges):
            self.add_fault("", "sorted by from, rel, to, each once", "another order or a repeat")
        return Body(nodes, edges, salt)

    def _each(
        self, value: dict[str, Any], part: str, read: Callable[[dict[str, Any]], _T | None]
    ) -> tuple[_T, ...]:
        items = value.get(part)
        self._enter(part)
        if not isinstance(items, list):
            self.add_value_fault("", "an array", items)
            return ()
        results = []
        for k, item in enumerate(items):
            self._enter(part, k)
            if isinstance(item, dict):
                result = read(item)
                if result is not None:
                    results.append(result)
            else:
                self.add_value_fault("", "an object", item)
        self._enter(part)
        return tuple(results)

    def _labels(self, nodes: object) -> dict[str, Kind]:
        """Return the kinds of the new things that this statement's nodes describe."""
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

    def description(self, item: dict[str, Any]) -> Description | None:
        """Read one description; `None` where its id or its kind is wrong."""
        attributes = dict(item)
        identifier, kind_text = attributes.pop("id", None), attributes.pop("kind", None)
        kind = _KINDS.get(kind_text) if isinstance(kind_text, str) else None
        self._check_values(attributes, ATTRIBUTE_FORMS)
        if kind is None:
            self.add_value_fault("kind", "one of " + ", ".join(_KINDS), kind_text)
            return None
        if self.slot is None and isinstance(identifier, str) and is_label(identifier):
            return Description(identifier, kind, attributes)
        kinds = kinds_of(identifier) if isinstance(identifier, str) else _NO_KINDS
        if not kinds or not isinstance(identifier, str):
            self.add_value_fault("id", self._expected_id(), identifier)
            return None
        if kind not in kinds:
            self.add_value_fault(
                "kind", "one of " + ", ".join(sorted(kinds)), f"{kind} for {identifier}"
            )
        if self.slot is not None and not belongs(identifier, self.slot):
            self.add_value_fault("id", f"an id that belongs to {self.slot}", identifier)
        return Description(identifier, kind, attributes)

    def edge(self, item: dict[str, Any]) -> Edge | None:
        """Read one edge; `None` where an end or the relation is wrong."""
        qualifiers = dict(item)
        source, target = qualifiers.pop("from", None), qualifiers.pop("to", None)
        name = qualifiers.pop("rel", None)
        relation = _RELATIONS.get(name) if isinstance(name, str) else None
        if qualifiers:
            self._check_values(qualifiers, QUALIFIER_FORMS)
        starts, ends = self._kinds_of_end("from", source), self._kinds_of_end("to", target)
        if relation is None:
            self.add_value_fault("rel", "one of " + ", ".join(_RELATIONS), name)
            return None
        if not starts or not ends or not isinstance(source, str) or not isinstance(target, str):
            return None
        if relation in _CONSTRAINED:
            self._check_ends(item, relation, starts, ends)
        if "subtype" in qualifiers and relation is not Relation.WAS_DERIVED_FROM:
            self.add_fault("subtype", "only with wasDerivedFrom", f"one with {relation}")
        return Edge(source, relation, target, qualifiers)

    def _check_ends(
        self,
        item: dict[str, Any],
        relation: Relation,
        starts: frozenset[Kind],
        ends: frozenset[Kind],
    ) -> None:
        """Note an end that is not of a kind that the relation demands."""
        if relation in FROM_ACTIVITY and not starts & ACTIVITY_KINDS:
            self.add_value_fault("from", f"an activity, as {relation} starts at one", item["from"])
        if relation in TO_ACTIVITY and not ends & ACTIVITY_KINDS:
            self.add_value_fault("to", f"an activity, as {relation} ends at one", item["to"])
        if relation in TO_AGENT and not ends & AGENT_KINDS:
            self.add_value_fault("to", f"an agent, as {relation} ends at one", item["to"])

    def _kinds_of_end(self, key: str, end: object) -> frozenset[Kind]:
        if isinstance(end, str):
            if end in self.labels:
                return frozenset({self.labels[end]})
            kinds = kinds_of(end)
            if kinds:
                return kinds
            if is_label(end) and self.slot is None:
                self.add_value_fault(key, "a label that this bundle's nodes describe", end)
                return _NO_KINDS
        self.add_value_fault(key, self._expected_id(), end)
        return _NO_KINDS

    def _expected_id(self) -> str:
        return "an identifier" if self.slot else "an identifier or a label like #1"

    def _check_values(self, values: Mapping[str, Any], forms: Forms) -> None:
        for key, value in values.items():
            test = forms.tests.get(key)
            if test is None:
                self.add_fault(key, "one of " + ", ".join(forms.forms), "an unknown key")
            elif not test(value):
                self.add_value_fault(key, describe_form(forms.forms[key]), value)
            elif key in forms.reference_keys:
                self._check_labels(key, value)

    def _check_labels(self, key: str, value: str | list[str]) -> None:
        for identifier in [value] if isinstance(value, str) else value:
            if is_label(identifier) and identifier not in self.labels:
                self.add_value_fault(key, "a label that this bundle's nodes describe", identifier)


def _in_order(edges: Sequence[Edge]) -> bool:
    """Return whether the edges are in order, each once; their bytes decide only where two join the same ends."""
    ends = list(map(_ends, edges))
    if all(a < b for a, b in pairwise(ends)):
        return True
    order = list(map(edge_order, edges))
    return all(a < b for a, b in pairwise(order))


def admitted_body(value: Any) -> Body:
    """Return the body behind JSON that `body_from_json` accepted once; nothing is checked again."""
    edges = tuple(
        Edge(edge.pop("from"), _RELATIONS[edge.pop("rel")], edge.pop("to"), edge)
        for edge in value["edges"]
    )
    return Body(admitted_descriptions(value), edges, value.get("salt"))


def admitted_descriptions(value: Any) -> tuple[Description, ...]:
    """Return the descriptions in such a body, without its edges."""
    return tuple(
        Description(node.pop("id"), _KINDS[node.pop("kind")], node) for node in value["nodes"]
    )
