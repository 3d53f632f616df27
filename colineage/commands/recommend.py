"""Commands that recommend: embed (compute text vectors), related (similar work), directions (open research directions)."""

import os
from typing import Annotated

import typer

from colineage.options import JsonOption, ModelOption, StoreOption
from colineage.output import print_answer, progress
from colineage.settings import settings_from


def embed(
    *, model: ModelOption = None, store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Embed every text that has no vector yet. Needed once for each model, before `related`."""
    from colineage.store_access import open_for_reading
    from colineage.views.recommend import embed_view
    from recommend.embed import embed_store, load_embedder

    settings = settings_from(os.environ, store=store, model=model)
    embedder = load_embedder(settings.model)
    with open_for_reading(settings) as graph_store, progress("texts embedded") as update:
        count = embed_store(graph_store, embedder, progress=update)
    result = {"model": embedder.model, "origin": embedder.origin, "embedded": count}
    print_answer(result, embed_view, as_json=as_json)


def related(
    query: Annotated[str, typer.Argument(metavar="ID|TEXT", help="A thing, or an idea in words.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Print at most this many.")] = 10,
    model: ModelOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recommend things related to a thing or text. Each comes with its reasons and its path in the graph.

    `--model none` ignores texts and uses the graph alone.
    """
    from colineage.answers.recommend import embedder_of, find_related_to
    from colineage.store_access import open_for_reading
    from colineage.views.recommend import related_view

    settings = settings_from(os.environ, store=store, model=model)
    with open_for_reading(settings) as graph_store:
        result = find_related_to(graph_store, embedder_of(settings), query, limit=limit)
    print_answer(result, related_view, as_json=as_json)


def directions(
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Print at most this many.")] = 10,
    model: ModelOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest directions that nobody took yet. They are pairs of concepts near each other that no work joins.

    `--model none` ignores texts and uses the concepts alone.
    """
    from colineage.answers.recommend import embedder_of, suggest_directions
    from colineage.store_access import open_for_reading
    from colineage.views.recommend import directions_view

    settings = settings_from(os.environ, store=store, model=model)
    with open_for_reading(settings) as graph_store:
        result = suggest_directions(graph_store, embedder_of(settings), limit=limit)
    print_answer(result, directions_view, as_json=as_json)
