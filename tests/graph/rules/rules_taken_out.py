"""Variants of the oracle, each without one thing that the rules of docs/bundle.md (sections 5 and 6) are built on.

What guards against an attack is taken out by name (`tests.oracle_form.Rule`); here is what remains: that there are
authors, ends, words, vouchers and owners at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from typing import Any, Final

from graph.model.canonical import canonical_bytes
from graph.model.model import Body, BundleId
from tests.oracle import Oracle
from tests.oracle_form import resolve
from tests.oracle_lives import WORDS


class AnyKeySpeaksUnderAGrant(Oracle):
    def fits(self, name: BundleId) -> bool:
        return self.heads[name].get("under") in (None, *self.heads)


class AGrantMayBeMissing(Oracle):
    def fits(self, name: BundleId) -> bool:
        return self.heads[name].get("under") not in self.heads or super().fits(name)

    def grants_above(self, name: BundleId) -> list[BundleId] | None:
        is_missing = self.heads[name].get("under") not in self.heads
        return [] if is_missing else super().grants_above(name)


class AnyNumberOfGrants(Oracle):
    most_grants = 10**6


class EachKeyIsAnAuthor(Oracle):
    def author(self, name: BundleId) -> str | None:
        return str(self.heads[name].get("key") or self.heads[name]["by"])


class EveryGrantIsToAct(Oracle):
    def rights(self, name: BundleId) -> set[str]:
        return {"say", "vouch", "act"}


class EveryGrantIsToSay(Oracle):
    def rights(self, name: BundleId) -> set[str]:
        return {"say"} if self.grants_above(name) else super().rights(name)


class GrantsNeverEnd(Oracle):
    def _passes(self, name: BundleId, grant: BundleId) -> bool:
        return True


class AnEndVoidsEverything(Oracle):
    def _kept(self, heads: Iterable[BundleId]) -> set[BundleId]:
        return set()


class OnlyNamedHeadsAreKept(Oracle):
    def _kept(self, heads: Iterable[BundleId]) -> set[BundleId]:
        return super()._kept(heads) & set(heads)


class AnEndGoesByClaimedTime(Oracle):
    def _kept(self, heads: Iterable[BundleId]) -> set[BundleId]:
        latest = max((self.heads[h]["at"] or "" for h in heads if h in self.heads), default="")
        return {name for name, head in self.heads.items() if (head["at"] or "") <= latest}


class AnyoneEndsStatements(Oracle):
    def may_end(self, name: BundleId, target: BundleId) -> bool:
        return True


class OnlyTheSameActorEnds(Oracle):
    def may_end(self, name: BundleId, target: BundleId) -> bool:
        return self.actor(name) == self.actor(target)


class EveryVerbEnds(Oracle):
    def _look_around(self) -> None:
        super()._look_around()
        for target, words in self.answers_to.items():
            known = [(verb if verb in WORDS else "retracts", name) for verb, name in words]
            self.answers_to[target] = known


class NothingRestores(Oracle):
    def word_on(self, target: BundleId, verbs: Set[str]) -> str:
        words = [word for word in self.answers_to[target] if word[0] != "restores"]
        every, self.answers_to[target] = self.answers_to[target], words
        try:
            return super().word_on(target, verbs)
        finally:
            self.answers_to[target] = every


class TheDeadDontAnswer(Oracle):
    def word_on(self, target: BundleId, verbs: Set[str]) -> str:
        words = [word for word in self.answers_to[target] if self.lives(word[1])]
        every, self.answers_to[target] = self.answers_to[target], words
        try:
            return super().word_on(target, verbs)
        finally:
            self.answers_to[target] = every


class NothingIsErased(Oracle):
    def erased(self, name: BundleId) -> bool:
        return False


class AnyoneVouches(Oracle):
    def place(self, author: str | None, source: str) -> int | None:
        return super().place(author, source) or 0


class NothingNeedsAVoucher(Oracle):
    def _winner(self, by: str, uri: str) -> BundleId | None:
        return max(self.slots[by, uri], key=self.age)


class EveryRecordOfASlotLives(Oracle):
    def _lives(self, name: BundleId) -> bool:
        return super()._lives(name) if self.is_statement(name) else bool(self.vouchers(name))


class RecordsCannotBeRetracted(Oracle):
    def _word_on_record(self, record: BundleId, run: BundleId, place: int) -> str:
        return "restores"


class _OtherSize(Oracle):
    """Another order of the records of a slot."""

    def _size(self, record: BundleId) -> tuple[str, int, str, BundleId]:
        at, mapping, latest, name = super()._size(record)
        return self._changed(at, mapping, latest, name)

    def _changed(self, at: str, mapping: int, latest: str, name: str) -> tuple[Any, ...]:
        return at, mapping, latest, name


class NoDateIsTheLatest(_OtherSize):
    def _changed(self, at: str, mapping: int, latest: str, name: str) -> tuple[Any, ...]:
        return at or "9", mapping, latest, name


class DatesDoNotMatter(_OtherSize):
    def _changed(self, at: str, mapping: int, latest: str, name: str) -> tuple[Any, ...]:
        return "", mapping, latest, name


class MappingsDoNotMatter(_OtherSize):
    def _changed(self, at: str, mapping: int, latest: str, name: str) -> tuple[Any, ...]:
        return at, 0, latest, name


class VouchersHaveNoDate(_OtherSize):
    def _changed(self, at: str, mapping: int, latest: str, name: str) -> tuple[Any, ...]:
        return at, mapping, "", name


class TheOldestDescribes(Oracle):
    @property
    def _living(self) -> list[BundleId]:
        return list(reversed(super()._living))


class TheNewestIsShown(Oracle):
    def owns(self, author: str | None, node: str) -> bool:
        return False


class MentionsBelongToNobody(Oracle):
    def owns(self, author: str | None, node: str) -> bool:
        return not node.startswith("mention:") and super().owns(author, node)


class DeadMintersOwnNothing(Oracle):
    def owns(self, author: str | None, node: str) -> bool:
        minter = self.minter.get(node)
        return (minter is None or self.lives(minter)) and super().owns(author, node)


class DeadEdgesStay(Oracle):
    @property
    def asserted(self) -> dict[bytes, frozenset[BundleId]]:
        sayers: dict[bytes, set[BundleId]] = defaultdict(set)
        for name in filter(self.counts, self.heads):
            for edge in (self.said(name) or Body()).edges:
                sayers[canonical_bytes(edge.to_json())].add(name)
        return {edge: frozenset(names) for edge, names in sayers.items()}


class LabelsAreShared(Oracle):
    def said(self, name: BundleId) -> Body | None:
        body, said = self.bodies[name], super().said(name)
        if body is None or said is None:
            return said
        mints = self.heads[name].get("mints", ())
        return resolve(body, {label: f"{kind}:{'0' * 64}" for label, kind in mints})


class TheDigestForgetsTheAbsent(Oracle):
    @property
    def lines(self) -> dict[str, set[bytes]]:
        lines = {
            node: {one for one in of if one != b'["absent"]\n'}
            for node, of in super().lines.items()
        }
        return {node: of for node, of in lines.items() if of}


class TheDigestIsOfTheBundles(Oracle):
    @property
    def lines(self) -> dict[str, set[bytes]]:
        return {name: {name.encode()} for name in self.heads}


TAKEN_OUT: Final[dict[str, tuple[type[Oracle], ...]]] = {
    "rule 3": (AnyKeySpeaksUnderAGrant, AGrantMayBeMissing, AnyNumberOfGrants, EachKeyIsAnAuthor),
    "rule 4": (EveryGrantIsToAct, EveryGrantIsToSay),
    "rule 5": (
        *(GrantsNeverEnd, AnEndVoidsEverything, OnlyNamedHeadsAreKept, AnEndGoesByClaimedTime),
    ),
    "rule 6": (
        *(AnyoneEndsStatements, OnlyTheSameActorEnds, EveryVerbEnds, NothingRestores),
        *(TheDeadDontAnswer, NothingIsErased),
    ),
    "rule 7": (
        *(AnyoneVouches, NothingNeedsAVoucher, EveryRecordOfASlotLives, RecordsCannotBeRetracted),
        *(NoDateIsTheLatest, DatesDoNotMatter, MappingsDoNotMatter, VouchersHaveNoDate),
    ),
    "rule 8": (TheOldestDescribes, TheNewestIsShown),
    "rule 9": (MentionsBelongToNobody, DeadMintersOwnNothing),
    "rule 10": (DeadEdgesStay,),
    "rule 11": (LabelsAreShared,),
    "section 6": (TheDigestForgetsTheAbsent, TheDigestIsOfTheBundles),
}
"""By the rule of section 5."""
