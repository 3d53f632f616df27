"""Commands that query the graph: stats, show, search, lineage, who."""

import os
from typing import Annotated

import typer

from colineage.options import IdArgument, JsonOption, StoreOption
from colineage.output import print_answer
from colineage.settings import settings_from


def stats(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Count what is in the graph. Prints things by kind, relations by name, the log's size and root."""
    from colineage.answers.json_shapes import stats_to_json
    from colineage.store_access import open_for_reading
    from colineage.views.query import stats_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = stats_to_json(graph_store.counts(), graph_store.checkpoint())
    print_answer(result, stats_view, as_json=as_json)


def show(
    identifier: IdArgument,
    *,
    limit: Annotated[int, typer.Option(min=0, help="Print this many relations of each name.")] = 10,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a thing, or a bundle by its hash. Of a thing: its facts, who states them, its first relations."""
    from colineage.answers.query import facts_of
    from colineage.store_access import open_for_reading
    from colineage.views.query import show_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = facts_of(graph_store, identifier, limit=limit)
    print_answer(result, show_view, as_json=as_json)


def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words, all of which must occur.")],
    *,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Find only things of this kind, like work.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Print at most this many.")] = 20,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search things by their words (full text). Each word must occur in title, name or text; best first."""
    from colineage.answers.query import search_results
    from colineage.store_access import open_for_reading
    from colineage.views.query import search_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = search_results(graph_store, text, kind=kind, limit=limit)
    print_answer(result, search_view, as_json=as_json)


def lineage(
    identifier: IdArgument,
    *,
    up: Annotated[
        bool,
        typer.Option(
            "--up/--down", help="Follow what it came from (up), or what came from it (down)."
        ),
    ] = True,
    depth: Annotated[int, typer.Option(min=1, max=50, help="Follow at most this many steps.")] = 3,
    limit: Annotated[int, typer.Option(min=2, help="Print at most this many things.")] = 60,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trace what a thing came from, or led to. Follows the relations step by step."""
    from colineage.answers.query import lineage_of
    from colineage.store_access import open_for_reading
    from colineage.views.query import lineage_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = lineage_of(graph_store, identifier, up=up, depth=depth, limit=limit)
    print_answer(result, lineage_view, as_json=as_json)


def who(identifier: IdArgument, *, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show who contributed to a thing, and what. People and AIs are distinguished; unknown stays unknown."""
    from colineage.answers.query import contributors_of
    from colineage.store_access import open_for_reading
    from colineage.views.query import who_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = contributors_of(graph_store, identifier)
    print_answer(result, who_view, as_json=as_json)
