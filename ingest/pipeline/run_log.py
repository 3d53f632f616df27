"""Log of ingest runs in a store: read the runs of a query, append one with what its page refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graph.bundle.bundle import Bundle
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Voice
from graph.store import GraphStore, Said
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import Report, commit_page

_AT_ONCE: Final = 500
_MOST: Final = 50
_LONGEST: Final = 400


def runs_of(store: GraphStore, *queries: str) -> Iterator[Said]:
    """Yield the runs of any of these queries that trusted authors described, in no order; scan all runs once."""
    trusted = store.trusted()
    wanted = frozenset(queries)
    after = ""
    while ids := store.listed(Kind.INGEST, after=after, limit=_AT_ONCE):
        for thing in store.things(ids).values():
            said = thing.shown
            if (
                said
                and said.author in trusted
                and said.description.attributes.get("query") in wanted
            ):
                yield said
        after = ids[-1]


def say_run(store: GraphStore, voice: Voice, run: Mapping[str, Json]) -> int:
    """Append a run statement that vouches for nothing; return the log's size after it."""
    body = Body(
        (Description("#run", Kind.INGEST, run),),
        (Edge("#run", Relation.WAS_ASSOCIATED_WITH, voice.by),),
    )
    return store.append(lambda look: [voice.say(look, body)]).checkpoint.size


def commit_run(
    store: GraphStore,
    voice: Voice,
    records: Sequence[Bundle],
    run: Mapping[str, Json],
    report: Report,
    *,
    beside: Sequence[Bundle] = (),
    refused: Sequence[object] = (),
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
    said = {**run, **_refusals(refused)}
    before = store.checkpoint().size
    counts = commit_page(store, voice, records, said, beside=beside)
    found = report.plus(counts, refused=len(refused))
    if refused and counts.log_size == before:
        return replace(found, log_size=_keep(store, voice, said))
    return found


def _refusals(refused: Sequence[object]) -> dict[str, Json]:
    """Return what was refused as attributes of a run: the number, and the first reasons, a line each."""
    reasons = [(one_line(str(one)) or "?")[:_LONGEST] for one in refused[:_MOST]]
    return {"refused": len(refused)} | ({"note": "\n".join(reasons)} if reasons else {})


def _keep(store: GraphStore, voice: Voice, run: Mapping[str, Json]) -> int:
    """Append a run whose page brought nothing but refusals, unless it is there already; return the log's size."""
    query = run["query"]
    known = (said.description.attributes.get("note") for said in runs_of(store, str(query)))
    return store.checkpoint().size if run["note"] in known else say_run(store, voice, run)
