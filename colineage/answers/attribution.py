"""Attribution of an answer: author, key, grants and vouchers of each bundle that it comes from, once.

An answer holds them as values: `--json` prints them in the shape of `colineage.attribution_json`, a view in the words of
`graph.queries.attribution_text`.
"""

from collections.abc import Iterable
from typing import Final

from colineage.attribution_json import MAX_PER_ITEM
from colineage.output import Json
from graph.model.model import BundleId
from graph.queries.attribution import attributions
from graph.store import AssertedEdge, GraphStore, Thing

MAX_BUNDLES: Final = 1_000
"""Most bundles attributed in one answer."""


def attribution_fields(
    store: GraphStore,
    *,
    things: Iterable[Thing] = (),
    relations: Iterable[AssertedEdge] = (),
    bundles: Iterable[BundleId] = (),
) -> Json:
    """Return `{"attributions": {bundle: Attribution}, "more_attributions": n}`, to be merged into an answer.

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
    by_id = attributions(store, list(first_ids)[:MAX_BUNDLES])
    return {
        "attributions": dict(by_id),
        "more_attributions": len((extra_ids | first_ids.keys()) - by_id.keys()),
    }
