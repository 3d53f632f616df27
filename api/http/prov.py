"""Attribution of a bundle in the terms of PROV-O (https://www.w3.org/TR/prov-o/), for JSON-LD.

A statement was attributed to its author; qualified: to the key that signed it, an agent that acted on
behalf of the keys which granted it that. A record was attributed to its source; the runs that vouch
for it are listed beside that, each with its author.
"""

from collections.abc import Mapping
from typing import Any, Final

from graph.queries.attribution import Attribution, Form, Link, Voucher
from graph.queries.attribution_text import words_of

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


def behind(found: Attribution) -> dict[str, Any]:
    """Return a bundle's attribution as a JSON-LD node, in terms and in words; unknown terms are left out."""
    told: dict[str, Any] = {
        "id": found.bundle,
        "type": ["prov:Bundle", "prov:Entity"],
        "form": found.form.value,
        "by": found.by,
        "at": found.at,
        "author": found.author,
        "key": found.key,
        "grants": [link.grant for link in found.chain],
        "pending": found.pending,
        "attribution": _attribution(found),
        "vouchedBy": [_voucher(voucher) for voucher in found.vouchers],
        "counts": found.counts,
        "lives": found.lives,
        "position": found.position,
        "words": words_of(found),
    }
    return {term: value for term, value in told.items() if value is not None and value != []}


def _attribution(found: Attribution) -> list[dict[str, Any]]:
    match found.form:
        case Form.RECORD:
            agent = {"id": found.by, "type": ["prov:Agent"]}
            return [{"type": ["prov:Attribution"], "agent": agent}]
        case Form.STATEMENT:
            return [{"type": ["prov:Attribution"], "agent": _key(found.key, found.chain)}]
        case Form.NOT_UNDERSTOOD:
            return []


def _key(key: str | None, chain: tuple[Link, ...]) -> dict[str, Any]:
    """Return a key as an agent, with the agents on whose behalf it acted, up to the author's own key."""
    agent: dict[str, Any] = {"id": key, "type": ["prov:Agent"]}
    if chain:
        link, above = chain[0], chain[1:]
        granter = _key(link.granted_by, above)
        delegation = {
            "type": ["prov:Delegation"],
            "agent": {"id": link.granted_by},
            "grant": link.grant,
            "scope": link.scope.value,
        }
        agent |= {"onBehalfOf": granter, "delegation": [delegation]}
    return agent


def _voucher(one: Voucher) -> dict[str, Any]:
    told = {"id": one.run, "author": one.author, "by": one.by, "at": one.at}
    return {term: value for term, value in told.items() if value is not None} | {
        "trusted": one.is_trusted
    }
