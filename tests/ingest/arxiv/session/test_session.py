"""Where a harvest goes on that was stopped: between categories, over pages that bring nothing, at a deadline."""

import fcntl
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph.errors import SourceError
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest_through
from ingest.arxiv.options import HarvestOptions
from ingest.http.client import FetchLimits, Transport, open_client
from ingest.http.rate_limit import RateLimiter, TooLateError
from ingest.pipeline.commit_page import Report

Harvested = Callable[..., Report]
Serve = Callable[..., Any]
BOTH = ("astro-ph", "hep-th")


def sets(service: Any) -> list[str]:
    return [path.partition("set=")[2] for path in service.requests if "set=" in path]


def test_finished_categories_are_not_asked_for_again(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=4)
    whole = harvested(service, store, categories=BOTH)
    first = next(k for k, path in enumerate(service.requests) if "hep-th" in path)
    other = serve(page_size=4, troubles=dict.fromkeys(range(first + 2, 99), "500"))
    fresh = store_of(store)
    with pytest.raises(SourceError):
        harvested(other, fresh, categories=BOTH)
    asked = len(other.requests)
    other.troubles = {}
    rest = harvested(other, fresh, categories=BOTH)
    assert rest.complete
    assert not any("astro-ph" in path for path in other.requests[asked:])
    assert fresh.digest() == store.digest()
    # And then all of them again, from the first.
    again = harvested(other, fresh, categories=BOTH)
    assert (again.seen, again.new, again.changed) == (whole.seen, 0, 0)
    assert again.log_size == rest.log_size


def test_a_category_that_came_short_is_asked_for_again_before_the_next(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=100, announce=True)
    honest = service.answer

    def one_more(query: str) -> str:
        raised = re.sub(
            r'completeListSize="(\d+)"',
            lambda m: f'completeListSize="{int(m[1]) + 1}"',
            honest(query),
        )
        return raised if "astro-ph" in query else honest(query)

    service.answer = one_more
    with pytest.raises(
        SourceError, match=r"set=physics:astro-ph: expected the \d+ records announced"
    ):
        harvested(service, store, categories=BOTH)
    service.answer = honest
    service.requests.clear()
    assert harvested(service, store, categories=BOTH).complete
    assert sets(service) == ["physics:astro-ph", "physics:hep-th"]


def store_of(like: GraphStore) -> GraphStore:
    from graph.open import open_store

    found = open_store("sqlite::memory:")
    found.trust(like.trust_list())
    return found


def test_stopped_between_two_categories_it_goes_on_with_the_second(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=100, troubles=dict.fromkeys(range(2, 99), "500"))
    with pytest.raises(SourceError):
        harvested(service, store, categories=BOTH)
    service.troubles = {}
    service.requests.clear()
    assert harvested(service, store, categories=BOTH).complete
    assert sets(service) == ["physics:hep-th"]


def test_another_choice_of_categories_starts_at_its_own_beginning(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=100, troubles=dict.fromkeys(range(2, 99), "500"))
    with pytest.raises(SourceError):
        harvested(service, store, categories=BOTH)
    service.troubles = {}
    service.requests.clear()
    assert harvested(service, store, categories=("astro-ph", "hep-ph")).complete
    assert sets(service) == ["physics:astro-ph", "physics:hep-ph"]


def test_a_day_later_all_categories_are_asked_for_again(
    serve: Serve, harvested: Harvested, store: GraphStore, time: Any
) -> None:
    service = serve(page_size=100, troubles=dict.fromkeys(range(2, 99), "500"))
    with pytest.raises(SourceError):
        harvested(service, store, categories=BOTH)
    service.troubles = {}
    service.requests.clear()
    time.now += timedelta(days=1, seconds=1)
    assert harvested(service, store, categories=BOTH).complete
    assert sets(service) == ["physics:astro-ph", "physics:hep-th"]


def test_a_clock_that_was_set_back_lets_no_category_out(
    serve: Serve, harvested: Harvested, store: GraphStore, time: Any
) -> None:
    """What was said in the future stays the newest: to go on there would pass the first list over, again and again."""
    service = serve(page_size=100, troubles=dict.fromkeys(range(2, 99), "500"))
    with pytest.raises(SourceError):
        harvested(service, store, categories=BOTH)
    service.troubles = {}
    time.now -= timedelta(hours=1)
    for _ in range(2):
        service.requests.clear()
        assert harvested(service, store, categories=BOTH).complete
        assert sets(service) == ["physics:astro-ph", "physics:hep-th"]


@pytest.mark.parametrize("route", ["oai", "api"])
def test_pages_that_bring_nothing_are_not_read_again_after_a_stop(
    serve: Serve, harvested: Harvested, store: GraphStore, route: str
) -> None:
    service = serve(page_size=10)
    options = {"via": route, "slice_size": 10}
    whole = harvested(service, store, **options)
    report = harvested(service, store, **options, max_records=20)
    assert report.log_size == whole.log_size + 1, "one run says where it stands"
    seen = [report.seen]
    while not report.complete and len(seen) < 9:
        report = harvested(service, store, **options, max_records=20)
        assert (report.new, report.changed) == (0, 0)
        seen.append(report.seen)
    assert report.complete
    assert sum(seen) < whole.seen + 10 * len(seen)


@pytest.mark.parametrize("trouble", ["503", "hang", "html"])
def test_at_the_deadline_it_gives_up_and_the_next_run_goes_on(
    serve: Serve,
    harvested: Harvested,
    store: GraphStore,
    speaker: Speaker,
    digest: str,
    time: Any,
    tmp_path: Path,
    trouble: str,
) -> None:
    service = serve(page_size=10, troubles=dict.fromkeys(range(3, 999), trouble))
    limits = FetchLimits(read_s=0.5, tries=99)
    transport = Transport(
        open_client(service.url, agent="tests", limits=limits),
        RateLimiter(tmp_path / "polite", 3.0, time.clock, time.sleep),
        limits=limits,
        clock=time.clock,
        sleep=time.sleep,
        rng=Random(1),  # noqa: S311 - a seed, so that pauses repeat
        deadline=time.now + timedelta(seconds=60),
    )
    asked = HarvestOptions("1990-01-01", base_url=service.url, delay_s=0.0)
    began = time.now
    with pytest.raises(TooLateError, match="deadline"):
        harvest_through(transport, IngestContext(store, speaker), asked)
    transport.close()
    assert (time.now - began).total_seconds() <= 60
    service.troubles = {}
    here = len(store.list_ids(Kind.WORK, limit=100))
    assert here > 0
    report = harvested(service, store)
    assert (report.seen, report.complete) == (54 - here, True)
    assert store.digest() == digest


def test_a_deadline_is_kept_while_another_process_has_its_turn(tmp_path: Path, time: Any) -> None:
    turnstile = RateLimiter(tmp_path / "polite", 3.0, time.clock, time.sleep)
    with (tmp_path / "polite").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with (
            pytest.raises(TooLateError, match="before this request's turn"),
            turnstile.acquire(time.now + timedelta(seconds=5)),
        ):
            pass
    assert sum(time.slept) < 5
    with turnstile.acquire(time.now + timedelta(seconds=5)):
        pass


def test_to_be_asked_to_wait_longer_than_the_deadline_is_not_waited_for(
    serve: Serve, time: Any, tmp_path: Path
) -> None:
    service = serve(always="503", retry_after="600")
    limits = FetchLimits()
    transport = Transport(
        open_client(service.url, agent="tests", limits=limits),
        RateLimiter(tmp_path / "polite", 3.0, time.clock, time.sleep),
        limits=limits,
        clock=time.clock,
        sleep=time.sleep,
        rng=Random(1),  # noqa: S311 - a seed, so that pauses repeat
        deadline=time.now + timedelta(seconds=60),
    )
    with pytest.raises(TooLateError):
        transport.fetch(service.url, lambda fetched: fetched)
    transport.close()
    assert time.slept == []
    assert len(service.requests) == 1


@pytest.mark.parametrize("route", ["oai", "api"])
def test_the_answer_to_another_query_is_asked_for_again(
    serve: Serve, harvested: Harvested, store: GraphStore, route: str
) -> None:
    """Somebody's cache gives a page that is whole, only not of these days: taken for the answer, it would hide all."""
    service = serve(page_size=10)
    span = {"via": route, "slice_size": 10, "since": "2007-04-01", "until": "2007-04-02"}
    harvested(service, store, **span)
    wanted = store.digest()
    assert store.list_ids(Kind.WORK, limit=99)
    honest_list, honest_feed = service.answer, service.api
    other = honest_list("verb=ListRecords&metadataPrefix=arXivRaw&from=2008-01-01")
    dates = "submittedDate:[200301010000 TO 200312312359]"
    feed = honest_feed(service.records, {"search_query": dates, "start": "0", "max_results": "99"})
    assert "<record>" in other
    assert "<entry>" in feed
    fresh = store_of(store)
    service.answer, service.api = lambda query: other, lambda records, given: feed
    with pytest.raises(SourceError, match="expected records from 2007-03-31 to 2007-04-0"):
        harvested(service, fresh, **span)
    assert fresh.checkpoint().size == 0
    answers = iter([other])
    feeds = iter([feed])
    service.answer = lambda query: next(answers, None) or honest_list(query)
    service.api = lambda records, given: next(feeds, None) or honest_feed(records, given)
    assert harvested(service, fresh, **span).complete
    assert fresh.digest() == wanted
