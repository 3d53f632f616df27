"""Properties that hold in every history, whatever attackers add to it."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from graph.bundle.bundle import Bundle
from graph.model.model import Body
from tests.graph.rules.ranks import a_higher_word_holds, a_minter_is_heard, ask
from tests.graph.rules.shelf import (
    LATER_KEYS,
    MOST_ENVELOPES,
    Shelf,
    junk_envelope,
    later_statement,
)
from tests.graph.rules.thefts import (
    NONE,
    a_thief_of_the_root_is_undone,
    a_thief_of_the_working_key_is_undone,
)
from tests.graph.world import (
    ANON,
    DAY,
    DOI,
    NOW,
    TRUST,
    Voice,
    World,
    attack,
    content,
    header_of,
    history,
    key,
    node,
    person,
    run,
    without_body,
)
from tests.oracle import Graph, Oracle, everything_by, graph_of
from tests.oracle_form import Rules, is_run, mint, parsed

Property: TypeAlias = Callable[[random.Random, Rules], list[Bundle]]
"""Plays a history by rules of which some may be out, fails where it doesn't hold, and returns the bundles that there were."""


A, L, M, Z = map(Voice, "ALMZ")
_OF_RUN: Final = {"wasAssociatedWith", "used", "wasInformedBy"}


def _agree(before: Oracle, after: Oracle, names: Iterable[str], what: str) -> None:
    for name in names:
        assert after.counts(name) == before.counts(name), f"{what}: counts"
        assert after.lives(name) == before.lives(name), f"{what}: lives"


def _statements_of(oracle: Oracle, letter: str) -> list[str]:
    statements = filter(oracle.is_statement, oracle.heads)
    return [name for name in statements if oracle.author(name) == key(letter)]


def _subject(name: str) -> str:
    return name.removeprefix("mention:").rpartition("/")[0] if name[:8] == "mention:" else name


def _minter_in(oracle: Oracle, name: str) -> str | None:
    """The author of what minted an id, or its subject."""
    minter = oracle.minter.get(_subject(name))
    return oracle.author(minter) if minter else None


def strangers_change_nothing(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Without all that strangers said, the words of A and L, the records, and what is shown of them are the same."""
    world = history(dice, out)
    for _ in range(dice.randrange(2, 7)):
        world.step(world.pick([Z, *world.claims("Z")]), wild=True)
        if dice.random() < 0.5:
            world.step(world.pick(world.voices("AWB")))
    if dice.random() < 0.2:  # a record of what belongs to nobody, and a stranger's word on it
        file = world.record(at=1, source="source:pdf")
        world.say(A, **run(file.id))
        about = header_of(file)["source"]["uri"]
        world.say(Z, body=content(node(about, "strange")), at=9)
    if dice.random() < 0.3:  # a claim to another's grant, which its maker takes for a head
        grant = world.pick(world.named("grants"))
        claim = world.say(Voice("Z", grant))
        below = [n for n, head in world.heads().items() if head.get("under") == grant]
        bridge = {**header_of(claim), "prev": dice.sample(below, min(1, len(below)))}
        body = parsed(claim.body_bytes or b"")
        world.say(A, ends=[grant, world.put(bridge, body, "Z").id])
    full = world.oracle()
    ours = [
        bundle
        for bundle in world.bundles
        if bundle.id in full.heads
        and (not full.is_statement(bundle.id) or full.author(bundle.id) in (key("A"), key("L")))
    ]
    alone = world.oracle(ours)
    _agree(alone, full, alone.heads, "ours")
    others = {k: v for k, v in full.descriptions.items() if k[1] != key("Z")}
    assert others == alone.descriptions, "descriptions"
    for name, shown in alone.shown.items():
        author = alone.author(shown)
        is_known = author == key("A") or not alone.is_statement(shown) or alone.owns(author, name)
        if is_known and _minter_in(full, name) != key("Z"):
            assert full.shown[name] == shown, "shown"
    return world.bundles


def grantees_change_nothing_above(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """A grantee changes nothing above it; with less than `act`, nothing that is anybody else's."""
    world = history(dice, out)
    before = world.oracle()
    grants = [n for n in world.named("grants") if n in _statements_of(before, "A")]
    grants = [name for name in grants if before.counts(name)]
    if not grants:
        return world.bundles
    grant = world.pick(grants)
    voice = world.thieves(above=grant)[0]
    rights = ask(world, voice, lambda oracle, me: oracle.rights(me))
    deeds = attack(world, lambda: world.thieves(above=grant), dice.randrange(1, 5))
    if (
        rights == {"vouch"} and dice.random() < 0.5
    ):  # it takes back a run, perhaps with words beside
        page = world.say(voice, **run())
        beside = world.pick((content(), content(node(DOI, "evil"))))
        back = world.say(voice, answers=[("retracts", page.id)], body=beside)
        deeds, after = [*deeds, page, back], world.oracle()
        if back.id in after.heads:  # else it waits
            assert not after.counts(page.id) or not after.lives(page.id), "own run"
    after, below = world.oracle(), set(world.below(grant))
    above = {*before.actors_above(grant), before.actor(grant)}
    _agree(
        before, after, [n for n in _statements_of(before, "A") if before.actor(n) in above], "up"
    )
    if "act" not in rights:
        others = filter(before.is_statement, before.heads.keys() - below)
        _agree(before, after, others, "others")
    if "vouch" not in rights:
        _agree(before, after, world_records(before), "records")
    for name, shown in before.shown.items():
        if _is_beyond(before, name, shown, above, below if "act" not in rights else None):
            now = after.shown[name]
            is_record = not after.is_statement(now) and "vouch" in rights
            assert now == shown or is_record, "shown"
    if rights == {"vouch"}:
        _says_nothing_but_runs(after, [bundle.id for bundle in deeds])
    return world.bundles


def world_records(oracle: Oracle) -> list[str]:
    """The records of a set."""
    return [name for name in oracle.heads if not oracle.is_statement(name)]


def _is_beyond(
    before: Oracle, name: str, shown: str, above: set[str], below: set[str] | None
) -> bool:
    """Whether nothing that is said under a grant may be shown instead; `below` is what could not act."""
    if not before.is_statement(shown) or before.author(shown) != key("A"):
        return False
    if before.actor(shown) in above:
        return True
    if below is None or shown in below:
        return False
    minter = before.minter.get(name)
    is_masters = minter is not None and minter not in below and before.may_end(shown, minter)
    return "act" in before.rights(shown) or is_masters


def _says_nothing_but_runs(after: Oracle, names: Iterable[str]) -> None:
    for name in names:
        if name not in after.heads or not after.is_statement(name) or not after.counts(name):
            continue
        said = after.said(name) or Body()
        assert all(one.id.startswith("ingest:") for one in said.nodes), "harvest describes"
        assert all(one.relation in _OF_RUN for one in said.edges), "harvest joins"
        for _, target in after.heads[name].get("answers", ()):
            assert target in after.heads, "harvest answers what isn't here"
            assert is_run(after.heads[target]), "harvest answers no run"
            assert after.actor(target) == after.actor(name), "harvest answers another's"


def a_lab_gone_bad_is_overruled(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """A trusted lab ends and hides nothing of A's, speaks for its sources only, and A takes back what it forged."""
    world = history(dice, out)
    before, since = world.oracle(), len(world.bundles)
    attack(world, lambda: [L, M], dice.randrange(1, 5))
    middle = world.oracle()
    _agree(before, middle, _statements_of(before, "A"), "A's")
    for name, shown in before.shown.items():
        is_hers = shown in _statements_of(before, "A") and not _subject(name).startswith("arxiv:")
        if is_hers and _minter_in(middle, name) in (None, key("A")):
            assert middle.shown[name] == shown, "shown"
    for name in filter(middle.lives, world_records(middle)):
        if middle.heads[name]["by"] == "source:openalex":
            authors = {middle.author(run) for run in middle.vouchers(name)}
            assert authors & {key("A"), key("M")}, "sources"
    forged: set[str] = set()
    for bundle in world.bundles[since:]:
        vouched = header_of(bundle).get("vouches", ())
        forged |= {
            name for name in vouched if name not in before.heads or not before.vouchers(name)
        }
        forged |= {bundle.id} if "source" in header_of(bundle) else set()
    forged -= {name for name in before.heads if before.lives(name)}
    world.say(A, answers=[("retracts", name) for name in forged], at=NOW + DAY)
    after = world.oracle()
    for name in filter(before.lives, world_records(before)):
        if key("A") in map(before.author, before.vouchers(name)):
            assert after.lives(name), "a forged one took its place"
    return world.bundles


def records_speak_of_their_subject(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """No edge that a record says starts elsewhere."""
    world = history(dice, out)
    attack(world, lambda: [L], 5)
    for (author, _, _), text in world.oracle().edges:
        if author.startswith("source:"):
            scheme = {"source:pdf": "sha256"}.get(author, author.partition(":")[2])
            assert json.loads(text)["from"].startswith(f"{scheme}:"), "elsewhere"
    return world.bundles


def _standing(oracle: Oracle) -> Graph:
    """All but what waits."""
    return replace(graph_of(oracle), waits={})


def what_is_ended_changes_nothing(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Whoever has a key whose grant A ended, or one below, changes nothing, whatever it dates and names."""
    world = history(dice, out)
    before = world.oracle()
    hers = [n for n in _statements_of(before, "A") if "grants" in before.heads[n]]
    hers = [name for name in hers if before.counts(name)]
    if not hers:
        return world.bundles
    grant = world.pick(hers)
    below = world.below(grant)
    world.say(A, ends=[grant, *dice.sample(below, dice.randrange(len(below) + 1))])
    ended, since = _standing(world.oracle()), len(world.bundles)
    attack(world, lambda: world.thieves(above=grant), dice.randrange(1, 4))
    said = [bundle for bundle in world.bundles[since:] if "key" in header_of(bundle)]
    assert _standing(world.oracle([*world.bundles[:since], *said])) == ended, "changed"
    return world.bundles


def an_end_that_names_all_keeps_all(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Nothing that counts is lost by an end whose heads are all that is there."""
    world = history(dice, out)
    before = world.oracle()
    grant = world.pick(world.named("grants"))
    is_hers = grant in _statements_of(before, "A") and before.counts(grant)
    if is_hers and not before.ends_of[grant]:
        world.say(A, ends=[grant, *world.below(grant)])
        _agree(before, world.oracle(), filter(before.counts, before.heads), "kept")
    return world.bundles


def what_is_erased_stays_so(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """No body comes back by a delivery, a later retraction, or a word of somebody lower."""
    world = history(dice, out)
    before = world.oracle()
    said = [n for n in _statements_of(before, "A") if "body" in before.heads[n]]
    said = [n for n in said if before.counts(n) and before.heads[n]["key"] != key("A")]
    if not said:
        return world.bundles
    name = world.pick(said)
    world.say(A, answers=[("erases", name)], at=NOW)
    attack(world, world.thieves, 3)
    world.say(A, answers=[("retracts", name)], at=NOW)
    assert world.oracle().said(name) is None, "statement"
    record = world.record(at=1)
    world.say(A, **run(record.id))
    world.say(A, answers=[("erases", record.id)], at=NOW)
    attack(world, lambda: [*world.thieves(), L, M], 3)
    assert world.oracle().said(record.id) is None, "record"
    return world.bundles


def old_readers_agree(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Who doesn't know newer words agrees on what counts and lives, and on all that it understands."""
    world = history(dice, out)
    old, new = world.oracle(), world.oracle(words={1, 2})
    assert old.heads.keys() == new.heads.keys(), "set"
    _agree(new, old, new.heads, "old")
    for bundle in world.bundles:
        body = parsed(bundle.body_bytes or b"null")
        if bundle.id in old.heads and body and body["words"] == 1:
            assert old.said(bundle.id) == new.said(bundle.id), "said"
    return world.bundles


def withheld_bodies_change_no_life(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Bodies that aren't here, or come late, change no life and no owner."""
    world = history(dice, out)
    attack(world, lambda: [Z], 3)
    full = world.oracle()
    few = world.oracle([one if dice.random() < 0.5 else without_body(one) for one in world.bundles])
    assert few.heads.keys() == full.heads.keys(), "set"
    _agree(full, few, full.heads, "withheld")
    for name, shown in few.shown.items():
        authors = {author for described, author, _ in few.descriptions if described == name}
        if name.startswith("idea:") and any(full.owns(author, name) for author in authors):
            assert few.owns(few.author(shown), name), "owner"
    return world.bundles


def equal_digests_are_equal_answers(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Where two sets have one digest, the same is said by the same."""
    world = history(dice, out)
    attack(world, lambda: world.voices("ZB"), 3)
    heads = world.heads().items()
    runs = {mint(n, *pair) for n, head in heads if is_run(head) for pair in head["mints"]}

    def answers(oracle: Oracle) -> tuple[object, object]:
        edges = {(who, text): json.loads(text) for who, text in oracle.edges}
        return (
            {k for k, e in edges.items() if e["from"] not in runs or e["rel"] not in _OF_RUN},
            {
                (*k[:3], oracle.heads[by]["by"], repr(said))
                for k, (said, by) in oracle.descriptions.items()
                if k[0] not in runs
            },
        )

    full = world.oracle()
    everything = answers(full)
    for k in range(len(world.bundles)):
        less = world.oracle(world.bundles[:k] + world.bundles[k + 1 :])
        if less.digest == full.digest:
            assert answers(less) == everything, "answers"
    return world.bundles


def nobody_takes_a_name(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Nobody counts who speaks by another's key, or by what is no agent; what a key is called it says itself."""
    world = history(dice, out)
    attack(world, lambda: world.voices("ZB"), 4)
    oracle = world.oracle(trust=world.pick((TRUST, ())))
    for name in filter(oracle.counts, filter(oracle.is_statement, oracle.heads)):
        by = oracle.heads[name]["by"]
        scheme, _, rest = by.partition(":")
        assert scheme in ("person", "software", "ai", "new-agent"), by
        if scheme in ("person", "software") and by != ANON:
            assert rest in (oracle.author(name), oracle.heads[name]["key"]), by
    bundles = [w.bundle for (name, *_), w in oracle.descriptions.items() if name == person("W")]
    if any(oracle.heads[name].get("key") == key("W") for name in bundles):
        shown = oracle.shown[person("W")]
        assert (key("W"), oracle.author(shown)) in oracle.voices, "name of W"
    return world.bundles


def what_is_said_can_be_retracted(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """The root ends whatever is said in its name."""
    world = history(dice, out)
    oracle = world.oracle()
    for name in filter(oracle.lives, _statements_of(oracle, "A")):
        said = oracle.said(name)
        if said and (said.nodes or said.edges):
            again = World(dice, out, world.bundles)
            again.say(A, answers=[("retracts", name)], at=NOW)
            assert not again.oracle().lives(name), "lives"
    return world.bundles


def what_follows_wins(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Of two words of one actor in the same second the one that follows the other is shown."""
    world = World(dice, out)
    said = [world.say(A, body=content(node(DOI, f"{k}")), at=0) for k in range(4)]
    prev = [header_of(bundle).get("prev", []) for bundle in said]
    if prev == [[], *([bundle.id] for bundle in said[:-1])]:
        assert world.oracle().shown[DOI] == said[-1].id, "shown"
    return world.bundles


def any_delivery_is_one_graph(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """In any order, with repeats, bodies that come late and junk envelopes first: also once a later key is understood."""
    world = history(dice, out, 7)
    later = later_statement("of a later key")
    junk = [junk_envelope(later, k) for k in range(world.pick((2, 2, 20)))]
    once = [*world.bundles, later, *junk]
    twice = [*once, *map(without_body, world.bundles), *world.bundles]
    shelves = [Shelf(out), Shelf(out)]
    for shelf, delivery in zip(shelves, (once, twice), strict=True):
        dice.shuffle(delivery)
        for bundle in delivery:
            shelf.take(bundle)
    expected = [*world.bundles, later]
    for keys in (None, LATER_KEYS):
        if keys and len(junk) >= MOST_ENVELOPES:  # what was refused for want of room is asked for
            for shelf in shelves:
                for bundle in (later, *junk):
                    shelf.take(bundle, understands=True)
        first, second = (graph_of(world.oracle(shelf.bundles(), keys=keys)) for shelf in shelves)
        assert first == second == graph_of(world.oracle(expected, keys=keys)), "graph"
    understood = world.oracle(shelves[0].bundles(), keys=LATER_KEYS)
    assert later.id in understood.heads, "later key"
    assert understood.lives(later.id), "later key"
    return twice


def labs_agree(dice: random.Random, out: Rules = NONE) -> list[Bundle]:
    """Two labs with roots of their own that took in the same dated records have one digest, whatever runs they made."""
    world = World(dice, out)
    records = [
        world.record(at=dice.randrange(2), source="source:arxiv")
        for _ in range(dice.randrange(1, 6))
    ]
    both = [world.say(Z, body=content(node(DOI, "of both")))] if dice.random() < 0.5 else []
    labs = {key(root): _harvest(World(dice, out, [*records, *both]), root) for root in "AL"}
    digests = {lab.oracle(trust=everything_by(root)).digest for root, lab in labs.items()}
    assert len(digests) == 1, "digest"
    return [bundle for lab in labs.values() for bundle in lab.bundles]


def _harvest(lab: World, root: str) -> World:
    """Let a lab take in records, itself or by a harvester, in pages as it likes."""
    names, voice = lab.named("source"), Voice(root)
    if lab.dice.random() < 0.5:
        voice = Voice("H", lab.say(voice, grants=[key("H"), "harvest"]).id)
    todo = lab.dice.sample(names, len(names))
    while todo:
        some = todo[: lab.dice.randrange(3)]
        page = lab.say(voice, **run(*set(some)))
        if lab.dice.random() < 0.2:  # it takes the page back, and says it again later
            lab.say(voice, answers=[("retracts", page.id)])
        else:
            todo = todo[len(some) :]
    return lab


def dice_of(holds: Property, number: int) -> random.Random:
    """The dice of a property's history: others for each property and number."""
    return random.Random(f"{holds.__name__} {number}")  # noqa: S311 - which history, and no secret


PROPERTIES: Final[tuple[Property, ...]] = (
    strangers_change_nothing,
    grantees_change_nothing_above,
    a_thief_of_the_working_key_is_undone,
    a_thief_of_the_root_is_undone,
    a_lab_gone_bad_is_overruled,
    records_speak_of_their_subject,
    what_is_ended_changes_nothing,
    an_end_that_names_all_keeps_all,
    what_is_erased_stays_so,
    old_readers_agree,
    withheld_bodies_change_no_life,
    equal_digests_are_equal_answers,
    nobody_takes_a_name,
    what_is_said_can_be_retracted,
    what_follows_wins,
    any_delivery_is_one_graph,
    labs_agree,
    a_higher_word_holds,
    a_minter_is_heard,
)
