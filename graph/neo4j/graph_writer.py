"""Writer of the graph, a materialised view of the log.

Inserts activated bundles, deletes deactivated ones, and chooses the shown description of each node.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.bundle.bundle import reread_descriptions
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import kind_of
from graph.model.model import Body, BundleId, Description, Edge
from graph.neo4j.connection import Tx, batches
from graph.neo4j.full_text import index_text
from graph.neo4j.rule_facts import Neo4jFacts
from graph.view.chooser import chooser_of
from graph.view.display_choice import (
    Chooser,
    DescriptionRef,
    choose,
    newest_by_speaker,
    ownership_of,
)

_PART: Final = 1000
_LISTS: Final = 500


@dataclass(frozen=True, slots=True)
class Activation:
    """Bundle to activate or deactivate: its position in the log, its author, its body, and whether it is a run."""

    id: BundleId
    position: int
    author: str
    body: Body
    is_run: bool


@dataclass(slots=True)
class _NodeChange:
    """Node affected by this append: the number of activated bundles that describe it, and the last of these."""

    descriptions: int = 0
    last_description: Description | None = None
    position: int = -1


def apply_activations(
    tx: Tx,
    facts: Neo4jFacts,
    activated: Sequence[Activation],
    deactivated: Sequence[Activation],
    mints: Mapping[str, BundleId],
    *,
    rechosen: Iterable[str] = (),
    absent: Collection[str] = (),
) -> None:
    """Insert activated bundles, delete deactivated ones, and choose each node's shown description.

    Args:
        tx: The writing transaction.
        facts: The facts of the rules.
        activated: The bundles that begin to be in the graph.
        deactivated: Those that cease.
        mints: Ids that arrived bundles mint, with the bundles: the minter of a node is known even where its
            bundle does not live.
        rechosen: Nodes, if they are here, whose owner or whose records' vouchers changed.
        absent: Hashes of bodies that living bundles have and don't say, or did not say until now.
    """
    changes = _node_changes(activated, deactivated, [*mints, *absent])
    others = set(rechosen) - changes.keys()
    here = {row["id"] for row in tx.read_many("node_keys", "ids", [*changes, *others])}
    existing = here & changes.keys()
    stale = {*absent, *_stale_ids((*activated, *deactivated))}
    # Mentions on minted things may have arrived before them: the minter owns them.
    mentions = [row["id"] for row in tx.read_many("mentions_on", "ids", mints)]
    tx.write_many("add_node", _new_rows(changes, existing, mints, stale))
    tx.write_many("make_stale", [name for name in stale if name in existing])
    tx.write_many("set_minter", ([name, by] for name, by in mints.items() if name in existing))
    _delete(tx, deactivated)
    _insert(tx, activated)
    reconsidered = {
        *mints,
        *mentions,
        *(others & here),
        *(node.id for activation in deactivated for node in activation.body.nodes),
    }
    descriptions = {activation.position: activation.body.nodes for activation in activated}
    _update_shown(tx, facts, _nodes_to_decide(changes, existing, reconsidered), descriptions)


def _node_changes(
    activated: Sequence[Activation], deactivated: Sequence[Activation], mints: Iterable[str]
) -> dict[str, _NodeChange]:
    changes = {name: _NodeChange() for name in mints}
    for activation in (*activated, *deactivated):
        for edge in activation.body.edges:
            changes.setdefault(edge.source, _NodeChange())
            changes.setdefault(edge.target, _NodeChange())
        for node in activation.body.nodes:
            changes.setdefault(node.id, _NodeChange())
    for activation in activated:
        for node in activation.body.nodes:
            change = changes[node.id]
            change.descriptions, change.last_description, change.position = (
                change.descriptions + 1,
                node,
                activation.position,
            )
    return changes


def _new_rows(
    changes: Mapping[str, _NodeChange],
    existing: Collection[str],
    mints: Mapping[str, BundleId],
    stale: Collection[str],
) -> Iterator[list[object]]:
    """Yield the rows of new nodes; one that a single bundle describes shows that without a choice."""
    for name, change in changes.items():
        if name not in existing:
            only = change.last_description if change.descriptions == 1 else None
            row = row_of_node(name, change.position if only else None, only)
            yield [*row, mints.get(name), name in stale or None]


def _stale_ids(activations: Iterable[Activation]) -> Iterator[str]:
    """Yield the nodes whose lines in the digest may change; a run has none, but may be newer than what has one."""
    for activation in activations:
        yield from (node.id for node in activation.body.nodes)
        if not activation.is_run:
            yield from (edge.source for edge in activation.body.edges)


def _nodes_to_decide(
    changes: Mapping[str, _NodeChange], existing: Collection[str], reconsidered: Collection[str]
) -> set[str]:
    """Return the nodes whose shown description must be chosen again, as some were added or removed."""
    changed_ids = {
        name
        for name, change in changes.items()
        if change.descriptions > 1
        or (name in existing and (change.descriptions or name in reconsidered))
    }
    return changed_ids | (set(reconsidered) - changes.keys())


def _delete(tx: Tx, deactivated: Sequence[Activation]) -> None:
    names = [activation.id for activation in deactivated]
    tx.write_many("drop_description", names)
    tx.write_many("drop_edge", names)


def _insert(tx: Tx, activated: Sequence[Activation]) -> None:
    tx.write_many(
        "add_description",
        (
            [activation.id, activation.author, batch]
            for activation in activated
            for batch in batches((node.id for node in activation.body.nodes), _PART)
        ),
        size=_LISTS,
    )
    tx.write_many(
        "add_edge",
        (
            [source, activation.id, batch]
            for activation in activated
            for source, edges in _by_source(activation.body.edges).items()
            for batch in batches(edges, _PART)
        ),
        size=_LISTS,
    )


def _by_source(edges: Iterable[Edge]) -> dict[str, list[list[object]]]:
    rows: dict[str, list[list[object]]] = {}
    for ordinal, edge in enumerate(edges):
        qualifiers = canonical_bytes(edge.qualifiers).decode() if edge.qualifiers else None
        row: list[object] = [edge.target, edge.relation.value, ordinal, qualifiers]
        rows.setdefault(edge.source, []).append(row)
    return rows


def _update_shown(
    tx: Tx,
    facts: Neo4jFacts,
    names: Iterable[str],
    nodes_by_position: Mapping[int, Sequence[Description]],
) -> None:
    """Choose anew which description is shown of each node."""
    ids = sorted(names)
    shown: dict[str, int | None] = {}
    refs: dict[str, list[DescriptionRef]] = {}
    for row in tx.read_many("candidates", "ids", ids):
        shown[row["id"]] = row["shown"]
        if row["author"] is not None:
            refs.setdefault(row["id"], []).append(description_ref(row))
    choosers = _choosers(tx, facts, ids)
    choices = {
        name: choose(newest_by_speaker(refs.get(name, ())).values(), choosers[name])
        for name in ids
        if name in shown
    }
    positions = {
        name: choice.position if choice else None
        for name, choice in choices.items()
        if choice is None or choice.position != shown[name]
    }
    descriptions = _descriptions(tx, positions, nodes_by_position)
    tx.write_many(
        "set_shown",
        (
            row_of_node(name, position, descriptions.get(name))
            for name, position in positions.items()
        ),
    )


def description_ref(row: Mapping[str, object]) -> DescriptionRef:
    """Convert a row into a reference to a living description."""
    return DescriptionRef(
        at=str(row["at"] or ""),
        n=int(str(row["n"])),
        bundle=str(row["bundle"]),
        author=str(row["author"]),
        actor=str(row["actor"] or row["author"]),
        by=str(row["by"] or row["author"]),
        position=int(str(row["position"])),
        acts=bool(row["acts"]),
        grants=int(str(row["grants"] or 0)),
        place=None if row["place"] is None else int(str(row["place"])),
        is_run=bool(row["run"]),
    )


def row_of_node(name: str, position: int | None, description: Description | None) -> list[object]:
    """Return the row of a node: its id, shown kind, position of the shown bundle, and full-text words."""
    if description is None:
        return [name, kind_of(name), None, None, None]
    return [name, description.kind.value, position, *index_text(description)]


def _choosers(tx: Tx, facts: Neo4jFacts, names: Iterable[str]) -> dict[str, Chooser]:
    """Return for each node the lookups by which to choose what is shown of it."""
    ownerships = {name: ownership_of(name) for name in names}
    subjects = {ownership.subject for ownership in ownerships.values()}
    minters = {row["id"]: row["minter"] for row in tx.read_many("minter", "ids", subjects)}
    facts.load(minters.values())
    return {
        name: chooser_of(facts, ownership, minters.get(ownership.subject), facts.voices)
        for name, ownership in ownerships.items()
    }


def _descriptions(
    tx: Tx, positions: Mapping[str, int | None], cached: Mapping[int, Sequence[Description]]
) -> dict[str, Description]:
    """Return the description of each node by the bundle at its position."""
    missing = {
        position
        for position in positions.values()
        if position is not None and position not in cached
    }
    nodes_by_position = dict(cached)
    for row in tx.read_many("content", "positions", missing):
        nodes_by_position[row["position"]] = reread_descriptions(
            row["header"], row["body"], row["signature"]
        )
    by_position = {
        position: {node.id: node for node in nodes_by_position[position]}
        for position in set(positions.values())
        if position is not None
    }
    return {
        name: by_position[position][name]
        for name, position in positions.items()
        if position is not None
    }
