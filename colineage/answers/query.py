"""Answers of the commands that query the graph, as JSON."""

from collections import Counter
from collections.abc import Sequence
from math import inf

from colineage.answers.attribution import attribution_to_json, behind
from colineage.answers.json_shapes import (
    Json,
    relation_to_json,
    shown_to_json,
    stored_to_json,
    thing_to_json,
    titled_in,
    titles_of,
)
from colineage.answers.resolve import checked_text, not_found, resolved, thing_named
from graph.bundle.header import is_hash
from graph.errors import Fault, InputError
from graph.model.identifiers import is_identifier
from graph.model.vocabulary import Kind
from graph.queries.attribution import attributions
from graph.queries.caveats import cautions_of
from graph.queries.contributions import contributions
from graph.queries.lineage import lineage
from graph.store import Asserted, GraphStore


def facts_of(store: GraphStore, text: str, *, limit: int) -> Json:
    """Return one thing with its first relations; or `{"bundle": …}` for the id of a bundle.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing or bundle.
    """
    identifier = resolved(store, text)
    thing = store.things([identifier]).get(identifier)
    if thing is None:
        stored = store.stored([identifier]).get(identifier) if is_hash(identifier) else None
        if stored is None:
            raise not_found(store, identifier)
        about = attributions(store, [identifier])[identifier]
        bundle = {**stored_to_json(stored), "attribution": attribution_to_json(about)}
        return {"bundle": bundle, **behind(store, bundles=stored.answered_by)}
    outgoing = store.adjacent([identifier], outgoing=True)
    incoming = store.adjacent([identifier], outgoing=False)
    relations = {"out": _first(outgoing, limit), "in": _first(incoming, limit)}
    ends = {
        end
        for first, _ in relations.values()
        for one in first
        for end in (one.edge.source, one.edge.target, *_referred(one))
    }
    named = store.things(sorted(ends)).values()
    told = [one for first, _ in relations.values() for one in first]
    return {
        **shown_to_json(thing, relations, named, cautions_of(store, [thing])[identifier]),
        **behind(
            store,
            things=[thing, *named],
            bundles=[said.bundle for said in thing.also],
            relations=told,
        ),
    }


def search_results(store: GraphStore, text: str, *, kind: str | None, limit: int) -> Json:
    """Search the text of things: `{"text", "kind", "results": [{"id", "kind", "title", "said_in"}], "attributions"}`.

    Raises:
        InputError: No such kind, or no text.
    """
    kinds = {member.value: member for member in Kind}
    if kind is not None and kind not in kinds:
        raise InputError("no such kind", [Fault("kind", "one of " + ", ".join(kinds), kind)])
    found = store.search(checked_text(text), kind=kinds[kind] if kind else None, limit=limit)
    things = store.things(found)
    return {
        "text": text,
        "kind": kind,
        "results": [thing_to_json(things[name]) for name in found if name in things],
        **behind(store, things=things.values()),
    }


def lineage_of(store: GraphStore, text: str, *, up: bool, depth: int, limit: int) -> Json:
    """Trace lineage: `{"start", "direction", "nodes": [{…, "depth"}], "relations": […], "more": {id: n}, "attributions"}`.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing.
    """
    start = thing_named(store, text).id
    walk = lineage(store, start, up=up, depth=depth, limit=limit)
    things = store.things(walk.nodes)
    return {
        "start": start,
        "direction": "up" if up else "down",
        "nodes": [
            {**thing_to_json(things[one]), "depth": walk.depths[one]}
            for one in walk.nodes
            if one in things
        ],
        "relations": [relation_to_json(step.asserted) for step in walk.steps],
        "more": dict(walk.more),
        **behind(
            store,
            things=things.values(),
            relations=[step.asserted for step in walk.steps],
        ),
    }


def contributors_of(store: GraphStore, text: str) -> Json:
    """List contributions: `{…, "contributions": [{"agent", "nature", "via", "relation"}], "titles", "attributions"}`.

    `nature` is null where no record states whether the agent is a person or a machine.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing.
    """
    thing = thing_named(store, text)
    found = contributions(store, thing.id)
    ends = {end for one in found for end in _referred(one.asserted)}
    ends |= {one.via for one in found if one.via is not None}
    named = store.things(sorted(ends)).values()
    return {
        **thing_to_json(thing),
        "contributions": [
            {
                "agent": thing_to_json(one.agent),
                "nature": one.nature.value if one.nature else None,
                "via": one.via,
                "relation": relation_to_json(one.asserted),
            }
            for one in found
        ],
        "titles": titles_of(named),
        "titled_in": titled_in(named),
        **behind(
            store,
            things=[thing, *(one.agent for one in found), *named],
            relations=[one.asserted for one in found],
        ),
    }


def _first(every: Sequence[Asserted], limit: int) -> tuple[list[Asserted], int]:
    """Return the first `limit` relations of each name, so that a frequent one hides no other, and the total.

    Sorted independently of the store: by name, then by printed position, then by their ends.
    """
    seen: Counter[str] = Counter()
    first = []
    for one in sorted(every, key=_order):
        seen[one.edge.relation] += 1
        if seen[one.edge.relation] <= limit:
            first.append(one)
    return first, len(every)


def _order(asserted: Asserted) -> tuple[str, float, str, str]:
    edge = asserted.edge
    position = edge.qualifiers.get("position")
    place = position if isinstance(position, int) else inf
    return edge.relation.value, place, edge.source, edge.target


def _referred(asserted: Asserted) -> list[str]:
    """Return the ids in an edge's qualifiers."""
    values = asserted.edge.qualifiers.values()
    return [one for one in values if isinstance(one, str) and is_identifier(one)]
