"""Fixtures of the arXiv tests: a clock that only sleeping moves, stores, the local arXiv."""

import importlib.util
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph.bundle.keys import signer_of
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest_through
from ingest.arxiv.options import HarvestOptions
from ingest.http.client import FetchLimits, Transport, open_client
from ingest.http.rate_limit import RateLimiter
from ingest.pipeline.commit_page import Report

DATA = Path(__file__).parents[1] / "data" / "arxiv"


@dataclass
class Time:
    """A clock that stands still but for sleeping."""

    now: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def arxiv() -> ModuleType:
    """The module `local_arxiv`, which stands beside this file and is also a program."""
    return beside("local_arxiv")


@pytest.fixture(scope="session")
def local_api() -> ModuleType:
    """The module `local_api`: what the local arXiv answers at `/api/query`."""
    return beside("local_api")


def beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Where dataclasses look up the annotations of their module.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def records(arxiv: ModuleType) -> tuple[Any, ...]:
    """All 505 records: 500 real ones and 5 planted."""
    found: tuple[Any, ...] = arxiv.read_records(DATA)
    return found


@pytest.fixture(scope="session")
def few(records: tuple[Any, ...]) -> tuple[Any, ...]:
    """54 of them: every eleventh, the withdrawn ones, and the planted."""
    named = {"0704.0063", "0704.0156", "0704.0480", "0704.9001", "0704.9002", "0704.9003"}
    return tuple(r for k, r in enumerate(records) if k % 11 == 0 or r.id in named or "/" in r.id)


@pytest.fixture
def serve(
    arxiv: ModuleType, local_api: ModuleType, few: tuple[Any, ...]
) -> Iterator[Callable[..., Any]]:
    """Starts a local arXiv with the few records: `serve(page_size=10)` gives it, its address as `url`.

    `api_url` is that of its query API.
    """
    started = []

    def start(some: tuple[Any, ...] = few, **options: Any) -> Any:
        service = arxiv.LocalArxiv(some, **{"api": local_api.feed} | options)
        service.url = service.start()
        service.api_url = service.url.replace("/oai", "/api/query")
        started.append(service)
        return service

    yield start
    for service in started:
        service.stop()


def make_speaker(time: Time) -> Speaker:
    signer = signer_of(b"\1" * 32)
    return Speaker(signer, f"software:{signer.key}", time.clock)


@pytest.fixture
def speaker(time: Time) -> Speaker:
    return make_speaker(time)


def opened(url: str, speaker: Speaker) -> GraphStore:
    found = open_store(url, clock=speaker.clock)
    found.trust([TrustEntry(speaker.signer.key)])
    return found


@pytest.fixture
def new_store(speaker: Speaker) -> Iterator[Callable[[], GraphStore]]:
    """Makes stores in memory that count what the speaker vouches for."""
    made: list[GraphStore] = []

    def make() -> GraphStore:
        made.append(opened("sqlite::memory:", speaker))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], GraphStore]) -> GraphStore:
    return new_store()


def made_transport(
    url: str, time: Time, folder: Path, *, delay_s: float = 3.0, **limits: Any
) -> Transport:
    given = FetchLimits(**limits)
    return Transport(
        open_client(url, agent="colineage (tests)", limits=given),
        RateLimiter(folder / "polite", delay_s, time.clock, time.sleep),
        limits=given,
        clock=time.clock,
        sleep=time.sleep,
        rng=random.Random(1),  # noqa: S311 - a seed, so that pauses repeat
    )


@pytest.fixture
def transport(time: Time, tmp_path: Path) -> Iterator[Callable[..., Transport]]:
    """Makes transports that sleep on the standing clock: `transport(url, delay_s=3)`."""
    made: list[Transport] = []

    def make(url: str, **options: Any) -> Transport:
        made.append(made_transport(url, time, tmp_path, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def run_harvest(
    transport: Transport, service: Any, store: GraphStore, speaker: Speaker, **options: Any
) -> Report:
    own = {key: options.pop(key) for key in ("progress", "quarantine") if key in options}
    url = service.api_url if options.get("via") == "api" else service.url
    asked = HarvestOptions(**({"since": "1990-01-01", "base_url": url, "delay_s": 0.0} | options))
    return harvest_through(transport, IngestContext(store, speaker, **own), asked)


@pytest.fixture
def harvested(speaker: Speaker, transport: Callable[..., Transport]) -> Callable[..., Report]:
    """Harvests a local arXiv into a store, without real waiting."""

    def run(service: Any, store: GraphStore, **options: Any) -> Report:
        return run_harvest(transport(service.url), service, store, speaker, **options)

    return run


@dataclass(frozen=True)
class Undisturbed:
    """What one harvest without trouble reports, and the state that it makes."""

    report: Report
    digest: str


@pytest.fixture(scope="session")
def undisturbed(
    arxiv: ModuleType,
    local_api: ModuleType,
    few: tuple[Any, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Undisturbed]:
    """Harvests the few records once, in one page."""

    def run(**options: Any) -> Undisturbed:
        service = arxiv.LocalArxiv(few, page_size=len(few), api=local_api.feed)
        service.url = service.start()
        service.api_url = service.url.replace("/oai", "/api/query")
        time, speaker = Time(), make_speaker(Time())
        store = opened("sqlite::memory:", speaker)
        transport = made_transport(service.url, time, tmp_path_factory.mktemp("digest"))
        report = run_harvest(transport, service, store, speaker, **options)
        found = Undisturbed(report, store.digest())
        for one in (transport, store):
            one.close()
        service.stop()
        return found

    return run


@pytest.fixture(scope="session")
def digest(undisturbed: Callable[..., Undisturbed]) -> str:
    """The state that one undisturbed harvest of the few records makes."""
    found = undisturbed()
    report = found.report
    assert (report.seen, report.new, report.changed, report.unchanged) == (54, 54, 0, 0)
    assert (report.withdrawn, report.deleted, report.refused, report.complete) == (2, 1, 0, True)
    return found.digest


@pytest.fixture(scope="session")
def api_digest(undisturbed: Callable[..., Undisturbed]) -> str:
    """The same by the query API, which tells of no deletion."""
    found = undisturbed(via="api")
    report = found.report
    assert (report.seen, report.new, report.changed, report.unchanged) == (53, 53, 0, 0)
    assert (report.withdrawn, report.deleted, report.refused, report.complete) == (2, 0, 0, True)
    return found.digest
