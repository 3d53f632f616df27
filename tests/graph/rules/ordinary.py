"""Ordinary histories: the smallest in which what the rules are built on decides."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from tests.graph.rules.scene import Scene, minted_by
from tests.graph.world import DOI, PAPER, content, idea, key, node, person


def nine_grants(scene: Scene) -> None:
    """Grants to act, each under the one before, and a word under each: the last has one too many above it."""
    above = None
    for letter, to in pairwise("AWBCHXYVED"):
        above = scene.say(letter, above, grants=[key(to), "act"])
        scene.say(to, above, **idea(f"of {to}"))


def a_missing_grant(scene: Scene) -> None:
    """Somebody speaks under a grant that isn't here."""
    grant = scene.grant("Z", "Y", "say")
    scene.bundles.remove(grant)
    scene.say("Y", grant, by=person("Y"), **idea("pending"))


def slots_by_date(scene: Scene) -> None:
    """Of the records of a slot the latest lives, before a greater mapping; one without a date is the earliest."""
    records = [
        scene.record(PAPER, "undated", at=None, mapping=9),
        scene.record(PAPER, "early", at=1, mapping=9),
        scene.record(PAPER, "late", at=2, mapping=1),
    ]
    for at, record in enumerate(reversed(records)):
        scene.harvest("A", record, at=at)


def slots_by_mapping(scene: Scene) -> None:
    """Of records of one time the one of the greatest mapping lives, by number."""
    for mapping in (9, 10, 2):
        scene.harvest("A", scene.record(PAPER, f"by {mapping}", mapping=mapping))


def slots_by_voucher(scene: Scene) -> None:
    """Of records without a date the one lives that was taken in last; of dated ones the greatest id, whenever."""
    for at in (None, 1):
        subject = PAPER if at is None else "arxiv:2401.00002"
        pair = sorted(
            (scene.record(subject, title, at=at) for title in ("one", "two")),
            key=lambda one: one.id,
        )
        for when, record in enumerate(reversed(pair)):
            scene.harvest("A", record, at=when)


def strangers_own_their_things(scene: Scene) -> None:
    """A stranger's idea, retracted, and a mention on it: it is still the stranger's to describe."""
    said = scene.say("Z", **idea("Z's"))
    name = minted_by(said)
    mention = f"mention:{name}/{'0' * 64}"
    for letter, at in (("Z", 1), ("Y", 9)):
        scene.describe(letter, name, f"by {letter}", at=at)
        scene.describe(letter, mention, f"by {letter}", at=at + 1)
    scene.answer("Z", "retracts", said, at=2)


def strangers_own_their_names(scene: Scene) -> None:
    """A stranger's second key says what it is called, and another stranger says otherwise."""
    grant = scene.grant("Z", "Y", "say")
    scene.describe("Y", person("Y"), "its own", under=grant)
    scene.describe("X", person("Y"), "another's", at=9)


def numbers_within_a_second(scene: Scene) -> None:
    """Of two words of one second the one that follows wins, in whichever order their ids are."""
    for letter in "AZ":
        first = scene.say(letter, body=content(node(DOI, f"first of {letter}")))
        for k in range(4):
            first = scene.say(letter, body=content(node(DOI, f"{k} of {letter}")), prev=[first])


ORDINARY: Final[dict[str, Callable[[Scene], None]]] = {
    plays.__name__: plays
    for plays in (
        nine_grants,
        a_missing_grant,
        slots_by_date,
        slots_by_mapping,
        slots_by_voucher,
        strangers_own_their_things,
        strangers_own_their_names,
        numbers_within_a_second,
    )
}
"""By name."""
