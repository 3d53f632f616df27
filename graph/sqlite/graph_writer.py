"""Writer of the graph, a materialised view of the log.

Inserts activated bundles, deletes deactivated ones, and chooses the shown description of each node.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from graph.bundle.bundle import reread_descriptions
from graph.model.canonical import canonical
from graph.model.identifiers import kind_of
from graph.model.model import Body, Description
from graph.rules.settlement import author_of
from graph.sqlite.connection import query
from graph.sqlite.log_writer import author_key
from graph.sqlite.rule_facts import SqliteFacts, unpacked
from graph.view.display_choice import Stated, chosen, claim, newest, words


@dataclass(frozen=True, slots=True)
class Living:
    """Bundle to activate or deactivate: its position in the log, its author's row and its body."""

    position: int
    author: int
    body: Body


class Painter:
    """Writer that keeps the graph's tables equal to the content of the living bundles, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, facts: SqliteFacts) -> None:
        self._connection = connection
        self._facts = facts
        self._nodes: dict[str, int] = {}
        self._relations: dict[str, int] = {}
        self._authors: dict[str, int] = {}
        self._descriptions: dict[int, tuple[Description, ...]] = {}

    def author(self, name: str) -> int:
        """Return the row of an author."""
        if name not in self._authors:
            self._authors[name] = author_key(self._connection, name)
        return self._authors[name]

    def paint(
        self, born: Sequence[Living], died: Sequence[Living], mints: Mapping[str, int]
    ) -> None:
        """Insert activated bundles, delete deactivated ones, and choose each node's shown description.

        `mints` are the ids that arrived bundles mint, with the bundles' positions: the minter of a
        node is known even where its bundle does not live.
        """
        fresh = self._find(born, died, mints)
        said = self._said(born)
        reconsidered = {*mints, *self._find_mentions(mints), *_described(died)}
        doubtful = [name for name, one in said.items() if one is None or name not in fresh]
        self._add_nodes(fresh, {**said, **dict.fromkeys(doubtful)}, mints)
        for living in died:
            self._wipe(living)
        self._draw(born)
        for name in dict.fromkeys((*doubtful, *(reconsidered - fresh.keys()))):
            self._choose(name)

    def _said(self, born: Sequence[Living]) -> dict[str, tuple[int, Description] | None]:
        """Return, by node, the single description that arrives and its position; `None` where several do."""
        said: dict[str, tuple[int, Description] | None] = {}
        for living in born:
            self._descriptions[living.position] = living.body.nodes
            for node in living.body.nodes:
                said[node.id] = None if node.id in said else (living.position, node)
        return said

    def _find(
        self, born: Sequence[Living], died: Sequence[Living], mints: Mapping[str, int]
    ) -> dict[str, int]:
        """Look up or number every affected node; return the new ones, which are not written yet."""
        ids: dict[str, None] = dict.fromkeys(mints)
        for living in (*born, *died):
            for node in living.body.nodes:
                ids[node.id] = None
            for edge in living.body.edges:
                ids[edge.source] = None
                ids[edge.target] = None
        known = dict(self._connection.execute(query("node_keys"), (_array(ids),)))
        free = self._connection.execute(query("next_node")).fetchone()[0]
        fresh = dict(zip((name for name in ids if name not in known), count(free)))
        self._nodes = {**known, **fresh}
        old = [(at, known[name]) for name, at in mints.items() if name in known]
        self._connection.executemany(query("set_minter"), old)
        return fresh

    def _find_mentions(self, mints: Iterable[str]) -> list[str]:
        """Return the mentions on minted things, which may have arrived before them: the minter owns them."""
        found: list[str] = []
        for minted in mints:
            for name, k in self._connection.execute(query("mentions_on"), (minted,)):
                self._nodes.setdefault(name, k)
                found.append(name)
        return found

    def _add_nodes(
        self,
        fresh: Mapping[str, int],
        shown: Mapping[str, tuple[int, Description] | None],
        mints: Mapping[str, int],
    ) -> None:
        """Insert the new nodes, with the shown description where it is certain."""
        rows: list[tuple[object, ...]] = []
        found_by = []
        for name, k in fresh.items():
            one = shown.get(name)
            if one is None:
                rows.append((k, name, kind_of(name), mints.get(name), None))
                continue
            position, description = one
            rows.append((k, name, description.kind, mints.get(name), position))
            found_by.append((k, *words(description)))
        self._connection.executemany(query("add_node"), rows)
        self._connection.executemany(query("add_words"), found_by)

    def _choose(self, name: str) -> None:
        """Show the newest description by the id's owner, else the newest of the others."""
        k = self._nodes[name]
        rows = self._connection.execute(query("candidates"), (k,)).fetchall()
        shown_before = rows[0][5]
        best = newest(
            Stated(at or "", n, unpacked(raw), author, position)
            for author, position, at, n, raw, _ in rows
            if author is not None
        )
        one = chosen(best, self._owner(name))
        position = one.position if one else None
        if position == shown_before and position is not None:
            return
        description = self._description(position, name) if position is not None else None
        kind = description.kind if description else kind_of(name)
        self._connection.execute(query("set_shown"), (kind, position, k))
        self._connection.execute(query("drop_words"), (k,))
        if description:
            self._connection.execute(query("add_words"), (k, *words(description)))

    def _owner(self, name: str) -> str | None:
        """Return the author who owns an id: a source, a key, or its minter; the owner of its subject for a mention."""
        subject, owner = claim(name)
        if owner is not None:
            return owner
        row = self._connection.execute(query("minter"), (subject,)).fetchone()
        return author_of(self._facts, unpacked(row[0])) if row else None

    def _description(self, position: int, name: str) -> Description:
        if position not in self._descriptions:
            header, signature, body = self._connection.execute(
                query("content"), (position,)
            ).fetchone()
            self._descriptions[position] = reread_descriptions(header, body, signature)
        return next(node for node in self._descriptions[position] if node.id == name)

    def _draw(self, born: Sequence[Living]) -> None:
        nodes, relations = self._nodes, self._relations
        for name in {edge.relation for living in born for edge in living.body.edges}:
            self._relation(name)
        self._connection.executemany(
            query("add_description"),
            [
                (nodes[node.id], living.author, living.position)
                for living in born
                for node in living.body.nodes
            ],
        )
        self._connection.executemany(
            query("add_edge"),
            [
                (
                    nodes[edge.source],
                    relations[edge.relation],
                    nodes[edge.target],
                    living.position,
                    ordinal,
                    canonical(edge.qualifiers).decode() if edge.qualifiers else None,
                )
                for living in born
                for ordinal, edge in enumerate(living.body.edges)
            ],
        )

    def _wipe(self, living: Living) -> None:
        self._connection.executemany(
            query("drop_description"),
            [(self._nodes[n.id], living.author, living.position) for n in living.body.nodes],
        )
        self._connection.executemany(
            query("drop_edge"),
            [
                (
                    self._nodes[edge.source],
                    self._relation(edge.relation),
                    self._nodes[edge.target],
                    living.position,
                )
                for edge in living.body.edges
            ],
        )

    def _relation(self, name: str) -> int:
        if not self._relations:
            rows = self._connection.execute(query("relations"))
            self._relations.update((known, k) for k, known in rows)
        if name not in self._relations:
            row = self._connection.execute(query("add_relation"), (name,)).fetchone()
            self._relations[name] = row[0]
        return self._relations[name]


def _array(names: Iterable[str]) -> str:
    return canonical(list(names)).decode()


def _described(livings: Iterable[Living]) -> set[str]:
    return {node.id for living in livings for node in living.body.nodes}
