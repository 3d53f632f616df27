"""Small log, and its bytes flipped one by one."""

from collections.abc import Iterator

from graph.bundle.bundle import Bundle
from graph.model.model import Grant
from graph.model.vocabulary import Scope, Verb
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import cites, idea, paper, say


def small_log() -> list[Bundle]:
    """One bundle of each sort: a record, a run, a grant, what is said under it, an answer."""
    record = paper("2401.00001", "A paper", cites("arxiv:2401.00001", "arxiv:2401.00002"))
    run = say(ADA, vouches=(record,))
    grant = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY), prev=(run,))
    said = say(HANDS[0], idea("#1", "An idea"), under=grant.id)
    return [record, run, grant, said, say(ZED, answers=((Verb.DISPUTES, said),))]


def flips(length: int, *, every: bool) -> Iterator[tuple[int, int]]:
    """Each byte, with one bit of it changed (another in each), and with `every` all of them too."""
    for place in range(length):
        yield from ((place, mask) for mask in (1 << place % 8, 0xFF)[: 1 + every])


def flipped(data: bytes, place: int, mask: int) -> bytes:
    """The same bytes but for some bits of one."""
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
