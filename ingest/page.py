"""One page of records: one append, with the run statement that vouches for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.bundle import Bundle
from graph.canonical import Json
from graph.clock import stamp
from graph.model import Body, Description, Edge
from graph.store import GraphStore, Look, Slot, Standing
from graph.vocabulary import Kind, Relation
from graph.voice import Voice

PAGE_SIZE = 1000
"""How many records of a file make a page."""


@dataclass(frozen=True, slots=True)
class PageCounts:
    """What one page brought, in records; `log_size` is the log's after it."""

    seen: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    deleted: int
    log_size: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did so far, in records; `complete` when nothing is left to read."""

    source: str
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    deleted: int = 0
    refused: int = 0
    complete: bool = False
    log_size: int = 0

    def plus(self, page: PageCounts, *, refused: int = 0) -> "Report":
        """This report and one more page."""
        return Report(
            source=self.source,
            seen=self.seen + page.seen,
            new=self.new + page.new,
            changed=self.changed + page.changed,
            unchanged=self.unchanged + page.unchanged,
            withdrawn=self.withdrawn + page.withdrawn,
            deleted=self.deleted + page.deleted,
            refused=self.refused + refused,
            complete=self.complete,
            log_size=page.log_size,
        )


def commit_page(
    store: GraphStore,
    voice: Voice,
    records: Sequence[Bundle],
    run: Mapping[str, Json],
    *,
    beside: Sequence[Bundle] = (),
) -> PageCounts:
    """Appends a page and the run statement that vouches for it, or nothing where all stands already.

    Args:
        store: Where to.
        voice: Who vouches.
        records: What the page holds; each is counted.
        run: Attributes of the `ingest` node: the query, the hash of the answer, the tool…
        beside: Records of what many mention (a category, an author): vouched for, not counted.

    Returns:
        The counts. A record that loses against a newer one in the store counts as unchanged.
    """
    found: list[PageCounts] = []

    def compose(look: Look) -> Sequence[Bundle]:
        every = [*records, *beside]
        upheld = look.upheld([record.id for record in every], voice.author)
        others = [record for record in records if record.id not in upheld]
        standings = look.standings([_slot(record) for record in others]) if others else {}
        counts = _counted(records, others, standings, stamp(voice.clock()))
        found[:] = [counts]
        if all(record.id in upheld for record in every):
            return ()
        said = voice.say(look, _run(run, counts, voice), vouches=tuple({r.id for r in every}))
        return [*every, said]

    appended = store.append(compose)
    counts = found[0]
    return PageCounts(
        seen=counts.seen,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        withdrawn=counts.withdrawn,
        deleted=counts.deleted,
        log_size=appended.checkpoint.size,
    )


def _slot(record: Bundle) -> Slot:
    header = record.header
    if header is None or header.source is None:
        raise ValueError(f"expected a record, got the statement {record.id}")
    return Slot(header.by, header.source.uri)


def _counted(
    records: Sequence[Bundle],
    others: Sequence[Bundle],
    standings: Mapping[Slot, Standing],
    now: str,
) -> PageCounts:
    """The counts of a page; `others` are those of its records that don't stand already."""
    new = changed = 0
    for record in others:
        standing = standings.get(_slot(record))
        if standing is None:
            new += 1
        elif standing.winner != record.id and _rank(record, now) > standing.rank:
            changed += 1
    said = [_said_of_works(record) for record in records]
    return PageCounts(
        seen=len(records),
        new=new,
        changed=changed,
        unchanged=len(records) - new - changed,
        withdrawn=sum("withdrawn" in one for one in said),
        deleted=sum("deleted" in one for one in said),
        log_size=0,
    )


def _rank(record: Bundle, now: str) -> tuple[str, int, str, str]:
    header = record.header
    mapping = header.source.mapping_number if header and header.source else 0
    return (header and header.at) or "", mapping, now, record.id


def _said_of_works(record: Bundle) -> set[str]:
    """What is true of a work in this record, such as that it was withdrawn."""
    nodes = record.body.nodes if record.body else ()
    works = (node.attributes for node in nodes if node.kind is Kind.WORK)
    return {key for each in works for key, value in each.items() if value is True}


def _run(run: Mapping[str, Json], counts: PageCounts, voice: Voice) -> Body:
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
        (Edge("#run", Relation.WAS_ASSOCIATED_WITH, voice.by),),
    )
