"""Answers of the commands that recommend, as JSON."""

from colineage.answers.attribution import attribution_fields
from colineage.answers.json_shapes import (
    checkpoint_to_json,
    relation_to_json,
    thing_to_json,
    title_bundles,
    titles_of,
)
from colineage.answers.resolve import find_thing
from colineage.output import Json
from colineage.settings import NO_MODEL, Settings
from graph.errors import IdentifierError, MissingModelError
from graph.store import GraphStore
from recommend.directions import find_directions
from recommend.embed import Embedder, load_embedder
from recommend.related import find_related


def embedder_of(settings: Settings) -> Embedder | None:
    """Load the embedder that the settings name; `None` for `--model none`.

    Raises:
        MissingModelError: The model is missing, or is a different one.
    """
    if settings.model == NO_MODEL:
        return None
    try:
        return load_embedder(settings.model)
    except MissingModelError as error:
        raise MissingModelError(f"{error}; --model none does without") from error


def find_related_to(
    store: GraphStore, embedder: Embedder | None, query: str, *, limit: int
) -> Json:
    """Find related things: `{"query", "as_of", "model", "items": [{"id", "kind", "title", "score", "reasons", "path"}], "why_empty", "attributions"}`.

    Raises:
        NotFoundError: The query is an identifier that is not in the store.
    """
    try:
        start = find_thing(store, query).id
    except IdentifierError:
        start = query
    suggestions = find_related(store, embedder, start, limit=limit)
    ends = {
        end
        for item in suggestions.items
        for step in item.path
        for end in (step.edge.source, step.edge.target)
    }
    things = store.things(sorted(ends | {item.id for item in suggestions.items}))
    return {
        "query": start,
        "as_of": checkpoint_to_json(suggestions.as_of),
        "model": suggestions.model,
        "items": [
            {
                **thing_to_json(things[item.id]),
                "score": item.score,
                "reasons": list(item.reasons),
                "path": [relation_to_json(step) for step in item.path],
            }
            for item in suggestions.items
        ],
        "why_empty": suggestions.why_empty,
        "titles": titles_of(things.values()),
        "titled_in": title_bundles(things.values()),
        **attribution_fields(
            store,
            things=things.values(),
            relations=[step for item in suggestions.items for step in item.path],
        ),
    }


def suggest_directions(store: GraphStore, embedder: Embedder | None, *, limit: int) -> Json:
    """Suggest directions: `{"as_of", "model", "items": [{"concepts", "score", "reason", "bridging", "left", "right"}], "why_empty", "attributions"}`."""
    model = embedder.model if embedder else None
    suggestions = find_directions(store, limit=limit, model=model)
    return {
        "as_of": checkpoint_to_json(suggestions.as_of),
        "model": model,
        "items": [
            {
                "concepts": [thing_to_json(thing) for thing in item.concepts],
                "score": item.score,
                "reason": item.reason,
                "bridging": [thing_to_json(thing) for thing in item.bridging],
                "left": [thing_to_json(thing) for thing in item.left],
                "right": [thing_to_json(thing) for thing in item.right],
            }
            for item in suggestions.items
        ],
        "why_empty": suggestions.why_empty,
        **attribution_fields(
            store,
            things=[
                thing
                for item in suggestions.items
                for thing in (*item.concepts, *item.bridging, *item.left, *item.right)
            ],
        ),
    }
