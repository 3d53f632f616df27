"""Settlement: decide which bundles count, which live and which are erased, as bundles arrive (docs/bundle.md, section 5).

`settle` looks only at what the new bundles can have changed. Neither order, nor position, nor the clock decides:
after any order of arrival the result equals that of the naive oracle in the tests.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graph.model.model import BundleId
from graph.rules.counting import Counting
from graph.rules.facts import RuleFacts, State
from graph.rules.ledger import Ledger
from graph.rules.records import Slots
from graph.rules.words import settle_words


@dataclass(frozen=True, slots=True)
class Settlement:
    """Result of settling.

    `states` are the new states of the bundles that changed; `newly_attributed` the statements whose author became
    known; `voices` the keys of statements that began or ceased to count.
    """

    states: Mapping[BundleId, State]
    newly_attributed: Collection[BundleId]
    voices: Collection[str]


def settle(facts: RuleFacts, arrivals: Iterable[BundleId]) -> Settlement:
    """Settle what the arrival of these bundles changes; they are among `facts` already.

    First who counts, from the root downwards, then which statements live, then which records do: no phase depends on
    a later one.
    """
    ledger = Ledger(facts)
    briefs = {name: brief for name in arrivals if (brief := facts.brief(name)) is not None}
    records = [name for name, brief in briefs.items() if brief.key is None]
    statements = [name for name, brief in briefs.items() if brief.key is not None]
    counting = Counting(ledger)
    counting.settle(statements)
    changed = counting.flips()
    flipped = settle_words(ledger, counting.attributed, changed)
    slots = Slots(ledger)
    for name in records:
        slots.add_record(name)
    for name in changed | flipped:
        slots.add_statement(name)
    slots.settle()
    voices = {brief.key for name in changed if (brief := ledger.brief(name)) and brief.key}
    return Settlement(ledger.changed_states(), counting.attributed, voices)
