"""Answers of the commands that query the graph, as JSON."""

from collections import Counter
from collections.abc import Sequence
from math import inf

from colineage.answers.attribution import attribution_fields
from colineage.answers.json_shapes import (
    bundle_to_json,
    relation_to_json,
    thing_to_json,
    thing_with_relations_to_json,
    title_bundles,
    titles_of,
)
from colineage.answers.resolve import find_thing, not_found_error, require_utf8, resolve_id
from colineage.output import Json
from graph.bundle.header import is_hash
from graph.errors import Fault, InputError
from graph.model.identifiers import is_identifier
from graph.model.vocabulary import Kind
from graph.queries.attribution import attributions
from graph.queries.caveats import caveats_of
from graph.queries.contributions import contributions
from graph.queries.lineage import lineage
from graph.queries.silence import silence_of
from graph.store import AssertedEdge, GraphStore


def facts_of(store: GraphStore, text: str, *, limit: int) -> Json:
    """Return one thing with its first relations; or `{"bundle": …}` for the id of a bundle.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing or bundle.
    """
    identifier = resolve_id(store, text)
    thing = store.things([identifier]).get(identifier)
    if thing is None:
        stored_bundle = (
            store.bundles_by_id([identifier]).get(identifier) if is_hash(identifier) else None
        )
        if stored_bundle is None:
            raise not_found_error(store, identifier)
        attribution = attributions(store, [identifier])[identifier]
        bundle = {
            **bundle_to_json(stored_bundle),
            "says_nothing": silence_of(store, stored_bundle, attribution),
            "attribution": attribution,
        }
        return {"bundle": bundle, **attribution_fields(store, bundles=stored_bundle.answered_by)}
    outgoing = store.adjacent([identifier], outgoing=True)
    incoming = store.adjacent([identifier], outgoing=False)
    relations = {
        "out": _first_of_each_name(outgoing, limit),
        "in": _first_of_each_name(incoming, limit),
    }
    ends = {
        end
        for first, _ in relations.values()
        for relation in first
        for end in (relation.edge.source, relation.edge.target, *_referenced_ids(relation))
    }
    end_things = store.things(sorted(ends)).values()
    first_relations = [relation for first, _ in relations.values() for relation in first]
    return {
        **thing_with_relations_to_json(
            thing, relations, end_things, caveats_of(store, [thing])[identifier]
        ),
        **attribution_fields(
            store,
            things=[thing, *end_things],
            bundles=[authored.bundle for authored in thing.also],
            relations=first_relations,
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
    ids = store.search(require_utf8(text), kind=kinds[kind] if kind else None, limit=limit)
    things = store.things(ids)
    return {
        "text": text,
        "kind": kind,
        "results": [thing_to_json(things[name]) for name in ids if name in things],
        **attribution_fields(store, things=things.values()),
    }


def lineage_of(store: GraphStore, text: str, *, up: bool, depth: int, limit: int) -> Json:
    """Trace lineage: `{"start", "direction", "nodes": [{…, "depth"}], "relations": […], "more": {id: n}, "attributions"}`.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing.
    """
    start = find_thing(store, text).id
    walk = lineage(store, start, up=up, depth=depth, limit=limit)
    things = store.things(walk.nodes)
    return {
        "start": start,
        "direction": "up" if up else "down",
        "nodes": [
            {**thing_to_json(things[thing_id]), "depth": walk.depths[thing_id]}
            for thing_id in walk.nodes
            if thing_id in things
        ],
        "relations": [relation_to_json(step.asserted) for step in walk.steps],
        "more": dict(walk.more),
        **attribution_fields(
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
    thing = find_thing(store, text)
    all_contributions = contributions(store, thing.id)
    ends = {
        end for contribution in all_contributions for end in _referenced_ids(contribution.asserted)
    }
    ends |= {contribution.via for contribution in all_contributions if contribution.via is not None}
    end_things = store.things(sorted(ends)).values()
    return {
        **thing_to_json(thing),
        "contributions": [
            {
                "agent": thing_to_json(contribution.agent),
                "nature": contribution.nature.value if contribution.nature else None,
                "via": contribution.via,
                "relation": relation_to_json(contribution.asserted),
            }
            for contribution in all_contributions
        ],
        "titles": titles_of(end_things),
        "titled_in": title_bundles(end_things),
        **attribution_fields(
            store,
            things=[
                thing,
                *(contribution.agent for contribution in all_contributions),
                *end_things,
            ],
            relations=[contribution.asserted for contribution in all_contributions],
        ),
    }


def _first_of_each_name(
    every: Sequence[AssertedEdge], limit: int
) -> tuple[list[AssertedEdge], int]:
    """Return the first `limit` relations of each name, so that a frequent one hides no other, and the total.

    Sorted independently of the store: by name, then by printed position, then by their ends.
    """
    counts: Counter[str] = Counter()
    first = []
    for relation in sorted(every, key=_sort_key):
        counts[relation.edge.relation] += 1
        if counts[relation.edge.relation] <= limit:
            first.append(relation)
    return first, len(every)


def _sort_key(asserted: AssertedEdge) -> tuple[str, float, str, str]:
    edge = asserted.edge
    position = edge.qualifiers.get("position")
    place = position if isinstance(position, int) else inf
    return edge.relation.value, place, edge.source, edge.target


def _referenced_ids(asserted: AssertedEdge) -> list[str]:
    """Return the ids in an edge's qualifiers."""
    values = asserted.edge.qualifiers.values()
    return [value for value in values if isinstance(value, str) and is_identifier(value)]
