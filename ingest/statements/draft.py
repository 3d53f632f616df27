"""Turn a document into drafts of statements, or report every fault of the file at once.

The format stands in docs/statements.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.bundle.body import body_to_json, content_from_json
from graph.bundle.header import is_hash
from graph.errors import Fault
from graph.model.canonical import MAX_BODY_BYTES, canonical_bytes
from graph.model.identifiers import is_label
from graph.model.model import Answer, Body
from graph.model.vocabulary import ATTRIBUTES, EFFECTIVE_VERBS, QUALIFIERS, Kind, Verb
from ingest.formats.yaml import ValuePath
from ingest.statements.document import StatementDocument
from ingest.statements.values import ValueReader, as_text

_KEYS: Final = frozenset({"by", "nodes", "edges", "answers", "reason"})
_SPEAKERS: Final = frozenset({Kind.PERSON.value, Kind.SOFTWARE.value})
# `opens` goes with the body that it opens; a command says it.
_VERBS: Final = frozenset(verb.value for verb in Verb if verb is not Verb.OPENS)
_NOT_MINTED: Final = frozenset({Kind.MENTION.value, Kind.INGEST.value})
_SALT_BYTES: Final = len(',"salt":""') + 32
_EXPECTED: Final = {
    "a label that the header mints and a node describes": "a label that this statement's nodes describe"
}
"""Expected value as a header's reader words it, and as it is said of a file, which has no header."""

_FAULT_PATH: Final = re.compile(r"body\.(nodes|edges)\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """Unsigned statement; `by` is the kind of agent to speak as, if stated."""

    by: Kind | None
    body: Body
    answers: tuple[Answer, ...]


def drafts_of(document: StatementDocument) -> tuple[tuple[StatementDraft, ...], list[Fault]]:
    """Return the drafts of a file in its order, or none and all faults."""
    reader = _DraftReader(document)
    drafts = tuple(reader.drafts())
    return ((), reader.faults) if reader.faults else (drafts, [])


class _DraftReader:
    """Reader of one document that collects its faults."""

    def __init__(self, document: StatementDocument) -> None:
        self.document = document
        self._faults: dict[ValuePath, tuple[str, str]] = {}

    @property
    def faults(self) -> list[Fault]:
        """Faults in order of line, one for each path."""
        entries = sorted(self._faults.items(), key=lambda item: self.document.line(item[0]))
        return [Fault(self.document.where(path), *fault) for path, fault in entries]

    def fault(self, path: ValuePath, expected: str, got: object) -> None:
        text = got if isinstance(got, str) else repr(got)
        self._faults.setdefault(path, (expected, text[:80]))

    def drafts(self) -> Iterator[StatementDraft]:
        value, path = self.document.value, ()
        list_path: ValuePath = path
        if isinstance(value, Mapping) and "statements" in value:
            for key in value.keys() - {"statements"}:
                self.fault((key,), "only `statements` at the top", "another key")
            value, list_path = value["statements"], ("statements",)
        elif isinstance(value, Mapping):
            yield self._draft(value, path)
            return
        if not isinstance(value, list) or not value:
            self.fault(list_path, "a statement, or a list of statements", value)
            return
        for k, item in enumerate(value):
            if isinstance(item, Mapping):
                yield self._draft(item, (*list_path, k))
            else:
                self.fault((*list_path, k), "a statement: nodes, edges, answers", item)

    def _draft(self, value: Mapping[str, Any], path: ValuePath) -> StatementDraft:
        for key in sorted(value.keys() - _KEYS):
            self.fault((*path, key), "one of " + ", ".join(sorted(_KEYS)), "an unknown key")
        by = value.get("by")
        if by is not None and not (isinstance(by, str) and by in _SPEAKERS):
            self.fault((*path, "by"), "person or software", by)
            by = None
        answers = self._without_contradiction(value.get("answers"), (*path, "answers"))
        body = self._body(value, path, may_answer=bool(value.get("answers")))
        if not (value.get("nodes") or value.get("edges") or value.get("answers")):
            self.fault(path, "at least one node, edge or answer", "none")
        return StatementDraft(Kind(by) if by else None, body, answers)

    def _without_contradiction(self, value: object, path: ValuePath) -> tuple[Answer, ...]:
        """Return the answers, each once; of the verbs with an effect a bundle takes one."""
        answers = tuple(dict.fromkeys(self._answers(value, path)))
        judged = [answer.target for answer in answers if answer.verb in EFFECTIVE_VERBS]
        for target in sorted({target for target in judged if judged.count(target) > 1}):
            expected = f"one of {', '.join(sorted(EFFECTIVE_VERBS))} for {target}"
            self.fault(path, expected, f"{judged.count(target)} of them")
        return answers

    def _answers(self, value: object, path: ValuePath) -> Iterator[Answer]:
        """Yield the answers of `{retracts: sha256:…}`, or of a list of such and of pairs."""
        if value is None:
            return
        for k, item in enumerate(value if isinstance(value, list) else [value]):
            at = (*path, k) if isinstance(value, list) else path
            if isinstance(item, Mapping):
                pairs = list(item.items())
            elif isinstance(item, list) and len(item) == 2:
                pairs = [(item[0], item[1])]
            else:
                self.fault(at, "a verb and the id of a bundle, like {retracts: 'sha256:…'}", item)
                continue
            for verb, target in pairs:
                if not isinstance(verb, str) or verb not in _VERBS:
                    self.fault(at, "one of " + ", ".join(sorted(_VERBS)), verb)
                elif not is_hash(target):
                    self.fault(at, "the id of a bundle, sha256: and 64 hex digits", target)
                else:
                    yield Answer(Verb(verb), target)

    def _body(self, value: Mapping[str, Any], path: ValuePath, *, may_answer: bool) -> Body:
        nodes = self._items(value, "nodes", path, {"id"}, ATTRIBUTES)
        edges = self._items(value, "edges", path, {"from", "to"}, QUALIFIERS)
        nodes.sort(key=lambda pair: str(pair[1].get("id")))
        edges.sort(key=lambda pair: _edge_order(pair[1]))
        nodes = list(
            self._without_repeats(nodes, "each thing described once in a statement", ("id",))
        )
        edges = list(self._without_repeats(edges, "each edge once", None))
        for at, node in nodes:
            if is_label(str(node.get("id"))) and str(node.get("kind")) in _NOT_MINTED:
                expected = "a kind that a person makes; imports and sources make these"
                self.fault((*at, "kind"), expected, node["kind"])
        body_json: dict[str, Any] = {
            "nodes": [item for _, item in nodes],
            "edges": [item for _, item in edges],
        }
        content = {part: items for part, items in body_json.items() if items}
        if (reason := value.get("reason")) is not None:
            content["reason"] = as_text(reason)
        body, faults = content_from_json(content, may_answer=may_answer)
        origins = {"nodes": [at for at, _ in nodes], "edges": [at for at, _ in edges]}
        for fault in faults:
            expected = _EXPECTED.get(fault.expected, fault.expected)
            self.fault(_path_of(fault, origins, path), expected, fault.got)
        if body is None:
            return Body()
        size = len(canonical_bytes(body_to_json(body))) + _SALT_BYTES
        if size > MAX_BODY_BYTES:
            self.fault(path, f"a body of at most {MAX_BODY_BYTES} bytes", f"{size} bytes")
        return body

    def _items(
        self,
        value: Mapping[str, Any],
        key: str,
        path: ValuePath,
        id_keys: set[str],
        forms: Mapping[str, Any],
    ) -> list[tuple[ValuePath, dict[str, Any]]]:
        """Return the items of a list in the form that bundles use, with the paths where they stand."""
        items = value.get(key)
        if items is None:
            return []
        if not isinstance(items, list):
            self.fault((*path, key), "a list", items)
            return []
        pairs = []
        for k, item in enumerate(items):
            at = (*path, key, k)
            if isinstance(item, Mapping):
                values = ValueReader(at, self.fault)
                pairs.append((at, values.read(item, id_keys, forms)))
            else:
                self.fault(at, "names with values, like {id: …, kind: …}", item)
        return pairs

    def _without_repeats(
        self,
        items: Sequence[tuple[ValuePath, dict[str, Any]]],
        expected: str,
        keys: tuple[str, ...] | None,
    ) -> Iterator[tuple[ValuePath, dict[str, Any]]]:
        """Yield the items without repeats; each repeat is a fault."""
        seen: set[str] = set()
        for at, item in items:
            identity = repr([item.get(key) for key in keys] if keys else sorted(item.items()))
            if identity in seen:
                self.fault(at, expected, f"{item.get('id') or item.get('from')} again")
                continue
            seen.add(identity)
            yield at, item


def _path_of(
    fault: Fault, origins: Mapping[str, Sequence[ValuePath]], path: ValuePath
) -> ValuePath:
    """Return the path in the file of a fault of the sorted body."""
    if fault.where == "body.reason":
        return (*path, "reason")
    match = _FAULT_PATH.fullmatch(fault.where)
    if match is None:
        return path
    at = origins[match[1]][int(match[2])]
    return (*at, match[3]) if match[3] else at


def _edge_order(edge: Mapping[str, Any]) -> tuple[str, str, str, str]:
    rest = {key: value for key, value in edge.items() if key not in {"from", "rel", "to"}}
    qualifiers = canonical_bytes(rest).decode() if rest else "{}"
    return str(edge.get("from")), str(edge.get("rel")), str(edge.get("to")), qualifiers
