"""Speaking: statements made and signed inside the append that stores them, so that one store never forks."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.bundle import Bundle, Signing, statement
from graph.clock import Clock, stamp
from graph.model import Answer, Body, BundleId, End, Grant, Header
from graph.store import Heads, Look


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks: the key, the name spoke under, and the grant if it is a granted key.

    `by` is an agent's id: `software:<key>` or `person:<key>` for a key of its own, any agent under a
    grant.
    """

    signer: Signing
    by: str
    clock: Clock
    under: BundleId | None = None

    @property
    def actor(self) -> str:
        """The grant acted under, else the key."""
        return self.under or self.signer.key

    def say(
        self,
        look: Look,
        body: Body,
        *,
        after: Sequence[Bundle] = (),
        answers: tuple[Answer, ...] = (),
        grants: Grant | None = None,
        ends: End | None = None,
        vouches: tuple[BundleId, ...] = (),
    ) -> Bundle:
        """The next statement of this voice; `after` are its statements made in the same append."""
        heads = _following(look.heads(self.actor), after)
        header = Header(
            by=self.by,
            at=stamp(self.clock()),
            body="",
            under=self.under,
            prev=heads.heads,
            n=heads.next_n,
            answers=answers,
            grants=grants,
            ends=ends,
            vouches=vouches,
        )
        return statement(header, body, self.signer)


def _following(heads: Heads, after: Sequence[Bundle]) -> Heads:
    last = after[-1] if after else None
    if last is None or last.header is None:
        return heads
    return Heads((last.id,), last.header.n + 1)
