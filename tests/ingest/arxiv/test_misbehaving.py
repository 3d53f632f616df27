"""Every way in which the local arXiv can misbehave, by each route, once and for ever, at any of its requests.

Whatever it does: nothing is lost, invented or damaged, nothing hangs, and a harvest that ends without an error has
all there is. One that ends with an error goes on from there once the trouble is over.
"""

import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from graph.errors import RefusedError, SourceError
from graph.store import GraphStore
from ingest.http.client import Transport
from ingest.pipeline.commit_page import Report

Harvesting = Callable[..., Report]
Serve = Callable[..., Any]

# What it does, beside the name for it: the same list for both routes.
WAYS = {
    "html": "HTML with 200",
    "rate": "'Rate exceeded.' with 200",
    "feed": "an error feed",
    "429": "429 without Retry-After",
    "429 after 40 s": "429 with Retry-After",
    "503": "503",
    "500": "500",
    "truncated": "a body cut short, whole by its length",
    "chopped": "a body cut short, by its length too",
    "cut": "a cut connection",
    "hang": "a hang",
    "nothing": "an empty body",
    "doctype": "a document type with entities",
    "repeated": "a record twice on one page",
    "malformed": "a malformed record",
    "stale": "the first page again in place of a later one",
    "expired": "an expired token",
    "gone": "an empty later page",
    "short": "a page with fewer papers than announced",
    "shifted": "a page that shifted while it was read",
    "no_entries": "a page without the papers announced",
    "none_at_all": "an empty answer that looks whole",
    "list": "the answer of the other service",
}
# What only one of the services knows, or can be seen through at one of them alone.
ONLY = {
    "oai": {"expired", "gone", "stale"},
    "api": {"short", "shifted", "no_entries", "none_at_all", "list", "malformed"},
}


def ways(route: str) -> list[str]:
    other = ONLY["api" if route == "oai" else "oai"]
    # A record without its date is malformed at either; a short list of OAI-PMH shows where it announces its length.
    return [way for way in WAYS if way not in other or way in {"short", "malformed"}]


@pytest.fixture
def harvesting(
    transport: Callable[..., Transport], speaker: Any
) -> Callable[[Any, GraphStore, str], Report]:
    """Harvests by a route, with a short patience."""
    from ingest.arxiv.context import IngestContext
    from ingest.arxiv.harvest import harvest_through
    from ingest.arxiv.options import HarvestOptions

    def run(service: Any, store: GraphStore, route: str) -> Report:
        url = service.api_url if route == "api" else service.url
        since, until = ("2007-03-01", "2007-04-30") if route == "api" else ("1990-01-01", None)
        asked = HarvestOptions(since, until, via=route, base_url=url, delay_s=0.0, slice_size=3)
        through = transport(service.url, read_s=0.1, tries=3)
        return harvest_through(through, IngestContext(store, speaker), asked)

    return run


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, str]:
    """The state after an undisturbed harvest, by route: filled as it is needed."""
    return {}


@pytest.fixture
def wanted(
    serve: Serve,
    few: tuple[Any, ...],
    harvesting: Harvesting,
    new_store: Callable[[], GraphStore],
    undisturbed: dict[str, str],
    route: str,
) -> str:
    """The state after an undisturbed harvest by the route."""
    if route not in undisturbed:
        store = new_store()
        report = harvesting(serve(few[::5], page_size=99), store, route)
        assert (report.seen, report.refused, report.complete) == (
            {"oai": 11, "api": 10}[route],
            0,
            True,
        )
        undisturbed[route] = store.digest()
    return undisturbed[route]


def troubled(serve: Serve, few: tuple[Any, ...], way: str, numbers: range) -> Any:
    service = serve(few[::5], page_size=3, announce=way in {"short", "stale"})
    kind, _, after = way.partition(" after ")
    service.retry_after = after.removesuffix(" s") or None
    service.troubles = dict.fromkeys(numbers, kind)
    return service


CASES = [(route, way) for route in ("oai", "api") for way in ways(route)]


@pytest.mark.parametrize(("route", "way"), CASES)
def test_once_at_any_request(
    serve: Serve,
    harvesting: Harvesting,
    new_store: Callable[[], GraphStore],
    few: tuple[Any, ...],
    wanted: str,
    size: Callable[[int, int], int],
    route: str,
    way: str,
) -> None:
    chance = random.Random(way + route)  # noqa: S311 - a seed: the same requests each time
    # An empty first page is the answer that there is nothing: nobody could know better.
    numbers = range(2 if way == "gone" else 1, 10 if route == "api" else 6)
    for number in sorted(chance.sample(numbers, size(1, 4))):
        store = new_store()
        service = troubled(serve, few, way, range(number, number + 1))
        held_to(harvesting, service, store, route, wanted)


@pytest.mark.parametrize(("route", "way"), CASES)
def test_for_ever_from_some_request_on(
    serve: Serve,
    harvesting: Harvesting,
    store: GraphStore,
    few: tuple[Any, ...],
    wanted: str,
    route: str,
    way: str,
) -> None:
    service = troubled(serve, few, way, range(3, 999))
    held_to(harvesting, service, store, route, wanted)


def held_to(
    harvesting: Harvesting, service: Any, store: GraphStore, route: str, wanted: str
) -> None:
    """All is there, or it says aloud that it is not; and what is there is right."""
    try:
        first = harvesting(service, store, route)
    except SourceError as error:
        assert not isinstance(error, RefusedError), error
        assert "give the command again" in str(error)
    else:
        assert first.complete
        assert first.refused or store.digest() == wanted
    assert len(service.requests) < 150
    service.troubles = {}
    rest = harvesting(service, store, route)
    assert rest.complete
    if store.digest() != wanted:  # what was refused comes with the next, from the beginning
        rest = harvesting(service, store, route)
    assert rest.refused == 0
    assert store.digest() == wanted
    again = harvesting(service, store, route)
    assert (again.new, again.changed, again.log_size) == (0, 0, rest.log_size)


def test_at_least_fourteen_ways_by_each_route(arxiv: ModuleType) -> None:
    for route in ("oai", "api"):
        assert len(ways(route)) >= 14
    assert {way.partition(" after ")[0] for way in WAYS} <= set(arxiv.TROUBLES)
