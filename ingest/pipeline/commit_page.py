"""Commit one page of records in one append, with the run statement that vouches for all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from graph.bundle.bundle import Bundle, hash_of_said
from graph.clock import stamp
from graph.model.canonical import Json
from graph.model.model import Body, BundleId, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import AppendView, Log, Slot, Standing

PAGE_SIZE = 1000
"""Records of a file that make a page."""


@dataclass(frozen=True, slots=True)
class PageCounts:
    """Counts of one page, in records; `log_size` is the log's size after it.

    `cut`: those with a title or a name that was longer than a bundle holds; of companions, too.
    """

    seen: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    deleted: int
    log_size: int
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Report of an ingest so far, in records; `complete` when nothing is left to read."""

    source: str
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    deleted: int = 0
    refused: int = 0
    cut: int = 0
    complete: bool = False
    log_size: int = 0

    def plus(self, page: PageCounts, *, refused: int = 0) -> "Report":
        """Return the sum of this report and one more page."""
        return Report(
            source=self.source,
            seen=self.seen + page.seen,
            new=self.new + page.new,
            changed=self.changed + page.changed,
            unchanged=self.unchanged + page.unchanged,
            withdrawn=self.withdrawn + page.withdrawn,
            deleted=self.deleted + page.deleted,
            refused=self.refused + refused,
            cut=self.cut + page.cut,
            complete=self.complete,
            log_size=page.log_size,
        )


def commit_page(
    store: Log,
    speaker: Speaker,
    records: Sequence[Bundle],
    run: Mapping[str, Json],
    *,
    companions: Sequence[Bundle] = (),
) -> PageCounts:
    """Append a page and the run statement that vouches for it, or nothing where all stands already.

    Args:
        store: Where to.
        speaker: Who vouches.
        records: The page's records; each is counted.
        run: Attributes of the `ingest` node: the query, the hash of the answer, the tool…
        companions: Records of things that many records mention (a category, an author): vouched for, not counted. A
            dated one that adds nothing to what this author vouches for already is left out.

    Returns:
        The counts. A record that loses against a newer one in the store counts as unchanged.
    """
    results: list[PageCounts] = []

    def compose(view: AppendView) -> Sequence[Bundle]:
        upheld_ids = view.upheld_records([r.id for r in (*records, *companions)], speaker.author)
        upheld_ids |= _vainly_vouched(
            store, speaker, [r.id for r in (*records, *companions) if r.id not in upheld_ids]
        )
        others = [record for record in records if record.id not in upheld_ids]
        standings = view.standings([_slot(record) for record in others]) if others else {}
        counts = _count(records, others, standings, stamp(speaker.clock()))
        useful = _without_repeats(store, view, companions, upheld_ids, speaker)
        counts = replace(counts, cut=sum(map(_has_cut, (*records, *useful))))
        results[:] = [counts]
        bundles = [*records, *useful]
        if all(record.id in upheld_ids for record in bundles):
            return ()
        body = _run_body(run, counts, speaker)
        are_companions_upheld = all(record.id in upheld_ids for record in useful)
        if are_companions_upheld and _is_recorded(view, speaker, body, counts):
            return bundles  # a body that was withheld is new all the same
        statement = speaker.make_statement(view, body, vouches=tuple({r.id for r in bundles}))
        return [*bundles, statement]

    append_result = store.append(compose)
    return replace(results[0], log_size=append_result.checkpoint.size)


def _vainly_vouched(store: Log, speaker: Speaker, names: Sequence[BundleId]) -> frozenset[BundleId]:
    """Return those of these records that are erased although this actor vouches for them: to do so again changes nothing."""
    if not names:
        return frozenset()
    stored = store.bundles_by_id(names)
    erased = {name: entry.vouchers for name, entry in stored.items() if entry.is_erased}
    runs = store.bundles_by_id({run for vouchers in erased.values() for run in vouchers})
    own = {
        name
        for name, run in runs.items()
        if run.bundle.header and run.bundle.header.actor == speaker.actor
    }
    return frozenset(name for name, vouchers in erased.items() if own.intersection(vouchers))


def _without_repeats(
    store: Log,
    view: AppendView,
    companions: Sequence[Bundle],
    upheld_ids: frozenset[BundleId],
    speaker: Speaker,
) -> list[Bundle]:
    """Return the companions without the dated ones that add nothing to what this author vouches for already.

    Such a one says the same as the record that stands, or is older.
    """
    dated = [record for record in companions if record.id not in upheld_ids and _time(record)]
    standings = view.standings([_slot(record) for record in dated]) if dated else {}
    upheld_winners = {
        slot: standing.winner
        for slot, standing in standings.items()
        if speaker.author in standing.vouched_by
    }
    winners = store.bundles_by_id(upheld_winners.values()) if upheld_winners else {}
    repeats = set()
    for record in dated:
        name = upheld_winners.get(_slot(record))
        if name is None or name not in winners:
            continue
        winner = winners[name].bundle
        says_same = winner.body_bytes is not None and winner.body_hash == record.body_hash
        if says_same or _rank(record, "") < standings[_slot(record)].rank:
            repeats.add(record.id)
    return [record for record in companions if record.id not in repeats]


def new_or_changed_ids(
    store: Log, speaker: Speaker, records: Sequence[Bundle]
) -> frozenset[BundleId]:
    """Return the ids of those records that would be new, or would change something."""
    ids: list[BundleId] = []

    def inspect(view: AppendView) -> Sequence[Bundle]:
        standings = view.standings([_slot(record) for record in records])
        now = stamp(speaker.clock())
        ids[:] = [
            record.id
            for record in records
            if _effect(record, standings.get(_slot(record)), now) is not _Effect.NOTHING
        ]
        return ()

    store.append(inspect)
    return frozenset(ids)


def replaced_days(store: Log, records: Sequence[Bundle]) -> frozenset[str]:
    """Return the days (`YYYY-MM-DD`) of other records that hold the slots of these in the store and are not newer."""
    days: set[str] = set()

    def inspect(view: AppendView) -> Sequence[Bundle]:
        standings = view.standings([_slot(record) for record in records])
        for record in records:
            standing = standings.get(_slot(record))
            if standing and standing.winner != record.id and standing.rank[0] <= _time(record):
                days.add(standing.rank[0][:10])
        return ()

    store.append(inspect)
    return frozenset(days - {""})


def _is_recorded(view: AppendView, speaker: Speaker, body: Body, counts: PageCounts) -> bool:
    """Return whether the page brings nothing new and a living run of this speaker states so already.

    So an old file read again after newer records arrived is recorded once, not each time. Its runs must tell
    its pages apart (`params`), since what they vouch for is not part of the body.
    """
    if counts.new or counts.changed or "params" not in body.nodes[0].attributes:
        return False
    return view.has_said(speaker.actor, hash_of_said(body, speaker.signer))


def _slot(record: Bundle) -> Slot:
    header = record.header
    if header is None or header.source is None:
        raise ValueError(f"expected a record, got the statement {record.id}")
    return Slot(header.by, header.source.uri)


def _count(
    records: Sequence[Bundle],
    others: Sequence[Bundle],
    standings: Mapping[Slot, Standing],
    now: str,
) -> PageCounts:
    """Count a page; `others` are those of its records that don't stand already."""
    effects = Counter(_effect(record, standings.get(_slot(record)), now) for record in others)
    new, changed = effects[_Effect.NEW], effects[_Effect.CHANGED]
    flags = [_work_flags(record) for record in records]
    return PageCounts(
        seen=len(records),
        new=new,
        changed=changed,
        unchanged=len(records) - new - changed,
        withdrawn=sum("withdrawn" in names for names in flags),
        deleted=sum("deleted" in names for names in flags),
        log_size=0,
    )


class _Effect(Enum):
    """Effect of a record on its slot."""

    NEW = "the first of it"
    CHANGED = "another than before"
    NOTHING = "as it was"


def _effect(record: Bundle, standing: Standing | None, now: str) -> _Effect:
    if standing is None:
        return _Effect.NEW
    if standing.winner != record.id and _rank(record, now) > standing.rank:
        return _Effect.CHANGED
    return _Effect.NOTHING


def _rank(record: Bundle, now: str) -> tuple[str, int, str, str]:
    """Return the rank that a record has once a run of `now` vouches for it: that counts only where it is undated."""
    header = record.header
    mapping = header.source.mapping_number if header and header.source else 0
    at = _time(record)
    return at, mapping, "" if at else now, record.id


def _time(record: Bundle) -> str:
    """Return the time of a record, empty where it is undated."""
    return (record.header.at if record.header else None) or ""


def _has_cut(record: Bundle) -> bool:
    """Return whether a title or a name in a record was cut."""
    nodes = record.body.nodes if record.body else ()
    return any(node.attributes.get("cut") is True for node in nodes)


def _work_flags(record: Bundle) -> set[str]:
    """Return the attributes that are true of a work in this record, such as `withdrawn`."""
    nodes = record.body.nodes if record.body else ()
    works = (node.attributes for node in nodes if node.kind is Kind.WORK)
    return {key for attributes in works for key, value in attributes.items() if value is True}


def _run_body(run: Mapping[str, Json], counts: PageCounts, speaker: Speaker) -> Body:
    attributes = {
        **run,
        "seen": counts.seen,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "withdrawals": counts.withdrawn,
        "deletions": counts.deleted,
    }
    return Body(
        (Description("#run", Kind.INGEST, attributes),),
        (Edge("#run", Relation.WAS_ASSOCIATED_WITH, speaker.by),),
    )
