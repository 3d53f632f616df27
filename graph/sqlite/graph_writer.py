"""Writer of the graph, a materialised view of the log.

Inserts activated bundles, deletes deactivated ones, and chooses the shown description of each node.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from graph.bundle.bundle import reread_descriptions
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import kind_of
from graph.model.model import Body, Description
from graph.sqlite.connection import query
from graph.sqlite.description_rows import to_ref
from graph.sqlite.log_writer import author_row
from graph.sqlite.rule_facts import SqliteFacts, unpack_id
from graph.view.chooser import chooser_of
from graph.view.display_choice import (
    Chooser,
    choose,
    newest_by_speaker,
    ownership_of,
    search_text,
)


@dataclass(frozen=True, slots=True)
class Activation:
    """Bundle to activate or deactivate: its position in the log, its author's row, its body, and whether it is a run."""

    position: int
    author: int
    body: Body
    is_run: bool


class GraphWriter:
    """Writer that keeps the graph's tables equal to the content of the living bundles, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, facts: SqliteFacts) -> None:
        self._connection = connection
        self._facts = facts
        self._nodes: dict[str, int] = {}
        self._relations: dict[str, int] = {}
        self._authors: dict[str, int] = {}
        self._descriptions: dict[int, tuple[Description, ...]] = {}

    def author_row(self, name: str) -> int:
        """Return the row of an author."""
        if name not in self._authors:
            self._authors[name] = author_row(self._connection, name)
        return self._authors[name]

    def apply(
        self,
        activated: Sequence[Activation],
        deactivated: Sequence[Activation],
        mints: Mapping[str, int],
        *,
        rechosen: Iterable[str] = (),
        absent: Collection[str] = (),
    ) -> None:
        """Insert activated bundles, delete deactivated ones, and choose each node's shown description.

        Args:
            activated: The bundles that begin to be in the graph.
            deactivated: Those that cease.
            mints: Ids that arrived bundles mint, with the bundles' positions: the minter of a node is known even
                where its bundle does not live.
            rechosen: Nodes, if they are here, whose owner or whose records' vouchers changed.
            absent: Hashes of bodies that living bundles have and don't say, or did not say until now.
        """
        fresh = self._number_nodes(activated, deactivated, [*mints, *absent])
        self._set_minters(mints, fresh)
        descriptions = self._single_descriptions(activated)
        reconsidered = {*mints, *self._find_mentions(mints), *_described_ids(deactivated)}
        reconsidered |= self._existing(rechosen)
        stale = {*absent, *_stale_ids((*activated, *deactivated))}
        doubtful = [
            name
            for name, description in descriptions.items()
            if description is None or name not in fresh
        ]
        self._add_nodes(fresh, {**descriptions, **dict.fromkeys(doubtful)}, mints, stale)
        self._connection.executemany(
            query("make_stale"), [(self._nodes[name],) for name in stale if name not in fresh]
        )
        for activation in deactivated:
            self._delete(activation)
        self._insert(activated)
        for name in dict.fromkeys((*doubtful, *(reconsidered - fresh.keys()))):
            self._update_shown(name)

    def _single_descriptions(
        self, activated: Sequence[Activation]
    ) -> dict[str, tuple[int, Description] | None]:
        """Return, by node, the single description that arrives and its position; `None` where several do."""
        descriptions: dict[str, tuple[int, Description] | None] = {}
        for activation in activated:
            self._descriptions[activation.position] = activation.body.nodes
            for node in activation.body.nodes:
                descriptions[node.id] = (
                    None if node.id in descriptions else (activation.position, node)
                )
        return descriptions

    def _number_nodes(
        self,
        activated: Sequence[Activation],
        deactivated: Sequence[Activation],
        others: Iterable[str],
    ) -> dict[str, int]:
        """Look up or number every affected node; return the new ones, which are not written yet."""
        ids: dict[str, None] = dict.fromkeys(others)
        for activation in (*activated, *deactivated):
            for node in activation.body.nodes:
                ids[node.id] = None
            for edge in activation.body.edges:
                ids[edge.source] = None
                ids[edge.target] = None
        existing = dict(self._connection.execute(query("node_keys"), (_array(ids),)))
        free = self._connection.execute(query("next_node")).fetchone()[0]
        fresh = dict(zip((name for name in ids if name not in existing), count(free)))
        self._nodes = {**existing, **fresh}
        return fresh

    def _set_minters(self, mints: Mapping[str, int], fresh: Collection[str]) -> None:
        """Note the minters of nodes that were here before; those of new ones are written with them."""
        old = [(at, self._nodes[name]) for name, at in mints.items() if name not in fresh]
        self._connection.executemany(query("set_minter"), old)

    def _existing(self, names: Iterable[str]) -> set[str]:
        """Return those of these nodes that are here already."""
        known = dict(self._connection.execute(query("node_keys"), (_array(names),)))
        self._nodes = {**known, **self._nodes}
        return set(known)

    def _find_mentions(self, mints: Iterable[str]) -> list[str]:
        """Return the mentions on minted things, which may have arrived before them: the minter owns them."""
        mentions: list[str] = []
        for minted in mints:
            for name, k in self._connection.execute(query("mentions_on"), (minted,)):
                self._nodes.setdefault(name, k)
                mentions.append(name)
        return mentions

    def _add_nodes(
        self,
        fresh: Mapping[str, int],
        shown: Mapping[str, tuple[int, Description] | None],
        mints: Mapping[str, int],
        stale: Collection[str],
    ) -> None:
        """Insert the new nodes, with the shown description where it is certain."""
        rows: list[tuple[object, ...]] = []
        text_rows = []
        for name, k in fresh.items():
            choice = shown.get(name)
            if choice is None:
                rows.append((k, name, kind_of(name), mints.get(name), None, name in stale or None))
                continue
            position, description = choice
            rows.append(
                (k, name, description.kind, mints.get(name), position, name in stale or None)
            )
            text_rows.append((k, *search_text(description)))
        self._connection.executemany(query("add_node"), rows)
        self._connection.executemany(query("add_words"), text_rows)

    def _update_shown(self, name: str) -> None:
        """Choose anew which description is shown of a node."""
        k = self._nodes[name]
        rows = self._connection.execute(query("candidates"), (k,)).fetchall()
        shown_before = rows[0][-1]
        newest = newest_by_speaker(to_ref(row[:-1]) for row in rows if row[0] is not None)
        choice = choose(newest.values(), self._chooser(name)) if newest else None
        position = choice.position if choice else None
        if position == shown_before and position is not None:
            return
        description = self._description(position, name) if position is not None else None
        kind = description.kind if description else kind_of(name)
        self._connection.execute(query("set_shown"), (kind, position, k))
        self._connection.execute(query("drop_words"), (k,))
        if description:
            self._connection.execute(query("add_words"), (k, *search_text(description)))

    def _chooser(self, name: str) -> Chooser:
        """Return the lookups by which to choose what is shown of a node."""
        ownership = ownership_of(name)
        row = self._connection.execute(query("minter"), (ownership.subject,)).fetchone()
        minter = unpack_id(row[0]) if row else None
        return chooser_of(self._facts, ownership, minter, self._facts.voices)

    def _description(self, position: int, name: str) -> Description:
        if position not in self._descriptions:
            header, signature, body = self._connection.execute(
                query("content"), (position,)
            ).fetchone()
            self._descriptions[position] = reread_descriptions(header, body, signature)
        return next(node for node in self._descriptions[position] if node.id == name)

    def _insert(self, activated: Sequence[Activation]) -> None:
        nodes, relations = self._nodes, self._relations
        for name in {edge.relation for activation in activated for edge in activation.body.edges}:
            self._relation_row(name)
        self._connection.executemany(
            query("add_description"),
            [
                (nodes[node.id], activation.author, activation.position)
                for activation in activated
                for node in activation.body.nodes
            ],
        )
        self._connection.executemany(
            query("add_edge"),
            [
                (
                    nodes[edge.source],
                    relations[edge.relation],
                    nodes[edge.target],
                    activation.position,
                    ordinal,
                    canonical_bytes(edge.qualifiers).decode() if edge.qualifiers else None,
                )
                for activation in activated
                for ordinal, edge in enumerate(activation.body.edges)
            ],
        )

    def _delete(self, activation: Activation) -> None:
        self._connection.executemany(
            query("drop_description"),
            [
                (self._nodes[node.id], activation.author, activation.position)
                for node in activation.body.nodes
            ],
        )
        self._connection.executemany(
            query("drop_edge"),
            [
                (
                    self._nodes[edge.source],
                    self._relation_row(edge.relation),
                    self._nodes[edge.target],
                    activation.position,
                )
                for edge in activation.body.edges
            ],
        )

    def _relation_row(self, name: str) -> int:
        if not self._relations:
            rows = self._connection.execute(query("relations"))
            self._relations.update((relation, k) for k, relation in rows)
        if name not in self._relations:
            row = self._connection.execute(query("add_relation"), (name,)).fetchone()
            self._relations[name] = row[0]
        return self._relations[name]


def _array(names: Iterable[str]) -> str:
    return canonical_bytes(list(names)).decode()


def _stale_ids(activations: Iterable[Activation]) -> Iterable[str]:
    """Yield the nodes whose lines in the digest may change; a run has none, but may be newer than what has one."""
    for activation in activations:
        yield from (node.id for node in activation.body.nodes)
        if not activation.is_run:
            yield from (edge.source for edge in activation.body.edges)


def _described_ids(activations: Iterable[Activation]) -> set[str]:
    return {node.id for activation in activations for node in activation.body.nodes}
