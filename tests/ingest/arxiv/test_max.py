"""`--max` narrower than a page: the same command, given often enough, comes to the end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from graph.model.vocabulary import Kind
from graph.store import GraphStore
from ingest.pipeline.commit_page import Report

Harvested = Callable[..., Report]
Serve = Callable[..., Any]


def given_often(
    harvested: Harvested, service: Any, store: GraphStore, **options: Any
) -> list[Report]:
    reports: list[Report] = []
    while not reports or not reports[-1].complete:
        assert len(reports) < 30, "it doesn't come on"
        reports.append(harvested(service, store, max_records=5, **options))
    return reports


@pytest.mark.parametrize("route", ["oai", "api"])
def test_pages_longer_than_the_limit_are_taken_bit_by_bit(
    serve: Serve,
    harvested: Harvested,
    store: GraphStore,
    route: str,
    digest: str,
    api_digest: str,
) -> None:
    service = serve(page_size=20)
    wanted, total = (digest, 54) if route == "oai" else (api_digest, 53)
    reports = given_often(harvested, service, store, via=route, slice_size=20)
    assert all(report.seen <= 5 for report in reports)
    assert sum(report.new for report in reports) == total
    assert store.digest() == wanted
    size = store.checkpoint().size
    again = given_often(harvested, service, store, via=route, slice_size=20)
    assert sum(report.new + report.changed for report in again) == 0
    # What was stopped is said in a run of its own, nothing else is.
    assert store.checkpoint().size - size <= len(again)


def test_what_is_stored_newer_stops_nobody(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str
) -> None:
    """Records that lose against newer ones never become what stands, and are passed all the same."""
    service = serve(page_size=20)
    older = service.records
    service.records = tuple(
        replace(r, day="2026-11-01") if k % 2 else r for k, r in enumerate(older)
    )
    harvested(service, store)
    service.records = older
    reports = given_often(harvested, service, store)
    assert sum(report.new + report.changed for report in reports) == 0
    assert store.digest() == digest


def test_many_categories_are_gone_through(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    both = ("astro-ph", "hep-th")
    service = serve(page_size=20)
    given_often(harvested, service, store, categories=both)
    wanted = {
        f"arxiv:{r.id}"
        for r in service.records
        if any(name.startswith(("physics:astro-ph", "physics:hep-th")) for name in r.sets)
    }
    assert set(store.list_ids(Kind.WORK, limit=99)) == wanted
