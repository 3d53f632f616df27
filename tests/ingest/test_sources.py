"""The table of sources: each line leads to a source of that name, which keeps what the port promises."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.pipeline.ingest_source import ingest_source
from ingest.sources import SOURCES, SourceEntry

EXAMPLES = Path(__file__).parents[2] / "examples"
INPUTS = {
    "openalex": EXAMPLES / "openalex.jsonl.gz",
    "git": EXAMPLES / "git" / "claude-code-transcripts.jsonl.gz",
    "mlflow": EXAMPLES / "mlflow",
}


def names(entry: SourceEntry) -> str:
    return entry.name


@pytest.mark.parametrize("entry", SOURCES, ids=names)
def test_each_source_reads_its_input_twice_alike(
    entry: SourceEntry, store: GraphStore, speaker: Speaker
) -> None:
    source = entry.load()
    assert source.name == entry.name
    first = ingest_source(source, store, speaker, INPUTS[entry.name])
    assert first.source == entry.name
    assert first.new == first.seen > 0
    again = ingest_source(source, store, speaker, INPUTS[entry.name])
    assert (again.seen, again.unchanged, again.log_size) == (
        first.seen,
        first.seen,
        first.log_size,
    )


@pytest.mark.parametrize("entry", SOURCES, ids=names)
def test_each_source_refuses_what_is_not_there(
    entry: SourceEntry, store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    with pytest.raises(InputError):
        ingest_source(entry.load(), store, speaker, tmp_path / "none")
    assert store.checkpoint().size == 0
