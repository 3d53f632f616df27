"""Harvest by the query API: papers first submitted in a span of days, one time window after another.

Pages by offset are not used: the service's order has no tie-break, so they repeat some papers and miss
others. Instead a window is halved until it holds no more papers than one answer may, and it is complete
when as many different papers came as were announced.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.clock import latest_admissible
from graph.errors import SourceError
from ingest.arxiv.api.query import address_of, window_query
from ingest.arxiv.api.window_page import WindowPage, window_page_of
from ingest.arxiv.options import Asked
from ingest.arxiv.session.page import days_around, expect_days
from ingest.arxiv.session.resume import Place, newest_place
from ingest.arxiv.session.session import Course
from ingest.http.client import Fetched, Transport

_MINUTE: Final = timedelta(minutes=1)
_NEVER: Final = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
_TOKEN: Final = re.compile(r"(\d{12})\+(\d{1,10})", re.ASCII)
_FORMAT: Final = "%Y%m%d%H%M"
# Tries after which a window that came short is halved, and one that came empty is believed.
_SHORT_TRIES: Final = 3
_EMPTY_TRIES: Final = 2


def harvest_windows(transport: Transport, course: Course, asked: Asked) -> None:
    """Read every window into the session, from the resume point of the last run.

    Raises:
        SourceError: No usable answer, or fewer papers than were announced, or too many in one minute.
        RefusedError: arXiv refuses the request.
    """
    start = _midnight(asked.since)
    now = course.voice.clock().astimezone(UTC).replace(second=0, microsecond=0)
    end = _after(asked.until) if asked.until else now + _MINUTE
    course.query = query_of(asked)
    _, course.said = newest_place(course.store, [course.query], course.voice.clock())
    minutes = max(1, (end - start) // _MINUTE)
    span = _Span(transport, course, asked, start, end, minutes)
    span.go_on(course.said.token)
    while span.start < span.end:
        if course.left == 0 or not span.turn():
            return
    course.done()


def query_of(asked: Asked) -> str:
    """Return the address that would request all windows at once: it identifies the runs of a harvest."""
    end = _after(asked.until) if asked.until else _NEVER
    whole = window_query(asked.categories, _midnight(asked.since), end)
    return address_of(whole, asked.address, size=asked.slice_size)


def _wider(total: int, size: int) -> int:
    """Return the factor by which the next window may be longer, so that it nearly fills one answer."""
    return 8 if total * 16 <= size else 2 if total * 4 <= size else 1


def _midnight(day: str) -> datetime:
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)


def _after(day: str) -> datetime:
    return _midnight(day) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Announced:
    """Window that is read in parts: papers announced of the whole, records received and resume point before it."""

    start: datetime
    until: datetime
    total: int
    before: int
    place: Place


@dataclass(slots=True)
class _Span:
    """Reader of the time that is left, from one minute to another, in windows of `minutes`."""

    transport: Transport
    course: Course
    asked: Asked
    start: datetime
    end: datetime
    minutes: int
    tries: int = 0
    received: int = 0
    announced: list[_Announced] = field(default_factory=list)

    def go_on(self, token: str | None) -> None:
        """Resume where a run stopped, with the window length that it had reached."""
        match = _TOKEN.fullmatch(token or "")
        if match:
            try:
                start = datetime.strptime(match[1], _FORMAT).replace(tzinfo=UTC)
            except ValueError:
                return
            if self.start < start <= self.end:
                self.start, self.minutes = start, max(1, int(match[2]))
                self.course.place = self.course.said

    def turn(self) -> bool:
        """Read one window; return whether there may be more to read."""
        left = max(1, (self.end - self.start) // _MINUTE)
        self.minutes = min(self.minutes, left)
        until = self.start + self.minutes * _MINUTE
        found = self._fetch(until)
        size = self.asked.slice_size
        if found.total > size:
            self._halve(found, until, f"at most {size} papers", f"{found.total}")
        elif self._is_doubtful(found):
            if self.tries == _SHORT_TRIES:
                wanted = f"the {found.total} papers announced"
                self._halve(found, until, wanted, f"{found.received}")
        else:
            return self._take(found, until)
        return True

    def _is_doubtful(self, found: WindowPage) -> bool:
        """Return whether to request the window once more: it came short, or is empty for the first time."""
        self.tries += 1
        return found.received < found.total or (found.total == 0 and self.tries < _EMPTY_TRIES)

    def _take(self, found: WindowPage, until: datetime) -> bool:
        self.tries = 0
        minutes = self.minutes * _wider(found.total, self.asked.slice_size)
        received = self.course.place.received + found.received
        after = Place(f"{until:{_FORMAT}}+{minutes}", None, received)
        if not self.course.take(found.page, after if until < self.end else Place()):
            return False
        self.start, self.minutes = until, minutes
        self.received += found.received
        self._hold()
        return True

    def _hold(self) -> None:
        """Check the papers received in parts of a window against those announced of it: each part could look complete.

        Papers of the minute between two parts come with both, so more than announced is no fault.
        """
        while self.announced and self.announced[-1].until <= self.start:
            whole = self.announced.pop()
            came = self.received - whole.before
            if came < whole.total:
                self.course.place = whole.place
                raise SourceError(
                    f"{whole.start:%Y-%m-%d %H:%M} to {whole.until:%Y-%m-%d %H:%M} UTC: expected the "
                    f"{whole.total} papers announced, got {came} in its parts: give the command again"
                )

    def _halve(self, found: WindowPage, until: datetime, wanted: str, came: str) -> None:
        """Halve the window until it should fit one answer, at least once."""
        if self.minutes == 1:
            raise SourceError(
                f"{self.start:%Y-%m-%d %H:%M} UTC: expected {wanted} in a minute, got {came}: "
                "give the command again"
            )
        whole = _Announced(self.start, until, found.total, self.received, self.course.place)
        self.announced.append(whole)
        self.tries = 0
        times = max(2, -(-found.total // self.asked.slice_size))
        self.minutes = max(1, self.minutes >> (times - 1).bit_length())

    def _fetch(self, until: datetime) -> WindowPage:
        search = window_query(self.asked.categories, self.start, until)
        size = self.asked.slice_size
        address = address_of(search, self.asked.address, size=size)

        def read(fetched: Fetched) -> WindowPage:
            latest = latest_admissible(self.course.voice.clock())
            held = self.course.store.held
            page = window_page_of(fetched, size=size, latest=latest, held=held)
            expect_days(page.days, days_around(f"{self.start:%Y-%m-%d}", f"{until:%Y-%m-%d}"))
            return page

        return self.transport.fetch(address, read)
