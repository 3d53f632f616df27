import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from graph.bundle.bundle import Bundle, RecordDraft
from graph.errors import InputError, RefusedError, SourceError
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest
from ingest.arxiv.options import HarvestOptions
from ingest.pipeline.commit_page import Report

Harvested = Callable[..., Report]
NewStore = Callable[[], GraphStore]
Serve = Callable[..., Any]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.seen, report.new, report.changed, report.unchanged


def test_a_second_run_changes_nothing(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=10)
    told: list[int] = []
    first = harvested(service, store, progress=told.append)
    assert told == [10, 20, 30, 40, 50, 54]
    again = harvested(service, store)
    assert counts(again) == (54, 0, 0, 54)
    assert (again.log_size, again.complete) == (first.log_size, True)
    assert len(service.requests) == 12


def test_only_what_the_store_lacks_is_judged(
    serve: Serve, harvested: Harvested, store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, judged, real = serve(page_size=10), list[RecordDraft](), RecordDraft.validate

    def noted(draft: RecordDraft) -> Bundle:
        judged.append(draft)
        return real(draft)

    monkeypatch.setattr(RecordDraft, "validate", noted)

    def works() -> int:
        found = sum(draft.body.nodes[0].kind is Kind.WORK for draft in judged)
        judged.clear()
        return found

    harvested(service, store)
    assert works() == 54
    harvested(service, store)
    assert works() == 0


def test_bodies_that_were_withheld_are_judged_and_kept(
    serve: Serve, harvested: Harvested, new_store: NewStore, digest: str
) -> None:
    service, whole, bare = serve(page_size=10), new_store(), new_store()
    harvested(service, whole)
    bundles = [one.bundle for one in whole.bundles()]
    headers = [
        one if one.signature else replace(one, body=None, body_bytes=None) for one in bundles
    ]
    bare.append(lambda _look: headers)
    assert bare.digest() != digest
    harvested(service, bare)
    assert bare.bodies_present([one.id for one in bundles]) == {one.id for one in bundles}
    assert bare.digest() == digest


def test_every_real_record_is_stored(
    serve: Serve, harvested: Harvested, store: GraphStore, records: tuple[Any, ...]
) -> None:
    report = harvested(serve(records, page_size=100), store)
    assert counts(report) == (505, 505, 0, 0)
    assert (report.withdrawn, report.deleted, report.refused, report.complete) == (4, 1, 0, True)
    found = store.counts().nodes
    assert (found["work"], found["version"]) == (505, 802)


@pytest.mark.parametrize("page_size", [1, 7, 53])
def test_pages_of_any_size_make_the_same_graph(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str, page_size: int
) -> None:
    harvested(serve(page_size=page_size), store)
    assert store.digest() == digest


@pytest.mark.parametrize(
    "trouble",
    [
        *("html", "feed", "rate", "503", "429", "500", "truncated", "chopped", "cut"),
        *("doctype", "empty", "nothing", "repeated", "expired"),
    ],
)
@pytest.mark.parametrize("number", [1, 3])
def test_after_trouble_nothing_is_lost_and_nothing_invented(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str, trouble: str, number: int
) -> None:
    report = harvested(serve(page_size=10, troubles={number: trouble}), store)
    assert report.complete
    assert report.refused == 0
    assert store.digest() == digest


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("html", "got text/html: '<html><body>Down for maintenance'"),
        ("feed", "expected the root OAI-PMH, got <feed>"),
        ("rate", "got text/plain: 'Rate exceeded.'"),
        ("truncated", "expected well-formed XML"),
        ("chopped", "expected a whole answer"),
        ("doctype", "without a document type"),
        ("empty", "expected at least one record"),
        ("500", "got 500"),
    ],
)
def test_trouble_without_end_is_loud_and_the_next_run_goes_on(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str, trouble: str, words: str
) -> None:
    service = serve(page_size=10, troubles=dict.fromkeys(range(3, 9), trouble))
    with pytest.raises(SourceError, match=words):
        harvested(service, store)
    assert len(store.list_ids(Kind.WORK, limit=1000)) == 20
    report = harvested(service, store)
    assert counts(report) == (34, 34, 0, 0), "the first 20 are not fetched again"
    assert report.complete
    assert store.digest() == digest


def test_a_refused_query_is_refused(serve: Serve, harvested: Harvested, store: GraphStore) -> None:
    with pytest.raises(RefusedError, match="got 403"):
        harvested(serve(always="403"), store)
    service = serve()
    service.answer = lambda query: query and service_error(service)
    with pytest.raises(RefusedError, match="arXiv says badArgument: start date too early"):
        harvested(service, store)
    assert store.checkpoint().size == 0


def service_error(service: Any) -> str:
    module = __import__("sys").modules[type(service).__module__]
    return str(module.error("badArgument", "start date too early"))


def test_a_malformed_record_is_refused_by_name_and_the_rest_stored(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=10, troubles={2: "malformed"})
    report = harvested(service, store)
    assert counts(report) == (53, 53, 0, 0)
    assert (report.refused, report.complete) == (1, True)
    runs = store.things(store.list_ids(Kind.INGEST, limit=100)).values()
    [note] = [
        r.shown.description.attributes["note"]
        for r in runs
        if r.shown and "note" in r.shown.description.attributes
    ]
    assert isinstance(note, str)
    assert note.startswith("oai:arXiv.org:0704.")
    assert "sha256:" in note
    assert "version v1.date: expected a time like Mon, 2 Apr 2007 12:02:40 GMT" in note
    repaired = harvested(service, store)
    assert counts(repaired) == (54, 1, 0, 53)


def test_an_expired_token_is_not_used(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str, time: Any
) -> None:
    service = serve(
        page_size=10, expires="2026-11-21T00:00:00Z", troubles=dict.fromkeys(range(3, 9), "500")
    )
    with pytest.raises(SourceError):
        harvested(service, store)
    time.now += timedelta(days=1)
    asked = len(service.requests)
    report = harvested(service, store)
    assert counts(report) == (54, 34, 0, 20)
    assert "resumptionToken" not in service.requests[asked]
    assert store.digest() == digest


def test_a_token_refused_for_ever_is_loud(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    with pytest.raises(SourceError, match=r"the token to go on with is refused .*, 4 times"):
        harvested(serve(page_size=10, troubles=dict.fromkeys(range(2, 99, 2), "expired")), store)


def test_a_token_that_goes_in_circles_is_loud(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=10)
    second = service.answer("verb=ListRecords&metadataPrefix=arXivRaw")
    service.answer = lambda query: second
    with pytest.raises(SourceError, match="got one that was used"):
        harvested(service, store)


def test_announced_sizes_are_held_against_what_came(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str
) -> None:
    service = serve(page_size=10, announce=True)
    honest = service.answer
    service.answer = lambda query: honest(query).replace(
        'completeListSize="54"', 'completeListSize="55"'
    )
    with pytest.raises(SourceError, match="expected the 55 records announced, got 54"):
        harvested(service, store)
    service.answer = honest
    assert harvested(service, store).complete
    assert store.digest() == digest


def test_a_page_that_starts_too_late_is_loud(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=10, announce=True)
    honest = service.answer
    service.answer = lambda query: honest(query).replace('cursor="20"', 'cursor="21"')
    with pytest.raises(SourceError, match="expected the page to start at record 20, got 21"):
        harvested(service, store)


def test_max_stops_there_and_the_next_run_goes_on(
    serve: Serve, harvested: Harvested, store: GraphStore, digest: str
) -> None:
    service = serve(page_size=10)
    first = harvested(service, store, max_records=25)
    assert counts(first) == (25, 25, 0, 0)
    assert not first.complete
    rest = harvested(service, store)
    assert counts(rest) == (34, 29, 0, 5)
    assert rest.complete
    assert store.digest() == digest
    exact = harvested(service, store, max_records=54)
    assert (exact.seen, exact.complete) == (54, True)


def test_what_changed_since_is_found_though_the_end_stayed_as_it_was(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    """The last pages of a harvest may bring nothing; the next one starts at the beginning all the same."""
    service = serve(page_size=10)
    harvested(service, store)
    for title in ("First change", "Second change"):
        # In the middle, on a day of its own, so that pages before and after it stay as they were.
        middle = sorted(service.records, key=lambda r: (r.day, r.id))[27]
        changed = replace(
            middle,
            metadata=re.sub(
                "<title>.*?</title>", f"<title>{title}</title>", middle.metadata, flags=re.DOTALL
            ),
        )
        service.records = tuple(changed if r.id == middle.id else r for r in service.records)
        report = harvested(service, store)
        assert (report.seen, report.complete) == (54, True)
        size = report.log_size
        assert harvested(service, store) == replace(report, changed=0, unchanged=54, log_size=size)


def test_a_revision_replaces_a_deletion_removes_and_a_new_paper_comes(
    serve: Serve, harvested: Harvested, store: GraphStore, new_store: NewStore
) -> None:
    service = serve(page_size=10)
    harvested(service, store)
    # Two of a category that others have too: its own record stays, as it was served.
    revised, gone = [r for r in service.records if r.sets == ("physics:astro-ph",)][:2]
    title = revised.metadata.replace("<title>", "<title>Revised: ")
    after = {
        revised.id: replace(revised, day="2026-11-01", metadata=title),
        gone.id: replace(gone, day="2026-11-02", metadata=None),
    }
    service.records = tuple(after.get(r.id, r) for r in service.records)
    report = harvested(service, store, since="2026-11-01")
    assert counts(report) == (2, 0, 2, 0)
    assert report.deleted == 1
    shown = store.things([f"arxiv:{revised.id}"])[f"arxiv:{revised.id}"]
    assert shown.title.startswith("Revised: ")
    assert f"arxiv:{gone.id}v1" not in store.things([f"arxiv:{gone.id}v1"])
    fresh = new_store()
    harvested(service, fresh)
    assert fresh.digest() == store.digest(), "how it came to be leaves no trace"


def test_days_and_categories_narrow_the_query(
    serve: Serve, harvested: Harvested, store: GraphStore, records: tuple[Any, ...]
) -> None:
    service = serve(records, page_size=10)
    report = harvested(
        service, store, since="2007-04-02", until="2007-04-03", categories=("hep-th", "math.AG")
    )
    wanted = {
        f"arxiv:{r.id}".replace("math.GT/", "math/")
        for r in records
        if "2007-04-02" <= r.day <= "2007-04-03"
        and {"physics:hep-th", "math:math:AG"} & set(r.sets)
    }
    assert set(store.list_ids(Kind.WORK, limit=1000)) == wanted
    assert report.new == len(wanted)
    assert report.complete
    assert "set=physics:hep-th" in service.requests[0]
    assert "set=math:math:AG" in service.requests[-1]


def test_max_counts_over_all_categories(
    serve: Serve, harvested: Harvested, store: GraphStore
) -> None:
    service = serve(page_size=10)
    report = harvested(service, store, categories=("astro-ph", "hep-th"), max_records=12)
    assert (report.seen, report.complete) == (12, False)
    assert not any("hep-th" in request for request in service.requests)


def test_nothing_new_is_complete(serve: Serve, harvested: Harvested, store: GraphStore) -> None:
    report = harvested(serve(), store, since="2026-11-20")
    assert report == Report("arxiv", complete=True)


def test_a_record_from_the_future_is_refused_and_the_page_is_not(
    serve: Serve, harvested: Harvested, store: GraphStore, records: tuple[Any, ...]
) -> None:
    early = replace(records[0], day="2026-11-23")
    report = harvested(serve((early, *records[1:5])), store)
    assert (report.new, report.refused) == (4, 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"since": "2026-11"}, "since: expected a day like 2026-11-20, got 2026-11"),
        ({"since": "2026-02-30"}, "since: expected a day"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "until: expected 2026-11-02 or later"),
        ({"since": "x", "until": "y", "max_records": 0}, "max: expected at least 1, got 0"),
        ({"categories": ("biology",)}, "no category of arXiv"),
    ],
)
def test_what_was_asked_wrongly_is_said_before_anything_is_fetched(
    serve: Serve, harvested: Harvested, store: GraphStore, options: dict[str, Any], words: str
) -> None:
    service = serve()
    with pytest.raises(InputError, match=words):
        harvested(service, store, **options)
    assert service.requests == []


def test_the_real_arxiv_is_asked_politely(store: GraphStore, speaker: Speaker) -> None:
    with pytest.raises(InputError, match="at least 3 seconds"):
        harvest(IngestContext(store, speaker), HarvestOptions("2026-11-01", delay_s=1.0))
