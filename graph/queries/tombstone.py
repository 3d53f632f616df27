"""Tombstone of an erased bundle: the statement that decided it, its speaker, its time and its reason (docs/bundle.md, section 5, rules 6 and 7)."""

from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeAlias

from graph.model.model import BundleId
from graph.model.vocabulary import Verb
from graph.queries.attribution import Attribution, attributions
from graph.rules.facts import ALL_RIGHTS, Authority, may_end, place_of, rights_of
from graph.store import GraphStore, StoredBundle

MAX_ANSWERS: Final = 1000
"""Most answers of a bundle that are looked at."""

_Rank: TypeAlias = tuple[int, bool, int, str, int, BundleId]
"""Minus the place in the trust list, whether it may act, minus the grants above it, `at`, `n`, id: the greatest decides."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Statement that erased a bundle: its id, the agent that it names as speaker, its author, its time, and why."""

    bundle: BundleId
    by: str
    author: str
    at: str
    reason: str | None

    def __str__(self) -> str:
        according = "" if self.by.endswith(self.author) else f" according to {self.author}"
        return f"{self.by}{according}, {self.at}: {self.reason or 'no reason given'}"


def tombstone_of(store: GraphStore, stored: StoredBundle) -> Tombstone | None:
    """Return the tombstone of a bundle; `None` where it isn't erased, or none of the answers looked at did it."""
    if not stored.is_erased:
        return None
    names = stored.answered_by[:MAX_ANSWERS]
    answers = store.bundles_by_id(names)
    known = attributions(store, [stored.bundle.id, *names])
    trust = store.trust_list()
    ranked: list[tuple[_Rank, StoredBundle]] = []
    for name, answer in answers.items():
        header = answer.bundle.header
        erases = header is not None and any(
            word.verb == Verb.ERASES and word.target == stored.bundle.id for word in header.answers
        )
        if header is None or not erases or not answer.counts or answer.author is None:
            continue
        authority = _authority_of(known[name])
        place = 0
        if stored.bundle.header is not None and stored.bundle.header.source is not None:
            reach = place_of(trust, authority.root, stored.bundle.header.by)
            if reach is None or not authority.acts:
                continue
            place = reach
        elif not may_end(authority, _authority_of(known[stored.bundle.id])):
            continue
        rank = -place, authority.acts, -len(authority.grants), header.at or "", header.n, name
        ranked.append((rank, answer))
    if not ranked:
        return None
    deciding = max(ranked, key=lambda entry: entry[0])[1].bundle
    header, body = deciding.header, deciding.body
    if header is None:
        return None
    author = known[deciding.id].author or ""
    return Tombstone(deciding.id, header.by, author, header.at or "", body.reason if body else None)


def _authority_of(attribution: Attribution) -> Authority:
    """Return the authority that a statement is made with, of the grants above it."""
    grants = tuple(link.grant for link in reversed(attribution.chain))
    rights = reduce(lambda rest, link: rest & rights_of(link.scope), attribution.chain, ALL_RIGHTS)
    return Authority(attribution.author or "", grants, rights)
