"""Attribution of an answer as JSON: author, key, grants and vouchers of each bundle that it comes from, once."""

from collections.abc import Iterable
from typing import Final

from colineage.answers.json_shapes import Json
from graph.model.model import BundleId
from graph.queries.attribution import Attribution, attributions
from graph.store import Asserted, GraphStore, Thing

MOST_OF_ONE: Final = 10
"""Most bundles listed of one relation, vouchers of one record, and grants of one chain."""
MOST: Final = 1_000
"""Most bundles attributed in one answer."""


def behind(
    store: GraphStore,
    *,
    things: Iterable[Thing] = (),
    relations: Iterable[Asserted] = (),
    bundles: Iterable[BundleId] = (),
) -> Json:
    """Return `{"attributions": {bundle: {…}}, "more_attributions": n}`, to be merged into an answer.

    Args:
        store: The store of the answer.
        things: Things whose shown descriptions are in the answer.
        relations: Relations in the answer.
        bundles: Other bundles named in the answer.
    """
    named = [thing.shown.bundle for thing in things if thing.shown]
    told, more = dict.fromkeys([*named, *bundles]), set[BundleId]()
    for one in relations:
        told |= dict.fromkeys(one.bundles[:MOST_OF_ONE])
        more |= set(one.bundles[MOST_OF_ONE:])
    wanted = list(told)[:MOST]
    found = attributions(store, wanted)
    return {
        "attributions": {
            name: attribution_to_json(found[name]) for name in wanted if name in found
        },
        "more_attributions": len((more | told.keys()) - found.keys()),
    }


def attribution_to_json(one: Attribution) -> Json:
    """Return `{"kind", "by", "at", "author", "key", "under", "chain", "pending", "vouchers", …}` (docs/commands.md)."""
    return {
        "kind": one.form.value,
        "by": one.by,
        "at": one.at,
        "author": one.author,
        "key": one.key,
        "under": one.under,
        "chain": [
            {
                "grant": link.grant,
                "key": link.key,
                "scope": link.scope.value,
                "granted_by": link.granted_by,
                "by": link.by,
            }
            for link in one.chain[:MOST_OF_ONE]
        ],
        "more_grants": max(0, len(one.chain) - MOST_OF_ONE),
        "pending": one.pending,
        "vouchers": [
            {
                "run": run.run,
                "author": run.author,
                "by": run.by,
                "at": run.at,
                "trusted": run.is_trusted,
            }
            for run in one.vouchers[:MOST_OF_ONE]
        ],
        "more_vouchers": max(0, len(one.vouchers) - MOST_OF_ONE),
        "counts": one.counts,
        "lives": one.lives,
        "position": one.position,
    }
