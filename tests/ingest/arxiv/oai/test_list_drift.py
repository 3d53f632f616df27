"""A list whose papers change while it is read: they move to its end, and pages by number pass others over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from graph.errors import SourceError
from graph.model.vocabulary import Kind
from graph.store import GraphStore
from ingest.pipeline.commit_page import Report

Harvested = Callable[..., Report]
Serve = Callable[..., Any]

# The day of the last change of a third of the few records: many pages end between its papers.
CHANGED = "2026-11-20"


def on_one_day(records: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(replace(r, day="2007-05-05") if k % 3 else r for k, r in enumerate(records))


def shifting(service: Any, at: int, count: int, *, deleted: bool = False) -> set[str]:
    """Lets the first papers of the long day change when a request comes in; their ids, filled then."""
    moved: set[str] = set()

    def change(number: int) -> None:
        if number == at:
            first = sorted(r.id for r in service.records if r.day == "2007-05-05")[:count]
            moved.update(first)
            service.records = tuple(
                replace(r, day=CHANGED, metadata=None if deleted else r.metadata)
                if r.id in first
                else r
                for r in service.records
            )

    service.on_request = change
    return moved


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("at", [3, 4, 5, 6])
def test_what_was_passed_over_is_read_after_all(
    serve: Serve,
    harvested: Harvested,
    new_store: Callable[[], GraphStore],
    few: tuple[Any, ...],
    at: int,
    deleted: bool,
) -> None:
    service = serve(on_one_day(few), page_size=8)
    moved = shifting(service, at, 3, deleted=deleted)
    store, fresh = new_store(), new_store()
    assert harvested(service, store).complete
    assert len(moved) == 3
    # Read again is the long day alone.
    again = [path for path in service.requests if "until=2007-05-05" in path]
    assert len(again) == 1
    service.on_request = lambda number: None
    harvested(service, fresh)
    assert store.list_ids(Kind.WORK, limit=99) == fresh.list_ids(Kind.WORK, limit=99)
    # Categories that only deleted papers had are still told of where the papers were seen before.
    assert deleted or store.digest() == fresh.digest()
    before = store.checkpoint().size
    assert harvested(service, store).log_size == before


def test_a_paper_that_changes_on_its_day_may_pass_others_over_too(
    serve: Serve, harvested: Harvested, new_store: Callable[[], GraphStore], few: tuple[Any, ...]
) -> None:
    """Within a day arXiv lists by the moment of change: the one changed last goes to its end."""
    service = serve(tuple(replace(r, day=CHANGED) for r in few), page_size=8)
    first = min(service.records, key=lambda r: str(r.id))

    def change(number: int) -> None:
        if number == 3:
            later = replace(
                first, id="zz", metadata=first.metadata.replace("<title>", "<title>Revised: ")
            )
            service.records = tuple(later if r is first else r for r in service.records)

    service.on_request = change
    honest = service.answer
    service.answer = lambda query: honest(query).replace(
        "oai:arXiv.org:zz", f"oai:arXiv.org:{first.id}"
    )
    store, fresh = new_store(), new_store()
    assert harvested(service, store).complete
    assert harvested(service, fresh).complete
    # Of two records of one day the greater id is shown, whichever came first; both are here.
    served = {entry.bundle.id for entry in fresh.bundles() if entry.lives and entry.vouchers}
    assert store.bundles_by_id(served).keys() == served
    assert len(store.list_ids(Kind.WORK, limit=99)) == 54


def test_stopped_in_between_it_is_found_all_the_same(
    serve: Serve, harvested: Harvested, new_store: Callable[[], GraphStore], few: tuple[Any, ...]
) -> None:
    service = serve(on_one_day(few), page_size=8, troubles=dict.fromkeys(range(4, 10), "500"))
    store, fresh = new_store(), new_store()
    with pytest.raises(SourceError):
        harvested(service, store)
    service.troubles = {}
    shifting(service, len(service.requests) + 1, 3)
    assert harvested(service, store).complete
    service.on_request = lambda number: None
    harvested(service, fresh)
    assert store.digest() == fresh.digest()


def test_stopped_while_it_reads_again_the_list_is_read_anew_before_the_next(
    serve: Serve, harvested: Harvested, new_store: Callable[[], GraphStore], few: tuple[Any, ...]
) -> None:
    """Of two categories: the first one is not left as done."""
    both = ("hep-th", "astro-ph")
    service = serve(on_one_day(few), page_size=2)
    store, fresh = new_store(), new_store()
    shifting(service, 3, 20)
    honest = service.answer
    service.answer = lambda query: "Rate exceeded." if "until=" in query else honest(query)
    with pytest.raises(SourceError, match="until=2007-05-05"):
        harvested(service, store, categories=both)
    service.answer, service.on_request = honest, lambda number: None
    service.requests.clear()
    assert harvested(service, store, categories=both).complete
    assert "set=physics:hep-th" in service.requests[0]
    harvested(service, fresh, categories=both)
    assert store.digest() == fresh.digest()
    assert set(store.list_ids(Kind.WORK, limit=99)) == set(fresh.list_ids(Kind.WORK, limit=99))
    service.requests.clear()
    again = harvested(service, store, categories=both)
    assert again.complete
    assert "set=physics:hep-th" in service.requests[0], "all is asked for again, from the first"


def test_revisions_of_what_is_older_than_the_list_are_no_shift(
    serve: Serve, harvested: Harvested, store: GraphStore, few: tuple[Any, ...]
) -> None:
    """Most of what a nightly list tells, also where it was stopped: each would cost a request for its old day."""
    service = serve(few, page_size=8)
    harvested(service, store)
    service.records = tuple(
        replace(
            r, day=CHANGED, metadata=r.metadata and r.metadata.replace("<title>", "<title>Now: ")
        )
        for r in few
    )
    service.requests.clear()
    service.troubles = dict.fromkeys(range(4, 10), "500")
    with pytest.raises(SourceError):
        harvested(service, store, since="2026-11-18")
    service.troubles = {}
    report = harvested(service, store, since="2026-11-18")
    assert report.complete
    assert not any("until=" in path for path in service.requests)


def test_nothing_is_read_again_where_nothing_moved(
    serve: Serve, harvested: Harvested, store: GraphStore, few: tuple[Any, ...], digest: str
) -> None:
    service = serve(page_size=8)
    harvested(service, store)
    assert len(service.requests) == 7
    assert store.digest() == digest
