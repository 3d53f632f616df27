"""Oracle: the rules of docs/bundle.md (sections 5 and 6) as a plain function of a set of bundles, which every store must equal.

Nothing is stored, kept up to date or fast, and nothing is shared with the rules and views of the program. With `out` a
test takes single rules out, and sees that what it tries would notice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import owner_of
from graph.model.model import Body, BundleId, Description
from tests.oracle_form import Rule, minted_ids, resolve
from tests.oracle_lives import FOR_EVER, Lives, Trust

Speaker: TypeAlias = tuple[str, str, str]
"""Author, actor, and the agent that speaks."""


class Winner(NamedTuple):
    """One actor's newest living description of a node, and the bundle that says it."""

    description: Description
    bundle: BundleId


@dataclass(frozen=True, slots=True)
class Graph:
    """What a set of bundles means, as plain values.

    `waits` are those dated ahead, with their time; `descriptions` by (node, author, actor); `shown` names the bundle
    whose description of a node is shown; `asserted` are the edges, as canonical JSON, each with the living bundles that
    say it.
    """

    counts: frozenset[BundleId]
    lives: frozenset[BundleId]
    erased: frozenset[BundleId]
    waits: Mapping[BundleId, str]
    descriptions: Mapping[tuple[str, str, str], Winner]
    shown: Mapping[str, BundleId]
    asserted: Mapping[bytes, frozenset[BundleId]]
    digest: str


def everything_by(*keys: str) -> Trust:
    """A trust list of these authors, each for all sources."""
    return [(key, None) for key in keys]


def oracle(bundles: Iterable[Bundle], trust: Trust, now: datetime = FOR_EVER) -> Graph:
    """The graph of a set of bundles, in a store that trusts these."""
    return graph_of(Oracle(bundles, trust, now))


def graph_of(rules: "Oracle") -> Graph:
    """What an oracle says, as plain values."""
    names = rules.heads.keys()
    return Graph(
        counts=frozenset(filter(rules.counts, names)),
        lives=frozenset(filter(rules.lives, names)),
        erased=frozenset(filter(rules.erased, names)),
        waits=rules.waits,
        descriptions=rules.descriptions,
        shown=rules.shown,
        asserted=rules.asserted,
        digest=rules.digest,
    )


class Oracle(Lives):
    """All the rules over one set of bundles: who counts and lives, what is said and shown, the digest."""

    # --- rules 8 to 11: what the living say

    def said(self, name: BundleId) -> Body | None:
        """The body with its ids minted; none where it says nothing though the header has one."""
        head, body = self.heads[name], self.bodies[name]
        if "body" not in head and body is None:
            return Body()
        if body is None or self.erased(name):
            return None
        if body.keys() & {"nodes", "edges"} and not self._may_speak(name):
            return None
        return resolve(body, minted_ids(name, head, body, self.out))

    def _may_speak(self, name: BundleId) -> bool:
        if Rule.ONLY_SAY_SPEAKS in self.out or not self.is_statement(name) or self.is_run(name):
            return True
        return self.grants_above(name) is not None and "say" in self.rights(name)

    def speaker(self, name: BundleId) -> Speaker:
        return self.author(name) or "", self.actor(name), self.heads[name]["by"]

    @cached_property
    def _living(self) -> list[BundleId]:
        return sorted(filter(self.lives, self.heads), key=self.age)

    @cached_property
    def descriptions(self) -> dict[tuple[str, str, str], Winner]:
        """By node, author and actor the newest living one."""
        newest = {}
        for name in self._living:
            author, actor, _ = self.speaker(name)
            for node in (self.said(name) or Body()).nodes:
                merged = Rule.ACTORS_DESCRIBE in self.out
                newest[node.id, author, author if merged else actor] = Winner(node, name)
        return newest

    @cached_property
    def shown(self) -> dict[str, BundleId]:
        """By node the bundle whose description is shown."""
        firsts: dict[tuple[str, str], list[BundleId]] = defaultdict(list)
        for (node, author, _), winner in self.descriptions.items():
            firsts[node, author].append(winner.bundle)
        rivals: dict[str, list[BundleId]] = defaultdict(list)
        for (node, _), names in firsts.items():
            rivals[node].append(max(names, key=lambda name: self._height(name, node)))
        return {
            node: max(names, key=lambda name: self._nearness(name, node))
            for node, names in rivals.items()
        }

    def _height(self, name: BundleId, node: str) -> tuple[Any, ...]:
        """What an author's descriptions of a node are sorted by."""
        if Rule.ACTORS_DESCRIBE in self.out or not self.is_statement(name):
            return self.age(name)
        minter = self.minter.get(node)
        is_own = minter is not None and self.author(minter) == self.author(name)
        is_masters = minter is None or not is_own or self.may_end(name, minter)
        first = () if Rule.MINTER_FIRST in self.out else (is_masters,)
        return (*first, *self.rank(name), *self.age(name))

    def _nearness(self, name: BundleId, node: str) -> tuple[Any, ...]:
        """What the first descriptions of several authors are sorted by."""
        author, by = self.author(name), self.heads[name]["by"]
        places = [k for k, entry in enumerate(self.trust) if tuple(entry) == (author, None)]
        trusted = (bool(places), -min(places, default=0))
        record: tuple[Any, ...] = (False,)
        if not self.is_statement(name):
            best = [self.place(self.author(run), by) or 0 for run in self.vouchers(name)]
            record = (True, -min(best, default=0), *(-ord(sign) for sign in by), 1)
        return (
            self.owns(author, node),
            () if Rule.TRUSTED_FIRST in self.out else trusted,
            () if Rule.RECORD_BEFORE_STRANGER in self.out else record,
            self.age(name),
        )

    def owns(self, author: str | None, node: str) -> bool:
        """Whether an id belongs to an author; a mention to whom its subject belongs."""
        if node.startswith("mention:"):
            node = node.removeprefix("mention:").rpartition("/")[0]
        if node in self.minter:
            return author is not None and self.author(self.minter[node]) == author
        scheme, _, key = node.partition(":")
        if scheme in {"person", "software"} and ":" in key:
            is_voice = Rule.KEY_OWNS_ITS_NAME not in self.out and (key, author) in self.voices
            return author == key or is_voice
        return author is not None and author == owner_of(node)

    @cached_property
    def voices(self) -> set[tuple[str, str | None]]:
        """Keys, each with an author for whom it has a statement that counts."""
        counting = filter(self.counts, filter(self.is_statement, self.heads))
        return {(self.heads[name]["key"], self.author(name)) for name in counting}

    @cached_property
    def edges(self) -> set[tuple[Speaker, bytes]]:
        """The living edges, as canonical JSON, once for each speaker."""
        return {
            (self.speaker(name), edge) for edge, names in self.asserted.items() for name in names
        }

    @cached_property
    def asserted(self) -> dict[bytes, frozenset[BundleId]]:
        """The living edges, as canonical JSON, each with the living bundles that say it."""
        sayers: dict[bytes, set[BundleId]] = defaultdict(set)
        for name in self._living:
            for edge in (self.said(name) or Body()).edges:
                sayers[canonical_bytes(edge.to_json())].add(name)
        return {edge: frozenset(names) for edge, names in sayers.items()}

    # --- section 6: the state digest

    @cached_property
    def lines(self) -> dict[str, set[bytes]]:
        """By node its lines; runs have none."""
        lines: dict[str, set[bytes]] = defaultdict(set)
        for (node, author, actor), (description, name) in self.descriptions.items():
            if self._is_in_the_digest(name):
                who = self._in_a_line(author, actor, self.heads[name]["by"])
                lines[node].add(_line("node", *who, description.to_json()))
        for name in filter(self._is_in_the_digest, self._living):
            body = self.said(name)
            if body is None:
                lines[self.heads[name]["body"]].add(_line("absent"))
            for edge in body.edges if body else ():
                who = self._in_a_line(*self.speaker(name))
                lines[edge.source].add(_line("edge", *who, edge.to_json()))
        return lines

    def _is_in_the_digest(self, name: BundleId) -> bool:
        return not self.is_run(name) or Rule.NO_RUNS_IN_THE_DIGEST in self.out

    def _in_a_line(self, author: str, actor: str, by: str) -> Sequence[str]:
        return (author,) if Rule.SPEAKER_IN_THE_DIGEST in self.out else (author, actor, by)

    def digest_of(self, prefix: str) -> bytes:
        """The digest of a prefix of places: of all nodes whose place begins so."""
        leaves = []
        for node, lines in self.lines.items():
            if hashlib.sha256(node.encode()).hexdigest().startswith(prefix):
                text = canonical_bytes(node) + b"\n" + b"".join(sorted(lines))
                leaves.append(hashlib.sha256(b"\x00" + text).digest())
        if len(leaves) < 2:
            return leaves[0] if leaves else bytes(32)
        branches = b"".join(self.digest_of(prefix + digit) for digit in "0123456789abcdef")
        return hashlib.sha256(b"\x01" + branches).digest()

    @cached_property
    def digest(self) -> str:
        """The state digest."""
        whole = canonical_bytes(["colineage-state", 1]) + b"\n" + self.digest_of("")
        return f"sha256:{hashlib.sha256(whole).hexdigest()}"


def _line(*parts: object) -> bytes:
    return canonical_bytes(parts) + b"\n"
