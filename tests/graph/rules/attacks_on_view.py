"""Attacks on what is to be seen: on records, on the description that is shown, on whose an id is, on the digest."""

from tests.graph.rules.attack import Attacks
from tests.graph.rules.scene import Scene, minted_by
from tests.graph.world import (
    AGENTS,
    DOI,
    FILE,
    PAPER,
    SOURCES,
    content,
    edge,
    idea,
    key,
    person,
    without_body,
)
from tests.oracle_form import Rule

ATTACKS = Attacks()


# --- records


@ATTACKS.without(Rule.TRUST_BY_SOURCE)
def lab_speaks_as_other(scene: Scene) -> bool:
    """A lab that is trusted for arXiv vouches for a record of OpenAlex. It doesn't live."""
    record = scene.record(SOURCES["source:openalex"][0], "forged")
    scene.harvest("L", record)
    return not scene.lives(record)


@ATTACKS.without(Rule.EARLIER_PLACE_OVERRULES)
def lab_forges(scene: Scene) -> bool:
    """A trusted lab vouches for a forged record; A retracts it. Hers is shown."""
    scene.harvest("A", scene.record(PAPER, "true"))
    forged = scene.record(PAPER, "forged", at=9, mapping=9)
    scene.harvest("L", forged)
    scene.answer("A", "retracts", forged)
    return scene.title(PAPER) == "true"


@ATTACKS.without(Rule.VOUCHER_DATES_THE_UNDATED)
def harvested_in_another_order(scene: Scene) -> bool:
    """Two records of one slot and one time, taken in in either order: one is shown, and the digest is one."""
    first, second = scene.record(PAPER, "first"), scene.record(PAPER, "second")
    shown, digests = set(), set()
    for early, late in ((first, second), (second, first)):
        runs = scene.harvest("A", early, at=1), scene.harvest("A", late, at=2)
        shown.add(scene.title(PAPER, first, second, *runs))
        digests.add(scene.graph(first, second, *runs).digest)
    return len(shown) == len(digests) == 1


@ATTACKS.without(Rule.RECORD_IS_ERASED)
def record_erased(scene: Scene) -> bool:
    """A erases a record, and it comes again: nobody has its body. Once A restores it, it is back."""
    leak = scene.record(PAPER, "a leak")
    scene.harvest("A", leak)
    scene.answer("A", "erases", leak, at=3)
    is_gone = not scene.is_said(leak)
    scene.answer("A", "restores", leak, at=4)
    return is_gone and scene.is_said(leak)


# --- what is shown


@ATTACKS.without(Rule.ACTORS_DESCRIBE)
def say_rewrites_principal(scene: Scene) -> bool:
    """B, who may say, describes A's idea a day later. A's words are shown."""
    said, grant = scene.say("A", **idea("A's")), scene.grant("A", "B", "say")
    scene.describe("B", minted_by(said), "the machine's", under=grant, at=9)
    return scene.title(minted_by(said)) == "A's"


@ATTACKS.without(Rule.ACT_BEFORE_DEPTH, Rule.MINTER_FIRST)
def shallow_say(scene: Scene) -> bool:
    """V, whom the root lets say, describes what B minted two grants below. B's words are shown."""
    grant = scene.grant("A", "W", "act")
    below = scene.grant("W", "B", "say", under=grant)
    said = scene.say("B", below, **idea("B's"))
    scene.describe("V", minted_by(said), "V's", under=scene.grant("A", "V", "say"), at=9)
    return scene.title(minted_by(said)) == "B's"


@ATTACKS.without(Rule.MINTER_FIRST)
def sibling_say(scene: Scene) -> bool:
    """V describes what B minted; both may say. B's words are shown."""
    grant, other = scene.grant("A", "B", "say"), scene.grant("A", "V", "say")
    said = scene.say("B", grant, **idea("B's"))
    scene.describe("V", minted_by(said), "V's", under=other, at=9)
    return scene.title(minted_by(said)) == "B's"


@ATTACKS.without(Rule.TRUSTED_FIRST)
def stranger_shown(scene: Scene) -> bool:
    """A stranger describes a work later than A. Hers is shown."""
    scene.describe("A", DOI, "hers")
    scene.describe("Z", DOI, "strange", at=9)
    return scene.title(DOI) == "hers"


@ATTACKS.without(Rule.TRUSTED_FIRST)
def two_owners(scene: Scene) -> bool:
    """W speaks for A, and for Z too, where it names itself later. What it said for A is shown."""
    hers, strange = scene.grant("A", "W", "act"), scene.grant("Z", "W", "say")
    scene.describe("W", person("W"), "for A", under=hers)
    scene.describe("W", person("W"), "for Z", under=strange, at=9)
    return scene.title(person("W")) == "for A"


@ATTACKS.without(Rule.RECORD_BEFORE_STRANGER)
def stranger_over_record(scene: Scene) -> bool:
    """A stranger describes a file of which A took in a record. The record is shown."""
    scene.harvest("A", scene.record(FILE, "as recorded", source="pdf"))
    scene.describe("Z", FILE, "strange", at=9)
    return scene.title(FILE) == "as recorded"


@ATTACKS.without(Rule.RECORD_BEFORE_STRANGER)
def second_lab_over_first(scene: Scene) -> bool:
    """Two sources tell of one file, the newer by a lab in a later place. That of the first place is shown."""
    scene.harvest("A", scene.record(FILE, "first", source="pdf"))
    scene.harvest("M", scene.record(FILE, "second", at=9, source="files"))
    return scene.title(FILE, trust=((key("A"), None), (key("M"), None))) == "first"


# --- whose an id is


@ATTACKS.without(Rule.HEADER_TELLS_THE_OWNER)
def body_of_mint_withheld(scene: Scene) -> bool:
    """The body that minted an idea is withheld, and a stranger describes it last, to a store that trusts nobody."""
    said = scene.say("A", **idea("hers"))
    name = minted_by(said)
    hers = scene.describe("A", name, "corrected", at=1)
    strange = scene.describe("Z", name, "strange", at=9)
    return scene.title(name, without_body(said), hers, strange, trust=()) == "corrected"


@ATTACKS.without(Rule.KEY_OWNS_ITS_NAME)
def name_of_working_key(scene: Scene) -> bool:
    """W says under A's grant what it is called, a stranger says otherwise later, to a store that trusts nobody."""
    grant = scene.grant("A", "W", "act")
    scene.describe("W", person("W"), "laptop", under=grant)
    scene.describe("Z", person("W"), "strange", at=9)
    return scene.title(person("W"), trust=()) == "laptop"


# --- the digest


@ATTACKS.without(Rule.SPEAKER_IN_THE_DIGEST)
def digest_blind(scene: Scene) -> bool:
    """An edge is said by A, by a stranger, or by A's agent: three digests."""
    body = content(edges=[edge(DOI, "wasAttributedTo", person("A"))])
    grant = scene.grant("A", "B", "say")
    sayings = (
        scene.say("A", body=body),
        scene.say("Z", body=body),
        scene.say("B", grant, by=AGENTS[0], body=body),
        scene.say("B", grant, by=person("A"), body=body),
    )
    return len({scene.graph(grant, said).digest for said in sayings}) == len(sayings)


@ATTACKS.without(Rule.NO_RUNS_IN_THE_DIGEST)
def empty_run(scene: Scene) -> bool:
    """Two labs took in the same, and one told of a run that brought nothing. Their digest is one."""
    record = scene.record(PAPER, "a paper")
    first, second = scene.harvest("A", record), scene.harvest("L", record)
    nothing = scene.harvest("L", at=5)
    mine = scene.graph(record, first).digest
    return mine == scene.graph(record, second, nothing, trust=((key("L"), None),)).digest
