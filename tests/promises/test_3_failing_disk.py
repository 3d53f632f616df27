"""Promise 3: a disk that fails at any call leaves what was acknowledged, and at most one append more.

Each call is one that SQLite makes for our code (`tests.promises.driver`): a sync that fails with EIO, once
or from then on; a write that finds the disk full after half of it was done. The command says so in a
sentence, and the same command goes on once the disk is well.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from colineage.exit_status import ExitStatus
from tests.conftest import Size
from tests.promises.kept import pages_kept, verified
from tests.promises.pages import digests
from tests.promises.runs import Ended, Run, Server

PAGES = (4, 5)
EVERY = list(range(PAGES[0]))


def ingest(server: Server, folder: Path, fault: tuple[str, int, int | None] | None = None) -> Ended:
    folder.mkdir(exist_ok=True)
    (ended,) = server.run(Run(str(folder), pages=PAGES, order=EVERY, fault=fault))
    return ended


def is_one_sentence(message: str, path: str) -> bool:
    return message.count("\n") == 0 and path in message and message.count(": ") >= 1


@pytest.mark.parametrize(
    ("call", "times", "word"),
    [("sync", 1, "disk"), ("sync", None, "disk"), ("write", None, "full")],
    ids=["a sync fails once", "syncs fail from then on", "the disk is full from then on"],
)
def test_what_was_acknowledged_stays_and_the_next_run_heals(
    breakable: Server, size: Size, tmp_path: Path, call: str, times: int | None, word: str
) -> None:
    calls = ingest(breakable, tmp_path / "whole").calls[call]
    assert calls > len(EVERY)
    failed = 0
    for first in range(1, calls + 1, max(1, calls // size(12, calls))):
        folder = tmp_path / str(first)
        ended = ingest(breakable, folder, (call, first, times))
        path = folder / "colineage.db"
        kept = pages_kept(path, ended.acknowledged, digests(*PAGES))
        assert kept <= len(ended.acknowledged) + 1
        if ended.status:
            failed += 1
            (told,) = ended.errors
            assert (ended.status, told.kind) == (ExitStatus.UNUSABLE, "StoreError")
            assert told.error is not None
            assert is_one_sentence(told.error, "colineage.db")
            assert word in told.error
        else:
            # Only what comes after the last append may fail unheard: the file is put in order later.
            assert len(ended.acknowledged) == len(EVERY)
        again = ingest(breakable, folder)
        assert (again.status, again.errors) == (0, [])
        pages_kept(path, [*ended.acknowledged, *again.acknowledged], digests(*PAGES))
        assert verified(path) == digests(*PAGES)[-1]
    assert failed > 4


# The command, on the disk of everybody.


def command(server: Server, folder: Path, *, most_bytes: int | None = None) -> tuple[int, Any, str]:
    """`colineage ingest git` where no file may grow beyond so many bytes."""
    words = ["ingest", "git", str(COMMITS), "--key", "key.pem", "--json"]
    (ended,) = server.run(Run(str(folder), words=words, most_bytes=most_bytes))
    said = json.loads((folder / "out").read_bytes()) if (folder / "out").read_bytes() else None
    return ended.status, said, (folder / "err").read_text(encoding="utf-8")


COMMITS = Path(__file__).parents[2] / "examples" / "git" / "claude-code-transcripts.jsonl.gz"


def test_the_command_says_in_a_sentence_what_the_disk_refuses(
    server: Server, size: Size, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    assert command(server, whole)[0] == 0
    largest = (whole / "colineage.db").stat().st_size
    for number in range(size(6, 60)):
        folder = tmp_path / str(number)
        folder.mkdir()
        limit = 4096 + number * largest // size(6, 60)
        status, said, err = command(server, folder, most_bytes=limit)
        assert status == ExitStatus.UNUSABLE, (limit, said)
        assert said["error"]["kind"] == "StoreError"
        assert is_one_sentence(said["error"]["message"], "colineage.db")
        assert "Traceback" not in err
        assert command(server, folder)[0] == 0
        assert verified(folder / "colineage.db") == verified(whole / "colineage.db")
