"""JSON shapes of the commands' answers: translations of the packages' values, without rules of their own.

Other programs rely on these shapes; docs/commands.md states them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from colineage.output import Json
from graph.log.checkpoint import Checkpoint
from graph.model.model import Description
from graph.store import AssertedEdge, AuthoredDescription, Counts, StoredBundle, Thing


def checkpoint_to_json(checkpoint: Checkpoint) -> Json:
    """Return `{"size", "root"}`."""
    return {"size": checkpoint.size, "root": checkpoint.root}


def stats_to_json(counts: Counts, checkpoint: Checkpoint) -> Json:
    """Return `{"nodes": {kind: n}, "edges": {relation: n}, "bundles", "log": {"size", "root"}}`."""
    return {
        "nodes": dict(sorted(counts.nodes.items())),
        "edges": dict(sorted(counts.edges.items())),
        "bundles": counts.bundles,
        "log": checkpoint_to_json(checkpoint),
    }


def thing_to_json(thing: Thing) -> Json:
    """Return `{"id", "kind", "title", "said_in"}`; the kind is null where nobody stated it.

    `said_in` is the bundle whose description is shown; null where nobody describes the thing.
    """
    return {
        "id": thing.id,
        "kind": thing.kind.value if thing.kind else None,
        "title": thing.title,
        "said_in": thing.shown.bundle if thing.shown else None,
    }


def description_to_json(authored: AuthoredDescription) -> Json:
    """Return `{"author", "at", "bundle", "kind", "attributes"}`."""
    description: Description = authored.description
    return {
        "author": authored.author,
        "at": authored.at,
        "bundle": authored.bundle,
        "kind": description.kind.value,
        "attributes": dict(description.attributes),
    }


def relation_to_json(asserted: AssertedEdge) -> Json:
    """Return `{"from", "rel", "to", "qualifiers", "bundles"}`."""
    edge = asserted.edge
    return {
        "from": edge.source,
        "rel": edge.relation.value,
        "to": edge.target,
        "qualifiers": dict(edge.qualifiers),
        "bundles": list(asserted.bundles),
    }


def titles_of(things: Iterable[Thing]) -> dict[str, str]:
    """Return the title of each thing, by id."""
    return {thing.id: thing.title for thing in things}


def title_bundles(things: Iterable[Thing]) -> dict[str, str]:
    """Return the bundle that states each thing's title, by id; things without a description are left out."""
    return {thing.id: thing.shown.bundle for thing in things if thing.shown}


def thing_with_relations_to_json(
    thing: Thing,
    relations: Mapping[str, tuple[list[AssertedEdge], int]],
    ends: Collection[Thing],
    warnings: Sequence[str],
) -> Json:
    """Return one thing with its facts and its first relations.

    Args:
        thing: The thing.
        relations: For `out` and `in`, the first relations and the total count.
        ends: The things at the other ends, for their titles.
        warnings: Caveats, like `withdrawn`.
    """
    return {
        **thing_to_json(thing),
        "warnings": list(warnings),
        "shown": description_to_json(thing.shown) if thing.shown else None,
        "also": [description_to_json(authored) for authored in thing.also],
        **{
            side: {"total": total, "first": [relation_to_json(relation) for relation in first]}
            for side, (first, total) in relations.items()
        },
        "titles": titles_of(ends),
        "titled_in": title_bundles(ends),
    }


def bundle_to_json(stored_bundle: StoredBundle) -> Json:
    """Return a bundle as it is in the log, with its state: whether it counts and lives, and what answered it."""
    header = stored_bundle.bundle.header
    kind = "not understood" if header is None else "statement" if header.key else "record"
    return {
        **stored_bundle.bundle.to_json(),
        "kind": kind,
        "position": stored_bundle.position,
        "counts": stored_bundle.counts,
        "lives": stored_bundle.lives,
        "author": stored_bundle.author,
        "vouchers": list(stored_bundle.vouchers),
        "answered_by": list(stored_bundle.answered_by),
    }
