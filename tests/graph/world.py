"""World of people, machines, labs and thieves, which write random histories of real, signed bundles.

Everybody has a letter. A is a person whom the store trusts, W her working key, B and C agents that speak for her, H her
harvester. L is a lab that the store trusts for arXiv, M one that it trusts for all. Z is a stranger, X and Y are keys of
whoever wants to be heard and shouldn't be. Nobody has the key Q.

Times are numbers: a day is 100. It is now 300.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from graph.bundle.bundle import Bundle, read
from graph.bundle.keys import Signer, signer_of
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes, digest
from tests.oracle import Oracle
from tests.oracle_form import RESIGNATION, Json, Rule, Rules, is_admitted, is_run, mint, parsed

T = TypeVar("T")
Wish: TypeAlias = dict[str, Any]
"""Keys of a header as they are wished: `answers`, `grants`, `ends`, `vouches`, `mints`; and `body`, its content."""

LETTERS: Final = "AWBCDEHLMXYZ"
"""Those who have keys."""
DAY: Final = 100
NOW: Final = 300
FAR: Final = 10**6
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)


def moment(at: int) -> datetime:
    """The time of a number."""
    return _BEGINNING + timedelta(days=1) * at / DAY


def stamp(at: int | None) -> str | None:
    """The time of a number as a bundle has it."""
    return None if at is None else f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"


def number(stamped: str) -> int:
    """The number of a time."""
    return round((datetime.fromisoformat(stamped) - _BEGINNING) / timedelta(days=1) * DAY)


@cache
def signer(letter: str) -> Signer:
    """The signer of a letter."""
    return signer_of(letter.encode() * 32)


def key(letter: str) -> str:
    """The public key of a letter."""
    return signer(letter).key


def person(letter: str) -> str:
    """A letter's name as a person."""
    return f"person:{key(letter)}"


def software(letter: str) -> str:
    """A letter's name as an installation."""
    return f"software:{key(letter)}"


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


ARXIV: Final = {"1": "arxiv:2401.00001", "2": "arxiv:2401.00002"}
SOURCES: Final = {
    "source:arxiv": ("arxiv:2401.00001", "arxiv:2401.00002"),
    "source:openalex": ("openalex:W1", "openalex:W2"),
    "source:pdf": (f"sha256:{_hex('1')}", f"sha256:{_hex('2')}"),
}
"""Subjects of records, by their source; a file belongs to nobody."""
PAPER, OTHER_PAPER = SOURCES["source:arxiv"]
FILE: Final = SOURCES["source:pdf"][0]
DOI, OTHER_DOI = "doi:10.1000/1", "doi:10.1000/2"
AGENTS: Final = (f"ai:{_hex('x')}", f"ai:{_hex('y')}")
ANON: Final = f"person:{_hex('anonymous')}"
TRUST: Final = ((key("A"), None), (key("L"), frozenset({"source:arxiv"})), (key("M"), None))
VERBS: Final = ("retracts", "supersedes", "restores", "erases", "disputes")
JUNK: Final = (b"no JSON", b'{"words":1,"nodes":7}', b'{"words":3}', b"")
"""Bodies that are none."""


class Voice(NamedTuple):
    """Key that speaks, and the grant under which it does."""

    letter: str
    under: str | None = None


def node(name: str, title: str, words: int = 1) -> dict[str, Any]:
    """A description; with a word of vocabulary 2 beside."""
    scheme = name.partition(":")[0]
    kinds = {"arxiv": "work", "openalex": "work", "doi": "work", "sha256": "file", "#run": "ingest"}
    kind = "idea" if name.startswith("#") and name != "#run" else kinds.get(scheme, scheme)
    weather = {"weather": "fair"} if words == 2 else {}
    return {"id": name, "kind": kind, "title": title, **weather}


def edge(source: str, relation: str, target: str, **qualifiers: object) -> dict[str, Any]:
    """An edge."""
    return {"from": source, "rel": relation, "to": target, **qualifiers}


def content(*nodes: Json, edges: Iterable[Json] = (), words: int = 1) -> dict[str, Any]:
    """The body of what describes and joins these."""
    found: dict[str, Any] = {"words": words}
    if nodes:
        found["nodes"] = sorted(nodes, key=lambda one: str(one["id"]))
    if edges:
        found["edges"] = sorted(edges, key=lambda one: (one["from"], one["rel"], one["to"]))
    return found


def idea(title: str, *edges: Json, kind: str = "idea", label: str = "#1") -> Wish:
    """A wish to say a new idea."""
    return {
        "body": content({"id": label, "kind": kind, "title": title}, edges=edges),
        "mints": [(label, kind)],
    }


def run(*records: str, edges: Iterable[Json] = ()) -> Wish:
    """A wish to tell of a run that vouches for these."""
    body = content(node("#run", "a page"), edges=edges)
    return {"body": body, "mints": [("#run", "ingest")], "vouches": records}


def sealed(header: Json, body: bytes | None, letter: str | None) -> Bundle:
    """The bundle of a header, signed; where today's program refuses it, one that it doesn't understand."""
    data = canonical_bytes(header)
    signature = None if letter is None else signer(letter).sign(data)
    try:
        return read(data, body, signature)
    except BundleError:
        return Bundle(digest(data), data, body, signature, None, None)


def without_body(bundle: Bundle) -> Bundle:
    """The bundle with its body withheld."""
    return Bundle(bundle.id, bundle.header_bytes, None, bundle.signature, bundle.header, None)


def header_of(bundle: Bundle) -> Json:
    """The header as it stands."""
    header: Json = parsed(bundle.header_bytes)
    return header


class World:
    """A history in the making.

    `bundles` are those of it that a store takes in; with rules taken out, those that it would take in then.
    """

    def __init__(
        self, dice: random.Random, out: Rules = frozenset(), bundles: Iterable[Bundle] = ()
    ) -> None:
        self.dice, self.out = dice, out
        self.bundles = list(bundles)
        self._count = dice.randrange(10**9)

    def oracle(self, bundles: Iterable[Bundle] | None = None, **more: Any) -> Oracle:
        """What these bundles mean, or all, to a store that trusts A, L and M."""
        more = {"trust": TRUST, "now": moment(NOW), **more}
        return Oracle(self.bundles if bundles is None else bundles, out=self.out, **more)

    # --- what is there

    def heads(self) -> dict[str, Json]:
        return {bundle.id: header_of(bundle) for bundle in self.bundles}

    def named(self, *keys: str) -> list[str]:
        """The bundles whose headers have one of these keys."""
        return [name for name, head in self.heads().items() if head.keys() & set(keys)]

    def below(self, grant: str) -> list[str]:
        """What is said under a grant, and under grants made there."""
        heads = self.heads()

        def is_below(name: str | None) -> bool:
            while name in heads:
                name = heads[name].get("under")
                if name == grant:
                    return True
            return False

        return [name for name in heads if is_below(name)]

    def minted(self) -> list[str]:
        heads = self.heads().items()
        return [mint(name, *pair) for name, head in heads for pair in head.get("mints", ())]

    def voices(self, letters: str) -> list[Voice]:
        """Those of these letters that can speak: of roots, and of whoever was granted something."""
        by_key = {key(letter): letter for letter in letters}
        heads = self.heads().items()
        grants = [(head["grants"][0], name) for name, head in heads if "grants" in head]
        roots = [Voice(letter) for letter in letters if letter in "AZLM"]
        return roots + [Voice(by_key[to], name) for to, name in grants if to in by_key]

    def claims(self, letter: str) -> list[Voice]:
        """A letter under each grant that there is, whomever it was made to."""
        return [Voice(letter, name) for name in self.named("grants")]

    def thieves(self, since: int = 0, above: str | None = None) -> list[Voice]:
        """Whoever was granted something, later than this or below a grant, under that grant."""
        letters = {key(letter): letter for letter in LETTERS}
        under = None if above is None else {above, *self.below(above)}
        return [
            Voice(letters[header_of(bundle)["grants"][0]], bundle.id)
            for bundle in self.bundles[since:]
            if "grants" in header_of(bundle) and (under is None or bundle.id in under)
        ]

    def root_of(self, voice: Voice) -> str:
        """The key that is above all grants of a voice."""
        heads, name, root = self.heads(), voice.under, key(voice.letter)
        while name in heads and "key" in heads[name]:
            root, name = heads[name]["key"], heads[name].get("under")
        return root

    # --- what is said

    def put(
        self, header: Mapping[str, Any], body: Json | bytes | None, letter: str | None
    ) -> Bundle:
        """Add a bundle, if a store would take it in; what is empty is left out of its header."""
        data = body if body is None or isinstance(body, bytes) else canonical_bytes(body)
        full = {k: v for k, v in header.items() if v not in (None, [], ()) or k == "at"}
        full |= {"v": 1} | ({} if data is None else {"body": digest(data)})
        bundle = sealed(full, data, letter)
        if is_admitted(bundle, full, self.out):
            self.bundles.append(bundle)
        return bundle

    def say(
        self,
        voice: Voice,
        *,
        at: int | None = None,
        by: str | None = None,
        wild: bool = False,
        **wish: Any,
    ) -> Bundle:
        """Add a statement; it follows what this voice said before, unless it is a wild one."""
        heads = self.heads()
        mine = {
            name: head
            for name, head in heads.items()
            if (head.get("key"), head.get("under")) == (key(voice.letter), voice.under)
        }
        prev = self._prev(mine, wild=wild)
        latest = 1 + max((mine[name]["n"] for name in prev), default=-1)
        if at is None:
            at = self._time(mine, wild=wild)
        ends = wish.get("ends") or ()
        header = {
            "by": by or self._by(voice, wild=wild),
            "at": stamp(at),
            "key": key(voice.letter),
            "under": voice.under,
            "prev": sorted(prev),
            "n": FAR if wild and self.dice.random() < 0.2 else latest,
            "answers": sorted(map(list, wish.get("answers", ()))),
            "grants": wish.get("grants"),
            "ends": ends if ends == RESIGNATION else [*ends[:1], *sorted(ends[1:])],
            "vouches": sorted(wish.get("vouches", ())),
            "mints": sorted(map(list, wish.get("mints", ()))),
            "colour": "a key of later" if wild and self.dice.random() < 0.1 else None,
        }
        body = wish.get("body")
        if body is None and not header["grants"] and not ends:
            body = content()
        self._count += 1
        if isinstance(body, dict):
            body = {**body, "salt": f"{self._count:032x}"}
        return self.put(header, body, voice.letter)

    def _prev(self, mine: Mapping[str, Json], *, wild: bool) -> list[str]:
        followed = {prev for head in mine.values() for prev in head.get("prev", ())}
        if not mine:
            return []
        if wild and self.dice.random() < 0.3:
            return []
        # Even who is honest speaks at two places now and then, and follows what isn't the last.
        if self.dice.random() < (0.5 if wild else 0.15):
            return [self.pick(list(mine))]
        return [name for name in mine if name not in followed]

    def _time(self, mine: Mapping[str, Json], *, wild: bool) -> int:
        if wild:
            return self.pick((0, 1, 5, 50, NOW, NOW + DAY, FAR))
        last = max((number(head["at"]) for head in mine.values()), default=0)
        return last + self.pick((0, 0, 1, 3))

    def _by(self, voice: Voice, *, wild: bool) -> str:
        root, me = self.root_of(voice), key(voice.letter)
        if voice.under and wild:
            others = (person("A"), software("A"), person("Q"), software("Q"), f"person:{me}")
            return self.pick((*others, AGENTS[0], "source:arxiv", PAPER, ANON, "new-agent:x"))
        if voice.under and self.dice.random() < 0.5:
            return self.pick(AGENTS)
        return self.pick((f"person:{root}", f"person:{root}", f"software:{root}"))

    def record(self, *, at: int | None, source: str | None = None, wild: bool = False) -> Bundle:
        """Add a record; a wild one joins what isn't its subject."""
        source = source or self.pick(list(SOURCES))
        subject = self.pick(SOURCES[source])
        edges = [edge(subject, "cites", self.pick((PAPER, DOI)))]
        if wild and self.dice.random() < 0.4:
            start = self.pick((OTHER_PAPER, DOI, *self.minted()[:2]))
            edges += [edge(start, "wasDerivedFrom", subject)] if start != subject else []
        mapping = f"{source.partition(':')[2]}/{self.pick((1, 2, 9 if wild else 2))}"
        header = {
            "by": source,
            "at": stamp(at),
            "source": {"uri": subject, "mapping": mapping, "licence": None},
        }
        return self.put(header, self._body(subject, edges, newer=not wild), None)

    def pick(self, items: Sequence[T]) -> T:
        return self.dice.choice(items)

    def _title(self) -> str:
        return f"t{self.dice.randrange(999)}"

    def _body(self, about: str, edges: Iterable[Json], *, newer: bool = True) -> Json:
        """What describes a thing, now and then in newer words, and now and then with the wrong number."""
        words = self.pick((1, 1, 1, 1, 1, 1, 2)) if newer else 1
        stated = words if self.dice.random() < 0.9 else 3 - words
        return content(node(about, self._title(), words), edges=edges, words=stated)

    # --- what is done, at random

    def step(self, voice: Voice, *, wild: bool = False, at: int | None = None) -> Bundle:
        """Let a voice do something; a wild one cares for nothing."""
        deeds = (self._mint, self._mint, self._describe, self._describe, *[self._answer] * 3)
        deed = self.pick((None, *deeds, self._grant, self._end, self._harvest))
        if deed is not None:
            return self.say(voice, wild=wild, at=at, **deed(voice, wild=wild))
        when = (0, 1, NOW + DAY, FAR, None) if wild else (0, 1, 2, 3, None)
        return self.record(at=self.pick(when) if at is None else at, wild=wild)

    def _mint(self, _: Voice, *, wild: bool) -> Wish:
        edges = [edge("#1", "wasDerivedFrom", self.pick((DOI, PAPER)))]
        mints: list[tuple[str, str]] = [("#1", "idea")]
        if self.dice.random() < 0.2:
            edges += [edge("#1", "disputes", OTHER_DOI, evidence=["#1", DOI])]
        if wild and self.dice.random() < 0.2:
            mints = self.pick(([], [("#1", "claim"), ("#1", "idea")]))
        return {"body": self._body("#1", edges), "mints": mints}

    def _describe(self, voice: Voice, *, wild: bool) -> Wish:
        if wild and self.dice.random() < 0.1:
            return {"body": self.pick(JUNK)}
        minted = self.minted()
        names = (person("A"), software("A"), f"person:{key(voice.letter)}", person("W"))
        about = self.pick((DOI, OTHER_DOI, PAPER, FILE, *names, *minted, *minted))
        if self.dice.random() < 0.1:
            about = f"mention:{about}/{_hex('Ada')}"
        relation = "disputes" if wild else "cites"
        return {"body": self._body(about, [edge(about, relation, OTHER_DOI)])}

    def _answer(self, voice: Voice, *, wild: bool) -> Wish:
        names = [bundle.id for bundle in self.bundles]
        if not names:
            return {}
        targets = {self.pick(names) for _ in range(self.pick((1, 1, 2)))}
        verbs = (*VERBS, "opens", "praises") if wild else VERBS
        answers = [(self.pick(verbs), target) for target in sorted(targets)]
        if self.dice.random() < 0.4:  # as a harvester does: of a run, in a run or with words beside
            heads = self.heads()
            runs = [n for n in names if is_run(heads[n])]
            near = [n for n in runs if wild or heads[n].get("under") == voice.under]
            answers = [(answers[0][0], self.pick(near or names))]
            if self.dice.random() < 0.5:
                return {"answers": answers, **run()}
        beside = content(node(DOI, self._title())) if answers[0][0] == "supersedes" else None
        return {"answers": answers, "body": beside}

    def _grant(self, _: Voice, *, wild: bool) -> Wish:
        to = self.pick("XY" if wild else "WBCH")
        scopes = ("say", "harvest", "act", "act", *(["sing"] if wild else []))
        wish: Wish = {"grants": [key(to), self.pick(scopes)]}
        if Rule.GRANT_STANDS_ALONE in self.out and self.dice.random() < 0.5:
            wish["body"] = content(node(DOI, "beside a grant"))
        return wish

    def _end(self, voice: Voice, *, wild: bool) -> Wish:
        grants = self.named("grants")
        if not grants:
            return self._mint(voice, wild=wild)
        if Rule.NO_RESIGNATION in self.out and self.dice.random() < 0.6:
            return {"ends": RESIGNATION}
        grant, heads = self.pick(grants), self.named("key")
        if wild or self.dice.random() < 0.4:
            heads = self.dice.sample(heads, min(len(heads), self.pick((0, 1, 2, 4))))
        else:
            heads = self.below(grant)
        if self.dice.random() < 0.4:
            heads = self.dice.sample(heads, min(len(heads), 1))
        return {"ends": [grant, *heads]}

    def _harvest(self, voice: Voice, *, wild: bool) -> Wish:
        records = self.named("source")
        some = self.dice.choices(records, k=self.pick((0, 1, 2, 2))) if records else []
        wish = run(*set(some), edges=[edge("#run", "wasAssociatedWith", person(voice.letter))])
        how = self.dice.random()
        if wild and how < 0.3:
            edges = [*wish["body"]["edges"], edge(DOI, "cites", OTHER_PAPER)]
            wish["body"] = content(node("#run", "a page"), node(DOI, "a run's"), edges=edges)
        elif wild and how < 0.5:
            edges = [*wish["body"]["edges"], edge("#run", "supports", DOI)]
            wish["body"] = content(node("#run", "a page"), edges=edges)
        elif wild and how < 0.65:
            wish = {**wish, **idea("vouched for", label="#run")}
        return wish


def history(
    dice: random.Random, out: Rules = frozenset(), size: int = 0, letters: str = "AWBCHL"
) -> World:
    """A world in which A has granted W, W somebody else, and all of them did what they do."""
    world = World(dice, out)
    act = world.say(Voice("A"), at=0, by=person("A"), grants=[key("W"), "act"])
    scope = world.pick(("say", "say", "harvest", "act"))
    world.say(Voice("W", act.id), at=0, by=person("A"), grants=[key(world.pick("BCH")), scope])
    for _ in range(size or dice.randrange(4, 14)):
        world.step(world.pick(world.voices(letters)))
    return world


def attack(world: World, voices: Callable[[], Sequence[Voice]], deeds: int) -> list[Bundle]:
    """Let somebody do wild things; returns what came of it."""
    before = len(world.bundles)
    for _ in range(deeds):
        world.step(world.pick(voices()), wild=True)
    return world.bundles[before:]


def hostile_history(dice: random.Random, deeds: int, *, size: int = 0) -> list[Bundle]:
    """A history, everybody's wild deeds in it, some bodies of it withheld: what a store must cope with."""
    world = history(dice, size=size)
    attack(world, lambda: [*world.voices("AZLMWBCHXY"), *world.claims("Z")], deeds)
    bundles = [without_body(one) if dice.random() < 0.1 else one for one in world.bundles]
    if dice.random() < 0.2:
        bundles.append(_of_a_later_version(f"{dice.randrange(99)}"))
    return bundles


def _of_a_later_version(what: str) -> Bundle:
    body = canonical_bytes({"later": what})
    return read(canonical_bytes({"v": 2, "body": digest(body)}), body, None)
