"""A disk that changed bytes on its own: each command says what is wrong with the store, and never stumbles."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from colineage.exit_status import ExitStatus
from tests.conftest import Size

Type = Callable[..., Any]

PAPER = "arxiv:2512.05356"
COMMANDS = (
    *(("show", PAPER), ("show", "doi:10.5555/idea"), ("search", "learning"), ("stats",)),
    *(("lineage", PAPER), ("who", "doi:10.5555/idea"), ("audit", "mlflow:7/0123abcd")),
    *(("log", "checkpoint"), ("log", "inclusion", "1"), ("log", "consistency", "2")),
    ("related", PAPER, "--model", "none"),
)


def settled(path: Path) -> bytes:
    """The whole store in one file."""
    with closing(sqlite3.connect(path)) as by_hand:
        by_hand.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        by_hand.execute("PRAGMA journal_mode = DELETE")
    return path.read_bytes()


def test_no_flipped_bit_makes_a_command_stumble(typed: Type, filled: Path, size: Size) -> None:
    whole = settled(filled)
    written = [place for place, byte in enumerate(whole) if byte]
    dice = random.Random(6)  # noqa: S311 - which bytes, and no secret
    came = dict.fromkeys(ExitStatus, 0)
    for _ in range(size(80, 1000)):
        data = bytearray(whole)
        data[dice.choice(written)] ^= 1 << dice.randrange(8)
        for leftover in filled.parent.glob("colineage.db-*"):
            leftover.unlink()
        filled.write_bytes(data)
        command = dice.choice(COMMANDS)
        found = typed(*command)
        assert found.status in {ExitStatus.DONE, ExitStatus.NO, ExitStatus.UNUSABLE}, (
            command,
            found.err,
        )
        came[ExitStatus(found.status)] += 1
    assert came[ExitStatus.UNUSABLE] > 5, "some of it is noticed"


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ("UPDATE node SET id = 'arxiv:2512.05357' WHERE id = 'arxiv:2512.05356'", "2512.05357"),
        ("UPDATE bundle SET id = zeroblob(32) WHERE position = 1", "sha256:" + "0" * 64),
        ("UPDATE edge SET qualifiers = '{\"score\"'", PAPER),
        ("UPDATE edge SET relation = 99", PAPER),
        ("DELETE FROM content WHERE position = 1", PAPER),
    ],
)
def test_rows_that_do_not_fit_each_other_are_damage(
    typed: Type, filled: Path, change: str, command: str
) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as by_hand:
        assert by_hand.execute(change).rowcount > 0
    found = typed("show", command, "--json")
    assert found.status == ExitStatus.UNUSABLE
    assert found.json["error"]["kind"] == "ForeignStoreError"
    assert "colineage verify" in found.json["error"]["message"]
    assert typed("verify").status == ExitStatus.NO
