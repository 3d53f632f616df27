"""Keys and things that tests speak of, and random histories with attackers in them, as Hypothesis searches them."""

import hashlib
from typing import Final

from hypothesis import strategies as st

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.rules.facts import TrustEntry
from tests.graph import world

ADA: Final = world.signer("A")
"""A person whom the store trusts."""
LAB: Final = world.signer("L")
"""A lab that the store trusts for arXiv's records."""
ZED: Final = world.signer("Z")
"""A stranger."""
HANDS: Final = (signer_of(b"1" * 32), signer_of(b"2" * 32))
"""Keys that are granted, and stolen; not of the histories."""
TRUST: Final = tuple(TrustEntry(*entry) for entry in world.TRUST)
"""Whom the stores trust."""
IDEAS: Final = tuple("idea:" + hashlib.sha256(name).hexdigest() for name in (b"x", b"y"))


def histories(size: int = 16) -> st.SearchStrategy[list[Bundle]]:
    """Histories of some bundles, up to about so many."""

    @st.composite
    def written(draw: st.DrawFn) -> list[Bundle]:
        dice = draw(st.randoms(use_true_random=False))
        return world.hostile_history(dice, draw(st.integers(0, size // 2)), size=1 + size // 3)

    return written()
