"""Candidates for suggestions: what the signals found, each thing once, without what can't be suggested."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.store import GraphStore, Thing
from recommend.aliases import identities
from recommend.embedding_text import EMBEDDED_KINDS
from recommend.evidence import Evidence, Found, Signal

_MAX_EACH: Final = 1000


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates with the evidence of each signal for them."""

    things: Mapping[str, Thing]
    signals: Mapping[Signal, Found]

    def with_signal(self, signal: Signal, found: Found) -> "Pool":
        """Return the same candidates with one more signal."""
        return replace(self, signals={**self.signals, signal: found})

    def evidence(self, name: str) -> dict[Signal, Evidence]:
        """Return the evidence for one candidate, in the order of `Signal`."""
        return {
            signal: self.signals[signal][name]
            for signal in Signal
            if name in self.signals.get(signal, {})
        }


def pool_of(store: GraphStore, signals: Mapping[Signal, Found], group: Collection[str]) -> Pool:
    """Return the candidates among what the signals found.

    A thing with several names (arXiv's and OpenAlex's) is one candidate, under the first of its names
    that is described here; it gets each signal's strongest evidence for any of the names. Left
    out are the group itself, what nobody described (a bare reference), what its source deleted, and
    what carries no thought (an agent, a category).
    """
    strongest = {signal: _strongest(found) for signal, found in signals.items()}
    names = {name for found in strongest.values() for name in found} | set(group)
    same = identities(store, names)
    things = store.things(sorted(same))
    own = {same[name] for name in group}
    chosen: dict[str, str] = {}
    for name in sorted(things):
        if same[name] not in own and _can_be_suggested(things[name]):
            chosen.setdefault(same[name], name)
    folded: dict[Signal, Found] = {}
    for signal, found in strongest.items():
        kept: dict[str, Evidence] = {}
        for name, evidence in found.items():
            stands_for = chosen.get(same[name])
            if stands_for is not None and (
                stands_for not in kept or kept[stands_for].score < evidence.score
            ):
                kept[stands_for] = evidence
        folded[signal] = kept
    suggested = {name for found in folded.values() for name in found}
    return Pool({name: things[name] for name in sorted(suggested)}, folded)


def _strongest(found: Found) -> dict[str, Evidence]:
    ranked = sorted(found, key=lambda name: (-found[name].score, name))
    return {name: found[name] for name in ranked[:_MAX_EACH]}


def _can_be_suggested(thing: Thing) -> bool:
    if thing.kind not in EMBEDDED_KINDS or thing.shown is None:
        return False
    said = thing.shown.description.attributes
    return said.get("deleted") is not True
