"""Oracle: the rules of docs/bundle.md, sections 5 and 6, as a plain function of a set of bundles, which every store must equal.

Nothing is stored, kept up to date or fast. With `out` a test takes single rules out (or puts another form in their
place), and sees that the histories it tries would notice.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

from graph.bundle.bundle import Bundle, mint_id
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import owner_of
from graph.model.model import Body, BundleId, Description, Header

MOST_GRANTS: Final = 8
RIGHTS: Final = {"say": {"say"}, "harvest": {"vouch"}, "act": {"say", "vouch", "act"}}
ENDING: Final = {"retracts", "supersedes", "erases"}
NEVER_SPEAK: Final = frozenset(
    (
        "arxiv doi openalex git swh sha256 mlflow concept source repository work version dataset benchmark code model "
        "file idea claim question problem method plan result environment venue collection research run review "
        "replication audit ingest recommendation training"
    ).split()
)
FOR_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)

Trust: TypeAlias = Sequence[tuple[str, frozenset[str] | None]]
"""Whom a store trusts, in order: an author, and the sources it may vouch for (`None`: all, and its own words)."""

Speaker: TypeAlias = tuple[str, str, str]
"""Author, actor, and the agent that speaks."""


class Winner(NamedTuple):
    """One actor's newest living description of a node, and the bundle that says it."""

    description: Description
    bundle: BundleId


@dataclass(frozen=True, slots=True)
class Graph:
    """What a set of bundles means.

    `waits` are those dated ahead, with their time; `descriptions` by (node, author, actor); `shown` names the bundle whose
    description of a node is shown; `edges` are canonical JSON, each with the living bundles that assert it; `speakers` are
    those who say an edge.
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
    """A trust list of these authors, for all sources."""
    return [(key, None) for key in keys]


def oracle(bundles: Iterable[Bundle], trust: Trust, now: datetime = FOR_EVER) -> Graph:
    """The graph of a set of bundles, in a store that trusts these."""
    return graph_of(Oracle(bundles, trust, now))


class Oracle:
    """The rules over one set of bundles; what is not understood, or waits, is not in it."""

    def __init__(
        self,
        bundles: Iterable[Bundle],
        trust: Trust = (),
        now: datetime = FOR_EVER,
        out: Iterable[str] = (),
    ) -> None:
        self.trust, self.out = tuple(trust), frozenset(out)
        self.bundles: dict[BundleId, Bundle] = {}
        self.headers: dict[BundleId, Header] = {}
        self.waits: dict[BundleId, str] = {}
        latest = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for bundle in bundles:
            if bundle.header is None:
                continue
            if (bundle.header.at or "") > latest and "clock" not in self.out:
                self.waits[bundle.id] = bundle.header.at or ""
                continue
            self.headers[bundle.id] = bundle.header
            if bundle.id not in self.bundles or bundle.body_bytes is not None:
                self.bundles[bundle.id] = bundle
        self._counts: dict[BundleId, bool] = {}
        self._lives: dict[BundleId, bool] = {}
        self.ends_of: dict[BundleId, list[BundleId]] = defaultdict(list)
        self.answers_to: dict[BundleId, list[tuple[str, BundleId]]] = defaultdict(list)
        self.runs_for: dict[BundleId, list[BundleId]] = defaultdict(list)
        self.slots: dict[tuple[str, str], list[BundleId]] = defaultdict(list)
        self.minted: dict[str, BundleId] = {}
        for name, header in self.headers.items():
            if header.ends:
                self.ends_of[header.ends.grant].append(name)
            for answer in header.answers:
                self.answers_to[answer.target].append((answer.verb, name))
            for record in header.vouches:
                self.runs_for[record].append(name)
            if header.source:
                self.slots[header.by, header.source.uri].append(name)
            self.minted |= {mint_id(name, mint.label, mint.kind): name for mint in header.mints}

    # --- who speaks (rules 3 and 4)

    def actor(self, name: BundleId) -> str:
        header = self.headers[name]
        return header.under or header.key or header.by

    def fits(self, name: BundleId) -> bool:
        """Whether it speaks for itself, or under a grant that is here and was made to its key."""
        header = self.headers[name]
        if header.under is None:
            return True
        grant = self.headers.get(header.under)
        return bool(grant and grant.grants and grant.grants.key == header.key)

    def chain(self, name: BundleId) -> list[BundleId] | None:
        """The grants above, nearest first; none while one is missing or misfits, or where there are too many."""
        found: list[BundleId] = []
        while (under := self.headers[name].under) is not None:
            if not self.fits(name) or len(found) == MOST_GRANTS:
                return None
            found.append(under)
            name = under
        return found

    def author(self, name: BundleId) -> str | None:
        header = self.headers[name]
        if header.source:
            return header.by
        chain = self.chain(name)
        return None if chain is None else self.headers[chain[-1] if chain else name].key

    def rights(self, name: BundleId) -> set[str]:
        scopes = [
            grant.scope for g in self.chain(name) or () if (grant := self.headers[g].grants)
        ]
        if "chain" in self.out:
            scopes = scopes[:1]
        return {"say", "vouch", "act"}.intersection(*(RIGHTS.get(scope, set()) for scope in scopes))

    def seniors(self, name: BundleId) -> list[str]:
        """The actors above, the root first."""
        return [self.actor(grant) for grant in reversed(self.chain(name) or [])]

    # --- who counts (rule 5)

    def kept_by(self, heads: Iterable[BundleId]) -> set[BundleId]:
        found: set[BundleId] = set()
        todo: list[tuple[BundleId, str | None]] = [(head, None) for head in heads]
        while todo:
            name, actor = todo.pop()
            header = self.headers.get(name)
            if header is None or header.key is None or name in found:
                continue
            if actor in (None, self.actor(name)) and ("fits" in self.out or self.fits(name)):
                found.add(name)
                todo += [(earlier, self.actor(name)) for earlier in header.prev]
        return found

    def passes(self, name: BundleId, grant: BundleId) -> bool:
        """Whether the ends of the most senior actor that ended the grant keep it, taken together."""
        every = True
        for senior in [*self.seniors(grant), self.actor(grant)]:
            ends = [e for e in self.ends_of[grant] if self.actor(e) == senior and self.counts(e)]
            keeps = [name in self.kept_by(end.heads) for e in ends if (end := self.headers[e].ends)]
            together = all(keeps) if "union" in self.out else any(keeps)
            if keeps and "senior" not in self.out:
                return together
            every = every and (together or not keeps)
        return every

    def may_be_by(self, name: BundleId) -> bool:
        header = self.headers[name]
        scheme, _, rest = header.by.partition(":")
        if "by" in self.out:
            return True
        if scheme in NEVER_SPEAK and ("agents" not in self.out or scheme == "source"):
            return False
        of_key = scheme == "person" or (scheme == "software" and "software" not in self.out)
        if not of_key or re.fullmatch("[0-9a-f]{64}", rest):
            return True
        return rest in (self.author(name), header.key)

    def may(self, name: BundleId) -> bool:
        """With `say` anything; with `harvest` alone runs, and answers to runs of the own actor, and nothing else."""
        header, rights = self.headers[name], self.rights(name)
        if "say" in rights or ("vouch" in rights and "runs" in self.out):
            return True
        answers_alone = bool(header.answers) and not header.mints and "own-runs" not in self.out
        if "vouch" not in rights or not (header.is_run or answers_alone):
            return False
        return "any-answer" in self.out or all(
            self.is_own_run(name, answer.target) for answer in header.answers
        )

    def is_own_run(self, name: BundleId, target: BundleId) -> bool:
        header = self.headers.get(target)
        return (
            header is not None
            and header.is_run
            and self.fits(target)
            and self.actor(target) == self.actor(name)
        )

    def counts(self, name: BundleId) -> bool:
        if name not in self._counts:
            self._counts[name] = self._does_count(name)
        return self._counts[name]

    def _does_count(self, name: BundleId) -> bool:
        header, chain = self.headers[name], self.chain(name)
        if header.source:
            return True
        if chain is None or not self.may_be_by(name):
            return False
        if header.under is None:
            return True
        covering = chain[:1] if "subtree" in self.out else chain
        return (
            self.may(name)
            and self.counts(header.under)
            and all(self.passes(name, grant) for grant in covering)
        )

    # --- the word on a statement (rule 6)

    def may_end(self, name: BundleId, target: BundleId) -> bool:
        if self.author(name) is None or self.author(name) != self.author(target):
            return False
        mine, its = self.actor(name), self.actor(target)
        return (
            mine == its
            or mine in self.seniors(target)
            or ("act" in self.rights(name) and ("over" in self.out or its not in self.seniors(name)))
        )

    def age(self, name: BundleId) -> tuple[str, int, BundleId]:
        header = self.headers[name]
        return header.at or "", 0 if "n" in self.out else header.n, name

    def standing(self, name: BundleId) -> tuple[Any, ...]:
        acts = () if "acts" in self.out else ("act" in self.rights(name),)
        return (*acts, -len(self.chain(name) or ()))

    def verdict(self, target: BundleId, verbs: set[str]) -> str:
        """The word on a statement of the one who stands highest."""
        words = [
            ((() if "rank" in self.out else self.standing(name)), self.age(name), verb)
            for verb, name in self.answers_to[target]
            if verb in verbs and self.counts(name) and self.may_end(name, target)
        ]
        return max(words)[-1] if words else "restores"

    def erased(self, name: BundleId) -> bool:
        if not self.headers[name].source:
            verbs = {"erases", "restores"} | (ENDING if "sticky" in self.out else set())
            return self.author(name) is not None and self.verdict(name, verbs) == "erases"
        if "files" in self.out or self.vouchers(name):
            return False
        words = [
            (-place, self.standing(by), self.age(by), verb)
            for verb, by in self.answers_to[name]
            if verb in {"erases", "restores"}
            and self.counts(by)
            and "act" in self.rights(by)
            and (place := self.place(self.author(by), self.headers[name].by)) is not None
        ]
        return bool(words) and max(words)[-1] == "erases"

    def lives(self, name: BundleId) -> bool:
        if name not in self._lives:
            header = self.headers[name]
            self._lives[name] = (
                self.winner(header.by, header.source.uri) == name
                if header.source
                else self.counts(name) and self.verdict(name, {*ENDING, "restores"}) == "restores"
            )
        return self._lives[name]

    # --- records (rule 7)

    def place(self, author: str | None, source: str) -> int | None:
        for place, (trusted, what) in enumerate(self.trust):
            if trusted == author and (what is None or source in what or "what" in self.out):
                return place
        return None

    def vouchers(self, record: BundleId) -> list[BundleId]:
        return [
            run
            for run in self.runs_for[record]
            if self.counts(run)
            and self.place(self.author(run), self.headers[record].by) is not None
            and ("vouch" in self.rights(run) or "vouch" in self.out)
            and self.lives(run)
            and not self.is_out(record, run)
        ]

    def is_out(self, record: BundleId, run: BundleId) -> bool:
        """Whether the word on a record, of those who reach as far as one of its vouchers, is against it."""
        source = self.headers[record].by
        mine, words = self.place(self.author(run), source), []
        for verb, by in self.answers_to[record]:
            place = self.place(self.author(by), source)
            if verb not in {*ENDING, "restores"} or not self.counts(by) or place is None:
                continue
            if mine is None or place > mine:
                continue
            across = "act" in self.rights(by) and "across" not in self.out
            if self.may_end(by, run) if self.author(by) == self.author(run) else across:
                words.append((-place, self.standing(by), self.age(by), verb))
        return bool(words) and max(words)[-1] != "restores"

    def winner(self, by: str, uri: str) -> BundleId | None:
        """The record of a slot that lives."""
        best = []
        for name in self.slots[by, uri]:
            vouchers, source = self.vouchers(name), self.headers[name].source
            if vouchers and source:
                dated = self.headers[name].at is not None and "latest" not in self.out
                last = "" if dated else max(self.headers[run].at or "" for run in vouchers)
                best.append((self.age(name)[0], source.mapping_number, last, name))
        return max(best)[-1] if best else None

    # --- what the living say (rules 8 to 11)

    def said(self, name: BundleId) -> Body | None:
        """The body with its ids minted; none where it isn't here, doesn't fit, is erased, or may not be said."""
        header, bundle = self.headers[name], self.bundles[name]
        if header.body is None:
            return Body()
        if bundle.body is None or self.erased(name):
            return None
        body = bundle.resolved_body()
        is_mute = bool(body.nodes or body.edges) and header.key is not None and not header.is_run
        if is_mute and "say" not in self.rights(name) and "mute" not in self.out:
            return None
        return body

    def speaker(self, name: BundleId) -> Speaker:
        return self.author(name) or "", self.actor(name), self.headers[name].by

    @cached_property
    def alive(self) -> list[BundleId]:
        return sorted(filter(self.lives, self.headers), key=self.age)

    @cached_property
    def descriptions(self) -> dict[tuple[str, str, str], Winner]:
        """By node, author and actor the newest."""
        found = {}
        for name in self.alive:
            author, actor, _ = self.speaker(name)
            if "per-actor" in self.out:
                actor = author
            for node in (self.said(name) or Body()).nodes:
                found[node.id, author, actor] = Winner(node, name)
        return found

    @cached_property
    def voices(self) -> set[tuple[str | None, str | None]]:
        return {
            (header.key, self.author(name))
            for name, header in self.headers.items()
            if header.key and self.counts(name)
        }

    def owns(self, author: str | None, node: str) -> bool:
        """Whether an id belongs to an author."""
        subject = node.removeprefix("mention:").rpartition("/")[0] if node.startswith("mention:") else node
        if (source := owner_of(subject)) is not None:
            return author == source
        scheme, _, rest = subject.partition(":")
        if scheme in {"person", "software"} and not re.fullmatch("[0-9a-f]{64}", rest):
            own = author == rest
            return own or ("key-names" not in self.out and (rest, author) in self.voices)
        minter = self.minted.get(subject)
        return minter is not None and author is not None and self.author(minter) == author

    def order(self, node: str, name: BundleId) -> tuple[Any, ...]:
        """What sorts the descriptions of one author: the greatest is its first."""
        if "per-actor" in self.out:
            return self.age(name)
        minter = self.minted.get(node)
        own = minter is not None and self.author(minter) == self.author(name)
        first = "minter" in self.out or not own or self.may_end(name, minter or "")
        return (first, *(self.standing(name) if self.headers[name].key else ()), self.age(name))

    def shown(self, node: str) -> BundleId | None:
        by_author: dict[str, list[BundleId]] = defaultdict(list)
        for (described, author, _), winner in self.descriptions.items():
            if described == node:
                by_author[author].append(winner.bundle)
        firsts = [max(names, key=lambda name: self.order(node, name)) for names in by_author.values()]
        return max(firsts, key=self._prominence(node), default=None)

    def _prominence(self, node: str) -> Callable[[BundleId], tuple[Any, ...]]:
        def prominence(name: BundleId) -> tuple[Any, ...]:
            author, header = self.author(name), self.headers[name]
            at = next(
                (k for k, (a, what) in enumerate(self.trust) if a == author and what is None), None
            )
            trusted = () if "trusted" in self.out else (at is not None, -(at or 0))
            record: tuple[Any, ...] = (False,)
            if header.source and "records" not in self.out:
                places = [self.place(self.author(run), header.by) for run in self.vouchers(name)]
                by = (*(-ord(sign) for sign in header.by), 1)
                record = (True, -min(place for place in places if place is not None), by)
            return (self.owns(author, node), *trusted, record, self.age(name))

        return prominence

    @cached_property
    def asserted(self) -> dict[bytes, set[BundleId]]:
        found: dict[bytes, set[BundleId]] = defaultdict(set)
        for name in self.alive:
            for edge in (self.said(name) or Body()).edges:
                found[canonical_bytes(edge.to_json())].add(name)
        return found

    # --- the digest (section 6)

    @cached_property
    def lines(self) -> dict[str, set[bytes]]:
        """By node its lines; runs have none."""
        found: dict[str, set[bytes]] = defaultdict(set)

        def put(node: str, *parts: object) -> None:
            found[node].add(canonical_bytes(parts) + b"\n")

        for (node, author, actor), winner in self.descriptions.items():
            header = self.headers[winner.bundle]
            if not header.is_run:
                put(node, "node", author, actor, header.by, winner.description.to_json())
        for name in self.alive:
            header, body = self.headers[name], self.said(name)
            if header.is_run:
                continue
            if body is None:
                put(header.body or "", "absent")
            for edge in body.edges if body else ():
                put(edge.source, "edge", *self.speaker(name), edge.to_json())
        return found

    def digest_of(self, prefix: str) -> bytes:
        """The digest of all nodes whose place begins so."""
        leaves = [
            hashlib.sha256(
                b"\0" + canonical_bytes(node) + b"\n" + b"".join(sorted(lines))
            ).digest()
            for node, lines in self.lines.items()
            if hashlib.sha256(node.encode()).hexdigest().startswith(prefix)
        ]
        if len(leaves) < 2:
            return leaves[0] if leaves else bytes(32)
        below = b"".join(self.digest_of(prefix + digit) for digit in "0123456789abcdef")
        return hashlib.sha256(b"\1" + below).digest()

    @property
    def digest(self) -> str:
        root = self.digest_of("")
        return "sha256:" + hashlib.sha256(b'["colineage-state",1]\n' + root).hexdigest()


def graph_of(found: Oracle) -> Graph:
    """What an oracle says, as plain values."""
    nodes = {node for node, *_ in found.descriptions}
    return Graph(
        counts=frozenset(filter(found.counts, found.headers)),
        lives=frozenset(found.alive),
        erased=frozenset(filter(found.erased, found.headers)),
        waits=found.waits,
        descriptions=found.descriptions,
        shown={node: shown for node in nodes if (shown := found.shown(node))},
        asserted={edge: frozenset(names) for edge, names in found.asserted.items()},
        digest=found.digest,
    )
