"""PDF cache: fetches each PDF once from arXiv's export host, checks that it is one, keeps it in the user's cache.

The PDFs are not ours to pass on (https://info.arxiv.org/help/license/reuse.html), so they go nowhere else.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec

from graph.clock import Clock, system_clock
from graph.errors import InputError, SourceError, StoreError
from ingest.arxiv.options import agent_of, faults_of
from ingest.arxiv.service import open_transport
from ingest.formats.json_lines import file_digest
from ingest.formats.xml import excerpt
from ingest.http.client import MissingError, TooLongError, Transport
from ingest.http.rate_limit import RateLimiter, cache_folder
from ingest.http.url_policy import checked_delay_s

PDF_URL: Final = "https://export.arxiv.org/pdf"
"""Base URL for PDFs: arXiv's host for programs (https://info.arxiv.org/help/bulk_data.html)."""

MAX_BYTES: Final = 100 * 2**20
"""Greatest size of a PDF; arXiv accepts submissions of 50 MB."""

_PDF: Final = frozenset({"application/pdf"})
_HEAD_BYTES: Final = 1024
_LONGEST_REASON: Final = 400
_TAIL_BYTES: Final = 2048
# A version without a PDF is requested again after this, as arXiv mends papers whose PDF could not be made.
_RETRY_AFTER: Final = timedelta(days=30)
# For this long, a PDF that comes in no usable form is requested once a day.
_PATIENCE: Final = timedelta(days=3)
_DAILY_RETRY: Final = timedelta(hours=20)
# Name of the note on the last PDF that came from the service; no version has this name.
_LAST_NOTE: Final = "last"


class NoPdfReason(StrEnum):
    """Reason why a version has no PDF here."""

    NONE = "none"
    TOO_LONG = "too long"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class PdfFetchOptions:
    """Options for fetching PDFs: base URL, politeness delay in seconds, contact address, and deadline."""

    base_url: str = PDF_URL
    delay_s: float = 3.0
    mailto: str | None = None
    deadline_s: float | None = None

    def check(self) -> "PdfFetchOptions":
        """Return these options, if they are valid.

        Raises:
            InputError: The address, the delay… are wrong.
        """
        checked_delay_s(self.delay_s, self.base_url, name="pdf-url")
        faults = faults_of(self.mailto, self.deadline_s)
        if faults:
            raise InputError("can't fetch PDFs in this way", faults)
        return self


@dataclass(frozen=True, slots=True)
class PdfResult:
    """Result for one version: its file, or the reason why there is none; `fetched` is true unless the cache had it."""

    file: Path | None = None
    fetched: bool = False
    lack: NoPdfReason | None = None
    reason: str = ""


_Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class _Note(msgspec.Struct, frozen=True):
    """Cache entry of one version: the hash of its file, or the lack with its first and last time.

    `its_own`: no usable answer came, though the service answered for other versions meanwhile.
    """

    file: str | None = None
    lack: NoPdfReason | None = None
    since: _Moment | None = None
    at: _Moment | None = None
    reason: str = ""
    its_own: bool = False


class PdfCache:
    """Cache of the PDFs of one service, which fetches those that it lacks.

    A file is named by its hash, and a note beside it gives the hash for a version. Both are renamed into place when
    they are complete, and a file that doesn't match its name is ignored, so a process may die at any moment. One PDF
    at a time is fetched, over all processes.
    """

    def __init__(
        self,
        folder: Path,
        base_url: str,
        transport: Transport,
        *,
        clock: Clock,
        rate_limiter: RateLimiter,
        deadline: datetime | None = None,
    ) -> None:
        self._folder = folder
        self._base_url = base_url.rstrip("/")
        self._transport = transport
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._deadline = deadline

    def get(self, version: str) -> PdfResult:
        """Return the PDF of a version (`arxiv:2512.05356v2`), from the cache, else fetched.

        Raises:
            SourceError: No usable answer; trying again later is safe.
            RefusedError: The service refuses all requests.
            StoreError: The cache can't be used.
        """
        with _convert_os_errors(self._folder), self._rate_limiter.acquire(self._deadline):
            note = self._read_note(version)
            if note.file and (file := self._intact_file(note.file)):
                return PdfResult(file)
            if note.lack and self._is_before_retry(note):
                return PdfResult(lack=note.lack, reason=note.reason)
            return self._fetch(version)

    def is_unusable(self, version: str) -> bool:
        """Return whether no usable answer came the last time: such a version is requested after the others."""
        with _convert_os_errors(self._folder):
            return self._read_note(version).lack is NoPdfReason.UNUSABLE

    def record_failure(self, version: str, error: SourceError) -> PdfResult | None:
        """Record that no usable answer came; return the lack if it is the paper's (others had answers meanwhile) or is old.

        So no paper is blamed for an outage of the service, and none keeps a run from finishing: arXiv answers for some
        with a web page, or with status 500 or 403, for good (browse/controllers/files in github.com/arXiv/arxiv-browse).

        Raises:
            StoreError: The cache can't be used.
        """
        with _convert_os_errors(self._folder):
            before, now = self._read_note(version), self._clock()
            is_repeated = (
                before.lack is NoPdfReason.UNUSABLE and before.at and now - before.at < _RETRY_AFTER
            )
            since = before.since if is_repeated and before.since else now
            last = self._read_note(_LAST_NOTE).at
            its_own = last is not None and last > since
            lack = NoPdfReason.UNUSABLE
            reason = str(error)[:_LONGEST_REASON]
            note = _Note(None, lack, since, now, reason, its_own=its_own)
            self._write_note(version, note)
            return (
                PdfResult(fetched=True, lack=lack, reason=reason)
                if self._is_before_retry(note)
                else None
            )

    def _is_before_retry(self, note: _Note) -> bool:
        """Return whether it is too early to request a missing PDF again."""
        if note.at is None or note.since is None:
            return False
        retry_after = _RETRY_AFTER
        if note.lack is NoPdfReason.UNUSABLE:
            is_old = note.at - note.since >= _PATIENCE
            long, short = (
                (_RETRY_AFTER, _DAILY_RETRY) if note.its_own else (_DAILY_RETRY, timedelta(0))
            )
            retry_after = long if is_old else short
        return self._clock() - note.at < retry_after

    def _fetch(self, version: str) -> PdfResult:
        url = f"{self._base_url}/{version.removeprefix('arxiv:')}"
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / "fetching.part"
        try:
            self._transport.save(
                url, part, media_types=_PDF, max_bytes=MAX_BYTES, check=_refuse_non_pdf
            )
            digest = file_digest(part)
            file = self._pdf_path(digest)
            file.parent.mkdir(exist_ok=True)
            part.replace(file)
        except (MissingError, TooLongError) as error:
            lack = NoPdfReason.NONE if isinstance(error, MissingError) else NoPdfReason.TOO_LONG
            now = self._clock()
            note = _Note(lack=lack, since=now, at=now, reason=str(error)[:_LONGEST_REASON])
            self._write_note(version, note)
            return PdfResult(fetched=True, lack=lack, reason=note.reason)
        finally:
            part.unlink(missing_ok=True)
        self._write_note(version, _Note(file=digest))
        self._write_note(_LAST_NOTE, _Note(at=self._clock()))
        return PdfResult(file, fetched=True)

    def _intact_file(self, digest: str) -> Path | None:
        """Return the file of this hash, if it exists and its content matches."""
        file = self._pdf_path(digest)
        return file if file.is_file() and file_digest(file) == digest else None

    def _pdf_path(self, digest: str) -> Path:
        name = digest.removeprefix("sha256:")
        return self._folder / name[:2] / f"{name}.pdf"

    def _read_note(self, version: str) -> _Note:
        """Return the note on a version; an empty one where it is absent or damaged."""
        try:
            return msgspec.json.decode(self._note_path(version).read_bytes(), type=_Note)
        except (FileNotFoundError, ValueError, RecursionError):
            return _Note()

    def _write_note(self, version: str, note: _Note) -> None:
        file = self._note_path(version)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(note))
        part.replace(file)

    def _note_path(self, version: str) -> Path:
        name = version.removeprefix("arxiv:").replace("/", "-")
        return self._folder / "of" / f"{name}.json"


@contextmanager
def open_pdf_cache(options: PdfFetchOptions, started: datetime) -> Iterator[PdfCache]:
    """Open the PDF cache of a service, in this user's cache folder; the deadline counts from `started`."""
    options.check()
    deadline = started + timedelta(seconds=options.deadline_s) if options.deadline_s else None
    agent = agent_of(options.mailto)
    transport = open_transport(
        options.base_url, agent=agent, delay_s=options.delay_s, deadline=deadline
    )
    name = "".join(c if c.isalnum() else "-" for c in options.base_url.partition("//")[2])
    folder = cache_folder() / "pdfs" / name[:100]
    with closing(transport):
        yield PdfCache(
            folder,
            options.base_url,
            transport,
            clock=system_clock,
            rate_limiter=RateLimiter(folder / "turn", 0.0, system_clock, time.sleep),
            deadline=deadline,
        )


@contextmanager
def _convert_os_errors(folder: Path) -> Iterator[None]:
    """Convert operating system errors in the cache folder to `StoreError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{folder}: PDFs can't be kept there: {reason}") from error


def _refuse_non_pdf(file: Path) -> None:
    """Refuse a file that is no PDF from its first bytes to its end (ISO 32000-1, 7.5.2 and 7.5.5)."""
    with file.open("rb") as data:
        head = data.read(_HEAD_BYTES)
        data.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        tail = data.read()
    if not head.lstrip().startswith(b"%PDF-"):
        raise SourceError(f"expected a PDF, got {excerpt(head)}")
    if b"%%EOF" not in tail:
        raise SourceError("expected a PDF to its end, got one without it")
