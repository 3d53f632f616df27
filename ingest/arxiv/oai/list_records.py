"""Harvest by OAI-PMH ListRecords: the lists of papers that changed in a span of days, one for each category."""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from graph.clock import latest_admissible
from graph.errors import SourceError
from ingest.arxiv.oai.list_drift import Shift, of_day
from ingest.arxiv.oai.list_page import ListPage, TokenError, page_of
from ingest.arxiv.oai.response import Answer
from ingest.arxiv.options import Asked
from ingest.arxiv.paper.identifiers import oai_set
from ingest.arxiv.session.page import days_around, expect_days
from ingest.arxiv.session.resume import Place, newest_place
from ingest.arxiv.session.session import Course
from ingest.http.client import Fetched, Transport

_MOST_RESTARTS: Final = 3


def harvest_lists(transport: Transport, course: Course, asked: Asked) -> None:
    """Read every list to its end into the session, from the resume point of the last run.

    Raises:
        SourceError: No usable answer, or fewer records than were announced.
        RefusedError: arXiv refuses the request.
    """
    names = _sets(asked)
    starts = [Place(then=",".join(names[k:]) if k else "") for k in range(len(names))] + [Place()]
    queries = addresses_of(asked)
    number, course.place = _where(course, queries, starts)
    for k in range(number, len(queries)):
        course.query = queries[k]
        days = days_around(asked.since, asked.until)
        if course.left == 0 or not _List(transport, course, days, starts[k], starts[k + 1]).read():
            return
    course.done()


def addresses_of(asked: Asked) -> list[str]:
    """Return the addresses of the lists that a harvest reads, without tokens."""
    return [_query(asked, name) for name in _sets(asked)]


def _sets(asked: Asked) -> list[str]:
    return [oai_set(category) for category in dict.fromkeys(asked.categories)] or [""]


def _where(course: Course, queries: list[str], starts: list[Place]) -> tuple[int, Place]:
    """Return the number of the list to resume, and the resume point in it: the start of the first where none was stopped."""
    query, place = newest_place(course.store, queries, course.voice.clock())
    course.said = place
    if query is None or not place.is_open:
        return 0, starts[0]
    if place.token is None:
        number = next((k for k, start in enumerate(starts) if start == place), 0)
        return number, starts[number]
    number = queries.index(query)
    # A list stopped by a harvest with other lists after it says nothing of the lists before it.
    return (number, place) if place.then == starts[number + 1].then else (0, starts[0])


def _query(asked: Asked, set_name: str) -> str:
    given = {
        "metadataPrefix": "arXivRaw",
        "from": asked.since,
        "until": asked.until,
        "set": set_name or None,
    }
    words = urlencode({k: v for k, v in given.items() if v is not None}, safe=":")
    return f"{asked.address}?verb=ListRecords&{words}"


@dataclass(slots=True)
class _List:
    """Reader of one list into the store, page by page, from its start to the start of the next list."""

    transport: Transport
    course: Course
    days: tuple[str, str]
    start: Place
    end: Place
    asked: set[str | None] = field(default_factory=set)
    restarts: int = 0
    shift: Shift = field(init=False)

    def __post_init__(self) -> None:
        self.shift = Shift(self.days[0])

    def read(self) -> bool:
        """Read the list; return whether its end was reached, which the limit on records may forbid."""
        return self.read_once() and (not self.shift.days or self._read_again())

    def read_once(self) -> bool:
        """Read the list as `read` does, without the second reading of days that papers left."""
        if self.course.place.token is not None:
            self.shift.knows_all = False
        while True:
            try:
                page = self._fetch(self.course.place.token)
            except TokenError as error:
                self._start_over(error)
                continue
            if page is None:
                if self.restarts:
                    raise SourceError(
                        f"{self.course.query}: expected what was listed before, got nothing: "
                        "give the command again"
                    )
                self.course.place = self.end
                return True
            if not self._take(page):
                return False
            if self.course.place.token is None:
                return True
            if self.course.left == 0:
                return False

    def _take(self, page: ListPage) -> bool:
        before = self.course.place
        self.asked.add(before.token)
        self.shift.see(self.course.store, page, self.course.voice.clock())
        if gap := _gap(before, page.answer):
            # Requested again, this page would begin there again: the next run starts at the beginning.
            self.course.place = self.start
            raise SourceError(f"{self.course.query}: {gap}: give the command again")
        after = _after(before, page.answer, self.asked)
        complaint = _complaint(before, page.answer) if after is None else None
        if after is not None:
            after = replace(after, then=self.end.then)
        else:
            # A list that came short is requested again by the next run, also where other lists follow.
            after = self.start if complaint or self.shift.days else self.end
        if not self.course.take(page.page, after):
            return False
        if complaint:
            raise SourceError(f"{self.course.query}: {complaint}: give the command again")
        return True

    def _read_again(self) -> bool:
        """Read once more the days that papers left meanwhile; return whether `records_left` allowed it."""
        query = self.course.query
        for day in sorted(self.shift.days):
            self.course.query, self.course.place = of_day(query, day), Place()
            around = days_around(day, day)
            if not _List(self.transport, self.course, around, Place(), Place()).read_once():
                return False
        self.course.query, self.course.said, self.course.place = query, self.start, self.end
        return True

    def _start_over(self, error: TokenError) -> None:
        self.restarts += 1
        if self.restarts > _MOST_RESTARTS:
            raise SourceError(
                f"{self.course.query}: {error}, {self.restarts} times: give the command again"
            ) from error
        self.course.place = self.start
        self.asked.clear()

    def _fetch(self, token: str | None) -> ListPage | None:
        """Fetch the page of a token, or the first; `None` where nothing matches the query."""
        words = urlencode({"verb": "ListRecords", "resumptionToken": token or ""})
        query = self.course.query
        url = f"{query.partition('?')[0]}?{words}" if token else query

        def read(fetched: Fetched) -> ListPage | None:
            latest = latest_admissible(self.course.voice.clock())
            held = self.course.store.held
            page = page_of(fetched, resumed=token is not None, latest=latest, held=held)
            if page is not None:
                expect_days((item.datestamp[:10] for item in page.answer.items), self.days)
            return page

        return self.transport.fetch(url, read)


def _after(place: Place, answer: Answer, asked: set[str | None]) -> Place | None:
    """Return the resume point after this response; `None` at the end of the list."""
    token = answer.token
    received = place.received + len(answer.items)
    if token is None or not token.text:
        return None
    if token.text in asked:
        raise SourceError(
            f"expected a token for the next page, got one that was used: {token.text!r}: "
            "give the command again"
        )
    return Place(token.text, token.expires, received)


def _gap(place: Place, answer: Answer) -> str | None:
    """Return the complaint about records missing before a page that states where it starts; `None` where none are."""
    cursor = answer.token.cursor if answer.token else None
    if cursor is None or cursor <= place.received:
        return None
    return (
        f"expected the page to start at record {place.received}, got {cursor}: records are missing"
    )


def _complaint(place: Place, answer: Answer) -> str | None:
    """Return the complaint about a list that ends before the size that it announced; `None` where it doesn't."""
    received = place.received + len(answer.items)
    announced = answer.token.size if answer.token else None
    if announced is None or received >= announced:
        return None
    return f"expected the {announced} records announced, got {received}"
