"""JSON-LD document of a thing or a bundle (https://www.w3.org/TR/json-ld11/): PROV-O, schema.org, own context.

The content is given twice: once in the terms of PROV-O and schema.org, as the graph shows it; and
once as `descriptions` and `statements`, each with the bundles that state it. The attribution of each
of these bundles stands once in `included`: a source's record with the runs that vouch for it, or a
statement with its author, key and grants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.http.prov import TERMS, attribution_node
from graph.bundle.header import is_hash
from graph.log.merkle import leaf_hash
from graph.model.canonical import MAX_INTEGER
from graph.model.model import BundleId
from graph.model.vocabulary import ACTIVITY_KINDS, AGENT_KINDS, Kind, Relation
from graph.proofs.proofs import InclusionProof, prove_inclusion
from graph.queries.attribution import Attribution, attributions
from graph.queries.silence import silence_of
from graph.store import AssertedEdge, AuthoredDescription, GraphStore, StoredBundle, Thing

MAX_STATEMENTS: Final = 1_000
"""Most relations each way in a document; `more` counts the others, which GraphQL pages through."""
MAX_COUNTED: Final = 5_000
"""Most relations each way that are read: of a hub, `more` counts no further."""

_KIND_TYPES: Final[Mapping[Kind, str]] = {
    Kind.WORK: "schema:ScholarlyArticle",
    Kind.VERSION: "schema:CreativeWork",
    Kind.DATASET: "schema:Dataset",
    Kind.BENCHMARK: "schema:Dataset",
    Kind.CODE: "schema:SoftwareSourceCode",
    Kind.MODEL: "schema:SoftwareApplication",
    Kind.FILE: "schema:MediaObject",
    Kind.IDEA: "schema:CreativeWork",
    Kind.CLAIM: "schema:Claim",
    Kind.QUESTION: "schema:Question",
    Kind.CONCEPT: "schema:DefinedTerm",
    Kind.VENUE: "schema:Periodical",
    Kind.COLLECTION: "schema:Collection",
    Kind.PERSON: "schema:Person",
    Kind.ORGANIZATION: "schema:Organization",
    Kind.AI: "prov:SoftwareAgent",
    Kind.SOFTWARE: "prov:SoftwareAgent",
    Kind.REVIEW: "schema:Review",
}
_ATTRIBUTE_TERMS: Final[Mapping[str, str]] = {
    "title": "schema:name",
    "name": "schema:name",
    "abstract": "schema:abstract",
    "text": "schema:text",
    "summary": "schema:description",
    "keywords": "schema:keywords",
    "language": "schema:inLanguage",
    "date": "schema:datePublished",
    "submitted": "schema:dateCreated",
    "updated": "schema:dateModified",
    "started": "prov:startedAtTime",
    "ended": "prov:endedAtTime",
    "licence": "schema:license",
    "uri": "schema:url",
}
_PROV: Final = frozenset(
    {
        Relation.WAS_GENERATED_BY,
        Relation.USED,
        Relation.WAS_INFORMED_BY,
        Relation.WAS_DERIVED_FROM,
        Relation.WAS_ATTRIBUTED_TO,
        Relation.WAS_ASSOCIATED_WITH,
        Relation.ACTED_ON_BEHALF_OF,
        Relation.SPECIALIZATION_OF,
        Relation.ALTERNATE_OF,
        Relation.HAD_MEMBER,
        Relation.WAS_INVALIDATED_BY,
    }
)
_RELATION_TERMS: Final[Mapping[Relation, str]] = {
    Relation.CITES: "cito:cites",
    Relation.HAS_SUBJECT: "schema:about",
    Relation.PUBLISHED_IN: "schema:isPartOf",
    Relation.SUPPORTS: "cito:supports",
    Relation.DISPUTES: "cito:disputes",
    Relation.REFUTES: "cito:refutes",
    Relation.CONFIRMS: "cito:confirms",
    Relation.QUALIFIES: "cito:qualifies",
    Relation.EXTENDS: "cito:extends",
    Relation.CORRECTS: "cito:corrects",
    Relation.REPLIES_TO: "cito:repliesTo",
}
CONTEXT: Final[Mapping[str, Any]] = {
    "@version": 1.1,
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "cito": "http://purl.org/spar/cito/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "@vocab": "urn:colineage:",
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "orcid": "https://orcid.org/",
    "ror": "https://ror.org/",
    "openalex": "https://openalex.org/",
    "id": "@id",
    "type": "@type",
    "descriptions": {"@container": "@set"},
    "statements": {"@container": "@set"},
    "author": {"@id": "prov:wasAttributedTo", "@type": "@id"},
    "at": {"@id": "prov:generatedAtTime", "@type": "xsd:dateTime"},
    "bundle": {"@id": "prov:hadPrimarySource", "@type": "@id"},
    "bundles": {"@id": "prov:hadPrimarySource", "@type": "@id", "@container": "@set"},
    "from": {"@id": "rdf:subject", "@type": "@id"},
    "relation": {"@id": "rdf:predicate", "@type": "@id"},
    "to": {"@id": "rdf:object", "@type": "@id"},
    "attributes": {"@type": "@json"},
    "qualifiers": {"@type": "@json"},
    "envelope": {"@type": "@json"},
    "by": {"@type": "@id"},
    "vouchers": {"@type": "@id", "@container": "@set"},
    "answeredBy": {"@type": "@id", "@container": "@set"},
    "hashes": {"@container": "@list"},
    **TERMS,
}


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """Thing with its relations up to a limit; `left_out` counts the relations beyond it.

    Of a hub `left_out` is a lower bound: not `all_counted`. `titles` has the title of each end of a relation,
    `attributions` the attribution of each bundle named here.
    """

    thing: Thing
    leaving: tuple[AssertedEdge, ...]
    reaching: tuple[AssertedEdge, ...]
    left_out: int
    all_counted: bool
    titles: Mapping[str, str]
    attributions: Mapping[BundleId, Attribution]


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """Bundle with its attribution, the proof that it is in the log, and the reason for which it says nothing, if any."""

    stored: StoredBundle
    attribution: Attribution
    proof: InclusionProof
    silence: str | None


def entity_facts(
    store: GraphStore, identifier: str, *, limit: int = MAX_STATEMENTS
) -> ThingFacts | BundleFacts | None:
    """Return what the graph holds under an id: a bundle of the log, else a thing, else `None`."""
    stored = store.bundles_by_id([identifier]).get(identifier) if is_hash(identifier) else None
    if stored is not None:
        attribution = attributions(store, [identifier])[identifier]
        silence = silence_of(store, stored, attribution)
        return BundleFacts(stored, attribution, prove_inclusion(store, stored.position), silence)
    thing = store.things([identifier]).get(identifier)
    if thing is None:
        return None
    leaving = store.adjacent([identifier], outgoing=True, limit=MAX_COUNTED)
    reaching = store.adjacent([identifier], outgoing=False, limit=MAX_COUNTED)
    relations = (*leaving[:limit], *reaching[:limit])
    ends = {
        end for assertion in relations for end in (assertion.edge.source, assertion.edge.target)
    }
    bundles = [authored.bundle for authored in descriptions_of(thing)]
    bundles += [bundle for assertion in relations for bundle in assertion.bundles]
    return ThingFacts(
        thing=thing,
        leaving=tuple(leaving[:limit]),
        reaching=tuple(reaching[:limit]),
        left_out=len(leaving) + len(reaching) - len(relations),
        all_counted=max(len(leaving), len(reaching)) < MAX_COUNTED,
        titles={end: other.title for end, other in store.things(sorted(ends)).items()},
        attributions=attributions(store, bundles),
    )


def descriptions_of(thing: Thing) -> list[AuthoredDescription]:
    """Return the descriptions of a thing by all authors, the shown one first."""
    return [authored for authored in (thing.shown, *thing.also) if authored is not None]


def document(facts: ThingFacts | BundleFacts) -> dict[str, Any]:
    """Return the JSON-LD document of a thing or a bundle."""
    match facts:
        case ThingFacts():
            return _thing(facts)
        case BundleFacts():
            return _bundle(facts)


def _thing(facts: ThingFacts) -> dict[str, Any]:
    thing = facts.thing
    node: dict[str, Any] = {"@context": CONTEXT, "id": thing.id, "type": _types(thing.kind)}
    if thing.kind is not None:
        node["kind"] = thing.kind.value
    attributes = thing.shown.description.attributes if thing.shown else {}
    node |= {
        _ATTRIBUTE_TERMS[key]: value for key, value in attributes.items() if key in _ATTRIBUTE_TERMS
    }
    for assertion in sorted(facts.leaving, key=_position):
        edge = assertion.edge
        to = {"id": edge.target, "schema:name": facts.titles.get(edge.target, edge.target)}
        node.setdefault(_term(edge.relation), []).append(to)
        if edge.relation is Relation.WAS_ATTRIBUTED_TO:
            node.setdefault("schema:author", []).append(to)
    node["descriptions"] = [
        _description(authored, shown=authored is thing.shown) for authored in descriptions_of(thing)
    ]
    node["statements"] = [_statement(assertion) for assertion in (*facts.leaving, *facts.reaching)]
    node["included"] = [
        attribution_node(attribution) for attribution in facts.attributions.values()
    ]
    if facts.left_out:
        node["more"] = facts.left_out
    return node


def _position(assertion: AssertedEdge) -> int:
    position = assertion.edge.qualifiers.get("position")
    return position if isinstance(position, int) else MAX_INTEGER


def _types(kind: Kind | None) -> list[str]:
    if kind is None:
        return ["prov:Entity"]
    if kind in ACTIVITY_KINDS:
        role = "prov:Activity"
    else:
        role = "prov:Agent" if kind in AGENT_KINDS else "prov:Entity"
    return [role, _KIND_TYPES[kind]] if kind in _KIND_TYPES else [role]


def _term(relation: Relation) -> str:
    if relation in _PROV:
        return f"prov:{relation.value}"
    return _RELATION_TERMS.get(relation, f"urn:colineage:{relation.value}")


def _description(authored: AuthoredDescription, *, shown: bool) -> dict[str, Any]:
    return {
        "type": "prov:Entity",
        "author": authored.author,
        **({} if authored.at is None else {"at": authored.at}),
        "bundle": authored.bundle,
        "kind": authored.description.kind.value,
        "shown": shown,
        "attributes": dict(authored.description.attributes),
    }


def _statement(assertion: AssertedEdge) -> dict[str, Any]:
    return {
        "type": ["rdf:Statement", "prov:Entity"],
        "from": assertion.edge.source,
        "relation": _term(assertion.edge.relation),
        "to": assertion.edge.target,
        "bundles": list(assertion.bundles),
        **({"qualifiers": dict(assertion.edge.qualifiers)} if assertion.edge.qualifiers else {}),
    }


def _bundle(facts: BundleFacts) -> dict[str, Any]:
    stored = facts.stored
    header = stored.bundle.header
    node = {"@context": CONTEXT, **attribution_node(facts.attribution), **stored.bundle.to_json()}
    if header is not None and header.source is not None:
        node["source"] = {
            "uri": header.source.uri,
            "mapping": header.source.mapping,
            "licence": header.source.licence,
        }
    if facts.silence is not None:
        node["saysNothing"] = facts.silence
    return node | {
        "vouchers": list(stored.vouchers),
        "answeredBy": list(stored.answered_by),
        "proof": {
            "position": stored.position,
            "size": facts.proof.checkpoint.size,
            "root": facts.proof.checkpoint.root,
            "leaf": leaf_hash(stored.bundle.header_bytes).hex(),
            "hashes": list(facts.proof.hashes),
        },
    }
