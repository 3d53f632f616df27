"""Attribution of an answer as JSON: author, key, grants and vouchers of each bundle that it comes from, once."""

from collections.abc import Iterable
from typing import Final

from colineage.answers.json_shapes import Json
from graph.model.model import BundleId
from graph.queries.attribution import Attribution, attributions
from graph.store import AssertedEdge, GraphStore, Thing

MAX_PER_ITEM: Final = 10
"""Most bundles listed of one relation, vouchers of one record, and grants of one chain."""
MAX_BUNDLES: Final = 1_000
"""Most bundles attributed in one answer."""


def attributions_to_json(
    store: GraphStore,
    *,
    things: Iterable[Thing] = (),
    relations: Iterable[AssertedEdge] = (),
    bundles: Iterable[BundleId] = (),
) -> Json:
    """Return `{"attributions": {bundle: {…}}, "more_attributions": n}`, to be merged into an answer.

    Args:
        store: The store of the answer.
        things: Things whose shown descriptions are in the answer.
        relations: Relations in the answer.
        bundles: Other bundles named in the answer.
    """
    shown_ids = [thing.shown.bundle for thing in things if thing.shown]
    first_ids, extra_ids = dict.fromkeys([*shown_ids, *bundles]), set[BundleId]()
    for relation in relations:
        first_ids |= dict.fromkeys(relation.bundles[:MAX_PER_ITEM])
        extra_ids |= set(relation.bundles[MAX_PER_ITEM:])
    ids = list(first_ids)[:MAX_BUNDLES]
    by_id = attributions(store, ids)
    return {
        "attributions": {name: attribution_to_json(by_id[name]) for name in ids if name in by_id},
        "more_attributions": len((extra_ids | first_ids.keys()) - by_id.keys()),
    }


def attribution_to_json(attribution: Attribution) -> Json:
    """Return `{"kind", "by", "at", "author", "key", "under", "chain", "pending", "vouchers", …}` (docs/commands.md)."""
    return {
        "kind": attribution.form.value,
        "by": attribution.by,
        "at": attribution.at,
        "author": attribution.author,
        "key": attribution.key,
        "under": attribution.under,
        "chain": [
            {
                "grant": link.grant,
                "key": link.key,
                "scope": link.scope.value,
                "granted_by": link.granted_by,
                "by": link.by,
            }
            for link in attribution.chain[:MAX_PER_ITEM]
        ],
        "more_grants": max(0, len(attribution.chain) - MAX_PER_ITEM),
        "pending": attribution.pending,
        "vouchers": [
            {
                "run": run.run,
                "author": run.author,
                "by": run.by,
                "at": run.at,
                "trusted": run.is_trusted,
            }
            for run in attribution.vouchers[:MAX_PER_ITEM]
        ],
        "more_vouchers": max(0, len(attribution.vouchers) - MAX_PER_ITEM),
        "counts": attribution.counts,
        "lives": attribution.lives,
        "position": attribution.position,
    }
