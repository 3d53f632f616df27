"""Candidates for suggestions: what the signals found, each thing once, without what can't be suggested."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph.store import GraphReader, Thing
from recommend.aliases import identities
from recommend.embedding_text import EMBEDDED_KINDS
from recommend.evidence import Evidence, EvidenceById, Signal

_MAX_EACH: Final = 1000


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates with the evidence of each signal for them."""

    things: Mapping[str, Thing]
    signals: Mapping[Signal, EvidenceById]

    def with_signal(self, signal: Signal, evidence: EvidenceById) -> "Candidates":
        """Return the same candidates with one more signal."""
        return replace(self, signals={**self.signals, signal: evidence})

    def evidence(self, name: str) -> dict[Signal, Evidence]:
        """Return the evidence for one candidate, in the order of `Signal`."""
        return {
            signal: self.signals[signal][name]
            for signal in Signal
            if name in self.signals.get(signal, {})
        }


def candidates_of(
    store: GraphReader, signals: Mapping[Signal, EvidenceById], group: Collection[str]
) -> Candidates:
    """Return the candidates among what the signals found.

    A thing with several names (arXiv's and OpenAlex's) is one candidate, under the first of its names
    that is described here; it gets each signal's strongest evidence for any of the names. Left
    out are the group itself, what nobody described (a bare reference), what its source deleted, and
    what carries no thought (an agent, a category).
    """
    strongest = {
        signal: _most_telling(evidence_by_id) for signal, evidence_by_id in signals.items()
    }
    names = {name for evidence_by_id in strongest.values() for name in evidence_by_id} | set(group)
    canonical_ids = identities(store, names)
    things = store.things(sorted(canonical_ids))
    own = {canonical_ids[name] for name in group}
    preferred_names: dict[str, str] = {}
    for name in sorted(things):
        if canonical_ids[name] not in own and _can_be_suggested(things[name]):
            preferred_names.setdefault(canonical_ids[name], name)
    merged: dict[Signal, EvidenceById] = {}
    for signal, evidence_by_id in strongest.items():
        best: dict[str, Evidence] = {}
        for name, evidence in evidence_by_id.items():
            stands_for = preferred_names.get(canonical_ids[name])
            if stands_for is not None and (
                stands_for not in best or best[stands_for].score < evidence.score
            ):
                best[stands_for] = evidence
        merged[signal] = best
    suggested = {name for evidence_by_id in merged.values() for name in evidence_by_id}
    return Candidates({name: things[name] for name in sorted(suggested)}, merged)


def _most_telling(evidence: EvidenceById) -> dict[str, Evidence]:
    ranked = sorted(evidence, key=lambda name: (-evidence[name].score, name))
    return {name: evidence[name] for name in ranked[:_MAX_EACH]}


def _can_be_suggested(thing: Thing) -> bool:
    if thing.kind not in EMBEDDED_KINDS or thing.shown is None:
        return False
    attributes = thing.shown.description.attributes
    return attributes.get("deleted") is not True
