"""Promise 7: a stolen key after its end changes nothing; an end voids nothing said before; strangers touch nobody."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from colineage.cli import app, run
from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer, signer_of
from graph.model.model import End, Grant
from graph.model.vocabulary import Scope, Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import AppendView, GraphStore
from tests.conftest import Size, emptied
from tests.graph.conftest import clock
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.neo4j.server import Servers
from tests.graph.statements import add, cites, idea, paper, say, work
from tests.graph.world import LETTERS, hostile_history, signer

AGENT, SUB = HANDS
KINDS = ["sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j)]
DAYS = [f"{year}-01-0{day}T00:00:00Z" for year in (1990, 2025, 2026) for day in (1, 3, 5)]


@pytest.fixture(params=KINDS)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """The address of an empty store of each kind, as often as it is asked; one at a time."""
    made = iter(range(10_000))
    if request.param == "sqlite":
        return lambda: f"sqlite:{tmp_path / f'log{next(made)}.db'}"
    servers: Servers = request.getfixturevalue("neo4j_servers")
    return lambda: emptied(servers)


def opened(url: str) -> closing[GraphStore]:
    store = open_store(url, clock=clock)
    store.trust([TrustEntry(ADA.key)])
    return closing(store)


Flags = dict[str, tuple[bool, bool, str | None]]


def flags(store: GraphStore) -> Flags:
    """Of each bundle whether it counts and lives, and its author."""
    return {one.bundle.id: (one.counts, one.lives, one.author) for one in store.bundles()}


def honest_past(scope: Scope) -> list[Bundle]:
    """Ada's words, her grant to an agent, what it said and whom it let speak; her record and its run."""
    record = paper("2401.00001", "A paper", cites("arxiv:2401.00001", "arxiv:2401.00002"))
    hers = say(ADA, idea("#1", "hers"))
    run_ = say(ADA, vouches=(record,), prev=(hers,))
    grant = say(ADA, grants=Grant(AGENT.key, scope), prev=(run_,))
    first = say(AGENT, idea("#1", "the agent's"), under=grant.id)
    below = say(AGENT, grants=Grant(SUB.key, scope), under=grant.id, prev=(first,))
    subs = say(SUB, idea("#1", "the sub-agent's"), under=below.id)
    last = say(
        AGENT, work("arxiv:2401.00001", "as the agent sees it"), under=grant.id, prev=(below,)
    )
    return [record, hers, run_, grant, first, below, subs, last]


class Thief:
    """Holds the agent's key and tries everything, backdated or not, after whatever it likes."""

    def __init__(self, seed: int, past: Sequence[Bundle], grant: Bundle) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - a seed
        self._past = list(past)
        self._grant = grant

    def words(self, number: int) -> list[Bundle]:
        for _ in range(number):
            self._past.append(self._word())
        return self._past[-number:]

    def _word(self) -> Bundle:
        chance = self._chance
        own = [one for one in self._past if one.header and one.header.under == self._grant.id]
        prev = tuple(chance.sample(own, chance.randint(0, min(3, len(own)))))
        target = chance.choice(self._past)
        how = chance.randrange(8)
        return say(
            AGENT,
            *((idea("#1", "stolen"),) if how == 0 else ()),
            at=chance.choice(DAYS),
            under=self._grant.id,
            prev=prev,
            answers={
                1: ((Verb.RETRACTS, target),),
                2: ((Verb.SUPERSEDES, target),),
                4: ((chance.choice((Verb.ERASES, Verb.RESTORES)), target),),
            }.get(how, ()),
            grants=Grant(chance.choice([ZED, SUB, AGENT]).key, Scope.ACT) if how == 3 else None,
            ends={
                5: End(self._grant.id, tuple(sorted(one.id for one in prev))),
                6: End(target.id),
            }.get(how),
            vouches=(target,) if how == 7 else (),
            salt=f"{chance.getrandbits(128):032x}",
        )


@pytest.mark.parametrize("scope", Scope)
def test_a_stolen_key_after_its_end_changes_nothing(
    new_url: Callable[[], str], size: Size, scope: Scope
) -> None:
    """Whatever it says and whenever it says to have said it, and in whatever order it arrives."""
    past = honest_past(scope)
    grant, subs, last = past[3], past[-2], past[-1]
    end = say(ADA, ends=End(grant.id, tuple(sorted((subs.id, last.id)))), prev=(grant,))
    with opened(new_url()) as store:
        add(store, *past, end)
        before, digest = flags(store), store.digest()
    for seed in range(size(3, 40)):
        stolen = Thief(seed, past, grant).words(15)
        arriving = [*past, end, *stolen]
        random.Random(seed).shuffle(arriving)  # noqa: S311 - a seed
        with opened(new_url()) as store:
            half = len(arriving) // 2
            add(store, *arriving[:half])
            add(store, *arriving[half:])
            after = flags(store)
            assert {name: after[name] for name in before} == before
            assert not any(after[one.id][0] or after[one.id][1] for one in stolen)
            assert store.digest() == digest


def test_without_its_end_a_stolen_key_would_change_much(new_url: Callable[[], str]) -> None:
    """The control: the same thief is heard as long as nobody ends the grant."""
    past = honest_past(Scope.ACT)
    with opened(new_url()) as store:
        add(store, *past)
        before, digest = flags(store), store.digest()
        add(store, *Thief(0, past, past[3]).words(15))
        after = flags(store)
        assert {name: after[name] for name in before} != before
        assert store.digest() != digest


def test_an_end_with_the_present_heads_voids_nothing(
    new_url: Callable[[], str], size: Size
) -> None:
    """In any history: each grant in turn is ended by whoever made it, with the heads that are here."""
    ended = 0
    for seed in range(size(6, 60)):
        told = [one for one in hostile_history(random.Random(seed), 10) if one.header]  # noqa: S311 - a seed
        with opened(new_url()) as store:
            add(store, *told)
            before = flags(store)
            ends = {one.header.ends.grant for one in told if one.header and one.header.ends}
            grants = [one for one in told if one.header and one.header.grants]
            for grant in [one for one in grants if one.id not in ends]:
                end = _end(store, grant)
                after = flags(store)
                assert {name: after[name] for name in before} == before, (seed, grant.id)
                ended += after[end.id][0]
                before = after
    assert ended


def _end(store: GraphStore, grant: Bundle) -> Bundle:
    """Ends a grant as `colineage key end` does, in the name of whoever made it."""
    known = {one.bundle.id: one.bundle for one in store.bundles()}
    made: list[Bundle] = []

    def ends(look: AppendView) -> Sequence[Bundle]:
        header = grant.header
        assert header
        hand = next(one for one in map(signer, LETTERS) if one.key == header.key)
        last = tuple(known[name] for name in look.heads(header.actor or "").heads)
        below = {grant.id}
        for _ in known:
            below |= {n for n, b in known.items() if b.header and b.header.under in below}
        end = End(grant.id, tuple(sorted({h for name in below for h in look.heads(name).heads})))
        made[:] = [say(hand, under=header.under, prev=last, ends=end, salt=grant.id[7:39])]
        return made

    store.append(ends)
    return made[0]


def test_what_strangers_sign_changes_no_author_s_words(
    new_url: Callable[[], str], size: Size
) -> None:
    strangers = [signer_of(bytes([number]) * 32) for number in range(200, 203)]
    for seed in range(size(6, 60)):
        chance = random.Random(seed)  # noqa: S311 - a seed
        told = [one for one in hostile_history(chance, 10) if one.header]
        with opened(new_url()) as store:
            add(store, *told)
            before = flags(store)
            add(store, *[_strange(chance, chance.choice(strangers), told) for _ in range(25)])
            after = flags(store)
            assert {name: after[name] for name in before} == before, seed
            assert len(after) > len(before)


def _strange(chance: random.Random, stranger: Signer, told: Sequence[Bundle]) -> Bundle:
    """A stranger retracts, erases, ends, claims grants, vouches, describes what is theirs."""
    target, claimed = chance.choice(told), chance.choice(told)
    how = chance.randrange(7)
    return say(
        stranger,
        *((idea("#1", "strange"),) if how == 0 else ()),
        at=chance.choice(DAYS),
        under=claimed.id if chance.randrange(2) else None,
        prev=tuple(chance.sample(told, chance.randint(0, 2))),
        answers={
            1: ((Verb.RETRACTS, target),),
            2: ((Verb.SUPERSEDES, target),),
            4: ((chance.choice((Verb.ERASES, Verb.RESTORES)), target),),
        }.get(how, ()),
        grants=Grant(chance.choice([stranger, *HANDS]).key, Scope.ACT) if how == 3 else None,
        ends=End(target.id) if how == 5 else None,
        vouches=(target,) if how == 6 else (),
        salt=f"{chance.getrandbits(128):032x}",
    )


# Through the commands.


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Types a command in a folder of its own; gives back its exit status."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    yield lambda *words: run(app, "colineage", words)


def test_a_thief_s_log_that_is_pulled_after_the_end_changes_nothing(
    typed: Callable[..., int],
    new_url: Callable[[], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the end is not known the thief goes on; where it is, nothing of that counts."""
    url = new_url()
    for title in ("hers", "the agents", "stolen"):
        text = f"statements: [{{nodes: [{{id: '#1', kind: idea, title: {title}}}]}}]"
        (tmp_path / f"{title}.yaml").write_text(text)
    agent = signer_in(tmp_path / "agent.pem", typed, capsys)
    assert typed("add", "hers.yaml", "--store", url) == 0
    grant = told(typed, capsys, "key", "grant", agent, "--scope", "act", "--store", url)["grant"]
    by_agent = ("--key", "agent.pem", "--under", grant)
    assert typed("add", "the agents.yaml", *by_agent, "--store", url) == 0
    assert typed("export", "before", "--store", url) == 0
    assert typed("pull", "before", "--store", "sqlite:thief.db") == 0
    assert typed("key", "end", grant, "--yes", "--store", url) == 0
    with closing(open_store(url)) as store:
        before, digest = flags(store), store.digest()
        hers = next(one.bundle.id for one in store.bundles() if "hers" in str(one.bundle.body))
    (tmp_path / "kill.yaml").write_text(f"answers: {{retracts: '{hers}'}}")
    for file in ("stolen.yaml", "kill.yaml"):
        assert typed("add", file, *by_agent, "--store", "sqlite:thief.db") == 0
        assert typed("add", file, *by_agent, "--store", url) == 2
    assert typed("key", "grant", agent, *by_agent, "--store", "sqlite:thief.db") == 2
    assert typed("add", "hers.yaml", *by_agent, "--store", "sqlite:thief.db") == 0
    assert typed("export", "stolen", "--store", "sqlite:thief.db") == 0
    assert typed("pull", "stolen", "--store", url) == 0
    with closing(open_store(url)) as store:
        after = flags(store)
        assert len(after) == len(before) + 3
        assert {name: after[name] for name in before} == before
        assert not any(after[name][0] for name in after.keys() - before.keys())
        assert store.digest() == digest


def told(
    typed: Callable[..., int], capsys: pytest.CaptureFixture[str], *words: str
) -> dict[str, str]:
    capsys.readouterr()
    assert typed(*words, "--json") == 0
    found: dict[str, str] = json.loads(capsys.readouterr().out)
    return found


def signer_in(file: Path, typed: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> str:
    """A new key in a file; its public key."""
    return told(typed, capsys, "key", "new", file.name)["key"]
