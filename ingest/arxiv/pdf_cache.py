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
from ingest.arxiv.service import transport_to
from ingest.formats.json_lines import file_digest
from ingest.formats.xml import opening
from ingest.http.client import MissingError, TooLongError, Transport
from ingest.http.rate_limit import Turnstile, cache_folder
from ingest.http.url_policy import checked_delay_s

PDF_URL: Final = "https://export.arxiv.org/pdf"
"""Base URL for PDFs: arXiv's host for programs (https://info.arxiv.org/help/bulk_data.html)."""

MAX_BYTES: Final = 100 * 2**20
"""Greatest size of a PDF; arXiv accepts submissions of 50 MB."""

_PDF: Final = frozenset({"application/pdf"})
_HEAD: Final = 1024
_LONGEST: Final = 400
_TAIL: Final = 2048
# A version without a PDF is requested again after this, as arXiv mends papers whose PDF could not be made.
_REST: Final = timedelta(days=30)
# For this long, a PDF that comes in no usable form is requested once a day.
_PATIENCE: Final = timedelta(days=3)
_DAY: Final = timedelta(hours=20)
# Name of the note on the last PDF that came from the service; no version has this name.
_LAST: Final = "last"


class Lack(StrEnum):
    """Reason why a version has no PDF here."""

    NONE = "none"
    TOO_LONG = "too long"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class PdfsAsked:
    """Options for fetching PDFs: base URL, politeness delay in seconds, contact address, and deadline."""

    base_url: str = PDF_URL
    delay_s: float = 3.0
    mailto: str | None = None
    deadline_s: float | None = None

    def check(self) -> "PdfsAsked":
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
class Got:
    """Result for one version: its file, or the reason why there is none; `fetched` is true unless the cache had it."""

    file: Path | None = None
    fetched: bool = False
    lack: Lack | None = None
    reason: str = ""


_Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class _Note(msgspec.Struct, frozen=True):
    """Cache entry of one version: the hash of its file, or the lack with its first and last time.

    `its_own`: no usable answer came, though the service answered for other versions meanwhile.
    """

    file: str | None = None
    lack: Lack | None = None
    since: _Moment | None = None
    at: _Moment | None = None
    reason: str = ""
    its_own: bool = False


class Shelf:
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
        turn: Turnstile,
        deadline: datetime | None = None,
    ) -> None:
        self._folder = folder
        self._base_url = base_url.rstrip("/")
        self._transport = transport
        self._clock = clock
        self._turn = turn
        self._deadline = deadline

    def get(self, version: str) -> Got:
        """Return the PDF of a version (`arxiv:2512.05356v2`), from the cache, else fetched.

        Raises:
            SourceError: No usable answer; trying again later is safe.
            RefusedError: The service refuses all requests.
            StoreError: The cache can't be used.
        """
        with _kept_in(self._folder), self._turn.passed(self._deadline):
            note = self._note(version)
            if note.file and (file := self._whole(note.file)):
                return Got(file)
            if note.lack and self._rests(note):
                return Got(lack=note.lack, reason=note.reason)
            return self._fetch(version)

    def was_missed(self, version: str) -> bool:
        """Return whether no usable answer came the last time: such a version is requested after the others."""
        with _kept_in(self._folder):
            return self._note(version).lack is Lack.UNUSABLE

    def missed(self, version: str, error: SourceError) -> Got | None:
        """Record that no usable answer came; return the lack if it is the paper's (others had answers meanwhile) or is old.

        So no paper is blamed for an outage of the service, and none keeps a run from finishing: arXiv answers for some
        with a web page, or with status 500 or 403, for good (browse/controllers/files in github.com/arXiv/arxiv-browse).

        Raises:
            StoreError: The cache can't be used.
        """
        with _kept_in(self._folder):
            before, now = self._note(version), self._clock()
            known = before.lack is Lack.UNUSABLE and before.at and now - before.at < _REST
            since = before.since if known and before.since else now
            last = self._note(_LAST).at
            its_own = last is not None and last > since
            lack = Lack.UNUSABLE
            reason = str(error)[:_LONGEST]
            note = _Note(None, lack, since, now, reason, its_own=its_own)
            self._keep(version, note)
            return Got(fetched=True, lack=lack, reason=reason) if self._rests(note) else None

    def _rests(self, note: _Note) -> bool:
        """Return whether it is too early to request a missing PDF again."""
        if note.at is None or note.since is None:
            return False
        rest = _REST
        if note.lack is Lack.UNUSABLE:
            is_old = note.at - note.since >= _PATIENCE
            long, short = (_REST, _DAY) if note.its_own else (_DAY, timedelta(0))
            rest = long if is_old else short
        return self._clock() - note.at < rest

    def _fetch(self, version: str) -> Got:
        url = f"{self._base_url}/{version.removeprefix('arxiv:')}"
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / "fetching.part"
        try:
            self._transport.save(
                url, part, media_types=_PDF, max_bytes=MAX_BYTES, check=_refuse_other
            )
            digest = file_digest(part)
            file = self._place(digest)
            file.parent.mkdir(exist_ok=True)
            part.replace(file)
        except (MissingError, TooLongError) as error:
            lack = Lack.NONE if isinstance(error, MissingError) else Lack.TOO_LONG
            now = self._clock()
            note = _Note(lack=lack, since=now, at=now, reason=str(error)[:_LONGEST])
            self._keep(version, note)
            return Got(fetched=True, lack=lack, reason=note.reason)
        finally:
            part.unlink(missing_ok=True)
        self._keep(version, _Note(file=digest))
        self._keep(_LAST, _Note(at=self._clock()))
        return Got(file, fetched=True)

    def _whole(self, digest: str) -> Path | None:
        """Return the file of this hash, if it exists and its content matches."""
        file = self._place(digest)
        return file if file.is_file() and file_digest(file) == digest else None

    def _place(self, digest: str) -> Path:
        name = digest.removeprefix("sha256:")
        return self._folder / name[:2] / f"{name}.pdf"

    def _note(self, version: str) -> _Note:
        """Return the note on a version; an empty one where it is absent or damaged."""
        try:
            return msgspec.json.decode(self._note_file(version).read_bytes(), type=_Note)
        except (FileNotFoundError, ValueError, RecursionError):
            return _Note()

    def _keep(self, version: str, note: _Note) -> None:
        file = self._note_file(version)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(note))
        part.replace(file)

    def _note_file(self, version: str) -> Path:
        name = version.removeprefix("arxiv:").replace("/", "-")
        return self._folder / "of" / f"{name}.json"


@contextmanager
def open_shelf(asked: PdfsAsked, started: datetime) -> Iterator[Shelf]:
    """Open the PDF cache of a service, in this user's cache folder; the deadline counts from `started`."""
    asked.check()
    deadline = started + timedelta(seconds=asked.deadline_s) if asked.deadline_s else None
    agent = agent_of(asked.mailto)
    transport = transport_to(asked.base_url, agent=agent, delay_s=asked.delay_s, deadline=deadline)
    name = "".join(c if c.isalnum() else "-" for c in asked.base_url.partition("//")[2])
    folder = cache_folder() / "pdfs" / name[:100]
    with closing(transport):
        yield Shelf(
            folder,
            asked.base_url,
            transport,
            clock=system_clock,
            turn=Turnstile(folder / "turn", 0.0, system_clock, time.sleep),
            deadline=deadline,
        )


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Convert operating system errors in the cache folder to `StoreError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{folder}: PDFs can't be kept there: {reason}") from error


def _refuse_other(file: Path) -> None:
    """Refuse a file that is no PDF from its first bytes to its end (ISO 32000-1, 7.5.2 and 7.5.5)."""
    with file.open("rb") as data:
        head = data.read(_HEAD)
        data.seek(max(0, file.stat().st_size - _TAIL))
        tail = data.read()
    if not head.lstrip().startswith(b"%PDF-"):
        raise SourceError(f"expected a PDF, got {opening(head)}")
    if b"%%EOF" not in tail:
        raise SourceError("expected a PDF to its end, got one without it")
