"""Files of OpenAlex works, into a store."""

import gzip
import json
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.openalex import ingest_openalex


def test_a_real_file_and_again(store: GraphStore, speaker: Speaker, examples: Path) -> None:
    seen: list[int] = []
    first = ingest_openalex(store, speaker, examples / "openalex.jsonl.gz", progress=seen.append)
    assert (first.seen, first.new, first.refused, first.complete) == (366, 366, 0, True)
    assert seen[-1] == 366
    counts = store.counts()
    assert counts.edges["cites"] > 5_000
    second = ingest_openalex(store, speaker, examples / "openalex.jsonl.gz")
    assert (second.seen, second.new, second.changed, second.unchanged) == (366, 0, 0, 366)
    assert second.log_size == first.log_size


def test_what_was_refused_is_counted_and_its_reason_kept(
    store: GraphStore, speaker: Speaker, data: Path
) -> None:
    report = ingest_openalex(store, speaker, data / "openalex" / "slice.jsonl")
    assert (report.seen, report.refused) == (6, 1)
    (run,) = store.list_ids(Kind.INGEST, limit=10)
    said = store.things([run])[run].shown
    assert said
    attributes = said.description.attributes
    assert attributes["refused"] == 1
    assert attributes["query"] == "slice.jsonl"
    assert "authors[1].orcid" in str(attributes["note"])
    again = ingest_openalex(store, speaker, data / "openalex" / "slice.jsonl")
    assert (again.unchanged, again.refused, again.log_size) == (6, 1, report.log_size)


def test_a_new_refusal_beside_what_stands_is_kept_once(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "works.jsonl"
    path.write_text('{"id": "W1"}\n')
    before = ingest_openalex(store, speaker, path)
    path.write_text('{"id": "W1"}\n{"id": "X1"}\n')
    sizes = [ingest_openalex(store, speaker, path).log_size for _ in range(2)]
    assert sizes == [before.log_size + 1] * 2
    notes = [
        said.description.attributes.get("note")
        for thing in store.things(store.list_ids(Kind.INGEST, limit=9)).values()
        if (said := thing.shown)
    ]
    assert sum("line 2" in str(note) for note in notes) == 1


def test_works_as_served_replace_the_undated(
    store: GraphStore, speaker: Speaker, data: Path, tmp_path: Path
) -> None:
    slim = tmp_path / "slim.jsonl"
    slim.write_text('{"id": "W2063675303", "title": "Older"}\n')
    ingest_openalex(store, speaker, slim)
    report = ingest_openalex(store, speaker, data / "openalex" / "raw-sample.json")
    assert (report.seen, report.new, report.changed) == (3, 2, 1)
    assert store.things(["openalex:W2063675303"])["openalex:W2063675303"].title.startswith(
        "Differential"
    )


def test_a_work_that_a_file_repeats_counts_once_as_the_newest(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    lines = [
        {"id": "W1", "title": "new", "updated_date": "2024-01-01"},
        {"id": "W1", "title": "old", "updated_date": "2023-01-01"},
        {"id": "W2", "title": "first"},
        {"id": "W2", "title": "last"},
    ]
    path = tmp_path / "twice.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    report = ingest_openalex(store, speaker, path)
    assert report.seen == 2
    things = store.things(["openalex:W1", "openalex:W2"])
    assert [things[f"openalex:W{k}"].title for k in (1, 2)] == ["new", "last"]
    assert ingest_openalex(store, speaker, path).log_size == report.log_size


def author_line(work: int, name: str, updated: str, orcid: str | None = None) -> str:
    author = {"id": "A1", "display_name": name, "orcid": orcid}
    value = {"id": f"W{work}", "updated_date": updated, "authorships": [{"author": author}]}
    return json.dumps(value) + "\n"


def test_an_author_is_recorded_again_only_where_something_newer_says_something_else(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "works.jsonl"
    path.write_text(
        author_line(1, "J. Doe", "2022-01-01")
        + author_line(2, "J. Doe", "2024-01-01")
        + author_line(3, "Jane", "2023-01-01")
        + author_line(4, "Jane Doe", "2025-01-01")
    )
    report = ingest_openalex(store, speaker, path)
    assert report.log_size == 4 + 2 + 1, "four works, two records of the author, a run"
    author = store.things(["openalex:A1"])["openalex:A1"]
    assert (author.title, author.shown and author.shown.at) == ("Jane Doe", "2025-01-01T00:00:00Z")
    assert ingest_openalex(store, speaker, path).log_size == report.log_size
    path.write_text(author_line(5, "Jane Doe", "2026-01-01"))
    again = ingest_openalex(store, speaker, path)
    assert again.log_size == report.log_size + 2, "a work and a run"
    path.write_text(author_line(6, "J. Doe", "2024-06-01"))
    older = ingest_openalex(store, speaker, path)
    assert older.log_size == again.log_size + 2
    path.write_text(author_line(7, "Jane Roe", "2026-02-01"))
    assert ingest_openalex(store, speaker, path).log_size == older.log_size + 3
    assert store.things(["openalex:A1"])["openalex:A1"].title == "Jane Roe"


def test_long_titles_and_names_are_counted(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "works.jsonl"
    long = json.dumps({"id": "W8", "title": "word " * 1000, "updated_date": "2024-01-01"}) + "\n"
    path.write_text(long + author_line(9, "word " * 1000, "2024-01-01"))
    report = ingest_openalex(store, speaker, path)
    assert (report.seen, report.refused, report.cut) == (2, 0, 2)
    assert ingest_openalex(store, speaker, path).cut == 2


def test_many_works_go_in_pages_of_a_thousand_records(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "many.jsonl.gz"
    with gzip.open(path, "wt") as file:
        for k in range(1, 2002):
            file.write(
                json.dumps({"id": f"W{k}", "title": f"Work {k}", "concepts": [["One", 0, 1]]})
                + "\n"
            )
    report = ingest_openalex(store, speaker, path)
    assert (report.seen, report.new) == (2001, 2001)
    assert len(store.list_ids(Kind.INGEST, limit=10)) == 3
    assert report.log_size == 2001 + 1 + 3


def test_a_line_that_is_too_early_does_not_stop_its_page(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "early.jsonl"
    path.write_text('{"id": "W1", "updated_date": "2999-01-01"}\n{"id": "W2"}\n')
    report = ingest_openalex(store, speaker, path)
    assert (report.seen, report.refused) == (1, 1)


def test_what_a_refused_work_mentions_is_left_to_the_next(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "early.jsonl"
    path.write_text(author_line(1, "Early", "2999-01-01") + author_line(2, "Jane", "2024-01-01"))
    assert ingest_openalex(store, speaker, path).refused == 1
    assert store.things(["openalex:A1"])["openalex:A1"].title == "Jane"


def test_one_broken_line_is_refused_and_the_rest_taken(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"id": "W1"}\n{"id": \n\n{"id": "W2"}\n')
    report = ingest_openalex(store, speaker, path)
    assert (report.seen, report.refused) == (2, 1)


BAD = {
    "another-kind-of-id.jsonl": "line 1: expected a record of it, got this: id: expected an OpenAlex id W…",
    "broken.jsonl.gz": "broken.jsonl.gz",
    "cut-off-array.json": "cut-off-array.json is no JSON",
    "cut-off.jsonl": "line 1: expected a record of it, got this: expected JSON",
    "empty-array.json": "expected at least one record, got none",
    "empty.jsonl": "expected at least one record, got none",
    "no-id.jsonl": "id: expected an OpenAlex id W…, got None",
    "no-objects.jsonl": "line 2: expected a record of it, got this: work: expected an object",
    "not-utf-8.jsonl": "line 1: expected a record of it, got this: expected JSON",
    "too-deep.json": "nested too deeply",
    "too-deep.jsonl": "nested too deeply",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_refused_and_nothing_stored(
    name: str, store: GraphStore, speaker: Speaker, data: Path
) -> None:
    with pytest.raises(InputError) as caught:
        ingest_openalex(store, speaker, data / "openalex" / "bad" / name)
    assert BAD[name] in str(caught.value)
    assert store.checkpoint().size == 0


def test_every_bad_file_is_tried(data: Path) -> None:
    assert {path.name for path in (data / "openalex" / "bad").iterdir()} == set(BAD)


def test_a_file_that_is_not_there(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        ingest_openalex(store, speaker, tmp_path / "nowhere.jsonl")
