"""Harvests arXiv over OAI-PMH: each page of listings is one append, and a stopped harvest goes on by itself."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from ingest.arxiv.runs import keep_refusals, refusals, say_run
from ingest.manners import Turnstile, cache_folder
from ingest.page import Report, commit_page
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
    checked_delay_s(delay_s, base_url)
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
    left = max_records
    report = Report("arxiv", log_size=store.checkpoint().size)
    for name in sets or [None]:
        window = _Window(transport, store, voice, _query(base_url, since, until, name), progress)
        report = window.read(replace(report, complete=False), left)
        if not report.complete:
            return report
        left = None if max_records is None else max_records - report.seen
    return report


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
    """One query, page by page, into the store."""

    transport: Transport
    store: GraphStore
    voice: Voice
    query: str
    progress: Callable[[int], None] | None

    def read(self, report: Report, left: int | None) -> Report:
        """The report after this window; not complete where `left` records did not reach its end."""
        place = place_of(self.store, self.query, self.voice.clock())
        # Whether the newest run of this query says that there is more to come.
        open_end = place.token is not None
        asked: set[str | None] = set()
        restarts = 0
        while True:
            try:
                got = self._fetch(place.token)
            except TokenError as error:
                restarts += 1
                if restarts > _MOST_RESTARTS:
                    raise SourceError(f"{self.query}: {error}, {restarts} times") from error
                place, asked = Place(), set()
                continue
            if got is None:
                return replace(
                    report, complete=True, log_size=self._closed(report, open_end=open_end)
                )
            asked.add(place.token)
            after = _after(place, got.answer, asked)
            cut = left is not None and len(got.records) > left
            if cut and left is not None:
                got, after = got.first(left), place
            size_before = report.log_size
            report = self._commit(got, after, report)
            if report.log_size != size_before:
                open_end = after.token is not None
            if self.progress:
                self.progress(report.seen)
            left = None if left is None else left - len(got.records)
            if cut or (left == 0 and after.token is not None):
                return report
            if after.token is None:
                _complain(place, got.answer)
                return replace(
                    report, complete=True, log_size=self._closed(report, open_end=open_end)
                )
            place = after

    def _fetch(self, token: str | None) -> Page | None:
        """The page of a token, or the first; `None` where nothing matches the query."""
        words = urlencode({"verb": "ListRecords", "resumptionToken": token or ""})
        url = f"{self.query.partition('?')[0]}?{words}" if token else self.query

        def read(fetched: Fetched) -> Page | None:
            return page_of(
                fetched, resumed=token is not None, latest=latest_admissible(self.voice.clock())
            )

        return self.transport.fetch(url, read)

    def _commit(self, got: Page, after: Place, report: Report) -> Report:
        run = self._run(after)
        run["answer"] = got.digest
        if got.refused:
            run |= refusals(got.refused)
        counts = commit_page(self.store, self.voice, got.records, run, beside=got.categories)
        found = report.plus(counts, refused=len(got.refused))
        if got.refused and found.log_size == report.log_size:
            return replace(found, log_size=keep_refusals(self.store, self.voice, run))
        return found

    def _run(self, after: Place) -> dict[str, Json]:
        return {"query": self.query, "tool": RAW, "params": after.to_json()}

    def _closed(self, report: Report, *, open_end: bool) -> int:
        """Says that the query was answered to its end, unless the newest run says so; the log's size."""
        if not open_end:
            return report.log_size
        return say_run(self.store, self.voice, self._run(Place()))


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
