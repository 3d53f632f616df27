"""Counts of pages: what is new, changed or unchanged, which record wins its slot, and what a run says of its page."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graph.bundle.bundle import Bundle, read, record
from graph.bundle.keys import signer_of
from graph.model.canonical import Json
from graph.model.model import Body, BundleId, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.pipeline.commit_page import (
    PageCounts,
    Report,
    commit_page,
    new_or_changed_ids,
    replaced_days,
)

RUN: dict[str, Json] = {"query": "q", "params": [{"name": "page", "value": "1"}]}
NO_PARAMS: dict[str, Json] = {"query": "q"}


def paper(number: int, at: str | None = None, mapping: int = 300, /, **attributes: Json) -> Bundle:
    """A record of a paper."""
    identifier = f"arxiv:2401.{number:05}"
    body = Body((Description(identifier, Kind.WORK, attributes),))
    return record("source:arxiv", at, RecordSource(identifier, f"arxiv-raw/{mapping}"), body)


def concept(name: str) -> Bundle:
    """A record of a category."""
    source = RecordSource(f"concept:arxiv/{name}", "arxiv-raw/300")
    return record("source:arxiv", None, source, Body((Description(source.uri, Kind.CONCEPT),)))


def day(number: int) -> str:
    return f"2026-01-{number:02}T12:00:00Z"


def new_run(store: GraphStore, size: int) -> Bundle:
    """The last bundle of the log, which had this size before it."""
    *_, stored = store.bundles(size)
    return stored.bundle


def winner(store: GraphStore, *records: Bundle) -> BundleId:
    """The one of these records that lives."""
    stored = store.bundles_by_id([record.id for record in records])
    [living] = [name for name, bundle in stored.items() if bundle.lives]
    return living


def test_a_report_is_the_sum_of_its_pages() -> None:
    report = Report("s", 1, 2, 3, 4, 5, 6, 7, 8, complete=True, log_size=9)
    page = PageCounts(10, 20, 30, 40, 50, 60, log_size=90, cut=80)
    total = Report("s", 11, 22, 33, 44, 55, 66, 77, 88, complete=True, log_size=90)
    assert report.plus(page, refused=70) == total
    assert report.plus(page) == replace(total, refused=7)


def test_each_record_of_a_page_counts_once(store: GraphStore, speaker: Speaker) -> None:
    old = [paper(1, day(5)), paper(2, day(5)), paper(3, day(5))]
    first = commit_page(store, speaker, old, RUN)
    assert first == PageCounts(3, 3, 0, 0, 0, 0, log_size=4)
    page = [
        old[0],
        paper(2, day(6), title="changed", withdrawn=True),
        paper(3, day(4), title="older", withdrawn=True),
        paper(4, withdrawn=True),
        paper(5, deleted=True),
        paper(6, title="new", deleted=True),
        paper(7, withdrawn=False, deleted=False),
    ]
    counts = commit_page(store, speaker, page, RUN)
    assert counts == PageCounts(7, 4, 1, 2, 3, 2, log_size=4 + 6 + 1)
    run = new_run(store, 4)
    assert run.header
    assert set(run.header.vouches) == {record.id for record in page}
    attributes: dict[str, Json] = {
        "seen": 7,
        "new": 4,
        "changed": 1,
        "unchanged": 2,
        "withdrawals": 3,
        "deletions": 2,
    }
    assert run.body
    [node], [edge] = run.body.nodes, run.body.edges
    assert (node.kind, node.attributes) == (Kind.INGEST, RUN | attributes)
    assert edge == Edge(node.id, Relation.WAS_ASSOCIATED_WITH, speaker.by)


def test_only_works_are_withdrawn(store: GraphStore, speaker: Speaker) -> None:
    work = paper(1).body
    assert work
    version = Description("arxiv:2401.00001v1", Kind.VERSION, {"withdrawn": True})
    source = RecordSource("arxiv:2401.00001", "arxiv-raw/300")
    found = record("source:arxiv", None, source, Body((*work.nodes, version)))
    assert commit_page(store, speaker, [found], RUN).withdrawn == 0


def test_a_record_without_its_body_counts(store: GraphStore, speaker: Speaker) -> None:
    full = paper(1, day(5), withdrawn=True)
    withheld = read(full.header_bytes, None, None)
    counts = commit_page(store, speaker, [withheld], RUN)
    assert (counts.seen, counts.new, counts.withdrawn) == (1, 1, 0)
    assert commit_page(store, speaker, [full], RUN).withdrawn == 1
    assert store.bundles_by_id([full.id])[full.id].bundle.body == full.body


BY_ID, UNDATED = (
    sorted((paper(1, at, title=title) for title in "ab"), key=lambda record: record.id)
    for at in (day(5), None)
)
LATER = datetime(2026, 11, 24, tzinfo=UTC)
EARLIER = datetime(2026, 11, 22, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "now", "changes"),
    [
        (paper(1, day(5)), paper(1, day(6)), NOW, True),
        (paper(1, day(6)), paper(1, day(5), 301), LATER, False),
        (paper(1, day(5)), paper(1, day(5), 301), EARLIER, True),
        (paper(1, day(5), 301), paper(1, day(5)), LATER, False),
        (BY_ID[1], BY_ID[0], LATER, False),
        (BY_ID[0], BY_ID[1], EARLIER, True),
        (UNDATED[1], UNDATED[0], LATER, True),
        (UNDATED[0], UNDATED[1], EARLIER, False),
        (UNDATED[0], UNDATED[1], NOW, True),
        (UNDATED[1], UNDATED[0], NOW, False),
        (paper(1), paper(1, day(1)), EARLIER, True),
        (paper(1, day(1)), paper(1), LATER, False),
        (paper(1, day(1)), paper(1, None, 301), LATER, False),
    ],
)
def test_the_record_of_the_higher_rank_changes_the_slot(
    store: GraphStore,
    speaker: Speaker,
    before: Bundle,
    after: Bundle,
    now: datetime,
    changes: bool,
) -> None:
    """By its time, then by its mapping, then (undated) by that of its run, then by its id: as the store itself decides."""
    commit_page(store, speaker, [before], RUN)
    then = replace(speaker, clock=lambda: now)
    assert new_or_changed_ids(store, then, [before, after]) == ({after.id} if changes else set())
    counts = commit_page(store, then, [after], RUN)
    assert (counts.new, counts.changed, counts.unchanged) == (0, changes, not changes)
    assert winner(store, before, after) == (after.id if changes else before.id)


def test_ids_of_new_records_and_nothing_stored(store: GraphStore, speaker: Speaker) -> None:
    commit_page(store, speaker, [paper(1), paper(2)], RUN)
    size = store.checkpoint().size
    page = [paper(1), paper(3), paper(2), paper(4)]
    assert new_or_changed_ids(store, speaker, page) == {paper(3).id, paper(4).id}
    assert store.checkpoint().size == size


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        (paper(1, day(5)), paper(1, day(6)), {"2026-01-05"}),
        (paper(1, day(5)), paper(1, day(5), title="of the same moment"), {"2026-01-05"}),
        (paper(1, day(6)), paper(1, day(5)), set()),
        (paper(1, day(5)), paper(1, day(5)), set()),
        (paper(1, day(5)), paper(1), set()),
        (paper(1), paper(1, day(5)), set()),
        (paper(1), paper(1, title="without a time, too"), set()),
        (paper(1, day(5)), paper(2, day(6)), set()),
    ],
)
def test_days_of_the_records_that_a_page_replaces(
    store: GraphStore, speaker: Speaker, before: Bundle, after: Bundle, days: set[str]
) -> None:
    commit_page(store, speaker, [before, paper(8, day(8)), paper(9, day(9))], RUN)
    size = store.checkpoint().size
    page = [after, paper(7), paper(8, day(20)), paper(9, day(9))]
    assert replaced_days(store, page) == days | {"2026-01-08"}
    assert store.checkpoint().size == size


def test_what_stands_already_is_appended_once(store: GraphStore, speaker: Speaker) -> None:
    two = [paper(1), paper(2)]
    first = commit_page(store, speaker, two, NO_PARAMS, companions=[concept("cs.AI")])
    assert first.log_size == 4
    again = commit_page(store, speaker, two, NO_PARAMS, companions=[concept("cs.AI")])
    assert again == PageCounts(2, 0, 0, 2, 0, 0, log_size=4)


def test_records_of_another_speaker_are_vouched_for_once_more(
    store: GraphStore, speaker: Speaker
) -> None:
    two = [paper(1), paper(2)]
    commit_page(store, speaker, two, RUN)
    signer = signer_of(b"\x08" * 32)
    other = Speaker(signer, f"software:{signer.key}", speaker.clock)
    assert commit_page(store, other, two, RUN).log_size == 4
    assert commit_page(store, other, two, RUN).log_size == 4


def test_an_old_page_is_recorded_once_where_its_runs_can_be_told_apart(
    store: GraphStore, speaker: Speaker
) -> None:
    newer = [paper(k, day(9), title="newer") for k in (1, 2)]
    older = [paper(k, day(5)) for k in (1, 2)]
    commit_page(store, speaker, newer, RUN)
    sizes = [commit_page(store, speaker, older, run).log_size for run in (RUN, RUN, RUN)]
    assert sizes == [6, 6, 6], "two records and a run"
    sizes = [commit_page(store, speaker, older, NO_PARAMS).log_size for _ in range(3)]
    assert sizes == [7, 8, 9], "a run each time"
    other = signer_of(b"\x08" * 32)
    speaker = Speaker(other, f"software:{other.key}", speaker.clock)
    assert commit_page(store, speaker, older, RUN).log_size == 10, "another's run"


@pytest.mark.parametrize("pages", [[1, 2], [3, 4]])
def test_pages_whose_runs_say_the_same_are_both_vouched_for(
    store: GraphStore, speaker: Speaker, pages: list[int]
) -> None:
    """Both bring one new record, or both change one: what they vouch for is not in the body."""
    commit_page(store, speaker, [paper(3, day(1)), paper(4, day(1))], NO_PARAMS)
    for number in pages:
        read_now = paper(number, day(2))
        commit_page(store, speaker, [read_now], RUN)
        assert store.bundles_by_id([read_now.id])[read_now.id].lives


def dated(name: str, at: str, title: str) -> Bundle:
    """A dated record of a category."""
    source = RecordSource(f"concept:arxiv/{name}", "arxiv-raw/300")
    node = Description(source.uri, Kind.CONCEPT, {"title": title})
    return record("source:arxiv", at, source, Body((node,)))


def test_a_dated_companion_that_adds_nothing_is_left_out(
    store: GraphStore, speaker: Speaker
) -> None:
    page, before = [paper(1)], dated("cs.AI", day(5), "A")
    assert commit_page(store, speaker, page, RUN, companions=[before]).log_size == 3
    again = [
        before,
        dated("cs.AI", day(6), "A"),
        dated("cs.AI", day(4), "B"),
        dated("cs.AI", day(4), "A"),
    ]
    assert commit_page(store, speaker, page, RUN, companions=again).log_size == 3
    newer = dated("cs.AI", day(6), "B")
    assert commit_page(store, speaker, page, RUN, companions=[*again, newer]).log_size == 5
    assert winner(store, before, newer) == newer.id
    run = new_run(store, 4)
    assert run.header
    assert set(run.header.vouches) == {page[0].id, before.id, newer.id}


def test_a_dated_companion_for_which_another_vouches_is_vouched_for_once_more(
    store: GraphStore, speaker: Speaker
) -> None:
    page, before = [paper(1)], dated("cs.AI", day(5), "A")
    commit_page(store, speaker, page, RUN, companions=[before])
    signer = signer_of(b"\x08" * 32)
    other = Speaker(signer, f"software:{signer.key}", speaker.clock)
    later = dated("cs.AI", day(6), "A")
    assert commit_page(store, other, page, RUN, companions=[later]).log_size == 5


def test_a_companion_without_its_body_is_said_again(store: GraphStore, speaker: Speaker) -> None:
    page, before = [paper(1)], dated("cs.AI", day(5), "A")
    withheld = read(before.header_bytes, None, None)
    commit_page(store, speaker, page, RUN, companions=[withheld])
    later = dated("cs.AI", day(6), "A")
    assert commit_page(store, speaker, page, RUN, companions=[later]).log_size == 5


def test_records_whose_title_was_cut_are_counted(store: GraphStore, speaker: Speaker) -> None:
    page = [paper(1, title="x", cut=True), paper(2, title="y"), paper(3, title="z", cut=False)]
    counts = commit_page(store, speaker, page, RUN, companions=[concept("cs.AI")])
    assert (counts.seen, counts.cut) == (3, 1)


def test_a_statement_is_no_record(store: GraphStore, speaker: Speaker) -> None:
    commit_page(store, speaker, [paper(1)], RUN)
    run = new_run(store, 0)
    with pytest.raises(ValueError, match=f"^expected a record, got the statement {run.id}$"):
        commit_page(store, speaker, [run], RUN)


def test_each_new_companion_of_a_page_that_stands_is_vouched_for(
    store: GraphStore, speaker: Speaker
) -> None:
    """Also where a run has said the same of the page already: that one vouches for another companion."""
    commit_page(store, speaker, [paper(1)], RUN)
    concepts = [concept(name) for name in ("cs.AI", "cs.LG")]
    sizes = [
        commit_page(store, speaker, [paper(1)], RUN, companions=[companion]).log_size
        for companion in (*concepts, *concepts)
    ]
    assert sizes == [4, 6, 6, 6]
    stored = store.bundles_by_id([companion.id for companion in concepts])
    assert all(bundle.lives for bundle in stored.values())
