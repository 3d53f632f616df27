"""Header of a bundle: from JSON and to JSON, with every fault reported at once, and the check of its signature."""

import re
from collections.abc import Callable
from typing import Any, Final

from graph.bundle.attribute_values import is_ascending
from graph.bundle.body import abbreviate
from graph.bundle.keys import KEY_PREFIX, is_key, is_signed
from graph.clock import is_time
from graph.errors import Fault
from graph.model.canonical import MAX_INTEGER, digest
from graph.model.identifiers import kinds_of
from graph.model.model import Answer, End, Grant, Header, RecordSource
from graph.model.vocabulary import AGENT_KINDS, Scope, Verb

VERSION: Final = 1

_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_MAPPING = re.compile(r"[a-z][a-z0-9-]*/(0|[1-9]\d{0,8})", re.ASCII)
_SOURCE = re.compile(r"source:[a-z][a-z0-9-]*")
_COMMON: Final = frozenset({"v", "by", "at", "body"})
_RECORD_KEYS: Final = _COMMON | {"source"}
_STATEMENT_KEYS: Final = _COMMON | {
    "key",
    "under",
    "prev",
    "n",
    "answers",
    "grants",
    "ends",
    "vouches",
}
_VERBS: Final = frozenset(verb.value for verb in Verb)


def is_hash(value: object) -> bool:
    """Return whether this is `sha256:` and 64 hex digits."""
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def header_from_json(value: Any) -> tuple[Header | None, list[Fault]]:
    """Parse a header from JSON: the header, or `None` and all that is wrong with it."""
    if not isinstance(value, dict):
        return None, [Fault("header", "an object", abbreviate(value))]
    parser = _HeaderParser(value)
    header = parser.statement() if "key" in value else parser.record()
    return (None, parser.faults) if parser.faults else (header, [])


def admitted_header(value: dict[str, Any]) -> Header:
    """Return the header behind JSON that `header_from_json` accepted once; nothing is checked again."""
    return _statement(value) if "key" in value else _record(value)


def _record(value: dict[str, Any]) -> Header:
    source = value["source"]
    return Header(
        by=value["by"],
        at=value["at"],
        body=value["body"],
        source=RecordSource(source["uri"], source["mapping"], source["licence"]),
    )


def _statement(value: dict[str, Any]) -> Header:
    grants, ends = value.get("grants"), value.get("ends")
    return Header(
        by=value["by"],
        at=value["at"],
        body=value["body"],
        key=value["key"],
        under=value.get("under"),
        prev=tuple(value["prev"]),
        n=value["n"],
        answers=tuple(Answer(Verb(verb), target) for verb, target in value.get("answers", ())),
        grants=Grant(grants[0], Scope(grants[1])) if grants else None,
        ends=None
        if ends is None
        else End(None)
        if ends == "self"
        else End(ends[0], tuple(ends[1])),
        vouches=tuple(value.get("vouches", ())),
    )


def header_to_json(header: Header) -> dict[str, Any]:
    """Return the one JSON form of a header: empty values are left out, `prev` and `n` of statements never."""
    fields: dict[str, Any] = {"v": VERSION, "by": header.by, "at": header.at, "body": header.body}
    if header.source is not None:
        fields["source"] = {
            "uri": header.source.uri,
            "mapping": header.source.mapping,
            "licence": header.source.licence,
        }
    if header.key is None:
        return fields
    fields |= {"key": header.key, "prev": sorted(header.prev), "n": header.n}
    if header.under is not None:
        fields["under"] = header.under
    if header.answers:
        fields["answers"] = sorted([answer.verb.value, answer.target] for answer in header.answers)
    if header.grants is not None:
        fields["grants"] = [header.grants.key, header.grants.scope.value]
    if header.ends is not None:
        grant = header.ends.grant
        fields["ends"] = "self" if grant is None else [grant, sorted(header.ends.heads)]
    if header.vouches:
        fields["vouches"] = sorted(header.vouches)
    return fields


class _HeaderParser:
    """Parser of one header, which collects all its faults."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.faults: list[Fault] = []

    def check(self, key: str, expected: str, test: Callable[[Any], bool]) -> None:
        """Note a fault unless the key is there and passes the test."""
        if key not in self.value:
            self.faults.append(Fault(f"header.{key}", expected, "nothing"))
        elif not test(self.value[key]):
            self.faults.append(Fault(f"header.{key}", expected, abbreviate(self.value[key])))

    def check_optional(self, key: str, expected: str, test: Callable[[Any], bool]) -> None:
        """Note a fault where the key is there and fails the test."""
        if key in self.value:
            self.check(key, expected, test)

    def check_keys(self, allowed: frozenset[str]) -> None:
        for key in sorted(self.value.keys() - allowed):
            self.faults.append(
                Fault(f"header.{key}", "one of " + ", ".join(sorted(allowed)), "an unknown key")
            )

    def record(self) -> Header | None:
        self.check_keys(_RECORD_KEYS)
        self.check(
            "by", "a source like source:arxiv (a record), or a key (a statement)", _is_source_name
        )
        self.check(
            "at", "a time like 2026-11-20T00:00:00Z, or null", lambda at: at is None or _is_time(at)
        )
        self.check("body", "sha256: and 64 hex digits", is_hash)
        self.check("source", "{uri, mapping like arxiv-raw/300, licence or null}", _is_source)
        return None if self.faults else _record(self.value)

    def statement(self) -> Header | None:
        self.check_keys(_STATEMENT_KEYS)
        self.check("by", "an agent: person:…, ai:…, software:…, orcid:…", _is_agent)
        self.check("at", "a time like 2026-11-20T00:00:00Z", _is_time)
        self.check("body", "sha256: and 64 hex digits", is_hash)
        self.check("key", "ed25519: and the 64 hex digits of a point of full order", is_key)
        self.check_optional("under", "the hash of a grant", is_hash)
        self.check("prev", "hashes, sorted, each once", _is_hashes)
        self.check("n", "an integer from 0", _is_count)
        self.check_optional(
            "answers", "pairs [verb, hash], sorted, each once, at least one", _is_answers
        )
        self.check_optional("grants", "[key, say or act]", _is_grant)
        self.check_optional(
            "ends", '"self", or [hash of a grant, [the last heads that count]]', _is_end
        )
        self.check_optional("vouches", "hashes, sorted, each once, at least one", _is_some_hashes)
        self._check_own_name()
        return None if self.faults else _statement(self.value)

    def _check_own_name(self) -> None:
        """Note a fault where a key without a grant speaks as anyone but itself."""
        by, key = self.value.get("by"), self.value.get("key")
        names = (f"person:{key}", f"software:{key}")
        if "under" not in self.value and isinstance(by, str) and by not in names:
            expected = f"{names[0]} or {names[1]}, as it names no grant"
            self.faults.append(Fault("header.by", expected, abbreviate(by)))


def _is_time(value: object) -> bool:
    return isinstance(value, str) and is_time(value)


def _is_source_name(value: object) -> bool:
    return isinstance(value, str) and bool(_SOURCE.fullmatch(value))


def _is_agent(value: object) -> bool:
    return isinstance(value, str) and bool(kinds_of(value) & AGENT_KINDS)


def _is_source(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"uri", "mapping", "licence"}
        and isinstance(value["uri"], str)
        and value["uri"] != ""
        and isinstance(value["mapping"], str)
        and bool(_MAPPING.fullmatch(value["mapping"]))
        and (
            value["licence"] is None
            or (isinstance(value["licence"], str) and value["licence"] != "")
        )
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_INTEGER


def _is_hashes(value: object) -> bool:
    return isinstance(value, list) and all(map(is_hash, value)) and is_ascending(value)


def _is_some_hashes(value: object) -> bool:
    return bool(value) and _is_hashes(value)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _is_answers(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            _is_pair(pair) and isinstance(pair[0], str) and pair[0] in _VERBS and is_hash(pair[1])
            for pair in value
        )
        and is_ascending(value)
    )


def _is_grant(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and is_key(value[0])
        and isinstance(value[1], str)
        and value[1] in {"say", "act"}
    )


def _is_end(value: object) -> bool:
    if value == "self":
        return True
    return (
        isinstance(value, list) and len(value) == 2 and is_hash(value[0]) and _is_hashes(value[1])
    )


def later_signature_faults(
    header: dict[str, Any], header_bytes: bytes, signature: bytes | None
) -> list[Fault]:
    """Return the faults of the signature, where the header names a key as the first version does.

    It is checked before the rest is understood: else whoever sends a stranger's statement first, with any signature,
    keeps the true one out for good, as it has the same id.
    """
    key = header.get("key")
    if not isinstance(key, str) or not key.startswith(KEY_PREFIX):
        return []
    if signature is None or not is_key(key) or not is_signed(key, header_bytes, signature):
        got = "none" if signature is None else "another"
        return [Fault("signature", f"one that holds under {key[:80]}", got)]
    return []


def hash_faults(header: Any, body: bytes | None) -> list[Fault]:
    """Return the fault of a header without the hash of its body; a withheld body can't be checked."""
    expected = header.get("body") if isinstance(header, dict) else None
    if body is None or digest(body) == expected:
        return []
    return [Fault("header.body", f"the hash of the body, {digest(body)}", abbreviate(expected))]


def signature_faults(
    header: Header | None, header_bytes: bytes, signature: bytes | None
) -> list[Fault]:
    """Return the faults of the signature of a bundle that is understood: a record has none."""
    if header is None:
        return []
    if header.key is None:
        return (
            [] if signature is None else [Fault("signature", "none, as a record has no key", "one")]
        )
    if signature is None:
        return [Fault("signature", f"one by {header.key}", "none")]
    if not is_signed(header.key, header_bytes, signature):
        return [Fault("signature", f"one that holds under {header.key}", "another")]
    return []
