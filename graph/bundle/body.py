"""Body of a bundle: from JSON and to JSON, with every fault reported at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final, TypeVar

from graph.bundle.attribute_values import (
    ATTRIBUTE_FORMS,
    QUALIFIER_FORMS,
    Forms,
    describe_form,
    is_short_text,
)
from graph.errors import Fault
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import belongs, is_label, kinds_of
from graph.model.model import Body, Description, Edge, Header, Mint
from graph.model.vocabulary import (
    ACTIVITY_KINDS,
    AGENT_KINDS,
    FROM_ACTIVITY,
    TO_ACTIVITY,
    TO_AGENT,
    Kind,
    Relation,
)

VOCABULARY: Final = 1
"""Number of the newest vocabulary that is understood here: the `words` of a body."""

_KEYS: Final = frozenset({"words", "nodes", "edges", "reason", "salt"})
_SALT = re.compile(r"[0-9a-f]{32}")
_KINDS: Final = {kind.value: kind for kind in Kind}
_RELATIONS: Final = {relation.value: relation for relation in Relation}
_NO_KINDS: Final[frozenset[Kind]] = frozenset()
_OF_RUN: Final = frozenset({Relation.WAS_ASSOCIATED_WITH, Relation.USED, Relation.WAS_INFORMED_BY})
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


def body_from_json(value: Any, header: Header) -> tuple[Body | None, list[Fault]]:
    """Parse the body of a header from JSON: the body, or `None` and all for which it doesn't fit (docs/bundle.md, section 3).

    Args:
        value: Result of `graph.model.canonical.parse`.
        header: The header that it is the body of: the labels that it mints, the subject of a record.
    """
    parser = _BodyParser(header)
    body = parser.body(value)
    return (None, parser.faults) if parser.faults else (body, [])


def content_from_json(value: Any, *, may_answer: bool = False) -> tuple[Body | None, list[Fault]]:
    """Parse what a statement is to say, from JSON, before it has a header and a salt.

    Args:
        value: An object with `nodes` and `edges`, and a `reason`.
        may_answer: Whether the statement answers, so that a reason may stand.
    """
    nodes = value.get("nodes", ()) if isinstance(value, dict) else ()
    parser = _BodyParser(None, mints=_mints_in_json(nodes), may_answer=may_answer)
    body = parser.body({"words": VOCABULARY, **value} if isinstance(value, dict) else value)
    return (None, parser.faults) if parser.faults else (body, [])


def mints_of(body: Body) -> tuple[Mint, ...]:
    """Return the new things that a body describes, as its header lists them."""
    return tuple(
        sorted(
            (Mint(node.id, node.kind.value) for node in body.nodes if is_label(node.id)),
            key=lambda mint: mint.label,
        )
    )


def _mints_in_json(nodes: object) -> tuple[Mint, ...]:
    pairs = [
        (node.get("id"), node.get("kind"))
        for node in (nodes if isinstance(nodes, list) else ())
        if isinstance(node, dict)
    ]
    return tuple(
        Mint(label, kind)
        for label, kind in pairs
        if isinstance(label, str) and is_label(label) and isinstance(kind, str) and kind in _KINDS
    )


def body_to_json(body: Body) -> dict[str, Any]:
    """Return the one JSON form of a body: nodes by id; edges by from, rel, to, then canonical bytes; what is empty left out."""
    fields: dict[str, Any] = {"words": VOCABULARY}
    if body.nodes:
        fields["nodes"] = [node.to_json() for node in sorted(body.nodes, key=_id)]
    if body.edges:
        fields["edges"] = [edge.to_json() for edge in _sort_edges(body.edges)]
    if body.reason is not None:
        fields["reason"] = body.reason
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

    def __init__(
        self,
        header: Header | None,
        *,
        mints: Sequence[Mint] = (),
        may_answer: bool = False,
    ) -> None:
        self.subject = header.source.uri if header and header.source else None
        self.is_run = header is not None and header.is_run
        self.needs_salt = header is not None and header.key is not None
        self.may_answer = may_answer if header is None else bool(header.answers)
        self.mints = {mint.label: mint.kind for mint in (header.mints if header else mints)}
        self.labels = {label: _KINDS[kind] for label, kind in self.mints.items() if kind in _KINDS}
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
        for key in sorted(value.keys() - _KEYS):
            self.add_fault(key, "one of " + ", ".join(sorted(_KEYS)), "an unknown key")
        words = value.get("words")
        if isinstance(words, bool) or words != VOCABULARY:
            self.add_value_fault("words", f"{VOCABULARY}, a vocabulary that is known here", words)
        self._check_salt(value)
        self._check_reason(value)
        nodes = self._each(value, "nodes", self.description)
        if any(a.id >= b.id for a, b in pairwise(nodes)):
            self.add_fault("", "sorted by id, each once", "another order or a repeat")
        edges = self._each(value, "edges", self.edge)
        if not _in_order(edges):
            self.add_fault("", "sorted by from, rel, to, each once", "another order or a repeat")
        self._enter("nodes")
        described = {node.id for node in nodes}
        for label in sorted(self.mints.keys() - described):
            self.add_fault("", f"a node for each label that the header mints, {label} too", "none")
        return Body(nodes, edges, value.get("reason"), value.get("salt"))

    def _check_salt(self, value: dict[str, Any]) -> None:
        if "salt" not in value:
            if self.needs_salt:
                self.add_fault("salt", "32 hex digits, as this is a statement's", "nothing")
            return
        salt = value["salt"]
        if self.subject is not None:
            self.add_fault("salt", "none, as this is a record's", "one")
        elif not (isinstance(salt, str) and _SALT.fullmatch(salt)):
            self.add_value_fault("salt", "32 hex digits", salt)

    def _check_reason(self, value: dict[str, Any]) -> None:
        if "reason" not in value:
            return
        if not self.may_answer:
            self.add_fault("reason", "none, as nothing is answered", "one")
        elif not is_short_text(value["reason"]):
            self.add_value_fault("reason", "text of at most 4,096 bytes", value["reason"])

    def _each(
        self, value: dict[str, Any], part: str, read: Callable[[dict[str, Any]], _T | None]
    ) -> tuple[_T, ...]:
        if part not in value:
            return ()
        items = value[part]
        self._enter(part)
        if not isinstance(items, list) or not items:
            self.add_value_fault("", "an array that is not empty", items)
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

    def description(self, item: dict[str, Any]) -> Description | None:
        """Read one description; `None` where its id or its kind is wrong."""
        attributes = dict(item)
        identifier, kind_text = attributes.pop("id", None), attributes.pop("kind", None)
        kind = _KINDS.get(kind_text) if isinstance(kind_text, str) else None
        self._check_values(attributes, ATTRIBUTE_FORMS)
        if kind is None:
            self.add_value_fault("kind", "one of " + ", ".join(_KINDS), kind_text)
            return None
        if self.subject is None and isinstance(identifier, str) and is_label(identifier):
            self._check_mint(identifier, kind)
            return Description(identifier, kind, attributes)
        kinds = kinds_of(identifier) if isinstance(identifier, str) else _NO_KINDS
        if not kinds or not isinstance(identifier, str):
            self.add_value_fault("id", self._expected_id(), identifier)
            return None
        if kind not in kinds:
            self.add_value_fault(
                "kind", "one of " + ", ".join(sorted(kinds)), f"{kind} for {identifier}"
            )
        self._check_subject("id", identifier)
        if self.is_run:
            self.add_value_fault(
                "id", "the label of the run, as a run describes nothing else", identifier
            )
        return Description(identifier, kind, attributes)

    def _check_mint(self, label: str, kind: Kind) -> None:
        expected = self.mints.get(label)
        if expected is None:
            self.add_value_fault("id", "a label that the header mints", label)
        elif expected != kind:
            self.add_value_fault("kind", f"{expected}, as the header mints it", kind.value)

    def _check_subject(self, key: str, identifier: str) -> None:
        """Note an id that a record doesn't describe: its subject, versions of that and mentions on it it does."""
        if self.subject is not None and not belongs(identifier, self.subject):
            self.add_value_fault(key, f"an id that belongs to {self.subject}", identifier)

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
        if not (relation is Relation.WAS_GENERATED_BY and target == self.subject):
            self._check_subject("from", source)
        if self.is_run and (source not in self.labels or relation not in _OF_RUN):
            expected = "an edge of the run: " + ", ".join(sorted(_OF_RUN))
            self.add_value_fault("", expected, f"{relation} of {source}")
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
            if is_label(end) and self.subject is None:
                self.add_value_fault(key, "a label that the header mints and a node describes", end)
                return _NO_KINDS
        self.add_value_fault(key, self._expected_id(), end)
        return _NO_KINDS

    def _expected_id(self) -> str:
        return "an identifier" if self.subject else "an identifier or a label like #1"

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
                self.add_value_fault(
                    key, "a label that the header mints and a node describes", identifier
                )


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
        for edge in value.get("edges", ())
    )
    return Body(admitted_descriptions(value), edges, value.get("reason"), value.get("salt"))


def admitted_descriptions(value: Any) -> tuple[Description, ...]:
    """Return the descriptions in such a body, without its edges."""
    return tuple(
        Description(node.pop("id"), _KINDS[node.pop("kind")], node)
        for node in value.get("nodes", ())
    )
