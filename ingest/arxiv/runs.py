"""The runs of one query in a store: read, and said where a page of records does not say them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from graph.canonical import Json
from graph.model import Body, Description, Edge
from graph.store import GraphStore, Said
from graph.vocabulary import Kind, Relation
from graph.voice import Voice
from ingest.arxiv.text import clean

_AT_ONCE: Final = 500
_MOST: Final = 50
_LONGEST: Final = 400


def runs_of(store: GraphStore, query: str) -> Iterator[Said]:
    """What trusted runs said of a query, in no order."""
    trusted = store.trusted()
    after = ""
    while ids := store.listed(Kind.INGEST, after=after, limit=_AT_ONCE):
        for thing in store.things(ids).values():
            said = thing.shown
            if (
                said
                and said.author in trusted
                and said.description.attributes.get("query") == query
            ):
                yield said
        after = ids[-1]


def say_run(store: GraphStore, voice: Voice, run: Mapping[str, Json]) -> int:
    """Says a run that vouches for nothing; the log's size after it."""
    body = Body(
        (Description("#run", Kind.INGEST, run),),
        (Edge("#run", Relation.WAS_ASSOCIATED_WITH, voice.by),),
    )
    return store.append(lambda look: [voice.say(look, body)]).checkpoint.size


def refusals(refused: Sequence[object]) -> dict[str, Json]:
    """What was refused as attributes of a run: the number, and the first reasons.

    A reason may quote what came, so it is made fit for a bundle first.
    """
    reasons = [clean(str(one)).replace("\n", " ")[:_LONGEST] for one in refused[:_MOST]]
    return {"refused": len(refused), "note": "\n".join(reasons)}


def keep_refusals(store: GraphStore, voice: Voice, run: Mapping[str, Json]) -> int:
    """Says a run whose page brought nothing but refusals, unless it was said; the log's size."""
    query = run["query"]
    known = (said.description.attributes.get("note") for said in runs_of(store, str(query)))
    return store.checkpoint().size if run["note"] in known else say_run(store, voice, run)
