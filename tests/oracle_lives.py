"""First half of the oracle: which bundles are of the set, which count and which live (docs/bundle.md, section 5, rules 1 to 7)."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, TypeAlias

from graph.bundle.bundle import Bundle
from graph.bundle.keys import is_signed
from graph.model.model import BundleId
from tests.oracle_form import (
    RESIGNATION,
    Json,
    Rule,
    is_admitted,
    is_run,
    minted_ids,
    parsed,
    sayable_body,
    words_of,
)

FOR_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)

Trust: TypeAlias = Sequence[tuple[str, frozenset[str] | None]]
"""Whom a store trusts, in order: an author, and the sources it may vouch for (`None`: all, and its own words)."""

Verify: TypeAlias = Callable[[str, bytes, bytes], bool]
"""Whether a signature (last) of a header (second) holds under a key (first)."""

_GIVEN: Final = {"say": {"say"}, "harvest": {"vouch"}, "act": {"say", "vouch", "act"}}
_ENDING: Final = {"retracts", "supersedes", "erases"}
_ON_BODIES: Final = {"erases", "restores"}
WORDS: Final = _ENDING | _ON_BODIES
"""Verbs with an effect."""
_NO_AGENTS: Final = {
    *("arxiv", "doi", "openalex", "git", "swh", "sha256", "mlflow", "concept", "source"),
    *("repository", "work", "version", "dataset", "benchmark", "code", "model", "file", "idea"),
    *("claim", "question", "problem", "method", "plan", "result", "environment", "venue"),
    *("collection", "research", "run", "review", "replication", "audit", "ingest"),
    *("recommendation", "training"),
}
_HEX64: Final = re.compile("[0-9a-f]{64}")


class Lives:
    """The rules about lives over one set of bundles.

    `heads` are the headers of the set, as they stand; what is refused or not understood is not in it. `waits` are those
    dated ahead, with their time: they aren't in it either.

    Args:
        bundles: Any number of copies of each, with or without the body.
        trust: Whom the store trusts.
        now: The clock of the store.
        out: Rules that are taken out.
        words: The vocabularies that the store's program knows.
        keys: The algorithms that it knows, each with its test of signatures.
    """

    most_grants: ClassVar[int] = 8

    def __init__(
        self,
        bundles: Iterable[Bundle],
        trust: Trust = (),
        now: datetime = FOR_EVER,
        out: Iterable[Rule] = (),
        *,
        words: Set[int] = frozenset({1}),
        keys: Mapping[str, Verify] | None = None,
    ) -> None:
        self.trust, self.out = tuple(trust), frozenset(out)
        self.heads: dict[BundleId, Json] = {}
        self.bodies: dict[BundleId, Json | None] = {}
        self.waits: dict[BundleId, str] = {}
        self._memory: dict[tuple[str, str], Any] = {}
        self._verify = keys or {"ed25519": is_signed}
        latest = f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
        for bundle in bundles:
            header = parsed(bundle.header_bytes)
            if not self._is_of_the_set(bundle, header, words):
                continue
            if (header["at"] or "") > latest and Rule.AHEAD_WAITS not in self.out:
                self.waits[bundle.id] = header["at"]
                continue
            self.heads[bundle.id] = header
            if bundle.body_bytes is not None or bundle.id not in self.bodies:
                self.bodies[bundle.id] = sayable_body(bundle, header, words, self.out)
        self._look_around()

    def _look_around(self) -> None:
        self.ends_of: dict[BundleId, list[BundleId]] = defaultdict(list)
        self.answers_to: dict[BundleId, list[tuple[str, BundleId]]] = defaultdict(list)
        self.runs_for: dict[BundleId, list[BundleId]] = defaultdict(list)
        self.slots: dict[tuple[str, str], list[BundleId]] = defaultdict(list)
        self.minter: dict[str, BundleId] = {}
        for name, head in self.heads.items():
            if "ends" in head:
                resigns = head["ends"] == RESIGNATION
                self.ends_of[self.actor(name) if resigns else head["ends"][0]].append(name)
            for verb, target in head.get("answers", ()):
                self.answers_to[target].append((verb, name))
            for record in head.get("vouches", ()):
                self.runs_for[record].append(name)
            if "source" in head:
                self.slots[head["by"], head["source"]["uri"]].append(name)
            for minted in minted_ids(name, head, self.bodies[name], self.out).values():
                self.minter[minted] = name

    # --- rules 1 and 2: the set

    def _is_of_the_set(self, bundle: Bundle, header: Any, words: Set[int]) -> bool:
        if not isinstance(header, dict) or header.get("v") != 1:
            return False
        algorithm = header.get("key", "").partition(":")[0]
        if "key" in header and algorithm not in self._verify:
            return False
        if not is_admitted(bundle, header, self.out) or not self._is_authentic(bundle, header):
            return False
        body = words_of(bundle)
        if body is not None and body["words"] not in words:
            return Rule.UNKNOWN_WORDS_COUNT not in self.out
        is_fit = sayable_body(bundle, header, words, self.out) is not None
        return is_fit or bundle.body_bytes is None or Rule.UNFIT_COUNTS not in self.out

    def _is_authentic(self, bundle: Bundle, header: Json) -> bool:
        """Whether it has its signature; that of a bundle which was read was tried then."""
        if bundle.header is not None:
            return True
        key, signature = header.get("key"), bundle.signature
        if key is None or signature is None:
            return key is None and signature is None
        return self._verify[key.partition(":")[0]](key, bundle.header_bytes, signature)

    # --- rules 3 and 4: who speaks, with which rights

    def actor(self, name: BundleId) -> str:
        head = self.heads[name]
        return str(head.get("under") or head.get("key") or head["by"])

    def is_statement(self, name: BundleId) -> bool:
        return "key" in self.heads[name]

    def is_run(self, name: BundleId) -> bool:
        return is_run(self.heads[name], self.out)

    def fits(self, name: BundleId) -> bool:
        """Whether it is under no grant, or under one that is here and was made to its key."""
        head = self.heads[name]
        grant = self.heads.get(head.get("under", ""), {})
        return "under" not in head or grant.get("grants", (None,))[0] == head["key"]

    def grants_above(self, name: BundleId) -> list[BundleId] | None:
        """The grants it speaks under, the topmost first; none where it is pending."""
        grants: list[BundleId] = []
        while "under" in self.heads[name]:
            if not self.fits(name) or len(grants) == self.most_grants:
                return None
            name = self.heads[name]["under"]
            grants.insert(0, name)
        return grants

    def author(self, name: BundleId) -> str | None:
        """The root key, the source of a record, or none while it is pending."""
        head, grants = self.heads[name], self.grants_above(name)
        if "source" in head:
            return str(head["by"])
        return None if grants is None else str(self.heads[grants[0] if grants else name]["key"])

    def actors_above(self, name: BundleId) -> list[str]:
        """The actors above the one that says it, the root first."""
        return [self.actor(grant) for grant in self.grants_above(name) or ()]

    def rights(self, name: BundleId) -> set[str]:
        grants = self.grants_above(name) or []
        if Rule.EVERY_GRANT_LIMITS in self.out:
            grants = grants[-1:]
        given = [_GIVEN.get(self.heads[grant]["grants"][1], set()) for grant in grants]
        return set(_GIVEN["act"]).intersection(*given)

    # --- rule 5: what counts

    def counts(self, name: BundleId) -> bool:
        return bool(self._once("counts", name, self._counts))

    def _counts(self, name: BundleId) -> bool:
        if not self.is_statement(name):
            return True
        grants = self.grants_above(name)
        if grants is None or not self._speaks_as_itself(name) or self._has_resigned(name):
            return False
        if not grants:
            return True
        if not self._may_say_this(name) or not self.counts(grants[-1]):
            return False
        ending = grants if Rule.END_COVERS_ALL_BELOW not in self.out else grants[-1:]
        return all(self._passes(name, grant) for grant in ending)

    def _speaks_as_itself(self, name: BundleId) -> bool:
        """Whether `by` is an agent, and no other key than the author's or the one that signs."""
        head, out = self.heads[name], self.out
        scheme, _, rest = head["by"].partition(":")
        if Rule.KEY_IS_THE_SPEAKERS in out:
            return True
        if scheme in _NO_AGENTS and (Rule.AGENTS_SPEAK not in out or scheme == "source"):
            return False
        named = {"person"} if Rule.ROOT_NAMES_ITSELF in out else {"person", "software"}
        if scheme not in named or _HEX64.fullmatch(rest):
            return True
        return rest in (self.author(name), head["key"])

    def _may_say_this(self, name: BundleId) -> bool:
        head, rights, out = self.heads[name], self.rights(name), self.out
        if "say" in rights:
            return True
        if "vouch" not in rights:
            return False
        if Rule.HARVEST_SAYS_NOTHING in out:
            return True
        only_answers = "answers" in head and "mints" not in head
        if not self.is_run(name) and (not only_answers or Rule.HARVEST_ANSWERS_ITS_RUNS in out):
            return False
        if Rule.HARVEST_ANSWERS_NOTHING_ELSE in out:
            return True
        return all(self._is_own_run(name, target) for _, target in head.get("answers", ()))

    def _is_own_run(self, name: BundleId, target: BundleId) -> bool:
        return (
            target in self.heads
            and self.is_run(target)
            and self.fits(target)
            and self.actor(target) == self.actor(name)
        )

    def _passes(self, name: BundleId, grant: BundleId) -> bool:
        """Whether the ends of the most senior actor that ended the grant keep it."""
        every = []
        for actor in [*self.actors_above(grant), self.actor(grant)]:
            ends = [e for e in self.ends_of[grant] if self.actor(e) == actor and self.counts(e)]
            keeps = [name in self._kept(self.heads[end]["ends"][1:]) for end in ends]
            if not keeps:
                continue
            every.append(all(keeps) if Rule.ENDS_ADD_UP in self.out else any(keeps))
            if Rule.MOST_SENIOR_DECIDES not in self.out:
                break
        return all(every)

    def _kept(self, heads: Iterable[BundleId]) -> set[BundleId]:
        """The heads, and what each actor's way along `prev` leads to."""
        kept: set[BundleId] = set()
        todo = [(head, "") for head in heads]
        while todo:
            name, actor = todo.pop()
            if name not in self.heads or name in kept or not self.is_statement(name):
                continue
            if actor not in ("", self.actor(name)):
                continue
            if self.fits(name) or Rule.WAY_IS_OF_THOSE_THAT_FIT in self.out:
                kept.add(name)
                todo += [(prev, self.actor(name)) for prev in self.heads[name].get("prev", ())]
        return kept

    def _has_resigned(self, name: BundleId) -> bool:
        """As it was before: whether some resignation of its actor doesn't keep it; there is none any more."""
        ends = [e for e in self.ends_of[self.actor(name)] if self.heads[e]["ends"] == RESIGNATION]
        return not all(name in self._kept([end]) for end in ends)

    # --- rule 6: the word on a statement

    def may_end(self, name: BundleId, target: BundleId) -> bool:
        """Whether one statement may end another, provided that it counts."""
        if self.author(name) is None or self.author(name) != self.author(target):
            return False
        actor, other = self.actor(name), self.actor(target)
        if actor == other or actor in self.actors_above(target):
            return True
        is_safe = other in self.actors_above(name) and Rule.SENIORS_ARE_SAFE not in self.out
        return "act" in self.rights(name) and not is_safe

    def age(self, name: BundleId) -> tuple[str, int, BundleId]:
        head = self.heads[name]
        number = 0 if Rule.NUMBER_WITHIN_A_SECOND in self.out else head.get("n", 0)
        return head["at"] or "", number, name

    def rank(self, name: BundleId) -> tuple[Any, ...]:
        """What the words of an author, and its descriptions, are sorted by before their age."""
        acts = "act" in self.rights(name)
        first = () if Rule.ACT_BEFORE_DEPTH in self.out else (acts,)
        return (*first, -len(self.grants_above(name) or ()))

    def word_on(self, target: BundleId, verbs: Set[str]) -> str:
        """The highest of the words on a statement; `restores` where there is none."""
        words = [
            ((() if Rule.RANK_BEFORE_DATE in self.out else self.rank(name)), self.age(name), verb)
            for verb, name in self.answers_to[target]
            if verb in verbs and self.counts(name) and self.may_end(name, target)
        ]
        return max(words)[-1] if words else "restores"

    def lives(self, name: BundleId) -> bool:
        return bool(self._once("lives", name, self._lives))

    def _lives(self, name: BundleId) -> bool:
        head = self.heads[name]
        if "source" in head:
            return self._winner(head["by"], head["source"]["uri"]) == name
        if Rule.GRANT_STANDS_ALONE in self.out and head.keys() & {"grants", "ends"}:
            return self.counts(name)
        return self.counts(name) and self.word_on(name, WORDS) == "restores"

    def erased(self, name: BundleId) -> bool:
        if not self.is_statement(name):
            return self._is_record_erased(name)
        verbs = WORDS if Rule.ERASED_STAYS_ERASED in self.out else _ON_BODIES
        return self.word_on(name, verbs) == "erases"

    # --- rule 7: records

    def place(self, author: str | None, source: str) -> int | None:
        """The place of an author in the trust list, for a source."""
        for place, (trusted, sources) in enumerate(self.trust):
            is_for_it = sources is None or source in sources or Rule.TRUST_BY_SOURCE in self.out
            if trusted == author and is_for_it:
                return place
        return None

    def vouchers(self, record: BundleId) -> list[BundleId]:
        """The runs that make a record live, where it is the greatest of its slot."""
        return [run for run in self.runs_for[record] if self._is_voucher(run, record)]

    def _is_voucher(self, run: BundleId, record: BundleId) -> bool:
        place = self.place(self.author(run), self.heads[record]["by"])
        return (
            place is not None
            and self.is_run(run)
            and self.lives(run)
            and ("vouch" in self.rights(run) or Rule.VOUCHER_HAS_THE_RIGHT in self.out)
            and self._word_on_record(record, run, place) == "restores"
        )

    def _word_on_record(self, record: BundleId, run: BundleId, place: int) -> str:
        """The highest word on a record of those that reach as far as a voucher of it."""

        def reaches(name: BundleId, its_place: int) -> bool:
            if self.author(name) == self.author(run):
                return self.may_end(name, run)
            is_over = its_place <= place and Rule.EARLIER_PLACE_OVERRULES not in self.out
            return "act" in self.rights(name) and is_over

        words = [word for word in self._words_on_record(record, WORDS) if reaches(*word[-2:])]
        return max(words)[-3] if words else "restores"

    def _words_on_record(self, record: BundleId, verbs: Set[str]) -> list[tuple[Any, ...]]:
        """The words of those who have a place, sorted by it and then as those on statements: …, verb, bundle, place."""
        words: list[tuple[Any, ...]] = []
        for verb, name in self.answers_to[record]:
            place = self.place(self.author(name), self.heads[record]["by"])
            if verb in verbs and place is not None and self.counts(name):
                words.append((-place, self.rank(name), self.age(name), verb, name, place))
        return words

    def _winner(self, by: str, uri: str) -> BundleId | None:
        """The greatest record of a slot, of those that have a voucher."""
        ranks = [self._size(name) for name in self.slots[by, uri] if self.vouchers(name)]
        return max(ranks)[-1] if ranks else None

    def _size(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        head = self.heads[record]
        is_dated = head["at"] is not None and Rule.VOUCHER_DATES_THE_UNDATED not in self.out
        latest = "" if is_dated else max(self.heads[run]["at"] for run in self.vouchers(record))
        mapping = int(head["source"]["mapping"].rpartition("/")[-1])
        return head["at"] or "", mapping, latest, record

    def _is_record_erased(self, record: BundleId) -> bool:
        if self.vouchers(record) or Rule.RECORD_IS_ERASED in self.out:
            return False
        words = self._words_on_record(record, _ON_BODIES)
        mighty = [word for word in words if "act" in self.rights(word[-2])]
        return bool(mighty) and max(mighty)[-3] == "erases"

    def _once(self, what: str, name: BundleId, find: Callable[[BundleId], Any]) -> Any:
        """An answer that doesn't change, looked for once."""
        if (what, name) not in self._memory:
            self._memory[what, name] = find(name)
        return self._memory[what, name]
