"""Words on statements: which live and which are erased (docs/bundle.md, section 5, rule 6)."""

from collections.abc import Collection, Iterable
from typing import Final, TypeAlias

from graph.model.model import BundleId
from graph.model.vocabulary import EFFECTIVE_VERBS, Verb
from graph.rules.facts import Authority, may_end
from graph.rules.ledger import Ledger

ERASING_VERBS: Final = frozenset({Verb.ERASES, Verb.RESTORES})

Standing: TypeAlias = tuple[bool, int, str, int, BundleId]
"""Whether it may act, minus the grants above it, `at`, `n`, id: of several words the greatest decides."""


def standing_of(ledger: Ledger, name: BundleId, authority: Authority) -> Standing:
    """Return how high a statement stands among those of its author."""
    brief = ledger.brief(name)
    at, n = (brief.at, brief.n) if brief else ("", 0)
    return authority.acts, -len(authority.grants), at, n, name


def settle_words(
    ledger: Ledger, names: Iterable[BundleId], changed: Collection[BundleId]
) -> set[BundleId]:
    """Settle the lives of statements, and of those that statements answer which began or ceased to count.

    Returns:
        The statements that began or ceased to live.
    """
    targets = dict.fromkeys(names)
    for name in changed:
        targets[name] = None
        header = ledger.header(name)
        for answer in header.answers if header else ():
            if answer.verb in EFFECTIVE_VERBS:
                targets[answer.target] = None
    flipped = set()
    for name in targets:
        authority = ledger.authority(name)
        if authority is None:
            continue
        before = ledger.state(name)
        verb, erasing = _verdicts(ledger, name, authority)
        lives = before.counts and verb == Verb.RESTORES
        ledger.change(name, lives=lives, erased=erasing == Verb.ERASES)
        if lives != before.lives:
            flipped.add(name)
    return flipped


def _verdicts(ledger: Ledger, name: BundleId, authority: Authority) -> tuple[str, str]:
    """Return the highest word on a statement, and the highest of those that erase or restore; `restores` where none is."""
    best: tuple[Standing, str] | None = None
    erasing: tuple[Standing, str] | None = None
    for verb, by in ledger.words_on(name, authority.root):
        speaker = ledger.authority(by)
        if speaker is None or not ledger.state(by).counts or not may_end(speaker, authority):
            continue
        word = standing_of(ledger, by, speaker), verb
        best = max(best or word, word)
        if verb in ERASING_VERBS:
            erasing = max(erasing or word, word)
    return best[1] if best else Verb.RESTORES, erasing[1] if erasing else Verb.RESTORES
