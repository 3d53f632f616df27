"""Harvest by the query API: papers first submitted in a span of days, one time window after another.

Pages by offset are not used: the service's order has no tie-break, so they repeat some papers and miss
others. Instead a window is halved until it holds no more papers than one answer may, and it is complete
when as many different papers came as were announced.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.errors import SourceError
from ingest.arxiv.api.query import address_of, window_query
from ingest.arxiv.api.window_page import WindowPage, window_page_of
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.session.page import days_around, expect_days
from ingest.arxiv.session.resume import ResumePoint, newest_resume_point
from ingest.arxiv.session.session import HarvestSession
from ingest.http.client import HttpResponse, Transport

_MINUTE: Final = timedelta(minutes=1)
_NEVER: Final = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
_TOKEN: Final = re.compile(r"(\d{12})\+(\d{1,10})", re.ASCII)
_FORMAT: Final = "%Y%m%d%H%M"
# Tries after which a window that came short is halved, and one that came empty is believed.
_SHORT_TRIES: Final = 3
_EMPTY_TRIES: Final = 2


def harvest_windows(transport: Transport, session: HarvestSession, options: HarvestOptions) -> None:
    """Read every window into the session, from the resume point of the last run.

    Raises:
        SourceError: No usable answer, or fewer papers than were announced, or too many in one minute.
        RefusedError: arXiv refuses the request.
    """
    start = _midnight(options.since)
    now = session.context.speaker.clock().astimezone(UTC).replace(second=0, microsecond=0)
    end = _midnight_after(options.until) if options.until else now + _MINUTE
    session.query = query_of(options)
    _, session.saved_point = newest_resume_point(
        session.context.store, [session.query], session.context.speaker.clock()
    )
    minutes = max(1, (end - start) // _MINUTE)
    span = _SpanReader(transport, session, options, start, end, minutes)
    span.resume(session.saved_point.token)
    while span.start < span.end:
        if session.records_left == 0 or not span.read_window():
            return
    session.finish()


def query_of(options: HarvestOptions) -> str:
    """Return the address that would request all windows at once: it identifies the runs of a harvest."""
    end = _midnight_after(options.until) if options.until else _NEVER
    whole = window_query(options.categories, _midnight(options.since), end)
    return address_of(whole, options.address, size=options.slice_size)


def _growth_factor(total: int, size: int) -> int:
    """Return the factor by which the next window may be longer, so that it nearly fills one answer."""
    return 8 if total * 16 <= size else 2 if total * 4 <= size else 1


def _midnight(day: str) -> datetime:
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)


def _midnight_after(day: str) -> datetime:
    return _midnight(day) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _SplitWindow:
    """Window that is read in parts: papers announced of the whole, records received and resume point before it."""

    start: datetime
    until: datetime
    total: int
    received_before: int
    point: ResumePoint


@dataclass(slots=True)
class _SpanReader:
    """Reader of the time that is left, from one minute to another, in windows of `minutes`."""

    transport: Transport
    session: HarvestSession
    options: HarvestOptions
    start: datetime
    end: datetime
    minutes: int
    tries: int = 0
    received: int = 0
    split_windows: list[_SplitWindow] = field(default_factory=list)

    def resume(self, token: str | None) -> None:
        """Resume where a run stopped, with the window length that it had reached."""
        match = _TOKEN.fullmatch(token or "")
        if match:
            try:
                start = datetime.strptime(match[1], _FORMAT).replace(tzinfo=UTC)
            except ValueError:
                return
            if self.start < start <= self.end:
                self.start, self.minutes = start, max(1, int(match[2]))
                self.session.point = self.session.saved_point

    def read_window(self) -> bool:
        """Read one window; return whether there may be more to read."""
        minutes_left = max(1, (self.end - self.start) // _MINUTE)
        self.minutes = min(self.minutes, minutes_left)
        until = self.start + self.minutes * _MINUTE
        page = self._fetch(until)
        size = self.options.slice_size
        if page.total > size:
            self._halve(page, until, f"at most {size} papers", f"{page.total}")
        elif self._is_doubtful(page):
            if self.tries == _SHORT_TRIES:
                expected = f"the {page.total} papers announced"
                self._halve(page, until, expected, f"{page.received}")
        else:
            return self._store_page(page, until)
        return True

    def _is_doubtful(self, page: WindowPage) -> bool:
        """Return whether to request the window once more: it came short, or is empty for the first time."""
        self.tries += 1
        return page.received < page.total or (page.total == 0 and self.tries < _EMPTY_TRIES)

    def _store_page(self, page: WindowPage, until: datetime) -> bool:
        self.tries = 0
        minutes = self.minutes * _growth_factor(page.total, self.options.slice_size)
        received = self.session.point.received + page.received
        after = ResumePoint(f"{until:{_FORMAT}}+{minutes}", None, received)
        if not self.session.store_page(page.page, after if until < self.end else ResumePoint()):
            return False
        self.start, self.minutes = until, minutes
        self.received += page.received
        self._check_split_windows()
        return True

    def _check_split_windows(self) -> None:
        """Check the papers received in parts of a window against those announced of it: each part could look complete.

        Papers of the minute between two parts come with both, so more than announced is no fault.
        """
        while self.split_windows and self.split_windows[-1].until <= self.start:
            window = self.split_windows.pop()
            received = self.received - window.received_before
            if received < window.total:
                self.session.point = window.point
                raise SourceError(
                    f"{window.start:%Y-%m-%d %H:%M} to {window.until:%Y-%m-%d %H:%M} UTC: expected the "
                    f"{window.total} papers announced, got {received} in its parts: give the command again"
                )

    def _halve(self, page: WindowPage, until: datetime, expected: str, got: str) -> None:
        """Halve the window until it should fit one answer, at least once."""
        if self.minutes == 1:
            raise SourceError(
                f"{self.start:%Y-%m-%d %H:%M} UTC: expected {expected} in a minute, got {got}: "
                "give the command again"
            )
        whole = _SplitWindow(self.start, until, page.total, self.received, self.session.point)
        self.split_windows.append(whole)
        self.tries = 0
        times = max(2, -(-page.total // self.options.slice_size))
        self.minutes = max(1, self.minutes >> (times - 1).bit_length())

    def _fetch(self, until: datetime) -> WindowPage:
        search = window_query(self.options.categories, self.start, until)
        size = self.options.slice_size
        address = address_of(search, self.options.address, size=size)

        def read(fetched: HttpResponse) -> WindowPage:
            context = self.session.context
            page = window_page_of(
                fetched,
                size=size,
                latest=context.latest(),
                bodies_present=context.store.bodies_present,
            )
            expect_days(page.days, days_around(f"{self.start:%Y-%m-%d}", f"{until:%Y-%m-%d}"))
            return page

        return self.transport.fetch(address, read)
