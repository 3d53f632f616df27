"""The query API's route through a local arXiv: windows, trouble, stops, and what it adds up to."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from graph.errors import InputError, RefusedError, SourceError
from graph.model.vocabulary import Kind
from graph.store import GraphStore
from ingest.arxiv.options import HarvestOptions
from ingest.pipeline.commit_page import Report

Harvested = Callable[..., Report]
NewStore = Callable[[], GraphStore]
Serve = Callable[..., Any]
API = {"via": "api", "slice_size": 10}


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.seen, report.new, report.changed, report.unchanged


def windows(service: Any) -> list[str]:
    asked = [parse_qs(urlsplit(path).query)["search_query"][0] for path in service.requests]
    return [query.partition("submittedDate:")[2] for query in asked]


def test_a_second_run_changes_nothing(
    serve: Serve, harvested: Harvested, store: GraphStore, api_digest: str
) -> None:
    service = serve()
    told: list[int] = []
    first = harvested(service, store, **API, progress=told.append)
    assert told[-1] == first.seen
    assert first.complete
    # A paper at the very edge of two windows comes with both.
    assert first.new == 53
    assert store.digest() == api_digest
    again = harvested(service, store, **API)
    assert (again.new, again.changed, again.complete) == (0, 0, True)
    assert again.log_size == first.log_size


def test_every_real_record_is_found(
    serve: Serve, harvested: Harvested, store: GraphStore, records: tuple[Any, ...]
) -> None:
    report = harvested(serve(records), store, via="api", slice_size=100)
    assert (report.new, report.refused, report.complete) == (504, 0, True)
    assert store.counts().nodes["version"] == 802


def test_windows_are_halved_until_each_holds_no_more_than_a_page(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve()
    harvested(service, store, **API, until="2026-11-20")
    asked = windows(service)
    assert asked[0] == "[199001010000 TO 202611210000]"
    spans = [re.findall(r"\d{12}", one) for one in asked]
    taken = [
        (a, b)
        for a, b in spans
        if len(service.api(service.records, query(a, b)).split("<entry>")) <= 11
    ]
    # Each begins where the one before it ended, from the first minute to the last.
    ends = [b for k, (a, b) in enumerate(taken) if k + 1 == len(taken) or taken[k + 1][0] != a]
    starts = [a for k, (a, b) in enumerate(taken) if k == 0 or taken[k - 1][0] != a]
    assert starts == ["199001010000", *ends[:-1]]
    assert ends[-1] == "202611210000"


def query(start: str, end: str) -> dict[str, str]:
    asked = f"submittedDate:[{start} TO {end}]"
    return {"search_query": asked, "start": "0", "max_results": "10000"}


def test_an_end_that_is_not_taken_in_loses_none(
    serve: Serve, harvested: Harvested, store: GraphStore, api_digest: str, local_api: ModuleType
) -> None:
    """Nobody says whether `[a TO b]` holds b: either way all are found."""

    def without_end(records: tuple[Any, ...], given: dict[str, str]) -> str:
        inside = [
            r
            for r in records
            if r.metadata is None
            or f"{local_api.paper_of(r).published:%Y%m%d%H%M}"
            < re.findall(r"\d{12}", given["search_query"])[1]
        ]
        return str(local_api.feed(tuple(inside), given))

    report = harvested(serve(api=without_end), store, **API)
    assert counts(report) == (53, 53, 0, 0)
    assert store.digest() == api_digest


TROUBLES = [
    *("html", "feed", "rate", "503", "429", "500", "truncated", "chopped", "cut", "doctype"),
    *("nothing", "repeated", "short", "shifted", "no_entries", "none_at_all", "list"),
]


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        *((6, trouble) for trouble in TROUBLES),
        *((1, one) for one in ("html", "none_at_all", "cut")),
    ],
)
def test_after_trouble_nothing_is_lost_and_nothing_invented(
    serve: Serve,
    harvested: Harvested,
    store: GraphStore,
    api_digest: str,
    trouble: str,
    number: int,
) -> None:
    report = harvested(serve(troubles={number: trouble}), store, **API)
    assert (report.new, report.refused, report.complete) == (53, 0, True)
    assert store.digest() == api_digest


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("html", "got text/html: '<html><body>Down for maintenance'"),
        ("feed", "arXiv says error: internal error"),
        ("truncated", "expected well-formed XML"),
        ("503", "got 503"),
        ("short", "papers announced in a minute, got"),
        ("shifted", "papers announced in a minute, got"),
        ("no_entries", "papers announced in a minute, got 0"),
    ],
)
def test_trouble_without_end_is_loud_and_the_next_run_goes_on(
    serve: Serve, harvested: Harvested, store: GraphStore, api_digest: str, trouble: str, words: str
) -> None:
    service = serve(troubles=dict.fromkeys(range(9, 999), trouble))
    with pytest.raises(SourceError, match=words):
        harvested(service, store, **API)
    here = len(store.list_ids(Kind.WORK, limit=1000))
    assert 0 < here < 53
    service.troubles = {}
    asked = len(service.requests)
    report = harvested(service, store, **API)
    # Some windows short of what is here already may be empty but for a paper at the edge.
    assert report.new == 53 - here
    assert report.seen < 53, "what is here is not fetched again"
    assert len(service.requests) > asked
    assert report.complete
    assert store.digest() == api_digest


def test_too_many_in_one_minute_is_loud(
    serve: Serve, harvested: Harvested, store: GraphStore, records: tuple[Any, ...]
) -> None:
    first = next(r for r in records if r.id == "0704.0001")
    twins = tuple(
        replace(first, id=f"0704.{k}", metadata=first.metadata.replace("0704.0001", f"0704.{k}"))
        for k in range(5000, 5003)
    )
    with pytest.raises(SourceError, match="at most 2 papers in a minute, got 3"):
        harvested(serve(twins), store, via="api", slice_size=2)


def test_a_refused_query_is_refused(serve: Serve, harvested: Harvested, store: GraphStore) -> None:
    with pytest.raises(RefusedError, match="got 403"):
        harvested(serve(always="403"), store, **API)
    assert store.checkpoint().size == 0


@pytest.mark.parametrize("trouble", ["no_date", "no_authors"])
def test_a_malformed_entry_is_refused_by_name_and_the_rest_stored(
    serve: Serve, harvested: Harvested, store: GraphStore, trouble: str, api_digest: str
) -> None:
    service = serve()
    harvested(service, store, **API, max_records=5)
    service.troubles = {len(service.requests) + 1: trouble}
    report = harvested(serve(troubles={1: trouble}), store, via="api", slice_size=2000)
    assert (report.refused, report.complete) == (1, True)
    assert report.new + report.unchanged == 52
    repaired = harvested(service, store, via="api", slice_size=2000)
    assert repaired.complete
    assert store.digest() == api_digest


def test_max_stops_there_and_the_next_run_goes_on(
    serve: Serve, harvested: Harvested, store: GraphStore, api_digest: str
) -> None:
    service = serve()
    first = harvested(service, store, **API, max_records=25)
    assert (first.seen, first.complete) == (25, False)
    rest = harvested(service, store, **API)
    assert rest.complete
    assert rest.seen < 53
    assert store.digest() == api_digest


def test_what_was_read_a_day_ago_is_read_again(
    serve: Serve, harvested: Harvested, store: GraphStore, api_digest: str, time: Any
) -> None:
    service = serve()
    harvested(service, store, **API, max_records=25)
    time.now += timedelta(days=1, seconds=1)
    rest = harvested(service, store, **API)
    assert rest.seen >= 53
    assert store.digest() == api_digest


def test_days_and_categories_narrow_the_query(
    serve: Serve,
    harvested: Harvested,
    store: GraphStore,
    records: tuple[Any, ...],
    local_api: ModuleType,
) -> None:
    wanted = set()
    for record in records:
        if record.metadata is None:
            continue
        paper = local_api.paper_of(record)
        inside = "2007-04-01" <= f"{paper.published:%Y-%m-%d}" <= "2007-04-02"
        held = any(c == "hep-th" or c == "math" or c.startswith("math.") for c in paper.categories)
        if inside and held:
            wanted.add(f"arxiv:{record.id}".replace("math.GT/", "math/"))
    report = harvested(
        serve(records),
        store,
        **API,
        since="2007-04-01",
        until="2007-04-02",
        categories=("hep-th", "math"),
    )
    assert wanted
    assert set(store.list_ids(Kind.WORK, limit=1000)) == wanted
    assert report.complete


def test_nothing_is_believed_at_the_second_time(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve()
    report = harvested(service, store, **API, since="2026-11-20")
    assert report == Report("arxiv", complete=True)
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"via": "rss"}, "via: expected oai or api, got rss"),
        ({"via": "api", "since": "2026-11"}, "since: expected a day"),
        ({"via": "api", "since": "0001-01-01"}, "since: expected a day"),
        ({"via": "api", "until": "9999-12-31"}, "until: expected a day"),
        ({"categories": ("biology",)}, "no category of arXiv"),
        ({"deadline_s": 0.0}, "deadline: expected seconds above 0, .*, got 0"),
        ({"deadline_s": float("nan")}, "deadline: expected seconds above 0, .*, got nan"),
        ({"deadline_s": 1e12}, r"deadline: expected .* at most 31622400 \(a year\), got 1e\+12"),
        ({"deadline_s": float("inf")}, "deadline: expected seconds above 0, .*, got inf"),
        ({"delay_s": 3601.0}, "delay: expected seconds from 0 to 3600, got 3601"),
        ({"mailto": "nobody"}, "mailto: expected an address like name@example.org, got nobody"),
        ({"mailto": "a@b.org\r\nX: y"}, "mailto: expected an address"),
        ({"mailto": "a@b.org)"}, "mailto: expected an address"),
    ],
)
def test_what_was_asked_wrongly_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        HarvestOptions(**({"since": "2026-11-01"} | options)).check()


@pytest.mark.parametrize("via", ["oai", "api"])
def test_what_is_still_to_come_is_not_asked_for(
    serve: Serve, harvested: Harvested, store: GraphStore, via: str
) -> None:
    """ "Nothing new" would be true and no answer to what was meant: a year mistyped."""
    service = serve()
    with pytest.raises(InputError, match="since: expected 2026-11-21 or earlier, got 2062-11-01"):
        harvested(service, store, via=via, since="2062-11-01")
    assert service.requests == []
    assert harvested(service, store, via=via, since="2026-11-21", until="2999-01-01").complete


def test_who_asks_is_told_where_it_may_be_written_to() -> None:
    assert HarvestOptions("2026-11-01").agent == "colineage (ingest arxiv)"
    named = HarvestOptions("2026-11-01", mailto="group@example.org")
    assert named.check().agent == "colineage (ingest arxiv; mailto:group@example.org)"


def test_each_route_asks_at_its_own_address() -> None:
    assert HarvestOptions("2026-11-01").address == "https://oaipmh.arxiv.org/oai"
    assert HarvestOptions("2026-11-01", via="api").address == "https://export.arxiv.org/api/query"
