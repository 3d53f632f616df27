"""Records of a file, committed: which are refused and why, what each run says, and an input without a record."""

import pytest

from graph.bundle.bundle import Bundle, record
from graph.errors import Fault, InputError
from graph.model.model import Body, Description, RecordSource
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.pipeline.commit_file import SourceRecord, commit_records
from ingest.pipeline.commit_page import PAGE_SIZE, Report

REFUSAL = RefusedItem("line 2", "expected a title, got none")


def paper(number: int, at: str | None = None) -> SourceRecord:
    return SourceRecord(described(f"arxiv:2401.{number:05}", Kind.WORK, at))


def described(identifier: str, kind: Kind, at: str | None = None) -> Bundle:
    body = Body((Description(identifier, kind),))
    return record("source:arxiv", at, RecordSource(identifier, "arxiv-raw/300"), body)


def runs(store: GraphStore) -> list[dict[str, object]]:
    """The attributes of each run, without its counts, in the order of the log."""
    statements = [stored.bundle for stored in store.bundles() if stored.bundle.header.key]  # type: ignore[union-attr]  # all are readable
    return [
        {
            key: value
            for key, value in statement.body.nodes[0].attributes.items()  # type: ignore[union-attr]  # all have a body
            if key in ("query", "sha256", "refused", "note")
        }
        for statement in statements
    ]


def test_the_report_and_the_run_of_a_file(store: GraphStore, speaker: Speaker) -> None:
    seen: list[int] = []
    run = {"query": "works\u0007 of\n a file", "sha256": " \n"}
    items: list[SourceRecord | RefusedItem] = [paper(1), REFUSAL, paper(2)]
    report = commit_records(store, speaker, "arxiv", items, run, progress=seen.append)
    assert report == Report("arxiv", seen=2, new=2, refused=1, complete=True, log_size=3)
    note = "line 2: expected a title, got none"
    assert runs(store) == [{"query": "works of a file", "refused": 1, "note": note}]
    assert seen == [2]


def test_a_file_is_committed_without_telling_progress(store: GraphStore, speaker: Speaker) -> None:
    assert commit_records(store, speaker, "arxiv", [paper(1)], {"query": "q"}).seen == 1


def test_a_page_tells_only_what_was_refused_since_the_page_before(
    store: GraphStore, speaker: Speaker
) -> None:
    concept = described("concept:arxiv/cs.AI", Kind.CONCEPT)
    first = SourceRecord(paper(0).record, (concept,))
    items: list[SourceRecord | RefusedItem] = [
        first,
        REFUSAL,
        *map(paper, range(1, PAGE_SIZE)),
        RefusedItem("line 9", "bad"),
        paper(PAGE_SIZE),
    ]
    report = commit_records(store, speaker, "arxiv", items, {"query": "q"})
    assert (report.seen, report.refused) == (PAGE_SIZE + 1, 2)
    assert [run["note"] for run in runs(store)] == [str(REFUSAL), "line 9: bad"]
    sizes = [
        len(header.vouches)
        for stored in store.bundles()
        if (header := stored.bundle.header) and header.key
    ]
    assert sizes == [PAGE_SIZE, 2]


def test_a_day_ahead_is_taken_and_a_second_more_is_refused(
    store: GraphStore, speaker: Speaker
) -> None:
    items = [paper(1, "2026-11-24T06:00:00Z"), paper(2, "2026-11-24T06:00:01Z"), paper(3)]
    report = commit_records(store, speaker, "arxiv", items, {"query": "q"})
    assert (report.seen, report.refused) == (2, 1)
    [run] = runs(store)
    reason = "expected a time at most a day ahead, got 2026-11-24T06:00:01Z"
    assert run["note"] == f"arxiv:2401.00002: {reason}"
    assert list(store.list_ids(Kind.WORK, limit=9)) == ["arxiv:2401.00001", "arxiv:2401.00003"]


def reason(number: int) -> Fault:
    return Fault(f"line {number}", "a record of it", "this: bad")


@pytest.mark.parametrize(
    ("count", "faults"),
    [
        (0, [Fault("the input", "at least one record", "none")]),
        (1, [reason(0)]),
        (5, [*map(reason, range(5))]),
        (6, [*map(reason, range(5)), Fault("the others", "records of it", "1 more like these")]),
        (9, [*map(reason, range(5)), Fault("the others", "records of it", "4 more like these")]),
    ],
)
def test_an_input_without_a_record_is_an_error(
    store: GraphStore, speaker: Speaker, count: int, faults: list[Fault]
) -> None:
    items = [RefusedItem(f"line {k}", "bad") for k in range(count)]
    with pytest.raises(InputError) as error:
        commit_records(store, speaker, "openalex", items, {"query": "q"})
    assert error.value.what == "nothing of openalex was found"
    assert list(error.value.faults) == faults
    assert store.checkpoint().size == 0
