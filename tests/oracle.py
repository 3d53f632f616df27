"""Oracle: the rules of docs/bundle.md as a plain function of a set of bundles, which every store must equal.

Nothing is stored, kept up to date or fast. Each rule is a method of its own, so that a test can take
one out and see that the histories it tries would notice.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import kind_of, owner_of
from graph.model.model import Body, BundleId, Description, Header
from graph.model.vocabulary import ENDING_VERBS, Kind, Scope


@dataclass(frozen=True, slots=True)
class Winner:
    """One author's newest living description of a node, and the bundle that says it."""

    description: Description
    bundle: BundleId


@dataclass(frozen=True, slots=True)
class Graph:
    """What a set of bundles means.

    `descriptions` by (node, author); `shown` names the author whose description of a node is shown;
    `edges` are canonical JSON, each with the living bundles that assert it.
    """

    counts: frozenset[BundleId]
    lives: frozenset[BundleId]
    descriptions: Mapping[tuple[str, str], Winner]
    shown: Mapping[str, str]
    edges: frozenset[bytes]
    asserted: Mapping[bytes, frozenset[BundleId]]
    digest: str


def oracle(bundles: Iterable[Bundle], trusted: frozenset[str]) -> Graph:
    """The graph of a set of bundles, in a store that trusts the runs of these authors (root keys)."""
    return Oracle(bundles, trusted).graph()


class Oracle:
    """The rules over one set of bundles; bundles of an unknown version are not in it (rule 2)."""

    def __init__(self, bundles: Iterable[Bundle], trusted: frozenset[str]) -> None:
        self.trusted = trusted
        self.bundles: dict[BundleId, Bundle] = {}
        self.headers: dict[BundleId, Header] = {}
        self._lives: dict[BundleId, bool] = {}
        for bundle in bundles:
            if bundle.header and (bundle.id not in self.bundles or bundle.body is not None):
                self.bundles[bundle.id] = bundle
                self.headers[bundle.id] = bundle.header

    # Rule 4: who speaks.

    def grants_above(self, name: BundleId) -> tuple[BundleId, ...] | None:
        """The grants a bundle speaks under, nearest first; `None` while one is missing or misfits."""
        header = self.headers[name]
        if header.under is None:
            return ()
        grant = self.headers.get(header.under)
        if grant is None or grant.grants is None or grant.grants.key != header.key:
            return None
        above = self.grants_above(header.under)
        return None if above is None else (header.under, *above)

    def author(self, name: BundleId) -> str | None:
        """A record's source; a statement's root key, `None` while it is pending."""
        header, above = self.headers[name], self.grants_above(name)
        if header.source is not None:
            return header.by
        if above is None:
            return None
        return self.headers[above[-1]].key if above else header.key

    def seniors(self, name: BundleId) -> set[str | None]:
        """The actors above the one that a statement is by."""
        return {self.headers[grant].actor for grant in self.grants_above(name) or ()}

    # Rule 5: whose word counts.

    def past(self, actor: str | None, heads: Iterable[BundleId]) -> set[BundleId]:
        """The actor's statements that can be reached by `prev` from these heads, heads included."""
        reached: set[BundleId] = set()
        waiting = list(heads)
        while waiting:
            name = waiting.pop()
            if name in self.headers and name not in reached and self.headers[name].actor == actor:
                reached.add(name)
                waiting += self.headers[name].prev
        return reached

    def is_authorised(self, name: BundleId) -> bool:
        """Whether its grants count, and nobody above has ended the one it is under before it."""
        header, above = self.headers[name], self.grants_above(name)
        if above is None:
            return False
        if header.under is None:
            return True
        return self.counts(header.under) and all(
            name in self.past(header.under, other.ends.heads)
            for end, other in self.headers.items()
            if other.ends and other.ends.grant == header.under
            if other.actor in self.seniors(name) and self.counts(end)
        )

    def counts(self, name: BundleId) -> bool:
        """Whether it is authorised and within each resignation of its own actor."""
        actor = self.headers[name].actor
        return self.is_authorised(name) and all(
            name in self.past(actor, [end])
            for end, other in self.headers.items()
            if other.ends and other.ends.grant is None
            if actor is not None and other.actor == actor and self.is_authorised(end)
        )

    # Rule 6: what a statement's life is.

    def may_end(self, other: BundleId, name: BundleId) -> bool:
        """Whether one statement has the authority to end another's life."""
        if self.author(other) != self.author(name):
            return False
        actor = self.headers[other].actor
        if actor == self.headers[name].actor or actor in self.seniors(name):
            return True
        grants = [self.headers[grant].grants for grant in self.grants_above(other) or ()]
        return bool(grants) and all(grant and grant.scope is Scope.ACT for grant in grants)

    def is_ended(self, target: BundleId, against: BundleId) -> bool:
        """Whether a living statement ends the target with authority over `against`."""
        return any(
            self.lives(other) and self.may_end(other, against)
            for other, header in self.headers.items()
            if any(a.target == target and a.verb in ENDING_VERBS for a in header.answers)
        )

    def lives(self, name: BundleId) -> bool:
        """Whether what it says is in the graph."""
        if name not in self._lives:
            header = self.headers[name]
            if header.source is not None:
                self._lives[name] = self.wins(name)
            else:
                lasting = header.grants is not None or header.ends is not None
                self._lives[name] = self.counts(name) and (lasting or not self.is_ended(name, name))
        return self._lives[name]

    # Rule 7: what a record's life is.

    def vouchers(self, record: BundleId) -> list[BundleId]:
        """The living runs of trusted authors who vouch for it and have not retracted it."""
        return [
            run
            for run, header in self.headers.items()
            if record in header.vouches and self.lives(run)
            if self.author(run) in self.trusted and not self.is_ended(record, run)
        ]

    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        """What decides within a slot: its date, its mapping, its latest voucher, its id."""
        header = self.headers[record]
        mapping = header.source.mapping_number if header.source else 0
        latest = max(self.headers[run].at or "" for run in self.vouchers(record))
        return header.at or "", mapping, latest, record

    def wins(self, name: BundleId) -> bool:
        """Whether it is the greatest of the vouched records of its slot."""
        slot = self.slot(name)
        rivals = [n for n in self.headers if self.slot(n) == slot and self.vouchers(n)]
        return name in rivals and name == max(rivals, key=self.rank)

    def slot(self, name: BundleId) -> tuple[str, str] | None:
        """The source and the uri of a record."""
        header = self.headers[name]
        return (header.by, header.source.uri) if header.source else None

    # Rules 8 to 10: what the living say.

    @cached_property
    def living(self) -> list[Bundle]:
        return [bundle for name, bundle in self.bundles.items() if self.lives(name)]

    def said(self, bundle: Bundle) -> Body:
        """What a bundle says, its labels replaced by the ids that it mints."""
        return bundle.resolved_body()

    def newness(self, name: BundleId) -> tuple[str, int, BundleId]:
        """What decides between two descriptions: the greater is the newer."""
        return self.headers[name].at or "", self.headers[name].n, name

    def descriptions(self) -> dict[tuple[str, str], Winner]:
        """Each author's newest living description of each node."""
        found: dict[tuple[str, str], Winner] = {}
        for bundle in sorted(self.living, key=lambda bundle: self.newness(bundle.id)):
            for description in self.said(bundle).nodes:
                found[description.id, str(self.author(bundle.id))] = Winner(description, bundle.id)
        return found

    def owner(self, node: str) -> str | None:
        """The author that an id belongs to: its source, its key, or its minter, living or not."""
        subject = node
        while subject.startswith("mention:"):
            subject = subject.removeprefix("mention:").rpartition("/")[0]
        scheme, _, rest = subject.partition(":")
        if scheme in {"person", "software"} and rest.startswith("ed25519:"):
            return rest
        minters = [
            self.author(name) for name, b in self.bundles.items() if subject in b.minted_ids()
        ]
        return owner_of(subject) or (minters[0] if minters else None)

    def shown(self, descriptions: Mapping[tuple[str, str], Winner]) -> dict[str, str]:
        """The author whose description is shown: the id's own, else the one with the newest."""
        found: dict[str, str] = {}
        for node in {node for node, _ in descriptions}:
            authors = {a: winner for (n, a), winner in descriptions.items() if n == node}
            newest = max(authors, key=lambda author: self.newness(authors[author].bundle))
            owner = self.owner(node)
            found[node] = owner if owner in authors else newest
        return found

    def edges(self) -> dict[bytes, frozenset[BundleId]]:
        """The edges, each with the living bundles that assert it."""
        found: dict[bytes, set[BundleId]] = defaultdict(set)
        for bundle in self.living:
            for edge in self.said(bundle).edges:
                found[canonical_bytes(edge.to_json())].add(bundle.id)
        return {edge: frozenset(names) for edge, names in found.items()}

    def graph(self) -> Graph:
        """All of it."""
        descriptions, edges = self.descriptions(), self.edges()
        return Graph(
            frozenset(filter(self.counts, self.headers)),
            frozenset(bundle.id for bundle in self.living),
            descriptions,
            self.shown(descriptions),
            frozenset(edges),
            edges,
            self.digest(descriptions, edges),
        )

    # Rule 12: the state digest.

    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        """The SHA-256 over the lines of the state."""
        about: dict[str, list[bytes]] = defaultdict(list)
        leaving: dict[str, list[bytes]] = defaultdict(list)
        for (node, author), winner in descriptions.items():
            if kind_of(node) is not Kind.INGEST:
                about[node].append(canonical_bytes(["node", author, winner.description.to_json()]))
        for edge in map(json.loads, edges):
            if Kind.INGEST not in {kind_of(edge["from"]), kind_of(edge["to"])}:
                leaving[edge["from"]].append(canonical_bytes(["edge", edge]))
        lines = [canonical_bytes(["colineage-state", 1])]
        for node in sorted(about.keys() | leaving.keys(), key=str.encode):
            lines += sorted(about[node]) + sorted(leaving[node])
        absent = {self.headers[b.id].body for b in self.living if b.body is None}
        lines += sorted(canonical_bytes(["absent", body]) for body in absent)
        return "sha256:" + hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
