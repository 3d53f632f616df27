"""What was last seen of a log: kept to the byte, and damage is told, never taken for a first sight."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.keys import signer_of
from graph.errors import InputError
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import sign_checkpoint
from ingest.pull.pins import MissingBundle, Pin, PullProgress, pin_path, read_pin, write_pin

ADA = signer_of(b"\x11" * 32)
ORIGIN = "colineage/" + "a" * 32


def peaks_of(size: int) -> Peaks:
    return Peaks().plus(hashlib.sha256(b"%d" % number).digest() for number in range(size))


def pin_of(size: int = 5, *missing: MissingBundle) -> Pin:
    taken = PullProgress(peaks_of(size // 2), Checkpoint(3, "0" * 64), missing)
    peaks = peaks_of(size)
    note = sign_checkpoint(ORIGIN, Checkpoint(size, peaks.root()), ADA)
    return Pin(ORIGIN, ADA.key, note, peaks, {"colineage/" + "b" * 32: taken})


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 1000])
def test_what_is_written_is_read(tmp_path: Path, size: int) -> None:
    pin = pin_of(size, MissingBundle(4, "sha256:" + "1" * 64))
    write_pin(tmp_path, pin)
    assert read_pin(tmp_path, ORIGIN) == pin
    told = json.loads(pin_path(tmp_path, ORIGIN).read_bytes())
    assert (told["size"], told["root"]) == (size, peaks_of(size).root())
    write_pin(tmp_path, pin_of(size + 1))
    assert read_pin(tmp_path, ORIGIN) == pin_of(size + 1)
    assert [one.suffix for one in tmp_path.iterdir()] == [".json"]


def test_what_was_never_seen_is_none(tmp_path: Path) -> None:
    assert read_pin(tmp_path / "nowhere", ORIGIN) is None


@given(st.text(min_size=1, max_size=300))
def test_a_name_is_one_file_in_the_folder(origin: str) -> None:
    folder = Path("seen")
    path = pin_path(folder, origin)
    assert path.parent == folder
    assert len(path.name) < 100
    assert path != pin_path(folder, origin + "x")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", 6),
        ("size", "5"),
        ("root", "0" * 64),
        ("origin", "another"),
        ("key", "ed25519:00"),
        ("note", ""),
        ("note", sign_checkpoint(ORIGIN, Checkpoint(6, peaks_of(6).root()), ADA)),
        ("peaks", []),
        ("peaks", ["zz"]),
        ("peaks", ["00", "00"]),
        ("stores", {"x": {}}),
        ("more", 1),
    ],
)
def test_damage_is_told(tmp_path: Path, key: str, value: object) -> None:
    write_pin(tmp_path, pin_of())
    path = pin_path(tmp_path, ORIGIN)
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {key: value}))
    with pytest.raises(InputError, match="restore the file, or remove it"):
        read_pin(tmp_path, ORIGIN)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_none_is_told(tmp_path: Path, data: bytes) -> None:
    pin_path(tmp_path, ORIGIN).write_bytes(data)
    with pytest.raises(InputError, match="a pin is damaged"):
        read_pin(tmp_path, ORIGIN)
