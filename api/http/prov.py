"""Attribution of a bundle in the terms of PROV-O (https://www.w3.org/TR/prov-o/), for JSON-LD.

A statement was attributed to its author; qualified: to the key that signed it, an agent that acted on
behalf of the keys which granted it that. A record was attributed to its source; the runs that vouch
for it are listed beside that, each with its author.
"""

from collections.abc import Mapping
from typing import Any, Final

from graph.queries.attribution import Attribution, BundleForm, GrantLink, Voucher
from graph.queries.attribution_text import describe_attribution

TERMS: Final[Mapping[str, Any]] = {
    "included": "@included",
    "attribution": {"@id": "prov:qualifiedAttribution", "@container": "@set"},
    "agent": {"@id": "prov:agent"},
    "onBehalfOf": {"@id": "prov:actedOnBehalfOf"},
    "delegation": {"@id": "prov:qualifiedDelegation", "@container": "@set"},
    "grant": {"@type": "@id"},
    "grants": {"@type": "@id", "@container": "@set"},
    "key": {"@type": "@id"},
    "vouchedBy": {"@container": "@set"},
}


def attribution_node(attribution: Attribution) -> dict[str, Any]:
    """Return a bundle's attribution as a JSON-LD node, in terms and in words; unknown terms are left out."""
    node: dict[str, Any] = {
        "id": attribution.bundle,
        "type": ["prov:Bundle", "prov:Entity"],
        "form": attribution.form.value,
        "by": attribution.by,
        "at": attribution.at,
        "author": attribution.author,
        "key": attribution.key,
        "grants": [link.grant for link in attribution.chain],
        "pending": attribution.pending,
        "attribution": _attribution(attribution),
        "vouchedBy": [_voucher(voucher) for voucher in attribution.vouchers],
        "counts": attribution.counts,
        "lives": attribution.lives,
        "position": attribution.position,
        "words": describe_attribution(attribution),
    }
    return {term: value for term, value in node.items() if value is not None and value != []}


def _attribution(attribution: Attribution) -> list[dict[str, Any]]:
    match attribution.form:
        case BundleForm.RECORD:
            agent = {"id": attribution.by, "type": ["prov:Agent"]}
            return [{"type": ["prov:Attribution"], "agent": agent}]
        case BundleForm.STATEMENT:
            return [
                {"type": ["prov:Attribution"], "agent": _key(attribution.key, attribution.chain)}
            ]
        case BundleForm.NOT_UNDERSTOOD:
            return []


def _key(key: str | None, chain: tuple[GrantLink, ...]) -> dict[str, Any]:
    """Return a key as an agent, with the agents on whose behalf it acted, up to the author's own key."""
    agent: dict[str, Any] = {"id": key, "type": ["prov:Agent"]}
    if chain:
        link, above = chain[0], chain[1:]
        granter = _key(link.granted_by, above)
        delegation = {
            "type": ["prov:Delegation"],
            "agent": {"id": link.granted_by},
            "grant": link.grant,
            "scope": link.scope,
        }
        agent |= {"onBehalfOf": granter, "delegation": [delegation]}
    return agent


def _voucher(voucher: Voucher) -> dict[str, Any]:
    node = {"id": voucher.run, "author": voucher.author, "by": voucher.by, "at": voucher.at}
    return {term: value for term, value in node.items() if value is not None} | {
        "trusted": voucher.is_trusted
    }
