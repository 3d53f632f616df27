"""Attacks on who may say what: through headers, bodies, grants and their ends, names, and words on what others said."""

from tests.graph.rules.attack import Attacks
from tests.graph.rules.scene import Scene
from tests.graph.world import (
    DOI,
    FAR,
    OTHER_PAPER,
    PAPER,
    content,
    edge,
    idea,
    key,
    node,
    person,
    run,
    software,
    without_body,
)
from tests.oracle_form import RESIGNATION, Rule

ATTACKS = Attacks()


# --- headers that should not be


@ATTACKS.without(Rule.GRANT_STANDS_ALONE)
def grant_with_content(scene: Scene) -> bool:
    """B says something in the header that grants, and the root retracts it: it isn't taken in at all."""
    grant = scene.grant("A", "B", "say")
    said = scene.say("B", grant, grants=[key("X"), "say"], **idea("libel"))
    scene.answer("A", "retracts", said)
    return not scene.lives(said)


@ATTACKS.without(Rule.RECORD_IS_BARE)
def record_that_answers(scene: Scene) -> bool:
    """A record's header retracts, and a statement's has no body: neither is taken in."""
    said = scene.say("A", **idea("a victim"))
    scene.record(PAPER, "a paper", answers=[["retracts", said.id]])
    scene.put(
        {"v": 1, "by": person("A"), "at": "2026-01-01T00:00:00Z", "key": key("A"), "n": 0},
        None,
        "A",
    )
    return scene.oracle().heads.keys() == {said.id}


@ATTACKS.without(Rule.LABEL_ONCE)
def label_twice(scene: Scene) -> bool:
    """One label is a claim for one reader and an idea for another: it isn't taken in."""
    wish = idea("both")
    said = scene.say("A", body=wish["body"], mints=[("#1", "claim"), ("#1", "idea")])
    return said.id not in scene.oracle().heads


@ATTACKS.without(Rule.RUN_MINTS_ITSELF)
def run_mints_idea(scene: Scene) -> bool:
    """With the right to harvest only, H vouches in a statement that mints an idea of A's, outside the digest."""
    record = scene.record(PAPER, "a paper")
    scene.harvest("A", record)
    grant = scene.grant("A", "H", "harvest")
    scene.harvest("H", record, under=grant, **idea("A's idea"))
    return not any(name.startswith("idea:") for name, *_ in scene.oracle().descriptions)


@ATTACKS.without(Rule.ROOT_NAMES_ITSELF)
def by_of_another_installation(scene: Scene) -> bool:
    """Under Z's grant Y speaks by software:A. It doesn't count; A itself may be an installation."""
    grant = scene.grant("Z", "Y", "say")
    said = scene.say("Y", grant, by=software("A"), **idea("A's"))
    own = scene.say("A", by=software("A"), **idea("its own"))
    return not scene.counts(said) and scene.counts(own)


# --- bodies that should not speak


@ATTACKS.without(Rule.UNKNOWN_WORDS_COUNT)
def newer_words(scene: Scene) -> bool:
    """A's retraction says something in newer words beside. An old reader heeds it too."""
    said = scene.say("A", **idea("wrong"))
    newer = content(node(DOI, "of tomorrow", 2), words=2)
    scene.answer("A", "retracts", said, body=newer)
    return not scene.lives(said)


@ATTACKS.without(Rule.UNFIT_COUNTS)
def unfit_body(scene: Scene) -> bool:
    """One store gets a header with its body, which can't be right, another without: both have the statement."""
    said = scene.say("Z", body=content(node("#9", "of no mint")))
    return all(said.id in scene.oracle(one).heads for one in (said, without_body(said)))


@ATTACKS.without(Rule.LEAST_NUMBER)
def greater_number(scene: Scene) -> bool:
    """Words of vocabulary 1 under the number 2: else one record would have two forms."""
    said = scene.say("A", body=content(node(DOI, "old words"), words=2))
    return not scene.is_said(said, words={1, 2})


@ATTACKS.without(Rule.LABEL_IS_DESCRIBED)
def label_without_node(scene: Scene) -> bool:
    """A label is minted and joined, and nobody says what it is: nothing of it is said."""
    scene.say("A", body=content(edges=[edge("#1", "cites", DOI)]), mints=[("#1", "idea")])
    return not scene.oracle().edges


@ATTACKS.without(Rule.RECORD_STAYS_AT_ITS_SUBJECT)
def edge_from_elsewhere(scene: Scene) -> bool:
    """A record of one paper says that another was derived from it."""
    lie = edge(PAPER, "wasDerivedFrom", OTHER_PAPER)
    scene.harvest("L", scene.record(OTHER_PAPER, "a paper", edges=[lie]))
    return not scene.oracle().edges


@ATTACKS.without(Rule.RUN_DESCRIBES_ITSELF)
def run_says_more(scene: Scene) -> bool:
    """H's run describes a work beside itself: nothing of it is said."""
    record, grant = scene.record(PAPER, "a paper"), scene.grant("A", "H", "harvest")
    body = content(node("#run", "a page"), node(DOI, "evil"))
    scene.harvest("H", record, under=grant, body=body)
    return scene.title(DOI) is None


@ATTACKS.without(Rule.RUN_HAS_THREE_RELATIONS)
def run_claims(scene: Scene) -> bool:
    """H's run says that it supports a claim: no such edge."""
    grant = scene.grant("A", "H", "harvest")
    wish = run(edges=[edge("#run", "supports", f"claim:{'0' * 64}")])
    scene.say("H", grant, **wish)
    return not scene.oracle().edges


@ATTACKS.without(Rule.ONLY_SAY_SPEAKS)
def harvester_answer_speaks(scene: Scene) -> bool:
    """H takes its own run back, which it may, and describes a work in the same body."""
    grant = scene.grant("A", "H", "harvest")
    page = scene.harvest("H", under=grant)
    body = content(node(DOI, "evil"))
    scene.answer("H", "retracts", page, under=grant, body=body)
    return scene.title(DOI) is None


# --- time


@ATTACKS.without(Rule.AHEAD_WAITS)
def far_future(scene: Scene) -> bool:
    """A thief of the root retracts with a date of long after; A restores it today."""
    said = scene.say("A", **idea("hers"))
    scene.answer("A", "retracts", said, at=FAR)
    scene.answer("A", "restores", said, at=400)
    return scene.lives(said)


# --- ends of grants


@ATTACKS.without(Rule.WAY_IS_OF_THOSE_THAT_FIT)
def bridge(scene: Scene) -> bool:
    """Z claims A's grant and follows what was said there; A's end names the claim. It changes nothing that it comes."""
    grant = scene.grant("A", "B", "say")
    said = scene.say("B", grant, **idea("B's"))
    claim = scene.say("Z", grant, prev=[said], **idea("Z's"))
    end = scene.end("A", grant, claim)
    without = said.id in scene.graph(grant, said, end).counts
    return scene.counts(said) == without


@ATTACKS.without(Rule.END_COVERS_ALL_BELOW)
def subgrant_survives(scene: Scene) -> bool:
    """A ends a grant and keeps the grant made below it; the key there goes on."""
    grant = scene.grant("A", "B", "act")
    below = scene.grant("B", "X", "act", under=grant)
    scene.end("A", grant, below)
    return not scene.counts(scene.say("X", below, **idea("after the end")))


@ATTACKS.without(Rule.MOST_SENIOR_DECIDES)
def junior_thief_ends(scene: Scene) -> bool:
    """A thief of W ends B's grant, honest W follows it unknowing; A ends it again and keeps what was B's."""
    grant = scene.grant("A", "W", "act")
    below = scene.grant("W", "B", "say", under=grant)
    said = scene.say("B", below, **idea("B's"))
    theft = scene.end("W", below, under=grant, prev=[below])
    later = scene.say("W", grant, prev=[theft], **idea("W's"))
    scene.end("A", below, said)
    return scene.counts(said) and scene.counts(later)


@ATTACKS.without(Rule.ENDS_ADD_UP)
def root_thief_ends(scene: Scene) -> bool:
    """A thief of the root ends W's grant and keeps nothing; A ends it again and names what is W's."""
    grant = scene.grant("A", "W", "act")
    said = scene.say("W", grant, **idea("W's"))
    scene.end("A", grant)
    scene.end("A", grant, said, at=1)
    return scene.counts(said)


@ATTACKS.without(Rule.NO_RESIGNATION)
def root_thief_resigns(scene: Scene) -> bool:
    """A thief of the root resigns in A's name, before all that A said. A's past counts."""
    said = scene.say("A", **idea("hers"))
    scene.say("A", ends=RESIGNATION)
    scene.say("A", ends=RESIGNATION, prev=[said])
    return scene.counts(said)


# --- rights


@ATTACKS.without(Rule.EVERY_GRANT_LIMITS)
def say_grants_act(scene: Scene) -> bool:
    """B may say, and grants its other key to act, which retracts what V said."""
    grant, other = scene.grant("A", "B", "say"), scene.grant("A", "V", "say")
    said = scene.say("V", other, **idea("V's"))
    more = scene.grant("B", "X", "act", under=grant)
    scene.answer("X", "retracts", said, under=more)
    return scene.lives(said)


@ATTACKS.without(Rule.VOUCHER_HAS_THE_RIGHT)
def say_vouches(scene: Scene) -> bool:
    """B, who may say, vouches for a forged record by a great mapping."""
    scene.harvest("A", scene.record(PAPER, "true"))
    grant = scene.grant("A", "B", "say")
    scene.harvest("B", scene.record(PAPER, "forged", mapping=9), under=grant)
    return scene.title(PAPER) == "true"


@ATTACKS.without(Rule.HARVEST_SAYS_NOTHING)
def harvester_speaks(scene: Scene) -> bool:
    """H describes a work. It doesn't count."""
    grant = scene.grant("A", "H", "harvest")
    return not scene.counts(scene.describe("H", DOI, "evil", under=grant))


@ATTACKS.without(Rule.HARVEST_ANSWERS_ITS_RUNS)
def harvester_retracts_run(scene: Scene) -> bool:
    """H takes its own run back, as it must be able to: the record dies."""
    record, grant = scene.record(PAPER, "a mistake"), scene.grant("A", "H", "harvest")
    page = scene.harvest("H", record, under=grant)
    scene.answer("H", "retracts", page, under=grant, at=9)
    return not scene.lives(record)


@ATTACKS.without(Rule.HARVEST_ANSWERS_NOTHING_ELSE)
def harvester_opposes(scene: Scene) -> bool:
    """H says in the header of a run that A disputes what Z said. It doesn't count."""
    grant = scene.grant("A", "H", "harvest")
    said = scene.say("Z", **idea("Z's"))
    dispute = scene.harvest("H", under=grant, answers=[("disputes", said)])
    return not scene.counts(dispute)


@ATTACKS.without(Rule.RUN_MAY_BE_EMPTY)
def resume_point(scene: Scene) -> bool:
    """H says where to go on, in a run that brought nothing. It counts."""
    grant = scene.grant("A", "H", "harvest")
    return scene.counts(scene.harvest("H", under=grant))


# --- names


@ATTACKS.without(Rule.KEY_IS_THE_SPEAKERS)
def by_of_another(scene: Scene) -> bool:
    """Z's second key speaks by person:A under Z's grant. It doesn't count."""
    grant = scene.grant("Z", "Y", "say")
    return not scene.counts(scene.say("Y", grant, by=person("A"), **idea("A confesses")))


@ATTACKS.without(Rule.AGENTS_SPEAK)
def paper_speaks(scene: Scene) -> bool:
    """B speaks by a paper. It doesn't count."""
    grant = scene.grant("A", "B", "say")
    return not scene.counts(scene.say("B", grant, by=PAPER, **idea("printed")))


# --- words on statements


@ATTACKS.without(Rule.RANK_BEFORE_DATE, Rule.SENIORS_ARE_SAFE)
def last_word(scene: Scene) -> bool:
    """W retracts what A said, A restores it, W retracts it again."""
    grant = scene.grant("A", "W", "act")
    said = scene.say("A", **idea("hers"))
    scene.answer("W", "retracts", said, under=grant)
    scene.answer("A", "restores", said, at=1)
    scene.answer("W", "retracts", said, under=grant, at=2)
    return scene.lives(said)


@ATTACKS.without(Rule.RANK_BEFORE_DATE)
def restores_over_senior(scene: Scene) -> bool:
    """A retracts B's libel; W, who may act, restores it later. It is dead."""
    working, grant = scene.grant("A", "W", "act"), scene.grant("A", "B", "say")
    libel = scene.say("B", grant, **idea("libel"))
    scene.answer("A", "retracts", libel)
    scene.answer("W", "restores", libel, under=working, at=9)
    return not scene.lives(libel)


@ATTACKS.without(Rule.ACT_BEFORE_DEPTH)
def say_beats_act(scene: Scene) -> bool:
    """B, who may act two grants below, retracts V's libel; V, who may say one grant below, restores it. It is dead."""
    grant = scene.grant("A", "W", "act")
    below = scene.grant("W", "B", "act", under=grant)
    shallow = scene.grant("A", "V", "say")
    libel = scene.say("V", shallow, **idea("libel"))
    scene.answer("B", "retracts", libel, under=below)
    scene.answer("V", "restores", libel, under=shallow, at=9)
    return not scene.lives(libel)


@ATTACKS.without(Rule.ERASED_STAYS_ERASED)
def erased_then_retracted(scene: Scene) -> bool:
    """What was erased is retracted later, and its body comes again. It says nothing."""
    leak = scene.say("A", **idea("a leak"))
    scene.answer("A", "erases", leak)
    scene.answer("A", "retracts", leak, at=1)
    return not scene.is_said(leak)
