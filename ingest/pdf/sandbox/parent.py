"""Parent side of the PDF sandbox: sends files to the child process and never parses a PDF itself."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from graph.errors import Fault, InputError
from graph.model.vocabulary import Outcome
from ingest.pdf.extract.extraction import Facts, answer_from, failed
from ingest.pdf.extract.pages import LIMITS, Limits
from ingest.pdf.sandbox.child import DIGEST_BYTES

READERS: Final = ("pypdf", "pdfium")
_PATIENCE_S: Final = 15.0
_START_S: Final = 60.0
_NO_MEMORY: Final = 3


@dataclass(frozen=True, slots=True)
class Read:
    """Result of reading a PDF; `is_machine_dependent`: the limits here caused the outcome, not the bytes alone."""

    facts: Facts
    by_machine: bool


class Nursery:
    """Context manager that reads PDFs one after the other, each in a sandboxed process of its own."""

    def __init__(self, reader: str = "pypdf", limits: Limits = LIMITS) -> None:
        self.reader = reader
        self.limits = limits
        self.tool = reader
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the child process finish, then kill it."""
        if self._process and self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
        self._stop()

    def read(self, path: Path, digest: str) -> Read:
        """Return the facts of a file, or the outcome of the failed reading; `digest` is `sha256:…` of its bytes.

        Raises:
            InputError: The file changed meanwhile.
        """
        found = self._asked(path)
        if isinstance(found, Facts):
            return Read(found, by_machine=True)
        head, body = found[:DIGEST_BYTES].decode("ascii", "replace").strip(), found[DIGEST_BYTES:]
        if head and head != digest:
            fault = Fault(path.name, f"the bytes of {digest}", f"those of {head}")
            raise InputError("a file changed while it was read", [fault])
        try:
            return Read(answer_from(body), by_machine=False)
        except ValueError:
            reason = "its reader gave an answer that is none"
            return Read(failed(Outcome.CRASH, self.tool, reason), by_machine=True)

    def _asked(self, path: Path) -> Facts | bytes:
        process = self._process or self._start()
        request = {"path": os.fspath(path.absolute()), "limits": asdict(self.limits)}
        try:
            _pipe(process.stdin).write(json.dumps(request).encode() + b"\n")
            _pipe(process.stdin).flush()
            end = time.monotonic() + self.limits.wall_s + _PATIENCE_S
            told = json.loads(self._line(end))
            answer = self._bytes(int(told["length"]), end)
        except (OSError, ValueError, KeyError, TypeError, EOFError, TimeoutError):
            self._stop()
            return failed(Outcome.CRASH, self.tool, "the process that reads came to an end")
        return _judged(told, answer, self.tool, self.limits)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "ingest.pdf.sandbox.child", self.reader]
        home = str(Path(__file__).parents[3])
        found = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env={"PYTHONPATH": home, "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            bufsize=0,
        )
        self._process = found
        try:
            self.tool = str(json.loads(self._line(time.monotonic() + _START_S))["tool"])
        except (OSError, ValueError, KeyError, EOFError, TimeoutError) as error:
            self._stop()
            extra = " (pip install 'colineage[pdfium]')" if self.reader == "pdfium" else ""
            fault = Fault(
                "the reader of PDFs", f"{self.reader}, installed{extra}", "none that starts"
            )
            raise InputError("PDFs can't be read here", [fault]) from error
        return found

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                _pipe(pipe).close()
        process.wait()

    def _line(self, end: float) -> bytes:
        found = bytearray()
        while not found.endswith(b"\n"):
            found += self._bytes(1, end)
            if len(found) > 1000:
                raise ValueError("expected a short line")
        return bytes(found)

    def _bytes(self, count: int, end: float) -> bytes:
        if not self._process or count > self.limits.answer_bytes + DIGEST_BYTES:
            raise ValueError("expected less")
        pipe, parts = _pipe(self._process.stdout), bytearray()
        while len(parts) < count:
            left = end - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise TimeoutError
            part = os.read(pipe.fileno(), min(count - len(parts), 65536))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe")
    return pipe


def _judged(told: dict[str, Any], answer: bytes, tool: str, limits: Limits) -> Facts | bytes:
    """Return the answer of a fork that ended well, else the failure that its end means."""
    status, why = int(told["status"]), told["killed"]
    if why == "wall":
        return failed(Outcome.TIMEOUT, tool, f"more than {limits.wall_s:g} s")
    if why == "answer":
        return failed(Outcome.LIMIT, tool, f"an answer of more than {limits.answer_bytes} bytes")
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return failed(Outcome.TIMEOUT, tool, f"more than {limits.cpu_s} s of CPU time")
        return failed(Outcome.CRASH, tool, f"its reader ended by signal {number}")
    code = os.WEXITSTATUS(status)
    if code == 0:
        return answer
    if code == _NO_MEMORY:
        return failed(Outcome.LIMIT, tool, f"more than {limits.memory_bytes >> 20} MiB of memory")
    return failed(Outcome.CRASH, tool, f"its reader ended with status {code}")
