"""Forms of headers and bodies as the oracle judges them (docs/bundle.md, sections 2 and 3), by rules that a test can take out.

`graph.bundle` judges the same, and more: of bytes, ids and values the oracle takes its word. What is judged here is
what decides who may say what; `tests/graph/rules/test_histories.py` holds the two equal.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Set
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

from graph.bundle.bundle import Bundle
from graph.model.model import Body, Description, Edge
from graph.model.vocabulary import Kind, Relation


class Rule(StrEnum):
    """Rule that can be taken out of the oracle; sections and numbers are those of docs/bundle.md."""

    # Section 2.
    GRANT_STANDS_ALONE = "a header that grants or ends holds nothing else"
    RECORD_IS_BARE = (
        "a record has none of a statement's keys; what neither grants nor ends has a body"
    )
    LABEL_ONCE = "a label is minted once"
    RUN_MINTS_ITSELF = "a run mints one ingest and nothing else, and only a run vouches"
    RUN_MAY_BE_EMPTY = "a run may vouch for nothing, and is a run all the same"
    ROOT_NAMES_ITSELF = "a root speaks by person: or software: and its own key"
    # Section 3.
    UNKNOWN_WORDS_COUNT = "the header counts though its body is of an unknown vocabulary"
    UNFIT_COUNTS = "the header counts though its body doesn't fit"
    LEAST_NUMBER = "a body states the least vocabulary that holds its words"
    LABEL_IS_DESCRIBED = "each label is described by a node"
    RECORD_STAYS_AT_ITS_SUBJECT = "edges of a record start at its subject"
    RUN_DESCRIBES_ITSELF = "the body of a run describes its label only"
    RUN_HAS_THREE_RELATIONS = "edges of a run are of three relations"
    ONLY_SAY_SPEAKS = "without the right to say only the body of a run speaks"
    # Section 5, rule 1.
    EVERY_ENVELOPE_IS_KEPT = "each different envelope is kept until one verifies"
    AHEAD_WAITS = "what is dated ahead waits"
    # Rules 3 and 4.
    WAY_IS_OF_THOSE_THAT_FIT = "the way along prev takes only statements that fit"
    EVERY_GRANT_LIMITS = "a statement has the rights that every grant above it gives"
    VOUCHER_HAS_THE_RIGHT = "a voucher has the right to harvest"
    HARVEST_SAYS_NOTHING = "with harvest alone runs, no words"
    HARVEST_ANSWERS_ITS_RUNS = "with harvest alone answers to own runs too"
    HARVEST_ANSWERS_NOTHING_ELSE = "with harvest alone answers to nothing else"
    # Rule 5.
    KEY_IS_THE_SPEAKERS = "a name made of a key is the author's or the speaking key"
    AGENTS_SPEAK = "what is no agent doesn't speak"
    END_COVERS_ALL_BELOW = "an end covers all below its grant"
    MOST_SENIOR_DECIDES = "of those who ended a grant the most senior decides"
    ENDS_ADD_UP = "several ends of one actor are taken together"
    NO_RESIGNATION = "no key resigns"
    # Rule 6.
    SENIORS_ARE_SAFE = "the right to act doesn't reach over a senior's statement"
    RANK_BEFORE_DATE = "rank goes before date"
    ACT_BEFORE_DEPTH = "who may act goes before who has fewer grants"
    NUMBER_WITHIN_A_SECOND = "within a second the number decides"
    ERASED_STAYS_ERASED = "erasing is undone by restores alone"
    # Rule 7.
    TRUST_BY_SOURCE = "an author is trusted for sources"
    EARLIER_PLACE_OVERRULES = "a word of an earlier place ends another author's voucher"
    VOUCHER_DATES_THE_UNDATED = "the voucher's time decides only between records without one"
    RECORD_IS_ERASED = "a record is erased"
    # Rule 8.
    ACTORS_DESCRIBE = "each actor has its description, and an author's first is of the highest"
    MINTER_FIRST = "who may end what minted an id goes first"
    TRUSTED_FIRST = "trusted authors go before others, among owners too"
    RECORD_BEFORE_STRANGER = "records go before strangers, by the place of their voucher"
    # Rule 9.
    HEADER_TELLS_THE_OWNER = "the owner of a minted id is known by the header"
    KEY_OWNS_ITS_NAME = "the name of a key belongs to whom it speaks for"
    # Section 6.
    SPEAKER_IN_THE_DIGEST = "actor and by stand in the lines of the digest"
    NO_RUNS_IN_THE_DIGEST = "runs are left out of the digest"


Rules: TypeAlias = Set[Rule]
Json: TypeAlias = Mapping[str, Any]

OF_STATEMENTS: Final = {
    *("key", "under", "prev", "n", "answers", "grants", "ends", "vouches", "mints")
}
RESIGNATION: Final = "self"
"""Value of `ends` where a key resigned, which it can't any more."""

_OF_HEADERS: Final = {
    *(Rule.GRANT_STANDS_ALONE, Rule.RECORD_IS_BARE, Rule.LABEL_ONCE, Rule.RUN_MINTS_ITSELF),
    *(Rule.RUN_MAY_BE_EMPTY, Rule.ROOT_NAMES_ITSELF, Rule.NO_RESIGNATION),
}
_OF_BODIES: Final = {
    *_OF_HEADERS,
    *(Rule.LEAST_NUMBER, Rule.LABEL_IS_DESCRIBED, Rule.RECORD_STAYS_AT_ITS_SUBJECT),
    *(Rule.RUN_DESCRIBES_ITSELF, Rule.RUN_HAS_THREE_RELATIONS, Rule.HEADER_TELLS_THE_OWNER),
}
_OF_RUN: Final = {"wasAssociatedWith", "used", "wasInformedBy"}
_NAMING_ATTRIBUTES: Final = {"configuration", "answer"}
_NAMING_QUALIFIERS: Final = {"initiative", "verified_by", "evidence"}


@lru_cache(maxsize=100_000)
def parsed(data: bytes) -> Any:
    """The value of some JSON; none where it is no JSON."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def is_run(header: Json, out: Rules = frozenset()) -> bool:
    """Whether a header mints an ingest (as it was before: whether it vouches)."""
    if out & {Rule.RUN_MINTS_ITSELF, Rule.RUN_MAY_BE_EMPTY}:
        return "vouches" in header
    return any(kind == "ingest" for _, kind in header.get("mints", ()))


def is_admitted(bundle: Bundle, header: Json, out: Rules = frozenset()) -> bool:
    """Whether a header that is understood is one of the set."""
    is_of_today = header.get("key", "ed25519:").startswith("ed25519:")
    if bundle.header is None and is_of_today and not out & _OF_HEADERS:
        return False
    return has_form(header, out)


def has_form(header: Json, out: Rules = frozenset()) -> bool:
    """Whether a header whose values are right holds together."""
    return _is_statement(header, out) if "key" in header else _is_record(header, out)


def _is_record(header: Json, out: Rules) -> bool:
    if not {"source", "body"} <= header.keys():
        return False
    return not OF_STATEMENTS & header.keys() or Rule.RECORD_IS_BARE in out


def _is_statement(header: Json, out: Rules) -> bool:
    return (
        "source" not in header
        and _says_one_thing(header, out)
        and _mints_well(header, out)
        and ("under" in header or header["by"] in _names_of_root(header["key"], out))
        and (header.get("ends") != RESIGNATION or Rule.NO_RESIGNATION in out)
    )


def _names_of_root(key: str, out: Rules) -> set[str]:
    names = {f"person:{key}"}
    return names if Rule.ROOT_NAMES_ITSELF in out else names | {f"software:{key}"}


def _says_one_thing(header: Json, out: Rules) -> bool:
    changes = header.keys() & {"grants", "ends"}
    if changes:
        others = header.keys() & {"answers", "vouches", "mints", "body"}
        return len(changes) == 1 and (not others or Rule.GRANT_STANDS_ALONE in out)
    return "body" in header or Rule.RECORD_IS_BARE in out


def _mints_well(header: Json, out: Rules) -> bool:
    labels = [label for label, _ in header.get("mints", ())]
    if len(set(labels)) < len(labels) and Rule.LABEL_ONCE not in out:
        return False
    if any(kind == "mention" for _, kind in header.get("mints", ())):
        return False
    if Rule.RUN_MINTS_ITSELF in out:
        return True
    return len(labels) == 1 if is_run(header) else "vouches" not in header


def sayable_body(
    bundle: Bundle, header: Json, words: Set[int], out: Rules = frozenset()
) -> Json | None:
    """The body, as it stands; none where it isn't here, is of an unknown vocabulary or doesn't fit."""
    body = words_of(bundle)
    if body is None or body["words"] not in words:
        return None
    is_judged = body["words"] == 1 and bundle.header is not None and not out & _OF_BODIES
    if is_judged and bundle.body is None:
        return None
    return body if is_fit(header, body, out) else None


def words_of(bundle: Bundle) -> Json | None:
    """The body as an object that says its vocabulary; none where it isn't here, or is no such thing."""
    body = None if bundle.body_bytes is None else parsed(bundle.body_bytes)
    return body if isinstance(body, dict) and isinstance(body.get("words"), int) else None


def is_fit(header: Json, body: Json, out: Rules = frozenset()) -> bool:
    """Whether a well-formed body is one of this header."""
    nodes, edges = body.get("nodes", ()), body.get("edges", ())
    if not (isinstance(nodes, list | tuple) and isinstance(edges, list | tuple)):
        return False
    # Vocabulary 2, in these tests, is vocabulary 1 with the attribute `weather`.
    least = 2 if any("weather" in node for node in nodes) else 1
    if body["words"] < least or (body["words"] > least and Rule.LEAST_NUMBER not in out):
        return False
    if not _labels_fit(header, nodes, edges, out):
        return False
    if "key" not in header:
        return _is_of_subject(header["source"]["uri"], nodes, edges, out)
    return not is_run(header, out) or _is_of_run(header, nodes, edges, out)


def _labels_fit(header: Json, nodes: Any, edges: Any, out: Rules) -> bool:
    mints: dict[str, str] = dict(header.get("mints", ()))
    described = {node["id"]: node["kind"] for node in nodes if node["id"].startswith("#")}
    at_ends = [end for edge in edges for end in (edge["from"], edge["to"])]
    in_values = [
        *(name for node in nodes for name in _named_in(node, _NAMING_ATTRIBUTES)),
        *(name for edge in edges for name in _named_in(edge, _NAMING_QUALIFIERS)),
    ]
    used = described.keys() | {name for name in (*at_ends, *in_values) if name.startswith("#")}
    if used - described.keys() and Rule.LABEL_IS_DESCRIBED not in out:
        return False
    if Rule.HEADER_TELLS_THE_OWNER in out:
        return True
    if {Rule.LABEL_ONCE, Rule.RUN_MINTS_ITSELF} & out:
        return used == mints.keys()
    return used == mints.keys() and all(mints[name] == kind for name, kind in described.items())


def _named_in(value: Json, keys: Set[str]) -> list[str]:
    named: list[str] = []
    for key in keys & value.keys():
        named += [value[key]] if isinstance(value[key], str) else value[key]
    return named


def _is_of_subject(subject: str, nodes: Any, edges: Any, out: Rules) -> bool:
    def is_near(name: str) -> bool:
        version = re.escape(subject) + "v[1-9][0-9]{0,8}"
        is_version = subject.startswith("arxiv:") and re.fullmatch(version, name)
        return (
            name == subject or name.rpartition("/")[0] == f"mention:{subject}" or bool(is_version)
        )

    if not all(is_near(node["id"]) for node in nodes):
        return False
    return Rule.RECORD_STAYS_AT_ITS_SUBJECT in out or all(
        is_near(edge["from"]) or (edge["rel"] == "wasGeneratedBy" and edge["to"] == subject)
        for edge in edges
    )


def _is_of_run(header: Json, nodes: Any, edges: Any, out: Rules) -> bool:
    if Rule.RUN_DESCRIBES_ITSELF in out:
        return True
    labels = {label for label, _ in header.get("mints", ())}
    return all(node["id"] in labels for node in nodes) and all(
        edge["from"] in labels and (edge["rel"] in _OF_RUN or Rule.RUN_HAS_THREE_RELATIONS in out)
        for edge in edges
    )


def mint(bundle: str, label: str, kind: str) -> str:
    """The id of a new thing."""
    return f"{kind}:{hashlib.sha256(f'{bundle}{label}'.encode()).hexdigest()}"


def minted_ids(
    name: str, header: Json, body: Json | None, out: Rules = frozenset()
) -> dict[str, str]:
    """By label the id that it mints (as it was before: as far as the body is here)."""
    if Rule.HEADER_TELLS_THE_OWNER in out:
        nodes = (body or {}).get("nodes", ())
        pairs = [(node["id"], node["kind"]) for node in nodes if node["id"].startswith("#")]
    else:
        pairs = list(header.get("mints", ()))
    return {label: mint(name, label, kind) for label, kind in pairs}


def resolve(body: Json, ids: Mapping[str, str]) -> Body:
    """What a body says, each label replaced by the id that it mints."""

    def to(name: str) -> str:
        return ids.get(name, name)

    def values(item: Json, naming: Set[str], own: Set[str]) -> dict[str, Any]:
        found = {key: value for key, value in item.items() if key not in own}
        for key in naming & found.keys():
            value = found[key]
            found[key] = to(value) if isinstance(value, str) else sorted(map(to, value))
        return found

    return Body(
        tuple(
            Description(
                to(node["id"]), Kind(node["kind"]), values(node, _NAMING_ATTRIBUTES, {"id", "kind"})
            )
            for node in body.get("nodes", ())
        ),
        tuple(
            Edge(
                to(edge["from"]),
                Relation(edge["rel"]),
                to(edge["to"]),
                values(edge, _NAMING_QUALIFIERS, {"from", "rel", "to"}),
            )
            for edge in body.get("edges", ())
        ),
        body.get("reason"),
        body.get("salt"),
    )
