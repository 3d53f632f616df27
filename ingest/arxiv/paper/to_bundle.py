"""Convert a listing to a bundle: a pure function, so the same listing is the same record in every lab."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graph.bundle.bundle import Bundle, RecordDraft, draft, record
from graph.errors import BundleError, Fault, IdentifierError
from graph.model.canonical import Json
from graph.model.identifiers import canonical_id
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import AgentNature, Derivation, Kind, Relation
from ingest.arxiv.paper.author_line import is_group
from ingest.arxiv.paper.listing import ListedVersion, Listing, ListingError
from ingest.arxiv.paper.taxonomy import category_name
from ingest.arxiv.paper.tex_text import line, readable_text
from ingest.arxiv.paper.withdrawal import evidence_of, says_withdrawn
from ingest.formats.cut import short_text
from ingest.formats.mentions import mention_ids
from ingest.formats.text import without_lone_surrogates

BY: Final = "source:arxiv"
RAW: Final = "arxiv-raw/300"
API: Final = "arxiv-api/200"
SNAPSHOT: Final = "arxiv-snapshot/100"
# One mapping for all routes, so that all make the same record of a category.
CATEGORY: Final = "arxiv-category/51"
# arXiv gives its metadata as CC0: https://info.arxiv.org/help/license/index.html#metadata-license
LICENCE: Final = "CC0-1.0"

_DOI_GAP: Final = re.compile(r"\s*[,;]?\s+|[,;](?=(?:doi:|https?://\S*/)?10\.\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    """Part of a body: some of its nodes and edges."""

    nodes: tuple[Description, ...]
    edges: tuple[Edge, ...]


def draft_of(listing: Listing, mapping: str, *, latest: str | None = None) -> RecordDraft:
    """Return the record of a listing as a draft, not yet validated.

    Args:
        listing: The listing of one paper.
        mapping: The mapping of the route that read it: `RAW`, `API` or `SNAPSHOT`.
        latest: The latest time that a store admits; `None` for no limit.

    Raises:
        ListingError: It has no canonical bytes, or is dated later.
    """
    work = f"arxiv:{listing.id}"
    at = f"{listing.day}T00:00:00Z" if listing.day else None
    if at is not None and latest is not None and at > latest:
        raise ListingError(work, [Fault("day", f"at most a day ahead, {latest}", at)])
    source = RecordSource(work, mapping, LICENCE)
    body = _deletion(work) if listing.deleted else _body(listing, work)
    try:
        return draft(BY, at, source, body)
    except BundleError as error:
        raise ListingError(source.uri, error.faults) from error


def bundle_of(listing: Listing, mapping: str, *, latest: str | None = None) -> Bundle:
    """Return the validated record of a listing; see `draft_of`.

    Raises:
        ListingError: The bundle is invalid, or dated later; lists all faults.
    """
    return validate_draft(draft_of(listing, mapping, latest=latest), listing)


def validate_draft(listing_draft: RecordDraft, listing: Listing) -> Bundle:
    """Validate the draft of a listing, and return its record.

    Raises:
        ListingError: The bundle is invalid; lists all faults.
    """
    try:
        return listing_draft.validate()
    except BundleError as error:
        raise ListingError(f"arxiv:{listing.id}", error.faults) from error


def newer_record(current: Bundle | None, candidate: Bundle) -> Bundle:
    """Return the record that wins of two of one paper, by the rules of the graph."""
    return candidate if current is None else max(current, candidate, key=_rank)


def _rank(bundle: Bundle) -> tuple[str, str]:
    return (bundle.header and bundle.header.at) or "", bundle.id


def category_bundle(category: str) -> Bundle:
    """Return the record of a category, which many papers name: `concept:arxiv/cs.AI`.

    Its title is as arXiv prints it, `Artificial Intelligence (cs.AI)`, since names repeat: cs.LG and
    stat.ML are both Machine Learning. A code without a name in the taxonomy stands for itself.
    """
    identifier = category_id(category)
    name = category_name(category)
    attributes = {"name": name, "title": f"{name} ({category})"} if name else {"name": category}
    body = Body((Description(identifier, Kind.CONCEPT, {**attributes, "code": category}),))
    return record(BY, None, RecordSource(identifier, CATEGORY, LICENCE), body)


def category_id(category: str) -> str:
    """Return the id of a category, `concept:arxiv/cs.AI`."""
    return f"concept:arxiv/{category}"


def _deletion(work: str) -> Body:
    return Body((Description(work, Kind.WORK, {"deleted": True}),))


def _body(listing: Listing, work: str) -> Body:
    versions = _versions(listing, work)
    mentions = _mentions(listing, work)
    dois = _dois(listing, work)
    subjects = tuple(_subjects(listing, work))
    withdrawn = versions.nodes[-1].attributes if versions.nodes else _withdrawal_by_comment(listing)
    work_node = Description(work, Kind.WORK, _attributes(listing, withdrawn, has_doi=bool(dois)))
    return Body(
        (work_node, *versions.nodes, *mentions.nodes),
        (*versions.edges, *mentions.edges, *subjects, *dois),
    )


def _withdrawal_by_comment(listing: Listing) -> dict[str, Json]:
    """Return the attributes of a withdrawal where the route gives no versions; only the comment can state it."""
    if not says_withdrawn(listing.comment):
        return {}
    return {"withdrawn": True, "evidence": f"comment: {listing.comment}"}


def _attributes(listing: Listing, withdrawal: object, *, has_doi: bool) -> dict[str, Json]:
    printed_title = (listing.title or "").strip()
    plain_title = readable_text(line(printed_title) or "")
    first = listing.versions[0] if listing.versions else None
    title = short_text("title", plain_title)
    attributes: dict[str, Json | None] = {
        **title,
        "raw_title": printed_title if printed_title != title["title"] else None,
        "abstract": listing.abstract,
        "authors": listing.authors,
        "comment": listing.comment,
        "journal_ref": listing.journal_ref,
        "report_no": listing.report_no,
        "msc_class": listing.msc_class,
        "acm_class": listing.acm_class,
        "doi": None if has_doi else listing.doi,
        "licence": listing.licence,
        "submitter": listing.submitter,
        "proxy": listing.proxy,
        "announced": listing.announced,
        "date": first.submitted[:10] if first and first.number == 1 and first.submitted else None,
    }
    if isinstance(withdrawal, dict):
        attributes |= {
            key: withdrawal[key] for key in ("withdrawn", "evidence") if key in withdrawal
        }
    return {key: value for key, value in attributes.items() if value is not None}


def _versions(listing: Listing, work: str) -> _Part:
    nodes, edges = [], []
    for version in listing.versions:
        name = f"{work}v{version.number}"
        is_newest = version is listing.versions[-1]
        nodes.append(
            Description(name, Kind.VERSION, _version(listing, version, is_newest=is_newest))
        )
        edges.append(Edge(name, Relation.SPECIALIZATION_OF, work))
    for older, newer in pairwise(nodes):
        revision = {"subtype": Derivation.REVISION.value}
        edges.append(Edge(newer.id, Relation.WAS_DERIVED_FROM, older.id, revision))
    return _Part(tuple(nodes), tuple(edges))


def _version(listing: Listing, version: ListedVersion, *, is_newest: bool) -> dict[str, Json]:
    evidence = evidence_of(listing, version, is_newest=is_newest)
    attributes: dict[str, Json | None] = {
        "number": version.number,
        "submitted": version.submitted,
        "size": version.size,
        "source_type": version.source_type,
        "withdrawn": True if evidence else None,
        "evidence": evidence,
    }
    return {key: value for key, value in attributes.items() if value is not None}


def _mentions(listing: Listing, work: str) -> _Part:
    nodes, edges = [], []
    mentions = mention_ids(work, [author.name for author in listing.names])
    for position, (author, mention) in enumerate(zip(listing.names, mentions, strict=True), 1):
        printed = without_lone_surrogates(author.name).replace("\0", "")
        name = readable_text(line(printed) or printed).replace("~", " ").strip() or printed
        attributes = short_text("name", name)
        if is_group(name):
            attributes["agent"] = AgentNature.ORGANIZATION.value
        nodes.append(Description(mention, Kind.MENTION, attributes))
        qualifiers: dict[str, Json] = {"position": position}
        if author.affiliation:
            qualifiers["affiliation"] = author.affiliation
        if printed != attributes["name"]:
            qualifiers["name"] = printed
        edges.append(Edge(work, Relation.WAS_ATTRIBUTED_TO, mention, qualifiers))
    return _Part(tuple(nodes), tuple(edges))


def _subjects(listing: Listing, work: str) -> Iterator[Edge]:
    for k, category in enumerate(listing.categories):
        primary: dict[str, Json] = {"primary": True} if k == 0 else {}
        yield Edge(work, Relation.HAS_SUBJECT, category_id(category), primary)


def _dois(listing: Listing, work: str) -> tuple[Edge, ...]:
    """Return edges to the DOIs of the published paper; none where any part of the field is no DOI (it is kept as text)."""
    if listing.doi is None:
        return ()
    edges: dict[str, Edge] = {}
    for printed_doi in filter(None, _DOI_GAP.split(listing.doi)):
        text = (
            printed_doi
            if re.match(r"doi:|https?://", printed_doi, re.IGNORECASE)
            else f"doi:{printed_doi}"
        )
        try:
            name = canonical_id(text)
        except IdentifierError:
            return ()
        qualifiers: dict[str, Json] = {"method": "stated by arXiv"}
        if name.removeprefix("doi:") != printed_doi:
            qualifiers["text"] = printed_doi
        edges.setdefault(name, Edge(work, Relation.ALTERNATE_OF, name, qualifiers))
    return tuple(edges.values())
