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
from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extraction import PdfFacts, failure, parse_answer
from ingest.pdf.extract.pages import LIMITS, PdfLimits
from ingest.pdf.sandbox.child import DIGEST_BYTES

READERS: Final = ("pypdf", "pdfium")
_PATIENCE_S: Final = 15.0
_START_S: Final = 60.0
_NO_MEMORY: Final = 3


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Result of reading a PDF; `is_machine_dependent`: the limits here caused the outcome, not the bytes alone."""

    facts: PdfFacts
    is_machine_dependent: bool


class PdfSandbox:
    """Context manager that reads PDFs one after the other, each in a sandboxed process of its own."""

    def __init__(self, reader: str = "pypdf", limits: PdfLimits = LIMITS) -> None:
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

    def read(self, path: Path, digest: str) -> ReadResult:
        """Return the facts of a file, or the outcome of the failed reading; `digest` is `sha256:…` of its bytes.

        Raises:
            InputError: The file changed meanwhile.
        """
        answer = self._ask(path)
        if isinstance(answer, PdfFacts):
            return ReadResult(answer, is_machine_dependent=True)
        head, body = answer[:DIGEST_BYTES].decode("ascii", "replace").strip(), answer[DIGEST_BYTES:]
        if head and head != digest:
            fault = Fault(path.name, f"the bytes of {digest}", f"those of {head}")
            raise InputError("a file changed while it was read", [fault])
        try:
            return ReadResult(parse_answer(body), is_machine_dependent=False)
        except ValueError:
            reason = "its reader gave an answer that is none"
            return ReadResult(
                failure(ReadingOutcome.CRASH, self.tool, reason), is_machine_dependent=True
            )

    def _ask(self, path: Path) -> PdfFacts | bytes:
        process = self._process or self._start()
        request = {"path": os.fspath(path.absolute()), "limits": asdict(self.limits)}
        try:
            _pipe(process.stdin).write(json.dumps(request).encode() + b"\n")
            _pipe(process.stdin).flush()
            end = time.monotonic() + self.limits.wall_s + _PATIENCE_S
            header = json.loads(self._line(end))
            answer = self._bytes(int(header["length"]), end)
        except (OSError, ValueError, KeyError, TypeError, EOFError, TimeoutError):
            self._stop()
            return failure(ReadingOutcome.CRASH, self.tool, "the process that reads came to an end")
        return _judge_answer(header, answer, self.tool, self.limits)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "ingest.pdf.sandbox.child", self.reader]
        home = str(Path(__file__).parents[3])
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env={"PYTHONPATH": home, "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            bufsize=0,
        )
        self._process = process
        try:
            self.tool = str(json.loads(self._line(time.monotonic() + _START_S))["tool"])
        except (OSError, ValueError, KeyError, EOFError, TimeoutError) as error:
            self._stop()
            extra = " (pip install 'colineage[pdfium]')" if self.reader == "pdfium" else ""
            fault = Fault(
                "the reader of PDFs", f"{self.reader}, installed{extra}", "none that starts"
            )
            raise InputError("PDFs can't be read here", [fault]) from error
        return process

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
        line = bytearray()
        while not line.endswith(b"\n"):
            line += self._bytes(1, end)
            if len(line) > 1000:
                raise ValueError("expected a short line")
        return bytes(line)

    def _bytes(self, count: int, end: float) -> bytes:
        if not self._process or count > self.limits.answer_bytes + DIGEST_BYTES:
            raise ValueError("expected less")
        pipe, parts = _pipe(self._process.stdout), bytearray()
        while len(parts) < count:
            remaining_s = end - time.monotonic()
            if remaining_s <= 0 or not select.select([pipe], [], [], remaining_s)[0]:
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


def _judge_answer(
    header: dict[str, Any], answer: bytes, tool: str, limits: PdfLimits
) -> PdfFacts | bytes:
    """Return the answer of a fork that ended well, else the failure that its end means."""
    status, kill_reason = int(header["status"]), header["killed"]
    if kill_reason == "wall":
        return failure(ReadingOutcome.TIMEOUT, tool, f"more than {limits.wall_s:g} s")
    if kill_reason == "answer":
        return failure(
            ReadingOutcome.LIMIT, tool, f"an answer of more than {limits.answer_bytes} bytes"
        )
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return failure(ReadingOutcome.TIMEOUT, tool, f"more than {limits.cpu_s} s of CPU time")
        return failure(ReadingOutcome.CRASH, tool, f"its reader ended by signal {number}")
    code = os.WEXITSTATUS(status)
    if code == 0:
        return answer
    if code == _NO_MEMORY:
        return failure(
            ReadingOutcome.LIMIT, tool, f"more than {limits.memory_bytes >> 20} MiB of memory"
        )
    return failure(ReadingOutcome.CRASH, tool, f"its reader ended with status {code}")
