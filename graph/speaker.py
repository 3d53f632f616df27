"""Speaker: statements made and signed inside the append that stores them, so that one store never forks."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final, Protocol

from graph.bundle.bundle import Bundle, HeaderSigner, statement
from graph.clock import Clock, stamp
from graph.errors import Fault, InputError
from graph.model.model import Answer, Body, BundleId, End, Grant, Header
from graph.model.vocabulary import Kind, Scope
from graph.rules.authorization import Denial, Obstacle
from graph.store import AppendView, Heads

_EXPECTED: Final = {
    Obstacle.NOT_HERE: "a grant that is in this store (pull the log that has it)",
    Obstacle.NO_GRANT: "a statement that grants",
    Obstacle.OTHER_KEY: "a grant made to the key {key}",
    Obstacle.INCOMPLETE: "a grant with all grants above it in this store (pull the log that has them)",
    Obstacle.NOT_COUNTING: "a grant that counts",
    Obstacle.ENDED: "a grant that nobody ended",
    Obstacle.NO_RIGHT: "a grant with the right to do this (say: statements; harvest: ingest; act: both)",
}
"""Expected state for each obstacle, as the error words it."""


class SignedList(Protocol):
    """List of the statements that were signed with a key at this place."""

    def names(self) -> Set[BundleId]:
        """Return the ids on the list, as it is now."""
        ...

    def add(self, name: BundleId) -> None:
        """Add an id, durable when it returns."""
        ...


@dataclass(frozen=True, slots=True)
class Speaker:
    """Signer of statements: the key, the agent it speaks as, and the grant if it is a granted key.

    `by` is an agent's id: `software:<key>` or `person:<key>` for a key of its own, any agent under a
    grant. `root` is then the key above all grants. `signed` lists what the key signed at this place: a statement follows
    those alone, so that one of a thief is never taken for its own; `None` for a key that signs nowhere else, as in
    tests: then it follows whatever is in the store.
    """

    signer: HeaderSigner
    by: str
    clock: Clock
    under: BundleId | None = None
    root: str | None = None
    signed: SignedList | None = None

    @property
    def actor(self) -> str:
        """Grant that the speaker acts under, else the key."""
        return self.under or self.signer.key

    @property
    def author(self) -> str:
        """Author of the statements: the root key, else the key itself."""
        return self.root or self.signer.key

    def make_statement(
        self,
        view: AppendView,
        body: Body | None,
        *,
        after: Sequence[Bundle] = (),
        answers: tuple[Answer, ...] = (),
        grants: Grant | None = None,
        ends: End | None = None,
        vouches: tuple[BundleId, ...] = (),
    ) -> Bundle:
        """Make and sign the next statement; `after` are the speaker's statements made in the same append.

        The body is `None` where it grants or ends.

        Raises:
            InputError: It would not count: the grant is ended or another's.
        """
        is_run = body is not None and any(node.kind is Kind.INGEST for node in body.nodes)
        self.refuse_if_denied(view, Scope.HARVEST if is_run else Scope.SAY)
        heads = _following(self._own_heads(view), after)
        header = Header(
            by=self.by,
            at=stamp(self.clock()),
            under=self.under,
            prev=heads.heads,
            n=heads.next_n,
            answers=answers,
            grants=grants,
            ends=ends,
            vouches=vouches,
        )
        bundle = statement(header, body, self.signer)
        if self.signed is not None:
            self.signed.add(bundle.id)  # before the store has it
        return bundle

    def _own_heads(self, view: AppendView) -> Heads:
        if self.signed is None:
            return view.heads(self.actor)
        return view.own_heads(self.actor, self.signed.names())

    def refuse_if_denied(self, view: AppendView, right: Scope | None = None) -> None:
        """Refuse to speak where the statement would not count, or lacks the right.

        Raises:
            InputError: It would not.
        """
        denial = view.denial(self.signer.key, self.under, right)
        if denial is not None:
            raise InputError(
                f"nothing said with the key {self.signer.key} would count now, so nothing is stored",
                [self._fault(denial)],
            )

    def _fault(self, denial: Denial) -> Fault:
        obstacle, bundle = denial
        expected = _EXPECTED[obstacle].format(key=self.signer.key)
        got = obstacle.value if bundle == self.under else f"{obstacle.value} by {bundle}"
        return Fault("the grant" if self.under else "the key", expected, f"{self.actor}: {got}")


def _following(heads: Heads, after: Sequence[Bundle]) -> Heads:
    last = after[-1] if after else None
    if last is None or last.header is None:
        return heads
    return Heads((last.id,), last.header.n + 1)
