"""Child process that reads PDFs: it imports a reader once, then forks to read each file under limits.

    python -m ingest.pdf.sandbox.child pypdf

stdin: one JSON object a line, the path and the limits. stdout: for each, a line with the status of the
fork and the length of its answer, then the answer. The process that forks reads no PDF but one of our own;
a fork reads one file, writes one answer into its pipe, and can neither write a file, start a program nor
reach a network through Python.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NoReturn

import msgspec

from graph.model.vocabulary import ReadingOutcome
from ingest.pdf.extract.extract import facts_of
from ingest.pdf.extract.extraction import PdfFacts, digest_of, failure
from ingest.pdf.extract.pages import LIMITS, PdfLimits, PdfReader, ReadFailure

DIGEST_BYTES: Final = 71
_BLOCK: Final = 65536
_FORBIDDEN: Final = (
    "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.kill", "os.remove",
    "os.rename", "os.mkdir", "shutil.", "urllib.", "ftplib.", "http.", "smtplib.", "webbrowser.",
)  # fmt: skip
_WARMUP_PDF: Final = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 52>>stream
BT /F 9 Tf 1 0 0 1 9 90 Tm (References) Tj ET       \nendstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj
xref
0 1
0000000000 65535 f\x20
trailer<</Size 6/Root 1 0 R>>
startxref
1
%%EOF
"""
_WRITE_FLAGS: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def load_reader(name: str) -> PdfReader:
    """Return the PDF reader of this name.

    Raises:
        ImportError: Its library isn't installed.
    """
    if name == "pdfium":
        from ingest.pdf.sandbox.with_pdfium import Pdfium

        return Pdfium()
    if name == "pypdf":
        from ingest.pdf.sandbox.with_pypdf import Pypdf

        return Pypdf()
    raise ImportError(f"no reader is called {name}")


def main(arguments: Sequence[str]) -> int:
    """Answer requests until stdin ends."""
    reader = load_reader(arguments[0])
    facts_of(
        reader.read(_WARMUP_PDF, LIMITS), reader.tool
    )  # our own PDF: so that no fork imports it all again
    gc.collect()
    gc.freeze()
    sys.stdout.buffer.write(json.dumps({"tool": reader.tool}).encode() + b"\n")
    sys.stdout.buffer.flush()
    for request in sys.stdin.buffer:
        fields = json.loads(request)
        _answer(reader, fields["path"], PdfLimits(**fields["limits"]))
    return 0


def _answer(reader: PdfReader, path: str, limits: PdfLimits) -> None:
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(reader, path, limits, readable, writable)
    os.close(writable)
    answer, kill_reason = _receive(readable, child, limits)
    os.close(readable)
    _, status = os.waitpid(child, 0)
    header = {"status": status, "killed": kill_reason, "length": len(answer)}
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + answer)
    sys.stdout.buffer.flush()


def _receive(readable: int, child: int, limits: PdfLimits) -> tuple[bytes, str | None]:
    """Return what the fork writes until it ends, and the reason if it was killed: too slow, or too much."""
    parts: list[bytes] = []
    size, end = 0, time.monotonic() + limits.wall_s
    while True:
        remaining_s = max(0.0, end - time.monotonic())
        ready = select.select([readable, sys.stdin], [], [], remaining_s)[0]
        # The parent sends nothing before the answer: stdin is ready only where the parent is gone.
        if sys.stdin in ready:
            os.kill(child, signal.SIGKILL)
            return b"", "alone"
        if remaining_s <= 0 or not ready:
            os.kill(child, signal.SIGKILL)
            return b"", "wall"
        part = os.read(readable, _BLOCK)
        if not part:
            return b"".join(parts), None
        parts.append(part)
        size += len(part)
        if size > limits.answer_bytes + DIGEST_BYTES:
            os.kill(child, signal.SIGKILL)
            return b"", "answer"


def _be_child(
    reader: PdfReader, path: str, limits: PdfLimits, readable: int, writable: int
) -> NoReturn:
    """Read one file, write the answer and exit without the interpreter's cleanup."""
    try:
        os.close(readable)
        for standard in (0, 1, 2):
            os.close(standard)
        os.open(os.devnull, os.O_RDWR)
        os.dup(0)
        os.dup(0)
        _confine(limits)
        _write(writable, _read(reader, path, limits))
        os._exit(0)
    except MemoryError:
        os._exit(3)
    except BaseException:  # noqa: BLE001 - whatever it is, the fork ends here
        os._exit(4)


def _confine(limits: PdfLimits) -> None:
    """Set the limits of this process; no core file, no file written, no other program."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    with suppress(ValueError, OSError):  # macOS knows the name and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(int(limits.wall_s) + 5)  # should no process be left to kill it
    gc.disable()  # one file's garbage goes with the process; a fifth faster
    sys.setrecursionlimit(1500)
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITE_FLAGS
    if writes or event.startswith(_FORBIDDEN):
        raise PermissionError(f"a PDF made the reader ask for {event}")


def _read(reader: PdfReader, path: str, limits: PdfLimits) -> bytes:
    """Read a file and return the hash of its bytes followed by the facts as JSON."""
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib's would be no clearer here
        data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        reason = f"more than {limits.file_bytes} bytes"
        return _encode_answer("", failure(ReadingOutcome.LIMIT, reader.tool, reason))
    try:
        facts = facts_of(reader.read(data, limits), reader.tool)
    except ReadFailure as error:
        facts = failure(error.outcome, reader.tool, error.reason, pages=error.pages)
    except RecursionError:
        facts = failure(ReadingOutcome.DAMAGED, reader.tool, "nested too deeply")
    return _encode_answer(digest_of(data), facts)


def _encode_answer(digest: str, facts: PdfFacts) -> bytes:
    return digest.ljust(DIGEST_BYTES).encode() + msgspec.json.encode(facts)


def _write(writable: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(writable, rest) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
