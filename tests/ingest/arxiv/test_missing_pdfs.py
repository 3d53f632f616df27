"""The newest version of a paper, by its number and not by its text."""

from itertools import permutations

import pytest

from graph.bundle.bundle import Bundle, record
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.missing_pdfs import missing_pdfs_of, new_version_params
from tests.graph.statements import RUN_BODY

WORK = "arxiv:2401.00001"


def listing(*numbers: int, withdrawn: int | None = None) -> Bundle:
    """A record of arXiv that lists these versions of the paper."""
    versions = [
        Description(f"{WORK}v{k}", Kind.VERSION, {"withdrawn": True} if k == withdrawn else {})
        for k in numbers
    ]
    edges = [Edge(f"{WORK}v{k}", Relation.SPECIALIZATION_OF, WORK, {}) for k in numbers]
    body = Body((Description(WORK, Kind.WORK, {"title": "A paper"}), *versions), tuple(edges))
    return record("source:arxiv", "2026-01-01T00:00:00Z", RecordSource(WORK, "arxiv-raw/300"), body)


@pytest.mark.parametrize("numbers", [*permutations((9, 10, 11))])
def test_the_tenth_version_comes_after_the_ninth(
    store: GraphStore, speaker: Speaker, numbers: tuple[int, ...]
) -> None:
    papers = listing(*numbers)
    [parameter] = new_version_params(store, [papers])
    assert parameter == {"name": "new versions", "value": f"{WORK}v11"}
    store.append(
        lambda look: [papers, speaker.make_statement(look, RUN_BODY, vouches=(papers.id,))]
    )
    assert missing_pdfs_of(store, speaker.author, [WORK]).versions == (f"{WORK}v11",)


@pytest.mark.parametrize("withdrawn", [9, 11])
def test_only_the_withdrawal_of_the_newest_version_counts(
    store: GraphStore, speaker: Speaker, withdrawn: int
) -> None:
    papers = listing(9, 10, 11, withdrawn=withdrawn)
    store.append(
        lambda look: [papers, speaker.make_statement(look, RUN_BODY, vouches=(papers.id,))]
    )
    owed = missing_pdfs_of(store, speaker.author, [WORK])
    assert (len(owed.versions), owed.withdrawn) == ((1, 0) if withdrawn == 9 else (0, 1))
