"""What was refused is kept in a file, once, with its reason, its hash and the record as it came."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.errors import StoreError
from ingest.formats.json_lines import RefusedItem
from ingest.pipeline.quarantine import NO_QUARANTINE, Quarantine

ONE = RefusedItem("line 3", "expected JSON, got nothing", b"{\xff")


def kept(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "colineage.quarantine.jsonl"


def test_a_refusal_is_kept_with_its_reason_and_its_hash(file: Path) -> None:
    quarantine = Quarantine(file, lambda: datetime(2026, 11, 20, tzinfo=UTC))
    quarantine.keep("http://127.0.0.1/oai", [ONE])
    assert kept(file) == [
        {
            "where": "line 3",
            "reason": "expected JSON, got nothing",
            "sha256": hashlib.sha256(b"{\xff").hexdigest(),
            "query": "http://127.0.0.1/oai",
            "refused": "2026-11-20T00:00:00Z",
            "data": "{\ufffd",
        }
    ]


def test_the_same_is_kept_once_and_another_beside_it(file: Path) -> None:
    for _ in range(2):
        Quarantine(file).keep("a", [ONE, ONE, RefusedItem("line 4", "the same", b"x")])
    assert [one["where"] for one in kept(file)] == ["line 3", "line 4"]


def test_where_nothing_is_refused_there_is_no_file(file: Path) -> None:
    Quarantine(file).keep("a", [])
    NO_QUARANTINE.keep("a", [ONE])
    assert not file.exists()


def test_a_line_that_was_cut_stays_alone(file: Path) -> None:
    file.write_bytes(b'{"where": "li')
    Quarantine(file).keep("a", [ONE])
    lines = file.read_bytes().splitlines()
    assert lines[0] == b'{"where": "li'
    assert json.loads(lines[1])["where"] == "line 3"


def test_of_a_long_record_the_beginning_is_kept(file: Path) -> None:
    data = b"x" * 100_000
    Quarantine(file).keep("a", [RefusedItem("line 1", "too long", data)])
    [one] = kept(file)
    assert len(one["data"]) == 65_536
    assert one["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="what was refused can't be kept"):
        Quarantine(tmp_path).keep("a", [ONE])


@pytest.mark.parametrize("device", ["/dev/full", "/dev/zero", "/dev/null"])
def test_a_device_is_no_place_to_keep_anything(device: str) -> None:
    """Of some what they hold already has no end."""
    with pytest.raises(StoreError, match="expected a file, got a folder, a pipe or a device"):
        Quarantine(Path(device)).keep("a", [ONE])


def test_nobody_is_waited_for_at_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match="expected a file, got a folder, a pipe or a device"):
        Quarantine(tmp_path / "pipe").keep("a", [ONE])


def test_two_harvests_at_once_keep_whole_lines_and_each_once(file: Path) -> None:
    many = [RefusedItem(f"line {k}", "no good", bytes([65 + k]) * 20_000) for k in range(10)]
    both = [threading.Thread(target=Quarantine(file).keep, args=("a", many)) for _ in range(4)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one["where"] for one in kept(file)] == [one.where for one in many]
