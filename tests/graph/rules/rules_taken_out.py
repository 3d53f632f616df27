"""Variants of the oracle, each without one rule of docs/bundle.md (section 5): the graph that a store would make without it.

Rules 1 to 3 are of what is admitted and stored, not of what the graph is: they are taken out of the
code itself (`tests/promises/test_5_every_rule_matters.py`).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical_bytes
from graph.model.identifiers import kind_of
from graph.model.model import Body, BundleId, Description, Edge
from graph.model.vocabulary import Kind
from tests.graph.histories import MOMENTS
from tests.oracle import Graph, Oracle, Winner


class AnyoneEnds(Oracle):
    def may_end(self, other: BundleId, name: BundleId) -> bool:
        return True


class OnlyTheSameActorEnds(Oracle):
    def may_end(self, other: BundleId, name: BundleId) -> bool:
        return self.headers[other].actor == self.headers[name].actor


class EveryGrantIsToSay(Oracle):
    def may_end(self, other: BundleId, name: BundleId) -> bool:
        actor = self.headers[other].actor
        return self.author(other) == self.author(name) and (
            actor == self.headers[name].actor or actor in self.seniors(name)
        )


class EveryGrantIsToAct(Oracle):
    def may_end(self, other: BundleId, name: BundleId) -> bool:
        return self.author(other) == self.author(name)


class EveryVerbEnds(Oracle):
    def is_ended(self, target: BundleId, against: BundleId) -> bool:
        return any(
            self.lives(other) and self.may_end(other, against)
            for other, header in self.headers.items()
            if target in {answer.target for answer in header.answers}
        )


class TheDeadStillEnd(Oracle):
    def is_ended(self, target: BundleId, against: BundleId) -> bool:
        return any(
            self.counts(other) and self.may_end(other, against)
            for other, header in self.headers.items()
            if any(
                a.target == target and a.verb in {"retracts", "supersedes"} for a in header.answers
            )
        )


class GrantsCanBeRetracted(Oracle):
    def lives(self, name: BundleId) -> bool:
        if self.headers[name].source is not None:
            return self.wins(name)
        return self.counts(name) and not self.is_ended(name, name)


class AnyoneVouches(Oracle):
    def vouchers(self, record: BundleId) -> list[BundleId]:
        self.trusted = frozenset(key for h in self.headers.values() if (key := h.key))
        return super().vouchers(record)


class RecordsCannotBeRetracted(Oracle):
    def is_ended(self, target: BundleId, against: BundleId) -> bool:
        return target == against and super().is_ended(target, against)


class NothingNeedsAVoucher(Oracle):
    def wins(self, name: BundleId) -> bool:
        return name == max(n for n in self.headers if self.slot(n) == self.slot(name))


class EveryRecordOfASlotLives(Oracle):
    def wins(self, name: BundleId) -> bool:
        return bool(self.vouchers(name))


class NoDateIsTheLatest(Oracle):
    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        at, mapping, voucher, name = super().rank(record)
        return at or "9", mapping, voucher, name


class MappingsDoNotMatter(Oracle):
    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        at, _mapping, voucher, name = super().rank(record)
        return at, 0, voucher, name


class VouchersHaveNoDate(Oracle):
    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        at, mapping, _voucher, name = super().rank(record)
        return at, mapping, "", name


class GrantsNeverEnd(Oracle):
    def is_authorised(self, name: BundleId) -> bool:
        above, under = self.grants_above(name), self.headers[name].under
        return above is not None and (under is None or self.counts(under))


class AnyoneEndsGrants(Oracle):
    def seniors(self, name: BundleId) -> set[str | None]:
        return {h.actor for h in self.headers.values() if h.under is None}


class AnEndVoidsEverything(Oracle):
    def past(self, actor: str | None, heads: Iterable[BundleId]) -> set[BundleId]:
        return set(heads) & {n for n, h in self.headers.items() if h.ends and not h.ends.grant}


class AnEndGoesByClaimedTime(Oracle):
    def past(self, actor: str | None, heads: Iterable[BundleId]) -> set[BundleId]:
        latest = max((self.headers[h].at or "" for h in heads if h in self.headers), default="")
        return {n for n, header in self.headers.items() if (header.at or "") <= latest}


class OnlyNamedHeadsCount(Oracle):
    def past(self, actor: str | None, heads: Iterable[BundleId]) -> set[BundleId]:
        return set(heads)


class ResignationsDoNothing(Oracle):
    def counts(self, name: BundleId) -> bool:
        return self.is_authorised(name)


class AGrantMayBeMissing(Oracle):
    def __init__(self, bundles: Iterable[Bundle], trusted: frozenset[str]) -> None:
        super().__init__(bundles, trusted)
        for name, header in self.headers.items():
            if header.under not in self.headers:
                self.headers[name] = replace(header, under=None)


class AnyKeySpeaksUnderAGrant(Oracle):
    def grants_above(self, name: BundleId) -> tuple[BundleId, ...] | None:
        under = self.headers[name].under
        if under is None:
            return ()
        above = self.grants_above(under) if under in self.headers else None
        return None if above is None else (under, *above)


class EachKeyIsAnAuthor(Oracle):
    def author(self, name: BundleId) -> str | None:
        header = self.headers[name]
        return header.key or header.by


class AuthorsHaveNoOrder(Oracle):
    def newness(self, name: BundleId) -> tuple[str, int, BundleId]:
        return "", 0, name


class NumbersDoNotMatter(Oracle):
    def newness(self, name: BundleId) -> tuple[str, int, BundleId]:
        return self.headers[name].at or "", 0, name


class TheNewestIsShown(Oracle):
    def owner(self, node: str) -> str | None:
        return None


class UnknownVersionsMeanSomething(Oracle):
    def __init__(self, bundles: Iterable[Bundle], trusted: frozenset[str]) -> None:
        held = list(bundles)
        super().__init__(held, trusted)
        self.unknown = frozenset(bundle.id for bundle in held if bundle.header is None)

    def graph(self) -> Graph:
        found = super().graph()
        return replace(found, lives=found.lives | self.unknown)


class DatesDoNotMatter(Oracle):
    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        _at, mapping, voucher, name = super().rank(record)
        return "", mapping, voucher, name


class TheSmallestIdWins(Oracle):
    def rank(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        at, mapping, voucher, name = super().rank(record)
        return at, mapping, voucher, "".join(chr(255 - ord(char)) for char in name)


class ASourceHasOneSlot(Oracle):
    def slot(self, name: BundleId) -> tuple[str, str] | None:
        found = super().slot(name)
        return (found[0], "") if found else None


class ANodeHasOneDescription(Oracle):
    def descriptions(self) -> dict[tuple[str, str], Winner]:
        newest: dict[str, tuple[str, Winner]] = {}
        found = super().descriptions()
        for (node, author), winner in sorted(
            found.items(), key=lambda item: self.newness(item[1].bundle)
        ):
            newest[node] = (author, winner)
        return {(node, author): winner for node, (author, winner) in newest.items()}


class DescriptionsAreMerged(Oracle):
    def descriptions(self) -> dict[tuple[str, str], Winner]:
        found: dict[tuple[str, str], Winner] = {}
        for bundle in sorted(self.living, key=lambda bundle: self.newness(bundle.id)):
            for one in self.said(bundle).nodes:
                key = one.id, str(self.author(bundle.id))
                before = found[key].description.attributes if key in found else {}
                held = (
                    {"known": "earlier", **before, **one.attributes} if before else one.attributes
                )
                found[key] = Winner(Description(one.id, one.kind, held), bundle.id)
        return found


class MentionsBelongToNobody(Oracle):
    def owner(self, node: str) -> str | None:
        return None if node.startswith("mention:") else super().owner(node)


class QualifiersDoNotMatter(Oracle):
    def said(self, bundle: Bundle) -> Body:
        body = super().said(bundle)
        return replace(
            body, edges=tuple(Edge(one.source, one.relation, one.target) for one in body.edges)
        )


class DeadEdgesStay(Oracle):
    def edges(self) -> dict[bytes, frozenset[BundleId]]:
        found: dict[bytes, set[BundleId]] = defaultdict(set)
        for bundle in self.bundles.values():
            for edge in self.said(bundle).edges:
                found[canonical_bytes(edge.to_json())].add(bundle.id)
        return {edge: frozenset(names) for edge, names in found.items()}


class LabelsAreShared(Oracle):
    def said(self, bundle: Bundle) -> Body:
        return replace(bundle, id="sha256:" + "0" * 64).resolved_body()


class DeadMintersOwnNothing(Oracle):
    def owner(self, node: str) -> str | None:
        found = super().owner(node)
        minters = [name for name, bundle in self.bundles.items() if node in bundle.minted_ids()]
        return None if minters and not any(map(self.lives, minters)) else found


class StatementsGrowOld(Oracle):
    """As in a store whose clock says the third day, and that leaves out what is dated later."""

    def counts(self, name: BundleId) -> bool:
        return (self.headers[name].at or "") <= MOMENTS[2] and super().counts(name)


class TheDigestHoldsEveryDescription(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        every = {
            (f"{node.id} {bundle.id}", str(self.author(bundle.id))): Winner(node, bundle.id)
            for bundle in self.living
            for node in self.said(bundle).nodes
        }
        return _digest(super().digest(descriptions, edges), sorted(map(repr, every)))


class TheDigestHoldsEachAssertion(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        counted = sorted(len(names) for names in self.edges().values() if len(names) > 1)
        whole = super().digest(descriptions, edges)
        return _digest(whole, counted) if counted else whole


class TheDigestHoldsIngests(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        ingests = sorted(node for node, _ in descriptions if kind_of(node) is Kind.INGEST)
        whole = super().digest(descriptions, edges)
        return _digest(whole, ingests) if ingests else whole


class TheDigestForgetsTheAbsent(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        absent, self.living = self.living, [b for b in self.living if b.body is not None]
        try:
            return super().digest(descriptions, edges)
        finally:
            self.living = absent


class TheDigestHoldsTheOrder(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        whole, living = super().digest(descriptions, edges), [bundle.id for bundle in self.living]
        return whole if living == sorted(living) else _digest(whole, living)


class TheDigestIsOfTheLog(Oracle):
    def digest(self, descriptions: Mapping[tuple[str, str], Winner], edges: Iterable[bytes]) -> str:
        return _digest("", sorted(self.bundles))


def _digest(whole: str, more: object) -> str:
    return "sha256:" + hashlib.sha256(f"{whole} {more}".encode()).hexdigest()


TAKEN_OUT: Final[dict[int, tuple[type[Oracle], ...]]] = {
    2: (UnknownVersionsMeanSomething,),
    4: (AGrantMayBeMissing, AnyKeySpeaksUnderAGrant, EachKeyIsAnAuthor),
    5: (
        *(GrantsNeverEnd, AnyoneEndsGrants, AnEndVoidsEverything, AnEndGoesByClaimedTime),
        *(OnlyNamedHeadsCount, ResignationsDoNothing),
    ),
    6: (
        *(AnyoneEnds, OnlyTheSameActorEnds, EveryGrantIsToSay, EveryGrantIsToAct, EveryVerbEnds),
        *(TheDeadStillEnd, GrantsCanBeRetracted),
    ),
    7: (
        *(AnyoneVouches, RecordsCannotBeRetracted, NothingNeedsAVoucher, EveryRecordOfASlotLives),
        *(NoDateIsTheLatest, DatesDoNotMatter, MappingsDoNotMatter, VouchersHaveNoDate),
        *(TheSmallestIdWins, ASourceHasOneSlot),
    ),
    8: (
        *(AuthorsHaveNoOrder, NumbersDoNotMatter, TheNewestIsShown, MentionsBelongToNobody),
        *(ANodeHasOneDescription, DescriptionsAreMerged),
    ),
    9: (QualifiersDoNotMatter, DeadEdgesStay),
    10: (LabelsAreShared, DeadMintersOwnNothing),
    11: (StatementsGrowOld,),
    12: (
        *(TheDigestHoldsEveryDescription, TheDigestHoldsEachAssertion, TheDigestHoldsIngests),
        *(TheDigestForgetsTheAbsent, TheDigestHoldsTheOrder, TheDigestIsOfTheLog),
    ),
}
"""By the number of the rule."""
