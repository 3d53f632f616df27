"""Convert an OpenAlex work to record bundles: of the work, its authors, its subjects and its venue."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from ingest.formats.cut import short_text
from ingest.formats.mentions import mention_ids
from ingest.interface import Companion
from ingest.openalex.work import Authorship, Subject, Venue, Work

SOURCE: Final = "source:openalex"
MAPPING: Final = "openalex-work/100"
LICENCE: Final = "CC0-1.0"

_STATED: Final[dict[str, Json]] = {"method": "stated by OpenAlex"}


def companions_of(work: Work) -> Iterator[Companion]:
    """Yield its authors with an id, its subjects and its venue: many works name them, so each has a record of its own.

    What a work states about them is as old as the work's own record.
    """
    at = work.updated
    for author in work.authors:
        if author.id:
            to_record = partial(_author_bundle, author, author.id, at)
            yield Companion(author.id, to_record, at, (author.name, author.orcid))
    for subject in work.subjects:
        to_record = partial(_subject_bundle, subject, at)
        yield Companion(subject.id, to_record, at, (subject.name, subject.level))
    if work.venue and work.venue.id:
        to_record = partial(_venue_bundle, work.venue, work.venue.id, at)
        yield Companion(work.venue.id, to_record, at, work.venue.name)


def _record(uri: str, at: str | None, body: Body) -> Bundle:
    return record(SOURCE, at, RecordSource(uri, MAPPING, LICENCE), body)


def _author_bundle(author: Authorship, identifier: str, at: str | None) -> Bundle:
    node = Description(identifier, Kind.PERSON, short_text("name", author.name))
    same = (Edge(identifier, Relation.ALTERNATE_OF, author.orcid, _STATED),) if author.orcid else ()
    return _record(identifier, at, Body((node,), same))


def _subject_bundle(subject: Subject, at: str | None) -> Bundle:
    attributes = short_text("name", subject.name) | _drop_nones(level=subject.level)
    return _record(subject.id, at, Body((Description(subject.id, Kind.CONCEPT, attributes),)))


def _venue_bundle(venue: Venue, identifier: str, at: str | None) -> Bundle:
    node = Description(identifier, Kind.VENUE, short_text("name", venue.name))
    return _record(identifier, at, Body((node,)))


def work_bundle(work: Work) -> Bundle:
    """Return the record of a work: its own description, the author names without an id, and its edges.

    Raises:
        BundleError: It is too large for one bundle.
    """
    unknown = [author for author in work.authors if author.id is None]
    mentions = mention_ids(work.id, [author.served_name for author in unknown])
    names = dict(zip([author.position for author in unknown], mentions, strict=True))
    nodes = [Description(work.id, Kind.WORK, _description(work))]
    nodes += [
        Description(names[author.position], Kind.MENTION, short_text("name", author.name))
        for author in unknown
    ]
    edges = [
        _authorship(work, author, author.id or names[author.position]) for author in work.authors
    ]
    edges += [Edge(work.id, Relation.ALTERNATE_OF, same, _STATED) for same in work.same_as]
    edges += [Edge(work.id, Relation.CITES, cited) for cited in work.references]
    edges += _subject_edges(work)
    if work.venue and work.venue.id:
        edges.append(Edge(work.id, Relation.PUBLISHED_IN, work.venue.id))
    return _record(work.id, work.updated, Body(tuple(nodes), tuple(edges)))


def _description(work: Work) -> dict[str, Json]:
    return short_text("title", work.title) | _drop_nones(
        abstract=work.abstract,
        year=work.year,
        date=work.date,
        work_type=work.work_type,
        retracted=work.retracted,
        language=work.language,
        keywords=list(work.keywords) or None,
        venue=work.venue.name if work.venue else None,
    )


def _authorship(work: Work, author: Authorship, agent: str) -> Edge:
    qualifiers = _drop_nones(
        position=author.position, name=author.printed_name, affiliation=author.affiliation
    )
    return Edge(work.id, Relation.WAS_ATTRIBUTED_TO, agent, qualifiers)


def _subject_edges(work: Work) -> list[Edge]:
    """Return one edge per subject: where a work lists it twice, the first counts."""
    firsts: dict[str, Subject] = {}
    for subject in work.subjects:
        firsts.setdefault(subject.id, subject)
    return [
        Edge(work.id, Relation.HAS_SUBJECT, subject.id, _drop_nones(score=subject.score))
        for subject in firsts.values()
    ]


def _drop_nones(**values: Json) -> dict[str, Json]:
    """Return the values that are not `None`."""
    return {key: value for key, value in values.items() if value is not None}
