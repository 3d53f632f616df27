"""Who is behind a bundle in the terms of PROV-O (https://www.w3.org/TR/prov-o/), for JSON-LD.

A bundle was attributed to its author; qualified: to the key that signed it, an agent that acted on
behalf of the keys which granted it that. Of a record: to its source, and the runs that vouch for it
are told beside that, each with its author.
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
    """A bundle's node: who is behind it, in terms and in words; what is not known is left out of terms."""
    told: dict[str, Any] = {
        "id": found.bundle,
        "type": ["prov:Bundle", "prov:Entity"],
        "form": found.form.value,
        "by": found.by,
        "at": found.at,
        "author": found.author,
        "key": found.key,
        "grants": [one.grant for one in found.chain],
        "pending": found.pending,
        "attribution": _attribution(found),
        "vouchedBy": [_voucher(one) for one in found.vouchers],
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
    """A key as an agent, and on whose behalf it acted: up to the author's own key."""
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
