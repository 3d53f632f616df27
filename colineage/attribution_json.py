"""Attribution as JSON, as docs/commands.md states its shape."""

from typing import Final

from graph.queries.attribution import Attribution

MAX_PER_ITEM: Final = 10
"""Most bundles listed of one relation, vouchers of one record, and grants of one chain."""


def attribution_to_json(attribution: Attribution) -> dict[str, object]:
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
                "scope": link.scope,
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
