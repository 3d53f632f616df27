"""Harvest by OAI-PMH ListRecords: the lists of papers that changed in a span of days, one for each category."""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from graph.errors import SourceError
from ingest.arxiv.oai.list_drift import ListDrift, query_of_day
from ingest.arxiv.oai.list_page import ListPage, TokenError, page_of
from ingest.arxiv.oai.response import OaiResponse
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.paper.identifiers import oai_set
from ingest.arxiv.session.page import days_around, expect_days
from ingest.arxiv.session.resume import ResumePoint, newest_resume_point
from ingest.arxiv.session.session import HarvestSession
from ingest.http.client import HttpResponse, Transport

_MOST_RESTARTS: Final = 3


def harvest_lists(transport: Transport, session: HarvestSession, options: HarvestOptions) -> None:
    """Read every list to its end into the session, from the resume point of the last run.

    Raises:
        SourceError: No usable answer, or fewer records than were announced.
        RefusedError: arXiv refuses the request.
    """
    names = _set_names(options)
    starts = [
        ResumePoint(remaining_sets=",".join(names[k:]) if k else "") for k in range(len(names))
    ] + [ResumePoint()]
    queries = addresses_of(options)
    number, session.point = _starting_point(session, queries, starts)
    for k in range(number, len(queries)):
        session.query = queries[k]
        days = days_around(options.since, options.until)
        if (
            session.records_left == 0
            or not _ListReader(transport, session, days, starts[k], starts[k + 1]).read()
        ):
            return
    session.finish()


def addresses_of(options: HarvestOptions) -> list[str]:
    """Return the addresses of the lists that a harvest reads, without tokens."""
    return [_list_query(options, name) for name in _set_names(options)]


def _set_names(options: HarvestOptions) -> list[str]:
    return [oai_set(category) for category in dict.fromkeys(options.categories)] or [""]


def _starting_point(
    session: HarvestSession, queries: list[str], starts: list[ResumePoint]
) -> tuple[int, ResumePoint]:
    """Return the number of the list to resume, and the resume point in it: the start of the first where none was stopped."""
    query, point = newest_resume_point(
        session.context.store, queries, session.context.speaker.clock()
    )
    session.saved_point = point
    if query is None or not point.is_open:
        return 0, starts[0]
    if point.token is None:
        number = next((k for k, start in enumerate(starts) if start == point), 0)
        return number, starts[number]
    number = queries.index(query)
    # A list stopped by a harvest with other lists after it says nothing of the lists before it.
    return (
        (number, point)
        if point.remaining_sets == starts[number + 1].remaining_sets
        else (0, starts[0])
    )


def _list_query(options: HarvestOptions, set_name: str) -> str:
    params = {
        "metadataPrefix": "arXivRaw",
        "from": options.since,
        "until": options.until,
        "set": set_name or None,
    }
    words = urlencode({k: v for k, v in params.items() if v is not None}, safe=":")
    return f"{options.address}?verb=ListRecords&{words}"


@dataclass(slots=True)
class _ListReader:
    """Reader of one list into the store, page by page, from its start to the start of the next list."""

    transport: Transport
    session: HarvestSession
    days: tuple[str, str]
    start: ResumePoint
    end: ResumePoint
    used_tokens: set[str | None] = field(default_factory=set)
    restarts: int = 0
    drift: ListDrift = field(init=False)

    def __post_init__(self) -> None:
        self.drift = ListDrift(self.days[0])

    def read(self) -> bool:
        """Read the list; return whether its end was reached, which the limit on records may forbid."""
        return self.read_once() and (not self.drift.days_to_reread or self._read_again())

    def read_once(self) -> bool:
        """Read the list as `read` does, without the second reading of days that papers left."""
        if self.session.point.token is not None:
            self.drift.has_all_splits = False
        while True:
            try:
                page = self._fetch(self.session.point.token)
            except TokenError as error:
                self._start_over(error)
                continue
            if page is None:
                if self.restarts:
                    raise SourceError(
                        f"{self.session.query}: expected what was listed before, got nothing: "
                        "give the command again"
                    )
                self.session.point = self.end
                return True
            if not self._store_page(page):
                return False
            if self.session.point.token is None:
                return True
            if self.session.records_left == 0:
                return False

    def _store_page(self, page: ListPage) -> bool:
        before = self.session.point
        self.used_tokens.add(before.token)
        context = self.session.context
        self.drift.observe(context.store, page, context.speaker.clock())
        if gap := _gap(before, page.response):
            # Requested again, this page would begin there again: the next run starts at the beginning.
            self.session.point = self.start
            raise SourceError(f"{self.session.query}: {gap}: give the command again")
        after = _point_after(before, page.response, self.used_tokens)
        shortfall = _shortfall(before, page.response) if after is None else None
        if after is not None:
            after = replace(after, remaining_sets=self.end.remaining_sets)
        else:
            # A list that came short is requested again by the next run, also where other lists follow.
            after = self.start if shortfall or self.drift.days_to_reread else self.end
        if not self.session.store_page(page.page, after):
            return False
        if shortfall:
            raise SourceError(f"{self.session.query}: {shortfall}: give the command again")
        return True

    def _read_again(self) -> bool:
        """Read once more the days that papers left meanwhile; return whether `records_left` allowed it."""
        query = self.session.query
        for day in sorted(self.drift.days_to_reread):
            self.session.query, self.session.point = query_of_day(query, day), ResumePoint()
            around = days_around(day, day)
            if not _ListReader(
                self.transport, self.session, around, ResumePoint(), ResumePoint()
            ).read_once():
                return False
        self.session.query, self.session.saved_point, self.session.point = (
            query,
            self.start,
            self.end,
        )
        return True

    def _start_over(self, error: TokenError) -> None:
        self.restarts += 1
        if self.restarts > _MOST_RESTARTS:
            raise SourceError(
                f"{self.session.query}: {error}, {self.restarts} times: give the command again"
            ) from error
        self.session.point = self.start
        self.used_tokens.clear()

    def _fetch(self, token: str | None) -> ListPage | None:
        """Fetch the page of a token, or the first; `None` where nothing matches the query."""
        words = urlencode({"verb": "ListRecords", "resumptionToken": token or ""})
        query = self.session.query
        url = f"{query.partition('?')[0]}?{words}" if token else query

        def read(fetched: HttpResponse) -> ListPage | None:
            context = self.session.context
            page = page_of(
                fetched,
                resumed=token is not None,
                latest=context.latest(),
                bodies_present=context.store.bodies_present,
            )
            if page is not None:
                expect_days((record.datestamp[:10] for record in page.response.records), self.days)
            return page

        return self.transport.fetch(url, read)


def _point_after(
    point: ResumePoint, response: OaiResponse, used_tokens: set[str | None]
) -> ResumePoint | None:
    """Return the resume point after this response; `None` at the end of the list."""
    token = response.token
    received = point.received + len(response.records)
    if token is None or not token.text:
        return None
    if token.text in used_tokens:
        raise SourceError(
            f"expected a token for the next page, got one that was used: {token.text!r}: "
            "give the command again"
        )
    return ResumePoint(token.text, token.expires, received)


def _gap(point: ResumePoint, response: OaiResponse) -> str | None:
    """Return the complaint about records missing before a page that states where it starts; `None` where none are."""
    cursor = response.token.cursor if response.token else None
    if cursor is None or cursor <= point.received:
        return None
    return (
        f"expected the page to start at record {point.received}, got {cursor}: records are missing"
    )


def _shortfall(point: ResumePoint, response: OaiResponse) -> str | None:
    """Return the complaint about a list that ends before the size that it announced; `None` where it doesn't."""
    received = point.received + len(response.records)
    announced = response.token.size if response.token else None
    if announced is None or received >= announced:
        return None
    return f"expected the {announced} records announced, got {received}"
