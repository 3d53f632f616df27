"""Integrity check of all that is derived from the log (rule properties, minters, full-text search) against the log.

No query would reveal such a fault: a store can answer right today and misjudge what arrives tomorrow.
(Neo4j checks its own files only offline, with `neo4j-admin database check`.)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from graph.bundle.bundle import Bundle, read_late, reread
from graph.errors import DamagedError
from graph.model.model import Description
from graph.neo4j.connection import Tx
from graph.neo4j.graph_writer import row_of_node
from graph.neo4j.log_writer import row_of
from graph.neo4j.rule_facts import Neo4jFacts
from graph.neo4j.state_tree import Neo4jTree
from graph.rules.facts import authority_of
from graph.view.state_digest import branch_faults

_CHUNK: Final = 500
_MAX_FAULTS: Final = 20
_PROPERTY_NAMES: Final = (
    *("at", "n", "slot", "uri", "actor", "key", "by", "run", "said", "ends", "waits"),
)

DescriptionsAt = Callable[[Tx, Iterable[int]], Mapping[int, Mapping[str, Description]]]
"""Returns the descriptions by the bundles at some positions, by node."""


def integrity_faults(tx: Tx, descriptions_at: DescriptionsAt) -> list[str]:
    """See `GraphStore`."""
    faults = [str(row["what"]) for row in tx.run("strays")]
    minters: dict[str, str] = {}
    for check in (
        _property_faults(tx, minters),
        _display_faults(tx, descriptions_at, minters),
        _branch_faults(tx),
    ):
        try:
            faults += islice(check, _MAX_FAULTS)
        except (DamagedError, LookupError, TypeError, ValueError) as error:
            faults.append(f"what is kept beside the log can't be read: {error}")
    return faults


def _property_faults(tx: Tx, minters: dict[str, str]) -> Iterator[str]:
    """Check the properties by which the rules look up a bundle; collect the minters into `minters`."""
    facts = Neo4jFacts(tx, ())
    start = 0
    while rows := tx.run("noted", start=start, limit=_CHUNK):
        for row in rows:
            try:
                bundle = _read(row)
            except DamagedError:  # the log's own check reports it
                continue
            actual, expected = _actual_and_expected(row, bundle, facts)
            for name in (field for field in expected if expected[field] != actual[field]):
                yield f"position {row['position']} is not noted with the {name} that it has"
            if row["noted"]["waits"] is None:
                minters.update(dict.fromkeys(bundle.minted_ids(), bundle.id))
        start = rows[-1]["position"] + 1


def _read(row: Mapping[str, Any]) -> Bundle:
    """Read a bundle; one without rule properties was not understood on arrival, and may still not be."""
    noted = row["noted"]
    is_unread = noted["unfit"] or (noted["slot"] is None and noted["actor"] is None)
    return (read_late if is_unread else reread)(row["header"], row["body"], row["signature"])


def _actual_and_expected(
    row: Mapping[str, Any], bundle: Bundle, facts: Neo4jFacts
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the stored properties of a bundle, and those that its bytes imply."""
    actual = {**row["noted"], "answers": sorted(row["answers"])}
    actual |= {name: row[name] for name in ("vouches", "follows", "keeps")}
    actual["ended"] = row["ends"]
    expected_row = row_of(bundle, row["noted"]["waits"])
    header = bundle.header if expected_row["actor"] is not None else None
    expected: dict[str, Any] = {name: expected_row[name] for name in _PROPERTY_NAMES}
    expected["head"] = None if row["followed"] else expected_row["head"]
    is_awaited = bundle.is_withheld and not row["noted"]["erased"]
    expected["withheld"], expected["unfit"] = is_awaited or None, bundle.is_unfit or None
    answers = header.answers if header else ()
    expected["answers"] = sorted([answer.verb, answer.target] for answer in answers)
    authority = (
        authority_of(facts, header.actor or "") if header and row["noted"]["author"] else None
    )
    expected["acts"] = (authority and authority.acts) or None
    expected["grants"] = len(authority.grants) if authority else None
    expected["voice"] = header.key if header and row["noted"]["counts"] else None
    expected["keeps"] = sorted(header.ends.heads) if header and header.ends else []
    expected["ended"] = [header.ends.grant] if header and header.ends else []
    expected["vouches"] = sorted(header.vouches) if header else []
    expected["follows"] = sorted(header.prev) if header else []
    return actual, expected


def _branch_faults(tx: Tx) -> Iterator[str]:
    """Check the branches of the digest's tree against what lies below them; the leaves are compared one by one elsewhere."""
    tree = Neo4jTree(tx)
    stored = {"": tree.branches([""]).get("")}
    while stored:
        yield from branch_faults(tree, stored)
        rows = tx.run("branches_after", after=max(stored), limit=_CHUNK)
        stored = {row["prefix"]: bytes(row["hash"]) for row in rows}


def _display_faults(
    tx: Tx, descriptions_at: DescriptionsAt, minters: dict[str, str]
) -> Iterator[str]:
    """Check the kind under which a node is listed, its full-text words, and the minter of a minted one."""
    after = ""
    while rows := tx.run("shown", after=after, limit=_CHUNK):
        descriptions = descriptions_at(
            tx, {row["shown"] for row in rows if row["shown"] is not None}
        )
        for row in rows:
            name, position = row["id"], row["shown"]
            description = None if position is None else descriptions[position][name]
            _, kind, _, *words = row_of_node(name, position, description)
            if row["kind"] != kind:
                yield f"{name} is listed as {row['kind']}, and is {kind}"
            if [row["title_words"], row["text_words"]] != words:
                yield f"the words of {name} are not filed as they are shown"
            if row["minter"] != minters.pop(name, None):
                yield f"{name} is not noted as new in the bundle that it is new in"
        after = rows[-1]["id"]
    for name, bundle in minters.items():
        yield f"{name} is not noted as new in {bundle}"
