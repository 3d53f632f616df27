"""A small real graph: two papers, their authors, a revision, an idea, a run, a dispute; and a bad text."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph.bundle.bundle import Bundle, record
from graph.bundle.keys import signer_of
from graph.model.canonical import Json
from graph.model.model import Answer, Body, BundleId, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation, Verb
from graph.speaker import Speaker
from graph.store import GraphStore
from tests.graph.statements import RUN_BODY

PAPER = "arxiv:2401.00001"
OLDER = "arxiv:2312.00002"
UNTOLD = "arxiv:2201.00003"  # cited, never described
CONCEPT = "concept:arxiv/cs.AI"
RUN = "mlflow:7/0123abcd"
GIT = "git:" + "ab" * 20
HOSTILE = (
    '</title></script><script>alert("1")</script><img src=x onerror=alert(2)> & \u2028 "quoted"'
)
VOICE = signer_of(bytes(range(32)))
SECOND = signer_of(bytes(range(1, 33)))


def clock() -> datetime:
    """The moment at which all of this happens."""
    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """The ids that were minted, and the bundles that say things."""

    idea: str
    paper_record: BundleId
    statement: BundleId
    dispute: BundleId


def mention(subject: str, name: str) -> str:
    """The id of a name on a work."""
    return f"mention:{subject}/{hashlib.sha256(name.encode()).hexdigest()}"


def node(identifier: str, kind: Kind, /, **attributes: Any) -> Description:
    """A description."""
    return Description(identifier, kind, attributes)


def edge(source: str, relation: Relation, target: str, /, **qualifiers: Any) -> Edge:
    """An edge."""
    return Edge(source, relation, target, qualifiers)


def paper(
    identifier: str, /, *edges: Edge, at: str = "2026-01-02T00:00:00Z", **words: Json
) -> Bundle:
    """The record of an arXiv paper with one author for each of `authors`, in that order."""
    authors = words.pop("names", ())
    assert isinstance(authors, tuple)
    nodes = [node(identifier, Kind.WORK, **words)]
    nodes += [node(mention(identifier, one), Kind.MENTION, name=one) for one in authors]
    attributed = [
        edge(identifier, Relation.WAS_ATTRIBUTED_TO, mention(identifier, one), position=k)
        for k, one in enumerate(authors, 1)
    ]
    versions = [
        edge(f"{identifier}v{k}", Relation.SPECIALIZATION_OF, identifier) for k in (1, 2, 10)
    ]
    nodes += [node(f"{identifier}v{k}", Kind.VERSION, number=k) for k in (1, 2, 10)]
    source = RecordSource(identifier, "arxiv-raw/300", "CC0-1.0")
    return record("source:arxiv", at, source, Body(tuple(nodes), (*attributed, *versions, *edges)))


def ingest(store: GraphStore, *records: Bundle) -> None:
    """Stores records, vouched for."""
    speaker = Speaker(VOICE, f"software:{VOICE.key}", clock)
    vouches = tuple(sorted(one.id for one in records))
    store.append(lambda look: [*records, speaker.make_statement(look, RUN_BODY, vouches=vouches)])


def build(store: GraphStore) -> World:
    """Fills a store that trusts the first speaker."""
    first = paper(
        PAPER,
        edge(PAPER, Relation.CITES, OLDER),
        edge(PAPER, Relation.CITES, UNTOLD),
        edge(PAPER, Relation.HAS_SUBJECT, CONCEPT, primary=True),
        title=HOSTILE,
        abstract="Humans and machines improve each other.",
        names=("Zoe Young", "Adam Old"),
    )
    second = paper(OLDER, title="Learning together", withdrawn=True, names=("Zoe Young",))
    concept = record(
        "source:arxiv",
        None,
        RecordSource(CONCEPT, "arxiv-raw/300", "CC0-1.0"),
        Body((node(CONCEPT, Kind.CONCEPT, name="Artificial Intelligence"),)),
    )
    metrics: list[Mapping[str, Json]] = [{"name": "accuracy", "value": "0.93"}]
    run = record(
        "source:mlflow",
        "2026-02-01T00:00:00Z",
        RecordSource(RUN, "mlflow-run/100"),
        Body((node(RUN, Kind.RUN, name="first try", metrics=metrics),)),
    )
    ingest(store, first, second, concept, run)
    said = _idea(store)
    return World(
        idea=next(one for one in said.minted_ids() if one.startswith("idea:")),
        paper_record=first.id,
        statement=said.id,
        dispute=_dispute(store, said),
    )


def _idea(store: GraphStore) -> Bundle:
    speaker = Speaker(VOICE, f"software:{VOICE.key}", clock)
    human = f"person:{SECOND.key}"
    body = Body(
        (
            node("#idea", Kind.IDEA, title="Let both improve"),
            node("#work", Kind.RESEARCH, activity="method-innovation"),
            node("#machine", Kind.SOFTWARE, name="Drafting machine"),
            node(human, Kind.PERSON, name="Ada"),
        ),
        (
            edge("#idea", Relation.WAS_DERIVED_FROM, PAPER, subtype="inspiration"),
            edge("#idea", Relation.WAS_GENERATED_BY, "#work"),
            edge(
                "#idea",
                Relation.WAS_ATTRIBUTED_TO,
                "#machine",
                role="conceptualization",
                degree="lead",
                autonomy="ai-generated",
                initiative=human,
                verified_by=human,
            ),
            edge("#work", Relation.WAS_ASSOCIATED_WITH, human, activity="method-innovation"),
        ),
    )
    made: list[Bundle] = []

    def compose(look: Any) -> list[Bundle]:
        made[:] = [speaker.make_statement(look, body)]
        return made

    store.append(compose)
    return made[0]


def _dispute(store: GraphStore, said: Bundle) -> BundleId:
    speaker = Speaker(SECOND, f"person:{SECOND.key}", clock)
    body = Body((), (edge(f"person:{SECOND.key}", Relation.DISPUTES, PAPER, reason="No data."),))
    answers = (Answer(Verb.DISPUTES, said.id),)
    return store.append(lambda look: [speaker.make_statement(look, body, answers=answers)]).added[0]
