"""Writing the graph: what comes to life is drawn, what dies is wiped out, the best description is shown."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.bundle import reread_descriptions
from graph.canonical import canonical
from graph.identifiers import kind_of
from graph.model import Body, Description
from graph.rules import author_of
from graph.shown import Stated, chosen, claim, newest, words
from graph.sqlite.connection import query
from graph.sqlite.facts import SqliteFacts, unpacked
from graph.sqlite.ledger import author_key


@dataclass(frozen=True, slots=True)
class Living:
    """A bundle that came to life or died: where it stands, what it says, and who its author is."""

    position: int
    author: int
    body: Body


@dataclass(slots=True)
class _Touched:
    """What is known of a node that this append touches."""

    k: int
    fresh: bool
    minter: int | None = None
    only: Description | None = None
    position: int = -1
    times: int = field(default=0)


class Painter:
    """Keeps the graph's tables equal to what the living bundles say, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, facts: SqliteFacts) -> None:
        self._connection = connection
        self._facts = facts
        self._nodes: dict[str, _Touched] = {}
        self._relations: dict[str, int] = {}
        self._authors: dict[str, int] = {}
        self._descriptions: dict[int, tuple[Description, ...]] = {}

    def author(self, name: str) -> int:
        """The row of an author."""
        if name not in self._authors:
            self._authors[name] = author_key(self._connection, name)
        return self._authors[name]

    def paint(
        self, born: Sequence[Living], died: Sequence[Living], mints: Mapping[str, int]
    ) -> None:
        """Draws the born, wipes out the dead, and shows the best description of each node.

        `mints` are the ids that arrived bundles mint, with the bundles' positions: the minter of a
        node is known even where its bundle does not live.
        """
        self._find(born, died, mints)
        named = self._find_mentions(mints)
        self._connect_bodies(born)
        unsure = self._add_nodes({*mints, *named, *_described(died)})
        for living in died:
            self._wipe(living)
        for living in born:
            self._draw(living)
        for name in unsure:
            self._choose(name)

    def _connect_bodies(self, born: Sequence[Living]) -> None:
        for living in born:
            self._descriptions[living.position] = living.body.nodes
            for node in living.body.nodes:
                touched = self._nodes[node.id]
                touched.times += 1
                touched.only, touched.position = node, living.position

    def _find(
        self, born: Sequence[Living], died: Sequence[Living], mints: Mapping[str, int]
    ) -> None:
        """Finds or numbers every node that is touched; new ones are written when it is known what they show."""
        ids: dict[str, None] = dict.fromkeys(mints)
        for living in (*born, *died):
            ids.update(dict.fromkeys(node.id for node in living.body.nodes))
            for edge in living.body.edges:
                ids[edge.source] = None
                ids[edge.target] = None
        known = dict(self._connection.execute(query("node_keys"), (json.dumps(list(ids)),)))
        free = self._connection.execute(query("next_node")).fetchone()[0]
        for name in ids:
            k = known.get(name)
            if k is None:
                self._nodes[name] = _Touched(free, fresh=True, minter=mints.get(name))
                free += 1
            else:
                self._nodes[name] = _Touched(k, fresh=False)
        old = [(at, known[name]) for name, at in mints.items() if name in known]
        self._connection.executemany(query("set_minter"), old)

    def _find_mentions(self, mints: Iterable[str]) -> list[str]:
        """The names on what was minted, which may have arrived before it: they belong to the minter."""
        found: list[str] = []
        for minted in mints:
            for name, k in self._connection.execute(query("mentions_on"), (minted,)):
                self._nodes.setdefault(name, _Touched(k, fresh=False))
                found.append(name)
        return found

    def _add_nodes(self, reconsidered: set[str]) -> list[str]:
        """Writes the fresh nodes; gives back those that have to choose what they show."""
        rows, found_by, unsure = [], [], []
        for name, touched in self._nodes.items():
            if touched.times > 1 or not touched.fresh:
                if touched.times or name in reconsidered:
                    unsure.append(name)
                only = None
            else:
                only = touched.only
            if not touched.fresh:
                continue
            kind = only.kind if only else kind_of(name)
            shown = touched.position if only else None
            rows.append((touched.k, name, kind, touched.minter, shown))
            if only:
                found_by.append((touched.k, *words(only)))
        self._connection.executemany(query("add_node"), rows)
        self._connection.executemany(query("add_words"), found_by)
        return unsure

    def _choose(self, name: str) -> None:
        """Shows the newest description by the id's owner, else the newest of the others."""
        k = self._nodes[name].k
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
        """The author to whom an id belongs: a source, a key, or who minted it; a mention to that of its subject."""
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

    def _draw(self, living: Living) -> None:
        self._connection.executemany(
            query("add_description"),
            [(self._nodes[n.id].k, living.author, living.position) for n in living.body.nodes],
        )
        self._connection.executemany(
            query("add_edge"),
            [
                (
                    self._nodes[edge.source].k,
                    self._relation(edge.relation),
                    self._nodes[edge.target].k,
                    living.position,
                    ordinal,
                    canonical(edge.qualifiers).decode() if edge.qualifiers else None,
                )
                for ordinal, edge in enumerate(living.body.edges)
            ],
        )

    def _wipe(self, living: Living) -> None:
        self._connection.executemany(
            query("drop_description"),
            [(self._nodes[n.id].k, living.author, living.position) for n in living.body.nodes],
        )
        self._connection.executemany(
            query("drop_edge"),
            [
                (
                    self._nodes[edge.source].k,
                    self._relation(edge.relation),
                    self._nodes[edge.target].k,
                    living.position,
                )
                for edge in living.body.edges
            ],
        )

    def _relation(self, name: str) -> int:
        if name not in self._relations:
            row = self._connection.execute(query("add_relation"), (name,)).fetchone()
            self._relations[name] = row[0]
        return self._relations[name]


def _described(livings: Iterable[Living]) -> set[str]:
    return {node.id for living in livings for node in living.body.nodes}
