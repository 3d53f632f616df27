"""Harvests arXiv over OAI-PMH: each page of listings is one append, and a stopped harvest goes on by itself."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar
from urllib.parse import urlencode, urlsplit

from graph.canonical import Json
from graph.clock import is_date, latest_admissible, system_clock
from graph.errors import Fault, InputError, SourceError
from graph.store import GraphStore
from graph.voice import Voice
from ingest.arxiv.bundles import RAW
from ingest.arxiv.names import oai_set
from ingest.arxiv.oai import Answer
from ingest.arxiv.page import Page, TokenError, page_of
from ingest.arxiv.progress import Place, place_of
from ingest.manners import Turnstile, cache_folder
from ingest.page import Report
from ingest.runs import commit_run, say_run
from ingest.transport import Fetched, Limits, Transport, checked_delay_s, open_client

BASE_URL: Final = "https://oaipmh.arxiv.org/oai"
AGENT: Final = "colineage (ingest arxiv)"

_MOST_RESTARTS: Final = 3
_T = TypeVar("_T")


def harvest(
    store: GraphStore,
    voice: Voice,
    *,
    since: str,
    until: str | None = None,
    categories: tuple[str, ...] = (),
    max_records: int | None = None,
    base_url: str = BASE_URL,
    delay_s: float = 3.0,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Everything that arXiv changed in a span of days, into the store.

    Args:
        store: Where to.
        voice: Who vouches for what was read.
        since: The first day, `2026-11-01`.
        until: The last day; `None` for all to the present.
        categories: Only papers in one of these (cross-listed ones too), one after another; all if empty.
        max_records: Stop after so many records.
        base_url: Where the OAI-PMH service is.
        delay_s: Seconds between the starts of requests, at least 3 except towards this machine.
        progress: Told after each page how many records were seen.

    Returns:
        The counts; `complete` unless it stopped at `max_records`.

    Raises:
        InputError: The dates, a category, the address or the delay are wrong.
        SourceError: arXiv gave no usable answer; what was stored stays, and the same call goes on there.
        RefusedError: arXiv says no.
    """
    check_asked(
        since=since,
        until=until,
        categories=categories,
        max_records=max_records,
        base_url=base_url,
        delay_s=delay_s,
    )
    limits = Limits()
    host = "".join(c if c.isalnum() else "-" for c in urlsplit(base_url).hostname or "")
    turnstile = Turnstile(cache_folder() / "polite" / host, delay_s, system_clock, time.sleep)
    transport = Transport(
        open_client(base_url, agent=AGENT, limits=limits),
        turnstile,
        limits=limits,
        clock=system_clock,
        sleep=time.sleep,
        chance=random.Random(),  # noqa: S311 - spreads retries, guards nothing
    )
    try:
        return harvest_through(
            transport,
            store,
            voice,
            since=since,
            until=until,
            categories=categories,
            max_records=max_records,
            base_url=base_url,
            progress=progress,
        )
    finally:
        transport.close()


def harvest_through(
    transport: Transport,
    store: GraphStore,
    voice: Voice,
    *,
    since: str,
    until: str | None,
    categories: tuple[str, ...],
    max_records: int | None,
    base_url: str,
    progress: Callable[[int], None] | None,
) -> Report:
    """As `harvest`, through a transport that is given."""
    _check(since, until, max_records)
    sets: list[str | None] = [oai_set(category) for category in dict.fromkeys(categories)]
    report = Report("arxiv", log_size=store.checkpoint().size)
    for name in sets or [None]:
        query = _query(base_url, since, until, name)
        left = None if max_records is None else max_records - report.seen
        report = replace(report, complete=False)
        if left != 0:
            report = _Window(transport, store, voice, query, progress, report, left).read()
        if not report.complete:
            break
    return report


def check_asked(
    *,
    since: str,
    until: str | None,
    categories: tuple[str, ...],
    max_records: int | None,
    base_url: str,
    delay_s: float,
) -> None:
    """Refuses what `harvest` would refuse; asks nobody, so that it can be asked before a store is made.

    Raises:
        InputError: The dates, a category, the address or the delay are wrong.
    """
    checked_delay_s(delay_s, base_url)
    _check(since, until, max_records)
    for category in categories:
        oai_set(category)


def _check(since: str, until: str | None, max_records: int | None) -> None:
    faults = [
        Fault(name, "a day like 2026-11-20", day)
        for name, day in (("since", since), ("until", until))
        if day is not None and not (len(day) == 10 and is_date(day))
    ]
    if not faults and until is not None and until < since:
        faults.append(Fault("until", f"{since} or later", until))
    if max_records is not None and max_records < 1:
        faults.append(Fault("max", "at least 1", str(max_records)))
    if faults:
        raise InputError("can't harvest that", faults)


def _query(base_url: str, since: str, until: str | None, set_name: str | None) -> str:
    given = {"metadataPrefix": "arXivRaw", "from": since, "until": until, "set": set_name}
    words = urlencode({k: v for k, v in given.items() if v is not None}, safe=":")
    return f"{base_url}?verb=ListRecords&{words}"


@dataclass(slots=True)
class _Window:
    """One query on its way into the store, page by page; `report` and `left` are what it is asked with.

    `open_end` tells whether the newest run of this query says that there is more to come.
    """

    transport: Transport
    store: GraphStore
    voice: Voice
    query: str
    progress: Callable[[int], None] | None
    report: Report
    left: int | None
    place: Place = field(default_factory=Place)
    open_end: bool = False
    asked: set[str | None] = field(default_factory=set)
    restarts: int = 0

    def read(self) -> Report:
        """The report after this query; not complete where `left` records did not reach its end."""
        self.place = place_of(self.store, self.query, self.voice.clock())
        self.open_end = self.place.token is not None
        while self._turn():
            pass
        return self.report

    def _turn(self) -> bool:
        """Takes one page; whether there is another to take."""
        try:
            page = self._fetch(self.place.token)
        except TokenError as error:
            self._start_over(error)
            return True
        if page is None:
            return self._end()
        self.asked.add(self.place.token)
        after = _after(self.place, page.answer, self.asked)
        if self.left is not None and len(page.records) > self.left:
            # The rest of this page is for the next run, which asks for it again.
            self._commit(page.first(self.left), self.place)
            return False
        self._commit(page, after)
        if after.token is None:
            _complain(self.place, page.answer)
            return self._end()
        self.place = after
        return self.left != 0

    def _start_over(self, error: TokenError) -> None:
        self.restarts += 1
        if self.restarts > _MOST_RESTARTS:
            raise SourceError(f"{self.query}: {error}, {self.restarts} times") from error
        self.place = Place()
        self.asked.clear()

    def _end(self) -> bool:
        """Says that the query was answered to its end, unless the newest run says so."""
        size = self.report.log_size
        if self.open_end:
            size = say_run(self.store, self.voice, self._run(Place()))
        self.report = replace(self.report, complete=True, log_size=size)
        return False

    def _fetch(self, token: str | None) -> Page | None:
        """The page of a token, or the first; `None` where nothing matches the query."""
        words = urlencode({"verb": "ListRecords", "resumptionToken": token or ""})
        url = f"{self.query.partition('?')[0]}?{words}" if token else self.query

        def read(fetched: Fetched) -> Page | None:
            latest = latest_admissible(self.voice.clock())
            return page_of(fetched, resumed=token is not None, latest=latest)

        return self.transport.fetch(url, read)

    def _commit(self, page: Page, after: Place) -> None:
        run = self._run(after) | {"answer": page.digest}
        found = commit_run(
            self.store,
            self.voice,
            page.records,
            run,
            self.report,
            beside=page.categories,
            refused=page.refused,
        )
        if found.log_size != self.report.log_size:
            self.open_end = after.token is not None
        self.report = found
        if self.left is not None:
            self.left -= len(page.records)
        if self.progress:
            self.progress(found.seen)

    def _run(self, after: Place) -> dict[str, Json]:
        return {"query": self.query, "tool": RAW, "params": after.to_json()}


def _after(place: Place, answer: Answer, asked: set[str | None]) -> Place:
    """Where the query stands after this answer."""
    token = answer.token
    received = place.received + len(answer.items)
    if token is not None and token.cursor is not None and token.cursor > place.received:
        raise SourceError(
            f"expected the page to start at record {place.received}, got {token.cursor}: records are missing"
        )
    if token is None or not token.text:
        return Place(None, None, received)
    if token.text in asked:
        raise SourceError(
            f"expected a token for the next page, got one that was used: {token.text!r}"
        )
    return Place(token.text, token.expires, received)


def _complain(place: Place, answer: Answer) -> None:
    """Refuses a list that ends before the size that it announced."""
    received = place.received + len(answer.items)
    announced = answer.token.size if answer.token else None
    if announced is not None and received < announced:
        raise SourceError(
            f"expected the {announced} records announced, got {received}: give the command again"
        )
