"""A lock keeps others out while it is held and its process lives, and leaves nothing behind."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.errors import BusyError
from graph.export.file_lock import exclusive_lock, wait_for_lock

ROOT = Path(__file__).parents[3]
HOLD = """
import os
import sys
from graph.export.file_lock import exclusive_lock

with exclusive_lock(os.open(sys.argv[1], os.O_RDONLY), "it"):
    print("held", flush=True)
    sys.stdin.read()
"""
COUNT = """
import os
import sys
from graph.export.file_lock import wait_for_lock

for _ in range(25):
    descriptor = os.open(sys.argv[1], os.O_RDWR)
    wait_for_lock(descriptor)
    number = int(os.pread(descriptor, 20, 0))
    os.pwrite(descriptor, str(number + 1).encode(), 0)
    os.close(descriptor)
"""


@pytest.fixture(params=["file", "folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "folder":
        return tmp_path
    (tmp_path / "file").write_bytes(b"as it was")
    return tmp_path / "file"


def descriptor_of(path: Path) -> int:
    return os.open(path, os.O_RDONLY)


@contextmanager
def process_with(program: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def process_that_holds(path: Path) -> Iterator[subprocess.Popen[str]]:
    with process_with(HOLD, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def is_free(path: Path) -> bool:
    """As seen by one who knows nothing of ours: by the system call."""
    descriptor = descriptor_of(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def test_who_comes_second_is_refused_until_the_first_is_done(path: Path) -> None:
    with exclusive_lock(descriptor_of(path), "it"):
        assert not is_free(path)
        with (
            pytest.raises(BusyError, match=r"^another is under way: try again later$"),
            exclusive_lock(descriptor_of(path), "another"),
        ):
            pass
        assert not is_free(path), "who was refused took the lock from who holds it"
    assert is_free(path)


def test_an_error_inside_releases_it_and_stays_that_error(path: Path) -> None:
    error = BlockingIOError(errno.EAGAIN, "of the block")
    with pytest.raises(BlockingIOError) as caught, exclusive_lock(descriptor_of(path), "it"):
        raise error
    assert caught.value is error
    assert is_free(path)


def test_what_is_locked_stays_as_it_is_and_nothing_comes_beside_it(path: Path) -> None:
    before = sorted(path.parent.iterdir()), path.stat().st_ino, path.stat().st_size
    with exclusive_lock(descriptor_of(path), "it"):
        assert (sorted(path.parent.iterdir()), path.stat().st_ino, path.stat().st_size) == before
    assert (sorted(path.parent.iterdir()), path.stat().st_ino, path.stat().st_size) == before


def test_another_process_keeps_it_until_it_is_killed(path: Path) -> None:
    with process_that_holds(path) as process:
        with pytest.raises(BusyError), exclusive_lock(descriptor_of(path), "it"):
            pass
        process.kill()
        process.wait()
        with exclusive_lock(descriptor_of(path), "it"):
            pass


def test_a_program_that_is_started_meanwhile_does_not_keep_it(path: Path) -> None:
    with exclusive_lock(descriptor_of(path), "it"):
        sleeper = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
        )
    assert is_free(path)
    sleeper.communicate()


def test_who_waits_gets_it_when_another_process_dies(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with process_that_holds(path) as process, path.open() as file:
        waiting = threading.Thread(target=wait_for_lock, args=(file.fileno(),))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        process.kill()
        waiting.join()
        assert not is_free(path)
    assert is_free(path)


def test_processes_that_wait_for_each_other_lose_no_count(tmp_path: Path) -> None:
    path = tmp_path / "count"
    path.write_text("0")
    with (
        process_with(COUNT, path) as first,
        process_with(COUNT, path) as second,
        process_with(COUNT, path) as third,
    ):
        assert [process.wait() for process in (first, second, third)] == [0, 0, 0]
    assert path.read_text() == "75"


def test_what_can_not_be_locked_is_an_error_and_no_wait() -> None:
    descriptor = os.open("/", os.O_RDONLY)
    os.close(descriptor)
    with pytest.raises(OSError, match="Bad file descriptor"):
        wait_for_lock(descriptor)
