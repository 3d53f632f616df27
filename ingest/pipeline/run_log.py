"""Log of ingest runs in a store: read the runs of a query, append one with what its page refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graph.bundle.bundle import Bundle
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.rules.facts import authors_of
from graph.speaker import Speaker
from graph.store import AuthoredDescription, GraphStore, Log
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import Report, commit_page

_IDS_PER_READ: Final = 500
_MAX_REASONS: Final = 50
_MAX_REASON_CHARS: Final = 400


def runs_of(store: GraphStore, *queries: str) -> Iterator[AuthoredDescription]:
    """Yield the runs of any of these queries that trusted authors described, in no order; scan all runs once."""
    trusted = authors_of(store.trust_list())
    query_set = frozenset(queries)
    after = ""
    while ids := store.list_ids(Kind.INGEST, after=after, limit=_IDS_PER_READ):
        for thing in store.things(ids).values():
            past_run = thing.shown
            if (
                past_run
                and past_run.author in trusted
                and past_run.description.attributes.get("query") in query_set
            ):
                yield past_run
        after = ids[-1]


def append_run(store: Log, speaker: Speaker, run: Mapping[str, Json]) -> int:
    """Append a run statement that vouches for nothing; return the log's size after it."""
    body = Body(
        (Description("#run", Kind.INGEST, run),),
        (Edge("#run", Relation.WAS_ASSOCIATED_WITH, speaker.by),),
    )
    return store.append(lambda view: [speaker.make_statement(view, body)]).checkpoint.size


def commit_run(
    store: GraphStore,
    speaker: Speaker,
    records: Sequence[Bundle],
    run: Mapping[str, Json],
    report: Report,
    *,
    companions: Sequence[Bundle] = (),
    refusals: Sequence[object] = (),
) -> Report:
    """Commit a page whose run statement also lists what was refused on the way; return the report after it.

    Where all records stood already, a run of its own lists what was refused, unless an earlier one does.

    Args:
        store: Where to.
        speaker: Who vouches.
        records: The page's records.
        run: Attributes of the run, the query among them.
        report: The report before this page.
        companions: Records of things that many records mention.
        refusals: Items that could not be ingested; the text of each is the reason, which may quote the input.
    """
    attributes = {**run, **_refusal_attributes(refusals)}
    before = store.checkpoint().size
    counts = commit_page(store, speaker, records, attributes, companions=companions)
    total = report.plus(counts, refused=len(refusals))
    if refusals and counts.log_size == before:
        return replace(total, log_size=_record_refusals(store, speaker, attributes))
    return total


def _refusal_attributes(refusals: Sequence[object]) -> dict[str, Json]:
    """Return what was refused as attributes of a run: the number, and the first reasons, a line each."""
    reasons = [
        (one_line(str(refusal)) or "?")[:_MAX_REASON_CHARS] for refusal in refusals[:_MAX_REASONS]
    ]
    return {"refused": len(refusals)} | ({"note": "\n".join(reasons)} if reasons else {})


def _record_refusals(store: GraphStore, speaker: Speaker, run: Mapping[str, Json]) -> int:
    """Append a run whose page brought nothing but refusals, unless it is there already; return the log's size."""
    query = run["query"]
    notes = (past_run.description.attributes.get("note") for past_run in runs_of(store, str(query)))
    return store.checkpoint().size if run["note"] in notes else append_run(store, speaker, run)
