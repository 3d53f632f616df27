"""The loop that all sources share, with a source that is nothing but a list of items."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.bundle.bundle import Bundle, record
from graph.errors import BundleError, Fault
from graph.model.model import Body, Description, RecordSource
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.interface import Companion, SourceItem
from ingest.pipeline.ingest_source import ingest_source


def bundle(name: str, kind: Kind) -> Bundle:
    node = Description(name, kind, {"name" if kind is Kind.CONCEPT else "title": name})
    return record("source:test", None, RecordSource(name, "test/100"), Body((node,)))


@dataclass(frozen=True)
class Works:
    """Works with a subject each; those that are named "large" fit no bundle."""

    items: tuple[tuple[str, str] | RefusedItem, ...]
    name: str = "works"

    def run_attributes(self, path: Path) -> dict[str, str]:
        return {"query": path.name}

    def read(self, path: Path) -> Iterator[SourceItem | RefusedItem]:
        for number, item in enumerate(self.items, start=1):
            yield item if isinstance(item, RefusedItem) else _item(number, *item)


def _item(number: int, work: str, subject: str) -> SourceItem:
    def to_record() -> Bundle:
        if work == "large":
            raise BundleError("no bundle", [Fault("body", "at most so many bytes", "more")])
        return bundle(f"arxiv:2401.{work:0>5}", Kind.WORK)

    def companions() -> Iterator[Companion]:
        concept = f"concept:test/{subject}"
        yield Companion(concept, lambda: bundle(concept, Kind.CONCEPT))

    return SourceItem(f"line {number}", to_record, companions)


def test_what_items_share_comes_once_and_what_fits_no_bundle_is_refused_alone(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    works = Works(
        (("1", "a"), ("large", "b"), ("2", "a"), RefusedItem("line 4", "odd"), ("3", "b"))
    )
    seen: list[int] = []
    report = ingest_source(works, store, speaker, tmp_path / "list", progress=seen.append)
    assert (report.source, report.seen, report.new, report.refused) == ("works", 3, 3, 2)
    assert (report.complete, seen) == (True, [3])
    # A refused item leaves its companion to the next that has it: three works, two subjects, one run.
    assert report.log_size == 6
    assert len(store.list_ids(Kind.CONCEPT, limit=10)) == 2
    [run] = store.list_ids(Kind.INGEST, limit=2)
    shown = store.things([run])[run].shown
    assert shown
    attributes = shown.description.attributes
    assert attributes["tool"] == "colineage ingest works"
    assert attributes["query"] == "list"
    large, odd = str(attributes["note"]).splitlines()
    assert large.startswith("line 2: no bundle")
    assert odd == "line 4: odd"
