"""JSON in files: how deep it may be."""

from pathlib import Path

import pytest

from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import MAX_DEPTH, json_value
from ingest.openalex import ingest_openalex


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    return opening * depth + "1" + closing * depth


def test_the_greatest_depth_is_read() -> None:
    depth = MAX_DEPTH - 1  # the number in the middle is a value too
    assert str(json_value(nested(depth).encode())).count("[") == depth
    with pytest.raises(ValueError, match="nested too deeply"):
        json_value(nested(depth + 1).encode())
    with pytest.raises(ValueError, match="nested too deeply"):
        json_value(nested(depth + 1, '{"a":', "}").encode())
    assert len(json_value(b"[" + b"[]," * 1000 + b"[]]")) == 1001


def test_no_depth_of_one_line_ends_the_whole_file(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    # Near the limit of recursion a line was read, and showing what is wrong with it failed.
    depths = range(850, 1000)
    bad = [
        f'{{"id": "W2", "authorships": {nested(depth, opening, closing)}}}'
        for depth in depths
        for opening, closing in (("[", "]"), ('{"a":', "}"))
    ]
    file = tmp_path / "works.jsonl"
    file.write_text("\n".join([*bad, '{"id": "W1", "title": "Read all the same"}']))
    report = ingest_openalex(store, speaker, file)
    assert (report.new, report.refused) == (1, 2 * len(depths))
