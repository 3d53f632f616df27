"""Random histories of real, signed bundles: grants, ends, thieves, labs, runs, records, bodies that don't fit, dates ahead."""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from hypothesis import strategies as st

from graph.bundle.bundle import Bundle, read, record, statement
from graph.bundle.keys import Signer, signer_of
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Derivation, Kind, Relation, Scope, Verb
from graph.rules.facts import TrustEntry

T = TypeVar("T")

ADA: Final = signer_of(b"A" * 32)
"""A person whose runs the store trusts."""
LAB: Final = signer_of(b"L" * 32)
"""A lab that the store trusts for arXiv's records."""
ZED: Final = signer_of(b"Z" * 32)
"""A stranger."""
TRUST: Final = (TrustEntry(ADA.key), TrustEntry(LAB.key, frozenset({"source:arxiv"})))
"""Whom the stores trust."""
HANDS: Final = (signer_of(b"1" * 32), signer_of(b"2" * 32))
"""Keys that are granted, and stolen."""

WORKS: Final = ("arxiv:2401.00001", "arxiv:2401.00002", "openalex:W1")
IDEAS: Final = tuple("idea:" + hashlib.sha256(name).hexdigest() for name in (b"x", b"y"))
BYTES: Final = "sha256:" + "b" * 64
AGENT: Final = "ai:" + "a" * 64
AHEAD: Final = "2999-01-01T00:00:00Z"
MOMENTS: Final = tuple(f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3, 4))
OPERATIONS: Final = (
    *("say", "say", "answer", "answer", "answer", "grant", "grant", "end", "end"),
    *("record", "record", "run", "run", "future", "unfit"),
)
HARVEST: Final = (*["record"] * 3, *["run"] * 4, "answer", "grant", "say")
"""Operations of a history that is mostly about records."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks: a key, and the grant it speaks under."""

    signer: Signer
    under: str | None = None

    @property
    def name(self) -> str:
        return self.under or self.signer.key


class Writer:
    """Writes one history, asking for a number at every fork."""

    def __init__(self, between: Callable[[int, int], int]) -> None:
        """Keeps what gives a number from one to another, both included."""
        self._between = between
        self.out: list[Bundle] = []
        self.forms: dict[str, Bundle] = {}
        self.headers: dict[str, Header] = {}
        self.actors = [Actor(ADA), Actor(ADA), Actor(ZED), Actor(LAB)]
        self.last: dict[str, str] = {}

    def pick(self, items: Sequence[T]) -> T:
        return items[self._between(0, len(items) - 1)]

    def one_in(self, n: int) -> bool:
        return self._between(0, n - 1) == 1

    def some(self, items: Sequence[T], most: int) -> list[T]:
        if not items:
            return []
        return [self.pick(items) for _ in range(self._between(0, most))]

    def history(self, count: int, likely: Sequence[str] | None) -> list[Bundle]:
        """So many bundles; some may come twice."""
        operations: dict[str, Callable[[Actor], Bundle]] = {
            "say": self._say,
            "answer": self._answer,
            "grant": self._grant,
            "end": self._end,
            "record": self._record,
            "run": self._run,
            "future": self._future,
            "unfit": self._unfit,
        }
        likely = likely or (HARVEST if self.one_in(3) else OPERATIONS)
        for _ in range(count):
            actor = self.pick(self.actors)
            made = operations[self.pick(likely)](actor)
            if made.header is not None:
                self.headers[made.id] = made.header
                if made.header.key is not None:
                    self.last[actor.name] = made.id
            if self.one_in(12):
                made = read(made.header_bytes, None, made.signature)
            self.out.append(self.forms.setdefault(made.id, made))
        return self.out

    # Statements.

    def _prev(self, actor: Actor) -> tuple[str, ...]:
        how = self._between(0, 6)
        mine = [name for name, header in self.headers.items() if header.actor == actor.name]
        if how < 4 and actor.name in self.last:
            return (self.last[actor.name],)
        if how == 4:
            return tuple(sorted(set(self.some(mine, 2))))
        if how == 5:
            return tuple(sorted(set(self.some(list(self.headers), 1))))
        return ()

    def _state(
        self,
        actor: Actor,
        body: Body | None,
        *,
        answers: tuple[Answer, ...] = (),
        grants: Grant | None = None,
        ends: End | None = None,
        vouches: tuple[str, ...] = (),
    ) -> Bundle:
        prev = self._prev(actor)
        header = Header(
            by=self._by(actor),
            at=AHEAD if self.one_in(25) else self.pick(MOMENTS),
            under=actor.under,
            prev=prev,
            n=1 + max((self.headers[name].n for name in prev), default=-1),
            answers=answers,
            grants=grants,
            ends=ends,
            vouches=vouches,
        )
        return statement(header, body, actor.signer)

    def _by(self, actor: Actor) -> str:
        own = f"person:{actor.signer.key}"
        if actor.under is None:
            return self.pick((own, own, f"software:{actor.signer.key}"))
        return self.pick((own, f"person:{ADA.key}", AGENT, f"software:{ZED.key}", WORKS[0]))

    def _say(self, actor: Actor) -> Bundle:
        return self._state(actor, self._body())

    def _body(self) -> Body:
        labels = ["#1"] if self.one_in(3) else []
        minted = [name for bundle in self.out for name in bundle.minted_ids()]
        mentions = [f"mention:{name}/{'0' * 64}" for name in minted]
        ingest = "ingest:" + "0" * 64
        own = [f"person:{ADA.key}", f"person:{HANDS[0].key}", f"software:{HANDS[0].key}"]
        known = [
            *IDEAS,
            *WORKS,
            *minted,
            *minted,
            *minted,
            *mentions,
            mention_on(WORKS[0]),
            ingest,
            BYTES,
            *own,
        ]
        about = {*labels, *self.some(known, 3)}
        nodes = [
            Description(name, _kind(name), {"title": self.pick(("one", "two", "öther"))})
            for name in sorted(about)
        ]
        ends = [*IDEAS, *WORKS, *labels, *minted, ingest]
        edges = {canonical_bytes(edge.to_json()): edge for edge in self._edges(ends)}
        return Body(tuple(nodes), tuple(edges.values()))

    def _edges(self, ends: Sequence[str]) -> list[Edge]:
        # One that others state too: it lives while any of them does.
        found = [Edge(WORKS[0], Relation.CITES, WORKS[1])] if self.one_in(4) else []
        for source in self.some(ends, 2):
            target, how = self.pick(ends), self._between(0, 3)
            if how == 0:
                subtype = {"subtype": self.pick(tuple(Derivation)).value}
                found.append(Edge(source, Relation.WAS_DERIVED_FROM, target, subtype))
            elif how == 1:
                found.append(Edge(source, Relation.DISPUTES, target, {"evidence": [target]}))
            else:
                score = {"score": "0.5"} if how == 2 else {}
                found.append(Edge(source, Relation.CITES, target, score))
        return found

    def _answer(self, actor: Actor) -> Bundle:
        targets = [self.pick(self.out) for _ in range(1 + self._between(0, 1))] if self.out else []
        verbs = (Verb.RETRACTS, Verb.RETRACTS, Verb.SUPERSEDES, Verb.ERASES, Verb.RESTORES)
        answers = {
            target.id: self.pick((*verbs, Verb.RESTORES, Verb.DISPUTES)) for target in targets
        }
        bodies = (self._body, lambda: self._corrected(targets), Body, _run_body)
        return self._state(
            actor,
            self.pick(bodies)(),
            answers=tuple(Answer(verb, target) for target, verb in answers.items()),
        )

    def _corrected(self, targets: Sequence[Bundle]) -> Body:
        """What the answered ones minted, described anew by its full id."""
        minted = sorted({name for target in targets for name in target.minted_ids()})
        return Body(
            tuple(Description(name, _kind(name), {"title": "corrected"}) for name in minted)
        )

    def _grant(self, actor: Actor) -> Bundle:
        hand = self.pick(HANDS)
        grant = Grant(hand.key, self.pick(tuple(Scope)))
        made = self._state(actor, None, grants=grant)
        thief = Actor(self.pick((hand, hand, hand, ZED)), made.id)
        self.actors += [Actor(hand, made.id), thief]
        return made

    def _end(self, actor: Actor) -> Bundle:
        grants = [name for name, header in self.headers.items() if header.grants]
        if not grants:
            return self._grant(actor)
        grant = self.pick(grants)
        heads = [name for name, header in self.headers.items() if self._is_below(header, grant)]
        kept = tuple(sorted(set(heads if self.one_in(4) else self.some(heads, 2))))
        return self._state(actor, None, ends=End(grant, kept))

    def _is_below(self, header: Header, grant: str) -> bool:
        above = header.under
        while above is not None and above != grant:
            above = self.headers[above].under if above in self.headers else None
        return above == grant

    def _unfit(self, actor: Actor) -> Bundle:
        """A statement whose body is of a later vocabulary, or isn't the one that its header promises."""
        made = self._say(actor)
        body = self.pick((b'{"words":2}', b'{"nodes":7,"words":1}', b"no JSON"))
        value = json.loads(made.header_bytes) | {"body": digest(body)}
        header = canonical_bytes(value)
        return read(header, body, actor.signer.sign(header))

    def _run(self, actor: Actor) -> Bundle:
        records = [name for name, header in self.headers.items() if header.source]
        if not records:
            return self._record(actor)
        vouches = tuple(sorted(set(self.some(records, 3))))
        return self._state(actor, _run_body(), vouches=vouches)

    # What is no statement.

    def _record(self, _actor: Actor) -> Bundle:
        if self.one_in(4):
            return self._file()
        work = self.pick((WORKS[0], WORKS[0], WORKS[1]))
        mention = mention_on(work)
        nodes = [Description(work, Kind.WORK, {"title": self.pick(("red", "blue"))})]
        edges = [Edge(work, Relation.CITES, self.pick(WORKS))] if self.one_in(2) else []
        if self.one_in(2):
            nodes.append(Description(mention, Kind.MENTION, {"name": "Ada"}))
            edges.append(Edge(work, Relation.WAS_ATTRIBUTED_TO, mention, {"position": 1}))
        source = RecordSource(
            work,
            self.pick(("arxiv-raw/300", "arxiv-raw/300", "arxiv-api/200", "arxiv-raw/30")),
            self.pick(("CC0-1.0", None)),
        )
        at = self.pick((None, None, *MOMENTS[:2]))
        return record("source:arxiv", at, source, Body(tuple(nodes), tuple(edges)))

    def _file(self) -> Bundle:
        """A record of bytes, which no source owns: two sources may tell of the same."""
        source = self.pick(("source:mlflow", "source:pdf"))
        node = Description(BYTES, Kind.FILE, {"title": self.pick(("red", "blue"))})
        at = self.pick((None, MOMENTS[0]))
        return record(source, at, RecordSource(BYTES, "file/1"), Body((node,)))

    def _future(self, actor: Actor) -> Bundle:
        body = canonical_bytes({"nodes": [], "edges": []})
        header = {"v": 2, "by": actor.name, "n": len(self.out), "body": digest(body)}
        return read(canonical_bytes(header), body, None)


def mention_on(work: str) -> str:
    """The id of Ada's name on a work."""
    return f"mention:{work}/{hashlib.sha256(b'Ada').hexdigest()}"


def _run_body() -> Body:
    return Body((Description("#run", Kind.INGEST, {"tool": "a test"}),))


def _kind(name: str) -> Kind:
    scheme = name.partition(":")[0]
    known = {"#1": Kind.IDEA, "arxiv": Kind.WORK, "openalex": Kind.WORK, "sha256": Kind.FILE}
    return known.get(scheme) or Kind(scheme)


def histories(
    size: int = 16, *, likely: Sequence[str] | None = None
) -> st.SearchStrategy[list[Bundle]]:
    """Histories of up to `size` bundles; `likely` are the operations to choose from."""

    @st.composite
    def written(draw: st.DrawFn) -> list[Bundle]:
        count = draw(st.integers(1, size))
        return Writer(lambda low, high: draw(st.integers(low, high))).history(count, likely)

    return written()


def thrown(dice: random.Random, count: int) -> list[Bundle]:
    """A history of so many bundles, each fork of it decided by dice: no search, no two alike."""
    return Writer(dice.randint).history(count, None)
