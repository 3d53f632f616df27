"""Silence of a bundle: why nothing of its body is in the graph, although its header counts (docs/bundle.md, section 3)."""

from typing import Final

from graph.bundle.bundle import body_faults
from graph.model.vocabulary import Scope
from graph.queries.attribution import Attribution
from graph.queries.tombstone import tombstone_of
from graph.rules.facts import rights_of
from graph.store import GraphStore, StoredBundle

_MAX_FAULTS: Final = 3


def silence_of(store: GraphStore, stored: StoredBundle, attribution: Attribution) -> str | None:
    """Return the reason for which a bundle says nothing; `None` where it says what its body holds.

    Whether that is in the graph now is another matter: `lives` tells.
    """
    bundle, header = stored.bundle, stored.bundle.header
    if header is None:
        return "its header is of a version, or signed with an algorithm, that is not understood here yet"
    if header.body is None:
        return "it grants or ends, and has no body"
    if stored.is_erased:
        tombstone = tombstone_of(store, stored)
        return f"its body was erased by {tombstone}" if tombstone else "its body was erased"
    if bundle.body_bytes is None:
        return "its body is not here, only the hash"
    if faults := body_faults(bundle):
        first = "; ".join(map(str, faults[:_MAX_FAULTS]))
        rest = len(faults) - _MAX_FAULTS
        return f"its body doesn't fit: {first}" + (f"; and {rest:,} more" if rest > 0 else "")
    may_say = all(Scope.SAY in rights_of(link.scope) for link in attribution.chain)
    if not may_say and not header.is_run:
        return "the grants above its key don't give the right to say anything"
    return None
