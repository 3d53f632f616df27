"""Pages of records: exactly a page and one more, and what comes beside records that bring nothing."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json
from graph.model.model import Body, Description, RecordSource
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.snapshot.snapshot import ingest_snapshot
from ingest.openalex import ingest_openalex
from ingest.pipeline.commit_file import SourceRecord, commit_records
from ingest.pipeline.commit_page import PAGE_SIZE, commit_page


def concept(name: str) -> Bundle:
    """A record of one concept."""
    return described(f"concept:arxiv/{name}", Kind.CONCEPT)


def described(identifier: str, kind: Kind) -> Bundle:
    body = Body((Description(identifier, kind, {"name": identifier}),))
    return record("source:arxiv", None, RecordSource(identifier, "arxiv-raw/300"), body)


def papers(count: int) -> list[Bundle]:
    return [described(f"arxiv:2401.{k:05}", Kind.WORK) for k in range(1, count + 1)]


def runs(store: GraphStore) -> list[int]:
    """How many records each run read, in the order of the log."""
    return [
        len(stored.bundle.header.vouches)
        for stored in store.bundles()
        if stored.bundle.header and stored.bundle.header.key
    ]


@pytest.mark.parametrize("count", [1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE])
def test_a_page_holds_no_more_and_the_last_one_is_never_empty(
    store: GraphStore, speaker: Speaker, count: int
) -> None:
    progress: list[int] = []
    files: Iterable[SourceRecord] = map(SourceRecord, papers(count))
    report = commit_records(
        store, speaker, "arxiv", files, {"query": "a file"}, progress=progress.append
    )
    full, rest = divmod(count, PAGE_SIZE)
    sizes = [PAGE_SIZE] * full + [rest] * (rest > 0)
    assert runs(store) == sizes
    assert progress == [sum(sizes[: k + 1]) for k in range(len(sizes))]
    assert (report.seen, report.new, report.complete) == (count, count, True)


def test_what_stands_beside_a_record_fills_the_page_too(
    store: GraphStore, speaker: Speaker
) -> None:
    found = [
        SourceRecord(paper, (concept(f"cs.{chr(65 + k)}"),)) for k, paper in enumerate(papers(2))
    ]
    found += [SourceRecord(paper) for paper in papers(PAGE_SIZE)[2:]]
    commit_records(store, speaker, "arxiv", found, {"query": "a file"})
    assert runs(store) == [PAGE_SIZE, 2]


READERS: dict[str, tuple[Callable[..., object], Callable[[int], dict[str, object]]]] = {
    "arxiv": (
        lambda store, speaker, path: ingest_snapshot(IngestContext(store, speaker), path),
        lambda k: {"id": f"2401.{k:05}", "title": "A", "categories": ["cs.AI"]},
    ),
    "openalex": (ingest_openalex, lambda k: {"id": f"W{k}"}),
}


@pytest.mark.parametrize("source", READERS)
@pytest.mark.parametrize("count", [PAGE_SIZE, PAGE_SIZE + 1])
def test_a_file_of_exactly_a_page_and_of_one_record_more(
    source: str, count: int, store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    read, line = READERS[source]
    path = tmp_path / "file.jsonl"
    path.write_text("".join(json.dumps(line(k)) + "\n" for k in range(1, count + 1)))
    read(store, speaker, path)
    assert len(runs(store)) == (1 if count == PAGE_SIZE else 2)
    assert len(store.list_ids(Kind.WORK, limit=count + 1)) == count


def test_a_new_category_beside_records_that_bring_nothing_is_stored(
    store: GraphStore, speaker: Speaker
) -> None:
    run: dict[str, Json] = {"query": "q", "params": [{"name": "page", "value": "1"}]}
    old, new = concept("cs.AI"), concept("cs.LG")
    commit_page(store, speaker, papers(2), run, companions=[old])
    size = store.checkpoint().size
    counts = commit_page(store, speaker, papers(2), run, companions=[old, new])
    assert (counts.seen, counts.new, counts.unchanged) == (2, 0, 2)
    assert counts.log_size == size + 2, "the category, and a run that vouches for it"
    stored = store.bundles_by_id([new.id])[new.id]
    assert stored.lives
    assert len(stored.vouchers) == 1
    again = commit_page(store, speaker, papers(2), run, companions=[old, new])
    assert again.log_size == counts.log_size, "and only once"
