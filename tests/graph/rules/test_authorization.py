"""Whether what a key says next would count, on every store."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import TypeAlias

import pytest
from hypothesis import given, settings

from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer
from graph.errors import InputError
from graph.model.model import Body, End, Grant
from graph.model.vocabulary import Scope
from graph.rules.authorization import Denial, Obstacle
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import AppendView, GraphStore
from tests.graph.conftest import clock
from tests.graph.histories import ADA, HANDS, ZED, histories
from tests.graph.statements import add, idea, say
from tests.graph.world import signer
from tests.oracle import oracle

AI, SUB = HANDS
ASKED = tuple(map(signer, "AZWX"))
NOWHERE = "sha256:" + "0" * 64


def silence(store: GraphStore, signer: Signer, under: str | None = None) -> Denial | None:
    found: list[Denial | None] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        found[:] = [look.denial(signer.key, under)]
        return ()

    store.append(looks)
    return found[0]


Asked: TypeAlias = tuple[Signer, str | None]


def asked_at_once(
    store: GraphStore, who: Sequence[Asked]
) -> dict[Asked, tuple[Denial | None, tuple[str, ...]]]:
    """What keeps each from speaking, and the heads that it would follow."""
    found: dict[Asked, tuple[Denial | None, tuple[str, ...]]] = {}

    def looks(look: AppendView) -> Sequence[Bundle]:
        for hand, under in who:
            silence = look.denial(hand.key, under, Scope.SAY)
            found[hand, under] = silence, look.heads(under or hand.key).heads
        return ()

    store.append(looks)
    return found


def test_nothing_keeps_a_key_of_its_own_from_speaking(store: GraphStore) -> None:
    assert silence(store, ADA) is None
    add(store, say(ADA, idea("#1", "hers")))
    assert silence(store, ADA) is None


def test_a_grant_must_be_here_and_to_this_key(store: GraphStore) -> None:
    said = say(ADA)
    first = say(ADA, grants=Grant(AI.key, Scope.ACT), prev=(said,))
    second = say(AI, under=first.id, grants=Grant(SUB.key, Scope.SAY))
    assert silence(store, AI, NOWHERE) == (Obstacle.NOT_HERE, NOWHERE)
    add(store, said, second)
    assert silence(store, AI, said.id) == (Obstacle.NO_GRANT, said.id)
    assert silence(store, SUB, second.id) == (Obstacle.INCOMPLETE, second.id)
    add(store, first)
    assert silence(store, ZED, first.id) == (Obstacle.OTHER_KEY, first.id)
    assert silence(store, AI, first.id) is None
    assert silence(store, SUB, second.id) is None


def test_an_ended_grant_is_silent_and_what_is_under_it_too(store: GraphStore) -> None:
    first = say(ADA, grants=Grant(AI.key, Scope.ACT))
    second = say(AI, under=first.id, grants=Grant(SUB.key, Scope.SAY))
    strangers = say(ZED, ends=End(first.id))
    add(store, first, second, strangers)
    assert silence(store, AI, first.id) is None
    end = say(ADA, ends=End(first.id), prev=(first,))
    add(store, end)
    assert silence(store, AI, first.id) == (Obstacle.ENDED, end.id)
    assert silence(store, SUB, second.id) == (Obstacle.ENDED, end.id)


def test_a_root_is_ended_by_nobody(store: GraphStore) -> None:
    grant = say(ADA, grants=Grant(AI.key, Scope.ACT))
    add(store, grant, say(AI, under=grant.id, ends=End(grant.id)), say(ADA, ends=End(NOWHERE)))
    assert silence(store, ADA) is None
    assert silence(store, AI, grant.id) is None


def test_rights_are_those_that_every_grant_gives(store: GraphStore) -> None:
    to_harvest = say(ADA, grants=Grant(AI.key, Scope.HARVEST))
    to_say = say(ADA, grants=Grant(AI.key, Scope.SAY))
    below = say(AI, under=to_say.id, grants=Grant(SUB.key, Scope.ACT))
    unknown = say(ADA, grants=Grant(AI.key, "dance"))
    add(store, to_harvest, to_say, below, unknown)
    found: list[Denial | None] = []

    def looks(look: AppendView) -> Sequence[Bundle]:
        found[:] = [
            look.denial(AI.key, to_harvest.id, Scope.HARVEST),
            look.denial(AI.key, to_harvest.id, Scope.SAY),
            look.denial(SUB.key, below.id, Scope.SAY),
            look.denial(SUB.key, below.id, Scope.ACT),
            look.denial(AI.key, unknown.id),
        ]
        return ()

    store.append(looks)
    assert found == [
        None,
        (Obstacle.NO_RIGHT, to_harvest.id),
        None,
        (Obstacle.NO_RIGHT, to_say.id),
        (Obstacle.NO_RIGHT, unknown.id),
    ]


def test_silence_is_what_the_oracle_makes_of_the_next_statement(
    open_new: Callable[[], GraphStore], tried: settings
) -> None:
    """Whoever is not silent is heard, and nobody else."""

    @tried
    @given(histories(6))
    def holds(history: list[Bundle]) -> None:
        with closing(open_new()) as store:
            store.trust([TrustEntry(ADA.key)])
            add(store, *history)
            grants = [one.id for one in history if one.header and one.header.grants]
            who = [(hand, under) for hand in ASKED for under in (None, *grants)]
            for (hand, under), (quiet, heads) in asked_at_once(store, who).items():
                prev = {one.id: one for one in history if one.id in heads}
                said = say(hand, idea("#1", "next"), under=under, prev=tuple(prev.values()))
                counts = said.id in oracle([*history, said], (), clock()).counts
                assert (quiet is None) is counts, (hand, under)

    holds()


def speaks(speaker: Speaker, look: AppendView) -> Sequence[Bundle]:
    return [speaker.make_statement(look, Body())]


def test_a_speaker_that_would_not_count_says_so_and_stores_nothing(store: GraphStore) -> None:
    grant = say(ZED, grants=Grant(AI.key, Scope.SAY))
    end = say(ZED, ends=End(grant.id), prev=(grant,))
    add(store, grant, end)
    size = store.checkpoint().size
    speakers = [
        (Speaker(AI, "ai:" + "a" * 64, clock, grant.id, ZED.key), f"ended by {end.id}"),
        (
            Speaker(ADA, "ai:" + "a" * 64, clock, grant.id, ZED.key),
            f"a grant made to the key {ADA.key}",
        ),
    ]
    for speaker, words in speakers:
        with pytest.raises(InputError, match="would count now") as error:
            store.append(partial(speaks, speaker))
        assert words in str(error.value)
    assert store.checkpoint().size == size


def test_a_speaker_under_a_grant_has_its_root_as_author() -> None:
    assert Speaker(ADA, f"person:{ADA.key}", clock).author == ADA.key
    assert Speaker(AI, "ai:" + "a" * 64, clock, NOWHERE, ADA.key).author == ADA.key
