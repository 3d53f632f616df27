"""Header of a bundle: from JSON and to JSON, with every fault reported at once, and the check of its signature.

What a header holds means the same for ever (docs/bundle.md, section 2): it is judged by its bytes alone, and keys
that are not known here are signed, kept, and mean nothing.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from graph.bundle.attribute_values import is_ascending
from graph.bundle.body import abbreviate
from graph.bundle.keys import is_key, is_signed
from graph.clock import is_time
from graph.errors import Fault
from graph.model.canonical import MAX_INTEGER, has_ascii_keys, has_empty_or_null
from graph.model.identifiers import ED25519, is_any_id, is_key_form, is_label
from graph.model.model import Answer, End, Grant, Header, Mint, RecordSource
from graph.model.vocabulary import EFFECTIVE_VERBS, Kind

VERSION: Final = 1
_FIRST_VERSION: Final = 1

_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_MAPPING = re.compile(r"[a-z][a-z0-9-]*/[1-9][0-9]{0,8}")
_SOURCE = re.compile(r"source:[a-z][a-z0-9-]*")
_VERB = re.compile(r"[a-z][A-Za-z]{0,31}")
_KIND = re.compile(r"[a-z]{1,32}")
_OF_STATEMENTS: Final = frozenset(
    {"key", "under", "prev", "n", "answers", "grants", "ends", "vouches", "mints"}
)
_KNOWN: Final = frozenset({"v", "by", "at", "body", "source"}) | _OF_STATEMENTS
_BESIDE_A_GRANT: Final = ("answers", "vouches", "mints", "body")


def is_hash(value: object) -> bool:
    """Return whether this is `sha256:` and 64 hex digits."""
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def is_verb(value: object) -> bool:
    """Return whether this is a word that can stand as a verb, or as a scope."""
    return isinstance(value, str) and bool(_VERB.fullmatch(value))


def is_understood(value: Any) -> bool:
    """Return whether a header is of the version and of the algorithm that are known here, or pretends to be."""
    if not isinstance(value, dict) or not _is_version(value.get("v")):
        return True  # it is refused
    return value["v"] == VERSION and not _has_later_key(value)


def is_later(value: Any) -> bool:
    """Return whether a header is none that every program understands: of a later version, or of a later algorithm."""
    if not isinstance(value, dict) or not _is_version(value.get("v")):
        return False
    return value["v"] > _FIRST_VERSION or _has_later_key(value)


def _has_later_key(value: dict[str, Any]) -> bool:
    key = value.get("key")
    return isinstance(key, str) and is_key_form(key) and not key.startswith(ED25519)


def later_faults(value: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a header that is not understood: so much holds of every version."""
    faults = _form_faults(value if "key" in value else _without_nulls(value))
    if not value.keys() & {"body", "grants", "ends"}:
        faults.append(Fault("header", "one of body, grants, ends", "none"))
    return faults


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
        body=value.get("body"),
        key=value["key"],
        under=value.get("under"),
        prev=tuple(value.get("prev", ())),
        n=value["n"],
        answers=tuple(Answer(verb, target) for verb, target in value.get("answers", ())),
        grants=Grant(grants[0], grants[1]) if grants else None,
        ends=End(ends[0], tuple(ends[1:])) if ends else None,
        vouches=tuple(value.get("vouches", ())),
        mints=tuple(Mint(label, kind) for label, kind in value.get("mints", ())),
    )


def header_to_json(header: Header) -> dict[str, Any]:
    """Return the one JSON form of a header: what is empty is left out, `n` of statements never."""
    fields: dict[str, Any] = {"v": VERSION, "by": header.by, "at": header.at}
    if header.body is not None:
        fields["body"] = header.body
    if header.source is not None:
        fields["source"] = {
            "uri": header.source.uri,
            "mapping": header.source.mapping,
            "licence": header.source.licence,
        }
    if header.key is None:
        return fields
    grants, ends = header.grants, header.ends
    optional = {
        "under": header.under,
        "prev": sorted(header.prev),
        "answers": sorted([answer.verb, answer.target] for answer in header.answers),
        "grants": [grants.key, grants.scope] if grants else None,
        "ends": [ends.grant, *sorted(ends.heads)] if ends else None,
        "vouches": sorted(header.vouches),
        "mints": sorted([mint.label, mint.kind] for mint in header.mints),
    }
    fields |= {"key": header.key, "n": header.n}
    return fields | {key: value for key, value in optional.items() if value}


class _HeaderParser:
    """Parser of one header, which collects all its faults."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.faults = _form_faults({key: value[key] for key in value.keys() - _KNOWN})
        if not _is_version(value.get("v")):
            self.check("v", f"{VERSION}, or a newer version", _is_version)

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

    def refuse_keys(self, keys: frozenset[str], reason: str) -> None:
        """Note a fault for each of these keys that is there."""
        for key in sorted(self.value.keys() & keys):
            self.faults.append(Fault(f"header.{key}", f"none {reason}", "one"))

    def record(self) -> Header | None:
        self.refuse_keys(_OF_STATEMENTS, "in a record, which has no key")
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
        self.refuse_keys(frozenset({"source"}), "in a statement, which has a key")
        self.check("by", "an id: person:…, ai:…, software:…, orcid:…", _is_any_id)
        self.check("at", "a time like 2026-11-20T00:00:00Z", _is_time)
        self.check("key", "ed25519: and the 64 hex digits of a point of full order", is_key)
        self.check_optional("under", "the hash of a grant", is_hash)
        self.check_optional("prev", "hashes, sorted, each once, at least one", _is_hashes)
        self.check("n", "an integer from 0 below 2^53", _is_count)
        self.check_optional(
            "answers",
            "pairs [verb, hash], sorted, each once, at least one, and of retracts, supersedes, erases and restores "
            "one on the same hash",
            _is_answers,
        )
        self.check_optional("grants", "[key, scope]", _is_grant)
        self.check_optional("ends", "[hash of a grant, the heads that count, sorted]", _is_end)
        self.check_optional("vouches", "hashes, sorted, each once, at least one", _is_hashes)
        self.check_optional(
            "mints", "pairs [label, kind], sorted, each label once, at least one", _is_mints
        )
        self._check_body()
        self._check_own_name()
        if not self.faults:
            self._check_run()
        return None if self.faults else _statement(self.value)

    def _check_body(self) -> None:
        """Check that a header that grants or ends holds nothing else, and any other the hash of a body."""
        if "grants" in self.value or "ends" in self.value:
            self.refuse_keys(frozenset(_BESIDE_A_GRANT), "beside grants or ends")
            if "grants" in self.value:
                self.refuse_keys(frozenset({"ends"}), "beside grants")
        else:
            self.check("body", "sha256: and 64 hex digits", is_hash)

    def _check_own_name(self) -> None:
        """Note a fault where a key without a grant speaks as anyone but itself."""
        by, key = self.value.get("by"), self.value.get("key")
        names = (f"person:{key}", f"software:{key}")
        if "under" not in self.value and isinstance(by, str) and by not in names:
            expected = f"{names[0]} or {names[1]}, as it names no grant"
            self.faults.append(Fault("header.by", expected, abbreviate(by)))

    def _check_run(self) -> None:
        """Check that a run mints nothing beside itself, and that only a run vouches."""
        kinds = [kind for _, kind in self.value.get("mints", ())]
        is_run = Kind.INGEST in kinds
        if is_run and len(kinds) > 1:
            expected = "one ingest alone, as a run mints nothing else"
            self.faults.append(Fault("header.mints", expected, f"{len(kinds)} labels"))
        if not is_run and "vouches" in self.value:
            self.faults.append(
                Fault("header.vouches", "none, as only a run (it mints an ingest) vouches", "some")
            )


def _form_faults(value: dict[str, Any]) -> list[Fault]:
    """Return the faults of what is not known here: its keys are ASCII, and nothing in it is empty or null."""
    faults = []
    if not has_ascii_keys(value):
        faults.append(Fault("header", "keys in ASCII", "another key"))
    faults += [
        Fault(f"header.{abbreviate(key)}", "no empty text, array or object, and no null", "one")
        for key in sorted(value)
        if has_empty_or_null(value[key])
    ]
    return faults


def _without_nulls(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record's header without the two nulls that may stand in one: of `at`, and of its source's `licence`."""
    rest = {key: value for key, value in record.items() if key != "at" or value is not None}
    source = rest.get("source")
    if isinstance(source, dict) and source.get("licence", "") is None:
        rest["source"] = {key: value for key, value in source.items() if key != "licence"}
    return rest


def _is_version(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_time(value: object) -> bool:
    return isinstance(value, str) and is_time(value)


def _is_source_name(value: object) -> bool:
    return isinstance(value, str) and is_any_id(value) and bool(_SOURCE.fullmatch(value))


def _is_any_id(value: object) -> bool:
    return isinstance(value, str) and is_any_id(value)


def _is_source(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"uri", "mapping", "licence"}
        and _is_any_id(value["uri"])
        and isinstance(value["mapping"], str)
        and bool(_MAPPING.fullmatch(value["mapping"]))
        and (
            value["licence"] is None
            or (isinstance(value["licence"], str) and value["licence"] != "")
        )
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_INTEGER


def _are_hashes(value: list[Any]) -> bool:
    return all(map(is_hash, value)) and is_ascending(value)


def _is_hashes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and _are_hashes(value)


def _is_pairs(value: object, is_pair: Callable[[Any, Any], bool]) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(pair, list) and len(pair) == 2 and is_pair(*pair) for pair in value)
        and is_ascending(value)
    )


def _is_answers(value: Any) -> bool:
    if not _is_pairs(value, lambda verb, target: is_verb(verb) and is_hash(target)):
        return False
    judged = [target for verb, target in value if verb in EFFECTIVE_VERBS]
    return len(set(judged)) == len(judged)


def _is_mints(value: Any) -> bool:
    if not _is_pairs(value, _is_mint):
        return False
    return len({label for label, _ in value}) == len(value)


def _is_mint(label: object, kind: object) -> bool:
    return (
        isinstance(label, str)
        and is_label(label)
        and isinstance(kind, str)
        and bool(_KIND.fullmatch(kind))
        and kind != Kind.MENTION
    )


def _is_grant(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and is_key_form(value[0])
        and is_verb(value[1])
    )


def _is_end(value: object) -> bool:
    return isinstance(value, list) and bool(value) and is_hash(value[0]) and _are_hashes(value[1:])


def signature_faults(header: Header, header_bytes: bytes, signature: bytes | None) -> list[Fault]:
    """Return the faults of the signature of a header that is understood: a record has none."""
    if header.key is None:
        return (
            [] if signature is None else [Fault("signature", "none, as a record has no key", "one")]
        )
    if signature is None:
        return [Fault("signature", f"one by {header.key}", "none")]
    if not is_signed(header.key, header_bytes, signature):
        return [Fault("signature", f"one that holds under {header.key}", "another")]
    return []
