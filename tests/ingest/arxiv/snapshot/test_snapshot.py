import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.paper.listing import ListingError
from ingest.arxiv.snapshot.listing_line import read_value
from ingest.arxiv.snapshot.snapshot import ingest_snapshot
from ingest.pipeline.commit_page import Report
from ingest.pipeline.quarantine import Quarantine


def said(store: GraphStore, name: str) -> dict[str, Any]:
    shown = store.things([name])[name].shown
    assert shown
    return dict(shown.description.attributes)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.seen, report.new, report.changed, report.unchanged, report.refused


@pytest.fixture
def announced(data: Path) -> list[dict[str, Any]]:
    text = (data / "snapshot" / "announced.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_bulk_file_is_taken_and_what_is_wrong_is_counted(
    store: GraphStore, speaker: Speaker, data: Path
) -> None:
    report = ingest_snapshot(IngestContext(store, speaker), data / "snapshot" / "bulk.jsonl")
    assert counts(report) == (2, 2, 0, 0, 4)
    assert (report.withdrawn, report.complete) == (1, True)
    paper = said(store, "arxiv:0704.0001")
    assert paper["title"].startswith(
        "Calculation of prompt diphoton production cross sections at Tevatron and LHC"
    )
    assert paper["date"] == "2007-04-02"
    assert said(store, "arxiv:0704.0001v2") == {"number": 2, "submitted": "2007-07-24T20:10:27Z"}
    old = said(store, "arxiv:math/0309136")
    assert (old["withdrawn"], old["evidence"]) == (True, "comment: Withdrawn by the author")
    edges = store.adjacent(["arxiv:math/0309136"], outgoing=True)
    [author] = [a.edge for a in edges if a.edge.relation is Relation.WAS_ATTRIBUTED_TO]
    assert author.qualifiers["affiliation"] == "Here; There"
    assert said(store, author.target) == {"name": "A. Planted Jr"}


def test_refusals_are_in_the_run_with_line_and_reason(
    store: GraphStore, speaker: Speaker, data: Path
) -> None:
    ingest_snapshot(IngestContext(store, speaker), data / "snapshot" / "bulk.jsonl")
    [run] = [said(store, name) for name in store.list_ids(Kind.INGEST, limit=10)]
    assert run["refused"] == 4
    broken, array, faults, tomorrow = run["note"].split("\n")
    assert broken.startswith("line 3: expected JSON")
    assert array == "line 4: value: expected an object, got ['not', 'an', 'object']"
    for words in (
        "id: ",
        "title: ",
        "categories: ",
        "versions.created: ",
        "update_date: ",
        "authors: ",
    ):
        assert words in faults or len(faults) == 400
    assert tomorrow.startswith("line 8: day: expected at most a day ahead")


def test_all_faults_of_a_line_are_told_at_once(data: Path) -> None:
    line = (data / "snapshot" / "bulk.jsonl").read_text("utf-8").splitlines()[4]
    with pytest.raises(ListingError) as error:
        read_value(json.loads(line), "line 5")
    assert sorted({fault.where for fault in error.value.faults}) == [
        "authors",
        "categories",
        "id",
        "title",
        "update_date",
        "versions.created",
        "versions.version",
    ]


def test_a_daily_list_says_what_it_knows_and_no_more(
    store: GraphStore, speaker: Speaker, data: Path, announced: list[dict[str, Any]]
) -> None:
    report = ingest_snapshot(IngestContext(store, speaker), data / "snapshot" / "announced.jsonl")
    assert counts(report) == (4, 4, 0, 0, 0)
    paper = said(store, "arxiv:2512.05356")
    assert paper == {
        "title": "AI & Human Co-Improvement for Safer Co-Superintelligence",
        "abstract": paper["abstract"],
        "announced": "2025-12-08",
    }
    shown = store.things(["arxiv:2512.05356"])["arxiv:2512.05356"].shown
    assert shown
    assert shown.at == "2025-12-08T00:00:00Z"
    edges = [a.edge for a in store.adjacent(["arxiv:2512.05356"], outgoing=True)]
    names = {
        edge.qualifiers["position"]: said(store, edge.target)["name"]
        for edge in edges
        if edge.relation is Relation.WAS_ATTRIBUTED_TO
    }
    assert names == {1: "Jason Weston", 2: "Jakob Foerster"}
    assert store.list_ids(Kind.VERSION, limit=5) == []
    both = said(store, "arxiv:2503.15514")
    assert both["acm_class"] == "I.2.7; K.4.1"
    assert said(store, "arxiv:2504.05496")["msc_class"] == "68T50"
    assert [one["id"] for one in announced] == [
        "2512.05356",
        "2503.15514",
        "2503.12191",
        "2504.05496",
    ]


def test_gzip_is_known_by_its_bytes_and_a_second_run_changes_nothing(
    new_store: Callable[[], GraphStore], speaker: Speaker, data: Path, tmp_path: Path
) -> None:
    plain = data / "snapshot" / "announced.jsonl"
    packed = tmp_path / "announced"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    one, other = new_store(), new_store()
    first = ingest_snapshot(IngestContext(one, speaker), plain)
    ingest_snapshot(IngestContext(other, speaker), packed)
    assert one.digest() == other.digest()
    again = ingest_snapshot(IngestContext(one, speaker), plain)
    assert counts(again) == (4, 0, 0, 4, 0)
    assert again.log_size == first.log_size


def test_many_lines_come_in_pages_and_order_does_not_matter(
    new_store: Callable[[], GraphStore], speaker: Speaker, tmp_path: Path
) -> None:
    lines = [
        json.dumps(
            {
                "id": f"2401.{k:05}",
                "title": f"Planted {k}",
                "authors": f"A{k % 7}",
                "categories": "cs.AI",
            }
        )
        for k in range(1, 2302)
    ]
    forward, backward = tmp_path / "forward.jsonl", tmp_path / "backward.jsonl"
    forward.write_text("\n".join(lines))
    backward.write_text("\n".join(reversed(lines)))
    one, other = new_store(), new_store()
    told: list[int] = []
    report = ingest_snapshot(IngestContext(one, speaker, progress=told.append), forward)
    ingest_snapshot(IngestContext(other, speaker), backward)
    assert told == [1000, 2000, 2301]
    assert counts(report) == (2301, 2301, 0, 0, 0)
    assert one.digest() == other.digest()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"no JSON\n", b"{}\n", b"\x1f\x8bcut off"])
def test_a_file_with_nothing_of_arxiv_is_refused(
    store: GraphStore, speaker: Speaker, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"odd\.jsonl"):
        ingest_snapshot(IngestContext(store, speaker), file)
    assert store.checkpoint().size == 0


def test_a_missing_file_is_named(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.jsonl can't be read"):
        ingest_snapshot(IngestContext(store, speaker), tmp_path / "missing.jsonl")


def test_what_is_refused_may_quote_anything(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    """A reason quotes the file, and the run that holds it is a bundle: NFC, no NUL, no lone surrogate."""
    file = tmp_path / "e\u0301.jsonl"
    good = {"id": "2401.00001", "title": "Planted"}
    odd = {"id": "e\u0301\x00", "title": ["\ud800"], "update_date": "e\u0301\u0301"}
    file.write_text("\n".join(json.dumps(one) for one in (good, odd)))
    report = ingest_snapshot(IngestContext(store, speaker), file)
    assert counts(report) == (1, 1, 0, 0, 1)


def test_refusals_are_kept_though_nothing_else_came_and_once(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    file = tmp_path / "list.jsonl"
    good = json.dumps({"id": "2401.00001", "title": "Planted"})
    file.write_text(good)
    sizes = [ingest_snapshot(IngestContext(store, speaker), file).log_size]
    file.write_text(good + "\nnonsense")
    for _ in range(2):
        report = ingest_snapshot(IngestContext(store, speaker), file)
        assert counts(report) == (1, 0, 0, 1, 1)
        sizes.append(report.log_size)
    assert [size - sizes[0] for size in sizes] == [0, 1, 1]


def test_an_old_file_after_newer_records_is_told_once_and_changes_nothing(
    store: GraphStore, speaker: Speaker, tmp_path: Path, announced: list[dict[str, Any]]
) -> None:
    def written(name: str, day: str) -> Path:
        file = tmp_path / name
        lines = (json.dumps(one | {"announced": day, "title": day}) for one in announced)
        file.write_text("".join(f"{line}\n" for line in lines))
        return file

    old, new = written("old.jsonl", "2026-01-01"), written("new.jsonl", "2026-06-01")
    ingest_snapshot(IngestContext(store, speaker), old)
    ingest_snapshot(IngestContext(store, speaker), new)
    state, size = store.digest(), store.checkpoint().size
    sizes = [ingest_snapshot(IngestContext(store, speaker), old).log_size for _ in range(3)]
    assert sizes == [size + 1] * 3
    assert store.digest() == state
    # Each file still says again what the other replaced, should the other be retracted.
    assert ingest_snapshot(IngestContext(store, speaker), new).log_size == size + 1


def test_refused_lines_are_kept_with_what_they_are(
    store: GraphStore, speaker: Speaker, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "kept.jsonl"
    bulk = data / "snapshot" / "bulk.jsonl"
    for _ in range(2):
        ingest_snapshot(IngestContext(store, speaker, quarantine=Quarantine(file)), bulk)
    kept = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [one["where"] for one in kept] == ["line 3", "line 4", "line 5", "line 8"]
    lines = bulk.read_bytes().splitlines(keepends=True)
    assert [one["sha256"] for one in kept] == [
        hashlib.sha256(lines[k]).hexdigest() for k in (2, 3, 4, 7)
    ]
    assert kept[1]["reason"] == "value: expected an object, got ['not', 'an', 'object']"


def test_many_refused_lines_are_kept_page_by_page(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    """Nothing holds all of them at once: a file can have more of them than there is memory."""
    file, kept = tmp_path / "list.jsonl", tmp_path / "kept.jsonl"
    good = json.dumps({"id": "2401.00001", "title": "Planted"})
    file.write_text("\n".join([good, *(f"no JSON {k}" for k in range(2500))]))
    told: list[int] = []

    def lines() -> list[str]:
        return kept.read_text("utf-8").splitlines()

    report = ingest_snapshot(
        IngestContext(
            store,
            speaker,
            quarantine=Quarantine(kept),
            progress=lambda _: told.append(len(lines())),
        ),
        file,
    )

    assert counts(report) == (1, 1, 0, 0, 2500)
    assert told == [1000, 2000, 2500]
    assert len({line for line in lines() if "no JSON" in line}) == 2500
    size = report.log_size
    assert (
        ingest_snapshot(IngestContext(store, speaker, quarantine=Quarantine(kept)), file).log_size
        == size
    )
    assert len(lines()) == 2500


def test_a_long_file_of_something_else_is_known_by_its_beginning(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    file = tmp_path / "works.jsonl"
    with file.open("w") as out:
        out.writelines(f'{{"id": "https://openalex.org/W{k}"}}\n' for k in range(5000))
        out.write(json.dumps({"id": "2401.00001", "title": "Planted"}))
    with pytest.raises(InputError, match=r"works\.jsonl holds nothing of arXiv") as told:
        ingest_snapshot(IngestContext(store, speaker), file)
    assert len(told.value.faults) == 50
    assert store.checkpoint().size == 0
